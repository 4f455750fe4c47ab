"""The model in focus: which one it is, what it says, and how sure it is."""

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from gui.activation_chart import ActivationChart
from gui.appearance import PALETTE, px
from gui.session import Answer
from zoo import Card


class FocusPanel(ttk.Frame):
    """A dropdown of all models by title, the chosen one's digit with what is known of it, and its ten activations.

    ``on_choose`` is called with the name of the model that was chosen.
    """

    def __init__(self, master: tkinter.Misc, cards: list[Card], on_choose: Callable[[str], None]):
        super().__init__(master)
        self._cards = cards
        self._on_choose = on_choose
        gap = px(self, 8)
        ttk.Label(self, text="Model in focus", font="ZooStrong").grid(row=0, column=0, sticky="w", padx=(0, gap))
        self.dropdown = ttk.Combobox(self, state="readonly", values=unique_titles(cards), font="ZooBody")
        self.dropdown.grid(row=0, column=1, sticky="ew")
        self.dropdown.bind("<<ComboboxSelected>>", self._chosen)
        for wheel in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            # A wheel turned over the dropdown would change the model unasked.
            self.dropdown.bind(wheel, lambda _event: "break")

        answer = ttk.Frame(self)
        answer.grid(row=1, column=0, sticky="nw", pady=(gap, 0))
        self._digit = ttk.Label(answer, font="ZooDigit", foreground=PALETTE.accent)
        self._digit.grid(row=0, column=0, sticky="w")
        self._confidence = ttk.Label(answer, font="ZooStrong")
        self._confidence.grid(row=1, column=0, sticky="w")
        self._second = ttk.Label(answer, foreground=PALETTE.muted)
        self._second.grid(row=2, column=0, sticky="w")
        self._facts = ttk.Label(answer, font="ZooSmall", foreground=PALETTE.muted, justify="left")
        self._facts.grid(row=3, column=0, sticky="w", pady=(gap, 0))
        self.chart = ActivationChart(self)
        self.chart.grid(row=1, column=1, sticky="nsew", pady=(gap, 0))
        self.columnconfigure(0, minsize=px(self, 138))
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)

    def show(self, card: Card | None, answer: Answer | None, message: str = "", *, is_error: bool = False) -> None:
        """Show a model with its answer to the drawing; without one, the message."""
        if card is not None:
            self.dropdown.current(self._cards.index(card))
        in_doubt = answer is not None and answer.is_doubtful
        self._digit.configure(
            text=" " if answer is None else answer.digit, foreground=PALETTE.muted if in_doubt else PALETTE.accent
        )
        if in_doubt:
            sure = f"in doubt ({answer.confidence:.0%})"
        else:
            sure = "" if answer is None else f"{answer.confidence:.1%} sure"
        self._confidence.configure(text=sure, foreground=PALETTE.warning if in_doubt else PALETTE.text)
        self._second.configure(
            text="" if answer is None else f"next: {answer.second} ({answer.probabilities[answer.second]:.1%})"
        )
        self._facts.configure(text="" if card is None else "\n".join(facts(card)))
        self.chart.show(None if answer is None else answer.probabilities, message, is_error=is_error)

    @property
    def confidence(self) -> str:
        """How sure the model is, as shown."""
        return str(self._confidence.cget("text"))

    @property
    def digit(self) -> str:
        """The digit as shown."""
        return str(self._digit.cget("text"))

    def _chosen(self, _event: tkinter.Event) -> None:
        self.dropdown.selection_clear()
        self._on_choose(self._cards[self.dropdown.current()].name)


def unique_titles(cards: list[Card]) -> list[str]:
    """The cards' titles, with the name added where two have the same."""
    titles = [card.title for card in cards]
    return [
        title if titles.count(title) == 1 else f"{title} ({card.name})"
        for title, card in zip(titles, cards, strict=True)
    ]


def facts(card: Card) -> list[str]:
    """What is known of a model, a short line each."""
    lines = [f"{card.parameters:,} parameters"] if card.parameters else []
    score = card.metrics.get("mnist_test")
    if score:
        lines.append(f"MNIST test {score['correct'] / score['total']:.2%}")
    return lines
