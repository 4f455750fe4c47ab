"""How large the windows are, and where they stand."""

import re
import tkinter

import ttkbootstrap as ttk

LEAST, FIRST = (760, 440), (1120, 740)
"""Logical pixels."""
AROUND = 72
"""Logical pixels of the title bar and the menu bar, which nobody tells before they stand."""


def place_window(window: ttk.App, remembered: str = "") -> None:
    """At least 760 x 440 and at first 1120 x 740 logical pixels, or as it was left, where the screen has room.

    Args:
        window: the window.
        remembered: its size, perhaps with its place, as Tk writes them, when it was left; or nothing.
    """
    scale = max(1.0, round(window.style.scaling.factor * 4) / 4)  # an odd 100 dpi is no reason for a larger window
    screen = window.winfo_screenwidth(), window.winfo_screenheight() - round(AROUND * scale)
    least, first = (
        [min(round(side * scale), room) for side, room in zip(size, screen, strict=True)] for size in (LEAST, FIRST)
    )
    window.minsize(*least)
    window.geometry(_fitting(remembered, least, screen) or "{}x{}".format(*first))


class Place:
    """Where the program's window stands, to be remembered: its place only where somebody moved it there.

    Args:
        window: not shown yet.
        remembered: as by ``place_window``, which is done with it.
    """

    def __init__(self, window: ttk.App, remembered: str):
        self._window, self._remembered = window, remembered
        self._corner: str | None = None  # where it stood when nobody had moved it yet
        place_window(window, remembered)
        window.bind("<Map>", self._note_corner)

    @property
    def geometry(self) -> str:
        """What is to be remembered; empty where the window is not as somebody left it."""
        if self._window.state() != "normal" or self._corner is None:
            return ""
        geometry = self._window.geometry()
        return without_place(geometry) if _place_of(geometry) == self._corner else geometry

    def _note_corner(self, event: tkinter.Event) -> None:
        if event.widget is self._window and self._corner is None:
            place = _place_of(self._window.geometry())
            # A place where it was left is one of its own.
            self._corner = "" if place and self._remembered.endswith(place) else place


def place_over(window: tkinter.Toplevel, root: tkinter.Tk, size: tuple[int, int] | None = None, above: int = 2) -> None:
    """Put `window` over the middle of `root`, all of it on the screen.

    Args:
        window: a dialog, or another window beside the program's.
        root: the window of the program.
        size: in pixels; without it, as large as its widgets ask for.
        above: one part in so many of the height that is left over is above it.
    """
    window.update_idletasks()
    width, height = size or (window.winfo_reqwidth(), window.winfo_reqheight())
    left = root.winfo_rootx() + (root.winfo_width() - width) // 2
    top = root.winfo_rooty() + (root.winfo_height() - height) // above
    left = max(0, min(left, window.winfo_screenwidth() - width))
    top = max(0, min(top, window.winfo_screenheight() - height))
    window.geometry((f"{width}x{height}" if size else "") + f"+{left}+{top}")


def without_place(geometry: str) -> str:
    """Return the size alone of a size and place as Tk writes them."""
    return re.split(r"[+-]", geometry)[0]


def _place_of(geometry: str) -> str:
    return geometry.removeprefix(without_place(geometry))


def _fitting(geometry: str, least: list[int], screen: tuple[int, int]) -> str:
    """Return a window's size and place as Tk writes them, changed so far that all of it is on a screen of this size."""
    numbers = [int(number) for number in re.findall(r"-?\d+", geometry)]
    if len(numbers) not in (2, 4):
        return ""
    sides = [min(max(side, low), room) for side, low, room in zip(numbers[:2], least, screen, strict=True)]
    corner = [min(max(at, 0), room - side) for at, room, side in zip(numbers[2:], screen, sides, strict=False)]
    return "{}x{}".format(*sides) + "".join(f"+{at}" for at in corner)
