"""Where the columns of the table of answers stand."""

import tkinter
from tkinter import font

from gui.appearance import elide_middle, px
from gui.compare.board import short_titles

HEADINGS = {
    "title": "Model",
    "digit": "Digit",
    "percent": "%",
    "milliseconds": "Time",
    "accuracy": "Accuracy",
    "parameters": "Parameters",
    "agreement": "Vote",
}


class Columns:
    """Where the columns stand at the list's present width, in pixels.

    ``spans`` holds left and right edge of each column that there is room for, by its key in `HEADINGS`, from left to
    right; ``titles`` what to write of each title. ``bars`` is where those begin, None without room for them.
    """

    def __init__(self, canvas: tkinter.Canvas, body: font.Font, titles: list[str]):
        def sizes(**pixels: int) -> dict[str, int]:
            return {key: px(canvas, size) for key, size in pixels.items()}

        self.unit = px(canvas, 4)
        self.left, self.right = self.unit, canvas.winfo_width() - self.unit
        title = self.left + px(canvas, 14)  # behind the mark of the row in focus
        short = short_titles(titles)
        # One long title takes no column away from all the rows.
        needed = min(max(map(body.measure, short), default=0), px(canvas, 190))
        gap, room = 2 * self.unit, self.right - title - needed
        widths = sizes(digit=34, percent=50, bars=100, milliseconds=66, agreement=58)
        self.is_narrow = sum(widths.values()) > room
        if self.is_narrow:
            gap, room = self.unit, self.right - title - min(needed, px(canvas, 100))
            widths = sizes(digit=24, percent=45, bars=84, milliseconds=60, agreement=58)
            for key in ("bars", "percent", "milliseconds", "agreement"):
                if sum(widths.values()) > room:
                    del widths[key]
        else:
            for key, width in sizes(accuracy=80, parameters=98).items():
                if sum(widths.values()) + width > room:
                    break
                widths[key] = width
            # The bars take half of what is left, within reason, and the titles the rest.
            widths["bars"] = min(widths["bars"] + (room - sum(widths.values())) // 2, px(canvas, 300))
        edge, spans = self.right, {}
        for key in ("agreement", "parameters", "accuracy", "milliseconds", "bars", "percent", "digit"):
            if key in widths:
                spans[key] = (edge - widths[key] + (2 * self.unit if key == "agreement" else gap), edge)
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
        """Return what a click on the heading at this x sorts by."""
        key = next((key for key, (left, right) in self.spans.items() if left <= x <= right), None)
        return {"digit": "agreement", "percent": "agreement"}.get(key, key)
