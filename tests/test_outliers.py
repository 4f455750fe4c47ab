"""Synthetic outliers: of every kind, none both learned and measured with."""

import numpy as np
import pytest

import zoo.synthetic.outliers
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.outliers import KINDS, LEARNED, SHARES, UNSEEN, draw_outlier, synthetic_outliers

EVERY_STYLE = [
    pytest.param(kind, style, id=style.__name__)
    for styles_of in (LEARNED, UNSEEN)
    for kind, styles in styles_of.items()
    for style in styles
]


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("unseen", [False, True])
def test_a_set_has_the_promised_arrays(unseen):
    images, kinds = synthetic_outliers(300, seed=1, unseen=unseen, workers=1)
    assert images.shape == (300, 28, 28)
    assert images.dtype == np.uint8
    assert (images.max((1, 2)) == 255).all()
    assert kinds.shape == (300,)
    assert kinds.dtype.kind == "U"
    assert set(kinds) == set(KINDS)


def test_the_kinds_come_in_proportion_to_their_shares_and_shuffled():
    _, kinds = synthetic_outliers(400, seed=1, workers=1)
    assert {kind: (kinds == kind).sum() for kind in KINDS} == {kind: 4 * share for kind, share in SHARES.items()}
    assert (kinds[1:] != kinds[:-1]).mean() > 0.5


def test_what_is_learned_is_not_kept_for_measuring():
    assert set(LEARNED) == set(UNSEEN) == set(KINDS) - {"two digits"}
    for kind in LEARNED:
        assert not LEARNED[kind].keys() & UNSEEN[kind].keys()
    learned, unseen = ({_pair(seed, unseen) for seed in range(600)} for unseen in (False, True))
    assert not learned & unseen
    assert len(learned | unseen) == 100
    for pairs in (learned, unseen):  # of every digit at both places
        assert {left for left, _ in pairs} == {right for _, right in pairs} == set(range(10))


def _pair(seed, unseen):
    drawn, random = [], generator(seed)
    with pytest.MonkeyPatch.context() as patch:
        one = [np.array([(0.0, 0.0), (1.0, 1.0)])]
        patch.setattr(zoo.synthetic.outliers, "draw_digit", lambda digit, _: (drawn.append(digit) or one, 2.0))
        draw_outlier("two digits", random, unseen=unseen)
    return tuple(drawn)


@pytest.mark.parametrize("unseen", [False, True])
def test_a_set_draws_only_styles_of_its_own(unseen, monkeypatch):
    chosen = set()
    monkeypatch.setattr(
        zoo.synthetic.outliers, "pick", lambda styles, place: chosen.add(tuple(styles)) or next(iter(styles))
    )
    synthetic_outliers(60, seed=1, unseen=unseen, workers=1)
    assert chosen == {tuple(styles) for styles in (UNSEEN if unseen else LEARNED).values()}


@pytest.mark.parametrize(("kind", "style"), EVERY_STYLE)
def test_every_style_draws(kind, style):
    random = generator(1)
    images = []
    for _ in range(20):
        strokes, pen_width = draw_outlier(kind, random, style=style)
        points = np.concatenate(strokes)
        assert all(stroke.dtype == float and stroke.ndim == 2 and stroke.shape[1] == 2 for stroke in strokes)
        assert np.isfinite(points).all()
        assert np.ptp(points, axis=0).max() < 3
        assert len(points) < 300  # more would slow down `image_from_strokes` and show nowhere
        images.append(image_from_strokes(strokes, pen_width))
        assert images[-1].max() == 255
    assert len(np.unique(images, axis=0)) > 10


def test_two_digits_stand_side_by_side():
    random = generator(2)
    wide = 0
    for _ in range(100):
        strokes, pen_width = draw_outlier("two digits", random)
        width, height = np.ptp(np.concatenate(strokes), axis=0)
        wide += width > height
        assert len(strokes) >= 2
        assert 1 < pen_width < 3
    assert wide > 60


def test_a_drawing_is_decided_by_the_generator():
    for kind in KINDS:
        (strokes, pen_width), (again, again_width) = draw_outlier(kind, generator(5)), draw_outlier(kind, generator(5))
        assert pen_width == again_width
        assert all((a == b).all() for a, b in zip(strokes, again, strict=True))
        assert draw_outlier(kind, generator(6))[1] != pen_width


@pytest.mark.parametrize("kind", ["blank", "digit", 3, None])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(DataError, match=r"^Expected a kind of outlier, found .*: use one of dot, .*\.$"):
        draw_outlier(kind, generator())
