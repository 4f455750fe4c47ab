"""What the table of answers is drawn with: the canvas items of its heading and of its rows."""

import re
from tkinter import font
from typing import Any, Literal

from gui.appearance import PALETTE, elide_lines, px
from gui.compare.board import SORTS, Row
from gui.compare.table_columns import Columns
from gui.numbers import accuracy, latency, percent
from gui.widgets.canvas_items import CanvasItems
from gui.widgets.scrolled import ScrolledCanvas


class HeadingItems:
    """The canvas items of the heading."""

    _ANCHORS: dict[str, Literal["w", "center"]] = {"title": "w", "digit": "center", "vote": "w"}

    def __init__(self, canvas: ScrolledCanvas):
        self.canvas = canvas
        self.height = px(canvas, 22)
        self._pinned_at = 0.0
        self._marked: tuple[str, bool] | None = None
        text: dict[str, Any] = {"font": "ZooSmall", "fill": PALETTE.muted, "tags": "heading"}
        self._ground = canvas.create_rectangle(0, 0, 0, 0, outline="", fill=PALETTE.paper, tags="heading")
        self._line = canvas.create_line(0, 0, 0, 0, fill=PALETTE.line, tags="heading")
        self._texts = {
            key: canvas.create_text(0, 0, text=name, anchor=self._ANCHORS.get(key, "e"), **text)
            for key, name in SORTS.items()
        }
        self._labels = [canvas.create_text(0, 0, text=str(digit), **text) for digit in range(10)]

    def mark(self, key: str, is_descending: bool) -> bool:
        """Set the mark of the sorted column; return whether it is another than before."""
        if self._marked == (key, is_descending):
            return False
        self._marked = key, is_descending
        for column, item in self._texts.items():
            mark = (" ▼" if is_descending else " ▲") if column == key else ""
            colour = PALETTE.text if mark else PALETTE.muted
            self.canvas.itemconfigure(item, text=SORTS[column] + mark, fill=colour)
        return True

    def text(self, key: str) -> str:
        """Return a heading as shown."""
        return self.canvas.itemcget(self._texts[key], "text")

    def place(self, columns: Columns) -> int:
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


class RowItems:
    """The canvas items of one row."""

    def __init__(self, canvas: ScrolledCanvas):
        self.canvas = canvas
        self.top = self.bottom = 0.0
        self.ground = self.tip = ""
        self._items = CanvasItems(canvas)
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
        self._truth = canvas.create_text(0, 0, anchor="e", font="ZooStrong")
        self._sign = canvas.create_text(0, 0, anchor="w")
        self._note = canvas.create_text(0, 0, anchor="nw", font="ZooSmall", fill=PALETTE.warning)  # an error
        self._tag = f"row{self._ground}"
        for item in range(self._ground, self._note + 1):
            canvas.addtag_withtag(self._tag, item)

    def fill(self, row: Row) -> None:
        """Set the texts and colours."""
        answer = row.answer
        loud = PALETTE.warning if row.differs else None
        self._items.set(self._mark, text="▸" if row.in_focus else "")
        is_grey = row.sign == "unsure" or (answer is not None and answer.is_old)
        colour = loud or (PALETTE.muted if is_grey else PALETTE.text)
        self._items.set(self._digit, text="" if answer is None else str(answer.digit), fill=colour)
        mark = {None: "", True: "✓", False: "✗"}[row.is_right]
        self._items.set(self._truth, text=mark, fill=PALETTE.accent if row.is_right else PALETTE.warning)
        said = "" if answer is None else percent(answer.confidence)
        self._items.set(self._percent, text=said, fill=PALETTE.muted if is_grey else PALETTE.text)
        if not row.error:  # its place tells how much of it there is room for
            self._items.set(self._note, text="")
        self._items.set(self._facts["milliseconds"], text="" if row.error else latency(row.milliseconds))
        known = row.accuracy is not None and not row.error
        self._items.set(self._facts["accuracy"], text=accuracy(row.accuracy) if known else "")
        self._items.set(
            self._facts["parameters"], text=f"{row.parameters:,}" if row.parameters and not row.error else ""
        )

    def place(self, row: Row, columns: Columns) -> None:
        """Put the items into their columns, and give the row its height."""
        canvas, unit, top = self.canvas, columns.unit, self.top
        height = px(canvas, 23)
        note_left, lines = columns.spans["digit"][0] + unit, 1
        small = font.nametofont("ZooSmall", root=canvas)
        if row.error:
            note = elide_lines(_gist(row.error), columns.right - note_left, 2, small)
            self._items.set(self._note, text=note)
            lines = note.count("\n") + 1
            height = max(height, lines * small.metrics("linespace") + unit)
        shown = columns.titles[row.title]
        self.tip = row.error or " · ".join(filter(None, [row.title if "…" in shown else "", row.origin]))
        self.bottom = top + height
        middle = top + height / 2
        inset = px(canvas, 1)  # a ring around it is 2 wide, half of it outside
        canvas.coords(self._ground, inset, top + 2 * inset, canvas.winfo_width() - inset, self.bottom - inset)
        canvas.coords(self._line, columns.left, self.bottom, columns.right, self.bottom)
        canvas.coords(self._mark, columns.left, middle)
        canvas.coords(self._title, columns.spans["title"][0], middle)
        canvas.itemconfigure(self._title, text=shown)
        canvas.coords(self._digit, sum(columns.spans["digit"]) / 2, middle)
        canvas.coords(self._truth, columns.spans["digit"][1] + columns.unit, middle)
        canvas.coords(self._sign, columns.spans.get("vote", (0, 0))[0], middle)
        for key, item in {"confidence": self._percent, **self._facts}.items():
            canvas.coords(item, columns.spans.get(key, (0, 0))[1], middle)
        for key, item in {"confidence": self._percent, "vote": self._sign, **self._facts}.items():
            canvas.itemconfigure(item, state="normal" if key in columns.spans else "hidden")
        canvas.coords(self._note, note_left, middle - lines * small.metrics("linespace") / 2)
        self.show_answer(row, columns)

    def move_to(self, top: float) -> float:
        """Move the row to ``top``; return where the next one begins."""
        if top != self.top:
            self.canvas.move(self._tag, 0, top - self.top)
            self._items.forget_places()
            self.top, self.bottom = top, self.bottom + top - self.top
        return self.bottom

    def show_answer(self, row: Row, columns: Columns) -> None:
        """Set the sign, and the heights and colours of the ten bars."""
        colour = PALETTE.warning if row.differs else PALETTE.muted
        self._items.set(self._sign, text=row.sign, font="ZooStrong" if row.differs else "ZooBody", fill=colour)
        answer = row.answer if columns.bars is not None else None
        base, room = round(self.bottom - columns.unit), self.bottom - self.top - 2 * columns.unit
        half = columns.step * 0.36
        for digit, bar in enumerate(self._bars):
            if answer is None:
                self._items.set(bar, state="hidden")
                continue
            colour = PALETTE.warning_bar if row.differs else PALETTE.accent
            is_loud = digit == answer.digit and not answer.is_old
            self._items.set(bar, state="normal", fill=colour if is_loud else PALETTE.quiet_bar)
            centre = columns.bar_centre(digit)
            top = base - max(round(answer.probabilities[digit] * room), 1)
            self._items.place(bar, centre - half, top, centre + half, base)

    def paint(self, ground: str, outline: str) -> None:
        """Set the ground, and the outline that shows where the keyboard is."""
        self.ground = ground
        self._items.set(self._ground, fill=ground, outline=outline, width=px(self.canvas, 2) if outline else 0)

    def delete(self) -> None:
        """Remove the row from the canvas."""
        self.canvas.delete(self._tag)


def _gist(sentence: str) -> str:
    """Return the sentence of an error without the path at its beginning: its row says whose it is."""
    return re.sub(r"^The artifact .+? is (?=damaged: )", "", sentence)
