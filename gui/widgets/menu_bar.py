"""The menu bar and its keys, made from one list of commands."""

import re
import tkinter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from tkinter import font
from typing import Any

from PIL import Image, ImageDraw, ImageTk

from gui.appearance import PALETTE, px


@dataclass(frozen=True)
class Command:
    """Something a person can do: an entry in a menu, and the keys that do the same.

    ``menu`` is the name of a menu, or "File/Export" for a menu in a menu. ``keys`` are written as people read them:
    "Ctrl+Shift+Z", "Delete", "F1", "+"; several are separated by spaces, and the menu shows the first. An entry with a
    ``choice`` (get, value) is ticked while ``get()`` is ``value``. What is not ``is_shown`` is left out, where it would
    be grey most of the time; so is a menu without entries.
    """

    menu: str
    label: str
    run: Callable[[], object]
    keys: str = ""
    is_enabled: Callable[[], bool] = lambda: True
    choice: tuple[Callable[[], object], object] | None = None
    separator_before: bool = False
    is_shown: Callable[[], bool] = lambda: True


class MenuBar:
    """The menu bar of a window. A key does nothing while its command is disabled; several commands may share one.

    A key without Ctrl or Alt does nothing while a text is being edited either, nor does one that edits text (Ctrl+V).
    """

    def __init__(self, root: tkinter.Tk, commands: Iterable[Command]):
        self._root = root
        self._winsys = root.tk.call("tk", "windowingsystem")
        self._bindings: list[tuple[str, str]] = []
        self._bar: tkinter.Menu | None = None
        self.set_commands(commands)

    def set_commands(self, commands: Iterable[Command]) -> None:
        """Make the menus and the keys anew, in the colours and sizes of now. Raises ValueError for unknown keys."""
        self.commands = list(commands)
        self._unbind()
        if self._bar is not None:
            self._bar.destroy()
        self._pictures = _pictures(self._root)
        self._bar = tkinter.Menu(self._root, borderwidth=0, background=PALETTE.chrome)
        self._menus: dict[str, tkinter.Menu] = {"": self._bar}
        self._content: dict[str, list[Command | str]] = {"": []}  # commands, and the paths of menus in a menu
        self._shown: dict[str, list[Command | str]] = {}
        self._letters: dict[str, dict[str, str]] = {}
        self._ticks = {id(command): tkinter.BooleanVar(self._root) for command in self.commands if command.choice}
        for command in self.commands:
            self.menu(command.menu)
            self._content[command.menu].append(command)
        for path in self._menus:
            self._fill(path)
        self._bind()
        self._root.configure(menu=self._bar)

    def menu(self, path: str) -> tkinter.Menu:
        """Return the menu of this name; it is made, with those it stands in, where there is none yet."""
        if path not in self._menus:
            parent, _, label = path.rpartition("/")
            above = self.menu(parent)
            menu = tkinter.Menu(above, postcommand=lambda: self._update(path))
            if self._winsys == "x11":
                menu.configure(background=PALETTE.line)  # what the entries leave free: a hairline around them
            self._menus[path], self._content[path] = menu, []
            self._content[parent].append(path)
        return self._menus[path]

    def refresh(self) -> None:
        """Show the menus in the bar that have entries now."""
        self._fill("")

    def post(self, path: str, below: tkinter.Misc) -> None:
        """Open a menu beneath a widget."""
        self.menu(path).tk_popup(below.winfo_rootx(), below.winfo_rooty() + below.winfo_height())

    def _is_shown(self, entry: Command | str) -> bool:
        return any(map(self._is_shown, self._content[entry])) if isinstance(entry, str) else entry.is_shown()

    def _fill(self, path: str) -> None:
        """Put into a menu what is shown now; where that stands there already, it is left alone."""
        menu, shown = self._menus[path], [entry for entry in self._content[path] if self._is_shown(entry)]
        if shown == self._shown.get(path):
            return
        self._shown[path] = shown
        menu.delete(0, "end")
        for entry in shown:
            if isinstance(entry, str):
                menu.add_cascade(menu=self._menus[entry], **self._label(path, entry.rpartition("/")[2]))
            else:
                self._add(menu, entry)

    def _add(self, menu: tkinter.Menu, command: Command) -> None:
        if command.separator_before and menu.index("end") is not None:
            menu.add_separator(**({"background": PALETTE.paper} if self._winsys == "x11" else {}))
        options: dict[str, Any] = {
            "command": command.run,
            "accelerator": _accelerator("".join(command.keys.split()[:1]), self._winsys),
            **self._label(command.menu, command.label),
        }
        if command.choice is None:
            menu.add_command(**options)
        else:
            if self._winsys == "x11":
                options |= {"indicatoron": False, "selectimage": self._pictures["tick"]}
            menu.add_checkbutton(variable=self._ticks[id(command)], **options)

    def _label(self, path: str, label: str, *, has_picture: bool = True) -> dict[str, Any]:
        """Options of an entry: its text, a letter for the keyboard, and the look of menus that Tk draws itself."""
        underline = self._underline(path, label)
        if self._winsys != "x11":
            return {"label": label, "underline": underline}
        if not path:
            return {"label": f" {label} ", "underline": underline + 1}
        # A picture at the left makes the rows taller and is a tick that scales. Tk greys the picture of a disabled
        # entry, so that is a sliver, and the text is moved to the same place by spaces.
        indent = 0 if has_picture else _INDENT
        return {
            "label": " " * indent + label,
            "underline": underline + indent,
            "image": self._pictures["blank" if has_picture else "sliver"],
            "background": PALETTE.paper,
            "compound": "left",
            "hidemargin": True,
        }

    def _underline(self, path: str, label: str) -> int:
        """Return the position of a letter that no other entry of the menu has: the first of a word, if possible."""
        letters = self._letters.setdefault(path, {})
        starts = [match.start() for match in re.finditer(r"\b\w", label)]
        for position in [*starts, *range(len(label))]:
            letter = label[position].lower()
            if letter.isalnum() and letters.setdefault(letter, label) == label:
                return position
        return -1

    def _update(self, path: str) -> None:
        """Show which commands of a menu are enabled and ticked, as it is about to be seen."""
        self._fill(path)
        menu = self._menus[path]
        places = [place for place in range((menu.index("end") or 0) + 1) if menu.type(place) != "separator"]
        for place, command in zip(places, self._shown[path], strict=True):
            if isinstance(command, str):
                continue
            is_enabled = command.is_enabled()
            is_chosen = command.choice is not None and command.choice[0]() == command.choice[1]
            if command.choice is not None:
                self._ticks[id(command)].set(is_chosen)
            look = self._label(path, command.label, has_picture=is_enabled or is_chosen)
            menu.entryconfigure(place, state="normal" if is_enabled else "disabled", **look)

    # ---------------------------------------------------------------- keys

    def _bind(self) -> None:
        chords: dict[str, list[tuple[_Key, Command]]] = {}
        for command in self.commands:
            for text in command.keys.split():
                key = _Key.read(text)
                for keysym in key.keysyms:
                    chords.setdefault(keysym, []).append((key, command))
        for keysym, candidates in chords.items():
            # Tk prefers the binding with more modifiers, so each set of them has its own; Shift and Caps Lock, which
            # change the keysym, are told apart by the event's state.
            for modifiers in {key.tk_modifiers(self._winsys) for key, _ in candidates}:
                sequence = f"<{modifiers}Key-{keysym}>"
                self._bindings.append((sequence, self._root.bind(sequence, self._handler(candidates))))

    def _handler(self, candidates: list[tuple["_Key", Command]]) -> Callable[[tkinter.Event], str | None]:
        def handle(event: tkinter.Event) -> str | None:
            for key, command in candidates:
                is_text = key.edits_text and self._is_editing(event)
                if key.matches(event, self._winsys) and not is_text and command.is_enabled():
                    command.run()
                    return "break"
            return None

        return handle

    def _is_editing(self, event: tkinter.Event) -> bool:
        widget = str(event.widget)  # Tk's own widgets come as their names
        call = self._root.tk.call
        if str(call("winfo", "class", widget)) not in _TEXT_FIELDS:
            return False
        return str(call(widget, "cget", "-state")) not in ("readonly", "disabled")

    def _unbind(self) -> None:
        for sequence, function in self._bindings:
            self._root.unbind(sequence, function)
        self._bindings.clear()


_TEXT_FIELDS = ("Entry", "TEntry", "TCombobox", "Spinbox", "TSpinbox", "Text")
_EDITING = set("acvxyz") | {"left", "right", "up", "down", "home", "end", "prior", "next", "delete", "backspace"}
"""What Tk's text fields do something with when Ctrl is held."""

_MASKS = {
    "x11": {"Shift": 0x1, "Ctrl": 0x4, "Alt": 0x8},
    "win32": {"Shift": 0x1, "Ctrl": 0x4, "Alt": 0x20000},
    "aqua": {"Shift": 0x1, "Ctrl": 0x8, "Alt": 0x10},  # Command and Option
}
"""The bits of the modifiers in the state of an event."""

_KEYSYMS = {
    "+": ("plus", "KP_Add"),
    "-": ("minus", "KP_Subtract"),
    "=": ("equal",),
    ",": ("comma",),
    ".": ("period",),
    "/": ("slash",),
    "?": ("question",),
    "Space": ("space",),
    "Enter": ("Return", "KP_Enter"),
    "Esc": ("Escape",),
    "Backspace": ("BackSpace",),
    "PageUp": ("Prior",),
    "PageDown": ("Next",),
    **{digit: (digit, f"KP_{digit}") for digit in "0123456789"},
    **{name: (name,) for name in ("Delete", "Insert", "Tab", "Home", "End", "Left", "Right", "Up", "Down", "Escape")},
    **{f"F{number}": (f"F{number}",) for number in range(1, 13)},
}


@dataclass(frozen=True)
class _Key:
    """A key with its modifiers."""

    modifiers: frozenset[str]
    name: str

    @classmethod
    def read(cls, text: str) -> "_Key":
        found = re.fullmatch(r"((?:(?:Ctrl|Shift|Alt)\+)*)(.+)", text)
        modifiers, name = found.groups() if found else ("", "")
        if name not in _KEYSYMS and not (len(name) == 1 and name.isascii() and name.isalpha()):
            known = ", ".join(_KEYSYMS)
            raise ValueError(f"Expected keys such as Ctrl+Shift+Z, found {text!r}: name a letter, or one of {known}.")
        return cls(frozenset(modifiers.split("+")[:-1]), name if name in _KEYSYMS else name.lower())

    @property
    def keysyms(self) -> tuple[str, ...]:
        return _KEYSYMS.get(self.name) or (self.name, self.name.upper())

    @property
    def edits_text(self) -> bool:
        return not self.modifiers & {"Ctrl", "Alt"} or self.keysyms[0].lower() in _EDITING

    def tk_modifiers(self, winsys: str) -> str:
        ctrl, alt = ("Command", "Option") if winsys == "aqua" else ("Control", "Alt")
        return ("Ctrl" in self.modifiers) * f"{ctrl}-" + ("Alt" in self.modifiers) * f"{alt}-"

    def matches(self, event: tkinter.Event, winsys: str) -> bool:
        """Return whether just these modifiers are held. Where Shift makes the sign, as in "+", it does not count."""
        held = {name for name, mask in _MASKS[winsys].items() if int(event.state) & mask}
        if len(self.name) == 1 and not self.name.isalpha():
            held.discard("Shift")
        return held == self.modifiers


def _accelerator(keys: str, winsys: str) -> str:
    if winsys == "aqua":
        return keys.replace("Ctrl+", "Command+").replace("Alt+", "Option+")
    return f"    {keys}  " if winsys == "x11" else keys  # Tk itself leaves no room around them


def readable(keys: str, winsys: str) -> list[str]:
    """Keys as people on this system know them: "Ctrl+Shift+Z Delete" is Shift-Command-Z in the signs of macOS."""
    if winsys != "aqua":
        return keys.split()
    signs = {"Alt": "⌥", "Shift": "⇧", "Ctrl": "⌘"}
    read = map(_Key.read, keys.split())
    return ["".join(sign for name, sign in signs.items() if name in key.modifiers) + key.name.title() for key in read]


_INDENT = 6
"""Spaces, in the font of menus, from the left of an entry to its text."""


def _pictures(root: tkinter.Misc) -> dict[str, ImageTk.PhotoImage]:
    """Return what stands at the left of an entry: nothing, a tick, or nothing that takes next to no room."""
    width, height = font.nametofont("TkMenuFont", root=root).measure(" " * _INDENT) + 1, px(root, 26)
    blank, finer = Image.new("RGBA", (width, height)), 4
    tick = blank.resize((finer * width, finer * height))
    unit = finer * height / 26
    left, middle = finer * width / 2 - 5 * unit, finer * height / 2
    points = [(left, middle), (left + 3.5 * unit, middle + 3.5 * unit), (left + 10 * unit, middle - 4 * unit)]
    ImageDraw.Draw(tick).line(points, fill=PALETTE.accent, width=round(2 * unit), joint="curve")
    pictures = {
        "blank": blank,
        "tick": tick.resize(blank.size, Image.Resampling.BOX),
        "sliver": blank.resize((1, height)),
    }
    return {name: ImageTk.PhotoImage(picture, master=root) for name, picture in pictures.items()}
