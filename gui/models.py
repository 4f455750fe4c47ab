"""The models in the window: which there are, how far each is, and what there is to say of them. Knows no Tk."""

from pathlib import Path

import zoo
from gui.compare.board import Board
from gui.compare.session import Answer, Session
from gui.drawing.drawing import Amount
from gui.errors import plain
from gui.worker.link import Model, Worker, WorkerLink
from zoo._support.processes import has_tensorflow
from zoo.ensemble import Vote

NO_MODELS = "There are no models yet: build some with  python -m builders"
GIVEN_UP = "The process that runs the models keeps stopping."


class Models:
    """The cards of the models, by name, and sentences about their states.

    ``root`` is the folder that they are from; None for the project's.
    """

    def __init__(self, cards: list[zoo.Card], root: str | None, link: WorkerLink, session: Session, board: Board):
        self.cards = {card.name: card for card in cards}
        self._root = root
        self._link = link
        self._session = session
        self._board = board
        self._voted: dict[str, Answer] = {}  # what was found doubtful, or not
        self._doubts = False

    def reload(self, name: str | None = None) -> None:
        """Take in a model that was made a moment ago, and with it what else has changed in the folder of models."""
        cards = {card.name: card for card in zoo.list_models(self._root)}
        new = [card for card in cards.values() if card.name == name or card.name not in self.cards]
        for gone in self.cards.keys() - cards:
            self._link.remove(gone)
        self.cards = cards
        for card in new:
            self._session.add(card.name)
            if card.error is None:
                self._link.add(card.name)
        self._session.keep(set(cards))
        self._board.set_cards(list(cards.values()))
        self._session.set_compared(self._board.chosen)

    @property
    def titles(self) -> dict[str, str]:
        """What people call the models, by name."""
        return self._board.titles

    def remove(self, name: str) -> None:
        """Remove a model that was added or tuned from the folder of models.

        Raises:
            ZooError: it cannot be removed.
        """
        from zoo.adding import adding

        adding.remove(name, None if self._root is None else Path(self._root))

    def tunable(self) -> dict[str, str]:
        """Return the titles of the models that a copy can be tuned of, by name."""
        # Those that run on LiteRT alone have no network to train.
        return {
            name: self.titles[name]
            for name, card in self.cards.items()
            if card.error is None and card.facts.runtime != "litert"
        }

    def can_tune_now(self, name: str) -> bool:
        """Return whether what tuning a model needs is installed."""
        return self.cards[name].facts.runtime != "tensorflow" or has_tensorflow()

    @property
    def in_focus(self) -> str | None:
        """The name of the model in focus."""
        return self._session.focus

    @property
    def is_doubtful(self) -> bool:
        """Whether the models that answered doubt together that this is one digit, however sure one of them is."""
        answers = {name: answer for name, answer in self._session.current.items() if name in self.cards}
        if answers != self._voted:
            vote = Vote.of({name: answer.probabilities for name, answer in answers.items()}, self.cards)
            self._voted, self._doubts = answers, vote is not None and vote.is_doubtful
        return self._doubts

    def error_of(self, name: str | None) -> str:
        """Why a model cannot answer, in a sentence; or nothing."""
        card = self.cards.get(name)
        return plain((card.error if card is not None else None) or self._link.errors.get(name, ""))

    def errors(self) -> dict[str, str]:
        """Return the same of all models that cannot answer, by name."""
        return {name: error for name in self.cards if (error := self.error_of(name))}

    def hint(self) -> str:
        """Return what is to be done while there is no answer; nothing where one is about to come."""
        if not self.cards:
            return NO_MODELS
        if self._link.worker is Worker.GIVEN_UP:
            return GIVEN_UP
        amount = self._session.drawing.amount
        if amount is Amount.EMPTY:
            return "Draw a digit, and every model answers while you draw."
        return "" if amount is Amount.READABLE else "Draw a little larger."

    def no_rows(self) -> str:
        """Return what to say where no model is on the board."""
        if not self.cards:
            return NO_MODELS
        return "" if self._board.chosen else "No model is chosen: choose some with the button Models above."

    def status(self) -> tuple[str, bool]:
        """Return what goes on behind the window, in a sentence, and whether it is a warning."""
        states = [self._link.models[name] for name in self.cards if name in self._link.models]
        pending = sum(state in (Model.WAITING, Model.LOADING) for state in states)
        ready = states.count(Model.READY)
        late = len(self._link.owing) if self._session.is_late else 0
        failed = len(self.cards) - pending - ready
        if not self.cards:
            return "No models", False
        if self._link.worker is Worker.GIVEN_UP:
            return GIVEN_UP, True
        if self._link.worker is Worker.RESTARTED:
            return "The process that ran the models stopped; loading them again…", True
        if pending:
            return "Loading models…", False
        text = f"{ready - late} model{'' if ready - late == 1 else 's'} ready"
        if late:
            text += f" · waiting for {late}"
        return text + (f" · {failed} failed" if failed else ""), bool(failed)
