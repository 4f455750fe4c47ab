"""Which examples are walked through, and where one stands among them."""

import tkinter

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.state.examples import Examples


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
        # Placed, so that a title of any length leaves the bar as high as it is; the tip has all of it.
        self._title.place(in_=self.next, relx=1, x=gap, rely=0.5, anchor="w")
        self._tip = ttk.ToolTip(self._title, text="")
        self.bind("<Configure>", lambda event: self._title.configure(wraplength=self._room(event.width)))
        ttk.ToolTip(self.previous, text="Previous example (Ctrl+Left)")
        ttk.ToolTip(self.next, text="Next example (Ctrl+Right)")

    def show(self) -> None:
        """Show the example that is on the pad, or what is being looked for."""
        text = self._examples.title
        if text != self.title:
            self._title.configure(text=text)
            self._tip.configure(text=text)

    @property
    def title(self) -> str:
        """The text beside the buttons."""
        return str(self._title.cget("text"))

    def _room(self, width: int) -> int:
        return max(width - self.next.winfo_x() - self.next.winfo_width() - px(self, 8), 1)
