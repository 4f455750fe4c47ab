"""Every compared model's answer to the drawing, a row each."""

import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, has_focus, px
from gui.compare.board import Row
from gui.compare.table_columns import TIPS, Columns
from gui.compare.table_items import HeadingItems, RowItems
from gui.widgets.scrolled import ScrolledCanvas


class AnswerTable(ScrolledCanvas):
    """Rows of title, digit, confidence, ten small bars and what departs from the vote, under a heading that stays put.

    The row of the model in focus is scrolled to when it becomes so, and when the list is sorted anew or laid out. What
    is cut in a row is shown whole beside the mouse, and what a heading means. A click on a row, or Enter after moving
    with the arrow keys, calls ``on_choose`` with the name of its model; a click on a heading calls ``on_sort`` with a
    key of ``gui.compare.board.SORTS``. ``on_aim`` is called with whether the pointer is over the table.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        on_choose: Callable[[str], None],
        on_sort: Callable[[str], None],
        on_aim: Callable[[bool], None] = lambda _is_over: None,
    ):
        super().__init__(master, 52)
        self._on_choose, self._on_sort, self._on_aim = on_choose, on_sort, on_aim
        self._sort, self._is_aimed_at = "", False
        self._rows: list[Row] = []
        self._items: dict[str, RowItems] = {}
        self._cursor: str | None = None
        self._hovered: str | None = None
        self._focus: str | None = None
        self._body = font.nametofont("ZooBody", root=self)
        self._heading = HeadingItems(self)
        self._columns = Columns(self, self._body, [])
        self.bind("<Configure>", lambda _event: self._layout())
        self.bind("<Button-1>", self._click)
        self.bind("<Motion>", self._hover)
        self.bind("<Leave>", self._hover)
        self.bind("<FocusIn>", lambda _event: self._paint())
        self.bind("<FocusOut>", lambda _event: self._paint())
        steps = {"<Up>": -1, "<Down>": 1, "<Prior>": -8, "<Next>": 8, "<Home>": -(10**6), "<End>": 10**6}
        for key, step in steps.items():
            self.bind(key, lambda _event, step=step: self._move_cursor(step))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self.bind(key, lambda _event: self._cursor and self._on_choose(self._cursor))
        self._tip = _RowTip(self, text="")

    def show(self, rows: list[Row], message: str = "") -> None:
        """Show the rows in this order; the message stands where there are none."""
        before = {row.name: row for row in self._rows}
        names = [row.name for row in rows]
        is_laid_out = self._layout_of(rows) == self._layout_of(self._rows)
        is_moved = names != list(before)
        for name in set(self._items) - set(names):
            self._items.pop(name).delete()
        for row in rows:
            if row.name not in self._items:
                self._items[row.name] = RowItems(self)
                before.pop(row.name, None)
        self._rows = rows
        if self._cursor not in self._items:
            self._cursor = names[0] if names else None
        changed = [row for row in rows if row != before.get(row.name)]
        for row in changed:
            self._items[row.name].fill(row)
        self.message = "" if rows else message
        if not is_laid_out:
            self.configure(takefocus=bool(rows))
            self._layout()
        elif is_moved:
            self._move_rows()
        if is_laid_out:
            for row in changed:
                self._items[row.name].show_answer(row, self._columns)
        if changed or is_moved:
            self._paint()
        focus = next((row.name for row in rows if row.in_focus), None)
        if focus != self._focus:
            self._focus = focus
            self._reveal_focus()

    def show_sort(self, key: str, is_descending: bool) -> None:
        """Mark the heading of the column that the rows are sorted by."""
        if self._heading.mark(key, is_descending):
            is_shown = key in self._columns.spans
            self._sort = key
            self._reveal_focus() if is_shown else self._layout()

    @property
    def rows(self) -> list[Row]:
        """The rows as shown, from top to bottom."""
        return self._rows

    @property
    def columns(self) -> list[str]:
        """The keys of `gui.compare.board.SORTS` that there is room for, from left to right."""
        return list(self._columns.spans)

    @property
    def headings(self) -> list[str]:
        """Their texts as shown, the mark of the sorted one with it."""
        return [self._heading.text(key) for key in self.columns]

    def heading_middle(self, key: str) -> tuple[int, int]:
        """Return the x and y in the window of the middle of a heading."""
        left, right = self._columns.spans[key]
        return round((left + right) / 2), self._heading.height // 2

    def row_at(self, y: int) -> Row | None:
        """Return the row at a y coordinate of the window, if any."""
        if y < self._heading.height:
            return None
        place = self.canvasy(y)
        items = ((row, self._items[row.name]) for row in self._rows)
        return next((row for row, item in items if item.top <= place < item.bottom), None)

    def row_middle(self, name: str) -> int:
        """Return the y coordinate in the window of the middle of a model's row."""
        items = self._items[name]
        return round((items.top + items.bottom) / 2 - self.canvasy(0))

    def tip_of(self, name: str) -> str:
        """Return the text beside the mouse over a model's row: what is cut in it, whole."""
        return self._items[name].tip

    def ground_of(self, name: str) -> str:
        """Return the colour behind a model's row."""
        return self._items[name].ground

    def yview(self, *args):
        """As every canvas's, and the heading stays where it is."""
        result = super().yview(*args)
        if args:
            self._heading.pin()
        return result

    # ---------------------------------------------------------------- events

    def _click(self, event: tkinter.Event) -> None:
        self.focus_set()
        self._tip.leave()
        if event.y < self._heading.height:
            key = self._columns.key_at(event.x)
            if key:
                self._on_sort(key)
            return
        row = self.row_at(event.y)
        if row is not None:
            self._cursor = row.name
            self._on_choose(row.name)

    def _hover(self, event: tkinter.Event) -> None:
        is_there = event.type is tkinter.EventType.Motion
        if is_there != self._is_aimed_at:
            self._is_aimed_at = is_there
            self._on_aim(is_there)
        row = self.row_at(event.y) if is_there else None
        name = row.name if row else None
        key = self._columns.key_at(event.x) if is_there and event.y < self._heading.height else None
        self.configure(cursor="hand2" if name or key else "")
        if name != self._hovered:
            self._hovered = name
            self._paint()
        self._tip.set_text(self.tip_of(name) if name else TIPS.get(key, ""))

    def _move_cursor(self, step: int) -> str:
        names = [row.name for row in self._rows]
        if names:
            self._cursor = names[min(max(names.index(self._cursor) + step, 0), len(names) - 1)]
            self._paint()
            self._reveal(self._items[self._cursor])
        return "break"

    def _reveal(self, items: RowItems) -> None:
        """Scroll to a row so that another, or it itself, is whole beneath the heading."""
        top, heading = self.canvasy(0), self._heading.height + 1
        below = items.bottom - self.winfo_height()
        if items.top < top + heading:
            self.scroll(items.top - heading - top)
        elif below > top:
            starts = sorted(other.top - heading for other in self._items.values())
            self.scroll(next((start for start in starts if start >= below), below) - top)

    def _reveal_focus(self) -> None:
        # Before it has a size there is nowhere to scroll to.
        if self._focus in self._items and self.winfo_height() > self._heading.height:
            self._reveal(self._items[self._focus])

    # ---------------------------------------------------------------- drawing

    @staticmethod
    def _layout_of(rows: list[Row]) -> set[tuple]:
        """Return the rows in a form that is equal where columns and heights are: their order does not matter."""
        return {(row.name, row.title, row.error) for row in rows}

    def _layout(self) -> None:
        self._columns = columns = Columns(self, self._body, [row.title for row in self._rows], self._sort)
        top = self._heading.place(columns)
        for row in self._rows:
            self._items[row.name].place(row, columns)
        self._move_rows()
        bottom = max((items.bottom for items in self._items.values()), default=top)
        is_higher = bottom > self.winfo_height()
        self.set_bottom(bottom + is_higher * px(self, 23), heading=top)  # so that also at the end a row begins on top
        self._heading.pin()
        self._paint()
        self._reveal_focus()

    def _move_rows(self) -> None:
        top: float = self._heading.height + 1
        for row in self._rows:
            top = self._items[row.name].move_to(top)

    def _paint(self) -> None:
        is_in_focus = has_focus(self)
        for row in self._rows:
            if row.differs:
                ground = PALETTE.warning_ground
            elif row.in_focus:
                ground = PALETTE.accent_ground
            else:
                ground = PALETTE.hover_ground if row.name == self._hovered else PALETTE.paper
            self._items[row.name].paint(ground, PALETTE.accent if is_in_focus and row.name == self._cursor else "")


class _RowTip(ttk.ToolTip):
    """A tip with the text of the row beneath the mouse, and none where there is no text."""

    def set_text(self, text: str) -> None:
        """Show this text, a moment from now, in place of the one before."""
        if text != self.text:
            self.leave()
            self.text = text
            self.schedule()

    def show_tip(self, *args) -> None:
        """Show the tip, where there is a text."""
        if self.text:
            super().show_tip(*args)
