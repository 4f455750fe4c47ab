"""A picture that fills the window until one has seen it."""

import tkinter
from contextlib import suppress

from PIL import Image, ImageTk

from gui.appearance import PALETTE, px


class Enlarged(tkinter.Label):
    """Lies over the window of its owner, which gets the keyboard back; a click, Escape or Return ends it.

    Args:
        owner: what shows the same picture in small.
        picture: in any mode.
        caption: stands above it.
        pixelated: whether its pixels stay squares.
    """

    def __init__(self, owner: tkinter.Misc, picture: Image.Image, caption: str, *, pixelated: bool = True):
        super().__init__(
            owner.winfo_toplevel(),
            text=caption,
            compound="bottom",
            font="ZooName",
            foreground=PALETTE.text,
            background=PALETTE.chrome,
            takefocus=True,
        )
        self._owner, self.picture, self._pixelated = owner, picture.convert("RGB"), pixelated
        self._photo: ImageTk.PhotoImage | None = None
        # Keys of the window would change what lies behind.
        self.bindtags((str(self), "all"))
        self.bind("<Configure>", lambda event: self._fit(event.width, event.height))
        for event in ("<Button-1>", "<Escape>", "<Return>", "<KP_Enter>", "<space>"):
            self.bind(event, lambda _event: self.close())
        self.place(relwidth=1, relheight=1)
        self.focus_set()

    def close(self) -> None:
        """Show the window again."""
        self.destroy()
        with suppress(tkinter.TclError):  # the owner may be gone
            self._owner.focus_set()

    def _fit(self, width: int, height: int) -> None:
        across, down = self.picture.size
        zoom = min((width - px(self, 32)) / across, (height - px(self, 80)) / down)
        if self._pixelated and zoom > 1:
            zoom = int(zoom)  # so that all pixels are alike
        size = max(round(across * zoom), 1), max(round(down * zoom), 1)
        method = Image.Resampling.NEAREST if self._pixelated else Image.Resampling.LANCZOS
        self._photo = ImageTk.PhotoImage(self.picture.resize(size, method), master=self)
        self.configure(image=self._photo)
