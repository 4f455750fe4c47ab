"""What the layers of a model answer to the drawing, as pictures."""

import tkinter
from collections.abc import Callable
from tkinter import font

import numpy as np
import ttkbootstrap as ttk
from PIL import Image, ImageColor, ImageTk

from gui.appearance import PALETTE, elide, focus_ring, px
from gui.numbers import number
from gui.widgets.enlarged import Enlarged
from gui.widgets.scrolled import ScrolledCanvas
from zoo.explanation import Layer

NO_LAYERS = "The file of this model holds its answer alone, so there are no layers to show."
LEGEND = "Blue: above zero, orange: below; scaled layer by layer."

_TIMES = "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}"  # "24 x 24" stays on one line
_GAP = 255  # the level of what lies between the blocks of a picture; values have the levels 0 to 254, zero has 127


class LayerView(ttk.Frame):
    """A heading and a picture for each layer, one below the other, and a line that tells what is under the mouse.

    Maps, units and rows are counted from 1. Pictures that are scrolled out of sight are painted when they come back.
    ``on_choose`` is called with the name of a layer and the number from 0 of the map or unit that was clicked;
    ``on_point`` with these, and a row and a column in the map, while the mouse is over it; ``on_step`` with how many
    units, or layers, an arrow key asks to go on. A click on the map that is ``chosen`` already, or Return, has it fill
    the window; where nothing is ever chosen, any click.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        on_choose: Callable[[str, int], None] | None = None,
        on_point: Callable[[str, int, int, int], None] = lambda _layer, _unit, _row, _column: None,
        on_step: Callable[[int, int], None] = lambda _units, _layers: None,
        chosen: Callable[[], tuple[str, int]] = lambda: ("", 0),
    ):
        super().__init__(master)
        self._on_choose, self._on_point, self._chosen = on_choose, on_point, chosen
        self._edge = px(self, 1)
        self._canvas = ScrolledCanvas(self, 48, self._paint, **focus_ring(self, width=1), takefocus=True)
        self._caption = ttk.Label(self, font="ZooSmall", foreground=PALETTE.muted, width=1)
        self._canvas.grid(row=0, column=0, sticky="nsew", padx=(0, self._canvas.scrollbar.winfo_reqwidth()))
        self._caption.grid(row=1, column=0, sticky="ew", padx=px(self, 8), pady=(px(self, 4), 0))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._small = font.nametofont("ZooSmall", root=self)
        self._colours = colour_table()
        self._layers: list[Layer] = []
        self._items: list[_LayerItems] = []
        self._mouse: tuple[int, int] | None = None
        self._canvas.bind("<Configure>", lambda _event: self._layout())
        self._canvas.bind("<Button-1>", self._click)
        self._canvas.bind("<Motion>", lambda event: self._point_at((event.x, event.y)))
        self._canvas.bind("<Leave>", lambda _event: self._point_at(None))
        for key, pages in {"<Up>": -0.1, "<Down>": 0.1, "<Prior>": -0.9, "<Next>": 0.9}.items():
            self._canvas.bind(key, lambda _event, pages=pages: self._canvas.scroll(pages * self._canvas.winfo_height()))
        for key, units, layers in (
            ("<Left>", -1, 0),
            ("<Right>", 1, 0),
            ("<Shift-Left>", 0, -1),
            ("<Shift-Right>", 0, 1),
        ):
            self._canvas.bind(key, lambda _event, units=units, layers=layers: on_step(units, layers))
        self._canvas.bind("<Return>", lambda _event: self._enlarge(*self._chosen()))
        self._canvas.bind("<Home>", lambda _event: self._canvas.scroll(-self._bottom))
        self._canvas.bind("<End>", lambda _event: self._canvas.scroll(self._bottom))

    def show(self, layers: list[Layer] | None, message: str = "") -> None:
        """Show the layers; the message stands where there are none."""
        layers = layers or []
        is_same = [layer.title for layer in layers] == [layer.title for layer in self._layers]
        self._layers = layers
        self._canvas.message = "" if layers else message
        if is_same:
            for layer, items in zip(layers, self._items, strict=True):
                items.fill(layer)
            self._paint()
            return
        for items in self._items:
            items.delete()
        self._items = [_LayerItems(self._canvas, self._colours, layer) for layer in layers]
        self._layout()
        self._canvas.yview("moveto", 0)

    @property
    def layers(self) -> list[Layer]:
        """The layers as shown, from top to bottom."""
        return self._layers

    @property
    def caption(self) -> str:
        """The line below the pictures: what is under the mouse, or what the colours mean."""
        return str(self._caption.cget("text"))

    @property
    def message(self) -> str:
        """The sentence shown where there are no layers."""
        return self._canvas.message

    @property
    def _bottom(self) -> int:
        return self._items[-1].bottom if self._items else 0

    # ---------------------------------------------------------------- events

    def _point_at(self, place: tuple[int, int] | None) -> None:
        self._mouse = place
        self._show_caption()
        if place is not None and (found := self._at(*place)) is not None:
            layer, unit, row, column = found
            self._on_point(layer.name, unit, row, column)

    def _click(self, event: tkinter.Event) -> None:
        self._canvas.focus_set()
        if (found := self._at(event.x, event.y)) is not None:
            layer, block, _, column = found
            choice = layer.name, column if layer.kind == "rows" else block
            if self._on_choose is None or choice == self._chosen():
                self._enlarge(*choice)
            else:
                self._on_choose(*choice)

    def _enlarge(self, name: str, unit: int) -> None:
        layer = next((layer for layer in self._layers if layer.name == name and layer.kind == "feature maps"), None)
        if layer is not None:
            picture = Image.fromarray(_levels(layer)[unit])
            picture.putpalette(self._colours)
            Enlarged(self._canvas, picture, f"{layer.title.split(':')[0]}, map {unit + 1}")

    def _at(self, x: int, y: int) -> tuple[Layer, int, int, int] | None:
        """Return the layer beneath a place, the map or unit, and the row and the column in it."""
        for items in self._items:
            if (found := items.at(self._canvas.canvasx(x), self._canvas.canvasy(y))) is not None:
                return items.layer, *found
        return None

    # ---------------------------------------------------------------- drawing

    def _layout(self) -> None:
        margin = px(self, 8)
        width = self._canvas.winfo_width() - 2 * self._edge - 2 * margin
        top = margin
        for items in self._items:
            top = items.place(margin, top, max(width, 1)) + 2 * margin
        self._canvas.set_bottom(self._bottom + margin)
        self._paint()

    def _paint(self) -> None:
        top, bottom = self._canvas.canvasy(0), self._canvas.canvasy(self._canvas.winfo_height())
        for items in self._items:
            if items.top < bottom and items.bottom > top:
                items.paint()
        self._show_caption()

    def _show_caption(self) -> None:
        """Say what is under the mouse, which may have changed without the mouse being moved."""
        text = LEGEND if self._layers else ""
        if self._mouse is not None:
            x, y = self._canvas.canvasx(self._mouse[0]), self._canvas.canvasy(self._mouse[1])
            for items in self._items:
                text = items.description_at(x, y) or text
        text = elide(text, self._canvas.winfo_width() - px(self, 16), self._small)
        if text != self.caption:
            self._caption.configure(text=text)


class _LayerItems:
    """The canvas items of one layer."""

    def __init__(self, canvas: tkinter.Canvas, colours: bytes, layer: Layer):
        self.canvas = canvas
        self.top = self.bottom = 0
        self._colours = colours
        title = layer.title.replace(" \N{MULTIPLICATION SIGN} ", _TIMES)
        self._title = canvas.create_text(0, 0, anchor="nw", text=title, font="ZooStrong", fill=PALETTE.text)
        self._detail = canvas.create_text(0, 0, anchor="nw", font="ZooSmall", fill=PALETTE.muted)
        self._picture = canvas.create_image(0, 0, anchor="nw")
        label = {"anchor": "n", "font": "ZooSmall", "fill": PALETTE.text}
        self._labels = [canvas.create_text(0, 0, text=n, **label) for n in range(10) if layer.kind == "digits"]
        self._photo: ImageTk.PhotoImage | None = None
        self.fill(layer)

    def fill(self, layer: Layer) -> None:
        """Take the values; they are painted by ``paint``."""
        self.layer = layer
        self._is_painted = False
        self.canvas.itemconfigure(self._detail, text=_summary(layer))

    def place(self, left: int, top: int, width: int) -> int:
        """Put the layer at ``top``; return where it ends."""
        canvas = self.canvas
        self.top = top
        for item in (self._title, self._detail):
            canvas.coords(item, left, top)
            canvas.itemconfigure(item, width=width)
            top = canvas.bbox(item)[3]
        self._left, self._upper = left, top + px(canvas, 4)
        self._mosaic = _mosaic(canvas, self.layer, width)
        self._photo, self._is_painted = None, False
        canvas.coords(self._picture, self._left, self._upper)
        self.bottom = self._upper + self._mosaic.height
        for digit, item in enumerate(self._labels):
            canvas.coords(item, left + self._mosaic.middle(digit), self.bottom)
        if self._labels:
            self.bottom = canvas.bbox(self._labels[0])[3]
        return self.bottom

    def paint(self) -> None:
        """Paint the values unless they stand there already."""
        if self._is_painted:
            return
        self._is_painted = True
        picture = Image.fromarray(self._mosaic.picture_of(_levels(self.layer)))
        picture.putpalette(self._colours)
        picture = picture.convert("RGB")
        if self._photo is None:
            self._photo = ImageTk.PhotoImage(picture, master=self.canvas)
            self.canvas.itemconfigure(self._picture, image=self._photo)
        else:
            self._photo.paste(picture)

    def description_at(self, x: float, y: float) -> str:
        """Return what is shown at a place of the canvas; nothing beside the picture and between its blocks."""
        found = self.at(x, y)
        return "" if found is None else _description(self.layer, *found)

    def at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """Return the block, and the row and column in it, at a place of the canvas; or None."""
        return self._mosaic.at(int(x) - self._left, int(y) - self._upper)

    def delete(self) -> None:
        """Remove the layer from the canvas."""
        self.canvas.delete(self._title, self._detail, self._picture, *self._labels)


class _Mosaic:
    """Blocks of equal size, each enlarged to a tile, side by side in as many lines as the width asks for.

    Sizes are in pixels of the screen; the lines are of about equal length.
    """

    def __init__(self, shape: tuple[int, int, int], tile_width: int, tile_height: int, gap: int, width: int):
        self.count, block_height, block_width = shape
        self.gap, self.tile_width, self.tile_height = gap, min(tile_width, width), tile_height
        most = max((width + gap) // (self.tile_width + gap), 1)
        self.lines = -(-self.count // most)
        self.columns = -(-self.count // self.lines)
        self.height = self.lines * (tile_height + gap) - gap
        self._rows = np.arange(tile_height) * block_height // tile_height
        self._columns = np.arange(self.tile_width) * block_width // self.tile_width

    def picture_of(self, blocks: np.ndarray) -> np.ndarray:
        """Return the picture, ``(height, width)``, of the dtype of the blocks, which are ``(count, height, width)``."""
        gap = self.gap
        tiles = np.full(
            (self.lines * self.columns, self.tile_height + gap, self.tile_width + gap), _GAP, dtype=blocks.dtype
        )
        tiles[: self.count, : self.tile_height, : self.tile_width] = blocks[:, self._rows][:, :, self._columns]
        lines = tiles.reshape(self.lines, self.columns, *tiles.shape[1:]).swapaxes(1, 2)
        picture = lines.reshape(self.lines * tiles.shape[1], self.columns * tiles.shape[2])
        return np.ascontiguousarray(picture[: picture.shape[0] - gap, : picture.shape[1] - gap])

    def middle(self, column: int) -> float:
        """Return the x of the middle of a column of tiles."""
        return column * (self.tile_width + self.gap) + self.tile_width / 2

    def at(self, x: int, y: int) -> tuple[int, int, int] | None:
        """Return the block, and the row and column in it, at a place in the picture; or None."""
        column, x = divmod(x, self.tile_width + self.gap)
        line, y = divmod(y, self.tile_height + self.gap)
        block = line * self.columns + column
        is_inside = 0 <= column < self.columns and 0 <= block < self.count and x < self.tile_width
        if not is_inside or y >= self.tile_height:
            return None
        return block, int(self._rows[y]), int(self._columns[x])


def _mosaic(canvas: tkinter.Canvas, layer: Layer, width: int) -> _Mosaic:
    count, height, columns = shape = _blocks(layer).shape
    if layer.kind == "feature maps":
        # Enlarged by whole numbers, so that all pixels are alike, and as far as it takes no more lines than need be.
        small, large = (max(round(px(canvas, side) / max(height, columns)), 1) for side in (44, 80))
        mosaics = [
            _Mosaic(shape, zoom * columns, zoom * height, px(canvas, 4), width) for zoom in range(small, large + 1)
        ]
        return [mosaic for mosaic in mosaics if mosaic.lines == mosaics[0].lines][-1]
    if layer.kind == "rows":
        zoom = min(max(width // columns, 1), px(canvas, 6))
        return _Mosaic(shape, zoom * columns, px(canvas, 4) * height, 0, width)
    if layer.kind == "digits":
        gap = px(canvas, 4)
        return _Mosaic(shape, max(min(px(canvas, 34), width // count - gap), 1), px(canvas, 20), gap, width)
    side = px(canvas, 22 if count <= 64 else 14 if count <= 256 else 8)
    return _Mosaic(shape, side, side, px(canvas, 1), width)


def _blocks(layer: Layer) -> np.ndarray:
    """Return the values as blocks ``(count, height, width)``: one for each map or unit, or one of all rows."""
    if layer.kind == "rows":
        return layer.values[None]
    return layer.values if layer.kind == "feature maps" else layer.values[:, None, None]


def _levels(layer: Layer) -> np.ndarray:
    """Return the blocks as uint8 levels of the colour table."""
    values = _blocks(layer)
    if layer.kind == "digits":
        values = values - values.mean()  # a softmax sees no more of them
    bound = float(np.abs(values).max()) or 1.0
    return np.rint(values * (127 / bound) + 127).astype(np.uint8)


def colour_table() -> bytes:
    """Return RGB for each of 256 levels: from orange by nearly the paper, which is zero, to blue; last the paper."""
    paper, line, below, above = (
        np.array(ImageColor.getrgb(colour), float)
        for colour in (PALETTE.paper, PALETTE.line, PALETTE.warning_bar, PALETTE.accent)
    )
    zero = (paper + line) / 2
    strength = (np.abs(np.arange(255) - 127)[:, None] / 127) ** 0.7  # so that faint values are seen
    ends = np.where(np.arange(255)[:, None] < 127, below, above)
    return np.rint([*(zero + strength * (ends - zero)), paper]).astype(np.uint8).tobytes()


def _summary(layer: Layer) -> str:
    """Return the line below the heading."""
    values = layer.values
    if layer.kind == "feature maps":
        return f"from {_short(values.min())} to {_short(values.max())}"
    if layer.kind == "rows":
        return f"hidden state after each image row; from {_short(values.min())} to {_short(values.max())}"
    strongest = int(values.argmax())
    if layer.kind == "digits":
        return f"mean-centred; highest: {strongest}, at {_short(values[strongest])}"
    return f"strongest: unit {strongest + 1}, at {_short(values[strongest])}"


def _description(layer: Layer, block: int, row: int, column: int) -> str:
    """Return what the caption says of a place in a layer's picture."""
    if layer.kind == "feature maps":
        values = layer.values[block]
        return f"map {block + 1}: {_short(values.min())} to {_short(values.max())}"
    if layer.kind == "rows":
        return f"row {row + 1}, unit {column + 1}: {_short(layer.values[row, column])}"
    name = f"digit {block}" if layer.kind == "digits" else f"unit {block + 1}"
    return f"{name}: {_short(layer.values[block])}"


def _short(value: float) -> str:
    return number(value, 2 if abs(value) < 10 else 1)
