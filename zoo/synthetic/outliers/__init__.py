"""Synthetic outliers, which are not one digit, for models to doubt: letters, signs, scribbles, two digits at once.

They are written as synthetic digits are, by the same hand. A style is a function of the same kind, or a line of text
that says how a letter is written (`forms.styles`): to add one, put it in the table of its kind.

That a model doubts what it was taught to doubt says little. So every kind has styles to learn from, `LEARNED`, and
others that are kept for measuring, `UNSEEN`, and are no mere variants of the first: the letters of other alphabets,
other signs, drawings, scripts; of several digits, it is the pairs that are divided.

Left out is what is a digit in some hands, as `DIGIT_SHAPED` says, and of other letters the forms that are.
"""

from functools import partial

import numpy as np

from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.outliers import combined, drawings, letters, scribbles, scripts, signs
from zoo.synthetic.outliers.combined import LETTER_SLANT, LETTER_WIDTH
from zoo.synthetic.pen import PEN, Style, Styles, check_set, make_set, pick, write

DIGIT_SHAPED = "BDGIOSZbgloqsz!',-./\\`|"
"""Characters that are digits by their shape in some hands and countries: no score counts whether they are doubted."""

LEARNED: dict[str, Styles] = {
    "dot": scribbles.LEARNED_DOTS,
    "scribble": scribbles.LEARNED,
    "letter": letters.LATIN,
    "sign": signs.LEARNED,
    "drawing": drawings.LEARNED,
    "numeral": scripts.NUMERALS,
}
UNSEEN: dict[str, Styles] = {
    "dot": scribbles.UNSEEN_DOTS,
    "scribble": scribbles.UNSEEN,
    "letter": scripts.LETTERS,
    "sign": signs.UNSEEN,
    "drawing": drawings.UNSEEN,
    "numeral": scripts.UNSEEN_NUMERALS,
}
_COMBINED = {
    "several digits": combined.several_digits,
    "half a digit": combined.half_a_digit,
    "digit and letter": combined.digit_and_letter,
    "lying digit": combined.lying_digit,
}
SHARES = {
    "blank": 1,
    "dot": 4,
    "scribble": 10,
    "letter": 40,
    "sign": 22,
    "drawing": 5,
    "numeral": 2,
    "several digits": 8,
    "half a digit": 3,
    "digit and letter": 3,
    "lying digit": 2,
}
"""How many of a hundred outliers are of each kind. Blanks are all alike: they are only learned."""

KINDS = tuple(SHARES)
"""Of outliers."""

_WIDTH = {"dot": (0.9, 1.1), "scribble": (0.7, 1.3), "sign": (0.3, 1.1), "drawing": (0.7, 1.3)}
_SLANT = {"dot": (-0.05, 0.25), "scribble": (-0.2, 0.4), "drawing": (-0.1, 0.2)}
# Pixels of the 28 x 28 image: least, most frequent, most. Two digits are half as high as one.
_PENS = {
    "dot": (1.5, 3, 6),
    "scribble": (1.3, 2, 4),
    "several digits": (1.2, 1.8, 2.8),
    "digit and letter": (1.2, 1.8, 2.8),
}


def draw_outlier(
    kind: str, random: np.random.Generator, *, unseen: bool = False, style: Style | None = None
) -> tuple[list[np.ndarray], float]:
    """Draw an outlier: what is not one digit.

    Args:
        kind: one of `KINDS`.
        random: decides everything; the same state gives the same drawing.
        unseen: whether to draw what is kept for measuring, or what models learn from.
        style: a function of the catalogue, or one like them; without it, one of the kind's by their shares. What is
            made of digits has no styles but those of the digits.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down), none of a blank; and the width of the pen in pixels
        of the 28 x 28 image, as `image_from_strokes` takes it.

    Raises:
        DataError: if there is no such kind.
    """
    if kind not in KINDS:
        raise DataError(f"Expected a kind of outlier, found {kind!r}: use one of {', '.join(KINDS)}.")
    pen = float(random.triangular(*_PENS.get(kind, PEN)))
    if kind == "blank":
        return [], pen
    if kind in _COMBINED:
        return _COMBINED[kind](random, unseen), pen
    if style is None:
        style = pick((UNSEEN if unseen else LEARNED)[kind], random.random())
    width, slant = _WIDTH.get(kind, LETTER_WIDTH), _SLANT.get(kind, LETTER_SLANT)
    strokes = write(style(random.uniform), width, slant, random, rounding=0.1 if kind == "letter" else 0)
    if kind in ("letter", "sign", "numeral"):  # a thick pen would leave nothing of a narrow letter
        across, height = np.ptp(np.concatenate(strokes), axis=0)
        pen = min(pen, 1.6 + 2.5 * across / max(height, 0.1))
    return strokes, float(pen)


def synthetic_outliers(
    count: int, seed: int, *, unseen: bool = False, workers: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw outliers, each kind in proportion to its share in `SHARES`, in random order.

    Args:
        count: how many, 1 or more.
        seed: 0 or more; the same count and seed give the same set, however many workers make it.
        unseen: True for what is kept for measuring, False for what models learn from; the two share no style.
        workers: as `synthetic_digits` takes it.

    Returns:
        Images uint8 `(count, 28, 28)`, white ink (255) on black (0), and kinds, str `(count,)`, each one of `KINDS`.

    Raises:
        DataError: if an argument is out of range.
    """
    check_set(count, seed, workers)
    seeds = np.random.SeedSequence([int(seed), 1 + bool(unseen)])  # not those of the digits
    shares = [share * (kind != "blank" or not unseen) for kind, share in SHARES.items()]
    images, kinds = make_set(partial(_images, unseen=bool(unseen)), shares, count, seeds, workers)
    return images, np.array(KINDS)[kinds]


def _images(kinds: np.ndarray, seed: np.random.SeedSequence, unseen: bool) -> np.ndarray:
    random = np.random.default_rng(seed)
    drawn = [draw_outlier(KINDS[kind], random, unseen=unseen) for kind in kinds]
    return np.stack([image_from_strokes(*one) if one[0] else np.zeros((28, 28), np.uint8) for one in drawn])
