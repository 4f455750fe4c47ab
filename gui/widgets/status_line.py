"""One line about what goes on behind the window."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px


class StatusLine(ttk.Frame):
    """A short notice and, where something can be done about it, a button."""

    def __init__(self, master: tkinter.Misc, on_action: Callable[[], None], **options):
        super().__init__(master, **options)
        self._text = ttk.Label(self, bootstyle="@chrome", font="ZooBody")
        self._text.grid(row=0, column=0)
        self._shown: tuple = ()
        self.button = ttk.Button(self, bootstyle="primary", command=on_action)

    def show(self, text: str, *, is_warning: bool = False, action: str = "") -> None:
        """Show a notice; ``action`` is the text of the button, which is there only with one."""
        shown = text, is_warning, action
        if shown == self._shown:
            return
        self._shown = shown
        self._text.configure(text=text, foreground=PALETTE.warning if is_warning else PALETTE.muted)
        if action:
            self.button.configure(text=action)
            self.button.grid(row=0, column=1, padx=(px(self, 12), 0))
        else:
            self.button.grid_remove()

    @property
    def text(self) -> str:
        """The notice as shown."""
        return str(self._text.cget("text"))
