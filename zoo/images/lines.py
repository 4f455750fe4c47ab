"""Straight lines that are no digit's: those of squared and of ruled paper, and the sides of a frame."""

import math
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_CELLS = 200  # a side of the mask that lines are looked for in, at most
_FAINTEST = 0.1  # of the darkest ink
_STEEPEST = 0.18  # rise over length: 10 degrees
_SHORTEST = 0.15  # of the picture's longer side
_THICKEST = 0.025  # of the picture's longer side
_ALIKE = 0.9  # of the longest: so long are lines that belong together
_APART = 0.25  # of their length
_PARALLEL = 0.08  # difference of the slopes
_BESIDE = 0.2  # of their length
_GAP = 3  # cells that may be missing in a line
_FAILURES = 20  # where most votes are for dashes, no line is left
_LONGER = 1.1  # than the rest of the ink extends: no stroke of a digit is


class _Line(NamedTuple):
    """A nearly level line in a mask."""

    row: float
    """Where it is, or would be, in column 0."""
    slope: float
    start: int
    stop: int
    """Its columns."""
    crosses: bool
    """It runs from border to border."""

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def middle(self) -> tuple[float, float]:
        """Row and column."""
        column = (self.start + self.stop) / 2
        return self.row + self.slope * column, column

    def rows(self, columns: np.ndarray) -> np.ndarray:
        return np.round(self.row + self.slope * columns).astype(int)

    def faces(self, other: "_Line") -> bool:
        """Tell whether the other is parallel and begins and ends beside this one, as the sides of a frame do."""
        (row, column), (other_row, other_column) = self.middle, other.middle
        aside = other_column - column + self.slope * (other_row - row)  # from where a right angle leads
        return abs(self.slope - other.slope) < _PARALLEL and abs(aside) < _BESIDE * self.length


def without_lines(ink: np.ndarray) -> np.ndarray:
    """Take the lines away that are no digit's; a stroke that crosses one stays whole.

    They are straight and thin, nearly level or upright, and longer than the rest of the ink: several that run from
    border to border, or two sides of a frame and more.

    Args:
        ink: float `(height, width)`, 0 on paper.
    """
    scale = -(-max(ink.shape) // _CELLS)
    if _THICKEST * max(ink.shape) < 1:  # too small for lines that are thinner than strokes
        return ink
    faintest = _FAINTEST * ink.max()
    mask = _pooled(ink > faintest, scale)
    level, upright = _alike(_find_lines(mask)), _alike(_find_lines(mask.T))
    if not _certain(level) and not _certain(upright):
        return ink
    rest = _pooled(_erased(ink, level, upright) > faintest, scale)
    if rest.sum() < _SHORTEST * max(mask.shape):  # all of it straight: a digit
        return ink
    level, upright = _longer(level, rest), _longer(upright, rest.T)
    return _erased(
        ink,
        level if _certain(level) or _are_sides(upright) else [],
        upright if _certain(upright) or _are_sides(level) else [],
    )


def _pooled(mask: np.ndarray, scale: int) -> np.ndarray:
    """Return which blocks of `scale` x `scale` pixels have any that are True."""
    height, width = (-(-side // scale) for side in mask.shape)
    padded = np.zeros((height * scale, width * scale), bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    return padded.reshape(height, scale, width, scale).max((1, 3))


def _find_lines(mask: np.ndarray) -> list[_Line]:
    """Find nearly level lines by a Hough transform: each cell votes for all lines through it; the best are taken."""
    height, width = mask.shape
    shortest = _SHORTEST * max(mask.shape)
    y, x = np.nonzero(mask)
    reach = math.ceil(_STEEPEST * width)
    slopes = np.arange(-reach, reach + 1) / width
    rows = y - np.round(slopes[:, None] * x).astype(int) + reach  # of a line with each slope through each cell
    stride = height + 2 * reach + 1
    ballots = rows + stride * np.arange(len(slopes))[:, None]
    votes = np.bincount(ballots.ravel(), minlength=stride * len(slopes))
    free, lines, failures = np.ones(len(x), bool), [], 0
    while votes.max() >= shortest and failures < _FAILURES:
        winner = votes.argmax()
        slope, row = divmod(int(winner), stride)
        near = free & (np.abs(rows[slope] - row) <= 1)
        start, stop = _longest_run(x[near])
        if stop - start < shortest:
            votes[winner] = 0
            failures += 1
            continue
        near &= (x >= start) & (x < stop)
        line = _Line(row - reach, slopes[slope], start, stop, False)
        ends = line.rows(np.array([start, stop - 1]))
        crosses = [
            column < _GAP or column >= width - _GAP or end < _GAP or end >= height - _GAP
            for column, end in zip((start, stop - 1), ends, strict=True)
        ]
        columns = np.arange(start, stop)
        window = line.rows(columns) + np.arange(-6, 7)[:, None]
        thick = np.median((mask[np.clip(window, 0, height - 1), columns] & (window >= 0) & (window < height)).sum(0))
        if thick <= 1 + _THICKEST * max(mask.shape):
            lines.append(line._replace(crosses=all(crosses)))
        votes -= np.bincount(ballots[:, near].ravel(), minlength=len(votes))
        free &= ~near
    return lines


def _longest_run(columns: np.ndarray) -> tuple[int, int]:
    """Return the first and one past the last of the longest run of columns, in which few are missing."""
    columns = np.unique(columns)
    breaks = np.flatnonzero(np.diff(columns) > _GAP + 1)
    starts, stops = columns[np.append(0, breaks + 1)], columns[np.append(breaks, -1)] + 1
    longest = (stops - starts).argmax()
    return int(starts[longest]), int(stops[longest])


def _alike(lines: list[_Line]) -> list[_Line]:
    """Keep the longest line and what is about as long beside it, and all that run from border to border."""
    if not lines:
        return []
    longest = max(lines, key=lambda line: line.length)
    return [line for line in lines if line.crosses or line.length >= _ALIKE * longest.length and longest.faces(line)]


def _longer(lines: list[_Line], rest: np.ndarray) -> list[_Line]:
    """Keep the lines if they are longer than the rest of the ink is wide."""
    if sum(line.crosses for line in lines) > 2:
        return lines
    low, high = np.percentile(np.nonzero(rest)[1], (2, 98))
    return [line for line in lines if line.length > _LONGER * (high - low)]


def _certain(lines: list[_Line]) -> bool:
    """Tell whether there are several lines, or one from border to border."""
    return any(line.crosses for line in lines) or _apart(lines)


def _apart(lines: list[_Line]) -> bool:
    """Tell whether there are lines at some distance, not the two edges of a thick one."""
    places = [line.middle[0] for line in lines]
    return bool(lines and np.ptp(places) > _APART * max(line.length for line in lines))


def _are_sides(lines: list[_Line]) -> bool:
    """Tell whether the lines may be two sides of a frame, whose third is one line alone; rules have none."""
    return _apart([line for line in lines if not line.crosses])


def _erased(ink: np.ndarray, level: list[_Line], upright: list[_Line]) -> np.ndarray:
    """Return the ink without lines."""
    ink = ink.copy()
    for line in level:
        _erase(ink, line)
    for line in upright:
        _erase(ink.T, line)
    return ink


def _erase(ink: np.ndarray, line: _Line) -> None:
    """Open the ink along a line, upright: what is no higher there than the line is thick goes."""
    height, width = ink.shape
    scale = -(-max(ink.shape) // _CELLS)
    columns = np.arange(max((line.start - 1) * scale, 0), min((line.stop + 1) * scale, width))
    middle = np.round(scale * (line.row + 0.5 + line.slope * columns / scale)).astype(int)
    reach = 2 * scale + round(_THICKEST * max(ink.shape) / 2)
    near = middle + np.arange(-reach, reach + 1)[:, None]
    inked = np.where((near >= 0) & (near < height), ink[near.clip(0, height - 1), columns], 0) > _FAINTEST * ink.max()
    size = int(np.median(inked.sum(0))) + 3
    window = middle + np.arange(-reach - size, reach + size + 1)[:, None]
    strip = np.where((window >= 0) & (window < height), ink[window.clip(0, height - 1), columns], 0)
    opened = sliding_window_view(sliding_window_view(strip, size, axis=0).min(-1), size, axis=0).max(-1)
    # `opened` begins size - 1 rows after the strip does.
    inside = (window >= 0) & (window < height)
    rows, places = np.nonzero(inside[size - 1 : len(window) - size + 1])
    at = window[size - 1 : len(window) - size + 1][rows, places], columns[places]
    ink[at] = np.minimum(ink[at], opened[rows, places])
