"""A captioned square that shows one small picture."""

import tkinter

import ttkbootstrap as ttk
from PIL import Image, ImageTk

from gui.appearance import PALETTE, focus_ring, px
from gui.widgets.enlarged import Enlarged


class ImageTile(ttk.Frame):
    """A caption and beneath it a picture as large as the tile allows; empty, it keeps its place.

    A click, or Return, has the picture fill the window, unless the tile is told not to.
    """

    def __init__(
        self, master: tkinter.Misc, caption: str, *, ground: str = "", pixelated: bool = False, enlarges: bool = True
    ):
        super().__init__(master)
        ground = ground or PALETTE.paper
        self._pixelated = pixelated
        self._ground = ground
        self._image: Image.Image | None = None
        self._photo: ImageTk.PhotoImage | None = None
        self._caption = ttk.Label(self, text=caption, font="ZooSmall", foreground=PALETTE.muted)
        self._caption.grid(row=0, column=0, sticky="w", pady=(0, px(self, 4)))
        self._canvas = tkinter.Canvas(self, background=ground, highlightthickness=0, width=1, height=1)
        self._enlarges, self._edge = enlarges, px(self, 1) if enlarges else 0
        if enlarges:
            self._canvas.configure(takefocus=True, **focus_ring(self, width=1))
            for event in ("<Button-1>", "<Return>", "<KP_Enter>"):
                self._canvas.bind(event, lambda _event: self._enlarge())
        self._frame = self._canvas.create_rectangle(0, 0, 0, 0, outline=PALETTE.line)
        self._canvas.grid(row=1, column=0, sticky="nw")
        self._item = self._canvas.create_image(self._edge, self._edge, anchor="nw")
        self._canvas.tag_raise(self._frame)

    def set_side(self, side: int) -> None:
        """Make the picture ``side`` pixels wide and high, or a little less so that pixels stay square and whole."""
        if self._pixelated:
            side = max(side // 28, 1) * 28
        if side != int(self._canvas["width"]):
            self._canvas.configure(width=side, height=side)
            edge = self._edge  # of a canvas what lies at 0 is beneath the ring
            self._canvas.coords(self._frame, edge, edge, edge + side - 1, edge + side - 1)
            self._photo = None
            self._draw()

    def show(self, image: Image.Image | None, caption: str | None = None) -> None:
        """Show a picture, or nothing."""
        if caption is not None:
            self.caption = caption
        self._image = image
        self._draw()

    @property
    def caption_height(self) -> int:
        """Pixels above the picture."""
        return self._caption.winfo_reqheight() + px(self, 4)

    @property
    def caption(self) -> str:
        """The text above the picture."""
        return str(self._caption.cget("text"))

    @caption.setter
    def caption(self, text: str) -> None:
        self._caption.configure(text=text)

    @property
    def image(self) -> Image.Image | None:
        """The picture as it was given."""
        return self._image

    def _enlarge(self) -> str:
        if self._image is not None:
            Enlarged(self._canvas, self._image, self.caption, pixelated=self._pixelated)
        return "break"

    def _draw(self) -> None:
        side = int(self._canvas["width"])
        self._canvas.configure(cursor="" if self._image is None or not self._enlarges else "hand2")
        if self._image is None:
            self._canvas.itemconfigure(self._item, image="")
            return
        method = Image.Resampling.NEAREST if self._pixelated else Image.Resampling.LANCZOS
        resized = self._image.convert("RGB").resize((side, side), method)
        if self._photo is None:
            self._photo = ImageTk.PhotoImage(resized, master=self)
        else:
            self._photo.paste(resized)
        self._canvas.itemconfigure(self._item, image=self._photo)
