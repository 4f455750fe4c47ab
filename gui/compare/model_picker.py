"""The choice of the models on the board."""

import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import elide_middle, px
from gui.compare.board import Board, short_titles, title_of_set
from gui.widgets.scrolled import ScrolledFrame


class ModelPicker(ttk.Frame):
    """Sets of models to choose at once, and beside them a tick for each model; it stays open while one ticks.

    It lies over the window beneath ``button``, and goes with its own button, Escape, a click elsewhere or when the
    keyboard leaves it.
    It changes ``board`` itself; ``on_change`` is called after each change.
    """

    def __init__(self, button: tkinter.Misc, board: Board, on_change: Callable[[], None]):
        super().__init__(button.winfo_toplevel(), bootstyle="bordered", padding=px(button, 10))
        self._button, self._board, self._on_change = button, board, on_change
        gap = px(self, 4)
        self._set = tkinter.StringVar(self)
        self.sets: dict[str, ttk.Radiobutton] = {}
        for row, key in enumerate(board.sets):
            choice = ttk.Radiobutton(self, variable=self._set, value=key, command=self._choose)
            choice.grid(row=row, column=0, sticky="w", pady=gap // 2, padx=(0, 4 * gap))
            self.sets[key] = choice
        self._frame = ScrolledFrame(self, px(self, 190))
        self._frame.grid(row=0, column=1, rowspan=len(self.sets) + 2, sticky="nsew")
        self._ticks = {name: tkinter.BooleanVar(self) for name in board.cards}
        self.ticks: dict[str, ttk.Checkbutton] = {}
        for name, title in board.titles.items():
            tick = ttk.Checkbutton(
                self._frame.inside, text=title, variable=self._ticks[name], command=lambda name=name: self._tick(name)
            )
            tick.pack(anchor="w", pady=gap // 2)
            tick.bind("<FocusIn>", lambda _event, tick=tick: self._frame.reveal(tick))
            self.ticks[name] = tick
        self.done = ttk.Button(self, text="Done", command=self.close)
        self.done.grid(row=len(self.sets) + 1, column=0, sticky="w", pady=(2 * gap, 0))
        self.rowconfigure(len(self.sets), weight=1)
        self.columnconfigure(1, weight=1)
        for group in (list(self.sets.values()), list(self.ticks.values())):
            for step, key in ((-1, "<Up>"), (1, "<Down>")):
                for place, widget in enumerate(group):
                    other = group[(place + step) % len(group)]
                    widget.bind(key, lambda _event, other=other: other.focus_set() or "break")
        for widget in (*self.sets.values(), *self.ticks.values(), self.done):
            widget.bind("<Escape>", self._escape)
            widget.bind("<Return>", lambda _event, widget=widget: widget.invoke())
            widget.bind("<FocusOut>", lambda _event: self.after_idle(self._close_where_left))
        self._show()
        self._place()
        self._outside = self.winfo_toplevel().bind("<Button-1>", self._clicked, add="+")
        self.sets.get(self._set.get(), next(iter(self.sets.values()))).focus_set()

    def _escape(self, _event: tkinter.Event) -> str:
        self.close()
        return "break"  # its widget is gone by then

    def close(self) -> None:
        """Go, and give the keyboard back to the button."""
        had_focus = self._holds(self.tk.call("focus"))
        self.destroy()
        if had_focus:
            self._button.focus_set()

    def destroy(self) -> None:
        """As every widget's."""
        if self.winfo_exists():  # a window that closes destroys the panel beneath it and then this, once more
            self.winfo_toplevel().unbind("<Button-1>", self._outside)
        super().destroy()

    def _choose(self) -> None:
        self._board.choose(self._set.get())
        self._show()
        self._on_change()

    def _tick(self, name: str) -> None:
        self._board.tick(name)
        self._show()
        self._on_change()

    def _show(self) -> None:
        sets, chosen = self._board.sets, self._board.chosen
        for key, choice in self.sets.items():
            count = len(sets[key])
            choice.configure(
                text=f"{title_of_set(key)} ({count})" if count else title_of_set(key),
                state="disabled" if key == "mine" and not count else "normal",
            )
        self._set.set(self._board.choice if sets.get(self._board.choice) == chosen else "")
        for name, tick in self._ticks.items():
            tick.set(name in chosen)

    def _place(self) -> None:
        """Beneath the button, as high as what is in it; over it where the window leaves no other room."""
        window = self.winfo_toplevel()
        self.update_idletasks()
        left, top = window.winfo_rootx(), window.winfo_rooty()
        right = self._button.winfo_rootx() + self._button.winfo_width() - left
        below = self._button.winfo_rooty() + self._button.winfo_height() + px(self, 2) - top
        edges = 2 * px(self, 10) + px(self, 8)
        sets = sum(choice.winfo_reqheight() + px(self, 4) for choice in self.sets.values())
        sets += self.done.winfo_reqheight() + px(self, 8)
        height = min(max(self._frame.inside.winfo_reqheight(), sets) + edges, window.winfo_height() - px(self, 4))
        longest = max((tick.winfo_reqwidth() for tick in self.ticks.values()), default=0)
        around = max(choice.winfo_reqwidth() for choice in self.sets.values()) + px(self, 70)
        width = min(longest + around, px(self, 460), window.winfo_width() - px(self, 8))
        measure = font.nametofont("TkDefaultFont", root=self)
        titles = list(self._board.titles.values())
        for tick, title, short in zip(self.ticks.values(), titles, short_titles(titles), strict=True):
            room = width - around - tick.winfo_reqwidth() + measure.measure(title)
            if measure.measure(title) > room:
                tick.configure(text=elide_middle(short, room, measure))
        x = max(min(right, window.winfo_width() - px(self, 4)) - width, px(self, 4))
        y = max(min(below, window.winfo_height() - height - px(self, 2)), px(self, 2))
        self.place(x=x, y=y, width=width, height=height)
        self.lift()

    def _clicked(self, event: tkinter.Event) -> None:
        if not self._holds(event.widget) and event.widget is not self._button:
            self.close()

    def _close_where_left(self) -> None:
        if self.winfo_exists() and (focus := self.tk.call("focus")) and not self._holds(focus):
            self.close()

    def _holds(self, widget) -> bool:
        return str(widget).startswith(str(self))
