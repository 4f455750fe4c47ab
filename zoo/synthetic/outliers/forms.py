"""How a catalogue of shapes is written down: a form is a line of text, and a style draws one of several forms."""

import math
from itertools import accumulate

from zoo.synthetic.pen import Stroke, Style, Styles

_CELLS = 8
_NARROW, _WIDE = 0.45, 1.55  # a cell of a form's grid, before all are scaled to 1
_ASIDE = 0.03  # how far a point lies off its place on the grid


def styles(table: dict[str, tuple[str, ...]], often: str = "") -> Styles:
    """Return a style for each name of a table, which draws any of the name's forms.

    A form is written as the pen moves, on a grid of eight by eight cells. ``08 40. 88 / 25 65`` is an A: from the lower
    left (x 0, y 8) to the top (4, 0), a corner (the full stop) and down to the right; then (``/``) the bar. A smooth
    curve runs through points that are no corners; a stroke of one point is a dot; 9 lies a cell beyond the box.

    No two drawings have the same grid: its columns and rows are wider and narrower at random, so that a bar lies
    higher, a bowl is larger or a stem stands further left while all that meets goes on to meet.

    Args:
        table: the forms of each name.
        often: names of one character that are drawn twice as often as others, or three times if it is there twice.
    """
    return {_style(name, forms): 1 + often.count(name) for name, forms in table.items()}


def _style(name: str, forms: tuple[str, ...]) -> Style:
    parsed = [[_tokens(stroke) for stroke in form.split("/")] for form in forms]

    def style(u) -> list[Stroke]:
        columns, rows = _grid(u), _grid(u)
        return [
            [
                point
                for x, y, times in stroke
                for point in [(columns[x] + u(-_ASIDE, _ASIDE), rows[y] + u(-_ASIDE, _ASIDE))] * times
            ]
            for stroke in parsed[between(0, len(parsed) - 1, u)]
        ]

    style.__name__ = name
    style.__doc__ = f"{name}, in {len(forms)} forms."
    return style


def _tokens(stroke: str) -> list[tuple[int, int, int]]:
    """Return x, y and how often each point of a stroke is written: twice at a corner."""
    return [(int(token[0]), int(token[1]), 1 + token.endswith(".")) for token in stroke.split()]


def _grid(u) -> list[float]:
    """Return where the lines of a grid lie, 0 to 1, and one beyond."""
    lines = list(accumulate((u(_NARROW, _WIDE) for _ in range(_CELLS + 1)), initial=0.0))
    return [line / lines[_CELLS] for line in lines]


def between(low: int, high: int, u) -> int:
    """Return a random whole number from 0 up, both ends included."""
    return int(u(low, high + 1))


def angular(*points):
    """Straight lines: every point between the ends is a corner."""
    return [points[0], *[point for point in points[1:-1] for _ in range(2)], points[-1]]


def turned(strokes, angle):
    """Turn strokes about the middle of the box, by degrees."""
    cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return [
        [(0.5 + (x - 0.5) * cosine - (y - 0.5) * sine, 0.5 + (x - 0.5) * sine + (y - 0.5) * cosine) for x, y in stroke]
        for stroke in strokes
    ]
