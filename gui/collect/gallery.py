"""Drawings as thumbnails."""

import tkinter
from collections.abc import Callable, Sequence

import numpy as np
import ttkbootstrap as ttk
from PIL import Image, ImageTk

from gui.appearance import PALETTE, has_focus, px
from gui.drawing.curves import all_curves
from gui.drawing.ink import Ink
from gui.widgets.scrolled import ScrolledCanvas
from zoo.data.collection import CollectedDrawing

SIDE, GAP = 56, 6
"""Logical pixels of a thumbnail, and between two."""
MARGIN = 0.18
"""The room around the ink, as a fraction of a thumbnail."""
MIDDLE = (0.55, 0.53)
"""The middle of the ink: a little off that of the thumbnail, in whose corner the label is."""
KEPT = 1000
"""Thumbnails that are kept ready at most."""


class DrawingGallery(ttk.Frame):
    """A grid of drawings that scrolls; some of them are selected.

    A click selects one, with Ctrl (Command) one more or one less, with Shift all between; the arrow keys move, Shift
    extends, Ctrl+A (Command+A) selects all. ``on_select`` is called with the numbers of the selected, and ``on_delete``
    when Delete is pressed.
    """

    def __init__(self, master: tkinter.Misc, on_select: Callable[[set[int]], None], on_delete: Callable[[], None]):
        super().__init__(master)
        self._on_select = on_select
        self._drawings: Sequence[CollectedDrawing] = ()
        self._selected: set[int] = set()
        self._cursor = self._anchor = 0  # places in the list
        self._photos: dict[int, ImageTk.PhotoImage] = {}  # by number, made when they come into view
        self._side, self._gap = px(self, SIDE), px(self, GAP)
        self._canvas = ScrolledCanvas(self, SIDE + GAP, self._draw, takefocus=True)
        self._canvas.grid(row=0, column=0, sticky="nsew", padx=(0, self._canvas.scrollbar.winfo_reqwidth()))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._bind(on_delete)

    def _bind(self, on_delete: Callable[[], None]) -> None:
        canvas = self._canvas
        canvas.bind("<Configure>", lambda _event: self._layout())
        canvas.bind("<Button-1>", lambda event: self._click(event))
        canvas.bind("<FocusIn>", lambda _event: self._layout())
        canvas.bind("<FocusOut>", lambda _event: self._layout())
        for key in ("Left", "Right", "Up", "Down", "Home", "End", "Prior", "Next"):
            canvas.bind(f"<{key}>", lambda _event, key=key: self._move(key, is_extending=False))
            canvas.bind(f"<Shift-{key}>", lambda _event, key=key: self._move(key, is_extending=True))
        modifier = "Command" if canvas.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        canvas.bind(f"<{modifier}-Button-1>", lambda event: self._click(event, is_toggling=True))
        canvas.bind("<Shift-Button-1>", lambda event: self._click(event, is_extending=True))
        for key in "aA":
            canvas.bind(f"<{modifier}-{key}>", lambda _event: self._select_all())

        def delete(_event: tkinter.Event) -> str:
            on_delete()
            return "break"

        canvas.bind("<Delete>", delete)
        canvas.bind("<BackSpace>", delete)

    def show(self, drawings: Sequence[CollectedDrawing], selected: set[int], message: str) -> None:
        """Show drawings and which are selected, by number; the message stands where there are none."""
        before, now = self.numbers, [drawing.number for drawing in drawings]
        if now != before:
            self._cursor, self._anchor = (_moved(place, before, now) for place in (self._cursor, self._anchor))
            if len(self._photos) > KEPT:
                self._photos.clear()
        self._drawings, self._selected = drawings, set(selected)
        self._canvas.message = "" if drawings else message
        self._layout()

    @property
    def numbers(self) -> list[int]:
        """The numbers of the drawings as shown."""
        return [drawing.number for drawing in self._drawings]

    @property
    def message(self) -> str:
        """The sentence shown where there are no drawings."""
        return self._canvas.message

    @property
    def canvas(self) -> tkinter.Canvas:
        """Where the drawings are."""
        return self._canvas

    def middle_of(self, number: int) -> tuple[int, int]:
        """Return the middle of a thumbnail, x and y on the canvas as it is scrolled."""
        left, top = self._corner(self.numbers.index(number))
        return left + self._side // 2, round(top + self._side / 2 - self._canvas.canvasy(0))

    # ---------------------------------------------------------------- events

    def _click(self, event: tkinter.Event, *, is_toggling: bool = False, is_extending: bool = False) -> str:
        self._canvas.focus_set()
        place = self._place_at(event.x, self._canvas.canvasy(event.y))
        if place is None:
            self._choose(set())
            return "break"
        self._cursor = place
        if is_extending:
            self._choose(self._between())
            return "break"
        self._anchor = place
        number = self._drawings[place].number
        self._choose(self._selected ^ {number} if is_toggling else {number})
        return "break"

    def _move(self, key: str, *, is_extending: bool) -> str:
        if not self._drawings:
            return "break"
        columns, last = self._columns, len(self._drawings) - 1
        page = columns * max(self._canvas.winfo_height() // (self._side + self._gap), 1)
        steps = {"Left": -1, "Right": 1, "Up": -columns, "Down": columns, "Home": -last, "End": last}
        step = (steps | {"Prior": -page, "Next": page})[key]
        if self._selected:  # the first key selects where the cursor is
            self._cursor = min(max(self._cursor + step, 0), last)
        if not is_extending:
            self._anchor = self._cursor
        self._reveal()
        self._choose(self._between())
        return "break"

    def _select_all(self) -> str:
        self._choose(set(self.numbers))
        return "break"

    def _between(self) -> set[int]:
        first, last = sorted((self._anchor, self._cursor))
        return {drawing.number for drawing in self._drawings[first : last + 1]}

    def _choose(self, numbers: set[int]) -> None:
        self._selected = numbers
        self._layout()
        self._on_select(set(numbers))

    # ---------------------------------------------------------------- places

    @property
    def _columns(self) -> int:
        return max((self._canvas.winfo_width() + self._gap) // (self._side + self._gap), 1)

    @property
    def _step(self) -> float:
        """From one column to the next: the columns share the width."""
        return (self._canvas.winfo_width() + self._gap) / self._columns

    def _corner(self, place: int) -> tuple[int, int]:
        row, column = divmod(place, self._columns)
        return int(column * self._step), row * (self._side + self._gap)

    def _place_at(self, x: float, y: float) -> int | None:
        column, row = min(int(x / self._step), self._columns - 1), int(y // (self._side + self._gap))
        place = row * self._columns + column
        return place if place < len(self._drawings) else None

    def _reveal(self) -> None:
        _, top = self._corner(self._cursor)
        self._canvas.reveal(top, top + self._side)

    # ---------------------------------------------------------------- drawing

    def _layout(self) -> None:
        bottom = self._corner(len(self._drawings) - 1)[1] + self._side if self._drawings else 0
        self._canvas.set_bottom(bottom, widest=420)
        self._draw()

    def _draw(self) -> None:
        """Draw what is in view: of thousands the others wait."""
        canvas, height = self._canvas, self._side + self._gap
        canvas.delete("thumbnail")
        first = int(canvas.canvasy(0) // height) * self._columns
        rows = canvas.winfo_height() // height + 2
        is_in_focus = has_focus(canvas)
        for place in range(first, min(first + rows * self._columns, len(self._drawings))):
            drawing = self._drawings[place]
            left, top = self._corner(place)
            right, bottom = left + self._side - 1, top + self._side - 1
            canvas.create_image(left, top, image=self._photo(drawing), anchor="nw", tags="thumbnail")
            is_selected = drawing.number in self._selected
            outline = PALETTE.accent if is_selected else PALETTE.line
            width = px(self, 3) if is_selected and is_in_focus else px(self, 2) if is_selected else 1
            inset = width // 2
            canvas.create_rectangle(
                left + inset, top + inset, right - inset, bottom - inset, outline=outline, width=width, tags="thumbnail"
            )
            canvas.create_text(
                left + px(self, 5),
                top + px(self, 3),
                text=drawing.label,
                anchor="nw",
                font="ZooTiny",
                fill=PALETTE.accent if is_selected else PALETTE.muted,
                tags="thumbnail",
            )

    def _photo(self, drawing: CollectedDrawing) -> ImageTk.PhotoImage:
        if drawing.number not in self._photos:
            ink = Ink(self._side)
            ink.lay(all_curves(fitted(drawing.strokes)))
            paper = Image.new("RGB", (self._side, self._side), PALETTE.paper)
            self._photos[drawing.number] = ImageTk.PhotoImage(ink.paint(paper, PALETTE.ink), master=self)
        return self._photos[drawing.number]


def _moved(place: int, before: list[int], now: list[int]) -> int:
    """Return where a drawing is now, or what has taken its place."""
    if place < len(before) and before[place] in now:
        return now.index(before[place])
    return min(place, max(len(now) - 1, 0))


def fitted(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return strokes, float (k, 2) each, in any unit, moved and scaled evenly to where a thumbnail has its ink."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (1 - 2 * MARGIN) / max(float((high - low).max()), 1e-9)
    return [(stroke - (low + high) / 2) * scale + MIDDLE for stroke in strokes]
