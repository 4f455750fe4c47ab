"""Handwriting made from rules: the same for the same seed, every style a digit, drawn as the window draws."""

import math
import subprocess
import sys

import numpy as np
import pytest

import zoo.synthetic.digits
import zoo.synthetic.pen
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import DIGITS, Digit, draw_digit, synthetic_digits
from zoo.synthetic.pen import arc, write

EVERY_STYLE = [pytest.param(d, s, id=s.__name__) for d, digit in enumerate(DIGITS) for s in digit.styles]


def generator(seed=0):
    return np.random.default_rng(seed)


def test_a_set_has_the_promised_arrays():
    images, labels = synthetic_digits(300, seed=1, workers=1)
    assert images.shape == (300, 28, 28)
    assert labels.shape == (300,)
    assert images.dtype == labels.dtype == np.uint8
    assert (images.max((1, 2)) == 255).all()
    assert len(np.unique(images, axis=0)) == 300


def test_the_digits_come_in_proportion_to_their_frequency_and_shuffled():
    _, labels = synthetic_digits(500, seed=1, workers=1)
    frequency = np.array([digit.frequency for digit in DIGITS])
    expected = 500 * frequency / frequency.sum()
    assert np.abs(np.bincount(labels, minlength=10) - expected).max() <= 1
    assert (np.diff(labels.astype(int)) < 0).mean() > 0.3


def test_a_set_is_decided_by_its_seed_and_not_by_its_workers():
    # More chunks than workers, and a last chunk that is not full.
    images, labels = synthetic_digits(510, seed=3, workers=1)
    again, again_labels = synthetic_digits(510, seed=3, workers=2)
    assert (images == again).all()
    assert (labels == again_labels).all()
    other, other_labels = synthetic_digits(510, seed=4, workers=1)
    assert (images != other).any()
    assert (labels != other_labels).any()


def test_the_images_are_those_of_the_app(monkeypatch):
    calls = []

    def spy(strokes, pen_width):
        calls.append((strokes, pen_width))
        return image_from_strokes(strokes, pen_width)

    monkeypatch.setattr(zoo.synthetic.digits, "image_from_strokes", spy)
    images, _ = synthetic_digits(20, seed=1, workers=1)
    assert len(calls) == 20
    assert all((image == image_from_strokes(*call)).all() for image, call in zip(images, calls, strict=True))


@pytest.mark.parametrize(("digit", "style"), EVERY_STYLE)
def test_every_style_draws(digit, style):
    random = generator(digit)
    for _ in range(20):
        strokes, pen_width = draw_digit(digit, random, style)
        points = np.concatenate(strokes)
        assert all(stroke.dtype == float and stroke.ndim == 2 and stroke.shape[1] == 2 for stroke in strokes)
        assert np.isfinite(points).all()
        assert 0.5 < np.ptp(points, axis=0).max() < 3
        assert len(points) < 150  # more would slow down `image_from_strokes` and show nowhere
        image = image_from_strokes(strokes, pen_width)
        assert 15 < (image > 127).sum() < 250


def test_a_drawing_is_decided_by_the_generator():
    for digit in range(10):
        (strokes, pen_width), (again, again_width) = draw_digit(digit, generator(5)), draw_digit(digit, generator(5))
        assert pen_width == again_width
        assert all((a == b).all() for a, b in zip(strokes, again, strict=True))
        assert draw_digit(digit, generator(6))[1] != pen_width


def test_pens_vary_and_stay_in_range():
    random = generator()
    widths = [draw_digit(index % 10, random)[1] for index in range(500)]
    assert 1.2 <= min(widths) < 1.6
    assert 3.3 < max(widths) < 5.6
    assert len(set(widths)) == 500


def test_every_style_is_chosen_by_its_share(monkeypatch):
    chosen = []

    def style(name):
        return lambda u: chosen.append(name) or [[(0, 0), (0.5, 0.5), (1, 1)]]

    monkeypatch.setattr(zoo.synthetic.digits, "DIGITS", (Digit({style("rare"): 1, style("often"): 3}),))
    random = generator()
    for _ in range(400):
        draw_digit(0, random)
    assert 60 < chosen.count("rare") < 140


def test_a_style_of_ones_own_draws():
    strokes, pen_width = draw_digit(
        7, generator(), lambda u: [[(0, 0), (1, 0), (1, 0), (u(0.2, 0.5), 1)], [(0.2, 0.5), (0.7, 0.5)]]
    )
    assert len(strokes) == 2
    assert image_from_strokes(strokes, pen_width).any()


def test_a_point_written_twice_is_a_corner(monkeypatch):
    for name in ("_JITTER", "_DISPLACEMENT", "_TREMOR", "_OVERSHOOT", "_TICK", "_ROTATION"):
        monkeypatch.setattr(zoo.synthetic.pen, name, 0)
    corner, smooth = ([(0, 0), *[(1, 0)] * times, (0.4, 1)] for times in (2, 1))
    sharp, rounded = (_largest_turn(_written([corner], rounding)[0]) for rounding in (0, 1))
    assert sharp > 95
    assert rounded == _largest_turn(_written([smooth], 0)[0]) < 80


def _written(strokes, rounding):
    return write(strokes, (0.7, 0.7), (-0.1, 0.3), generator(), rounding)


def test_a_stroke_of_one_point_is_a_dot():
    dot, line = _written([[(0.5, 0.5)], [(0, 0), (1, 1)]], 0)
    assert dot.shape == (1, 2)
    assert len(line) > 2


def _largest_turn(points):
    steps = np.diff(points, axis=0)
    steps = steps[np.hypot(*steps.T) > 1e-9]
    angles = np.unwrap(np.arctan2(*steps.T))
    return math.degrees(np.abs(np.diff(angles)).max())


def test_an_arc_runs_from_twelve_oclock():
    points = arc(0, 0, 2, 1, 0, 90)
    assert points[0] == pytest.approx((0, -1))
    assert points[-1] == pytest.approx((2, 0))
    assert arc(0, 0, 2, 1, 0, -90)[-1] == pytest.approx((-2, 0))


@pytest.mark.parametrize("digit", [-1, 10, 2.5, 2.0, True, "3", None])
def test_what_is_no_digit_is_refused(digit):
    with pytest.raises(DataError, match=r"^Expected a digit from 0 to 9, found .*: draw one of these\.$"):
        draw_digit(digit, generator())


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("count", {"count": 0}),
        ("count", {"count": 2.5}),
        ("count", {"count": True}),
        ("seed", {"seed": -1}),
        ("seed", {"seed": None}),
        ("workers", {"workers": 0}),
        ("workers", {"workers": "two"}),
    ],
)
def test_wrong_arguments_are_refused_in_one_sentence(name, arguments):
    with pytest.raises(DataError, match=rf"^Expected {name} as a whole number of [01] or more, found .*: .*\.$"):
        synthetic_digits(**{"count": 10, "seed": 1, "workers": 1, **arguments})


def test_it_needs_no_heavy_library():
    script = (
        "import sys, zoo.synthetic.digits; print({'tensorflow', 'keras', 'matplotlib', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
