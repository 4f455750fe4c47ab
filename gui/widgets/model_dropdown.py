"""A dropdown of models."""

import tkinter
from collections.abc import Callable, Mapping
from typing import Any

import ttkbootstrap as ttk


class ModelDropdown(ttk.Combobox):
    """Models by their titles, in alphabetical order. ``on_choose`` is called with the name of the one that was chosen.

    Attributes:
        names: of the models, in this order.
    """

    def __init__(self, master: tkinter.Misc, on_choose: Callable[[str], object], **options: Any):
        super().__init__(master, state="readonly", font="ZooBody", **options)
        self.names: list[str] = []
        self._titles: dict[str, str] = {}
        self._on_choose = on_choose
        self.bind("<<ComboboxSelected>>", self._chosen)
        for wheel in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            # A wheel turned over the dropdown would change the model unasked.
            self.bind(wheel, lambda _event: "break")

    def offer(self, titles: Mapping[str, str]) -> None:
        """Offer these models: their titles by name."""
        if titles == self._titles:
            return  # nearly always: a page offers them whenever it shows something
        self._titles = dict(titles)
        self.names = sorted(titles, key=lambda name: titles[name].casefold())
        self.configure(values=[titles[name] for name in self.names])
        self.set("")  # until one of them is shown

    def show(self, name: str | None) -> None:
        """Show that this one is chosen, if it is offered; none for None."""
        if name is None:
            self.set("")
        elif name in self.names and self.current() != self.names.index(name):
            self.current(self.names.index(name))

    @property
    def name(self) -> str:
        """The name of the model that is chosen; there has to be one."""
        return self.names[self.current()]

    def _chosen(self, _event: tkinter.Event) -> None:
        self.selection_clear()
        self._on_choose(self.name)
