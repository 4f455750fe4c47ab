"""Ink: strokes as pixels, on the pad and in picture files. Knows no Tk."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from gui.drawing.curves import all_curves, along
from gui.drawing.drawing import Point

SIDE = 560
PEN_WIDTH = 0.05
"""Width of the ink as a fraction of the pad, on the screen too; the models' pen is scaled to the digit instead."""

Box = tuple[int, int, int, int]
"""Pixels from left and top up to, not including, right and bottom, as Pillow has them."""

_FLATNESS = 0.1  # pixels: a curve is drawn as straight lines that are nowhere farther from it


class Ink:
    """The ink of a round pen on a square: ``coverage``, uint8 (side, side), is 255 where it covers a pixel wholly.

    Curves are given in fractions of the side. A pixel is covered in proportion to how far the edge of the ink reaches
    into it, and keeps the most that any part of any curve covers: the order in which they are laid makes no difference.
    """

    def __init__(self, side: int, pen_width: float = PEN_WIDTH):
        self.coverage = np.zeros((side, side), np.uint8)
        self._radius = pen_width * side / 2
        self._under: list[tuple[Box, np.ndarray]] = []  # what was where the last curve is now

    def lay(self, curves: np.ndarray) -> list[Box]:
        """Lay ink along curves, float (n, 4, 2); return where."""
        lines = self._lines(curves)
        boxes = self._boxes(lines)
        self._draw(lines, boxes)
        return boxes

    def grow(self, curves: np.ndarray) -> list[Box]:
        """Lay ink along curves, float (n, 4, 2); the next call lifts the last one again; return what changed."""
        lifted = [box for box, _ in self._under]
        for box, pixels in self._under:
            self.coverage[_slices(box)] = pixels
        laid = self.lay(curves[:-1])
        last = self._lines(curves[-1:])
        boxes = self._boxes(last)
        self._under = [(box, self.coverage[_slices(box)].copy()) for box in boxes]
        self._draw(last, boxes)
        return _merged([*lifted, *laid, *boxes])

    def change(self, old: np.ndarray, new: np.ndarray) -> list[Box]:
        """Put ink along the new curves, float (n, 4, 2), in place of the old ones; return what changed."""
        self._under = []
        before, after = ({curve.tobytes() for curve in curves} for curves in (old, new))
        changed = [curve for curve in old if curve.tobytes() not in after]
        changed += [curve for curve in new if curve.tobytes() not in before]
        changes = _merged(self._boxes(self._lines(np.array(changed).reshape(-1, 4, 2))))
        for box in changes:
            self.coverage[_slices(box)] = 0
        lines = self._lines(new)
        boxes = self._boxes(lines)
        for change in changes:
            parts = [_common(box, change) for box in boxes]
            crossing = [part is not None for part in parts]
            self._draw(lines[crossing], [part for part in parts if part is not None])
        return changes

    def paint(self, paper: Image.Image, colour: str, box: Box | None = None) -> Image.Image:
        """Paper of the ink's size with ink of this colour on it, or the part of it in a box."""
        box = box or (0, 0, *paper.size)
        part = paper.crop(box)
        part.paste(colour, (0, 0, *part.size), Image.fromarray(self.coverage[_slices(box)]))
        return part

    def _lines(self, curves: np.ndarray) -> np.ndarray:
        """Straight lines that follow the curves, float (n, 2, 2) in pixels; none is much longer than the pen is wide.

        A long oblique line would lie in a large box of which it covers little.
        """
        curves = curves * len(self.coverage)
        sides = np.diff(curves, axis=1)
        bend = np.linalg.norm(np.diff(sides, axis=1), axis=2).max(1)
        length = np.linalg.norm(sides, axis=2).sum(1)
        counts = np.ceil(np.maximum(np.sqrt(0.75 * bend / _FLATNESS), length / (4 * self._radius))).clip(1)
        return along(curves, counts.astype(int))

    def _boxes(self, lines: np.ndarray) -> list[Box]:
        """Return the pixels that a pen on each of the lines can touch."""
        reach = self._radius + 0.5
        corners = np.hstack((np.floor(lines.min(1) - reach), np.ceil(lines.max(1) + reach)))
        return [tuple(box) for box in corners.clip(0, len(self.coverage)).astype(int).tolist()]

    def _draw(self, lines: np.ndarray, boxes: list[Box]) -> None:
        for (start, end), box in zip(lines.tolist(), boxes, strict=True):
            pixels = self.coverage[_slices(box)]
            np.maximum(pixels, _coverage(start, end, self._radius, box), out=pixels)


def render(
    strokes: Sequence[Sequence[Point]], side: int = SIDE, pen_width: float = PEN_WIDTH, ink: str = "#1c2128"
) -> Image.Image:
    """Strokes in relative units (0..1, y down) as dark, anti-aliased ink on white; mode RGB, ``side`` x ``side``."""
    sheet = Ink(side, pen_width)
    sheet.lay(all_curves(strokes))
    return sheet.paint(Image.new("RGB", (side, side), "white"), ink)


def _coverage(start: Point, end: Point, radius: float, box: Box) -> np.ndarray:
    """Return how much a round pen covers of each pixel of a box on its straight way, uint8 (height, width)."""
    left, top, right, bottom = box
    x = np.arange(left, right, dtype=np.float32) + (0.5 - start[0])
    y = np.arange(top, bottom, dtype=np.float32) + (0.5 - start[1])
    # Distances are in 1/255 of a pixel: how far the pen's edge reaches into a pixel is then its coverage.
    length = math.dist(start, end) * 255
    ahead = ((end[0] - start[0]) * 255**2 / length, (end[1] - start[1]) * 255**2 / length) if length else (255.0, 0.0)
    beyond = np.add.outer(y * ahead[1], x * ahead[0])  # along the way, and from the next line on: before or after it
    beyond -= np.minimum(np.maximum(beyond, 0), length)
    distance = np.add.outer(y * ahead[0], x * -ahead[1])  # beside the way, and then from the nearest point of it
    beyond *= beyond
    distance *= distance
    distance += beyond
    np.sqrt(distance, out=distance)
    np.subtract((radius + 0.5) * 255 + 0.5, distance, out=distance)
    np.maximum(distance, 0, out=distance)
    np.minimum(distance, 255, out=distance)
    return distance.astype(np.uint8)


def _slices(box: Box) -> tuple[slice, slice]:
    left, top, right, bottom = box
    return slice(top, bottom), slice(left, right)


def _area(box: Box) -> int:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _common(one: Box, other: Box) -> Box | None:
    box = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return box if box[0] < box[2] and box[1] < box[3] else None


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes over the same pixels, where two of them are one if that is no larger than both."""
    merged: list[Box] = []
    for box in boxes:
        for index, other in enumerate(merged):
            both = min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])
            if _area(both) <= _area(box) + _area(other):
                merged[index] = both
                break
        else:
            merged.append(box)
    return merged
