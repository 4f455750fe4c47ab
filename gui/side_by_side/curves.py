"""How the confidence of each model runs along a change of the drawing."""

import tkinter
from collections.abc import Callable
from tkinter import font

import numpy as np
from PIL import Image, ImageTk

from gui.appearance import PALETTE, elide, focus_ring, px
from gui.numbers import a_digit, percent
from gui.side_by_side.state import Curve
from gui.worker.messages import Sweep
from zoo.changes import CHANGES, Change

NOTHING = "Draw a digit, then move a slider: here you see how far each model follows."


class CurveChart(tkinter.Canvas):
    """A curve for each model, the changed images beneath, and at the right how far each reads the digit.

    Args:
        master: of the canvas.
        on_level: called with a level that was chosen, by a click, by dragging or by an arrow key.
        on_choose: called with the name of the model whose line in the list was clicked.
    """

    def __init__(self, master: tkinter.Misc, on_level: Callable[[float], None], on_choose: Callable[[str], None]):
        super().__init__(
            master,
            background=PALETTE.paper,
            **focus_ring(master),
            width=1,
            height=1,
            takefocus=True,
        )
        self._on_level, self._on_choose = on_level, on_choose
        self._sweep: Sweep | None = None
        self._curves: list[Curve] = []
        self._colours: dict[str, str] = {}
        self._level, self._target = 0.0, 0
        self._pointed = ""  # the model whose curve stands out
        self._rows: list[Curve] = []  # those of the list that have room
        self._photos: dict[str, ImageTk.PhotoImage] = {}  # as Tk knows them only while Python does
        self._fonts = {name: font.nametofont(name, root=self) for name in ("ZooSmall", "ZooTiny", "ZooStrong")}
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<Motion>", lambda event: self._point(self._curve_at(event.x, event.y)))
        self.bind("<Leave>", lambda _event: self._point(""))
        self.bind("<Button-1>", self._click)
        self.bind("<B1-Motion>", lambda event: self._drag(event.x))
        for key, step in (("<Left>", -1), ("<Right>", 1)):
            self.bind(key, lambda _event, step=step: self._step(step))

    def show(
        self, sweep: Sweep | None, curves: list[Curve], level: float, names: list[str], target: int | None
    ) -> None:
        """Show the curves of a sweep, those of these one or two models in colour, and a line at the level."""
        colours = dict(zip(names, (PALETTE.accent, PALETTE.warning_bar), strict=False))
        is_same = sweep is self._sweep and colours == self._colours and target == self._target
        self._sweep, self._curves, self._colours, self._target = sweep, curves, colours, target or 0
        if not is_same:
            self._level = level
            self._draw()
        elif level != self._level:
            self._level = level
            self._draw_cursor()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The list at the right as shown: title, and how far the model reads the digit."""
        return [(curve.title, self._reach(curve)) for curve in self._rows]

    def x_of(self, level: float) -> float:
        """Return where a level stands."""
        first, last = self._change.levels[0], self._change.levels[-1]
        return self._left + (level - first) / (last - first) * (self._right - self._left)

    # ---------------------------------------------------------------- events

    @property
    def _change(self) -> Change:
        return CHANGES[self._sweep.name if self._sweep else "right"]

    def _click(self, event: tkinter.Event) -> None:
        self.focus_set()
        if event.x <= self._right + px(self, 6):
            self._choose_level(event.x)
        elif name := self._curve_at(event.x, event.y):
            self._on_choose(name)

    def _drag(self, x: int) -> None:
        if x <= self._right + px(self, 6):
            self._choose_level(x)

    def _choose_level(self, x: int) -> None:
        if self._sweep is not None and self._curves:
            levels = self._change.levels
            self._on_level(min(levels, key=lambda level: abs(self.x_of(level) - x)))

    def _step(self, step: int) -> str:
        if self._sweep is not None:
            self._on_level(self._level + step * self._change.step)
        return "break"

    def _curve_at(self, x: int, y: int) -> str:
        """Return the model in whose line of the list, or on whose curve, the pointer is."""
        if not self._curves or self._sweep is None:
            return ""
        if x > self._right + px(self, 6):
            row = int((y - self._top) // self._row)
            return self._rows[row].name if 0 <= row < len(self._rows) else ""
        levels = self._change.levels
        place = [self.x_of(level) for level in levels]
        distance, name = min(
            (abs(self._y_of(float(np.interp(x, place, curve.confidence))) - y), curve.name) for curve in self._curves
        )
        return name if distance < px(self, 6) else ""

    def _point(self, name: str) -> None:
        if name != self._pointed:
            self._pointed = name
            self._draw()

    # ---------------------------------------------------------------- drawing

    def _y_of(self, confidence: float) -> float:
        return self._bottom - confidence * (self._bottom - self._top)

    def _measure(self) -> None:
        width, height = self.winfo_width(), self.winfo_height()
        self._row = px(self, 16)
        self._side = px(self, 28)
        self._top = px(self, 30)
        self._left = self._fonts["ZooTiny"].measure("100 %") + px(self, 14)
        has_list = width >= px(self, 430)
        self._right = width - px(self, 12) - (min(px(self, 280), round(0.45 * width)) if has_list else 0)
        self._strip = height - self._side - px(self, 6)
        self._bottom = self._strip - px(self, 24)

    def _draw(self) -> None:
        self.delete("all")
        if self.winfo_width() == 1:
            return  # it has no place yet
        self._measure()
        self._rows = []
        if self._sweep is None or not self._curves:
            middle = self.winfo_width() / 2, self.winfo_height() / 2
            wide = max(self.winfo_width() - px(self, 32), 1)
            self.create_text(middle, text=NOTHING, font="ZooBody", fill=PALETTE.muted, width=wide, justify="center")
            return
        self._draw_axes()
        quiet = [curve for curve in self._curves if curve.name not in self._colours and curve.name != self._pointed]
        loud = [curve for curve in self._curves if curve not in quiet]
        for curve in quiet + loud:
            points = [
                at
                for level, confidence in zip(self._change.levels, curve.confidence.tolist(), strict=True)
                for at in (self.x_of(level), self._y_of(confidence))
            ]
            colour = self._colour(curve)
            self.create_line(*points, fill=colour, width=px(self, 1 if curve in quiet else 2.5), joinstyle="round")
        self._draw_list()
        self._draw_strip()
        self._draw_cursor()

    def _colour(self, curve: Curve) -> str:
        is_pointed = curve.name == self._pointed
        return self._colours.get(curve.name, PALETTE.text if is_pointed else PALETTE.quiet_bar)

    def _draw_axes(self) -> None:
        room = self._right - self._left
        title = elide(f"Confidence that this is {a_digit(self._target)}", room, self._fonts["ZooStrong"])
        self.create_text(
            self._left, self._top / 2 - px(self, 2), text=title, anchor="w", font="ZooStrong", fill=PALETTE.text
        )
        for share in (0, 0.5, 1):
            y = self._y_of(share)
            self.create_line(self._left, y, self._right, y, fill=PALETTE.line)
            self.create_text(
                self._left - px(self, 6), y, text=percent(share, 0), anchor="e", font="ZooTiny", fill=PALETTE.muted
            )
        neutral = self.x_of(self._change.neutral)
        self.create_line(neutral, self._top, neutral, self._bottom, fill=PALETTE.line)

    def _draw_list(self) -> None:
        left, right = self._right + px(self, 26), self.winfo_width() - px(self, 12)
        if right - left < px(self, 60):
            return
        small = self._fonts["ZooSmall"]
        middle = self._top / 2 - px(self, 2)
        heading = elide(f"Reads {self._target} from … to …", right - left, small)
        self.create_text(right, middle, text=heading, anchor="e", font="ZooSmall", fill=PALETTE.muted)
        count = max((self.winfo_height() - self._top - px(self, 4)) // self._row, 2)
        self._rows = self._curves
        if len(self._rows) > count:  # the two stay in sight
            others = [curve for curve in self._curves if curve.name not in self._colours]
            kept = {curve.name for curve in others[: count - len(self._colours)]} | self._colours.keys()
            self._rows = [curve for curve in self._curves if curve.name in kept]
        for number, curve in enumerate(self._rows):
            y = self._top + (number + 0.5) * self._row
            is_loud = curve.name in self._colours or curve.name == self._pointed
            if curve.name == self._pointed:
                upper = self._top + number * self._row
                box = left - px(self, 4), upper, self.winfo_width(), upper + self._row
                self.create_rectangle(*box, width=0, fill=PALETTE.hover_ground)
            self.create_line(
                left, y, left + px(self, 12), y, fill=self._colour(curve), width=px(self, 3 if is_loud else 1)
            )
            reach = self._reach(curve)
            colour = PALETTE.text if is_loud else PALETTE.muted
            start = left + px(self, 18)
            title = elide(curve.title, right - start - small.measure(reach) - px(self, 8), small)
            self.create_text(start, y, text=title, anchor="w", font="ZooSmall", fill=colour)
            self.create_text(right, y, text=reach, anchor="e", font="ZooSmall", fill=colour)

    def _reach(self, curve: Curve) -> str:
        if curve.span is None:
            return "nowhere"
        change = self._change
        if curve.span == (change.levels[0], change.levels[-1]):
            return "everywhere"
        return " … ".join(change.text(level).removesuffix(change.unit) for level in curve.span) + change.unit

    def _draw_strip(self) -> None:
        """Draw the changed images, as many as have room, each beneath its level."""
        levels = self._change.levels
        apart = (self._right - self._left) / (len(levels) - 1)
        step = int(-(-(self._side + px(self, 3)) // apart))
        neutral = levels.index(self._change.neutral)
        shown = range(neutral % step, len(levels), step)
        strip = Image.new("RGB", (round(self._right - self._left) + self._side, self._side), PALETTE.paper)
        for index in shown:
            strip.paste(self._tile(index), (round(self.x_of(levels[index]) - self._left), 0))
            self.create_text(
                self.x_of(levels[index]),
                (self._bottom + self._strip) / 2,
                text=self._change.text(levels[index]).removesuffix(self._change.unit),
                font="ZooTiny",
                fill=PALETTE.muted,
            )
        self._photos["strip"] = ImageTk.PhotoImage(strip, master=self)
        self.create_image(self._left - self._side / 2, self._strip, image=self._photos["strip"], anchor="nw")

    def _tile(self, index: int) -> Image.Image:
        side = self._side, self._side
        return Image.fromarray(self._sweep.images[index]).resize(side, Image.Resampling.NEAREST)

    def _draw_cursor(self) -> None:
        self.delete("cursor")
        if self._sweep is None or not self._curves:
            return
        x, tags, half = self.x_of(self._level), "cursor", self._side / 2
        levels = self._change.levels
        index = levels.index(self._level) if self._level in levels else levels.index(self._change.neutral)
        self.create_line(x, self._top, x, self._strip, fill=PALETTE.text, width=px(self, 1), dash=(4, 3), tags=tags)
        self._photos["tile"] = ImageTk.PhotoImage(self._tile(index), master=self)
        self.create_image(x - half, self._strip, image=self._photos["tile"], anchor="nw", tags=tags)
        box = x - half, self._strip, x + half, self._strip + self._side
        self.create_rectangle(*box, outline=PALETTE.accent, width=px(self, 2), tags=tags)
        radius = px(self, 4)
        for curve in self._curves:
            if curve.name in self._colours:
                y = self._y_of(float(curve.confidence[index]))
                around = x - radius, y - radius, x + radius, y + radius
                self.create_oval(*around, fill=self._colours[curve.name], outline=PALETTE.paper, tags=tags)
