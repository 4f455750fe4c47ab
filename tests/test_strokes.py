import numpy as np
import pytest

from zoo.errors import BlankImageError, ImageError
from zoo.images.strokes import image_from_strokes

ANGLE = np.linspace(0, 2 * np.pi, 40)
TWO = np.array([(1, 3), (2, 1), (4, 0), (6, 1), (6, 3), (4, 6), (1, 9), (0, 10), (3, 9.5), (7, 10)], float)
DRAWINGS = {
    "0": [np.c_[3 * np.cos(ANGLE) - 0.2 * ANGLE, 5 * np.sin(ANGLE)]],  # not symmetric: its place would be a tie
    "1": [np.array([(0, 0), (-1.5, 10)])],
    "2": [TWO],
    "4": [np.array([(0, 0), (-2, 6), (5, 6)]), np.array([(3, 2), (3, 10)])],
    "dash": [np.array([(0, 0), (10, 1)])],
}


def difference(a, b):
    return np.abs(a.astype(float) - b).mean()


def shape_difference(a, b):
    """Compare but for one pixel of shift, which the least change of the centre of mass can bring."""
    return min(difference(np.roll(a, (y, x), (0, 1)), b) for y in (-1, 0, 1) for x in (-1, 0, 1))


def centre_of_mass(image):
    return np.array([image.sum(1) @ np.arange(28), image.sum(0) @ np.arange(28)]) / image.sum()


def reference(strokes, pen_width=2.4, fine=16):
    """Draw by brute force: the share of fine grid points within the pen's reach, then the shift."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale = (20 - pen_width) / (high - low).max()
    y, x = np.mgrid[0 : 20 * fine, 0 : 20 * fine] / fine + 0.5 / fine
    nearest = np.full(x.shape, np.inf)
    for stroke in strokes:
        path = (stroke - (low + high) / 2) * scale + 10
        for (ax, ay), (bx, by) in zip(path[:-1], path[1:], strict=True):
            along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
            along = along.clip(0, 1)
            nearest = np.minimum(nearest, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    ink = (nearest <= pen_width / 2).reshape(20, fine, 20, fine).mean((1, 3))
    image = np.zeros((44, 44))
    image[12:32, 12:32] = ink / ink.max() * 255
    return np.roll(image, np.round(14 - centre_of_mass(image[8:36, 8:36])).astype(int), (0, 1))[8:36, 8:36]


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("pen_width", [1.5, 2.4, 4])
def test_strokes_agree_with_a_brute_force_drawing(name, pen_width):
    image, expected = image_from_strokes(DRAWINGS[name], pen_width), reference(DRAWINGS[name], pen_width)
    assert image.dtype == np.uint8
    assert difference(image, expected) < 1
    assert np.abs(image - expected).max() < 40


@pytest.mark.parametrize("name", DRAWINGS)
def test_strokes_follow_the_rule_of_mnist(name):
    image = image_from_strokes(DRAWINGS[name])
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert image.max() == 255
    assert np.abs(centre_of_mass(image) - 14).max() <= 0.5


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize(("scale", "shift"), [(1e-6, 0), (17.3, 1000), (1 / 3, -7), (1e6, 0.1)])
def test_place_and_size_do_not_matter(name, scale, shift):
    moved = [stroke * scale + shift for stroke in DRAWINGS[name]]
    np.testing.assert_array_equal(image_from_strokes(moved), image_from_strokes(DRAWINGS[name]))


@pytest.mark.parametrize("canvas", [200, 900])
@pytest.mark.parametrize("name", DRAWINGS)
def test_whole_pixels_of_a_canvas_hardly_matter(name, canvas):
    rounded = [np.round((stroke + 5) / 20 * canvas).astype(int) for stroke in DRAWINGS[name]]
    assert shape_difference(image_from_strokes(rounded), image_from_strokes(DRAWINGS[name])) < 4


def test_many_points_on_the_same_path_give_the_same_image():
    steps = np.linspace(0, len(TWO) - 1, 5000)
    dense = np.c_[np.interp(steps, range(len(TWO)), TWO[:, 0]), np.interp(steps, range(len(TWO)), TWO[:, 1])]
    assert difference(image_from_strokes([dense]), image_from_strokes([TWO])) < 0.5


@pytest.mark.parametrize("strokes", [[[(3, 4)]], [[(3, 4)] * 5], [[(0.1 + 0.2, 0)], [(0.3, 0)]], [[(0, 0)]]])
def test_a_dot_is_a_dot_of_the_pens_width(strokes):
    image = image_from_strokes(strokes)
    assert image.max() == 255
    assert np.pi * 1.2**2 == pytest.approx(image.sum() / 255, rel=0.1)


def test_a_dot_beside_a_stroke_is_drawn():
    stroke = np.array([(0, 0), (0, 10)])
    assert image_from_strokes([stroke, [(8, 5)]])[:, 20:].max() > 200


def test_no_ink_leaves_the_image_where_the_centre_of_mass_is_far_off():
    blot = np.random.default_rng(0).uniform(0, 6, (400, 2))
    rows = np.flatnonzero(image_from_strokes([blot, [(3, 20)]]).any(1))
    assert (rows[0], rows[-1]) == (8, 27)  # the centre of mass alone would have it below the lower edge


@pytest.mark.parametrize("strokes", [[], [[]], [np.zeros((0, 2))]])
def test_no_points_are_blank(strokes):
    with pytest.raises(BlankImageError, match="no ink"):
        image_from_strokes(strokes)


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ([[(0, 0), (np.nan, 1)]], "finite"),
        ([[(0, 0), (np.inf, 1)]], "finite"),
        ([[(0, 0), (1e200, 1)]], "finite"),
        ([(0, 0), (1, 1)], r"\(2,\)"),
        ([[(0, 0, 0), (1, 1, 1)]], r"\(2, 3\)"),
        ([[(0, 0), (1,)]], "inhomogeneous"),
        ([[("a", "b")]], r"arrays \(k, 2\)"),
    ],
)
def test_wrong_strokes(strokes, message):
    with pytest.raises(ImageError, match=message):
        image_from_strokes(strokes)


@pytest.mark.parametrize("pen_width", [0, -1, 20, np.nan])
def test_wrong_pen(pen_width):
    with pytest.raises(ImageError, match="pen width"):
        image_from_strokes(DRAWINGS["2"], pen_width)


@pytest.mark.parametrize("strokes", [None, 5])
def test_what_is_no_list_of_strokes(strokes):
    with pytest.raises(ImageError, match="Expected a list of strokes"):
        image_from_strokes(strokes)
