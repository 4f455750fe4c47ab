"""Synthetic digits: every style a digit, drawn as the window draws."""

import runpy

import numpy as np
import pytest

import zoo.synthetic.digits
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import DIGITS, Digit, draw_digit, synthetic_digits

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


@pytest.mark.parametrize(("_", "style"), EVERY_STYLE)
def test_every_style_says_in_a_line_who_writes_so(_, style):
    who, colon, how = style.__doc__.partition(": ")
    assert who
    assert colon
    assert how.endswith(".")
    assert "\n" not in how


def test_the_ablation_knows_every_style_that_it_leaves_out():
    groups = runpy.run_path("docs/ablation.py", run_name="ablation")["GROUPS"]
    named = " ".join(groups.values()).split()
    assert len(set(named)) == len(named)
    assert set(named) < {style.__name__ for digit in DIGITS for style in digit.styles}


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


@pytest.mark.parametrize("digit", [-1, 10, 2.5, 2.0, True, "3", None])
def test_what_is_no_digit_is_refused(digit):
    with pytest.raises(DataError, match=r"^Expected a digit from 0 to 9, found .*: draw one of these\.$"):
        draw_digit(digit, generator())
