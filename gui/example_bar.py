"""Which examples are walked through, and where one stands among them."""

import tkinter
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, elide, px
from gui.examples import Examples


class ExampleBar(ttk.Frame):
    """A menu of the sources of examples, buttons to the one before and the next, and the title of what is there."""

    def __init__(self, master: tkinter.Misc, examples: Examples):
        super().__init__(master)
        self._examples = examples
        gap = px(self, 4)
        self.button = ttk.Menubutton(self, text="Examples")
        self.menu = ttk.Menu(self.button, tearoff=False)
        for source, label in examples.SOURCES.items():
            self.menu.add_command(label=label, command=lambda source=source: examples.choose(source))
        self.button.configure(menu=self.menu)
        self.previous = ttk.Button(self, text="◀", width=2, command=examples.previous)
        self.next = ttk.Button(self, text="▶", width=2, command=examples.next)
        self._title = ttk.Label(self, width=1, font="ZooSmall", foreground=PALETTE.muted)
        for column, widget in enumerate((self.button, self.previous, self.next, self._title)):
            widget.grid(row=0, column=column, padx=(0, gap), sticky="ew" if widget is self._title else "")
        self.columnconfigure(3, weight=1, minsize=0)
        ttk.ToolTip(self.previous, text="Previous example (Ctrl+Left)")
        ttk.ToolTip(self.next, text="Next example (Ctrl+Right)")
        self._measure = font.nametofont("ZooSmall", root=self)
        self._title.bind("<Configure>", lambda _event: self.show())

    def show(self) -> None:
        """Show the example that is on the pad, or what is being looked for."""
        text = elide(self._examples.title, max(self._title.winfo_width(), 1), self._measure)
        if text != self.title:
            self._title.configure(text=text)

    @property
    def title(self) -> str:
        """The text beside the buttons."""
        return str(self._title.cget("text"))
