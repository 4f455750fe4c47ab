"""The colours of the ink that speaks for a digit and against it."""

import numpy as np

from gui.compare.occlusion_map import overlay

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[4:24, 12:16] = 255
IMAGE[4:24, 11] = 100


def test_ink_is_blue_where_it_speaks_for_the_digit_and_orange_where_against():
    values = np.zeros((28, 28), np.float32)
    values[:10], values[18:] = 6, -3
    picture = overlay(IMAGE, values)
    assert (picture.mode, picture.size) == ("RGB", (28, 28))
    red, green, blue = picture.getpixel((13, 5))
    assert blue > 240 > green > 2 * red
    assert len(set(picture.getpixel((13, 14)))) == 1  # grey: it speaks for nothing
    red, green, blue = picture.getpixel((13, 20))
    assert red > green > blue + 40
    assert picture.getpixel((11, 5)) < picture.getpixel((13, 5))  # faint ink stays faint
    assert picture.getpixel((2, 5)) == (0, 0, 0)  # no ink, no colour


def test_noise_does_not_glow():
    def colourfulness(strength):
        red, _, blue = overlay(IMAGE, np.full((28, 28), strength, np.float32)).getpixel((13, 5))
        return blue - red

    assert colourfulness(0.0) == 0
    assert colourfulness(0.1) < 15
    assert colourfulness(2) == colourfulness(20) > 200
