import numpy as np
import pytest

from zoo.data.drawings import Drawings, check_drawings, drawings_as_arrays, drawings_from_arrays, images_of
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import draw_digit


def made_up_drawings(count=20, writers=None):
    random = np.random.default_rng(4)
    drawings = [[stroke.astype(np.float32) for stroke in draw_digit(i % 10, random)[0]] for i in range(count)]
    return Drawings(drawings, np.arange(count, dtype=np.uint8) % 10, writers)


def assert_same_drawings(found, expected):
    assert len(found.drawings) == len(expected.drawings)
    for ours, theirs in zip(found.drawings, expected.drawings, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            assert a.dtype == np.float32
            np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(found.labels, expected.labels)
    if expected.writers is not None:
        np.testing.assert_array_equal(found.writers, expected.writers)


def drawing_arrays(**changes):
    """Two drawings, of one stroke and of two; a change of None leaves a key out."""
    arrays = {
        "points": np.array([(5, 0), (5, 10), (5, 20), (0, 0), (9, 0), (4, 5)], np.float32),
        "stroke_starts": np.array([0, 3, 5, 6], np.int32),
        "drawing_starts": np.array([0, 1, 3], np.int32),
        "labels": np.array([1, 7], np.uint8),
        "writers": np.array([30, 2], np.uint8),
    }
    return {key: value for key, value in (arrays | changes).items() if value is not None}


CHANGES = {
    "no points": ({"points": None}, "found no points"),
    "no starts": ({"stroke_starts": None, "drawing_starts": None}, "found no drawing_starts, stroke_starts"),
    "no labels": ({"labels": None}, "found no labels"),
    "three coordinates": ({"points": np.zeros((6, 3))}, r"points as \(p, 2\)"),
    "flat points": ({"points": np.zeros(12)}, r"points as \(p, 2\)"),
    "NaN": ({"points": np.full((6, 2), np.nan)}, "finite points"),
    "infinite in float32": ({"points": np.full((6, 2), 1e300)}, "finite points"),
    "float starts": ({"stroke_starts": np.array([0.0, 3, 5, 6])}, r"rise from 0 to 6, .* found float64 \(4,\)"),
    "a table of starts": ({"drawing_starts": np.array([[0, 1, 3]])}, r"rise from 0 to 3, .* found int64 \(1, 3\)"),
    "starts at 1": ({"stroke_starts": np.array([1, 3, 5, 6])}, "found 1 to 6"),
    "ends early": ({"stroke_starts": np.array([0, 3, 5, 5])}, "found 0 to 5"),
    "ends late": ({"drawing_starts": np.array([0, 1, 4])}, "rise from 0 to 3, the number of strokes, found 0 to 4"),
    "falls": ({"stroke_starts": np.array([0, 5, 3, 6])}, "order"),
    "falls below 0": ({"stroke_starts": np.array([0, -1, 3, 6])}, "order"),
    "falls, unsigned": ({"drawing_starts": np.array([0, 3, 1, 3], np.uint8)}, "order"),
    "no drawings": ({"drawing_starts": np.array([0])}, r"found int64 \(1,\)"),
    "a drawing without strokes": ({"drawing_starts": np.array([0, 0, 3])}, "none in drawing 0"),
    "a drawing without points": ({"stroke_starts": np.array([0, 6, 6, 6])}, "none in drawing 1"),
    "label 10": ({"labels": np.array([1, 10])}, "labels from 0 to 9"),
    "labels of another count": ({"labels": np.array([1, 2, 3])}, "labels as 2 integers .* one a drawing"),
    "float labels": ({"labels": np.array([1.0, 2.0])}, "labels as 2 integers"),
    "writers of another count": ({"writers": np.array([1])}, "writers as 2 integers"),
    "writer 65,536": ({"writers": np.array([1, 65_536])}, "writers from 0 to 65,535"),
    "labels of text": ({"labels": np.array(["1", "a"])}, "labels as 2 integers"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_wrong_arrays_are_refused(change):
    changes, message = CHANGES[change]
    with pytest.raises(DataError, match=message) as error:
        drawings_from_arrays(drawing_arrays(**changes), "some.npz")
    assert "some.npz" in str(error.value)
    assert "\n" not in str(error.value)


def test_many_writers_are_numbered_in_sixteen_bits():
    drawings = drawings_from_arrays(drawing_arrays(writers=np.array([256, 2], np.int64)), "some.npz")
    assert (drawings.writers.dtype, drawings.writers.tolist()) == (np.uint16, [256, 2])


def test_arrays_and_strokes_say_the_same():
    drawings = drawings_from_arrays(drawing_arrays(), "some.npz")
    assert [[stroke.tolist() for stroke in strokes] for strokes in drawings.drawings] == [
        [[[5, 0], [5, 10], [5, 20]]],
        [[[0, 0], [9, 0]], [[4, 5]]],
    ]
    assert {stroke.dtype for strokes in drawings.drawings for stroke in strokes} == {np.dtype(np.float32)}
    assert drawings.labels.dtype == drawings.writers.dtype == np.uint8
    again = drawings_as_arrays(drawings)
    assert again.keys() == drawing_arrays().keys()
    for name, array in drawing_arrays().items():
        np.testing.assert_array_equal(again[name], array)


def test_other_numbers_and_no_writers():
    points = drawing_arrays()["points"].astype(np.int64)
    starts = np.array([0, 3, 3, 5, 6], np.uint64)  # a stroke without points
    changes = {"points": points, "stroke_starts": starts, "drawing_starts": np.array([0, 1, 4]), "writers": None}
    drawings = drawings_from_arrays(drawing_arrays(**changes), "some.npz")
    assert [[len(stroke) for stroke in strokes] for strokes in drawings.drawings] == [[3], [0, 2, 1]]
    assert drawings.writers is None
    checked = check_drawings(drawings, "here")
    assert [[len(stroke) for stroke in strokes] for strokes in checked.drawings] == [[3], [2, 1]]


def test_drawings_of_lists_are_checked_too():
    drawings = check_drawings(Drawings([[[(1, 2), (3, 4)], []]], [7], None), "here")
    assert drawings.labels.dtype == np.uint8
    [[stroke]] = drawings.drawings
    assert (stroke.dtype, stroke.tolist()) == (np.float32, [[1, 2], [3, 4]])
    with pytest.raises(DataError, match="strokes as arrays"):
        check_drawings(Drawings([[["text"]]], [7], None), "here")


def test_images_of_drawings_are_those_of_the_window():
    drawings = drawings_from_arrays(drawing_arrays(), "some.npz").drawings
    for pen_width in (1.5, 4):
        images = images_of(drawings, pen_width)
        assert (images.dtype, images.shape) == (np.uint8, (2, 28, 28))
        expected = [image_from_strokes(strokes, pen_width) for strokes in drawings]
        np.testing.assert_array_equal(images, expected)
