"""The menu bar, its keys and the list of them, under real events."""

import tkinter
from tkinter import ttk as plain_ttk

import pytest

from gui import appearance
from gui.appearance import PALETTE
from gui.widgets.keys_window import KeysWindow
from gui.widgets.menu_bar import Command, MenuBar, readable

CTRL, SHIFT, CAPS_LOCK, ALT, NUM_LOCK = 0x4, 0x1, 0x2, 0x8, 0x10


class Window:
    """A window whose commands note that they ran."""

    def __init__(self, root):
        self.root = root
        self.done = []
        self.disabled = set()
        self.theme = "light"
        self.errors = []
        root.report_callback_exception = lambda _kind, error, _trace: self.errors.append(error)
        self.bar = MenuBar(root, self.commands())
        self.frame = tkinter.Frame(root, width=400, height=300, takefocus=True)
        self.frame.pack()
        root.geometry("+0+0")
        root.update()
        self.focus(self.frame)

    def commands(self):
        def command(menu, label, keys="", **options):
            options.setdefault("is_enabled", lambda: label not in self.disabled)
            return Command(menu, label, lambda: self.done.append(label), keys, **options)

        return [
            command("File", "Save…", "Ctrl+S"),
            command("File/Export", "Strokes…", "Ctrl+Shift+E"),
            command("File", "Quit", "Ctrl+Q", separator_before=True),
            command("Edit", "Undo", "Ctrl+Z"),
            command("Edit", "Redo", "Ctrl+Y Ctrl+Shift+Z"),
            command("Edit", "Paste", "Ctrl+V"),
            command("Edit", "Clear", "Delete"),
            *(command("View/Theme", name, choice=(lambda: self.theme, name)) for name in ("light", "dark")),
            command("View", "Larger", "Ctrl++ +"),
            command("Help", "Keys", "F1"),
            command("Help", "Back", "Alt+Left"),
            command("Digit", "Three", "3"),
            command("Digit", "Guide", "G"),
            *(command("Digit/Speaks for", f"A {digit}", str(digit)) for digit in (0, 1, 2)),
            command("Digit/Speaks for", "What is read", "Escape"),
        ]

    def focus(self, widget):
        widget.focus_force()
        self.root.update()

    def press(self, keysym, state=0, widget=None):
        """Press a key with these modifiers held; return what ran."""
        self.done.clear()
        (widget or self.root.focus_get()).event_generate(f"<Key-{keysym}>", state=state)
        self.root.update()
        assert not self.errors
        return list(self.done)

    def post(self, path):
        menu = self.bar.menu(path)
        menu.post(50, 50)
        self.root.update()
        menu.unpost()
        return {menu.entrycget(at, "label").strip(): at for at in range(menu.index("end") + 1) if has_label(menu, at)}


def has_label(menu, at):
    return menu.type(at) != "separator"


@pytest.fixture(scope="module")
def root(display):
    import ttkbootstrap as ttk

    appearance.THEME.register()
    root = ttk.App(theme="digit-zoo-light", iconphoto=None)
    appearance.apply(root, is_dark=False, scale=1.0)
    yield root
    appearance.apply(root, is_dark=False)  # the display keeps its scale beyond the window
    root.destroy()


@pytest.fixture
def window(root):
    for child in root.winfo_children():
        child.destroy()
    window = Window(root)
    yield window
    window.bar.set_commands([])
    assert not window.errors


# ---------------------------------------------------------------- keys


def test_keys_run_their_commands(window):
    assert window.press("s", CTRL) == ["Save…"]
    assert window.press("Delete") == ["Clear"]
    assert window.press("F1") == ["Keys"]
    assert window.press("3") == window.press("KP_3", NUM_LOCK) == ["Three"]
    assert window.press("g") == ["Guide"]
    assert window.press("Left", ALT) == ["Back"]
    assert window.press("s") == window.press("s", ALT) == window.press("Left") == []


def test_shift_and_caps_lock_differ(window):
    assert window.press("z", CTRL) == window.press("Z", CTRL | CAPS_LOCK) == ["Undo"]
    assert window.press("Z", CTRL | SHIFT) == window.press("z", CTRL | SHIFT | CAPS_LOCK) == ["Redo"]
    assert window.press("y", CTRL | NUM_LOCK) == ["Redo"]
    assert window.press("Y", CTRL | SHIFT) == []
    assert window.press("G", CAPS_LOCK) == ["Guide"]
    assert window.press("G", SHIFT) == []
    assert window.press("e", CTRL) == []
    assert window.press("E", CTRL | SHIFT) == ["Strokes…"]


def test_shift_does_not_count_where_it_makes_the_sign(window):
    assert window.press("plus", SHIFT) == window.press("KP_Add", NUM_LOCK) == ["Larger"]
    assert window.press("plus", CTRL | SHIFT) == ["Larger"]


def test_other_modifiers_are_other_keys(window):
    assert window.press("z", CTRL | ALT) == []  # on some keyboards a letter of its own
    assert window.press("Delete", CTRL) == window.press("F1", SHIFT) == []


@pytest.mark.parametrize("kind", ["TEntry", "Entry", "TCombobox", "TSpinbox", "Spinbox", "Text"])
def test_keys_that_edit_a_text_are_left_to_it(window, kind):
    library = plain_ttk if kind.startswith("T") and kind != "Text" else tkinter
    field = getattr(library, kind.removeprefix("T") if library is plain_ttk else kind)(window.root)
    field.pack()
    window.focus(field)
    for key in ("Delete", "3", "plus", "g", "F1"):
        assert window.press(key) == []
    assert "3" in (field.get("1.0", "end") if kind == "Text" else field.get())
    assert window.press("v", CTRL) == window.press("z", CTRL) == []
    assert window.press("s", CTRL) == ["Save…"]
    assert window.press("Left", ALT) == []


def test_a_field_that_takes_no_typing_is_no_obstacle(window):
    field = plain_ttk.Combobox(window.root, values=["One"], state="readonly")
    field.pack()
    window.focus(field)
    assert window.press("Delete") == ["Clear"]
    assert window.press("3") == ["Three"]


def test_the_key_of_a_disabled_command_does_nothing(window):
    window.disabled = {"Undo"}
    assert window.press("z", CTRL) == []
    window.disabled = set()
    assert window.press("z", CTRL) == ["Undo"]


def test_commands_of_two_pages_share_a_key(window):
    page = "compare"
    window.bar.set_commands(
        Command(
            "Digit", name, lambda name=name: window.done.append(name), "3", is_enabled=lambda name=name: name == page
        )
        for name in ("compare", "collect")
    )
    window.focus(window.frame)
    assert window.press("3") == ["compare"]
    page = "collect"
    assert window.press("3") == ["collect"]


def test_keys_belong_to_the_window_itself(window):
    other = tkinter.Toplevel(window.root)
    window.focus(other)
    assert window.press("Delete", widget=other) == []
    other.destroy()


def test_new_commands_replace_the_keys(window):
    window.bar.set_commands([Command("File", "Print", lambda: window.done.append("Print"), "Ctrl+P")])
    window.focus(window.frame)
    assert window.press("p", CTRL) == ["Print"]
    assert window.press("s", CTRL) == window.press("Delete") == []
    window.bar.set_commands(window.commands())
    window.focus(window.frame)
    assert window.press("s", CTRL) == ["Save…"]
    assert window.press("p", CTRL) == []


@pytest.mark.parametrize("keys", ["Ctrl+Strg", "Control+S", "F13", "Ctrl+", "ß"])
def test_unknown_keys_are_refused_at_once(window, keys):
    with pytest.raises(ValueError, match="Expected keys such as"):
        window.bar.set_commands([Command("File", "Save", print, keys)])


def test_keys_as_people_read_them():
    assert readable("Ctrl+Shift+Z Delete", "x11") == ["Ctrl+Shift+Z", "Delete"]
    assert readable("Ctrl+Shift+Z Ctrl++ F1", "aqua") == ["⇧⌘Z", "⌘+", "F1"]
    assert readable("", "aqua") == []


# ---------------------------------------------------------------- menus


def test_menus_stand_in_the_order_of_the_commands(window):
    bar = window.bar.menu("")
    labels = [bar.entrycget(at, "label").strip() for at in range(bar.index("end") + 1)]
    assert labels == ["File", "Edit", "View", "Help", "Digit"]
    assert list(window.post("File")) == ["Save…", "Export", "Quit"]
    assert window.bar.menu("File").type(2) == "separator"
    assert list(window.post("File/Export")) == ["Strokes…"]
    assert window.bar.menu("Edit").entrycget(1, "accelerator").strip() == "Ctrl+Y"


def test_every_entry_of_a_menu_has_a_letter_of_its_own(window):
    window.bar.set_commands([Command("File", label, print) for label in ("Save", "Save as", "Send", "aa")])
    menu = window.bar.menu("File")
    for _ in range(2):
        letters = [menu.entrycget(at, "label")[menu.entrycget(at, "underline")].lower() for at in range(3)]
        assert letters == ["s", "a", "e"]
        assert menu.entrycget(3, "underline") == -1
        window.post("File")  # which looks at every entry anew


def test_a_menu_shows_what_is_enabled_and_chosen_as_it_opens(window):
    def states():
        at = window.post("Edit")
        return [name for name in at if window.bar.menu("Edit").entrycget(at[name], "state") == "disabled"]

    def ticked():
        at = window.post("View/Theme")
        menu = window.bar.menu("View/Theme")
        return [name for name in at if window.root.getvar(menu.entrycget(at[name], "variable"))]

    assert states() == []
    window.disabled = {"Undo", "Clear"}
    assert states() == ["Undo", "Clear"]
    window.disabled = set()
    assert states() == []
    assert ticked() == ["light"]
    window.theme = "dark"
    assert ticked() == ["dark"]
    window.bar.menu("View/Theme").invoke(1)  # it is the command's affair whether that changes anything
    assert window.done[-1] == "dark"
    assert ticked() == ["dark"]
    window.disabled = {"light", "dark"}
    assert ticked() == ["dark"]


def test_a_disabled_entry_is_not_run_by_the_mouse(window):
    window.disabled = {"Undo"}
    window.post("Edit")
    window.done.clear()
    window.bar.menu("Edit").invoke(0)
    assert window.done == []


def test_the_keyboard_opens_the_menus(window):
    def press_in_menu(keysym):
        window.root.tk.call("event", "generate", window.root.tk.call("focus"), f"<Key-{keysym}>")
        window.root.update()

    window.done.clear()
    for keysym in ("F10", "Right", "Down", "Return"):  # Edit, with Undo marked; Redo
        press_in_menu(keysym)
    assert window.done == ["Redo"]
    window.focus(window.frame)
    window.frame.event_generate("<Alt-Key-d>")  # Digit
    window.root.update()
    press_in_menu("t")  # Three
    assert window.done == ["Redo", "Three"]


def test_menus_follow_the_theme_and_the_scale(window):
    def look():
        window.post("Edit")
        menu = window.bar.menu("Edit")
        return str(menu.cget("foreground")), str(menu.entrycget(0, "background")), menu.winfo_reqheight()

    light = look()
    assert light[:2] == (PALETTE.text, PALETTE.paper)
    heights = []
    for _ in range(2):
        appearance.apply(window.root, is_dark=True, scale=2.0)
        window.bar.set_commands(window.commands())
        text, ground, height = look()
        assert (text, ground) == (appearance.DARK["text"], appearance.DARK["paper"])
        heights.append(height)
        appearance.apply(window.root, is_dark=False, scale=1.0)
        window.bar.set_commands(window.commands())
        assert look() == light
    assert heights[0] == heights[1] == pytest.approx(2 * light[2], rel=0.15)


# ---------------------------------------------------------------- the list of keys


def texts(widget):
    own = [str(widget.cget("text"))] if "text" in widget.keys() else []  # noqa: SIM118
    return own + [text for child in widget.winfo_children() for text in texts(child)]


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_the_list_of_keys(window, is_dark, scale):
    appearance.apply(window.root, is_dark, scale)
    try:
        keys = KeysWindow.open(window.root, window.bar.commands, [("Arrow keys", "Move in a list")])
        window.root.update()
        shown = texts(keys)
        menus = ["File", "Edit", "View", "Help", "Digit", "General"]
        assert [text for text in shown if text in menus] == menus
        for text in (
            "Save",
            "Ctrl+S",
            "Export strokes",
            "Ctrl+Shift+E",
            "Ctrl+Y",
            "Ctrl+Shift+Z",
            "Arrow keys",
            "3",
        ):
            assert shown.count(text) == 1, text
        assert "light" not in shown  # it has no key
        assert shown[shown.index("Speaks for a digit") :][:2] == ["Speaks for a digit", "0 to 9"]
        assert shown.count("0 to 9") == 1
        assert "A 1" not in shown
        assert "Speaks for what is read" in shown
        assert keys.winfo_height() <= keys.winfo_screenheight()
        assert keys.cget("background") == PALETTE.paper
        assert KeysWindow.open(window.root, window.bar.commands) is keys
        keys.focus_force()
        window.root.update()
        keys.focus_get().event_generate("<Escape>")
        window.root.update()
        assert not keys.winfo_exists()
    finally:
        appearance.apply(window.root, is_dark=False, scale=1.0)


def test_a_long_list_scrolls(window):
    many = [Command(f"Menu {number % 7}", f"Command {number}", print, "F1") for number in range(150)]
    keys = KeysWindow(window.root, many)
    window.root.update()
    assert keys.winfo_height() <= keys.winfo_screenheight()
    assert keys.list.scrollbar.winfo_ismapped()
    keys.focus_force()
    window.root.update()
    before = keys.list.yview()
    assert before[1] < 1
    keys.event_generate("<Next>")
    window.root.update()
    assert keys.list.yview() > before
    line = keys.list.inside.winfo_children()[0].winfo_children()[1]
    before = keys.list.yview()
    line.event_generate("<MouseWheel>", delta=120)
    window.root.update()
    assert keys.list.yview() < before  # the wheel scrolls wherever it is turned
    next(child for child in keys.winfo_children() if isinstance(child, plain_ttk.Button)).invoke()
    assert not keys.winfo_exists()
