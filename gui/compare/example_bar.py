"""Which examples are walked through, and where one stands among them."""

import tkinter

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.compare.examples import Examples


class ExampleBar(ttk.Frame):
    """A menu of the sources of examples, buttons to the one before and the next, and the title of what is there."""

    def __init__(self, master: tkinter.Misc, examples: Examples):
        super().__init__(master)
        self._examples = examples
        gap = px(self, 4)
        self.button = ttk.Menubutton(self, text="Examples ")
        self.menu = ttk.Menu(self.button, tearoff=False)
        for source, label in examples.SOURCES.items():
            self.menu.add_command(label=label, command=lambda source=source: examples.choose(source))
        self.button.configure(menu=self.menu)
        self.previous = ttk.Button(self, text="◀", width=2, command=examples.previous)
        self.next = ttk.Button(self, text="▶", width=2, command=examples.next)
        for column, button in enumerate((self.button, self.previous, self.next)):
            button.grid(row=0, column=column, padx=(0, gap))
        self._title = ttk.Label(self, font="ZooSmall", foreground=PALETTE.muted)
        self._tip = ttk.ToolTip(self._title, text="")
        self.bind("<Configure>", lambda event: self._place(event.width))
        ttk.ToolTip(self.previous, text="Previous example (Ctrl+Left)")
        ttk.ToolTip(self.next, text="Next example (Ctrl+Right)")

    def show(self) -> None:
        """Show the example that is on the pad, or what is being looked for."""
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

    def _place(self, width: int) -> None:
        room = width - self.least - px(self, 4)
        if room < px(self, 70):
            self._title.place_forget()
            return
        # Placed, so that a title of any length leaves the bar as high as it is; the tip has all of it.
        self._title.configure(wraplength=room)
        self._title.place(in_=self.next, relx=1, x=px(self, 8), rely=0.5, anchor="w")
