"""The sketchpad: ink from the mouse."""

import tkinter

from gui.appearance import PALETTE, px
from gui.picture import PEN_WIDTH
from gui.session import Drawing, Session

CHUNK = 24
"""Points in one canvas line: Tk redraws a line whole, so a long stroke is drawn as several."""
LAYERS = {"halo": (2, "#d2d3d5"), "edge": (1, "#7b7f84"), "core": (0, PALETTE.ink)}
"""Pixels wider than the pen, and colour: Tk draws without anti-aliasing on X11, and two softer lines beneath take the
steps off the edge."""


class Sketchpad(tkinter.Canvas):
    """A square on which the left button draws; generates ``<<DrawingChanged>>`` at every change of the session."""

    def __init__(self, master: tkinter.Misc, session: Session):
        super().__init__(master, background=PALETTE.paper, highlightthickness=0, cursor="pencil", width=1, height=1)
        self._frame = self.create_rectangle(0, 0, 0, 0, outline=PALETTE.line)
        self.session = session
        self._lines: list[list[list[int]]] = []  # for each stroke its lines, each in layers
        self._hint = self.create_text(0, 0, font="ZooName", fill=PALETTE.muted, justify="center", tags="hint")
        self.bind("<ButtonPress-1>", self._press)
        self.bind("<B1-Motion>", self._move)
        self.bind("<ButtonRelease-1>", self._release)
        self.bind("<Configure>", self._resized)

    def set_side(self, side: int) -> None:
        """Make the pad ``side`` pixels wide and high."""
        if side != int(self["width"]):
            self.configure(width=side, height=side)

    @property
    def side(self) -> int:
        """The side of the pad in pixels."""
        return max(min(self.winfo_width(), self.winfo_height()), 2)

    def redraw(self) -> None:
        """Draw the session's strokes from scratch, as after an undo or at another size."""
        self.delete("ink")
        self._lines = []
        self._grow()

    def _resized(self, _event: tkinter.Event) -> None:
        self.coords(self._frame, 0, 0, self.side - 1, self.side - 1)
        self.redraw()

    def _press(self, event: tkinter.Event) -> None:
        self.session.pen_down(event.x / self.side, event.y / self.side)
        self._grow()
        self.event_generate("<<DrawingChanged>>")

    def _move(self, event: tkinter.Event) -> None:
        if self.session.pen_move(event.x / self.side, event.y / self.side):
            self._grow()
            self.event_generate("<<DrawingChanged>>")

    def _release(self, event: tkinter.Event) -> None:
        if self.session.pen_is_down:
            self._move(event)
            self.session.pen_up()
            self._show_hint()
            self.event_generate("<<DrawingChanged>>")

    def _grow(self) -> None:
        """Bring the lines up to the strokes; only the last line of the last stroke drawn can have changed."""
        for index in range(max(len(self._lines) - 1, 0), len(self.session.strokes)):
            if index == len(self._lines):
                self._lines.append([])
            stroke, lines = self.session.strokes[index], self._lines[index]
            chunks = max(1, (len(stroke) - 2) // CHUNK + 1)
            for chunk in range(max(len(lines) - 1, 0), chunks):
                if chunk == len(lines):
                    lines.append([self._create_line(layer) for layer in LAYERS])
                # One point more at either end than the chunk has: the spline then runs on smoothly.
                points = stroke[max(chunk * CHUNK - 1, 0) : (chunk + 1) * CHUNK + 1]
                pixels = [value * self.side for point in points for value in point]
                if len(points) == 1:
                    pixels += [pixels[0] + 0.1, pixels[1]]  # a dot
                for item in lines[chunk]:
                    self.coords(item, *pixels)
        self._show_hint()

    def _create_line(self, layer: str) -> int:
        wider, colour = LAYERS[layer]
        width = PEN_WIDTH * self.side + wider
        item = self.create_line(
            0, 0, 0, 0, width=width, fill=colour, capstyle="round", joinstyle="round", smooth=True, tags=("ink", layer)
        )
        # The edge of a later stroke must not lie on the ink of an earlier one.
        for above in list(LAYERS)[list(LAYERS).index(layer) + 1 :]:
            if self.find_withtag(above):
                self.tag_lower(item, above)
        return item

    def _show_hint(self) -> None:
        drawing = self.session.drawing
        self.coords(self._hint, self.side / 2, self.side / 2)
        if drawing is Drawing.EMPTY:
            self.itemconfigure(self._hint, text="Draw a digit here", fill=PALETTE.muted)
        elif drawing is Drawing.TOO_SMALL and not self.session.pen_is_down:
            self.itemconfigure(self._hint, text="Draw a little larger", fill=PALETTE.warning)
            self.coords(self._hint, self.side / 2, self.side - px(self, 28))
        else:
            self.itemconfigure(self._hint, text="")
