"""The list of all keys."""

import tkinter
from collections.abc import Iterable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, px
from gui.placement import place_over
from gui.widgets.menu_bar import Command, readable
from gui.widgets.scrolled import ScrolledFrame


class KeysWindow(tkinter.Toplevel):
    """Which key does what: the commands that have one, by menu, and ``extra`` pairs of (keys, what they do)."""

    def __init__(self, root: tkinter.Tk, commands: Iterable[Command], extra: Iterable[tuple[str, str]] = ()):
        super().__init__(root, background=PALETTE.paper)
        self.withdraw()
        self.title("Keys")
        self.transient(root)
        space = px(self, SPACE)
        close = ttk.Button(self, text="Close", command=self.destroy)
        close.pack(side="bottom", anchor="e", padx=space, pady=space)
        self.list = ScrolledFrame(self)
        self.list.pack(fill="both", expand=True, padx=(space, 0), pady=(space, 0))
        groups = _groups(commands, extra, str(self.tk.call("tk", "windowingsystem")))
        for columns in (3, 2, 1):
            self._build(groups, columns)
            self.update_idletasks()
            if self.list.inside.winfo_reqwidth() <= 0.95 * self.winfo_screenwidth():
                break
        self._set_size(root, room=close.winfo_reqheight() + 3 * space)
        self.bind("<Escape>", lambda _event: self.destroy())
        self.list.bind_keys(self)
        self.deiconify()
        close.focus_set()

    @classmethod
    def open(cls, root: tkinter.Tk, commands: Iterable[Command], extra: Iterable[tuple[str, str]] = ()) -> "KeysWindow":
        """Raise the list that is open, or open one."""
        window = next((child for child in root.winfo_children() if isinstance(child, cls)), None)
        if window is None:
            return cls(root, commands, extra)
        window.deiconify()
        window.lift()
        window.focus_force()
        return window

    def _build(self, groups: dict[str, list[tuple[list[str], str]]], count: int) -> None:
        """Put the groups into so many columns of about the same height, in place of those that are there."""
        for child in self.list.inside.winfo_children():
            child.destroy()
        heights = [len(rows) + 2 for rows in groups.values()]
        columns = [ttk.Frame(self.list.inside) for _ in range(count)]
        for number, column in enumerate(columns):
            space = px(self, SPACE) * (1 if number == count - 1 else 2)
            column.grid(row=0, column=number, sticky="nsew", padx=(0, space))
            column.columnconfigure(0, weight=1)
        above = 0
        for (title, rows), height in zip(groups.items(), heights, strict=True):
            self._add_group(columns[int(count * (above + height / 2) / sum(heights))], title, rows)
            above += height

    def _add_group(self, column: ttk.Frame, title: str, rows: list[tuple[list[str], str]]) -> None:
        gap = px(self, 4)
        top = column.grid_size()[1]
        heading = ttk.Label(column, text=title, font="ZooStrong", foreground=PALETTE.accent)
        heading.grid(row=top, column=0, sticky="w", pady=(px(self, SPACE) if top else 0, gap))
        for row, (keys, label) in enumerate(rows, start=top + 1):
            line = ttk.Frame(column)
            line.grid(row=row, column=0, sticky="ew", pady=gap)
            text = ttk.Label(line, text=label, font="ZooBody", wraplength=px(self, 180))
            text.pack(side="left", padx=(0, 2 * gap))
            for key in reversed(keys):
                _Cap(line, key).pack(side="right", padx=(gap, 0))

    def _set_size(self, root: tkinter.Tk, room: int) -> None:
        """As large as the list, where the screen is large enough; in the middle of the window."""
        self.update_idletasks()
        width, height = self.list.inside.winfo_reqwidth(), self.list.inside.winfo_reqheight()
        self.list.set_size(width, min(height, round(0.85 * self.winfo_screenheight()) - room))
        place_over(self, root)


class _Cap(tkinter.Label):
    """A key, drawn as one."""

    def __init__(self, master: tkinter.Misc, text: str):
        super().__init__(
            master,
            text=text,
            font="ZooSmall",
            foreground=PALETTE.text,
            background=PALETTE.hover_ground,
            highlightbackground=PALETTE.line,
            highlightthickness=px(master, 1),
            borderwidth=0,
            padx=px(master, 6),
            pady=px(master, 2),
        )


def _groups(
    commands: Iterable[Command], extra: Iterable[tuple[str, str]], winsys: str
) -> dict[str, list[tuple[list[str], str]]]:
    """Rows of keys and what they do, by menu; the ten digits of a submenu are one row."""
    groups: dict[str, list[tuple[list[str], str]]] = {}
    for command in commands:
        if command.keys:
            menu, _, submenu = command.menu.partition("/")
            rows, label = groups.setdefault(menu, []), command.label.removesuffix("…")
            keys = readable(command.keys, winsys)
            if submenu and command.keys.isdigit():
                keys, label = ["0 to 9"], "a digit"
            if submenu:
                label = f"{submenu} {label[0].lower()}{label[1:]}"
            if (keys, label) not in rows:
                rows.append((keys, label))
    others = [([keys], what) for keys, what in extra]
    return groups | {"General": others} if others else groups
