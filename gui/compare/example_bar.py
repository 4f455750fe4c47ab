"""Which examples are walked through, and where one stands among them."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.compare.examples import Examples

NEXT, STOP = "▶", "■"


class ExampleBar(ttk.Frame):
    """A button for the menu of examples, buttons to the one before and the next, and the title of what is there.

    ``post_menu`` opens the menu beneath the button that it is called with.
    """

    def __init__(self, master: tkinter.Misc, examples: Examples, post_menu: Callable[[tkinter.Misc], None]):
        super().__init__(master)
        self._examples = examples
        gap = px(self, 4)
        self.button = ttk.Button(self, text="Examples ▾", command=lambda: post_menu(self.button))
        self.button.bind("<Down>", lambda _event: post_menu(self.button))
        self.previous = ttk.Button(self, text="◀", width=2, command=examples.previous)
        self.next = ttk.Button(self, text=NEXT, width=2, command=self._go_on)
        for column, button in enumerate((self.button, self.previous, self.next)):
            button.grid(row=0, column=column, padx=(0, gap))
        self._title = ttk.Label(self, font="ZooSmall", foreground=PALETTE.muted)
        self._tip = ttk.ToolTip(self._title, text="")
        self.bind("<Configure>", lambda event: self._place(event.width))
        ttk.ToolTip(self.previous, text="Previous example (Ctrl+Left)")
        ttk.ToolTip(self.next, text="Next example (Ctrl+Right); ■ stops a search")

    def show(self) -> None:
        """Show the example that is on the pad, or what is being looked for."""
        button = STOP if self._examples.is_searching else NEXT
        if button != self.next.cget("text"):
            self.next.configure(text=button)
        text = self._examples.title
        if text != self.title:
            self._title.configure(text=text)
            self._tip.configure(text=text)

    @property
    def least(self) -> int:
        """How wide the buttons are, in pixels."""
        return sum(button.winfo_reqwidth() + px(self, 4) for button in (self.button, self.previous, self.next))

    @property
    def title(self) -> str:
        """The text beside the buttons."""
        return str(self._title.cget("text"))

    def _go_on(self) -> None:
        self._examples.stop() if self._examples.is_searching else self._examples.next()

    def _place(self, width: int) -> None:
        room = width - self.least - px(self, 4)
        if room < px(self, 70):
            self._title.place_forget()
            return
        # Placed, so that a title of any length leaves the bar as high as it is; the tip has all of it.
        self._title.configure(wraplength=room)
        self._title.place(in_=self.next, relx=1, x=px(self, 8), rely=0.5, anchor="w")
