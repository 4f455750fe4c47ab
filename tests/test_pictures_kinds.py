"""Pictures of the kinds that people photograph and scan, each as small as it can be, are read right."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import zoo
from tests.test_strokes import shape_difference
from zoo.images.pictures import piece_from_picture

MODEL = zoo.load("four_conv_cnn")


def is_read(picture, digit, box=None):
    prediction = MODEL.predict(zoo.image_from_picture(picture, box))
    return prediction.digits[0] == digit and prediction.doubt[0] < 0.5


def paper(*size, grey=255):
    picture = Image.new("L", size, grey)
    return picture, ImageDraw.Draw(picture)


def seven(draw, x, y, height, width, ink=0):
    draw.line([(x, y), (x + 0.6 * height, y), (x + 0.2 * height, y + height)], ink, width)


def noisy(levels):
    return np.clip(levels + np.random.default_rng(0).normal(0, 3, np.shape(levels)), 0, 255).astype(np.uint8)


def touching(from_row, columns, shape=(200, 200)):
    picture = np.full(shape, 200)
    picture[from_row:, columns] = 40
    return picture


def test_a_photographed_digit_may_touch_the_border():
    assert is_read(noisy(touching(40, slice(95, 107))), 1)


def test_what_lies_along_the_border_of_a_photograph_is_no_digit():
    y, x = np.mgrid[:300, :300]
    one = touching(40, slice(145, 160), (300, 300))
    one[240:] = 200
    corner, finger, table = x + y < 120, (y > 200) & (np.abs(x - 240) < 35), y > 280 - x / 20
    for shadow in (corner, finger, table):
        box = piece_from_picture(noisy(np.where(shadow, 60, one))).box
        np.testing.assert_allclose(box, (145, 40, 15, 200), atol=4)
        with pytest.raises(zoo.BlankImageError):
            zoo.image_from_picture(noisy(np.where(shadow, 60, 200)))


def test_chequered_paper_may_be_touched_too():
    y, x = np.indices((200, 200)) // 8
    chequered = np.where((x + y) % 2, 255, 204)
    assert is_read(np.minimum(chequered, touching(40, slice(95, 107))).astype(np.uint8), 1)


def test_a_digit_that_fills_half_of_a_reduced_picture_is_looked_at_closer_once():
    picture = np.full((1000, 1000), 255, np.uint8)
    picture[301:698, 490:510] = 0
    assert is_read(picture, 1)
    np.testing.assert_allclose(piece_from_picture(picture).box, (490, 301, 20, 397), atol=2)


def test_hair_lines_are_as_wide_as_the_thinnest_of_mnist():
    picture, draw = paper(64, 64)
    draw.arc((18, 30, 44, 58), 0, 360, 0, 1)
    draw.arc((18, 6, 60, 84), 180, 275, 0, 1)
    assert is_read(picture, 6)
    assert zoo.load("softmax").predict(zoo.image_from_picture(picture)).digits[0] == 6


@pytest.mark.parametrize(("grey", "across"), [(150, True), (40, True), (0, False)])
def test_squared_and_ruled_paper_is_paper(grey, across):
    picture, draw = paper(600, 600)
    for place in range(20, 600, 40):
        draw.line((0, place, 600, place), grey, 2)
        if across:
            draw.line((place, 0, place, 600), grey, 2)
    seven(draw, 210, 190, 240, 14)
    assert is_read(picture, 7)


def test_an_upright_stroke_on_ruled_paper_is_no_line():
    picture, draw = paper(600, 600)
    for place in range(20, 600, 60):
        draw.line((0, place, 600, place), 40, 2)
    draw.ellipse((230, 170, 350, 270), outline=40, width=14)
    draw.line((346, 210, 342, 400), 40, 14)
    assert is_read(picture, 9)


@pytest.mark.parametrize("degrees", [0, 8, -10])
@pytest.mark.parametrize("fall", [0, 0.3])
@pytest.mark.parametrize("cut_off", [(0, 0, 600, 600), (0, 0, 600, 480), (0, 120, 480, 480), (0, 120, 600, 480)])
def test_a_sheet_may_lie_askew_on_a_table_and_be_cut_off(degrees, fall, cut_off):
    sheet, draw = paper(400, 400)
    seven(draw, 130, 90, 200, 14)
    table = Image.new("L", (600, 600), 60)
    table.paste(sheet, (100, 100))
    table = table.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=60)
    table = table.crop(cut_off)
    levels = np.asarray(table) * np.linspace(1, 1 - fall, table.width)
    assert is_read(noisy(levels) if fall else table, 7)


def test_pieces_between_pieces_are_kept():
    picture, draw = paper(400, 400)
    for start, stop in [(120, 240), (300, 420), (70, 80), (90, 100), (250, 260), (275, 285)]:
        draw.arc((120, 60, 280, 340), start, stop, 0, 14)
    assert is_read(picture, 0)
    np.testing.assert_allclose(piece_from_picture(picture).box, (120, 60, 161, 281), atol=2)


def test_dash_after_dash_of_a_worn_line_belongs_to_the_digit():
    picture, draw = paper(600, 600)
    draw.line((330, 170, 268, 300, 255, 355), 0, 14)
    dashes = [(254, 375, 258, 400), (266, 414, 300, 424), (318, 412, 332, 394), (338, 376, 340, 356)]
    for dash in dashes:
        draw.line(dash, 0, 14)
    np.testing.assert_allclose(piece_from_picture(picture).box, (247, 170, 101, 262), atol=8)


@pytest.mark.parametrize(
    "sides",
    [
        [(60, 360, 60, 40, 340, 40, 340, 360)],
        [(90, 40, 310, 40), (90, 360, 310, 360), (60, 70, 60, 330), (340, 70, 340, 330)],
        [(60, 85, 60, 360, 340, 360, 340, 85, 60, 85)],
    ],
    ids=["three sides", "broken corners", "touched"],
)
def test_a_frame_need_not_be_whole(sides):
    picture, draw = paper(400, 400)
    seven(draw, 140, 90, 200, 12)
    alone = zoo.image_from_picture(picture)
    for side in sides:
        draw.line(side, 0, 4)
    assert is_read(picture, 7)
    assert shape_difference(zoo.image_from_picture(picture), alone) < 8


def test_straight_strokes_are_no_lines():
    picture, draw = paper(400, 400)
    draw.line((100, 60, 100, 200, 300, 200), 0, 6)
    draw.line((260, 60, 260, 340), 0, 6)
    assert is_read(picture, 4)
    picture, draw = paper(600, 600)
    for worn in [(240, 213, 226, 366), (250, 372, 275, 368), (300, 362, 375, 350), (350, 174, 336, 328)]:
        draw.line(worn, 0, 14)
    np.testing.assert_allclose(piece_from_picture(picture).box, (219, 174, 157, 202), atol=8)
    picture, draw = paper(400, 400)
    draw.rectangle((120, 60, 280, 340), outline=0, width=8)
    assert np.count_nonzero(zoo.image_from_picture(picture).max(1)) == 20


@pytest.mark.parametrize("noise", [False, True])
def test_light_ink_of_a_colour_is_seen_in_uneven_light(noise):
    mask, draw = paper(600, 600, grey=0)
    seven(draw, 210, 190, 240, 22, 255)
    ink = np.asarray(mask)[:, :, None] / 255
    light = np.linspace(1, 0.8, 600)[:, None]
    picture = ((1 - ink) * (235, 230, 220) + ink * (250, 235, 60)) * light
    assert is_read(noisy(picture) if noise else picture.astype(np.uint8), 7)


def page_of_sevens():
    picture, draw = paper(800, 600)
    for row in range(5):
        for column in range(9):
            seven(draw, 30 + 85 * column, 30 + 115 * row, 40, 4)
    return picture


def strip_of_sevens():
    picture, draw = paper(2400, 60)
    for place in range(80):
        seven(draw, 5 + 30 * place, 10, 36, 4)
    return picture


@pytest.mark.parametrize("picture", [page_of_sevens(), strip_of_sevens(), noisy(0.8 * np.asarray(page_of_sevens()))])
def test_a_page_full_of_digits_is_not_one_digit(picture):
    with pytest.raises(zoo.ImageError, match="many pieces of ink.*crop it to one digit"):
        zoo.image_from_picture(picture)


def test_each_digit_of_a_page_is_found_row_by_row():
    pieces = zoo.images_from_picture(page_of_sevens())
    assert [(box[0] // 85, box[1] // 115) for box, _ in pieces] == [(x, y) for y in range(5) for x in range(9)]
    assert all(MODEL.predict(np.stack([image for _, image in pieces])).digits == 7)


def test_a_box_says_which_digit_of_a_picture_is_meant():
    picture, draw = paper(600, 300)
    seven(draw, 60, 60, 150, 10)
    draw.line((320, 60, 300, 210), 0, 10)
    draw.ellipse((430, 60, 520, 210), outline=0, width=10)
    draw.line((370, 205, 375, 215), 0, 6)  # a comma
    assert [int(MODEL.predict(image).digits[0]) for _, image in zoo.images_from_picture(picture)] == [7, 1, 0]
    assert is_read(picture, 0, box=(400, -20, 300, 300))
    np.testing.assert_allclose(piece_from_picture(picture, (400, 30, 200, 250)).box, (430, 60, 91, 151), atol=2)
    for box in [(600, 0, 10, 10), (0, 0, 0, 5), (-50, 10, 40, 40)]:
        with pytest.raises(zoo.ImageError, match="Expected a box in the picture, which has 600 x 300 pixels"):
            zoo.image_from_picture(picture, box)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_arrays_of_colours_are_read_as_pictures(mode):
    picture, draw = paper(100, 100)
    seven(draw, 30, 20, 60, 6)
    picture = picture.convert(mode)
    np.testing.assert_array_equal(zoo.image_from_picture(np.asarray(picture)), zoo.image_from_picture(picture))
