"""Ten bars for ten digits."""

import tkinter
from collections.abc import Sequence

from gui.appearance import PALETTE, px


class ActivationChart(tkinter.Canvas):
    """The ten output activations of one model as vertical bars with their values, or a sentence instead."""

    def __init__(self, master: tkinter.Misc):
        super().__init__(master, background=PALETTE.paper, highlightthickness=0, width=1, height=1)
        self._probabilities: Sequence[float] | None = None
        self._levels = [self.create_line(0, 0, 0, 0, fill=PALETTE.line) for _ in range(3)]  # 0, 0.5 and 1
        self._bars = [self.create_rectangle(0, 0, 0, 0, width=0, fill=PALETTE.quiet_bar) for _ in range(10)]
        self._values = [self.create_text(0, 0, font="ZooTiny", fill=PALETTE.muted) for _ in range(10)]
        self._labels = [self.create_text(0, 0, font="ZooStrong", text=digit) for digit in range(10)]
        self._message = self.create_text(0, 0, font="ZooBody", fill=PALETTE.muted, justify="center")
        self.bind("<Configure>", lambda _event: self._layout())

    def show(self, probabilities: Sequence[float] | None, message: str = "", *, is_error: bool = False) -> None:
        """Show ten probabilities; without any, show empty bars and the message."""
        self._probabilities = probabilities
        self.itemconfigure(self._message, text=message, fill=PALETTE.warning if is_error else PALETTE.muted)
        best = None if probabilities is None else max(range(10), key=lambda digit: probabilities[digit])
        for digit in range(10):
            value = "" if probabilities is None else f"{probabilities[digit]:.3f}"
            chosen = digit == best
            self.itemconfigure(self._bars[digit], fill=PALETTE.accent if chosen else PALETTE.quiet_bar)
            self.itemconfigure(self._values[digit], text=value, fill=PALETTE.text if chosen else PALETTE.muted)
            self.itemconfigure(self._labels[digit], fill=PALETTE.accent if chosen else PALETTE.text)
        self._layout()

    @property
    def values(self) -> list[str]:
        """The numbers above the bars as shown."""
        return [self.itemcget(item, "text") for item in self._values]

    @property
    def message(self) -> str:
        """The sentence shown instead of an answer."""
        return self.itemcget(self._message, "text")

    def _layout(self) -> None:
        width, height = self.winfo_width(), self.winfo_height()
        step = width / 10
        bar = min(step * 0.62, px(self, 40))
        text = px(self, 18)
        bottom = height - text - px(self, 4)
        room = max(bottom - text, 1)
        for level, line in enumerate(self._levels):
            y = round(bottom - level / 2 * room)
            self.coords(line, 0, y, width, y)
            self.itemconfigure(line, state="hidden" if level and self._probabilities is None else "normal")
        for digit in range(10):
            centre = step * (digit + 0.5)
            value = self._probabilities[digit] if self._probabilities is not None else 0.0
            top = bottom - max(value * room, px(self, 2))
            self.coords(self._bars[digit], round(centre - bar / 2), round(top), round(centre + bar / 2), bottom)
            self.coords(self._values[digit], centre, top - text / 2)
            self.coords(self._labels[digit], centre, bottom + px(self, 4) + text / 2)
        self.coords(self._message, width / 2, bottom / 2)
        self.itemconfigure(self._message, width=max(width - px(self, 32), 1))
