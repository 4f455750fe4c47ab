"""The list of all keys."""

import tkinter
from collections.abc import Iterable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, px
from gui.widgets.menu_bar import Command, readable


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
        self.list = ttk.ScrolledFrame(self, padding=0)
        self.list.pack(fill="both", expand=True, padx=(space, 0), pady=(space, 0))
        self._build(_groups(commands, extra, str(self.tk.call("tk", "windowingsystem"))))
        self._set_size(root, room=close.winfo_reqheight() + 3 * space)
        self.bind("<Escape>", lambda _event: self.destroy())
        for key, amount, what in (
            ("Up", -1, "units"),
            ("Down", 1, "units"),
            ("Prior", -1, "pages"),
            ("Next", 1, "pages"),
        ):
            self.bind(f"<{key}>", lambda _event, amount=amount, what=what: self.list.yview_scroll(amount, what))
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

    def _build(self, groups: dict[str, list[tuple[list[str], str]]]) -> None:
        """Put the groups into two columns of about the same height."""
        heights = [len(rows) + 2 for rows in groups.values()]
        columns = [ttk.Frame(self.list), ttk.Frame(self.list)]
        for number, column in enumerate(columns):
            column.grid(row=0, column=number, sticky="nsew", padx=(0, px(self, SPACE) * (2 - number)))
            column.columnconfigure(0, weight=1, minsize=px(self, 160))
        above = 0
        for (title, rows), height in zip(groups.items(), heights, strict=True):
            self._add_group(columns[above + height / 2 > sum(heights) / 2], title, rows)
            above += height

    def _add_group(self, column: ttk.Frame, title: str, rows: list[tuple[list[str], str]]) -> None:
        gap = px(self, 4)
        top = column.grid_size()[1]
        heading = ttk.Label(column, text=title, font="ZooStrong", foreground=PALETTE.accent)
        heading.grid(row=top, column=0, columnspan=2, sticky="w", pady=(px(self, SPACE) if top else 0, gap))
        for row, (keys, label) in enumerate(rows, start=top + 1):
            ttk.Label(column, text=label, font="ZooBody").grid(row=row, column=0, sticky="w", pady=gap)
            caps = ttk.Frame(column)
            caps.grid(row=row, column=1, sticky="e", padx=(2 * gap, 0))
            for key in keys:
                _Cap(caps, key).pack(side="left", padx=(gap, 0))

    def _set_size(self, root: tkinter.Tk, room: int) -> None:
        """As large as the list, where the screen is large enough; in the middle of the window."""
        self.update_idletasks()
        width, height = self.list.winfo_reqwidth(), self.list.winfo_reqheight()
        most = round(0.85 * self.winfo_screenheight()) - room
        if height <= most:
            self.list.hide_scrollbars()
        else:
            width += self.list.vbar.winfo_reqwidth()
        self.list.container.grid_propagate(False)
        self.list.container.configure(width=width, height=min(height, most))
        self.update_idletasks()
        left = root.winfo_rootx() + (root.winfo_width() - self.winfo_reqwidth()) // 2
        top = root.winfo_rooty() + (root.winfo_height() - self.winfo_reqheight()) // 2
        left = max(0, min(left, self.winfo_screenwidth() - self.winfo_reqwidth()))
        top = max(0, min(top, self.winfo_screenheight() - self.winfo_reqheight()))
        self.geometry(f"+{left}+{top}")


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
    groups: dict[str, list[tuple[list[str], str]]] = {}
    for command in commands:
        if command.keys:
            row = readable(command.keys, winsys), command.label.removesuffix("…")
            groups.setdefault(command.menu.split("/")[0], []).append(row)
    others = [([keys], what) for keys, what in extra]
    return groups | {"Elsewhere": others} if others else groups
