"""The pictures of a card: layers, curves of the training, and which digit is read as which."""

import tkinter
from tkinter import font
from typing import Any

import numpy as np
from PIL import ImageColor

from gui.appearance import PALETTE, elide, px
from gui.numbers import accuracy, percent
from zoo.card import Card, Layer


class Picture(tkinter.Canvas):
    """A canvas that is drawn anew for each width."""

    def __init__(self, master: tkinter.Misc):
        super().__init__(master, background=PALETTE.paper, highlightthickness=0, width=1, height=1)
        self.bind("<Configure>", lambda _event: self._redraw())

    def _redraw(self) -> None:
        self.delete("all")
        if self.winfo_width() > 1:
            self.draw(self.winfo_width())

    def draw(self, width: int) -> None:
        """Draw all of it, so many pixels wide."""
        raise NotImplementedError

    def text(self, x: float, y: float, text: str, anchor: Any = "w", name: str = "ZooSmall", fill: str = "") -> None:
        """Write a line."""
        self.create_text(x, y, text=text, anchor=anchor, font=name, fill=fill or PALETTE.text)

    def set_height(self, height: int) -> None:
        """Ask for so many pixels."""
        if height != int(self["height"]):
            self.configure(height=height)


class LayerGraph(Picture):
    """The layers of a network from the image down to its output: name, kind, output shape, and share of the weights."""

    def __init__(self, master: tkinter.Misc, card: Card):
        super().__init__(master)
        self._card = card
        self.set_height(len(card.shapes) * px(self, 34))

    def draw(self, width: int) -> None:
        """As every picture's."""
        step, height = px(self, 34), px(self, 24)
        known = {layer.name: layer for layer in self._card.facts.architecture}
        most = max((layer.parameters or 0 for layer in known.values()), default=0)
        columns = [round(width * share) for share in (0, 0.42, 0.62, 0.76)]
        small = font.nametofont("ZooSmall", root=self)
        for place, (name, shape) in enumerate(self._card.shapes.items()):
            layer = known.get(name, Layer("", name))
            top, middle = place * step, place * step + height / 2
            if place:
                x = columns[1] / 2
                self.create_line(x, top - step + height, x, top, fill=PALETTE.muted, width=px(self, 1), arrow="last")
            has_weights = bool(layer.parameters)
            box = 1, top, columns[1] - px(self, 8), top + height
            ground = PALETTE.accent_ground if has_weights else PALETTE.hover_ground
            self.create_rectangle(*box, fill=ground, outline=PALETTE.accent if has_weights else PALETTE.line)
            title = elide(_title(layer), columns[1] - px(self, 24), small)
            self.text(px(self, 8), middle, title)
            self.text(columns[1], middle, " \N{MULTIPLICATION SIGN} ".join(map(str, shape)))
            if layer.parameters:
                self.text(columns[3] - px(self, 10), middle, f"{layer.parameters:,}", "e")
                length = max((width - columns[3]) * layer.parameters / most, 1)
                bar = columns[3], middle - px(self, 5), columns[3] + length, middle + px(self, 5)
                self.create_rectangle(*bar, width=0, fill=PALETTE.accent)


def _title(layer: Layer) -> str:
    sizes = [layer.settings[key] for key in ("kernel_size", "pool_size") if key in layer.settings]
    size = sizes[0] if sizes else None
    size = size[0] if isinstance(size, list | tuple) and size else size
    words = [layer.kind, f"{size} \N{MULTIPLICATION SIGN} {size}" if size else "", layer.settings.get("activation", "")]
    about = " ".join(str(word) for word in words if word and word != "linear")
    return f"{layer.name} · {about}" if about else layer.name


class Curves(Picture):
    """Curves over the epochs of a training, on one scale, each with its name and its last value."""

    def __init__(self, master: tkinter.Misc, title: str, curves: dict[str, tuple[float, ...]], percent: bool = False):
        super().__init__(master)
        self._title, self._curves, self._percent = title, curves, percent
        self.set_height(px(self, 150))

    def draw(self, width: int) -> None:
        """As every picture's."""
        left, right = px(self, 44), width - px(self, 12)
        top, bottom = px(self, 40), int(self["height"]) - px(self, 20)
        values = [value for curve in self._curves.values() for value in curve]
        # The first epochs are worse than all others: the scale is that of the rest, so that these can be told apart.
        settled = [value for curve in self._curves.values() for value in curve[len(curve) // 10 :]]
        low, high = (min(settled), max(values)) if self._percent else (min(values), max(settled))
        span = (high - low) or 1.0
        self.text(0, px(self, 8), self._title, name="ZooStrong")
        for share in (0, 0.5, 1):
            y, value = bottom - share * (bottom - top), low + share * span
            self.create_line(left, y, right, y, fill=PALETTE.line)
            self.text(left - px(self, 6), y, percent(value) if self._percent else f"{value:.2f}", "e", "ZooTiny")
        x = left
        small = font.nametofont("ZooSmall", root=self)
        for colour, (name, curve) in zip((PALETTE.accent, PALETTE.warning_bar), self._curves.items(), strict=False):
            last = accuracy(curve[-1]) if self._percent else f"{curve[-1]:.3f}"
            legend = f"{name} ({last})"
            self.create_line(x, px(self, 26), x + px(self, 12), px(self, 26), fill=colour, width=px(self, 2))
            self.text(x + px(self, 16), px(self, 26), legend)
            x += small.measure(legend) + px(self, 34)
            if len(curve) > 1:
                points = []
                for epoch, value in enumerate(curve):
                    height = min(max((value - low) / span, 0), 1)
                    points += [left + epoch / (len(curve) - 1) * (right - left), bottom - height * (bottom - top)]
                self.create_line(*points, fill=colour, width=px(self, 2), joinstyle="round")
        epochs = max(map(len, self._curves.values()))
        self.text(left, bottom + px(self, 10), "epoch 1", "w", "ZooTiny", PALETTE.muted)
        self.text(right, bottom + px(self, 10), f"{epochs}", "e", "ZooTiny", PALETTE.muted)


class ConfusionMatrix(Picture):
    """Which digit was read as which, and at the right of each row the share of the digit that was read right."""

    def __init__(self, master: tkinter.Misc, title: str, counts: np.ndarray):
        super().__init__(master)
        self.counts = counts
        total, right = int(counts.sum()), int(np.trace(counts))
        self.caption = f"{title}: {right:,} of {total:,} ({accuracy(right / max(total, 1))})"

    def draw(self, width: int) -> None:
        """As every picture's."""
        head, left, right = px(self, 44), px(self, 16), px(self, 52)
        side = max((width - left - right) // 10, 1)
        cell = min(side, px(self, 30))
        self.set_height(head + 10 * cell + px(self, 4))
        small = font.nametofont("ZooSmall", root=self)
        self.text(0, px(self, 8), elide(self.caption, width, small), name="ZooStrong")
        ground, loud = (np.array(ImageColor.getrgb(c)) for c in (PALETTE.paper, PALETTE.warning_bar))
        sums = self.counts.sum(axis=1)
        wrong = self.counts * (1 - np.eye(10, dtype=int))
        worst = max(float((wrong / np.maximum(sums, 1)[:, None]).max()), 1e-9)
        for digit in range(10):
            y, x = head + digit * cell, left + digit * side
            self.text(x + side / 2, head - px(self, 9), str(digit), "center", "ZooSmall", PALETTE.muted)
            self.text(0, y + cell / 2, str(digit), "w", "ZooSmall", PALETTE.muted)
            share = self.counts[digit, digit] / max(int(sums[digit]), 1)
            self.text(width, y + cell / 2, percent(share), "e")
            for read in range(10):
                count = int(self.counts[digit, read])
                box = left + read * side, y, left + (read + 1) * side - 1, y + cell - 1
                if read == digit:
                    fill = PALETTE.hover_ground
                else:
                    strength = (count / max(int(sums[digit]), 1) / worst) ** 0.6
                    fill = "#{:02x}{:02x}{:02x}".format(*np.rint(ground + strength * (loud - ground)).astype(int))
                self.create_rectangle(*box, width=0, fill=fill)
                if count:
                    name = "ZooSmall" if small.measure(f"{count:,}") < side - 2 else "ZooTiny"
                    colour = PALETTE.muted if read == digit else PALETTE.text
                    self.text((box[0] + box[2]) / 2, y + cell / 2, f"{count:,}", "center", name, colour)
