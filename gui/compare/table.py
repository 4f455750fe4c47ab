"""Every compared model's answer to the drawing, a row each."""

import re
import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, elide_lines, elide_middle, has_focus, px
from gui.compare.board import Row
from gui.widgets.scrolled import ScrolledCanvas

HEADINGS = {
    "title": "Model",
    "digit": "Digit",
    "percent": "%",
    "milliseconds": "Time",
    "accuracy": "Accuracy",
    "parameters": "Parameters",
    "agreement": "Vote",
}


class ComparisonList(ScrolledCanvas):
    """Rows of title, digit, confidence, ten small bars and the sign of agreement, under a heading that stays put.

    Accuracy and parameters are there where there is room; where there is little, ``"✓"`` stands for ``"agrees"``, and
    where there is none the bars go first, then the confidence, the time and the sign. The row of the model in focus is
    scrolled to when it becomes so, and when the list is sorted anew or laid out. What is cut in a row is told whole
    beside the mouse. A click on a row, or Enter after moving with the arrow keys, calls ``on_choose`` with the name of
    its model; a click on a heading calls ``on_sort`` with a key of ``gui.compare.board.SORTS``.
    """

    def __init__(self, master: tkinter.Misc, on_choose: Callable[[str], None], on_sort: Callable[[str], None]):
        super().__init__(master, 52)
        self._on_choose, self._on_sort = on_choose, on_sort
        self._rows: list[Row] = []
        self._items: dict[str, _RowItems] = {}
        self._cursor: str | None = None
        self._hovered: str | None = None
        self._focus: str | None = None
        self._body = font.nametofont("ZooBody", root=self)
        self._heading = _HeadingItems(self)
        self._columns = _Columns(self, self._body, [])
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
                self._items[row.name] = _RowItems(self)
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
            self._reveal_focus()

    @property
    def rows(self) -> list[Row]:
        """The rows as shown, from top to bottom."""
        return self._rows

    @property
    def columns(self) -> list[str]:
        """The keys of `HEADINGS` that there is room for, from left to right."""
        return list(self._columns.spans)

    @property
    def headings(self) -> list[str]:
        """Their texts as shown, the mark of the sorted one with it."""
        return [self._heading.text(key) for key in self.columns]

    def heading_middle(self, key: str) -> tuple[int, int]:
        """The x and y in the window of the middle of a heading."""
        left, right = self._columns.spans[key]
        return round((left + right) / 2), self._heading.height // 2

    def row_at(self, y: int) -> Row | None:
        """The row at a y coordinate of the window, if any."""
        if y < self._heading.height:
            return None
        y = self.canvasy(y)
        return next((row for row in self._rows if self._items[row.name].top <= y < self._items[row.name].bottom), None)

    def row_middle(self, name: str) -> int:
        """The y coordinate in the window of the middle of a model's row."""
        items = self._items[name]
        return round((items.top + items.bottom) / 2 - self.canvasy(0))

    def tip_of(self, name: str) -> str:
        """What is told beside the mouse over a model's row: what is cut in it, whole."""
        return self._items[name].tip

    def ground_of(self, name: str) -> str:
        """The colour behind a model's row."""
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
        row = self.row_at(event.y) if is_there else None
        name = row.name if row else None
        is_sorter = is_there and event.y < self._heading.height and self._columns.key_at(event.x)
        self.configure(cursor="hand2" if name or is_sorter else "")
        if name != self._hovered:
            self._hovered = name
            self._paint()
        self._tip.tell(self.tip_of(name) if name else "")

    def _move_cursor(self, step: int) -> str:
        names = [row.name for row in self._rows]
        if names:
            self._cursor = names[min(max(names.index(self._cursor) + step, 0), len(names) - 1)]
            self._paint()
            self._reveal(self._items[self._cursor])
        return "break"

    def _reveal(self, items: "_RowItems") -> None:
        self.reveal(items.top, items.bottom, heading=self._heading.height)

    def _reveal_focus(self) -> None:
        # Before it has a size there is nowhere to scroll to.
        if self._focus in self._items and self.winfo_height() > self._heading.height:
            self._reveal(self._items[self._focus])

    # ---------------------------------------------------------------- drawing

    @staticmethod
    def _layout_of(rows: list[Row]) -> set[tuple]:
        """What decides on columns and heights: that of the same rows in another order is the same."""
        return {(row.name, row.title, row.error) for row in rows}

    def _layout(self) -> None:
        self._columns = columns = _Columns(self, self._body, [row.title for row in self._rows])
        top = self._heading.place(columns)
        for row in self._rows:
            self._items[row.name].place(row, columns)
        self._move_rows()
        bottom = max((items.bottom for items in self._items.values()), default=top)
        self.set_bottom(bottom, heading=top)
        self._heading.pin()
        self._paint()
        self._reveal_focus()

    def _move_rows(self) -> None:
        top = self._heading.height + 1
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

    def tell(self, text: str) -> None:
        """Tell this, a moment from now, in place of what was told."""
        if text != self.text:
            self.leave()
            self.text = text
            self.schedule()

    def show_tip(self, *args) -> None:
        """As every tip's, where there is a text."""
        if self.text:
            super().show_tip(*args)


class _Columns:
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
        """The x of the middle of a digit's bar."""
        return (self.bars or 0) + self.step * (digit + 0.5)

    def key_at(self, x: float) -> str | None:
        """What a click on the heading at this x sorts by."""
        key = next((key for key, (left, right) in self.spans.items() if left <= x <= right), None)
        return {"digit": "agreement", "percent": "agreement"}.get(key, key)


class _HeadingItems:
    """The canvas items of the heading."""

    _ANCHORS = {"title": "w", "digit": "center", "agreement": "w"}

    def __init__(self, canvas: ComparisonList):
        self.canvas = canvas
        self.height = px(canvas, 22)
        self._pinned_at = 0.0
        self._marked: tuple[str, bool] | None = None
        text = {"font": "ZooSmall", "fill": PALETTE.muted, "tags": "heading"}
        self._ground = canvas.create_rectangle(0, 0, 0, 0, outline="", fill=PALETTE.paper, tags="heading")
        self._line = canvas.create_line(0, 0, 0, 0, fill=PALETTE.line, tags="heading")
        self._texts = {
            key: canvas.create_text(0, 0, text=name, anchor=self._ANCHORS.get(key, "e"), **text)
            for key, name in HEADINGS.items()
        }
        self._labels = [canvas.create_text(0, 0, text=digit, **text) for digit in range(10)]

    def mark(self, key: str, is_descending: bool) -> bool:
        """Set the mark of the sorted column; return whether it is another than before."""
        if self._marked == (key, is_descending):
            return False
        self._marked = key, is_descending
        for column, item in self._texts.items():
            mark = (" ▼" if is_descending else " ▲") if column == key else ""
            colour = PALETTE.text if mark else PALETTE.muted
            self.canvas.itemconfigure(item, text=HEADINGS[column] + mark, fill=colour)
        return True

    def text(self, key: str) -> str:
        """A heading as shown."""
        return self.canvas.itemcget(self._texts[key], "text")

    def place(self, columns: _Columns) -> int:
        """Put the heading at the top of the canvas; return where the rows begin."""
        canvas, middle = self.canvas, self.height / 2
        canvas.coords(self._ground, 0, 0, canvas.winfo_width(), self.height)
        canvas.coords(self._line, columns.left, self.height, columns.right, self.height)
        for key, item in self._texts.items():
            left, right = columns.spans.get(key, (0, 0))
            x = {"w": left, "center": (left + right) / 2, "e": right}[self._ANCHORS.get(key, "e")]
            canvas.coords(item, x, middle)
            canvas.itemconfigure(item, state="normal" if key in columns.spans else "hidden")
        for digit, item in enumerate(self._labels):
            canvas.coords(item, columns.bar_centre(digit), middle)
            state = "hidden" if columns.bars is None else "normal"
            canvas.itemconfigure(item, state=state, font="ZooTiny" if columns.is_narrow else "ZooSmall")
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
        self.ground = self.tip = ""
        self._options: dict[int, dict] = {}
        self._ground = canvas.create_rectangle(0, 0, 0, 0, outline="")
        self._line = canvas.create_line(0, 0, 0, 0, fill=PALETTE.line)
        self._mark = canvas.create_text(0, 0, anchor="w", font="ZooBody", fill=PALETTE.accent)
        self._title = canvas.create_text(0, 0, anchor="w", font="ZooBody", fill=PALETTE.text)
        self._digit = canvas.create_text(0, 0, font="ZooName")
        self._percent = canvas.create_text(0, 0, anchor="e", font="ZooBody", fill=PALETTE.text)
        self._bars = [canvas.create_rectangle(0, 0, 0, 0, outline="") for _ in range(10)]
        self._facts = {
            key: canvas.create_text(0, 0, anchor="e", font="ZooBody", fill=PALETTE.muted)
            for key in ("milliseconds", "accuracy", "parameters")
        }
        self._sign = canvas.create_text(0, 0, anchor="w")
        self._note = canvas.create_text(0, 0, anchor="nw", font="ZooSmall")  # a state or an error
        self._tag = f"row{self._ground}"
        for item in range(self._ground, self._note + 1):
            canvas.addtag_withtag(self._tag, item)

    def fill(self, row: Row) -> None:
        """Set the texts and colours."""
        answer = row.answer
        loud = PALETTE.warning if row.differs else None
        self._set(self._mark, text="▸" if row.in_focus else "")
        unsure = row.sign == "unsure"
        colour = loud or (PALETTE.muted if unsure else PALETTE.text)
        self._set(self._digit, text="" if answer is None else str(answer.digit), fill=colour)
        self._set(self._percent, text="" if answer is None else f"{answer.confidence * 100:.1f}")
        if not row.error:  # else its place tells how much of it there is room for
            self._set(self._note, text="" if answer is not None else row.state, fill=PALETTE.muted)
        self._set(self._facts["milliseconds"], text="" if row.error else time_in_words(row.milliseconds))
        known = row.accuracy is not None and not row.error
        self._set(self._facts["accuracy"], text=f"{row.accuracy:.2%}" if known else "")
        self._set(self._facts["parameters"], text=f"{row.parameters:,}" if row.parameters and not row.error else "")

    def place(self, row: Row, columns: _Columns) -> None:
        """Put the items into their columns, and give the row its height."""
        canvas, unit, top = self.canvas, columns.unit, self.top
        height = px(canvas, 23)
        note_left, lines = columns.spans["digit"][0] + unit, 1
        small = font.nametofont("ZooSmall", root=canvas)
        if row.error:
            note = elide_lines(_gist(row.error), columns.right - note_left, 2, small)
            self._set(self._note, text=note, fill=PALETTE.warning)
            lines = note.count("\n") + 1
            height = max(height, lines * small.metrics("linespace") + unit)
        shown = columns.titles[row.title]
        self.tip = row.error or (row.title if "…" in shown else "")
        self.bottom = top + height
        middle = top + height / 2
        inset = px(canvas, 1)  # a ring around it is 2 wide, half of it outside
        canvas.coords(self._ground, inset, top + 2 * inset, canvas.winfo_width() - inset, self.bottom - inset)
        canvas.coords(self._line, columns.left, self.bottom, columns.right, self.bottom)
        canvas.coords(self._mark, columns.left, middle)
        canvas.coords(self._title, columns.spans["title"][0], middle)
        canvas.itemconfigure(self._title, text=shown)
        canvas.coords(self._digit, sum(columns.spans["digit"]) / 2, middle)
        canvas.coords(self._sign, columns.spans.get("agreement", (0, 0))[0], middle)
        for key, item in {"percent": self._percent, **self._facts}.items():
            canvas.coords(item, columns.spans.get(key, (0, 0))[1], middle)
        for key, item in {"percent": self._percent, "agreement": self._sign, **self._facts}.items():
            canvas.itemconfigure(item, state="normal" if key in columns.spans else "hidden")
        canvas.coords(self._note, note_left, middle - lines * small.metrics("linespace") / 2)
        self.show_answer(row, columns)

    def move_to(self, top: float) -> float:
        """Move the row to ``top``; return where the next one begins."""
        if top != self.top:
            self.canvas.move(self._tag, 0, top - self.top)
            self.top, self.bottom = top, self.bottom + top - self.top
        return self.bottom

    def show_answer(self, row: Row, columns: _Columns) -> None:
        """Set the sign, and the heights and colours of the ten bars."""
        sign = "✓" if columns.is_narrow and row.sign == "agrees" else row.sign
        colour = PALETTE.warning if row.differs else PALETTE.muted
        self._set(self._sign, text=sign, font="ZooStrong" if row.differs else "ZooBody", fill=colour)
        answer = row.answer if columns.bars is not None else None
        base, room = round(self.bottom - columns.unit), self.bottom - self.top - 2 * columns.unit
        half = columns.step * 0.36
        for digit, bar in enumerate(self._bars):
            if answer is None:
                self._set(bar, state="hidden")
                continue
            colour = PALETTE.warning_bar if row.differs else PALETTE.accent
            self._set(bar, state="normal", fill=colour if digit == answer.digit else PALETTE.quiet_bar)
            centre = columns.bar_centre(digit)
            top = base - max(round(answer.probabilities[digit] * room), 1)
            self.canvas.coords(bar, round(centre - half), top, round(centre + half), base)

    def paint(self, ground: str, outline: str) -> None:
        """Set the ground, and the outline that shows where the keyboard is."""
        self.ground = ground
        self._set(self._ground, fill=ground, outline=outline, width=px(self.canvas, 2) if outline else 0)

    def delete(self) -> None:
        """Remove the row from the canvas."""
        self.canvas.delete(self._tag)

    def _set(self, item: int, **options) -> None:
        # Most of what a new answer brings is what stood there before.
        if self._options.get(item) != options:
            self.canvas.itemconfigure(item, **options)
            self._options[item] = options


def short_titles(titles: list[str]) -> list[str]:
    """The titles without the sizes in brackets, but for those that only these tell apart."""
    short = [re.sub(r" \([^()]*\)", "", title) for title in titles]
    return [text if short.count(text) == 1 else title for text, title in zip(short, titles, strict=True)]


def time_in_words(milliseconds: float) -> str:
    """``"0.3 ms"``; below a tenth ``"0.03 ms"``, and nothing where it is not known."""
    if milliseconds <= 0:
        return ""
    return f"{milliseconds:.1f} ms" if milliseconds >= 0.095 else f"{max(milliseconds, 0.01):.2f} ms"


def _gist(sentence: str) -> str:
    """The sentence of an error without the path at its beginning: its row says whose it is."""
    return re.sub(r"^The artifact .+? is (?=damaged: )", "", sentence)
