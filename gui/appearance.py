"""The look of the window: one theme, a few fonts, and sizes that follow the screen."""

import tkinter
from tkinter import font
from types import SimpleNamespace

import ttkbootstrap as ttk

THEME = ttk.Theme(
    name="digit-zoo",
    primary="#008fde",  # the theme fills with a fifth less light: #0072b2, the blue of Okabe and Ito
    success="#0f766e",
    info="#0284c7",
    warning="#d55e00",
    danger="#c2410c",
    neutral="#9aa3af",
    light={"background": "#ffffff", "foreground": "#1f2430"},
    dark={"background": "#1e2228", "foreground": "#e6e9ed"},
)
"""Blue against orange, which colour-blind people tell apart."""


LIGHT = {
    "chrome": "#f6f7f8",
    "paper": "#ffffff",
    "ink": "#1c2128",
    "text": "#1f2430",
    "muted": "#59616e",
    "line": "#dde1e6",
    "quiet_bar": "#aeb6c1",
    "accent": "#0072b2",
    "accent_ground": "#e6f1f9",
    "hover_ground": "#f4f6f8",
    "warning": "#b34700",
    "warning_bar": "#d55e00",
    "warning_ground": "#fdf0e6",
}
DARK = {
    "chrome": "#15181d",
    "paper": "#1e2228",
    "ink": "#eceff3",
    "text": "#e6e9ed",
    "muted": "#a7afba",
    "line": "#3a414b",
    "quiet_bar": "#66707d",
    "accent": "#56b4e9",
    "accent_ground": "#1d3647",
    "hover_ground": "#282d35",
    "warning": "#ffa04d",
    "warning_bar": "#f08c2e",
    "warning_ground": "#3d2b1a",
}

PALETTE = SimpleNamespace(**LIGHT)
"""Colours of what is drawn on canvases, of the theme in use: widgets read them when they are made. Every pair of text and
ground has a contrast of 4.5:1 or more."""


def use_palette(is_dark: bool) -> None:
    """Choose the colours of widgets that are made from now on."""
    vars(PALETTE).update(DARK if is_dark else LIGHT)


SPACE = 16
"""Logical pixels around and between the cards; everything else is a half or a quarter of it."""


class Fonts:
    """The fonts of the window, named so that widgets refer to them by name; sizes in points."""

    def __init__(self, root: tkinter.Misc):
        family = font.nametofont("TkDefaultFont", root=root).actual("family")
        sizes = {"ZooBody": 10, "ZooSmall": 9, "ZooTiny": 8, "ZooStrong": 10, "ZooName": 13, "ZooDigit": 46}
        bold = ("ZooStrong", "ZooName", "ZooDigit")
        # Tk forgets a named font when its last Python object goes, so they are kept here.
        self._fonts = [
            font.Font(root=root, name=name, family=family, size=size, weight="bold" if name in bold else "normal")
            for name, size in sizes.items()
        ]
        for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont"):
            font.nametofont(name, root=root).configure(size=sizes["ZooBody"])


def px(widget: tkinter.Misc, size: float) -> int:
    """Logical pixels (as on a 96 dpi screen) in the pixels of this screen, at least 1."""
    return max(1, round(ttk.scale_size(widget, size)))


def elide(text: str, width: int, measure: font.Font) -> str:
    """The text, cut with an ellipsis where it is wider than ``width`` pixels."""
    if measure.measure(text) <= width:
        return text
    while text and measure.measure(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"
