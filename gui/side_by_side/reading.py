"""What one of two models makes of the drawing: its output, its evidence and its layers."""

import tkinter
from collections.abc import Callable

import numpy as np
import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.compare.activation_chart import ActivationChart
from gui.compare.image_tile import ImageTile
from gui.compare.layers import NO_LAYERS, LayerView
from gui.compare.occlusion_map import overlay
from gui.numbers import percent
from gui.widgets.model_dropdown import ModelDropdown
from gui.worker.messages import Explained

ASKED = "Asking the model…"


class Reading(ttk.Frame):
    """A dropdown of all models, and beneath it the answer of the chosen one.

    ``on_choose`` is called with the name of a model that was chosen, ``on_pin`` with a digit whose bar was clicked.
    ``colour`` is that of its curve.
    """

    def __init__(
        self, master: tkinter.Misc, colour: str, on_choose: Callable[[str], None], on_pin: Callable[[int], None]
    ):
        super().__init__(master, bootstyle="bordered", padding=px(master, 12))
        gap = px(self, 8)
        self._shown: tuple = ()
        swatch = tkinter.Frame(self, background=colour, width=px(self, 12), height=px(self, 12))
        swatch.grid(row=0, column=0, sticky="w", padx=(0, gap))
        self.dropdown = ModelDropdown(self, on_choose, height=16, width=10)
        self.dropdown.grid(row=0, column=1, sticky="ew")
        self._answer = ttk.Label(self, font="ZooStrong")
        self._answer.grid(row=0, column=2, sticky="e", padx=(gap, 0))
        middle = ttk.Frame(self)
        middle.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(gap, 0))
        self.evidence = ImageTile(middle, "Evidence", pixelated=True)
        self.evidence.grid(row=0, column=0, sticky="w")
        self.chart = ActivationChart(middle, lambda _digit: None, on_pin)
        self.chart.configure(height=px(self, 104))
        self.chart.grid(row=0, column=1, sticky="nsew", padx=(gap, 0))
        middle.columnconfigure(1, weight=1)
        self.layers = LayerView(self)
        self.layers.grid(row=2, column=0, columnspan=3, sticky="nsew", pady=(gap, 0))
        self.columnconfigure(1, weight=1)
        self.rowconfigure(2, weight=1)
        self.bind("<Configure>", self._fit)

    def set_models(self, titles: dict[str, str]) -> None:
        """Offer these models, by title."""
        self.dropdown.offer(titles)

    def show(
        self,
        name: str | None,
        image: np.ndarray | None,
        explained: Explained | None,
        probabilities: np.ndarray | None,
        target: int | None,
        error: str = "",
    ) -> None:
        """Show what a model made of an image, or why not."""
        if name is not None:
            self.dropdown.show(name)
        shown = name, image, explained, target, error
        if len(self._shown) == 5 and all(a is b for a, b in zip(shown, self._shown, strict=True)):
            return
        self._shown = shown
        self.chart.target = target
        if image is None or explained is None or probabilities is None or target is None:
            message = error or (ASKED if image is not None else "")
            self.evidence.show(None, "Evidence")
            self.chart.show(None, message, is_error=bool(error))
            self.layers.show(None, "" if error else message)
            self._answer.configure(text="")
            return
        digit = int(probabilities.argmax())
        colour = PALETTE.text if digit == target else PALETTE.warning
        self._answer.configure(text=f"{digit} · {percent(probabilities[digit])}", foreground=colour)
        self.evidence.show(overlay(image, explained.occlusion_map[target]), f"Evidence for {target}")
        self.chart.show(probabilities.tolist())
        self.layers.show(explained.layers, NO_LAYERS)

    @property
    def answer(self) -> str:
        """The digit that the model reads, and its confidence, as shown."""
        return str(self._answer.cget("text"))

    def _fit(self, event: tkinter.Event) -> None:
        """Let the layers go first where there is little room, and then have the output stand beneath the evidence."""
        is_narrow, has_room = event.width < px(self, 240), event.height >= px(self, 280)
        free = min(event.height - px(self, 96), event.width // 3)  # where no layers are
        high = 104 if has_room else max(104, min(round(free / px(self, 100) * 100) + 20, 188))
        self.evidence.set_side(px(self, 56 if is_narrow else high - 20))
        row, column, gap = (1, 0, 0) if is_narrow else (0, 1, px(self, 8))
        self.chart.grid(row=row, column=column, columnspan=2 - column, padx=(gap, 0))
        self.chart.configure(height=px(self, 64 if is_narrow else high))
        if has_room != bool(self.layers.winfo_manager()):
            self.layers.grid() if has_room else self.layers.grid_remove()
