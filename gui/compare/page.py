"""The page on which every model reads the drawing."""

import tkinter
from collections.abc import Callable
from functools import cache

import numpy as np
import ttkbootstrap as ttk
from PIL import Image, ImageOps

from gui.appearance import PALETTE, SPACE, keep_focus_in_sight, px
from gui.compare.break_panel import BreakPanel
from gui.compare.comparing import Comparing
from gui.compare.computation_panel import ComputationPanel
from gui.compare.example_bar import ExampleBar
from gui.compare.example_strip import ExampleStrip
from gui.compare.focus import FocusPanel
from gui.compare.image_tile import ImageTile
from gui.compare.layers import NO_LAYERS, LayerView
from gui.compare.occlusion_map import overlay
from gui.compare.panel import ComparisonPanel
from gui.drawing.sketchpad import Sketchpad
from gui.drawing.tools import DrawingTools, ToolActions
from gui.widgets.enlarged import Enlarged
from zoo import Card
from zoo._support.folders import REFERENCE_DIGITS

INPUT, NO_TARGET = "Model input", "Evidence"
ABOUT_OCCLUSION_MAP = (
    "Blue ink is evidence for this digit, orange ink against it. Point at the bar of another digit, or press its key."
)


class ComparePage(ttk.Frame):
    """The drawing at the left; at the right the model in focus, and beneath it every model's answer or its layers.

    It shows the state of ``comparing``, which does what a person asks for; ``tools`` does what the drawing tools do,
    and ``post_examples`` opens the menu of examples beneath a widget. Where it is projected, the drawing, the answer
    and the board have all the room; the layers, and how to break the answer, come in place of the board by their keys.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        comparing: Comparing,
        tools: ToolActions,
        post_examples: Callable[[tkinter.Misc], None],
        is_projected: bool = False,
    ):
        self._space = space = px(master, SPACE)
        super().__init__(master, bootstyle="@chrome", padding=(space, space // 2, space, space))
        self._comparing, self._is_projected = comparing, is_projected
        self._card_padding = space * 3 // 4
        self._image: np.ndarray | None = None  # what the first tile shows
        self._explained: tuple = ()  # what the second shows
        self._is_compact = False
        self._has_large_evidence = False
        self._wanted = ""  # the page of answers that was asked for
        self._drawing = self._card(self)
        self._drawing.grid(row=0, column=0, rowspan=2, sticky="nsew", padx=(0, space))
        self._drawing.grid_propagate(False)  # as wide as the pad, whatever the title of an example
        self._build_drawing(self._drawing, tools, post_examples)
        self._focus = self._card(self)
        # As high for any answer: nothing beneath moves while one draws.
        self._focus.pack_propagate(False)
        self._focus.configure(width=1, height=px(self, 222))
        self._build_focus(self._focus)
        self._build_answers()
        self._place()
        self.columnconfigure(1, weight=1)
        self.bind("<Configure>", self._size)

    def _card(self, master: tkinter.Misc) -> ttk.Frame:
        return ttk.Frame(master, bootstyle="bordered", padding=self._card_padding)

    def _build_drawing(
        self, master: tkinter.Misc, tools: ToolActions, post_examples: Callable[[tkinter.Misc], None]
    ) -> None:
        comparing, gap = self._comparing, px(self, 8)
        self.examples = ExampleBar(master, comparing.examples, post_examples)
        self.examples.grid(row=0, column=0, sticky="ew", pady=(0, gap))
        self.pad = Sketchpad(master, comparing.session.drawing)
        self.pad.grid(row=1, column=0, sticky="nw")
        self.pad.bind("<<DrawingChanged>>", lambda _event: comparing.drawing_changed())
        self.pad.bind("<Return>", lambda _event: self.enlarge_drawing())
        self.tools = DrawingTools(master, tools)
        self.tools.grid(row=2, column=0, sticky="ew", pady=gap)
        if self._is_projected:
            self.examples.grid_remove()
            self.tools.grid_remove()
        self._pictures = ttk.Frame(self)
        self.received = ImageTile(self._pictures, f"{INPUT} (28 × 28)", pixelated=True)
        self.occlusion_map = ImageTile(self, NO_TARGET, pixelated=True)
        self.reference = ImageTile(self._pictures, "Reference")
        ttk.ToolTip(self.occlusion_map, text=ABOUT_OCCLUSION_MAP)
        for column, tile in enumerate((self.received, self.occlusion_map, self.reference)):
            tile.grid(in_=self._pictures, row=0, column=column, sticky="w")
            self._pictures.columnconfigure(column, weight=1)  # not alike: one caption is longer than a tile
        self.typical = ExampleStrip(self._pictures, comparing.load_typical)
        self.typical.grid(row=1, column=0, columnspan=3, sticky="nw", pady=(gap, 0))
        master.rowconfigure(4, weight=1)

    def _build_focus(self, master: tkinter.Misc) -> None:
        comparing = self._comparing
        self.focus_panel = FocusPanel(
            master,
            list(comparing.models.cards.values()),
            comparing.set_focus,
            comparing.set_hovered,
            comparing.set_pinned,
        )
        self.focus_panel.pack(fill="both", expand=True)

    def _build_answers(self) -> None:
        comparing = self._comparing
        style = "Bare.TNotebook" if self._is_projected else "TNotebook"
        self.pages = ttk.Notebook(self, width=1, height=px(self, 200), style=style)
        self._board = ttk.Frame(self.pages, padding=self._card_padding)
        self.comparison = ComparisonPanel(
            self._board, comparing.board, comparing.set_focus, comparing.board_changed, comparing.set_aimed
        )
        self.comparison.pack(fill="both", expand=True)
        self._why = ttk.Frame(self.pages, padding=self._card_padding)
        inspecting = comparing.inspecting
        self.layers = LayerView(
            self._why, inspecting.choose, inspecting.point_at, inspecting.step, lambda: inspecting.choice
        )
        self.computation = ComputationPanel(self._why, inspecting, lambda: comparing.session.target)
        self._why.bind("<Configure>", self._place_computation)
        self.pages.add(self._board, text="All models")
        self._breaking = ttk.Frame(self.pages, padding=self._card_padding)
        self.break_panel = BreakPanel(self._breaking, comparing.breaking, lambda: comparing.models.hint())
        self.break_panel.pack(fill="both", expand=True)
        self.pages.add(self._why, text="Layers")
        self.pages.add(self._breaking, text="Break it")
        self.pages.bind("<<NotebookTabChanged>>", lambda _event: self._turned())

    # ---------------------------------------------------------------- layout

    def _place(self) -> None:
        """Stand as there is room: all at once, or on little of it the model in focus as one more page."""
        space = self._space
        if self._is_compact:
            self._focus.grid_forget()
            self._focus.configure(bootstyle="default")
            self.pages.insert(0, self._focus, text="Model")
            self._focus.lift()
            self._pictures.lift(self._focus)
            self._pictures.pack(in_=self._focus, side="bottom", fill="x", before=self.focus_panel)
            self.typical.grid_remove()
            self.pages.grid(row=0, column=1, rowspan=2, sticky="nsew")
            self.show_answers(self._wanted or "model")
        else:
            if str(self._focus) in self.pages.tabs():
                self.pages.forget(self._focus)
            self._focus.configure(bootstyle="bordered")
            self._focus.grid(row=0, column=1, sticky="nsew", pady=(0, space * 3 // 4))
            self._pictures.pack_forget()
            if not self._is_projected:
                self._pictures.grid(in_=self._drawing, row=3, column=0, sticky="new")
                self._pictures.lift(self._drawing)
            self.typical.grid()
            self.pages.grid(row=1, column=1, rowspan=1, sticky="nsew")
            self.pages.lift()  # Tab goes from below to above
        self.occlusion_map.lift()
        self.pages.tab(self._board, text="All" if self._is_compact else "All models")
        self.pages.tab(self._why, text="Layers")
        self.rowconfigure(0, weight=0 if self._is_compact else 1)
        self.rowconfigure(1, weight=6)

    def _size(self, event: tkinter.Event) -> None:
        """Let the square pad and the pictures fill the height, and leave most of the width to the answers."""
        gap = px(self, 8)
        edges = 2 * (self._card_padding + 1)
        if self._is_projected:
            side = min(event.height - self._space * 3 // 2 - edges, round(event.width * 0.42))
            self._drawing.configure(width=side + edges)
            self.pad.set_side(max(side, px(self, 80)))
            return
        height = event.height - self._space * 3 // 2 - edges - 3 * gap
        height -= self.examples.winfo_reqheight() + self.tools.winfo_reqheight()
        widest = round(event.width * 0.4) - self._space - edges
        pictures = self.received.caption_height + self.typical.height_around + gap
        # A tile shows whole pixels, three stand side by side; the strip beneath is a sixth as high as it is wide.
        sides = range(widest, 0, -2)
        side = next((side for side in sides if side + _tile(side, gap) + side // 6 + pictures <= height), 0)
        is_compact = side < px(self, 190) or event.width < px(self, 740)
        if is_compact:
            self.tools.arrange(widest)
            side = max(min(widest, height), px(self, 80))
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._place()
        width = max(side, self.examples.least if is_compact else self.tools.least)
        self.tools.arrange(width)
        self._drawing.configure(width=width + edges)
        self.pad.set_side(side)
        tile = _tile(side, gap)
        is_large = not is_compact and event.width - width - edges - 2 * self._space >= px(self, 760)
        if is_large != self._has_large_evidence:
            self._has_large_evidence = is_large
            self._place_evidence()
        if is_large:  # two are left, which may take what room there is
            room = height - side - side // 6 - pictures, (side - gap) // 2
            tile = max(min(room) // 28 * 28, tile)
        self.occlusion_map.set_side(px(self, 168) if is_large else tile)
        for small in (self.received, self.reference):
            small.set_side(tile)
        # Its size is said where three tiles leave room for it.
        self.received.caption = f"{INPUT} (28 × 28)" if side >= px(self, 330) else INPUT
        self.typical.set_width(side)

    def _place_evidence(self) -> None:
        """Let the evidence stand beside the bars, twice as large, or small beneath the drawing."""
        if self._has_large_evidence:
            self.occlusion_map.grid_forget()
            around = {"padx": (self._space, 0), "before": self.focus_panel}
            self.occlusion_map.pack(in_=self._focus, side="right", anchor="n", **around)
        else:
            self.occlusion_map.pack_forget()
            self.occlusion_map.grid(in_=self._pictures, row=0, column=1, sticky="w")
        self.occlusion_map.lift()

    def _place_computation(self, event: tkinter.Event) -> None:
        """Let the computation stand beside the layers, or beneath them where it is narrow."""
        is_wide = event.width >= px(self, 480)
        self.layers.place(relwidth=0.5 if is_wide else 1, relheight=1 if is_wide else 0.5)
        where = {"relx": 0.5, "rely": 0} if is_wide else {"relx": 0, "rely": 0.5}
        self.computation.place(relwidth=0.5 if is_wide else 1, relheight=1 if is_wide else 0.5, **where)

    def show_answers(self, page: str) -> None:
        """Turn to a page: all models, "board", the "layers", "break", or where that is one of them the "model"."""
        self._wanted = page
        pages = {
            "board": self._board,
            "layers": self._why,
            "break": self._breaking,
            "model": self._focus if self._is_compact else self._board,
        }
        if page:
            self.pages.select(pages[page])

    def enlarge_drawing(self) -> None:
        """Have the drawing fill the window, if there is one."""
        if self._comparing.has_ink:
            Enlarged(self.pad, self.pad.picture, "Drawing", pixelated=False)

    def choose_models(self) -> None:
        """Open the choice of the models on the board."""
        self.show_answers("board")
        self.update_idletasks()  # it opens beside its button, which may not have been in sight
        self.comparison.button.invoke()

    @property
    def answers(self) -> str:
        """Which of these pages is in sight; empty where it is the one that is there anyway."""
        page = self.pages.select()
        if page == str(self._board):
            return "board" if self._is_compact else ""
        return {str(self._why): "layers", str(self._breaking): "break"}.get(page, "model")

    def _turned(self) -> None:
        self._show_layers()
        self._comparing.breaking.is_shown = self.answers == "break"
        self._comparing.breaking.refresh()
        self.break_panel.show()
        keep_focus_in_sight(self.pages, self.pages)

    # ---------------------------------------------------------------- showing

    def show_models(self, cards: list[Card]) -> None:
        """Offer these models, of which some may be new, in place of those there were."""
        self.focus_panel.set_cards(cards)
        self.comparison.close_picker()

    def show(self, tool: str, pen_width: float) -> None:
        """Show everything as it is now, with the tool and the pen that are in use."""
        comparing, session = self._comparing, self._comparing.session
        image = comparing.reader.image
        if image is not self._image:
            self._image = image
            self.received.show(None if image is None else Image.fromarray(image))
        self.tools.show(session.drawing, tool, pen_width)
        self.examples.show()
        name = session.focus
        answer, error = session.answers.get(name), comparing.models.error_of(name)
        self.focus_panel.show(
            comparing.models.cards.get(name),
            None if error else answer,
            error or ("" if answer else comparing.models.hint()),
            is_error=bool(error),
            doubt=comparing.models.is_doubtful,
            truth=comparing.examples.label,
        )
        self.focus_panel.chart.target = session.hovered if session.hovered is not None else session.pinned
        self.comparison.show(comparing.models.no_rows(), "Draw a digit to see the vote")
        self._show_target()
        self._show_layers()
        self.break_panel.show()

    def _show_target(self) -> None:
        """Show what speaks for the digit that is explained, and how it is written."""
        session, image = self._comparing.session, self._comparing.reader.image
        target, explanation = session.target, session.explanation
        shown = image, explanation, target
        if len(self._explained) != 3 or any(a is not b for a, b in zip(shown, self._explained, strict=True)):
            self._explained = shown
            if image is None or target is None:
                self.occlusion_map.show(None, NO_TARGET)
            elif explanation is None:
                self.occlusion_map.show(Image.fromarray(image // 2), f"Evidence for {target}")
            else:
                self.occlusion_map.show(overlay(image, explanation.occlusion_map[target]), f"Evidence for {target}")
        reference = None if target is None else _reference(target, PALETTE.paper, PALETTE.ink)
        if reference is not self.reference.image:
            self.reference.show(reference, "Reference" if target is None else f"Reference {target}")
        typical: list[np.ndarray] = self._comparing.typical.of(target)
        self.typical.show("Typical digits" if target is None else f"Typical {target}s: click one to try it", typical)

    def _show_layers(self) -> None:
        if self.answers != "layers":
            return  # what nobody sees need not be drawn
        models, explanation = self._comparing.models, self._comparing.session.explanation
        error = models.error_of(models.in_focus)
        waiting = self._comparing.session.unexplained or "Asking its layers…"
        self.layers.show(
            None if explanation is None or error else explanation.layers,
            error or models.hint() or (waiting if explanation is None else NO_LAYERS),
        )
        self.computation.show()


@cache
def _reference(digit: int, paper: str, ink: str) -> Image.Image:
    drawn = Image.open(REFERENCE_DIGITS / f"{digit}.png").convert("L")
    return ImageOps.colorize(drawn, ink, paper)


def _tile(side: int, gap: int) -> int:
    """Return the side of each of three tiles beneath a pad, in pixels: a multiple of 28, as a model sees 28 x 28."""
    return max((side - 2 * gap) // 3 // 28, 1) * 28
