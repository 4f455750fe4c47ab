import numpy as np
import pytest
from scipy import ndimage

from zoo.images.pieces import find_pieces

SNAKE = np.zeros((41, 30), bool)  # to and fro
SNAKE[::2] = SNAKE[1::4, -1] = SNAKE[3::4, 0] = True
DIAGONALS = np.eye(9, dtype=bool) | np.eye(9, dtype=bool)[::-1]


def same_as_scipy(mask):
    labels, boxes = find_pieces(mask)
    expected, count = ndimage.label(mask, np.ones((3, 3)))
    np.testing.assert_array_equal(labels, expected)
    assert boxes == ndimage.find_objects(expected)
    return count


@pytest.mark.parametrize("turned", range(4))
@pytest.mark.parametrize(("mask", "count"), [(SNAKE, 1), (DIAGONALS, 1), (np.ones((3, 5), bool), 1)])
def test_what_hangs_together_is_one_piece(mask, count, turned):
    assert same_as_scipy(np.rot90(mask, turned)) == count


def test_nothing_has_no_pieces():
    assert same_as_scipy(np.zeros((4, 6), bool)) == 0


def test_any_mask_has_the_pieces_that_scipy_finds():
    random = np.random.default_rng(5)
    for _ in range(300):
        same_as_scipy(random.random(random.integers(1, 30, 2)) < random.random())
