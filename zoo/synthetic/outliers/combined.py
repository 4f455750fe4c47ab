"""What is made of whole digits: several of them, half of one, one beside a letter, one that lies on its side."""

import math

import numpy as np

from zoo.synthetic.digits import DIGITS, draw_digit
from zoo.synthetic.outliers import letters, scripts
from zoo.synthetic.pen import pick, write

Strokes = list[np.ndarray]

LETTER_WIDTH, LETTER_SLANT = (0.38, 1.15), (-0.12, 0.45)  # as `write` takes them

# A digit and the side of it that is kept. Other halves look like a digit: the upper one of an 8 is a 0.
_HALVES = {
    False: [(0, "lower"), (0, "left"), (2, "lower"), (3, "lower"), (8, "left"), (9, "left")],
    True: [(0, "upper"), (0, "right"), (2, "left"), (3, "left"), (5, "lower")],
}
_LYING = {False: [2, 3, 8], True: [5, 6, 9]}  # a 0 may lie; a 4 is a Z then, a 1 or a 7 a 1 with a long flag


def several_digits(random: np.random.Generator, unseen: bool) -> Strokes:
    """Write two digits side by side, seldom three or four, or one above another; touching or apart."""
    drawn = _row(random, unseen, int(random.choice([1, 2, 3], p=[0.75, 0.18, 0.07])))
    stacked = len(drawn) == 2 and min(drawn) > 1 and random.random() < 0.2  # a 1 on a 0 would be a 6
    strokes = draw_digit(drawn[0], random)[0]
    for digit in drawn[1:]:
        strokes = _beside(strokes, draw_digit(digit, random)[0], random, below=stacked)
    return strokes


def half_a_digit(random: np.random.Generator, unseen: bool) -> Strokes:
    """Cut a digit in two where its middle is, and keep one side."""
    halves = _HALVES[unseen]
    digit, side = halves[random.integers(len(halves))]
    strokes = draw_digit(digit, random)[0]
    axis, sign = {"upper": (1, -1), "lower": (1, 1), "left": (0, -1), "right": (0, 1)}[side]
    middle = _middle(np.concatenate(strokes))[axis] + random.uniform(-0.05, 0.05)
    kept: Strokes = []
    for stroke in strokes:
        inside = sign * (stroke[:, axis] - middle) > 0
        runs = np.split(stroke, np.flatnonzero(np.diff(inside)) + 1)
        kept += [run for run in runs if sign * (run[0, axis] - middle) > 0 and len(run) > 1]
    return kept or strokes[:1]


def digit_and_letter(random: np.random.Generator, unseen: bool) -> Strokes:
    """Write a digit and a letter side by side, in either order."""
    styles = scripts.LETTERS if unseen else letters.LATIN
    letter = write(pick(styles, random.random())(random.uniform), LETTER_WIDTH, LETTER_SLANT, random)
    digit = draw_digit(int(random.integers(10)), random)[0]
    return _beside(digit, letter, random) if random.random() < 0.5 else _beside(letter, digit, random)


def lying_digit(random: np.random.Generator, unseen: bool) -> Strokes:
    """Turn a digit by about a right angle, to either side."""
    digits = _LYING[unseen]
    angle = math.radians(random.choice([-90, 90]) + random.uniform(-15, 15))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    habits = DIGITS[digits[random.integers(len(digits))]]
    style = pick(habits.styles, random.random())  # written upright: a slanted 2 that lies is near a 2
    return [stroke @ turn for stroke in write(style(random.uniform), habits.width, (-0.1, 0.2), random)]


def _row(random: np.random.Generator, unseen: bool, pairs: int) -> list[int]:
    """Return digits whose neighbours are all pairs to learn, or all unseen; these are four of ten."""
    row = [int(random.integers(10))]
    while len(row) <= pairs:
        right = int(random.integers(10))
        if ((3 * row[-1] + right) % 5 < 2) == unseen:
            row.append(right)
    return row


def _beside(first: Strokes, second: Strokes, random: np.random.Generator, below: bool = False) -> Strokes:
    """Put the second at the right of the first, or below it, nearly of one size and on one line."""
    axis, size = int(below), random.uniform(0.8, 1.2)
    gap = random.uniform(-0.1, 0.05) if random.random() < 0.35 else random.uniform(0.05, 0.6)
    points, other = np.concatenate(first), np.concatenate(second) * size
    move = _middle(points) - _middle(other) + np.ptp(points[:, 1]) * random.normal(0, 0.08)
    move[axis] = points[:, axis].max() + gap - other[:, axis].min()
    return [*first, *[stroke * size + move for stroke in second]]


def _middle(points: np.ndarray) -> np.ndarray:
    return (points.min(0) + points.max(0)) / 2
