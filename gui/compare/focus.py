"""The model in focus: which one it is, what it says, and how sure it is."""

import tkinter
from collections.abc import Callable
from tkinter import font

import ttkbootstrap as ttk

from gui.appearance import PALETTE, px
from gui.compare.activation_chart import ActivationChart
from gui.compare.board import unique_titles
from gui.compare.session import Answer
from gui.numbers import accuracy, percent
from gui.widgets.model_dropdown import ModelDropdown
from zoo import Card
from zoo.ensemble import NOT_ONE_DIGIT


class FocusPanel(ttk.Frame):
    """A dropdown of all models by title, the chosen one's digit with what is known of it, and its ten activations.

    ``on_choose`` is called with the name of the model that was chosen; ``on_target`` and ``on_pin`` as by the chart.
    """

    def __init__(
        self,
        master: tkinter.Misc,
        cards: list[Card],
        on_choose: Callable[[str], None],
        on_target: Callable[[int | None], None] | None = None,
        on_pin: Callable[[int], None] | None = None,
    ):
        super().__init__(master)
        gap = px(self, 8)
        self._heading = ttk.Label(self, text="Model", font="ZooStrong")
        self._heading.grid(row=0, column=0, sticky="w", padx=(0, gap))
        self.dropdown = ModelDropdown(self, on_choose, height=12)
        self.dropdown.grid(row=0, column=1, sticky="ew")

        answer = ttk.Frame(self)
        answer.grid(row=1, column=0, sticky="nw", pady=(gap, 0))
        texts = {"ZooStrong": f"{percent(1)} confidence", "TkDefaultFont": f"runner-up 0 ({percent(0.5)})"}
        width = max(font.nametofont(name, root=self).measure(text) for name, text in texts.items()) + px(self, 2)
        self._two_digits = font.nametofont("ZooDigit", root=self).copy()
        self._two_digits.configure(size=26)
        self._digit = ttk.Label(answer, foreground=PALETTE.accent)
        self._sentence = ttk.Label(answer, font="ZooName", foreground=PALETTE.warning, wraplength=width)
        self._sure = ttk.Label(answer, font="ZooStrong", wraplength=width)
        self._more = ttk.Label(answer, foreground=PALETTE.muted, wraplength=width)
        self._facts = ttk.Label(answer, font="ZooSmall", foreground=PALETTE.muted, justify="left")
        for row, label in enumerate((self._digit, self._sentence, self._sure, self._more, self._facts)):
            label.grid(row=row, column=0, sticky="w", pady=(gap if label is self._facts else 0, 0))
            if label is not self._digit:
                label.grid_remove()
        self._look: tuple = ()
        self._lines = {self._sentence: "", self._sure: "", self._more: "", self._facts: ""}
        self.chart = ActivationChart(self, on_target, on_pin)
        self.chart.grid(row=1, column=1, sticky="nsew", pady=(gap, 0))
        self.columnconfigure(0, minsize=width + gap)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self.set_cards(cards)

    def set_cards(self, cards: list[Card]) -> None:
        """Offer these models, by title."""
        self.dropdown.offer(dict(zip((card.name for card in cards), unique_titles(cards), strict=True)))

    def show(
        self,
        card: Card | None,
        answer: Answer | None,
        message: str = "",
        *,
        doubt: bool = False,
        is_error: bool = False,
        truth: int | None = None,
    ) -> None:
        """Show a model with its answer to the drawing; without one, the message.

        Args:
            card: the model, one of those offered.
            answer: what it says.
            message: stands in the chart.
            doubt: whether the vote doubts that this is one digit, however sure this model is.
            truth: the digit that is on the pad, where that is known.
            is_error: whether the message tells of a failure.
        """
        if card is not None:
            self.dropdown.show(card.name)
        left = answer.candidates if answer is not None else ()
        digit = sentence = sure = more = ""
        if answer is not None:
            first, second = answer.digit, answer.second
            chances = [percent(answer.probabilities[digit]) for digit in (first, second)]
            if not left:
                sentence, more = NOT_ONE_DIGIT, f"nearest: {first} ({chances[0]})"
            elif doubt:
                said = f"{first}, {chances[0]} confidence" if len(left) == 1 else f"{first} or {second}"
                sentence, more = NOT_ONE_DIGIT, f"this model alone: {said}"
            elif len(left) == 2:
                digit, sure = f"{first} or {second}?", "cannot tell which"
                more = f"{first}: {chances[0]} · {second}: {chances[1]}"
            else:
                digit, sure = str(first), f"{chances[0]} confidence"
                more = f"runner-up {second} ({chances[1]})"
        is_two = len(left) == 2 and digit != ""
        is_old = answer is not None and answer.is_old
        look = digit or " ", is_two, is_old
        if look != self._look:
            self._look = look
            self._digit.configure(text=look[0], font=self._two_digits if is_two else "ZooDigit")
            colour = PALETTE.warning if is_two else PALETTE.text
            self._sure.configure(foreground=PALETTE.muted if is_old else colour)
            self._digit.configure(foreground=PALETTE.muted if is_old else PALETTE.accent)
            self._sentence.configure(foreground=PALETTE.muted if is_old else PALETTE.warning)
        self._put(self._digit, not sentence)  # which takes the place of the digit
        texts = {self._sentence: sentence, self._sure: sure, self._more: more}
        if answer is not None and truth is not None:
            is_right = not doubt and answer.candidates == (truth,)
            texts[self._more] += "\n✓ right" if is_right else f"\n✗ wrong: it is labelled {truth}"
        texts[self._facts] = "" if card is None else "\n".join(facts(card))
        for label, text in texts.items():
            if self._lines[label] != text:
                self._lines[label] = text
                label.configure(text=text)
                self._put(label, bool(text))
        self.chart.show(None if answer is None else answer.probabilities, message, is_error=is_error, is_old=is_old)

    @property
    def verdict(self) -> str:
        """What the panel says that this is, in words: a digit, two of them, or the sentence that it is none."""
        return self._lines[self._sentence] or self.digit.strip()

    @property
    def confidence(self) -> str:
        """How sure the model is, as shown."""
        return self._lines[self._sure]

    @property
    def more(self) -> str:
        """The small line beneath: the digit that came next, or what this model says by itself."""
        return self._lines[self._more]

    @property
    def digit(self) -> str:
        """The digit as shown."""
        return str(self._digit.cget("text"))

    def _put(self, label: ttk.Label, is_shown: bool) -> None:
        if is_shown != bool(label.winfo_manager()):
            label.grid() if is_shown else label.grid_remove()


def facts(card: Card) -> list[str]:
    """Return what is known of a model, a short line each."""
    lines = [f"{card.parameters:,} parameters"] if card.parameters else []
    for part, title in (("mnist_test", "MNIST accuracy"), ("generated_test", "synthetic")):
        if score := card.metrics.get(part):
            lines.append(f"{title} {accuracy(score['correct'] / score['total'])}")
            break
    return lines
