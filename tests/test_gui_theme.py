"""The look: colours that everyone can read, themes and scales that change while the window is open."""

import sys
import threading
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from gui import appearance
from gui.appearance import DARK, LIGHT, PALETTE, px
from gui.system import theme as system_theme
from gui.system.theme import SystemTheme, system_is_dark
from tests.gui_support import let_pass
from tests.waiting import PATIENCE, until


@pytest.fixture(scope="module")
def root(display):
    import ttkbootstrap as ttk

    appearance.THEME.register()
    root = ttk.App(theme="digit-zoo-light", iconphoto=None)
    yield root
    appearance.apply(root, is_dark=False)  # the display keeps its scale beyond the window
    root.destroy()


# ---------------------------------------------------------------- colours


def linear(colour):
    """A colour "#rrggbb" as linear RGB, 0..1."""
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2: from 1 to 21."""
    low, high = sorted(linear(colour) @ (0.2126, 0.7152, 0.0722) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """Linear RGB in CIELAB (D65)."""
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(matrix) @ rgb / (0.9505, 1.0, 1.089)
    x, y, z = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_every_ground(palette):
    grounds = ("paper", "chrome", "hover_ground", "accent_ground", "warning_ground")
    for text, ground in product(("text", "muted", "accent", "warning"), grounds):
        assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    assert contrast(palette["ink"], palette["paper"]) >= 7


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_stand_out_from_the_paper(palette):
    for bar in ("accent", "warning_bar"):
        assert contrast(palette[bar], palette["paper"]) >= 3
        assert contrast(palette[bar], palette["quiet_bar"]) >= 1.5


PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
"""On linear RGB: Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009, severity 1.0."""


@pytest.mark.parametrize("matrix", [np.eye(3), PROTANOPIA, DEUTERANOPIA], ids=["normal", "protanopia", "deuteranopia"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_blue_and_orange_differ_for_everyone(palette, matrix):
    for blue, orange in (("accent", "warning"), ("accent", "warning_bar")):
        seen = [lab((np.array(matrix) @ linear(palette[name])).clip(0, 1)) for name in (blue, orange)]
        assert np.linalg.norm(seen[0] - seen[1]) > 40, (blue, orange)  # 2.3 is just noticeable


# ---------------------------------------------------------------- the theme of the window


def show_samples(root):
    """One widget of each kind; they build the styles."""
    import ttkbootstrap as ttk

    for child in root.winfo_children():
        child.destroy()
    frame = ttk.Frame(root)
    frame.pack()
    widgets = {
        "TButton": ttk.Button(frame, text="Button"),
        "primary.TButton": ttk.Button(frame, text="Button", bootstyle="primary"),
        "TLabel": ttk.Label(frame, text="Label"),
        "@chrome.TLabel": ttk.Label(frame, text="Label", bootstyle="@chrome"),
        "TCheckbutton": ttk.Checkbutton(frame, text="Tick"),
        "TRadiobutton": ttk.Radiobutton(frame, text="One"),
        "TEntry": ttk.Entry(frame),
        "TCombobox": ttk.Combobox(frame, values=["One", "Two"]),
        "Treeview": ttk.Treeview(frame, height=3),
        "TNotebook": ttk.Notebook(frame),
        "TScrollbar": ttk.Scrollbar(frame),
        "TScale": ttk.Scale(frame),
        "TProgressbar": ttk.Progressbar(frame),
    }
    for widget in widgets.values():
        widget.pack()
    root.update()
    return widgets


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_theme_agrees_with_the_palette_and_can_be_read(root, is_dark):
    appearance.apply(root, is_dark)
    show_samples(root)
    look = root.style.lookup
    assert vars(PALETTE) == (DARK if is_dark else LIGHT)
    assert look("TFrame", "background") == look("TLabel", "background") == PALETTE.paper
    assert look("@chrome.TLabel", "background") == PALETTE.chrome
    for style in ("TButton", "primary.TButton", "TLabel", "@chrome.TLabel", "TCheckbutton", "TRadiobutton"):
        assert contrast(look(style, "foreground"), look(style, "background")) >= 4.5, style
    for style in ("TEntry", "TCombobox"):
        assert contrast(look(style, "foreground"), look(style, "fieldbackground")) >= 4.5, style


def sizes(root, widgets):
    root.update()
    return {name: (widget.winfo_reqwidth(), widget.winfo_reqheight()) for name, widget in widgets.items()}


@pytest.mark.slow
def test_theme_and_scale_change_back_and_forth(root):
    seen, images = {}, []
    for _ in range(3):
        for scale, is_dark in product((1.0, 1.5, 2.5), (False, True)):
            appearance.apply(root, is_dark, scale)
            widgets = show_samples(root)
            assert px(root, 100) == round(100 * scale)
            assert root.style.theme_mode == ("dark" if is_dark else "light")
            look = sizes(root, widgets), root.style.lookup("Treeview", "rowheight"), root.cget("background")
            assert seen.setdefault((scale, is_dark), look) == look
        images.append(len(root.image_names()))
    assert images[0] == images[1] == images[2]
    for name in seen[1.0, False][0]:
        small, large = (seen[scale, True][0][name] for scale in (1.0, 2.5))
        assert large[1] > 1.7 * small[1] or name in ("TNotebook", "TScrollbar"), name


def test_fonts_follow_the_scale(root):
    from tkinter import font

    heights = {}
    for scale in (1.0, 2.0, 1.0):
        appearance.apply(root, is_dark=False, scale=scale)
        for name in ("ZooBody", "ZooName", "TkDefaultFont", "TkMenuFont", "TkFixedFont", "TkCaptionFont"):
            height = font.nametofont(name, root=root).metrics("linespace")
            assert heights.setdefault((name, scale), height) == height
    for name in {name for name, _ in heights}:
        assert heights[name, 2.0] / heights[name, 1.0] == pytest.approx(2, abs=0.15)


def test_scale_0_is_what_the_screen_says(root):
    appearance.apply(root, is_dark=False)
    before = px(root, 1000)
    appearance.apply(root, is_dark=False, scale=2.5)
    appearance.apply(root, is_dark=True)
    assert px(root, 1000) == before


# ---------------------------------------------------------------- the theme of the system


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """Return a function that makes a program; no others are found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_theme, "PATIENCE", PATIENCE)

    def make(name, script):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return make


NEW_PORTAL = 'case "$*" in *ReadOne*color-scheme) echo "(<uint32 {}>,)";; *) exit 1;; esac'
OLD_PORTAL = 'case "$*" in *.Read\\ *color-scheme) echo "(<<uint32 {}>>,)";; *) exit 1;; esac'


@pytest.mark.parametrize("portal", [NEW_PORTAL, OLD_PORTAL])
@pytest.mark.parametrize(("number", "is_dark"), [(0, False), (1, True), (2, False)])
def test_the_portal_is_asked(tool, portal, number, is_dark):
    tool("gdbus", portal.format(number))
    tool("gsettings", "exit 1")
    assert system_is_dark() is is_dark


@pytest.mark.parametrize(("answer", "is_dark"), [("prefer-dark", True), ("default", False), ("prefer-light", False)])
def test_gnome_is_asked_where_there_is_no_portal(tool, monkeypatch, tmp_path, answer, is_dark):
    tool("gsettings", f"""[ "$*" = "get org.gnome.desktop.interface color-scheme" ] && echo "'{answer}'" """)
    assert system_is_dark() is is_dark
    tool("gdbus", "echo no such service >&2; exit 1")
    assert system_is_dark() is is_dark
    tool("gdbus", "echo '(<uint32 1>,)'")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert system_is_dark() is is_dark  # asking would start a session bus


def test_no_tool_or_a_broken_one_is_no_answer(tool):
    assert system_is_dark() is None
    tool("gdbus", "printf '\\377\\000 garbage'")
    tool("gsettings", "exit 1")
    assert system_is_dark() is None


def test_a_slow_tool_is_not_waited_for(tool, monkeypatch):
    monkeypatch.setattr(system_theme, "PATIENCE", 0.05)
    tool("gdbus", "exec /bin/sleep 3600")
    tool("gsettings", "exec /bin/sleep 3600")
    assert system_is_dark() is None


def test_macos(tool, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system_is_dark() is None
    tool("defaults", "[ $3 = AppleInterfaceStyle ] && echo Dark")
    assert system_is_dark() is True
    tool("defaults", "echo 'The domain/default pair does not exist' >&2; exit 1")
    assert system_is_dark() is False


def test_windows(monkeypatch):
    class Key:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    value = 0

    def query(key, name):
        if value is None:
            raise FileNotFoundError(2, "no such value")
        assert name == "AppsUseLightTheme"
        return value, 4

    fake = SimpleNamespace(HKEY_CURRENT_USER=1, OpenKey=lambda *_: Key(), QueryValueEx=query)
    monkeypatch.setitem(sys.modules, "winreg", fake)
    monkeypatch.setattr(sys, "platform", "win32")
    assert system_is_dark() is True
    value = 1
    assert system_is_dark() is False
    value = None
    assert system_is_dark() is None


def test_asking_again_does_not_hold_up_the_window(root, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(system_theme, "time", SimpleNamespace(monotonic=lambda: now))
    answer_now = threading.Event()

    def ask_slowly():
        answer_now.wait(PATIENCE)
        return True

    monkeypatch.setattr(system_theme, "system_is_dark", ask_slowly)
    answers = []
    theme = SystemTheme(root.after, lambda answer: answers.append((answer, threading.current_thread())))
    assert not theme.ask()  # the window has just opened
    now += system_theme.PAUSE
    assert theme.ask()
    assert not theme.ask()
    let_pass(root)  # it looks for the answer, and goes on without
    assert answers == []
    answer_now.set()
    until(lambda: answers, step=root.update)
    assert answers == [(True, threading.main_thread())]
