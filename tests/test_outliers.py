"""Synthetic outliers: of every kind, none both learned and measured with."""

from itertools import pairwise
from string import ascii_letters

import numpy as np
import pytest

import zoo.synthetic.outliers
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import DIGITS
from zoo.synthetic.outliers import (
    DIGIT_SHAPED,
    KINDS,
    LEARNED,
    SHARES,
    UNSEEN,
    combined,
    draw_outlier,
    forms,
    letters,
    signs,
    synthetic_outliers,
)

OF_DIGITS = {"several digits", "half a digit", "digit and letter", "lying digit"}

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
    assert (images.max((1, 2)) == np.where(kinds == "blank", 0, 255)).all()
    assert kinds.shape == (300,)
    assert kinds.dtype.kind == "U"
    assert set(kinds) == set(KINDS) - ({"blank"} if unseen else set())


def test_the_kinds_come_in_proportion_to_their_shares_and_shuffled():
    _, kinds = synthetic_outliers(400, seed=1, workers=1)
    assert {kind: (kinds == kind).sum() for kind in KINDS} == {kind: 4 * share for kind, share in SHARES.items()}
    assert (kinds[1:] != kinds[:-1]).mean() > 0.5


def test_what_is_learned_is_not_kept_for_measuring():
    assert set(LEARNED) == set(UNSEEN) == set(KINDS) - OF_DIGITS - {"blank"}
    for kind in LEARNED:
        assert not {style.__name__ for style in LEARNED[kind]} & {style.__name__ for style in UNSEEN[kind]}


def test_of_several_digits_the_pairs_are_divided():
    learned, unseen = ({pair for seed in range(600) for pair in _pairs(seed, unseen)} for unseen in (False, True))
    assert not learned & unseen
    assert len(learned | unseen) == 100
    for pairs in (learned, unseen):  # of every digit at both places
        assert {left for left, _ in pairs} == {right for _, right in pairs} == set(range(10))


def _pairs(seed, unseen):
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        one = [np.array([(0.0, 0.0), (1.0, 1.0)])]
        patch.setattr(combined, "draw_digit", lambda digit, _: (drawn.append(int(digit)) or one, 2.0))
        draw_outlier("several digits", generator(seed), unseen=unseen)
    return pairwise(drawn)


def test_the_alphabet_is_learned_but_for_what_is_a_digit_by_shape():
    latin = {style.__name__ for style in letters.LATIN}
    assert latin >= set(ascii_letters) - set(DIGIT_SHAPED)
    assert {style.__name__ for style in signs.LEARNED} >= set("+*<>?$#[]{}()&@^~=") - {"*"}  # a function of its own


def test_a_form_is_read_as_strokes_with_corners_and_dots():
    [style] = forms.styles({"i": ("08 40. 88 / 44",)})
    line, dot = style(generator().uniform)
    assert [len(line), len(dot)] == [4, 1]
    assert line[1] == line[2] != line[0]  # the corner
    (left, low), (_, high), (right, _) = line[0], line[1], line[3]
    assert left < 0.1 < dot[0][0] < 0.9 < right  # x to the right
    assert high < 0.1 < 0.9 < low  # y down


def test_a_name_is_drawn_the_more_often_the_oftener_it_is_named():
    shares = forms.styles({"a": ("00 88",), "b": ("00 88",), "c": ("00 88",)}, often="abb").values()
    assert list(shares) == [2, 3, 1]


def test_half_a_digit_lies_on_one_side_of_its_middle(monkeypatch):
    turn = np.linspace(0, 2 * np.pi, 40)
    monkeypatch.setattr(combined, "draw_digit", lambda *_: ([np.stack([np.sin(turn), np.cos(turn)], axis=1)], 2.0))
    for seed in range(40):
        strokes, _ = draw_outlier("half a digit", generator(seed))
        short, long = sorted(np.ptp(np.concatenate(strokes), axis=0))
        assert 0.8 < short < 1.2 < long


def test_a_blank_has_no_ink():
    assert draw_outlier("blank", generator())[0] == []


@pytest.mark.parametrize("unseen", [False, True])
def test_a_set_draws_only_styles_of_its_own(unseen, monkeypatch):
    chosen = set()
    for module in (zoo.synthetic.outliers, combined):
        monkeypatch.setattr(module, "pick", lambda styles, place: chosen.add(tuple(styles)) or next(iter(styles)))
    synthetic_outliers(250, seed=1, unseen=unseen, workers=1)
    of_digits = {tuple(digit.styles) for digit in DIGITS}
    assert chosen - of_digits == {tuple(styles) for styles in (UNSEEN if unseen else LEARNED).values()}


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
        assert len(points) < 400  # more would slow down `image_from_strokes` and show nowhere
        images.append(image_from_strokes(strokes, pen_width))
        assert images[-1].max() == 255
    assert len(np.unique(images, axis=0)) > 10


def test_several_digits_stand_side_by_side():
    random = generator(2)
    wide = 0
    for _ in range(100):
        strokes, pen_width = draw_outlier("several digits", random)
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


@pytest.mark.parametrize("kind", ["two digits", "digit", 3, None])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(DataError, match=r"^Expected a kind of outlier, found .*: use one of blank, .*\.$"):
        draw_outlier(kind, generator())
