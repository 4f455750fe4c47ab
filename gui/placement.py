"""How large the window is, and where it stands."""

import re

import ttkbootstrap as ttk


def place_window(window: ttk.App, remembered: str = "") -> None:
    """At least 900 x 600 and at first 1120 x 740 logical pixels, or as it was left, where the screen has room.

    Args:
        window: the window.
        remembered: its size and place as Tk writes them, when it was left; or nothing.
    """
    screen = window.winfo_screenwidth(), window.winfo_screenheight()
    scale = max(1.0, round(window.style.scaling.factor * 4) / 4)  # an odd 100 dpi is no reason for a larger window
    least = [min(round(side * scale), room) for side, room in zip((900, 600), screen, strict=True)]
    first = [min(round(side * scale), round(0.9 * room)) for side, room in zip((1120, 740), screen, strict=True)]
    window.minsize(*least)
    window.geometry("{}x{}".format(*map(max, first, least)))
    if remembered:
        window.geometry(_fitting(remembered, least, screen))


def _fitting(geometry: str, least: list[int], screen: tuple[int, int]) -> str:
    """Return a window's size and place as Tk writes them, changed so far that all of it is on a screen of this size."""
    numbers = [int(number) for number in re.findall(r"-?\d+", geometry)]
    if len(numbers) != 4:
        return ""
    sides = [min(max(side, low), room) for side, low, room in zip(numbers[:2], least, screen, strict=True)]
    corner = [min(max(at, 0), room - side) for at, room, side in zip(numbers[2:], screen, sides, strict=True)]
    return "{}x{}+{}+{}".format(*sides, *corner)
