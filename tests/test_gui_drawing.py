import numpy as np
import pytest
from PIL import Image

import zoo
from gui.drawing.drawing import Amount, Drawing, Picture


@pytest.fixture
def drawing():
    return Drawing()


def stroke(drawing, *points):
    drawing.pen_down(*points[0])
    for point in points[1:]:
        drawing.pen_move(*point)
    drawing.pen_up()


def test_strokes_are_kept_in_order_and_numbered(drawing):
    stroke(drawing, (0.1, 0.2), (0.3, 0.4))
    before = drawing.generation
    stroke(drawing, (0.5, 0.5))
    assert drawing.strokes == [[(0.1, 0.2), (0.3, 0.4)], [(0.5, 0.5)]]
    assert drawing.generation > before
    assert [array.shape for array in drawing.arrays()] == [(2, 2), (1, 2)]


def test_undo_and_redo_go_through_strokes_and_clear(drawing):
    stroke(drawing, (0.1, 0.1), (0.9, 0.1))
    stroke(drawing, (0.9, 0.1), (0.4, 0.9))
    both = drawing.strokes
    assert drawing.clear()
    assert drawing.amount is Amount.EMPTY
    assert drawing.undo()
    assert drawing.strokes == both
    assert drawing.undo()
    assert drawing.undo()
    assert not drawing.undo()
    assert drawing.strokes == []
    while drawing.redo():
        pass
    assert drawing.strokes == []  # the clear was done again
    drawing.undo()
    stroke(drawing, (0.2, 0.2), (0.3, 0.3))
    assert not drawing.can_redo


def test_clearing_nothing_is_no_step(drawing):
    assert not drawing.clear()
    assert not drawing.can_undo


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(0.5, 0.5)], Amount.TOO_SMALL),
        ([(0.5, 0.5), (0.52, 0.51)], Amount.TOO_SMALL),
        ([(0.5, 0.5), (0.5, 0.6)], Amount.READABLE),
    ],
)
def test_a_slip_of_the_pen_is_no_digit(drawing, points, expected):
    assert drawing.amount is Amount.EMPTY
    stroke(drawing, *points)
    assert drawing.amount is expected


def test_a_stroke_is_cut_where_it_leaves_the_pad(drawing):
    stroke(drawing, (0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8))
    assert drawing.strokes == [[(0.5, 0.5), (1.0, 0.5)], [(1.0, 0.8), (0.5, 0.8)]]
    drawing.undo()
    assert drawing.strokes == []  # one movement of the pen, one step


def test_motion_outside_the_pad_leaves_no_ink(drawing):
    drawing.pen_down(0.5, 0.5)
    assert drawing.pen_move(1.2, 0.5)
    assert not drawing.pen_move(1.3, 0.9)
    assert drawing.pen_move(-0.5, 0.5)  # across the whole pad between two motions
    assert drawing.strokes[-1][0][0] == 1.0
    assert drawing.strokes[-1][-1][0] == 0.0
    assert all(0 <= value <= 1 for line in drawing.strokes for point in line for value in point)


def test_dirty_until_saved(drawing):
    assert not drawing.dirty
    stroke(drawing, (0.1, 0.1), (0.9, 0.9))
    assert drawing.dirty
    drawing.saved()
    assert not drawing.dirty
    drawing.undo()
    assert not drawing.dirty  # there is nothing left to save


def test_arrays_follow_the_strokes(drawing):
    drawing.pen_down(0.1, 0.1)
    assert len(drawing.arrays()[0]) == 1
    drawing.pen_move(0.2, 0.2)
    np.testing.assert_allclose(drawing.arrays()[0], [(0.1, 0.1), (0.2, 0.2)])


# ---------------------------------------------------------------- eraser


def inked(strokes, count=400):
    """Points all along the strokes."""
    t = np.linspace(0, 1, count)[:, None]
    lines = [line for stroke in strokes for line in zip(stroke[:-1], stroke[1:], strict=True)]
    return np.concatenate([np.array(start) * (1 - t) + np.array(end) * t for start, end in lines])


def test_the_eraser_cuts_a_stroke_in_two_and_undo_brings_it_back(drawing):
    stroke(drawing, (0.1, 0.5), (0.9, 0.5))
    before = list(drawing.strokes)
    assert drawing.erase_down(0.5, 0.4, radius=0.1) is False  # it only touches the line
    assert drawing.pen_move(0.5, 0.5)
    assert drawing.pen_move(0.5, 0.7) is False  # the line has gone from here
    drawing.pen_up()
    left, right = drawing.strokes
    assert (left[0], right[-1]) == ((0.1, 0.5), (0.9, 0.5))
    assert (left[-1][0], right[0][0]) == pytest.approx((0.4, 0.6))
    assert drawing.undo()
    assert drawing.strokes == before
    drawing.redo()
    assert len(drawing.strokes) == 2


def test_an_eraser_that_hits_nothing_is_no_step(drawing):
    stroke(drawing, (0.1, 0.1), (0.9, 0.1))
    drawing.undo()
    generation = drawing.generation
    drawing.erase_down(0.5, 0.5, 0.1)
    assert not drawing.pen_move(0.5, 0.9)
    drawing.pen_up()
    assert (drawing.generation, drawing.can_undo, drawing.can_redo) == (generation, False, True)


def test_a_movement_of_the_eraser_is_one_step(drawing):
    stroke(drawing, (0.1, 0.1), (0.9, 0.1))
    stroke(drawing, (0.1, 0.9), (0.9, 0.9))
    both = drawing.strokes
    drawing.erase_down(0.5, 0.1, 0.1)
    drawing.pen_move(0.5, 0.9)
    drawing.pen_move(0.3, 0.9)
    drawing.pen_up()
    assert len(drawing.strokes) == 4
    drawing.undo()
    assert drawing.strokes == both


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_what_the_eraser_leaves_is_what_it_did_not_pass(drawing, seed):
    random = np.random.default_rng(seed)
    points = [tuple(point) for point in random.uniform(0, 1, (40, 2))]
    stroke(drawing, *points, points[-1], (0.5, 0.5))
    start, end = random.uniform(0.2, 0.8, (2, 2))
    before = inked(drawing.strokes)
    t = np.linspace(0, 1, 400)[:, None]
    way = start * (1 - t) + end * t
    drawing.erase_down(*start, 0.07)
    drawing.pen_move(*end)
    after = inked(drawing.strokes)

    def distance(points):
        return np.array([np.hypot(*(way - point).T).min() for point in points])

    assert distance(after).min() > 0.07 - 1e-4
    kept = before[distance(before) > 0.07 + 1e-4]
    for point in kept[::100]:
        assert np.hypot(*(after - point).T).min() < 5e-3


def test_crumbs_and_dots_vanish(drawing):
    stroke(drawing, (0.5, 0.5))
    stroke(drawing, (0.1, 0.2), (0.3, 0.2))
    drawing.erase_down(0.2, 0.2, 0.09, shortest=0.02)  # leaves a hundredth of the pad at either end
    assert drawing.strokes == [[(0.5, 0.5)]]
    drawing.pen_move(0.5, 0.5)
    assert drawing.strokes == []
    assert drawing.amount is Amount.EMPTY
    assert not drawing.dirty


def test_the_extent_follows_the_eraser(drawing):
    stroke(drawing, (0.5, 0.5), (0.5, 0.9))
    drawing.erase_down(0.5, 0.72, 0.2)
    assert drawing.amount is Amount.TOO_SMALL


# ---------------------------------------------------------------- pictures and strokes from elsewhere


@pytest.fixture
def picture():
    return Picture(np.full((28, 28), 7, np.uint8), Image.new("L", (28, 28)), "seven.png")


def test_a_stroke_takes_the_place_of_a_picture_in_one_step(drawing, picture):
    stroke(drawing, (0.1, 0.1), (0.9, 0.9))
    drawing.show_picture(picture)
    assert (drawing.strokes, drawing.picture, drawing.amount) == ([], picture, Amount.READABLE)
    assert not drawing.dirty
    stroke(drawing, (0.2, 0.2), (0.8, 0.2))
    assert drawing.picture is None
    assert len(drawing.strokes) == 1
    drawing.undo()
    assert (drawing.strokes, drawing.picture) == ([], picture)
    drawing.undo()
    assert (len(drawing.strokes), drawing.picture) == (1, None)
    drawing.redo()
    assert drawing.picture is picture


def test_clear_removes_a_picture(drawing, picture):
    drawing.show_picture(picture)
    assert drawing.clear()
    assert drawing.amount is Amount.EMPTY
    drawing.undo()
    assert drawing.picture is picture


def test_load_takes_the_place_of_everything(drawing, picture):
    drawing.show_picture(picture)
    drawing.load([np.array([(0.1, 0.2), (0.5, 0.9)]), [(0.5, 0.5)]])
    assert drawing.strokes == [[(0.1, 0.2), (0.5, 0.9)], [(0.5, 0.5)]]
    assert (drawing.picture, drawing.dirty, drawing.amount) == (None, False, Amount.READABLE)
    drawing.undo()
    assert drawing.picture is picture
    drawing.load([[(0.5, 0.5)]], dirty=True)
    assert drawing.dirty


def test_image_is_what_models_read(drawing, picture):
    assert drawing.image() is None
    stroke(drawing, (0.5, 0.5))
    assert drawing.image() is None  # too small
    stroke(drawing, (0.1, 0.1), (0.9, 0.9))
    np.testing.assert_array_equal(drawing.image(), zoo.image_from_strokes(drawing.arrays()))
    drawing.show_picture(picture)
    assert drawing.image() is picture.image


def test_every_change_is_announced():
    generations = []
    drawing = Drawing(lambda: generations.append(drawing.generation))
    stroke(drawing, (0.1, 0.1), (0.9, 0.9))
    drawing.erase_down(0.5, 0.5, 0.1)
    drawing.undo()
    drawing.clear()
    assert generations == [1, 2, 3, 4, 5]
