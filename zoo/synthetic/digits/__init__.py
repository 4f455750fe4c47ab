"""Synthetic digits: labelled digits, drawn by a program, that nobody had to write, collect or download.

`draw_digit` picks one of a digit's styles below by its share, varies it, and returns strokes as a pen would leave them;
`synthetic_digits` makes images of them with `image_from_strokes`, which also draws what is drawn in the window.

**To add the way you write**, write a function as those in the catalogue and put it in the table of its digit with its
share. A style is a list of strokes in the order and direction the pen moves, each a list of two or more points (x, y)
in a box that is 1 wide and 1 high, y down; a smooth curve runs through them, and **a point written twice is a corner**.
Its argument `u` draws at random: `u(a, b)` is a number between a and b, and `u() < 0.3` is true three times in ten.
Only what makes a style is varied there; slant, width, tremor and all else that any hand does is done to every style, in
`zoo/synthetic/pen.py`.

The shapes come from looking at how people write. Nothing is fitted to anybody's drawings, and none are stored here.
"""

from typing import NamedTuple

import numpy as np

from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits.eight import EIGHT
from zoo.synthetic.digits.five import FIVE
from zoo.synthetic.digits.four import FOUR
from zoo.synthetic.digits.nine import NINE
from zoo.synthetic.digits.one import ONE
from zoo.synthetic.digits.seven import SEVEN
from zoo.synthetic.digits.six import SIX
from zoo.synthetic.digits.three import THREE
from zoo.synthetic.digits.two import TWO
from zoo.synthetic.digits.zero import ZERO
from zoo.synthetic.pen import PEN, Stroke, Style, Styles, check_set, make_set, pick, write

TEST_SEED = 2**31
"""Of the digits that models are scored on; out of the range of --seed, so nobody trains on them."""

DATA_WORDS = ("synthetic", "handwriting")
"""What ``--data`` says of a command for synthetic digits instead of a file; the second is the old word."""


class Digit(NamedTuple):
    """A digit's styles with their shares, which need not sum to 100, and what all of them have in common.

    At height 1, least and most: `width` of the box that the styles are written in, and `slant`, how far the top leans
    to the right of the foot. `frequency`: how often `synthetic_digits` draws it, relative to the others.
    """

    styles: Styles
    width: tuple[float, float] = (0.45, 0.9)
    slant: tuple[float, float] = (-0.12, 0.5)
    frequency: float = 1


# More often where people differ more.
DIGITS = (
    Digit(ZERO, width=(0.42, 1.05), frequency=1.2),
    Digit(ONE, width=(1, 1), slant=(-0.3, 0.85), frequency=1.5),
    Digit(TWO, width=(0.4, 1), frequency=1.35),
    Digit(THREE, width=(0.4, 0.9)),
    Digit(FOUR, frequency=1.2),
    Digit(FIVE, width=(0.45, 1)),
    Digit(SIX, width=(0.35, 0.85), slant=(-0.25, 0.5)),
    Digit(SEVEN, slant=(-0.12, 0.45), frequency=1.2),
    Digit(EIGHT, width=(0.42, 0.85), slant=(-0.12, 0.65), frequency=1.1),
    Digit(NINE, width=(0.4, 0.85), frequency=1.4),
)

SHEET_MARGIN = 0.15
"""Of the side of a sheet, left free on all sides of a digit that is drawn on it."""
_UNLIFTED = 0.03  # chance of a pen that is not lifted between two strokes


def draw_digit(digit: int, random: np.random.Generator, style: Style | None = None) -> tuple[list[np.ndarray], float]:
    """Draw a digit as one of many hands would.

    Args:
        digit: 0 to 9.
        random: decides everything; the same state gives the same drawing.
        style: a function of the catalogue, or one like them; without it, one of the digit's by their shares.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down), about 1 high; and the width of the pen in pixels of
        the 28 x 28 image, as `image_from_strokes` takes it.

    Raises:
        DataError: if there is no such digit.
    """
    if isinstance(digit, bool) or not isinstance(digit, int | np.integer) or not 0 <= digit <= 9:
        raise DataError(f"Expected a digit from 0 to 9, found {digit!r}: draw one of these.")
    habits = DIGITS[digit]
    if style is None:
        style = pick(habits.styles, random.random())
    strokes = style(random.uniform)
    if len(strokes) > 1 and random.random() < _UNLIFTED:
        strokes = [_without_lifting(strokes)]
    written = write(strokes, habits.width, habits.slant, random)
    pen = random.triangular(*PEN)
    if digit == 1:
        pen += random.uniform(0, 1.8) if random.random() < 0.3 else 0
    else:  # a thick pen would fill the loops of a narrow digit
        width, height = np.ptp(np.concatenate(written), axis=0)
        pen = min(pen, 1.2 + 4 * width / height)
    return written, float(pen)


def draw_digit_on_sheet(digit: int, random: np.random.Generator) -> list[np.ndarray]:
    """Draw a digit as one of many hands would, in the middle of a sheet and as large as its margin allows.

    Returns:
        Strokes, float64 `(k, 2)` each, of x (right) and y (down) in 0..1, to five decimals.

    Raises:
        DataError: if there is no such digit.
    """
    strokes, _ = draw_digit(digit, random)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * SHEET_MARGIN) / (high - low).max()
    return [np.round((stroke - (low + high) / 2) * scale + 0.5, 5) for stroke in strokes]


def synthetic_digits(count: int, seed: int, workers: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Draw labelled digits, each digit in proportion to its frequency in `DIGITS`, in random order.

    Args:
        count: how many, 1 or more.
        seed: 0 or more; the same count and seed give the same set, however many workers make it.
        workers: processes that draw; without it, as many as there are cores and as pay. With 1, none is started; others
            start Python anew, so a script that calls this keeps its own work under `if __name__ == "__main__"`.

    Returns:
        Images uint8 `(count, 28, 28)`, white ink (255) on black (0), and labels uint8 `(count,)`.

    Raises:
        DataError: if an argument is out of range.
    """
    check_set(count, seed, workers)
    seeds = np.random.SeedSequence(int(seed))
    return make_set(_images, [digit.frequency for digit in DIGITS], count, seeds, workers)


def _images(labels: np.ndarray, seed: np.random.SeedSequence) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.stack([image_from_strokes(*draw_digit(int(label), random)) for label in labels])


def _without_lifting(strokes: list[Stroke]) -> Stroke:
    """Join strokes by straight lines, as a pen does that stays on the paper."""
    joined = list(strokes[0])
    for stroke in strokes[1:]:
        joined += [joined[-1], stroke[0], *stroke]
    return joined
