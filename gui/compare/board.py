"""The board of compared models: who stands on it, in which order, and what each says of a drawing. Knows no Tk."""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from gui.compare.session import Answer
from gui.numbers import percent
from zoo import Card
from zoo.ensemble import Vote

SORTS = {
    "title": "Model",
    "digit": "Digit",
    "confidence": "Confidence",
    "milliseconds": "Latency",
    "accuracy": "MNIST accuracy",
    "parameters": "Parameters",
    "vote": "Vote",
}
"""What the rows can be sorted by, and what a person calls it."""

_REMEMBERED = 9
"""A model's time is the median of its last so many, which does not flicker."""


@dataclass(frozen=True)
class Row:
    """A model on the board: with its answer, or with an error of one sentence.

    ``sign`` tells where the answer departs from the vote of the board, ``"says 2"`` or ``"unsure"``, and is empty where
    it does not. The accuracy is 0..1, on MNIST's test images; None and 0 are not known. ``is_right`` tells whether the
    answer is the label of the example on the pad, and is None where there is no label.
    """

    name: str
    title: str
    parameters: int = 0
    accuracy: float | None = None
    milliseconds: float = 0.0
    answer: Answer | None = None
    sign: str = ""
    in_focus: bool = False
    error: str = ""
    origin: str = ""
    is_right: bool | None = None

    @property
    def differs(self) -> bool:
        """Whether the model is sure of another digit than the vote, or of one where the vote sees none."""
        return self.sign.startswith("says")


class Board:
    """The rows of the chosen models, sorted, and their vote.

    ``choice`` is the key of the set of models that was chosen, see ``sets``; ``chosen`` are the names of the models on
    the board; ``mine`` those that were ticked by hand when last any were.
    """

    def __init__(
        self,
        cards: list[Card],
        choice: str = "all",
        mine: Iterable[str] = (),
        sort: str = "parameters",
        is_descending: bool = False,
    ):
        """Put the models on the board.

        Args:
            cards: the models there are.
            choice: the key of a set; one that is not there, or empty, is taken for all.
            mine: the person's own selection.
            sort: a key of `SORTS`.
            is_descending: whether the rows stand the other way round.
        """
        self.cards: dict[str, Card] = {}
        self.chosen: set[str] = set()
        self.vote: Vote | None = None
        self.is_old = False
        """Whether the vote is one of old answers, as there are no others."""
        self.rows: list[Row] = []
        self._answers: dict[str, Answer] = {}  # the last of each model that has been timed
        self._times: dict[str, deque[float]] = {}
        self._voted: dict[str, Answer] = {}  # what the vote is made of
        self.label: int | None = None
        """The digit that is on the pad, where that is known."""
        self._said: tuple = ({}, {}, None)
        self.mine: set[str] = set()
        self._know(cards)
        self.reset(choice, mine, sort, is_descending)

    def reset(self, choice: str, mine: Iterable[str], sort: str, is_descending: bool) -> None:
        """Put these models on the board, in this order, as at first."""
        self.mine = set(mine) & set(self.cards)
        self.sort = sort if sort in SORTS else "parameters"
        self.is_descending = is_descending
        self.choose(choice if self.sets.get(choice) else "all")

    def set_cards(self, cards: list[Card]) -> None:
        """Know these models. One that is new stands on the board, and belongs to a selection of one's own there."""
        new = {card.name for card in cards} - set(self.cards)
        self._know(cards)
        if self.choice == "mine":
            self.mine |= new
        self.chosen = self.sets.get(self.choice, set()) | new
        self._change_places()

    def _know(self, cards: list[Card]) -> None:
        self.cards = {card.name: card for card in cards}
        self.titles = dict(zip(self.cards, unique_titles(cards), strict=True))
        self.mine &= set(self.cards)

    # ---------------------------------------------------------------- which models

    @property
    def sets(self) -> dict[str, set[str]]:
        """Names of models to choose at once, by key: "all", the families, "from scratch", "added or tuned", "none" and
        "mine"."""
        sets = {"all": set(self.cards)}
        families = sorted(
            {card.family for card in self.cards.values()}, key=lambda family: (family == "unknown", family)
        )
        for family in families if len(families) > 1 else ():
            sets[family] = {name for name, card in self.cards.items() if card.family == family}
        if scratch := {name for name, card in self.cards.items() if card.facts.runtime == "numpy"}:
            sets["from scratch"] = scratch
        if own := {name for name, card in self.cards.items() if origin(card)}:
            sets["added or tuned"] = own
        return sets | {"none": set(), "mine": self.mine}

    def choose(self, key: str) -> None:
        """Put the models of a set on the board, and no others."""
        self.choice, self.chosen = key, set(self.sets[key])
        self._change_places()

    def tick(self, name: str) -> None:
        """Put a model on the board or take it off; the selection becomes one's own."""
        self.choice, self.mine = "mine", self.chosen ^ {name}
        self.chosen = set(self.mine)
        self._change_places()

    def _change_places(self) -> None:
        self._arrange()
        self.show(*self._said, is_settled=True, label=self.label)  # the others have another vote

    # ---------------------------------------------------------------- in which order

    def sort_by(self, key: str) -> None:
        """Sort the rows by one of `SORTS`, the best accuracy first, else the least; again, the other way round.

        By the vote, those that depart from it always stand first, where they are seen.
        """
        is_high_first = key in ("accuracy", "confidence")
        self.is_descending = key != "vote" and (not self.is_descending if key == self.sort else is_high_first)
        self.sort = key
        self._arrange()

    def _arrange(self) -> None:
        there = {row.name: row for row in self.rows}
        rows = [there.get(name) or self._row(name) for name in self.cards if name in self.chosen]
        known = [row for row in rows if self._key(row) is not None]
        known.sort(key=self._key, reverse=self.is_descending)
        # What has no value to sort by stands last, whichever way.
        self.rows = known + [row for row in rows if self._key(row) is None]

    def _key(self, row: Row):
        answer = None if row.error else row.answer
        match self.sort:
            case "title":
                return row.title.casefold()
            case "digit" | "confidence":
                return answer and getattr(answer, self.sort) + 1
            case "vote":
                return answer and (not row.differs, row.sign != "unsure", -answer.confidence)
        return getattr(row, self.sort) or None

    # ---------------------------------------------------------------- what they say

    def show(
        self,
        answers: Mapping[str, Answer],
        errors: Mapping[str, str],
        focus: str | None,
        *,
        is_settled: bool,
        label: int | None = None,
    ) -> None:
        """Take over what the models say; the rows change places only where the answers have settled.

        Args:
            answers: of the models that answered; others may be among them.
            errors: a sentence for those that cannot.
            focus: the model in focus.
            label: the digit that is on the pad, where that is known.
            is_settled: whether the answers have not changed for a moment.
        """
        self._said, self.label = (answers, errors, focus), label
        answers = {row.name: answers[row.name] for row in self.rows if row.name in answers and not errors.get(row.name)}
        for name, answer in answers.items():
            if answer is not self._answers.get(name) and answer.milliseconds > 0:
                self._times.setdefault(name, deque(maxlen=_REMEMBERED)).append(answer.milliseconds)
                self._answers[name] = answer
        fresh = {name: answer for name, answer in answers.items() if not answer.is_old}
        self.is_old = bool(answers) and not fresh
        if (fresh or answers) != self._voted:
            self._voted = fresh or answers
            self.vote = Vote.of({name: answer.probabilities for name, answer in self._voted.items()}, self.cards)
        self.rows = [
            self._row(
                row.name,
                answer=answers.get(row.name),
                sign=self._sign(answers.get(row.name)),
                in_focus=row.name == focus,
                error=errors.get(row.name),
                is_right=self.is_right(answers.get(row.name)),
            )
            for row in self.rows
        ]
        if is_settled:
            self._arrange()

    def is_right(self, answer: Answer | None) -> bool | None:
        """Return whether an answer is the label: that this is no digit, or one of two, is wrong."""
        return None if self.label is None or answer is None or answer.is_old else answer.candidates == (self.label,)

    def _row(self, name: str, *, error: str | None = None, **said) -> Row:
        card = self.cards[name]
        return Row(
            name,
            self.titles[name],
            card.parameters,
            card.accuracy,
            median(self._times[name]) if name in self._times else 0.0,
            error=error or card.error or "",
            origin=origin(card),
            **said,
        )

    def _sign(self, answer: Answer | None) -> str:
        if answer is None or answer.is_old:
            return ""
        if len(answer.candidates) != 1:
            return "unsure"
        agrees = not self.vote.is_doubtful and answer.digit == self.vote.digit
        return "" if agrees or len(self.vote.digits) == 1 else f"says {answer.digit}"


def title_of_set(key: str) -> str:
    """Return what a person calls a set of models."""
    return {"mine": "My selection", "unknown": "Other"}.get(key) or key[:1].upper() + key[1:]


def origin(card: Card) -> str:
    """Return where a model comes from that was not delivered, as the end of a sentence."""
    if card.facts.added is not None:
        return f"added from {card.facts.added.file}"
    return f"tuned from {card.facts.tuned_from.name}" if card.facts.tuned_from is not None else ""


def unique_titles(cards: list[Card]) -> list[str]:
    """Return the cards' titles, with the name added where two have the same."""
    titles = [card.title for card in cards]
    return [
        title if titles.count(title) == 1 else f"{title} ({card.name})"
        for title, card in zip(titles, cards, strict=True)
    ]


def short_titles(titles: list[str]) -> list[str]:
    """Return the titles without the sizes in brackets, but for those that only these tell apart."""
    short = [re.sub(r" \([^()]*\)", "", title) for title in titles]
    return [text if short.count(text) == 1 else title for text, title in zip(short, titles, strict=True)]


def truth_in_words(board: Board) -> str:
    """Return how many of the models on a board read the label: ``"Label 7: 14 of 16 right"``; empty without one."""
    known = [row.is_right for row in board.rows if row.is_right is not None]
    return f"Label {board.label}: {sum(known)} of {len(known)} right" if known else ""


def vote_in_words(vote: Vote) -> str:
    """Return the vote and its mean probability: ``"14 of 16 say 7 · 2 say 2 · 85.0 % mean confidence"``."""
    if len(vote.digits) == 1:
        return f"One model says {vote.digit} · {percent(vote.probability)} confidence"
    return f"{vote.summary} · {percent(vote.probability)} mean confidence"
