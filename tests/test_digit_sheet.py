"""Sheets of digits: every image stands where it belongs, with the gaps asked for."""

import numpy as np

from zoo.report.digit_sheet import in_rows, joined, on_paper, tiled


def digits(count):
    """Return images `(count, 28, 28)`, each of one grey level: 1, 2, 3 ..."""
    return np.repeat(np.arange(1, count + 1, dtype=np.uint8), 28 * 28).reshape(count, 28, 28)


def test_images_stand_in_rows_with_gaps_between_them():
    sheet = tiled(in_rows(digits(5), 3), 3, across=2, down=4)
    assert sheet.shape == (28 + 4 + 28, 3 * 28 + 2 * 2)
    for number in range(5):
        top, left = number // 3 * 32, number % 3 * 30
        assert (sheet[top : top + 28, left : left + 28] == number + 1).all()
    assert sheet.sum() == 28 * 28 * (1 + 2 + 3 + 4 + 5)  # black elsewhere


def test_sheets_are_joined_with_a_gap():
    one, two = np.full((28, 56), 1.0), np.full((28, 56), 2.0)
    assert joined([one, two], 3, axis=0).shape == (59, 56)
    beside = joined([one, two], 3, axis=1)
    assert beside[0].tolist() == [1] * 56 + [0] * 3 + [2] * 56


def test_paper_is_white_and_ink_dark():
    picture = on_paper(np.full((28, 28), 255.0), margins=(5, 6, 7, 8), scale=2)
    assert picture.size == (2 * (5 + 28 + 7), 2 * (6 + 28 + 8))
    assert picture.getpixel((0, 0)) == 255
    assert picture.getpixel((2 * (5 + 14), 2 * (6 + 14))) == 0
