"""Ten bars for ten digits."""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import font

from gui.appearance import PALETTE, elide_lines, focus_ring, px
from gui.numbers import percent
from gui.widgets.canvas_items import CanvasItems


class ActivationChart(tkinter.Canvas):
    """The ten output activations of one model as vertical bars with their values, or a sentence above empty ones.

    The sentence of an error stands alone, in the largest font in which there is room for the whole of it.

    ``on_target`` is called with the digit that the mouse, or an arrow key, points at, and with None when they leave;
    ``on_pin`` with the digit that is clicked, or chosen by Enter or the space bar. ``target`` is the digit that is
    outlined; whoever owns the chart sets it to what follows from them.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        on_target: Callable[[int | None], None] | None = None,
        on_pin: Callable[[int], None] | None = None,
    ):
        super().__init__(
            master,
            background=PALETTE.paper,
            **focus_ring(master),
            width=1,
            height=1,
            takefocus=on_pin is not None,
        )
        self._on_target, self._on_pin = on_target, on_pin
        self._items = CanvasItems(self)
        self._probabilities: Sequence[float] | None = None
        self._sentence, self._is_error, self._is_old = "", False, False
        self._target: int | None = None
        self._pointed: int | None = None  # what on_target was last called with
        self._levels = [self.create_line(0, 0, 0, 0, fill=PALETTE.line) for _ in range(3)]  # 0, 0.5 and 1
        self._outline = self.create_rectangle(
            0, 0, 0, 0, outline=PALETTE.accent, fill=PALETTE.hover_ground, width=px(self, 1.5), state="hidden"
        )
        self._bars = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._values = [self.create_text(0, 0, font="ZooTiny") for _ in range(10)]
        self._labels = [self.create_text(0, 0, font="ZooStrong", text=digit) for digit in range(10)]
        self._message = self.create_text(0, 0, font="ZooBody", fill=PALETTE.muted, justify="center")
        self._placed: tuple = ()  # where the message stands
        self._widest = font.nametofont("ZooTinyStrong", root=self).measure(percent(1) + " ")
        self.bind("<Configure>", lambda _event: self._draw())
        if on_target is not None:
            self.bind("<Motion>", lambda event: self._point(self._digit_at(event.x)))
            for event in ("<Leave>", "<FocusOut>"):
                self.bind(event, lambda _event: self._point(None))
            for key, step in (("<Left>", -1), ("<Right>", 1)):
                self.bind(key, lambda _event, step=step: self._step(step))
        if on_pin is not None:
            self.configure(cursor="hand2")
            self.bind("<Button-1>", self._click)
            for key in ("<Return>", "<KP_Enter>", "<space>"):
                self.bind(key, lambda _event: self._target is not None and self._pin(self._target))

    def show(
        self, probabilities: Sequence[float] | None, message: str = "", *, is_error: bool = False, is_old: bool = False
    ) -> None:
        """Show ten probabilities, greyed where they are old; without any, show empty bars and the message."""
        shown = None if probabilities is None else tuple(probabilities), message, is_error, is_old
        if shown != (self._probabilities, self._sentence, self._is_error, self._is_old):
            self._probabilities, self._sentence, self._is_error, self._is_old = shown
            self._draw()

    @property
    def target(self) -> int | None:
        """The digit that is outlined, its value bold; None for none."""
        return self._target

    @target.setter
    def target(self, digit: int | None) -> None:
        if digit != self._target:
            self._target = digit
            self._draw()

    @property
    def values(self) -> list[str]:
        """The numbers above the bars, also those there is no room for; none where it is nothing to speak of."""
        return [percent(value) if value >= 0.0005 else "" for value in self._probabilities or [0.0] * 10]

    @property
    def message(self) -> str:
        """The sentence shown instead of an answer."""
        return self._sentence

    def bar_middle(self, digit: int) -> int:
        """Return the x in the chart of the middle of a digit's bar."""
        return round(self.winfo_width() / 10 * (digit + 0.5))

    # ---------------------------------------------------------------- events

    def _digit_at(self, x: int) -> int:
        return min(max(x * 10 // max(self.winfo_width(), 1), 0), 9)

    def _point(self, digit: int | None) -> None:
        if digit != self._pointed:
            self._pointed = digit
            self._on_target(digit)

    def _step(self, step: int) -> str:
        start = self._target if self._target is not None else (-1 if step > 0 else 10)
        self._pointed = None  # where the mouse is does not count any more
        self._point(min(max(start + step, 0), 9))
        return "break"

    def _click(self, event: tkinter.Event) -> None:
        self.focus_set()
        self._pin(self._digit_at(event.x))

    def _pin(self, digit: int) -> str:
        self._on_pin(digit)
        return "break"

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        """Bring everything up to the values and the size of the moment; what is so already is left alone."""
        width, height = self.winfo_width(), self.winfo_height()
        if width == 1:
            return  # it has no place in the window yet, and will be told of one
        items, step, values = self._items, width / 10, self._probabilities
        best = max(range(10), key=lambda digit: values[digit]) if values is not None and not self._is_old else None
        labelled = range(10) if step >= self._widest else {best, self._target}
        half, text = min(step * 0.62, px(self, 40)) / 2, px(self, 18)
        bottom = height - text - px(self, 6)
        room = max(bottom - text - px(self, 4), 1)
        state = "hidden" if self._is_error else "normal"
        for level, line in enumerate(self._levels):
            y = bottom - level / 2 * room
            items.place(line, 0, y, width, y)
            items.set(line, state="hidden" if level and values is None else state)
        for digit, value in enumerate(self.values):
            centre, chosen = step * (digit + 0.5), digit == best
            top = bottom - max((values[digit] if values is not None else 0.0) * room, px(self, 2))
            items.place(self._bars[digit], centre - half, top, centre + half, bottom)
            items.set(self._bars[digit], fill=PALETTE.accent if chosen else PALETTE.quiet_bar, state=state)
            edge = self._widest / 2
            items.place(self._values[digit], min(max(centre, edge), width - edge), top - text / 2)
            items.set(
                self._values[digit],
                text=value if digit in labelled else "",
                fill=PALETTE.text if chosen else PALETTE.muted,
                font="ZooTinyStrong" if digit == self._target else "ZooTiny",
            )
            items.place(self._labels[digit], centre, bottom + px(self, 3) + text / 2)
            items.set(self._labels[digit], fill=PALETTE.accent if chosen else PALETTE.text, state=state)
            if digit == self._target:
                # Around the label as well, as a bar may be all but nothing; and around a value that is not wider.
                above = text if step >= self._widest else px(self, 2)
                items.place(self._outline, step * digit + 1, top - above, step * (digit + 1) - 1, height - px(self, 3))
        items.set(self._outline, state="hidden" if self._target is None else state)
        items.set(self._message, fill=PALETTE.warning if self._is_error else PALETTE.muted)
        self._place_message(width, height if self._is_error else bottom)

    def _place_message(self, width: int, height: int) -> None:
        shown = self._sentence, width, height
        if shown == self._placed:
            return
        self._placed = shown
        width = max(width - px(self, 32), 1)
        self.coords(self._message, self.winfo_width() / 2, height / 2)
        for name in ("ZooBody", "ZooSmall", "ZooTiny"):
            self.itemconfigure(self._message, text=self._sentence, font=name, width=width)
            _, top, _, bottom = self.bbox(self._message) or (0, 0, 0, 0)
            if bottom - top <= height:
                return
        small = font.nametofont("ZooTiny", root=self)
        lines = max(height // small.metrics("linespace"), 1)
        self.itemconfigure(self._message, text=elide_lines(self._sentence, width, lines, small))
