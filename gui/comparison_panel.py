"""The comparison: how the models split over the drawing, and each one's answer."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.comparison_list import ComparisonList, Row
from gui.focus_panel import unique_titles
from zoo import Card


class ComparisonPanel(ttk.Frame):
    """The summary of agreement, a menu of the models to compare, and the list of their answers.

    ``on_focus`` is called with the name of a row that was chosen, ``on_compare`` with the set of the names that are
    ticked in the menu.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        cards: list[Card],
        on_focus: Callable[[str], None],
        on_compare: Callable[[set[str]], None],
    ):
        super().__init__(master)
        gap = px(self, 8)
        ttk.Label(self, text="Compare", font="ZooStrong").grid(row=0, column=0, sticky="w", padx=(0, 2 * gap))
        self._summary = ttk.Label(self, font="ZooStrong", foreground=PALETTE.accent)
        self._summary.grid(row=0, column=1, sticky="w")
        self.button = ttk.Menubutton(self, text="Models ")
        self.button.grid(row=0, column=2, sticky="e")
        self.list = ComparisonList(self, on_focus)
        self._scrollbar = ttk.Scrollbar(self, orient="vertical", command=self.list.yview)
        self.list.grid(
            row=1, column=0, columnspan=3, sticky="nsew", pady=(gap, 0), padx=(0, self._scrollbar.winfo_reqwidth())
        )
        self.list.configure(yscrollcommand=self._scrolled)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self._on_compare = on_compare
        self._ticks = {card.name: tkinter.BooleanVar(self, True) for card in cards}
        self.menu = ttk.Menu(self.button, tearoff=False)
        for card, title in zip(cards, unique_titles(cards), strict=True):
            self.menu.add_checkbutton(label=title, variable=self._ticks[card.name], command=self._ticked)
        if cards:
            self.menu.add_separator()
            self.menu.add_command(label="All models", command=lambda: self._tick_all(True))
            self.menu.add_command(label="None", command=lambda: self._tick_all(False))
        self.button.configure(menu=self.menu, state="normal" if cards else "disabled")

    def show(self, rows: list[Row], summary: str, *, is_split: bool, message: str) -> None:
        """Show the rows and the summary of agreement; the message stands where there are no rows."""
        self._summary.configure(text=summary, foreground=PALETTE.warning if is_split else PALETTE.accent)
        self.list.show(rows, message)

    @property
    def summary(self) -> str:
        """The summary of agreement as shown."""
        return str(self._summary.cget("text"))

    def _ticked(self) -> None:
        self._on_compare({name for name, tick in self._ticks.items() if tick.get()})

    def _tick_all(self, value: bool) -> None:
        for tick in self._ticks.values():
            tick.set(value)
        self._ticked()

    def _scrolled(self, first: str, last: str) -> None:
        # The scrollbar is there only when there is more than room for it. It is placed beside the list, in room that is
        # always kept: in the grid its size would change the list's, and the list's whether it is needed, for ever.
        self._scrollbar.set(first, last)
        if float(first) <= 0 and float(last) >= 1:
            self._scrollbar.place_forget()
        else:
            self._scrollbar.place(in_=self.list, relx=1.0, relheight=1.0)
