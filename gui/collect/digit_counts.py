"""How many drawings there are of each digit."""

import tkinter
from collections.abc import Callable
from tkinter import font

from gui.appearance import PALETTE, has_focus, px


class DigitCounts(tkinter.Canvas):
    """A column a digit, with its count, a bar and its name, after one for all; one of them is chosen.

    A click, or Left and Right with the keyboard, calls ``on_choose`` with the digit, or with None for all.
    """

    def __init__(self, master: tkinter.Misc, on_choose: Callable[[int | None], None]):
        super().__init__(
            master, background=PALETTE.paper, highlightthickness=0, takefocus=True, width=1, height=px(master, 78)
        )
        self._on_choose = on_choose
        self._counts = [0] * 10
        self._chosen: int | None = None
        self._hovered: int | None = None  # a column
        self._columns = [_Column(self, column) for column in range(11)]
        self.bind("<Configure>", lambda _event: self._layout())
        self.bind("<Button-1>", self._click)
        self.bind("<Motion>", lambda event: self._hover(self._column_at(event.x)))
        self.bind("<Leave>", lambda _event: self._hover(None))
        self.bind("<FocusIn>", lambda _event: self._paint())
        self.bind("<FocusOut>", lambda _event: self._paint())
        for key, step in (("Left", -1), ("Right", 1), ("Home", -10), ("End", 10)):
            self.bind(f"<{key}>", lambda _event, step=step: self._move(step))

    def show(self, counts: list[int], chosen: int | None, asked: int | None) -> None:
        """Show ten counts, which digit is chosen (None: all), and which is asked for."""
        self._counts, self._chosen = list(counts), chosen
        for column in self._columns:
            column.fill(sum(counts) if column.digit is None else counts[column.digit], column.digit == asked)
        self._layout()
        self._paint()

    @property
    def texts(self) -> list[str]:
        """The counts as shown, that of all first."""
        return [column.text for column in self._columns]

    def middle_of(self, digit: int | None) -> int:
        """Return the x coordinate of the middle of a column."""
        left, right = self._edges(0 if digit is None else digit + 1)
        return round((left + right) / 2)

    # ---------------------------------------------------------------- events

    def _click(self, event: tkinter.Event) -> None:
        self.focus_set()
        self._on_choose(self._columns[self._column_at(event.x)].digit)

    def _move(self, step: int) -> str:
        column = 0 if self._chosen is None else self._chosen + 1
        self._on_choose(self._columns[min(max(column + step, 0), 10)].digit)
        return "break"

    def _hover(self, column: int | None) -> None:
        if column != self._hovered:
            self._hovered = column
            self.configure(cursor="" if column is None else "hand2")
            self._paint()

    # ---------------------------------------------------------------- drawing

    def _edges(self, column: int) -> tuple[float, float]:
        """Return left and right of a column; that of all is half as wide again."""
        step = self.winfo_width() / 11.5
        left = 0.0 if column == 0 else (column + 0.5) * step
        return left, left + step * (1.5 if column == 0 else 1)

    def _column_at(self, x: int) -> int:
        return next((column for column in range(10) if x < self._edges(column)[1]), 10)

    def _layout(self) -> None:
        most = max(*self._counts, 1)
        for index, column in enumerate(self._columns):
            share = 0.0 if column.digit is None else self._counts[column.digit] / most
            column.place(*self._edges(index), self.winfo_height(), share)

    def _paint(self) -> None:
        is_in_focus = has_focus(self)
        for index, column in enumerate(self._columns):
            is_chosen = column.digit == self._chosen
            ground = PALETTE.hover_ground if index == self._hovered else PALETTE.paper
            column.paint(
                PALETTE.accent_ground if is_chosen else ground, PALETTE.accent if is_chosen and is_in_focus else ""
            )


class _Column:
    """The canvas items of one column."""

    def __init__(self, canvas: DigitCounts, index: int):
        self.canvas = canvas
        self.digit = index - 1 if index else None
        self._ground = canvas.create_rectangle(0, 0, 0, 0, width=0)
        self._bar = canvas.create_rectangle(0, 0, 0, 0, width=0)
        self._count = canvas.create_text(0, 0, font="ZooSmall", fill=PALETTE.muted)
        name = "All" if self.digit is None else self.digit
        self._name = canvas.create_text(0, 0, text=name, font="ZooStrong", fill=PALETTE.text)

    @property
    def text(self) -> str:
        """The count as shown."""
        return self.canvas.itemcget(self._count, "text")

    def fill(self, count: int, is_asked: bool) -> None:
        """Set the count."""
        self.canvas.itemconfigure(self._count, text=f"{count:,}", fill=PALETTE.text)
        self.canvas.itemconfigure(self._bar, fill=PALETTE.accent if is_asked else PALETTE.quiet_bar)

    def place(self, left: float, right: float, height: int, share: float) -> None:
        """Put the column between two edges; ``share`` is the height of its bar, 0..1."""
        canvas, line, unit = self.canvas, px(self.canvas, 17), px(self.canvas, 3)
        middle, base = (left + right) / 2, height - line - unit
        half = min((right - left) * 0.3, px(canvas, 12))
        top = base - max(round(share * (base - line - 2 * unit)), px(canvas, 2))
        canvas.coords(self._ground, round(left) + 1, 0, round(right) - 2, height - 1)
        canvas.coords(self._bar, round(middle - half), top, round(middle + half), base)
        canvas.coords(self._name, middle, height - line / 2 - unit / 2)
        canvas.coords(self._count, middle, top - line / 2)
        fonts = ("ZooName", "ZooStrong", "ZooSmall", "ZooTiny") if self.digit is None else ("ZooSmall", "ZooTiny")
        fitting = (name for name in fonts if font.nametofont(name, canvas).measure(self.text) < right - left)
        canvas.itemconfigure(self._count, font=next(fitting, fonts[-1]))
        if self.digit is None:
            canvas.itemconfigure(self._bar, state="hidden")
            canvas.coords(self._count, middle, (height - line) / 2)

    def paint(self, ground: str, outline: str) -> None:
        """Set the ground, and the outline that shows where the keyboard is."""
        self.canvas.itemconfigure(self._ground, fill=ground, outline=outline, width=1 if outline else 0)
