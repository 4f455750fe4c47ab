"""How one unit comes to its value, as pictures: a patch times a kernel, a template, a state row by row."""

import tkinter
from collections.abc import Callable
from tkinter import font
from typing import Any

import numpy as np
import ttkbootstrap as ttk
from PIL import Image, ImageTk

from gui.appearance import PALETTE, elide, px
from gui.compare.inspecting import Inspecting
from gui.compare.layers import colour_table
from gui.numbers import MINUS, number
from gui.widgets.scrolled import ScrolledCanvas
from zoo.computation import LogitComputation, MapComputation, RowsComputation, UnitComputation
from zoo.explanation import Layer

INVITATION = "Click a feature map, a unit or a row to see how it comes to its value."
UNTOLD = "This layer has no weights of its own that can be shown."
TIMES = "\N{MULTIPLICATION SIGN}"
_MOST = 3  # channels of a patch, and
_CURVES = 6  # curves of a state, that are shown one by one


class ComputationPanel(ttk.Frame):
    """Shows what ``inspecting`` looks into; blue weights and products are above zero, orange ones below.

    Args:
        master: of the panel.
        inspecting: what one looks into.
        target: returns the digit that is explained.
    """

    def __init__(self, master: tkinter.Misc, inspecting: Inspecting, target: Callable[[], int | None]):
        super().__init__(master)
        self._inspecting, self._target = inspecting, target
        self._canvas = ScrolledCanvas(self, 48)
        self._canvas.grid(row=0, column=0, sticky="nsew", padx=(0, self._canvas.scrollbar.winfo_reqwidth()))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._canvas.bind("<Configure>", lambda _event: self._draw())
        self._canvas.bind("<Button-1>", self._click)
        self._colours = colour_table()
        self._photos: list[ImageTk.PhotoImage] = []  # Tk knows them only as long as Python does
        self._templates: list[tuple[float, float, float, float]] = []  # where the ten templates stand
        self._shown: tuple = ()
        self._small = font.nametofont("ZooSmall", root=self)

    def show(self) -> None:
        """Show what there is now."""
        inspecting = self._inspecting
        shown = inspecting.said, inspecting.layer, inspecting.choice, inspecting.place, self._target()
        if len(shown) != len(self._shown) or any(
            new is not old and new != old if isinstance(new, tuple | int | None) else new is not old
            for new, old in zip(shown, self._shown, strict=True)
        ):
            self._shown = shown
            self._draw()

    @property
    def texts(self) -> list[str]:
        """What is written there, from the top down."""
        canvas = self._canvas
        return [
            canvas.itemcget(item, "text") for item in canvas.find_withtag("drawn") if str(canvas.type(item)) == "text"
        ]

    def _click(self, event: tkinter.Event) -> None:
        x, y = self._canvas.canvasx(event.x), self._canvas.canvasy(event.y)
        for digit, (left, top, right, bottom) in enumerate(self._templates):
            if left <= x < right and top <= y < bottom:
                self._inspecting.choose(self._inspecting.choice[0], digit)

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        self._canvas.delete("drawn")
        self._photos, self._templates = [], []
        self._width = self._canvas.winfo_width()
        if self._width == 1 or not self._shown:
            return
        said, layer, (_, unit), place, target = self._shown
        self._y: float = px(self, 8)
        self._canvas.message = ""
        if layer is None:
            self._canvas.message = INVITATION if self._inspecting.layers else ""
        elif said is not None and said.computation is None:
            self._heading(layer, unit)
            self._write(UNTOLD)
        elif said is not None:
            self._heading(layer, unit)
            match said.computation:
                case MapComputation() as of_map:
                    self._draw_map(of_map, place)
                case UnitComputation() as of_unit:
                    self._draw_unit(of_unit)
                case LogitComputation() as of_logit:
                    self._draw_logit(of_logit, unit)
                case RowsComputation() as of_rows:
                    self._draw_rows(of_rows, target)
        self._canvas.set_bottom(self._y + px(self, 8))

    def _heading(self, layer: Layer, unit: int) -> None:
        title = layer.title.split(":")[0]
        names = {
            "digits": f"Logit of {unit}",
            "rows": f"{title}, hidden state",
            "feature maps": f"{title}, map {unit + 1}",
        }
        self._write(names.get(layer.kind, f"{title}, unit {unit + 1}"), "ZooStrong", PALETTE.text)

    def _draw_map(self, computation: MapComputation, place: tuple[int, int] | None) -> None:
        outputs = computation.outputs
        if place is None or not (place[0] < outputs.shape[0] and place[1] < outputs.shape[1]):
            place = divmod(int(outputs.argmax()), outputs.shape[1])
        row, column = place
        patch = computation.patch(row, column)
        products = patch * computation.kernel
        sums = products.sum(axis=(1, 2))
        order = np.argsort(-np.abs(sums))[:_MOST]
        side = computation.kernel.shape[1]
        gap = px(self, 14)
        tile = min((self._width - px(self, 16) - 3 * gap) // 4, px(self, 72))
        self._write("Point at the map: what the kernel lies on there, and their products.")
        titles = "input", "patch", "kernel", "products"
        for place_of, title in enumerate(titles):
            self._text(px(self, 8) + place_of * (tile + gap) + tile / 2, self._y, title, "n", PALETTE.muted)
        self._y += px(self, 18)
        for channel in order:
            inputs = computation.inputs[channel]
            bound = float(np.abs(computation.inputs).max())
            zoom = tile / inputs.shape[0]
            x: float = px(self, 8)
            self._tile(inputs, x, self._y, tile, bound)
            box = x + column * zoom, self._y + row * zoom, x + (column + side) * zoom, self._y + (row + side) * zoom
            self._canvas.create_rectangle(*box, outline=PALETTE.text, width=px(self, 1.5), tags="drawn")
            bounds = bound, float(np.abs(computation.kernel).max()), float(np.abs(products).max())
            for values, sign, limit in zip(
                (patch[channel], computation.kernel[channel], products[channel]), ("", TIMES, "="), bounds, strict=True
            ):
                x += tile + gap
                self._text(x - gap / 2, self._y + tile / 2, sign, "center", PALETTE.muted)
                self._tile(values, x, self._y, tile, limit)
            self._y += tile + px(self, 2)
            source = f"map {channel + 1}: " if len(sums) > 1 else ""
            self._text(x + tile, self._y, f"{source}sum {number(sums[channel])}", "ne", PALETTE.text)
            self._y += px(self, 20)
        rest = float(sums.sum() - sums[order].sum())
        parts = [number(sums[channel]) for channel in order]
        if len(sums) > _MOST:
            parts.append(f"{number(rest)} of {len(sums) - _MOST} other maps")
        total = float(sums.sum()) + computation.bias
        self._write(f"{_sum(parts)} {_signed(computation.bias)} bias = {number(total)}", colour=PALETTE.text)
        self._write_activation(computation.activation, float(outputs[row, column]))

    def _draw_unit(self, computation: UnitComputation) -> None:
        inputs, kernel = computation.inputs, computation.kernel
        products = inputs * kernel
        if len(inputs) == 784:
            self._draw_template(inputs, kernel, products)
        else:
            self._bars("The inputs that count the most", products)
        total = float(products.sum())
        self._write(
            f"sum {number(total)} {_signed(computation.bias)} bias = {number(total + computation.bias)}",
            colour=PALETTE.text,
        )
        self._write_activation(computation.activation, computation.output)
        if len(computation.adds):
            self._y += px(self, 8)
            self._digit_bars("What it adds to each logit", computation.adds)

    def _draw_template(self, inputs: np.ndarray, kernel: np.ndarray, products: np.ndarray) -> None:
        gap = px(self, 16)
        tile = min((self._width - px(self, 16) - 2 * gap) // 3, px(self, 112))
        x: float = px(self, 8)
        for title, sign, values in (
            ("input", TIMES, inputs),
            ("its weights", "=", kernel),
            ("products", "", products),
        ):
            self._text(x + tile / 2, self._y, title, "n", PALETTE.muted)
            bound = float(np.quantile(np.abs(values), 0.995)) or float(np.abs(values).max())
            self._tile(values.reshape(28, 28), x, self._y + px(self, 18), tile, bound)
            self._text(x + tile + gap / 2, self._y + px(self, 18) + tile / 2, sign, "center", PALETTE.muted)
            x += tile + gap
        self._y += tile + px(self, 26)

    def _draw_logit(self, computation: LogitComputation, unit: int) -> None:
        inputs, kernels = computation.inputs, computation.kernels
        products = inputs * kernels[unit]
        if len(inputs) == 784:
            self._write("A template for each digit; a logit is the sum of the ink times its weights. Click one.")
            gap = px(self, 6)
            tile = min((self._width - px(self, 16) - 4 * gap) // 5, px(self, 84))
            bound = float(np.quantile(np.abs(kernels), 0.995))
            logits = kernels @ inputs + computation.biases
            for digit in range(10):
                x = px(self, 8) + digit % 5 * (tile + gap)
                y = self._y + digit // 5 * (tile + px(self, 22))
                self._tile(kernels[digit].reshape(28, 28), x, y, tile, bound)
                self._templates.append((x, y, x + tile, y + tile))
                if digit == unit:
                    self._canvas.create_rectangle(
                        x, y, x + tile, y + tile, outline=PALETTE.accent, width=px(self, 2), tags="drawn"
                    )
                self._text(x, y + tile + px(self, 2), f"{digit}: {number(logits[digit], 1)}", "nw", PALETTE.text)
            self._y += 2 * (tile + px(self, 22)) + px(self, 6)
            self._draw_template(inputs, kernels[unit], products)
        else:
            self._bars("The units that count the most", products)
        total, bias = float(products.sum()), float(computation.biases[unit])
        self._write(f"sum {number(total)} {_signed(bias)} bias = logit {number(total + bias)}", colour=PALETTE.text)

    def _draw_rows(self, computation: RowsComputation, target: int | None) -> None:
        states, adds = computation.states, computation.adds
        if adds.size and target is not None:
            worth = adds[target] - np.delete(adds, target, axis=0).mean(axis=0)
            self._write(f"The units that count the most for {target}: the state after each row of the image.")
        else:
            worth = states.std(axis=0)
            self._write("The units that change the most: the state after each row of the image.")
        order = np.argsort(-np.abs(worth))[:_CURVES]
        left, right, height = px(self, 76), self._width - px(self, 60), px(self, 34)
        for unit in order:
            curve, middle = states[:, unit], self._y + height / 2
            bound = float(np.abs(states[:, order]).max()) or 1.0
            self._canvas.create_line(left, middle, right, middle, fill=PALETTE.line, tags="drawn")
            points = [
                at
                for row, value in enumerate(curve.tolist())
                for at in (left + row / (len(curve) - 1) * (right - left), middle - value / bound * height * 0.45)
            ]
            colour = PALETTE.accent if worth[unit] >= 0 or not adds.size else PALETTE.warning_bar
            self._canvas.create_line(*points, fill=colour, width=px(self, 2), tags="drawn")
            self._text(px(self, 8), middle, f"unit {unit + 1}", "w", PALETTE.text)
            if adds.size:
                self._text(self._width - px(self, 8), middle, _signed(float(worth[unit])), "e", PALETTE.text)
            self._y += height + px(self, 4)
        self._text(left, self._y, "row 1", "nw", PALETTE.muted)
        self._text(right, self._y, str(len(states)), "ne", PALETTE.muted)
        self._y += px(self, 20)
        if adds.size:
            self._write("At the right: what the unit adds to this logit, above the mean of the others.")

    def _bars(self, title: str, products: np.ndarray) -> None:
        """Draw the largest of many products as bars beside their numbers."""
        self._write(title)
        order = np.argsort(-np.abs(products))[:8]
        middle, half = self._width / 2 + px(self, 10), self._width / 2 - px(self, 76)
        bound = float(np.abs(products).max()) or 1.0
        step = px(self, 18)
        for unit in order:
            value, y = float(products[unit]), self._y
            self._text(px(self, 8), y, f"unit {unit + 1}", "nw", PALETTE.text)
            ends = sorted((middle, middle + value / bound * half))
            fill = PALETTE.accent if value >= 0 else PALETTE.warning_bar
            box = ends[0], y + px(self, 3), max(ends[1], ends[0] + 1), y + px(self, 13)
            self._canvas.create_rectangle(*box, width=0, fill=fill, tags="drawn")
            self._text(self._width - px(self, 8), y, _signed(value), "ne", PALETTE.text)
            self._y += step
        self._canvas.create_line(middle, self._y - len(order) * step, middle, self._y, fill=PALETTE.muted, tags="drawn")
        others = len(products) - len(order)
        if others > 0:
            rest = float(products.sum() - products[order].sum())
            self._write(f"{_signed(rest)} of the {others:,} others")

    def _digit_bars(self, title: str, values: np.ndarray) -> None:
        self._write(title)
        height, step = px(self, 80), (self._width - px(self, 16)) / 10
        middle, bound = self._y + height / 2, max(float(np.abs(values).max()), 1.0)
        self._canvas.create_line(
            px(self, 8), middle, self._width - px(self, 8), middle, fill=PALETTE.line, tags="drawn"
        )
        for digit, value in enumerate(values.tolist()):
            x = px(self, 8) + (digit + 0.5) * step
            end = middle - value / bound * (height / 2 - px(self, 12))
            box = x - step * 0.3, min(middle, end), x + step * 0.3, max(middle, end) + 1
            fill = PALETTE.accent if value >= 0 else PALETTE.warning_bar
            self._canvas.create_rectangle(*box, width=0, fill=fill, tags="drawn")
            at = end - px(self, 7) if value >= 0 else end + px(self, 8)
            self._text(x, at, number(value, 1), "center", PALETTE.muted, "ZooTiny")
            self._text(x, self._y + height, str(digit), "n", PALETTE.text, "ZooStrong")
        self._y += height + px(self, 22)

    # ---------------------------------------------------------------- parts

    def _tile(self, values: np.ndarray, x: float, y: float, side: float, bound: float) -> None:
        """Draw values as a square, in the colours of the layers: 0 is quiet, `bound` is blue."""
        levels = np.rint(np.clip(values / (bound or 1.0), -1, 1) * 127 + 127).astype(np.uint8)
        picture = Image.fromarray(levels)
        picture.putpalette(self._colours)
        size = max(round(side), 1)
        photo = ImageTk.PhotoImage(picture.convert("RGB").resize((size, size), Image.Resampling.NEAREST), master=self)
        self._photos.append(photo)
        self._canvas.create_image(x, y, image=photo, anchor="nw", tags="drawn")

    def _write_activation(self, activation: str, output: float) -> None:
        if activation != "linear":
            self._write(f"{activation} makes {number(output)} of it.", colour=PALETTE.text)

    def _write(self, text: str, name: str = "ZooSmall", colour: str = "") -> None:
        """Write a paragraph."""
        item = self._canvas.create_text(
            px(self, 8),
            self._y,
            text=text,
            anchor="nw",
            font=name,
            fill=colour or PALETTE.muted,
            width=max(self._width - px(self, 16), 1),
            tags="drawn",
        )
        self._y = self._canvas.bbox(item)[3] + px(self, 4)

    def _text(self, x: float, y: float, text: str, anchor: Any, colour: str, name: str = "ZooSmall") -> None:
        text = elide(text, self._width, self._small)
        self._canvas.create_text(x, y, text=text, anchor=anchor, font=name, fill=colour, tags="drawn")


def _signed(value: float) -> str:
    return f"{MINUS if round(float(value), 2) < 0 else '+'} {abs(float(value)):.2f}"


def _sum(parts: list[str]) -> str:
    return " + ".join(parts).replace(f"+ {MINUS}", f"{MINUS} ")
