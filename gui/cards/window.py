"""The card of a model, in a window of its own."""

import tkinter
from collections.abc import Callable
from contextlib import suppress

import ttkbootstrap as ttk

from gui.appearance import PALETTE, SPACE, px
from gui.cards import texts
from gui.cards.pictures import ConfusionMatrix, Curves, LayerGraph
from gui.cards.state import Confusions
from gui.placement import place_over
from gui.widgets.scrolled import ScrolledFrame
from zoo.card import Card


class CardWindow(tkinter.Toplevel):
    """All that is known of a model: layers, training, which digits it reads as which, and how Python loads it.

    Args:
        root: the window of the program.
        confusions: gives the confusion matrices.
        is_delivered: whether models are where the zoo looks unless told otherwise.
        copy: called with the lines of Python that somebody wants on the clipboard.
    """

    def __init__(self, root: tkinter.Tk, confusions: Confusions, is_delivered: bool, copy: Callable[[str], None]):
        super().__init__(root, background=PALETTE.paper)
        self.withdraw()
        self.transient(root)
        self._confusions, self._is_delivered, self._copy = confusions, is_delivered, copy
        self._shown: tuple = ()
        self._space = px(self, SPACE)
        close = ttk.Button(self, text="Close", command=self.destroy)
        close.pack(side="bottom", anchor="e", padx=self._space, pady=self._space)
        self.content = ScrolledFrame(self)
        self.content.pack(fill="both", expand=True, padx=(self._space, 0), pady=(self._space, 0))
        width = min(px(self, 760), round(0.9 * self.winfo_screenwidth()))
        height = min(px(self, 720), round(0.85 * self.winfo_screenheight()))
        place_over(self, root, (width, height))
        self.bind("<Escape>", lambda _event: self.destroy())
        self.bind("<F7>", lambda _event: self.destroy())
        self.content.bind_keys(self)
        for key, pages in (("Home", -1000), ("End", 1000)):
            self.bind(f"<{key}>", lambda _event, pages=pages: self.content.scroll(pages, "pages"))
        self.deiconify()
        close.focus_set()

    def show(self, card: Card | None) -> None:
        """Show the card of a model."""
        if card is None:
            return
        confusions = {} if card.error else self._confusions.of(card)
        shown = card, tuple(confusions)
        if shown == self._shown:
            return
        is_same = bool(self._shown) and self._shown[0] == card
        self._shown = shown
        self.title(f"Model card: {card.title}")
        for child in self.content.inside.winfo_children():
            child.destroy()
        self._add(card.title, "ZooName")
        for text in (card.description, f"Reference: {card.reference}" if card.reference else "", card.error or ""):
            if text:
                self._add(text)
        self._add(texts.headline(card), colour=PALETTE.muted)
        if card.shapes:
            self._head("Layers, from the image to the output, with shapes and parameters")
            self._pack(LayerGraph(self.content.inside, card))
        self._show_training(card)
        self._show_scores(card, confusions)
        self._show_code(card)
        if not is_same:
            self.content.scroll(-1000, "pages")

    # ---------------------------------------------------------------- parts

    def _show_training(self, card: Card) -> None:
        facts, history = texts.training(card), card.facts.history
        if not facts and not history:
            return
        self._head("Training")
        lines = ttk.Frame(self.content.inside)
        lines.columnconfigure(1, weight=1)
        wide = px(self, 560)
        for row, (name, text) in enumerate(facts):
            label = ttk.Label(lines, text=name, font="ZooSmall", foreground=PALETTE.muted)
            label.grid(row=row, column=0, sticky="nw", padx=(0, self._space))
            ttk.Label(lines, text=text, font="ZooSmall", wraplength=wide).grid(row=row, column=1, sticky="w")
        self._pack(lines)
        both = ttk.Frame(self.content.inside)
        both.columnconfigure((0, 1), weight=1, uniform="curves")
        names = {"loss": "training", "val_loss": "held out", "val_accuracy": "held out"}
        loss = {names[key]: history[key] for key in ("loss", "val_loss") if history.get(key)}
        accuracy = {names[key]: history[key] for key in ("val_accuracy",) if history.get(key)}
        for column, (title, curves) in enumerate((("Loss", loss), ("Accuracy", accuracy))):
            if curves:
                picture = Curves(both, title, curves, percent=title == "Accuracy")
                picture.grid(
                    row=0, column=column, sticky="ew", padx=(column * self._space, 0), pady=(self._space // 2, 0)
                )
        if loss or accuracy:
            self._pack(both)

    def _show_scores(self, card: Card, confusions: dict) -> None:
        self._head("Accuracy, and which digit is read as which")
        for line in texts.scores(card, confusions):
            self._add(line)
        if not confusions:
            self._add("" if card.error else "Asking the model to read synthetic digits…", colour=PALETTE.muted)
            return
        self._add("A row holds the images of a digit, a column what was read; at the right its accuracy.", small=True)
        both = ttk.Frame(self.content.inside)
        for column, (title, counts) in enumerate(confusions.items()):
            both.columnconfigure(column, weight=1, uniform="matrices")
            picture = ConfusionMatrix(both, title, counts)
            half = self._space // 2
            picture.grid(row=0, column=column, sticky="new", padx=(half, 0) if column else (0, half))
        self._pack(both)

    def _show_code(self, card: Card) -> None:
        if card.error:
            return
        self._head("In Python")
        code = texts.code(card, self._is_delivered)
        box = tkinter.Text(
            self.content.inside,
            height=code.count("\n") + 1,
            width=1,
            wrap="none",
            font="TkFixedFont",
            relief="flat",
            background=PALETTE.hover_ground,
            foreground=PALETTE.text,
            highlightthickness=0,
            padx=self._space // 2,
            pady=self._space // 2,
        )
        box.insert("1.0", code)
        box.configure(state="disabled")
        self._pack(box)
        button = ttk.Button(self.content.inside, text="Copy", command=lambda: self._copy(code))
        button.pack(anchor="w", pady=(px(self, 8), self._space))

    def _head(self, text: str) -> None:
        label = ttk.Label(self.content.inside, text=text, font="ZooStrong", foreground=PALETTE.accent)
        label.pack(anchor="w", pady=(self._space, px(self, 4)))

    def _add(self, text: str, name: str = "ZooBody", *, colour: str = "", small: bool = False) -> None:
        label = ttk.Label(
            self.content.inside,
            text=text,
            font="ZooSmall" if small else name,
            foreground=PALETTE.muted if small else colour or PALETTE.text,
            wraplength=px(self, 680),
        )
        label.pack(anchor="w")

    def _pack(self, widget: tkinter.Widget) -> None:
        widget.pack(fill="x", padx=(0, self._space), pady=(px(self, 4), 0))


class ModelCards:
    """Opens the card of the model in focus, and has it follow the focus."""

    def __init__(
        self,
        root: tkinter.Tk,
        confusions: Confusions,
        card: Callable[[], Card | None],
        is_delivered: bool,
        copy: Callable[[str], None],
    ):
        self._root, self._confusions, self._card = root, confusions, card
        self._is_delivered, self._copy = is_delivered, copy
        self.window: CardWindow | None = None
        confusions.on_change = self.show

    def open(self) -> None:
        """Open the card, or close the one that is open."""
        if self.is_open:
            self.close()
            return
        self.window = CardWindow(self._root, self._confusions, self._is_delivered, self._copy)
        self.show()

    @property
    def is_open(self) -> bool:
        """Whether a card is open."""
        return self.window is not None and bool(self.window.winfo_exists())

    def show(self) -> None:
        """Show what there is now, if a card is open."""
        if self.is_open:
            self.window.show(self._card())

    def close(self) -> None:
        """Close the card, as where its colours or its size would stay as they were."""
        if self.window is not None:
            with suppress(tkinter.TclError):
                self.window.destroy()
        self.window = None
