"""The page on which every model reads the drawing."""

import tkinter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import ttkbootstrap as ttk
from PIL import Image

from gui.appearance import SPACE, px
from gui.state.evidence import overlay
from gui.widgets.comparison_panel import ComparisonPanel
from gui.widgets.drawing_tools import DrawingTools
from gui.widgets.example_bar import ExampleBar
from gui.widgets.example_strip import ExampleStrip
from gui.widgets.focus_panel import FocusPanel
from gui.widgets.image_tile import ImageTile
from gui.widgets.layer_view import LayerView
from gui.widgets.sketchpad import Sketchpad

if TYPE_CHECKING:
    from gui.app import App

REFERENCE_DIGITS = Path(__file__).parent / "reference_digits"


class ComparePage(ttk.Frame):
    """The drawing at the left; at the right the model in focus, and beneath it every model's answer or its layers.

    It shows what the window's session holds, and calls the window for what a person does.
    """

    def __init__(self, master: tkinter.Misc, window: "App"):
        self._space = space = px(master, SPACE)
        super().__init__(master, bootstyle="@chrome", padding=(space, space // 2, space, space))
        self._window = window
        self._card_padding = space * 3 // 4
        self._references = [Image.open(REFERENCE_DIGITS / f"{digit}.png").convert("RGB") for digit in range(10)]
        self._image: np.ndarray | None = None  # what the first tile shows
        self._explained: tuple = ()  # what the second shows
        drawing = self._card(self)
        drawing.grid(row=0, column=0, rowspan=2, sticky="nsew", padx=(0, space))
        self._build_drawing(drawing)
        focus = self._card(self)
        focus.grid(row=0, column=1, sticky="nsew", pady=(0, space * 3 // 4))
        self._build_focus(focus)
        self._build_answers().grid(row=1, column=1, sticky="nsew")
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1, minsize=px(self, 190))
        self.rowconfigure(1, weight=3)
        self.bind("<Configure>", self._size_drawing)

    def _card(self, master: tkinter.Misc) -> ttk.Frame:
        return ttk.Frame(master, bootstyle="bordered", padding=self._card_padding)

    def _build_drawing(self, master: tkinter.Misc) -> None:
        window, gap = self._window, px(self, 8)
        self.examples = ExampleBar(master, window.examples)
        self.examples.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self.pad = Sketchpad(master, window.session.drawing)
        self.pad.grid(row=1, column=0, sticky="n")
        self.pad.bind("<<DrawingChanged>>", lambda _event: window.drawing_changed())
        self.tools = DrawingTools(master, window)
        self.tools.grid(row=2, column=0, sticky="ew", pady=gap)
        tiles = ttk.Frame(master)
        tiles.grid(row=3, column=0, sticky="new")
        self.received = ImageTile(tiles, "Models receive", ground="#000000", pixelated=True)
        self.evidence = ImageTile(tiles, "Speaks for…", ground="#000000", pixelated=True)
        self.reference = ImageTile(tiles, "Reference")
        self._tiles = self.received, self.evidence, self.reference
        for column, tile in enumerate(self._tiles):
            tile.grid(row=0, column=column, sticky="w")
            tiles.columnconfigure(column, weight=1, uniform="tiles")
        self.typical = ExampleStrip(master, window.load_typical)
        self.typical.grid(row=4, column=0, sticky="n", pady=(gap, 0))
        master.rowconfigure(4, weight=1)

    def _build_focus(self, master: tkinter.Misc) -> None:
        window = self._window
        self.focus_panel = FocusPanel(
            master, list(window.cards.values()), window.set_focus, window.set_hovered, window.set_pinned
        )
        self.focus_panel.pack(fill="both", expand=True)

    def _build_answers(self) -> ttk.Notebook:
        window = self._window
        self.pages = ttk.Notebook(self, width=1, height=px(self, 240))
        board = ttk.Frame(self.pages, padding=self._card_padding)
        self.comparison = ComparisonPanel(board, window.board, window.set_focus, window.board_changed)
        self.comparison.pack(fill="both", expand=True)
        why = ttk.Frame(self.pages, padding=self._card_padding)
        self.layers = LayerView(why)
        self.layers.pack(fill="both", expand=True)
        self.pages.add(board, text="All models")
        self.pages.add(why, text="Layers of the model in focus")
        self.pages.bind("<<NotebookTabChanged>>", lambda _event: self._show_layers())
        return self.pages

    def _size_drawing(self, event: tkinter.Event) -> None:
        """Let the square pad and the tiles fill the height, and leave most of the width to the answers."""
        gap = px(self, 8)
        edges = 2 * (self._card_padding + 1)
        height = event.height - self._space * 3 // 2 - edges - 5 * gap - px(self, 4)
        height -= self.examples.winfo_reqheight() + self.tools.winfo_reqheight()
        height -= self.received.caption_height + self.typical.height_around
        widest = round(event.width * 0.4) - self._space - edges
        side = least = px(self, 200)
        for side in range(widest, least, -2):
            # A tile shows whole pixels, three stand side by side; the strip beneath is a sixth as high as it is wide.
            tile = (side - 2 * gap) // 3 // 28 * 28
            if side + tile + side // 6 <= height:
                break
        self.pad.set_side(side)
        for tile in self._tiles:
            tile.set_side((side - 2 * gap) // 3 // 28 * 28)
        self.typical.set_width(side)

    # ---------------------------------------------------------------- showing

    def show(self) -> None:
        """Show the window's session as it is now."""
        window, session = self._window, self._window.session
        image = window.reader.image
        if image is not self._image:
            self._image = image
            self.received.show(None if image is None else Image.fromarray(image))
        self.tools.show()
        self.examples.show()
        name = session.focus
        answer, error = session.answers.get(name), window.error_of(name)
        self.focus_panel.show(
            window.cards.get(name),
            None if error else answer,
            error or ("" if answer else window.hint()),
            is_error=bool(error),
            doubt=window.is_doubtful,
        )
        self.focus_panel.chart.target = session.hovered if session.hovered is not None else session.pinned
        self.comparison.show(window.no_rows())
        self._show_target()
        self._show_layers()

    def _show_target(self) -> None:
        """Show what speaks for the digit that is explained, and how it is written."""
        session, image = self._window.session, self._window.reader.image
        target, explanation = session.target, session.explanation
        shown = image, explanation, target
        if len(self._explained) != 3 or any(a is not b for a, b in zip(shown, self._explained, strict=True)):
            self._explained = shown
            if image is None or target is None:
                self.evidence.show(None, "Speaks for…")
            elif explanation is None:
                self.evidence.show(Image.fromarray(image // 2), f"Speaks for {target}")
            else:
                self.evidence.show(overlay(image, explanation.evidence[target]), f"Speaks for {target}")
        reference = None if target is None else self._references[target]
        if reference is not self.reference.image:
            self.reference.show(reference, "Reference" if target is None else f"Reference {target}")
        typical: list[np.ndarray] = self._window.typical_of(target)
        self.typical.show("Typical digits" if target is None else f"Typical {target}s: click one to try it", typical)

    def _show_layers(self) -> None:
        if self.pages.index("current") != 1:
            return  # what nobody sees need not be drawn
        window, explanation = self._window, self._window.session.explanation
        error = window.error_of(window.session.focus)
        self.layers.show(
            None if explanation is None or error else explanation.layers,
            error or window.hint() or "Asking its layers…",
        )
