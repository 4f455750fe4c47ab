"""Every compared model's answer to the drawing, a row each."""

import tkinter
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import font

from gui.appearance import PALETTE, elide, px
from gui.session import Answer


@dataclass(frozen=True)
class Row:
    """What one row shows: an answer, or a short state such as ``"loading…"``, or an error of one sentence."""

    name: str
    title: str
    parameters: int = 0
    answer: Answer | None = None
    sign: str = ""
    in_focus: bool = False
    state: str = ""
    error: str = ""


class ComparisonList(tkinter.Canvas):
    """Rows of title, digit, confidence, ten small bars and the sign of agreement, under a heading that stays put.

    A click on a row, or Enter after moving with the arrow keys, calls ``on_choose`` with the name of its model.
    """

    def __init__(self, master: tkinter.Misc, on_choose: Callable[[str], None]):
        super().__init__(
            master,
            background=PALETTE.paper,
            highlightthickness=0,
            takefocus=True,
            width=1,
            height=1,
            yscrollincrement=1,
        )
        self._on_choose = on_choose
        self._rows: list[Row] = []
        self._items: list[_RowItems] = []
        self._cursor: str | None = None
        self._hovered: str | None = None
        self._body = font.nametofont("ZooBody", root=self)
        self._message = self.create_text(0, 0, font="ZooBody", fill=PALETTE.muted, justify="center")
        self._heading = _HeadingItems(self)
        self.bind("<Configure>", lambda _event: self._layout())
        self.bind("<Button-1>", self._click)
        self.bind("<Motion>", self._hover)
        self.bind("<Leave>", self._hover)
        self.bind("<FocusIn>", lambda _event: self._paint())
        self.bind("<FocusOut>", lambda _event: self._paint())
        self.bind("<Up>", lambda _event: self._move_cursor(-1))
        self.bind("<Down>", lambda _event: self._move_cursor(1))
        self.bind("<Home>", lambda _event: self._move_cursor(-len(self._rows)))
        self.bind("<End>", lambda _event: self._move_cursor(len(self._rows)))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: self._cursor and self._on_choose(self._cursor))
        self.bind("<MouseWheel>", lambda event: self._scroll(-event.delta))
        self.bind("<Button-4>", lambda _event: self._scroll(-1))
        self.bind("<Button-5>", lambda _event: self._scroll(1))

    def show(self, rows: list[Row], message: str = "") -> None:
        """Show the rows; the message stands where there are none."""
        while len(self._items) < len(rows):
            self._items.append(_RowItems(self))
        while len(self._items) > len(rows):
            self._items.pop().delete()
        names = [row.name for row in rows]
        if self._cursor not in names:
            self._cursor = names[0] if names else None
        moved = [(row.name, row.error, row.title) for row in rows] != [(r.name, r.error, r.title) for r in self._rows]
        changed = [index for index, row in enumerate(rows) if moved or row != self._rows[index]]
        self._rows = rows
        for index in changed:
            self._items[index].fill(rows[index])
        self.itemconfigure(self._message, text="" if rows else message)
        if moved:
            self._layout()
        elif changed:
            columns = self._columns()
            for index in changed:
                self._items[index].move_bars(rows[index], columns)
            self._paint()

    @property
    def rows(self) -> list[Row]:
        """The rows as shown, from top to bottom."""
        return self._rows

    def row_at(self, y: int) -> Row | None:
        """The row at a y coordinate of the window, if any."""
        y = self.canvasy(y)
        if y < self.canvasy(0) + self._heading.height:
            return None
        for row, items in zip(self._rows, self._items, strict=True):
            if items.top <= y < items.bottom:
                return row
        return None

    def row_middle(self, name: str) -> int:
        """The y coordinate in the window of the middle of a model's row."""
        items = self._items[[row.name for row in self._rows].index(name)]
        return round((items.top + items.bottom) / 2 - self.canvasy(0))

    def yview(self, *args):
        """As every canvas's, and the heading stays where it is."""
        result = super().yview(*args)
        if args:
            self._heading.pin()
        return result

    # ---------------------------------------------------------------- events

    def _click(self, event: tkinter.Event) -> None:
        self.focus_set()
        row = self.row_at(event.y)
        if row is not None:
            self._cursor = row.name
            self._on_choose(row.name)

    def _hover(self, event: tkinter.Event) -> None:
        row = self.row_at(event.y) if event.type is tkinter.EventType.Motion else None
        name = row.name if row else None
        if name != self._hovered:
            self._hovered = name
            self.configure(cursor="hand2" if name else "")
            self._paint()

    def _move_cursor(self, step: int) -> str:
        names = [row.name for row in self._rows]
        if names:
            index = min(max(names.index(self._cursor) + step, 0), len(names) - 1)
            self._cursor = names[index]
            self._paint()
            self._reveal(self._items[index])
        return "break"

    def _reveal(self, items: "_RowItems") -> None:
        top, bottom = self.canvasy(0) + self._heading.height, self.canvasy(self.winfo_height())
        if items.top < top:
            self._scroll_pixels(items.top - top)
        elif items.bottom > bottom:
            self._scroll_pixels(items.bottom - bottom)

    def _scroll(self, direction: int) -> str:
        self._scroll_pixels(px(self, 48) * (1 if direction > 0 else -1))
        return "break"

    def _scroll_pixels(self, pixels: float) -> None:
        if self.yview() != (0.0, 1.0):  # a canvas would scroll even what fits
            self.yview("scroll", round(pixels), "units")

    # ---------------------------------------------------------------- drawing

    def _layout(self) -> None:
        columns = self._columns()
        top = self._heading.place(columns)
        self.coords(self._message, self.winfo_width() / 2, (self.winfo_height() + top) / 2)
        self.itemconfigure(self._message, width=max(self.winfo_width() - px(self, 48), 1))
        for row, items in zip(self._rows, self._items, strict=True):
            top = items.place(row, columns, top, self._body)
        self.configure(scrollregion=(0, 0, self.winfo_width(), max(top, self.winfo_height())))
        if top <= self.winfo_height():
            self.yview("moveto", 0)
        self._heading.pin()
        for row, items in zip(self._rows, self._items, strict=True):
            items.move_bars(row, columns)
        self._paint()

    def _columns(self) -> "_Columns":
        return _Columns(self, max((self._body.measure(row.title) for row in self._rows), default=0))

    def _paint(self) -> None:
        has_focus = self.focus_get() is self
        for row, items in zip(self._rows, self._items, strict=True):
            ground = PALETTE.hover_ground if row.name == self._hovered else PALETTE.paper
            items.paint(
                PALETTE.accent_ground if row.in_focus else ground,
                PALETTE.accent if has_focus and row.name == self._cursor else "",
            )


class _Columns:
    """Where the columns stand at the list's present width, in pixels."""

    def __init__(self, canvas: tkinter.Canvas, longest_title: int):
        self.unit = px(canvas, 4)
        self.left, self.right = 2 * self.unit, canvas.winfo_width() - 2 * self.unit
        self.sign = self.right - px(canvas, 62)
        numbers = px(canvas, 88)
        # The bars take what the titles leave, within reason.
        spare = self.sign - self.left - longest_title - numbers - 10 * self.unit
        bars = min(max(spare, px(canvas, 110)), px(canvas, 360))
        self.bars = self.sign - 3 * self.unit - bars
        self.step = bars / 10
        self.percent = self.bars - 3 * self.unit  # right edge
        self.digit = self.percent - px(canvas, 54)  # centre
        self.title_width = self.digit - px(canvas, 16) - self.left
        self.has_parameters = self.title_width - longest_title > px(canvas, 120)
        self.parameters = self.digit - px(canvas, 48)  # right edge

    def bar_centre(self, digit: int) -> float:
        """The x of the middle of a digit's bar."""
        return self.bars + self.step * (digit + 0.5)


class _HeadingItems:
    """The canvas items of the heading."""

    def __init__(self, canvas: ComparisonList):
        self.canvas = canvas
        self.height = px(canvas, 26)
        self._pinned_at = 0.0
        text = {"font": "ZooSmall", "fill": PALETTE.muted, "tags": "heading"}
        self._ground = canvas.create_rectangle(0, 0, 0, 0, width=0, fill=PALETTE.paper, tags="heading")
        self._line = canvas.create_line(0, 0, 0, 0, fill=PALETTE.line, tags="heading")
        self._model = canvas.create_text(0, 0, text="Model", anchor="w", **text)
        self._parameters = canvas.create_text(0, 0, text="Parameters", anchor="e", **text)
        self._digit = canvas.create_text(0, 0, text="Digit", **text)
        self._percent = canvas.create_text(0, 0, text="%", anchor="e", **text)
        self._labels = [canvas.create_text(0, 0, text=digit, **text) for digit in range(10)]

    def place(self, columns: _Columns) -> int:
        """Put the heading at the top of the canvas; return where the rows begin."""
        canvas, middle = self.canvas, self.height / 2
        canvas.coords(self._ground, 0, 0, canvas.winfo_width(), self.height)
        canvas.coords(self._line, columns.left, self.height, columns.right, self.height)
        canvas.coords(self._model, columns.left, middle)
        canvas.coords(self._parameters, columns.parameters, middle)
        canvas.itemconfigure(self._parameters, state="normal" if columns.has_parameters else "hidden")
        canvas.coords(self._digit, columns.digit, middle)
        canvas.coords(self._percent, columns.percent, middle)
        for digit, item in enumerate(self._labels):
            canvas.coords(item, columns.bar_centre(digit), middle)
        self._pinned_at = 0.0
        return self.height + 1

    def pin(self) -> None:
        """Move the heading to the top of what is visible."""
        top = self.canvas.canvasy(0)
        self.canvas.move("heading", 0, top - self._pinned_at)
        self._pinned_at = top
        self.canvas.tag_raise("heading")


class _RowItems:
    """The canvas items of one row."""

    def __init__(self, canvas: ComparisonList):
        self.canvas = canvas
        self.top = self.bottom = 0.0
        self._ground = canvas.create_rectangle(0, 0, 0, 0, width=0)
        self._line = canvas.create_line(0, 0, 0, 0, fill=PALETTE.line)
        self._title = canvas.create_text(0, 0, anchor="w", font="ZooBody", fill=PALETTE.text)
        self._parameters = canvas.create_text(0, 0, anchor="e", font="ZooBody", fill=PALETTE.muted)
        self._digit = canvas.create_text(0, 0, font="ZooName")
        self._percent = canvas.create_text(0, 0, anchor="e", font="ZooBody", fill=PALETTE.text)
        self._bars = [canvas.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._sign = canvas.create_text(0, 0, anchor="w")
        self._note = canvas.create_text(0, 0, anchor="nw", font="ZooSmall")  # a state or an error
        self._all = [self._ground, self._line, self._title, self._parameters, self._digit, self._percent, *self._bars]
        self._all += [self._sign, self._note]

    def fill(self, row: Row) -> None:
        """Set the texts and colours."""
        set_item = self.canvas.itemconfigure
        answer = row.answer if not row.error else None
        differs = row.sign.startswith("says")
        accent = PALETTE.warning if differs else PALETTE.text
        set_item(self._digit, text="" if answer is None else answer.digit, fill=accent)
        set_item(self._percent, text="" if answer is None else f"{answer.confidence * 100:.1f}")
        set_item(
            self._sign,
            text="" if row.error else "in focus" if row.in_focus else row.sign,
            font="ZooStrong" if differs else "ZooBody",
            fill=PALETTE.warning if differs else PALETTE.accent if row.in_focus else PALETTE.muted,
        )
        note = row.error or ("" if answer is not None else row.state)
        set_item(self._note, text=note, fill=PALETTE.warning if row.error else PALETTE.muted)
        for digit, bar in enumerate(self._bars):
            chosen = answer is not None and digit == answer.digit
            colour = (PALETTE.warning_bar if differs else PALETTE.accent) if chosen else PALETTE.quiet_bar
            set_item(bar, fill=colour, state="normal" if answer is not None else "hidden")

    def place(self, row: Row, columns: _Columns, top: float, title_font: font.Font) -> float:
        """Put the row at ``top``; return where the next one begins."""
        canvas, unit = self.canvas, columns.unit
        height = px(canvas, 32)
        note_left = columns.digit - px(canvas, 14)
        canvas.itemconfigure(self._note, width=max(columns.right - note_left, 1))
        left, upper, _, lower = canvas.bbox(self._note) or (0, 0, 0, 0)
        if row.error:
            height = max(height, lower - upper + 2 * unit)  # the sentence is shown whole, however long
        self.top, self.bottom = top, top + height
        middle = top + height / 2
        canvas.coords(self._ground, 0, top + 1, canvas.winfo_width() - 1, self.bottom - 1)
        canvas.coords(self._line, columns.left, self.bottom, columns.right, self.bottom)
        canvas.coords(self._title, columns.left, middle)
        canvas.itemconfigure(self._title, text=elide(row.title, columns.title_width, title_font))
        canvas.coords(self._parameters, columns.parameters, middle)
        is_shown = columns.has_parameters and row.parameters and not row.error
        canvas.itemconfigure(self._parameters, text=f"{row.parameters:,}" if is_shown else "")
        canvas.coords(self._digit, columns.digit, middle)
        canvas.coords(self._percent, columns.percent, middle)
        canvas.coords(self._sign, columns.sign, middle)
        note_height = lower - upper if row.error else title_font.metrics("linespace")
        canvas.coords(self._note, note_left, middle - note_height / 2)
        return self.bottom

    def move_bars(self, row: Row, columns: _Columns) -> None:
        """Set the heights of the ten bars."""
        base, room = self.bottom - columns.unit, self.bottom - self.top - 2 * columns.unit
        for digit, bar in enumerate(self._bars):
            value = row.answer.probabilities[digit] if row.answer is not None else 0.0
            centre, half = columns.bar_centre(digit), columns.step * 0.36
            height = max(value * room, 1.0)
            self.canvas.coords(bar, round(centre - half), round(base - height), round(centre + half), round(base))

    def paint(self, ground: str, outline: str) -> None:
        """Set the ground, and the outline that shows where the keyboard is."""
        self.canvas.itemconfigure(self._ground, fill=ground, outline=outline, width=1 if outline else 0)

    def delete(self) -> None:
        """Remove the row from the canvas."""
        self.canvas.delete(*self._all)
