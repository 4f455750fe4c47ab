"""The sketchpad: ink from the mouse, and the eraser."""

import tkinter

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from gui.appearance import PALETTE, px
from gui.drawing.curves import all_curves, curves
from gui.drawing.drawing import Amount, Drawing, Picture
from gui.drawing.ink import PEN_WIDTH, Box, Ink

PEN_WIDTHS = (0.02, 0.10)
"""The thinnest and the thickest pen, fractions of the pad."""
ERASER_RADIUS = 0.05
"""A fraction of the pad: the eraser is twice as wide as the pen is at first."""
GUIDE = 0.68
"""The side of the guide, a fraction of the pad: a digit of about this height is drawn with ease."""


class Sketchpad(tkinter.Canvas):
    """A square on which the left button draws, or erases while the eraser is the tool; the right button, which is also
    the barrel button of many tablet pens, always erases.

    Generates ``<<DrawingChanged>>`` when a hand has changed the drawing. Who changes it otherwise, or the colours of
    the palette, calls ``redraw``.
    """

    def __init__(self, master: tkinter.Misc, drawing: Drawing):
        super().__init__(master, highlightthickness=0, takefocus=True, cursor="pencil", width=1, height=1)
        self.drawing = drawing
        self.ink = Ink(1)
        self._tool = "pen"
        self._pen_width = PEN_WIDTH
        self._invitation = "Draw a digit here"
        self._has_guide = False
        self._has_focus = False
        self._button = 0  # the one that is held to draw or to erase
        self._is_erasing = False
        self._pointer: tuple[int, int] | None = None  # where it is while it is over the pad
        self._next = (0, 0)  # the first stroke, and of that the first curve, whose ink is not final
        self._laid = np.empty((0, 4, 2))  # while erasing, the curves that have ink
        self._picture: Picture | None = None  # the one that is on the paper
        self._paper = Image.new("RGB", (1, 1))  # what the ink lies on
        self._photo = tkinter.PhotoImage(master=self)
        self.create_image(0, 0, image=self._photo, anchor="nw")
        self._hint = self.create_text(0, 0, font="ZooName", justify="center", tags="hint")
        # Two circles, of which one stands out from the paper and the other from the ink.
        self._circles = [self.create_oval(0, 0, 0, 0, state="hidden", tags="eraser") for _ in range(2)]
        self._frame = self.create_rectangle(0, 0, 0, 0, tags="frame")
        self._erasing_buttons = (2, 3) if self.tk.call("tk", "windowingsystem") == "aqua" else (3,)
        self.bind("<ButtonPress>", self._press)
        self.bind("<Motion>", self._move)
        self.bind("<ButtonRelease>", self._release)
        self.bind("<Enter>", self._point)
        self.bind("<Leave>", self._point)
        self.bind("<Configure>", lambda _event: self.redraw())
        self.bind("<FocusIn>", lambda _event: self._show_frame(True))
        self.bind("<FocusOut>", lambda _event: self._left())
        self.bind("<Unmap>", lambda _event: self._end())

    # ---------------------------------------------------------------- settings

    def set_side(self, side: int) -> None:
        """Make the pad ``side`` pixels wide and high."""
        if side != int(self["width"]):
            self.configure(width=side, height=side)

    @property
    def side(self) -> int:
        """The side of the pad in pixels."""
        return max(min(self.winfo_width(), self.winfo_height()), 2)

    def set_pen_width(self, width: float) -> None:
        """Make the ink this wide, a fraction of the pad, within ``PEN_WIDTHS``, also that which is there.

        It is how thick the drawing looks here and, where it is rendered so, in files. What a model reads does not
        change: its pen is scaled to the digit.
        """
        self._pen_width = min(max(width, PEN_WIDTHS[0]), PEN_WIDTHS[1])
        self.redraw()

    @property
    def pen_width(self) -> float:
        """How wide the ink is, a fraction of the pad."""
        return self._pen_width

    def set_tool(self, tool: str) -> None:
        """Let the left button use the ``"pen"`` or the ``"eraser"``."""
        if tool not in ("pen", "eraser"):
            raise ValueError(f"no tool {tool!r}: expected 'pen' or 'eraser'")
        self._tool = tool
        self._show_eraser()

    @property
    def tool(self) -> str:
        """What the left button uses, ``"pen"`` or ``"eraser"``."""
        return self._tool

    def set_guide(self, visible: bool) -> None:
        """Show, or hide, a square that a digit would fill well."""
        self._has_guide = visible
        self.redraw()

    @property
    def picture(self) -> Image.Image:
        """The pad as it looks."""
        return self.ink.paint(self._paper, PALETTE.ink, (0, 0, self.side, self.side))

    def set_hint(self, sentence: str) -> None:
        """Choose what stands on the empty pad."""
        self._invitation = sentence
        self._show_hint()

    # ---------------------------------------------------------------- hand

    def _press(self, event: tkinter.Event) -> None:
        if event.num != 1 and event.num not in self._erasing_buttons:
            return
        self._end()  # a second finger, or another button, begins a stroke of its own
        self.focus_set()
        self._button = event.num
        self._is_erasing = event.num != 1 or self._tool == "eraser"
        if self._is_erasing:
            self._laid = all_curves(self.drawing.strokes)
            # No ink is left in the circle; what is shorter than half the pen's width would be left as dots.
            radius = ERASER_RADIUS + self._pen_width / 2
            has_changed = self.drawing.erase_down(*self._place(event), radius, self._pen_width / 2)
        else:
            self.drawing.pen_down(*self._place(event))
            has_changed = True
        if has_changed:
            self._follow()
        self._point(event)

    def _move(self, event: tkinter.Event) -> None:
        if self._button and not int(event.state) & (0x80 << self._button):
            self._end()  # the button was released where only another window heard of it
        elif self._button and self.drawing.pen_move(*self._place(event)):
            self._follow()
        self._point(event)

    def _release(self, event: tkinter.Event) -> None:
        if event.num == self._button:
            if self.drawing.pen_move(*self._place(event)):
                self._follow()
            self._end()
            self._point(event)

    def _left(self) -> None:
        self._end()  # a menu or a dialog came between, which will hear of the release
        self._show_frame(False)

    def _end(self) -> None:
        self._button, self._is_erasing = 0, False
        if self.drawing.pen_is_down:
            self.drawing.pen_up()
            self._show_hint()
            self.event_generate("<<DrawingChanged>>")

    def _place(self, event: tkinter.Event) -> tuple[float, float]:
        return event.x / self.side, event.y / self.side

    def _follow(self) -> None:
        """Show what the hand has changed."""
        if self._picture is not self.drawing.picture:
            self.redraw()
        else:
            for box in self._rub() if self._is_erasing else self._grow():
                self._show(box)
            self._show_hint()
        self.event_generate("<<DrawingChanged>>")

    def _point(self, event: tkinter.Event) -> None:
        self._pointer = None if event.type is tkinter.EventType.Leave else (event.x, event.y)
        self._show_eraser()

    # ---------------------------------------------------------------- ink

    def redraw(self) -> None:
        """Draw everything from scratch, as after an undo, at another size or in other colours."""
        side = self.side
        self.configure(background=PALETTE.paper)
        self._photo.configure(width=side, height=side)
        self._lay_paper(side)
        self.ink, self._next = Ink(side, self._pen_width), (0, 0)
        if self.drawing.strokes:
            self._grow()
        self._show((0, 0, side, side))
        self._show_frame(self._has_focus)
        self._show_hint()
        self._show_eraser()

    def _lay_paper(self, side: int) -> None:
        self._paper = Image.new("RGB", (side, side), PALETTE.paper)
        self._picture = self.drawing.picture
        if self._picture is not None:
            # Pixels of a small picture stay squares, those of a large one are averaged.
            fitted = ImageOps.contain(self._picture.shown.convert("RGBA"), (side, side), Image.Resampling.BOX)
            self._paper.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2), fitted)
        elif self._has_guide:
            draw = ImageDraw.Draw(self._paper)
            low, high = round(side * (1 - GUIDE) / 2), round(side * (1 + GUIDE) / 2)
            parts = round((high - low) / px(self, 5)) // 2 * 2 + 1  # an odd number: a dash at either end
            for part in range(0, parts, 2):
                start, end = (round(low + (high - low) * step / parts) for step in (part, part + 1))
                for edge in (low, high):
                    for dash in ((start, edge, end, edge), (edge, start, edge, end)):
                        draw.line(dash, fill=PALETTE.line, width=px(self, 1))

    def _grow(self) -> list[Box]:
        """Bring the ink up to the strokes: only the last curve of the last one drawn can have changed."""
        stroke, first = self._next
        new = [curves(points, 0 if later else first) for later, points in enumerate(self.drawing.strokes[stroke:])]
        self._next = stroke + len(new) - 1, (first if len(new) == 1 else 0) + len(new[-1]) - 1
        return self.ink.grow(np.concatenate(new))

    def _rub(self) -> list[Box]:
        """Bring the ink down to the strokes, which the eraser may have changed anywhere."""
        left = all_curves(self.drawing.strokes)
        boxes = self.ink.change(self._laid, left)
        self._laid, self._next = left, (len(self.drawing.strokes), 0)
        return boxes

    def _show(self, box: Box) -> None:
        # Tk draws lines without anti-aliasing on X11; a part of one picture is sent to it faster than it draws a line.
        part = self.ink.paint(self._paper, PALETTE.ink, box)
        pixels = b"P6 %d %d 255\n" % part.size + part.tobytes()
        self.tk.call(self._photo, "put", pixels, "-format", "ppm", "-to", *box[:2])

    # ---------------------------------------------------------------- what lies above the ink

    def _show_frame(self, has_focus: bool) -> None:
        self._has_focus = has_focus
        width = px(self, 2 if has_focus else 1)
        inset = width // 2
        self.coords(self._frame, inset, inset, self.side - width + inset, self.side - width + inset)
        self.itemconfigure(self._frame, width=width, outline=PALETTE.accent if has_focus else PALETTE.line)

    def _show_hint(self) -> None:
        amount, middle = self.drawing.amount, self.side / 2
        self.itemconfigure(self._hint, width=round(self.side * 0.9))
        if amount is Amount.EMPTY:
            self.itemconfigure(self._hint, text=self._invitation, fill=PALETTE.muted)
            self.coords(self._hint, middle, middle)
        elif amount is Amount.TOO_SMALL and not self.drawing.pen_is_down:
            self.itemconfigure(self._hint, text="Draw a little larger", fill=PALETTE.warning)
            self.coords(self._hint, middle, self.side * (3 + GUIDE) / 4)  # between the guide and the edge
            *_, bottom = self.bbox(self._hint)
            self.move(self._hint, 0, min(self.side - px(self, 4) - bottom, 0))  # two lines on a small pad
        else:
            self.itemconfigure(self._hint, text="")

    def _show_eraser(self) -> None:
        """Show the eraser's size around the pointer while it is in use."""
        is_shown = self._pointer is not None and (self._is_erasing if self._button else self._tool == "eraser")
        if is_shown:
            x, y = self._pointer
            for circle, inwards, colour in zip(self._circles, (0, 1), (PALETTE.muted, PALETTE.paper), strict=True):
                radius = ERASER_RADIUS * self.side - inwards
                self.coords(circle, x - radius, y - radius, x + radius, y + radius)
                self.itemconfigure(circle, outline=colour)
        state, cursor = ("normal", "none") if is_shown else ("hidden", "pencil")
        if state != self.itemcget("eraser", "state"):
            self.itemconfigure("eraser", state=state)
            self.configure(cursor=cursor)
