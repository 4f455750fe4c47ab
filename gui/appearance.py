"""The look of the window: one theme, a few fonts, and sizes that follow the screen."""

import dataclasses
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

DARK_PRIMARY = "#005aa2"
"""In the dark the theme fills with a fifth more light, #337bb5, on which white text is still read."""

LIGHT = {
    "chrome": "#f7f7f7",
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
    "chrome": "#25292e",
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
"""Colours of what is drawn on canvases, of the theme in use: widgets read them when they are made. Every pair of text
and ground has a contrast of 4.5:1 or more."""


def use_palette(is_dark: bool) -> None:
    """Choose the colours of widgets that are made from now on."""
    vars(PALETTE).update(DARK if is_dark else LIGHT)


SPACE = 16
"""Logical pixels around and between the cards; everything else is a half or a quarter of it."""


class Fonts:
    """The fonts of the window, named so that widgets refer to them by name; sizes in points.

    Made again, they follow a changed scale. They belong to the interpreter of ``root`` and end with it.
    """

    def __init__(self, root: tkinter.Misc):
        sizes = {
            "ZooBody": 10,
            "ZooSmall": 9,
            "ZooTiny": 8,
            "ZooTinyStrong": 8,
            "ZooStrong": 10,
            "ZooName": 13,
            "ZooDigit": 46,
        }
        bold = ("ZooTinyStrong", "ZooStrong", "ZooName", "ZooDigit")
        theirs = {"TkDefaultFont": 10, "TkTextFont": 10, "TkMenuFont": 10, "TkHeadingFont": 10, "TkIconFont": 10}
        theirs |= {"TkFixedFont": 10, "TkCaptionFont": 12, "TkSmallCaptionFont": 9, "TkTooltipFont": 9}
        family = font.nametofont("TkDefaultFont", root=root).actual("family")
        call, known = root.tk.call, font.names(root)
        unit = 4 / 3 / _standard_scaling(root)
        # Straight from Tk: a font that tkinter creates is forgotten when its Python object goes.
        for name, size in sizes.items():
            if name not in known:
                call("font", "create", name)
            weight = "bold" if name in bold else "normal"
            call("font", "configure", name, "-family", family, "-size", round(size * unit), "-weight", weight)
        for name in set(theirs) & set(known):
            call("font", "configure", name, "-size", round(theirs[name] * unit))


def apply(root: ttk.App, is_dark: bool, scale: float = 0) -> None:
    """Give a window its theme, palette, fonts and scale (1.0 is 96 dpi; 0: as the screen says), now and at each change.

    Widgets that stand already take on the theme but not the scale: destroy them first and build them again.
    """
    screen = _screens.setdefault(root.winfo_screen(), float(root.tk.call("tk", "scaling")))
    root.tk.call("tk", "scaling", scale * _standard_scaling(root) if scale else screen)
    use_palette(is_dark)
    Fonts(root)
    # A theme's pictures and sizes are made once, for the scale of that moment: each scale has a theme of its own.
    name = f"{THEME.name}-{round(100 * root.style.scaling.factor)}"
    if f"{name}-dark" not in root.style.theme_names():
        dataclasses.replace(THEME, name=name, dark=None).register()
        dataclasses.replace(THEME, name=name, light=None, primary=DARK_PRIMARY).register()
    root.style.reset_style_options()  # sizes given to styles by hand were for the old scale
    root.style.theme_use(f"{name}-{'dark' if is_dark else 'light'}")
    _mend_styles(root.style)
    _set_options(root)


_screens: dict[str, float] = {}
"""The scaling of each screen as it was found: Tk keeps a changed one for as long as the process lives."""


def _standard_scaling(root: tkinter.Misc) -> float:
    """Pixels in a point at scale 1.0: those of 96 dpi, but of 72 dpi on macOS before Tk 9."""
    is_old_mac = root.tk.call("tk", "windowingsystem") == "aqua" and tkinter.TkVersion < 8.7
    return 1.0 if is_old_mac else 4 / 3


def _mend_styles(style: ttk.Style) -> None:
    """Show where the keyboard is, and what is not disabled, where the theme leaves that in the dark."""
    ring = [("focus", PALETTE.accent)]
    style.configure("Toolbutton", foreground=PALETTE.text)
    style.map("Toolbutton", bordercolor=ring, lightcolor=ring, darkcolor=ring)
    style.configure("Horizontal.TScale", focuscolor=PALETTE.accent)
    style.map("TNotebook.Tab", foreground=[("focus", PALETTE.accent), ("!selected", PALETTE.muted)])
    style.configure("TNotebook", background=PALETTE.chrome)
    style.layout("Bare.TNotebook.Tab", [])  # pages without tabs
    style.configure("Bare.TNotebook", background=PALETTE.chrome)


def _set_options(root: tkinter.Misc) -> None:
    """Colour what is no themed widget: menus, and on X11 the grounds of Tk's own dialogs."""
    menu = {
        "background": PALETTE.paper,
        "foreground": PALETTE.text,
        "activeBackground": PALETTE.accent_ground,
        "activeForeground": PALETTE.text,
        "disabledForeground": PALETTE.muted,
        "selectColor": PALETTE.accent,
        "activeBorderWidth": 0,
        "borderWidth": px(root, 2),  # with less, Tk cuts off the arrow of a menu in a menu
        "relief": "flat",
        "tearOff": 0,
    }
    for option, value in menu.items():
        root.option_add(f"*Menu.{option}", value)
    for dialog in ("Dialog", "TkFDialog", "TkChooseDir"):
        root.option_add(f"*{dialog}.background", PALETTE.paper)


def px(widget: tkinter.Misc, size: float) -> int:
    """Logical pixels (as on a 96 dpi screen) in the pixels of this screen, at least 1."""
    return max(1, round(ttk.scale_size(widget, size)))


def focus_ring(widget: tkinter.Misc, colour: str = "", width: float = 2) -> dict:
    """Return the options of a canvas that is outlined while the keyboard is there, else in `colour` (the paper's)."""
    return {
        "highlightthickness": px(widget, width),
        "highlightbackground": colour or PALETTE.paper,
        "highlightcolor": PALETTE.accent,
    }


def elide(text: str, width: int, measure: font.Font) -> str:
    """Return the text, cut with an ellipsis where it is wider than ``width`` pixels."""
    if measure.measure(text) <= width:
        return text
    while text and measure.measure(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def elide_middle(title: str, width: int, measure: font.Font) -> str:
    """Return a title cut in its middle, so that its last word or what follows a comma stays: ``"Two-conv … scratch"``.

    Of what follows the comma one word is enough. Where not even that leaves room, the end is cut.
    """
    if measure.measure(title) <= width:
        return title
    head, comma, tail = title.partition(", ")
    if not comma:
        head, _, tail = title.rpartition(" ")
    words = head.split(" ")
    for kept in range(len(words), 0, -1):
        for end in (tail, tail.split(" ")[0]):
            text = f"{' '.join(words[:kept])} … {end}"
            if measure.measure(text) <= width:
                return text
    end = f" {tail.split(' ')[0]}"
    room = width - measure.measure(end)
    return elide(words[0], room, measure) + end if 3 * room > width else elide(title, width, measure)


def elide_lines(text: str, width: int, count: int, measure: font.Font) -> str:
    """Return the text in at most ``count`` lines of ``width`` pixels, broken between words, the last cut if need be."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < count - 1:
        line = words.pop(0)
        while words and measure.measure(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        lines.append(elide(line, width, measure))
    return "\n".join(lines + ([elide(" ".join(words), width, measure)] if words else []))


def has_focus(widget: tkinter.Misc) -> bool:
    """Return whether a widget has the keyboard; tkinter's ``focus_get`` fails where a menu or a dialog of Tk has it."""
    return str(widget.tk.call("focus")) == str(widget)


def keep_focus_in_sight(notebook: ttk.Notebook, heir: tkinter.Misc) -> None:
    """Give the keyboard to ``heir`` where a page that is not shown has it: keys must not reach what nobody sees."""
    focus, shown = f"{notebook.tk.call('focus')}.", notebook.select()
    if any(focus.startswith(f"{page}.") for page in notebook.tabs() if page != shown):
        heir.focus_set()


def set_enabled(button: ttk.Button | ttk.Entry, is_enabled: object) -> None:
    """Let a button be pressed, or a text be changed, or not."""
    state = "normal" if is_enabled else "disabled"
    if str(button.cget("state")) != state:
        button.configure(state=state)
