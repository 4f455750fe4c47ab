"""The window for a room full of people: the full screen, in large type, and the way back."""

import tkinter

LOGICAL = 960, 580
"""Logical pixels of which the screen has at least about so many: fewer make the type larger."""


class Projector:
    """Whether the window fills the screen, and how large everything is while it does.

    Args:
        root: the window; its owner builds it anew after each change.
    """

    def __init__(self, root: tkinter.Tk):
        self.is_on = False
        self._root = root
        self._geometry = ""

    def scale(self, usual: float) -> float:
        """Return how large everything is to be, where `usual` (1.0 is 96 dpi) is that of the window as it was."""
        screen = self._root.winfo_screenwidth(), self._root.winfo_screenheight()
        return max(usual, min(room / size for room, size in zip(screen, LOGICAL, strict=True)))

    def turn(self, is_on: bool) -> None:
        """Fill the screen, or stand again where the window stood, as large as it was."""
        root = self._root
        if is_on:
            self._geometry = root.geometry()
        self.is_on = is_on
        root.attributes("-fullscreen", is_on)
        if root.tk.call("tk", "windowingsystem") == "x11":  # where no window manager does it
            size = f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}+0+0"
            root.geometry(size if is_on else self._geometry)
