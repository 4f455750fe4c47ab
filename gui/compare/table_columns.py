"""Where the columns of the table of answers stand."""

import tkinter
from tkinter import font

from gui.appearance import elide_middle, px
from gui.compare.board import short_titles

TIPS = {
    "title": "The model; a click puts it into the panel above",
    "digit": "The digit that the model finds most probable",
    "confidence": "The probability of this digit, by the model's softmax",
    "milliseconds": "How long the model takes for one drawing here, the median of the last nine",
    "accuracy": "Of the 10,000 test images of MNIST, the share that the model reads right",
    "parameters": "How many numbers the model has learned",
    "vote": "Who departs from the vote: another digit, or unsure. Sorted by it, these stand first",
}
"""What the headings mean."""


class Columns:
    """Where the columns stand at the list's present width, in pixels.

    ``spans`` holds left and right edge of each column that there is room for, by its key in `SORTS`, from left to
    right: that which the rows are sorted by goes before others. ``titles`` is what to write of each title, and ``bars``
    where those begin, None without room for them.
    """

    def __init__(self, canvas: tkinter.Canvas, body: font.Font, titles: list[str], sort: str = ""):
        def sizes(**pixels: int) -> dict[str, int]:
            return {key: px(canvas, size) for key, size in pixels.items()}

        self.unit = px(canvas, 4)
        self.left, self.right = self.unit, canvas.winfo_width() - self.unit
        title = self.left + px(canvas, 14)  # behind the mark of the row in focus
        short = short_titles(titles)
        # One long title takes no column away from all the rows.
        needed = min(max(map(body.measure, short), default=0), px(canvas, 190))
        gap, room = 2 * self.unit, self.right - title - needed
        wanted = sizes(vote=58, confidence=82, bars=100, milliseconds=70, accuracy=118, parameters=98)
        widths = sizes(digit=42)
        self.is_narrow = sum(wanted[key] for key in ("confidence", "bars", "vote", "milliseconds")) > room
        if self.is_narrow:
            gap, room = self.unit, self.right - title - min(needed, px(canvas, 100))
            wanted |= sizes(confidence=76, bars=84, milliseconds=64)
        for key in sorted(wanted, key=lambda key: key != sort):
            if sum(widths.values()) + wanted[key] > room:
                break
            widths[key] = wanted[key]
        if not self.is_narrow and "bars" in widths:
            # The bars take half of what is left, within reason, and the titles the rest.
            widths["bars"] = min(widths["bars"] + (room - sum(widths.values())) // 2, px(canvas, 300))
        edge, spans = self.right, {}
        for key in ("vote", "parameters", "accuracy", "milliseconds", "bars", "confidence", "digit"):
            if key in widths:
                spans[key] = (edge - widths[key] + (2 * self.unit if key == "vote" else gap), edge)
                edge -= widths[key]
        spans["title"] = (title, edge)
        left, right = spans.pop("bars", (None, 0))
        self.bars, self.step = left, 0 if left is None else (right - left) / 10
        self.spans = dict(reversed(spans.items()))
        self.title_width = edge - title
        fits = max(map(body.measure, titles), default=0) <= self.title_width
        shown = titles if fits else [elide_middle(text, self.title_width, body) for text in short]
        self.titles = dict(zip(titles, shown, strict=True))

    def bar_centre(self, digit: int) -> float:
        """Return the x of the middle of a digit's bar."""
        return (self.bars or 0) + self.step * (digit + 0.5)

    def key_at(self, x: float) -> str | None:
        """Return the column at this x, by its key in `SORTS`."""
        return next((key for key, (left, right) in self.spans.items() if left <= x <= right), None)
