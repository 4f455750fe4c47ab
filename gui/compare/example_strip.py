"""A row of small digits to compare one's own with."""

import tkinter
from collections.abc import Callable, Sequence

import numpy as np
import ttkbootstrap as ttk
from PIL import Image, ImageTk

from gui.appearance import PALETTE, has_focus, px
from gui.compare.typical import COUNT


class ExampleStrip(ttk.Frame):
    """A caption and a row of images, uint8 (28, 28), as large and as many as the width allows.

    A click on one, or Enter after moving with the arrow keys, calls ``on_choose`` with its index.
    """

    def __init__(self, master: tkinter.Misc, on_choose: Callable[[int], None]):
        super().__init__(master)
        self._on_choose = on_choose
        self._images: Sequence[np.ndarray] = ()
        self._cursor = 0
        self._gap = px(self, 4)
        self._caption = ttk.Label(self, font="ZooSmall", foreground=PALETTE.muted)
        self._caption.pack(anchor="w", pady=(0, self._gap))
        self._canvas = tkinter.Canvas(
            self, background=PALETTE.paper, highlightthickness=0, width=1, height=1, takefocus=True
        )
        self._canvas.pack(anchor="w")
        self._photos: list[ImageTk.PhotoImage] = []
        for event in ("<FocusIn>", "<FocusOut>"):
            self._canvas.bind(event, lambda _event: self._mark())
        self._canvas.bind("<Button-1>", self._click)
        self._canvas.bind("<Left>", lambda _event: self._move(-1))
        self._canvas.bind("<Right>", lambda _event: self._move(1))
        for key in ("<Return>", "<KP_Enter>", "<space>"):
            self._canvas.bind(key, lambda _event: self._choose(self._cursor))

    def set_width(self, width: int) -> None:
        """Lay out `COUNT` images in so many pixels."""
        side = (width - (COUNT - 1) * self._gap) // COUNT
        if (width, side) != (int(self._canvas["width"]), int(self._canvas["height"])):
            self._canvas.configure(width=width, height=side)
            self._draw()

    def show(self, caption: str, images: Sequence[np.ndarray]) -> None:
        """Show a caption and the first of the images, uint8 (28, 28) each, or empty places."""
        if caption != self.caption:
            self._caption.configure(text=caption)
        if images is not self._images:
            self._images = images
            self._cursor = 0
            self._draw()

    @property
    def caption(self) -> str:
        """The text above the images."""
        return str(self._caption.cget("text"))

    @property
    def height_around(self) -> int:
        """Pixels above the images."""
        return self._caption.winfo_reqheight() + self._gap

    @property
    def count(self) -> int:
        """How many images are shown."""
        return min(len(self._images), COUNT)

    def place_of(self, index: int) -> tuple[int, int]:
        """Return the middle of an image, x and y on the canvas."""
        side = int(self._canvas["height"])
        return index * (side + self._gap) + side // 2, side // 2

    def _draw(self) -> None:
        side = int(self._canvas["height"])
        self._canvas.delete("all")
        self._canvas.configure(cursor="hand2" if len(self._images) else "")
        self._photos = [
            ImageTk.PhotoImage(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC), master=self)
            for image in self._images[:COUNT]
        ]
        for index in range(COUNT):
            left = index * (side + self._gap)
            if index < len(self._photos):
                self._canvas.create_image(left, 0, image=self._photos[index], anchor="nw")
            else:
                self._canvas.create_rectangle(left, 0, left + side - 1, side - 1, outline=PALETTE.line)
        self._mark()

    def _mark(self) -> None:
        self._canvas.delete("mark")
        if self.count and has_focus(self._canvas):
            side = int(self._canvas["height"])
            left = self._cursor * (side + self._gap)
            self._canvas.create_rectangle(
                left + 1, 1, left + side - 2, side - 2, outline=PALETTE.accent, width=px(self, 2), tags="mark"
            )

    def _move(self, step: int) -> str:
        self._cursor = min(max(self._cursor + step, 0), max(self.count - 1, 0))
        self._mark()
        return "break"

    def _click(self, event: tkinter.Event) -> None:
        self._choose(event.x // (int(self._canvas["height"]) + self._gap))

    def _choose(self, index: int) -> None:
        if 0 <= index < self.count:
            self._on_choose(index)
