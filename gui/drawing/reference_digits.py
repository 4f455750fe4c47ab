"""Draw the ten reference digits: ``python -m gui.drawing.reference_digits`` writes 0.png ... 9.png.

Each digit is the path of a pen, put together from arcs, curves and straight lines in a square of 100 x 100, y down.
"""

import math
from pathlib import Path

from gui.drawing.ink import Point, render
from zoo._support.folders import REFERENCE_DIGITS

SIDE = 256
PEN_WIDTH = 8.5
STEPS = 48


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> list[Point]:
    """Return a part of the ellipse around (x, y); degrees from the right, clockwise."""
    angles = [math.radians(start + (end - start) * step / STEPS) for step in range(STEPS + 1)]
    return [(x + width / 2 * math.cos(angle), y + height / 2 * math.sin(angle)) for angle in angles]


def curve(*points: Point) -> list[Point]:
    """Return the Bezier curve with these control points; with two, a straight line."""
    degree = len(points) - 1
    path = []
    for t in (step / STEPS for step in range(STEPS + 1)):
        weights = [math.comb(degree, i) * t**i * (1 - t) ** (degree - i) for i in range(degree + 1)]
        path.append(
            (
                sum(w * x for w, (x, _) in zip(weights, points, strict=True)),
                sum(w * y for w, (_, y) in zip(weights, points, strict=True)),
            )
        )
    return path


DIGITS = [
    [arc(50, 50, 44, 72, -90, 270)],
    [curve((35, 31), (44, 27), (50, 21), (53, 14)) + curve((53, 14), (53, 86))],
    [arc(50, 34.5, 42, 41, -168, 22) + curve((69.5, 42.2), (63, 56), (40, 68), (28, 86)) + curve((28, 86), (73, 86))],
    [arc(49, 31.5, 37, 35, -158, 90) + arc(49, 67.5, 44, 37, -90, 156)],
    [curve((48, 14), (44, 32), (37, 48), (27, 63)) + curve((27, 63), (75, 63)), curve((61, 40), (61, 86))],
    [curve((37, 15), (33.5, 47)) + arc(49, 63, 44, 46, -135, 148), curve((37, 15), (68, 15))],
    [curve((64, 14), (42, 22), (28.5, 42), (28.5, 64)) + arc(50, 64, 43, 44, 180, 540)],
    [curve((28, 15), (73, 15)) + curve((73, 15), (58, 38), (48, 60), (44, 86))],
    [arc(50, 31.5, 36, 35, 90, 450) + arc(50, 67.5, 44, 37, -90, 270)],
    [arc(49, 36, 43, 44, 0, -360) + curve((70.5, 36), (70.5, 60), (62, 78), (46, 86))],
]
"""For each digit its strokes."""


def main(folder: Path = REFERENCE_DIGITS) -> None:
    """Write the ten pictures."""
    for digit, strokes in enumerate(DIGITS):
        relative = [[(x / 100, y / 100) for x, y in stroke] for stroke in strokes]
        render(relative, SIDE, PEN_WIDTH / 100).save(folder / f"{digit}.png", optimize=True)


if __name__ == "__main__":
    main()
