"""The hand that writes digits and outliers, and the sets that are made with it."""

import math
import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from zoo.errors import DataError
from zoo.synthetic import pen
from zoo.synthetic.digits import synthetic_digits
from zoo.synthetic.outliers import synthetic_outliers
from zoo.synthetic.pen import arc, write

SETS = {
    "digits": synthetic_digits,
    "outliers": synthetic_outliers,
    "unseen outliers": partial(synthetic_outliers, unseen=True),
}


def test_a_point_written_twice_is_a_corner(monkeypatch):
    varied = "_JITTER", "_DISPLACEMENT", "_TREMOR", "_OVERSHOOT", "_TICK", "_ROTATION", "_SPARSE", "_STEPPED"
    for name in varied:
        monkeypatch.setattr(pen, name, 0)
    corner, smooth = ([(0, 0), *[(1, 0)] * times, (0.4, 1)] for times in (2, 1))
    sharp, rounded = (_largest_turn(_written([corner], rounding)[0]) for rounding in (0, 1))
    assert sharp > 95
    assert rounded == _largest_turn(_written([smooth], 0)[0]) < 80


def _written(strokes, rounding):
    return write(strokes, (0.7, 0.7), (-0.1, 0.3), np.random.default_rng(0), rounding)


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


# ---- Sets


@pytest.mark.slow
@pytest.mark.parametrize("make", SETS.values(), ids=SETS)
def test_a_set_is_decided_by_its_seed_and_not_by_its_workers(make):
    # More chunks than workers, and a last chunk that is not full.
    images, classes = make(510, seed=3, workers=1)
    again, again_classes = make(510, seed=3, workers=2)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(classes, again_classes)
    other, other_classes = make(510, seed=4, workers=1)
    assert (images != other).any()
    assert (classes != other_classes).any()


INK = {
    "digits": [1146657, 1839762, 1589052, 1673875],
    "outliers": [1353541, 1885883, 1859368, 1791634],
    "unseen outliers": [1353008, 2016219, 1962065, 1882660],
}
"""The sum of the grey levels in each quarter of 250 images."""


@pytest.mark.parametrize("name", SETS)
def test_released_models_learned_from_these_very_sets(name):
    """A change of any rule changes what a seed gives, and what `model.json` says of the data would be wrong."""
    images, _ = SETS[name](250, seed=1, workers=1)
    found = images.reshape(250, 2, 14, 2, 14).sum((0, 2, 4), dtype=int).ravel()
    np.testing.assert_allclose(found, INK[name], atol=20)  # another processor may round a few pixels otherwise


@pytest.mark.parametrize("make", SETS.values(), ids=SETS)
@pytest.mark.parametrize(
    ("name", "value"),
    [("count", 0), ("count", 2.5), ("count", True), ("seed", -1), ("seed", None), ("workers", 0), ("workers", "two")],
)
def test_wrong_arguments_are_refused_in_one_sentence(make, name, value):
    with pytest.raises(DataError, match=rf"^Expected {name} as a whole number of [01] or more, found .*: .*\.$"):
        make(**{"count": 10, "seed": 1, "workers": 1, name: value})


def test_no_heavy_library_is_needed():
    script = "import sys, zoo.synthetic.digits, zoo.synthetic.outliers; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"tensorflow", "keras", "matplotlib", "scipy"} & set(done.stdout.split())
