"""Which part of a picture is to be read, and what was taken for the digit there. Knows no Tk."""

import numpy as np
from PIL import Image

from gui.drawing.drawing import Picture
from gui.worker.messages import OpenedPicture
from zoo.images.pictures import Box

LEAST = 4
"""Pixels of the picture that a side of a box has."""
_MARGIN = 0.25
"""Of its longer side, shown around a part that lies on the pad."""


class Cropping:
    """The picture that was opened last, the box that is chosen in it, and the image of what is in the box.

    Attributes:
        opened: the picture, None before there is one.
        box: x, y, width and height in its pixels.
        image: what was taken for the digit, uint8 (28, 28); None where that is not known yet, or nothing was.
        number: which of the digits that were found is chosen; None where the box is a person's own.
        error: why nothing was taken, in one sentence.
    """

    def __init__(self) -> None:
        self.opened: OpenedPicture | None = None
        self.box: Box = (0, 0, LEAST, LEAST)
        self.image: np.ndarray | None = None
        self.number: int | None = None
        self.error = ""

    def open(self, opened: OpenedPicture) -> None:
        """Take a picture; of several digits the first is chosen, of one what was taken for it."""
        self.opened, self.number = opened, None
        if self.is_of_several:
            self.choose(0)
        else:
            self._set([0, 0, *opened.size] if opened.image is None else opened.box)
            self.image, self.error = opened.image, opened.error

    @property
    def is_of_several(self) -> bool:
        """Whether a person should be asked what to read."""
        return len(self.opened.boxes) > 1

    @property
    def count(self) -> int:
        """How many digits were found, if they are several."""
        return len(self.opened.boxes) if self.is_of_several else 0

    def choose(self, number: int) -> None:
        """Choose one of the digits that were found."""
        self._set(self.opened.boxes[number])
        self.number, self.image = number, self.opened.images[number]

    def step(self, by: int) -> None:
        """Choose the digit to the right or the left, and after the last the first."""
        if self.count:
            self.choose(0 if self.number is None else (self.number + by) % self.count)

    def digit_at(self, x: float, y: float) -> int | None:
        """Return which of the digits stands at a place of the picture."""
        boxes = self.opened.boxes if self.is_of_several else []
        inside = [left <= x <= left + width and top <= y <= top + height for left, top, width, height in boxes]
        return inside.index(True) if any(inside) else None

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        """Choose the box between two places; the part of it that is in the picture."""
        spans = []
        for one, other, side in ((x, to_x, self.opened.size[0]), (y, to_y, self.opened.size[1])):
            low, high = (round(min(max(place, 0), side)) for place in sorted((one, other)))
            low = min(low, max(side - LEAST, 0))
            spans.append((low, max(high - low, min(LEAST, side))))
        (left, width), (top, height) = spans
        self._set((left, top, width, height))

    def move(self, across: float, down: float, is_sized: bool = False) -> None:
        """Move the box, or its lower right corner alone, by parts of the picture's longer side."""
        unit = max(self.opened.size)
        (x, y, width, height), (dx, dy) = self.box, (round(across * unit), round(down * unit))
        if is_sized:
            width, height = max(width + dx, LEAST), max(height + dy, LEAST)
        else:
            x = min(max(x + dx, 0), self.opened.size[0] - width)
            y = min(max(y + dy, 0), self.opened.size[1] - height)
        self.drag(x, y, x + width, y + height)

    def _set(self, box: Box | list[int]) -> None:
        x, y, width, height = box
        self.box = x, y, width, height
        self.image, self.number, self.error = None, None, ""

    def picture(self) -> Picture:
        """Return what lies on the pad when it is read: the part around the box."""
        shown = Image.fromarray(self.opened.shown)
        if self.image is self.opened.image:
            return Picture(self.image, shown, self.opened.title)
        scale, (x, y, width, height) = shown.width / self.opened.size[0], self.box
        margin = _MARGIN * max(width, height)
        left, top = (max(int((low - margin) * scale), 0) for low in (x, y))
        right, bottom = (int((high + margin) * scale) + 1 for high in (x + width, y + height))
        part = left, top, min(right, shown.width), min(bottom, shown.height)
        return Picture(self.image, shown.crop(part), self.opened.title)
