"""A warning that stays at the top of a page."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px


class Banner(ttk.Frame):
    """A warning, with a button to close it where it has only to be read, or is in the way."""

    def __init__(self, master: tkinter.Misc, on_close: Callable[[], None]):
        super().__init__(master, bootstyle="@chrome")
        edge = tkinter.Frame(self, background=PALETTE.warning_bar, width=px(self, 4))
        edge.pack(side="left", fill="y")
        body = tkinter.Frame(self, background=PALETTE.warning_ground)
        body.pack(side="left", fill="both", expand=True)
        self._text = tkinter.Label(
            body,
            background=PALETTE.warning_ground,
            foreground=PALETTE.text,
            font="ZooBody",
            justify="left",
            anchor="w",
            padx=px(self, 8),
            pady=px(self, 6),
        )
        self._text.pack(side="left", fill="both", expand=True)
        self.button = ttk.Button(body, text="OK", command=on_close)

    def show(self, sentence: str) -> None:
        """Show a warning."""
        self._text.configure(text=sentence)

    def set_closable(self, can_close: bool) -> None:
        """Show the button, or hide it."""
        if can_close and not self.button.winfo_manager():
            self.button.pack(side="right", padx=px(self, 8), before=self._text)
        elif not can_close:
            self.button.pack_forget()

    def set_width(self, width: int) -> None:
        """Break the lines so that the banner is at most so many pixels wide."""
        room = px(self, 28) + (self.button.winfo_reqwidth() + px(self, 16) if self.button.winfo_manager() else 0)
        self._text.configure(wraplength=max(width - room, 1))

    @property
    def text(self) -> str:
        """The warning as shown."""
        return str(self._text.cget("text"))
