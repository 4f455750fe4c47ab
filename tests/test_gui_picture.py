import numpy as np
import pytest
from PIL import Image

from gui.drawing.curves import all_curves, along, curves
from gui.drawing.drawing import Drawing
from gui.drawing.ink import Ink, render
from zoo import image_from_strokes


def test_dark_round_ink_on_white():
    pixels = np.asarray(render([[(0.2, 0.5), (0.8, 0.5)]], side=100, pen_width=0.1)).mean(axis=2)
    assert pixels.shape == (100, 100)
    assert pixels[50, 50] < 40
    assert pixels[0, 0] == pixels[40, 50] == 255
    assert pixels[50, 16] < 40  # a round cap reaches half a pen beyond the end
    assert pixels[46, 16] > 100  # but its corners are round
    assert len(np.unique(pixels)) > 4  # anti-aliased


def test_a_point_is_a_dot_and_nothing_is_white():
    assert np.asarray(render([[(0.5, 0.5)]], side=100)).min() < 40
    assert np.asarray(render([], side=20)).min() == 255


def test_curves_go_through_all_points_and_bend_evenly():
    assert curves([(0, 0), (1, 1)])[0, [0, 3]].tolist() == [[0, 0], [1, 1]]
    stroke = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 2)]
    whole = curves(stroke)
    np.testing.assert_array_equal(whole[:, 0], stroke[:-1])
    np.testing.assert_array_equal(whole[:, 3], stroke[1:])
    np.testing.assert_allclose(whole[:-1, 3] - whole[:-1, 2], whole[1:, 1] - whole[1:, 0])  # without a corner
    np.testing.assert_array_equal(curves(stroke, 2), whole[2:])
    np.testing.assert_array_equal(curves(stroke[:-1])[:-1], whole[:2])  # a further point changes the last one only


def test_a_short_stretch_after_a_long_one_makes_no_loop():
    x = along(curves([(0, 0), (1, 0), (1.01, 0), (2, 0)]), np.full(3, 50))[:, 0, 0]
    assert (np.diff(x) > -0.01).all()


def test_a_circle_of_few_points_is_read_as_a_circle():
    def circle(count):
        angle = np.linspace(0, 2 * np.pi, count)
        return np.stack((0.5 + 0.3 * np.cos(angle), 0.5 + 0.3 * np.sin(angle)), axis=1)

    drawing = Drawing()
    drawing.load([circle(9)])
    true, polygon = (image_from_strokes([circle(count)]).astype(int) for count in (200, 9))
    assert np.abs(drawing.image() - true).mean() < np.abs(polygon - true).mean() / 4


def test_ink_is_as_wide_as_the_pen_at_any_angle():
    for degrees in (0, 17, 45, 90):
        x, y = 0.3 * np.cos(np.radians(degrees)), 0.3 * np.sin(np.radians(degrees))
        ink = Ink(200, 0.06)
        ink.lay(curves([(0.5 - x, 0.5 - y), (0.5 + x, 0.5 + y)]))
        expected = 120 * 12 + np.pi * 6**2  # a band and half a disc at either end
        assert ink.coverage.sum() / 255 == pytest.approx(expected, rel=0.003)
        assert len(np.unique(ink.coverage)) > 4


def test_ink_that_grows_is_the_ink_that_is_laid_at_once():
    random = np.random.default_rng(1)
    strokes = [[tuple(point) for point in random.uniform(0, 1, (count, 2))] for count in (1, 2, 3, 30)]
    growing, first = Ink(120), 0
    stroke = strokes[-1]
    for count in range(1, len(stroke) + 1):
        before = growing.coverage.copy()
        boxes = growing.grow(curves(stroke[:count], first))
        first = max(count - 2, 0)
        for left, top, right, bottom in boxes:
            before[top:bottom, left:right] = growing.coverage[top:bottom, left:right]
        np.testing.assert_array_equal(before, growing.coverage)  # nothing changed elsewhere
    whole = Ink(120)
    whole.lay(curves(stroke))
    np.testing.assert_array_equal(growing.coverage, whole.coverage)

    rest = [stroke[:9], stroke[14:], *strokes[:2]]
    growing.change(all_curves([stroke]), all_curves(rest))
    left = Ink(120)
    left.lay(all_curves(rest))
    np.testing.assert_array_equal(growing.coverage, left.coverage)


@pytest.mark.parametrize("digit", range(10))
def test_reference_digits_ship_and_are_what_the_script_draws(digit, tmp_path):
    from gui.drawing import reference_digits as make
    from zoo._support.folders import REFERENCE_DIGITS

    with Image.open(REFERENCE_DIGITS / f"{digit}.png", formats=("PNG",)) as image:
        shipped = np.asarray(image.convert("L"), int)
    relative = [[(x / 100, y / 100) for x, y in stroke] for stroke in make.DIGITS[digit]]
    drawn = np.asarray(render(relative, make.SIDE, make.PEN_WIDTH / 100).convert("L"), int)
    assert shipped.shape == (256, 256)
    assert np.abs(shipped - drawn).mean() < 1  # pixels at edges may differ between versions of Pillow
