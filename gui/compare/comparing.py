"""What stands behind the page on which the models are compared, and what can be done there. Knows no widgets."""

import time
from collections.abc import Callable

import numpy as np

from gui.compare.board import Board
from gui.compare.breaking import Breaking
from gui.compare.examples import Example, Examples
from gui.compare.inspecting import Inspecting
from gui.compare.reader import Reader
from gui.compare.session import Session
from gui.compare.typical import TypicalDigits
from gui.drawing.drawing import Amount, Picture
from gui.models import Models
from gui.settings import Settings
from gui.timers import Timers
from gui.worker.link import WorkerLink
from gui.worker.messages import Refused, TaskMessage
from zoo import Card

HELD = 0.1
"""Seconds after each motion of the pen for which nothing but the ink is drawn: Tk would merge the motions that come
meanwhile, and cut the corners of what is drawn."""
SETTLED = 300
"""Milliseconds without a change after which the answers count as settled, and rows may change places."""
AIMED = 1000
"""Milliseconds for which they keep their places after the pointer was over them, as somebody may aim at one."""


class Comparing:
    """The drawing, the models that read it, what they answered, and the examples that one walks through.

    It outlives the page, which is built anew for another theme or scale.

    Args:
        cards: the models.
        root: the folder that they are from; None for the project's.
        link: runs them.
        timers: of the window.
        settings: gives what a person chose.
        remember: keeps what a person chooses, by the names of `Settings`.
        focus: the model in focus at first.
    """

    def __init__(
        self,
        cards: list[Card],
        root: str | None,
        link: WorkerLink,
        timers: Timers,
        settings: Callable[[], Settings],
        remember: Callable[..., None],
        focus: str | None,
    ):
        self._timers, self._settings, self._remember, self._link = timers, settings, remember, link
        chosen = settings()
        self.board = Board(cards, chosen.models, chosen.mine, chosen.sort, chosen.is_descending)
        self.session = Session([card.name for card in cards], focus)
        self.session.set_compared(self.board.chosen)
        link.first = self.session.focus
        self.models = Models(cards, root, link, self.session, self.board)
        self.reader = Reader(self.session, link, timers, self._changed, self._receive)
        self.examples = Examples(link, lambda: sorted(self.board.chosen), self._load_example, self.refresh, self._mnist)
        self.typical = TypicalDigits(link, self._mnist)
        self.inspecting = Inspecting(self.session, link, lambda: self.reader.image, self.refresh)
        self.breaking = Breaking(self.session, link, lambda: self.reader.image, self.refresh)
        self.is_settled = True
        self._is_aimed_at = False
        self._moved = 0.0  # when a hand changed the drawing last
        self.on_change: Callable[[], None] = lambda: None
        """Called after each change of what there is to show."""
        self.on_redrawn: Callable[[], None] = lambda: None
        """Called when something else than a hand has changed the drawing."""
        self.on_shown: Callable[[], None] = lambda: None
        """Called when something was put on the pad, to be seen there."""
        self.on_error: Callable[[str], None] = lambda _sentence: None
        """Called with a sentence that must be read."""
        self.on_mnist_wanted: Callable[[], str] = lambda: ""
        """Asks where MNIST is; returns nothing where nobody knows."""
        self.on_task: Callable[[TaskMessage], object] = lambda _message: None
        """Called with the messages of the worker that are not about the comparison."""

    # ---------------------------------------------------------------- the drawing

    @property
    def has_ink(self) -> bool:
        """Whether there is anything on the pad."""
        return self.session.drawing.amount is not Amount.EMPTY

    def undo(self) -> None:
        """Take back the last step of the drawing."""
        if self.session.drawing.undo():
            self._redrawn()

    def redo(self) -> None:
        """Do again what was undone."""
        if self.session.drawing.redo():
            self._redrawn()

    def clear(self) -> None:
        """Remove what is on the pad; it can be undone."""
        if self.session.drawing.clear():
            self._redrawn()

    def show_on_pad(self, content: Picture | list[np.ndarray]) -> None:
        """Put a picture, or strokes of shape (k, 2), on the pad in place of what is there; it can be undone."""
        if isinstance(content, Picture):
            self.session.drawing.show_picture(content)
        else:
            self.session.drawing.load(content)
        self.on_shown()
        self._redrawn()

    def load_typical(self, index: int) -> None:
        """Put one of the typical digits on the pad."""
        image = self.typical.of(self.session.target)[index]
        self.show_on_pad(Picture.of_image(image, f"A typical {self.session.target}"))

    def drawing_changed(self) -> None:
        """Have the drawing read after a hand has changed it."""
        self._moved = time.monotonic()
        self.examples.leave()
        self.reader.drawing_changed()

    def drawing_saved(self) -> None:
        """Note that the drawing is on disk as it stands."""
        self.session.drawing.saved()
        self.refresh()

    def _redrawn(self) -> None:
        self.examples.leave()
        self.on_redrawn()
        self.reader.drawing_changed()
        self.refresh()

    def _load_example(self, example: Example) -> None:
        if example.strokes is not None:
            self.show_on_pad([np.array(stroke) for stroke in example.strokes])
        else:
            self.show_on_pad(Picture.of_image(example.image, example.title))

    # ---------------------------------------------------------------- the models

    def set_focus(self, name: str) -> None:
        """Put a model in focus."""
        self.session.set_focus(name)
        self._link.first = name
        self._remember(focus=name)
        self.reader.ask()
        self.refresh()

    def step_focus(self, step: int) -> None:
        """Put the next or the previous model in focus: of the board, then of the others."""
        names = [row.name for row in self.board.rows]
        names += [name for name in self.models.cards if name not in names]
        place = names.index(self.session.focus) if self.session.focus in names else -step
        self.set_focus(names[(place + step) % len(names)])

    def sort_by(self, key: str) -> None:
        """Sort the board."""
        self.board.sort_by(key)
        self.board_changed()

    def board_changed(self) -> None:
        """Take over the models that were put on the board, and their order."""
        board = self.board
        self._remember(models=board.choice, mine=sorted(board.mine), sort=board.sort, is_descending=board.is_descending)
        self.session.set_compared(board.chosen)
        self.reader.ask()
        self.refresh()

    def reset_board(self) -> None:
        """Put the models on the board that the settings name."""
        chosen = self._settings()
        self.board.reset(chosen.models, chosen.mine, chosen.sort, chosen.is_descending)
        self.board_changed()

    def set_aimed(self, is_over: bool) -> None:
        """Have the rows of the board keep their places while the pointer is over them, and for a moment after."""
        self._timers.cancel("aimed")
        if is_over:
            self._is_aimed_at = True
        else:
            self._timers.after("aimed", AIMED, self._stop_aiming)

    def _stop_aiming(self) -> None:
        self._is_aimed_at = False
        self.refresh()

    def set_hovered(self, digit: int | None) -> None:
        """Show what speaks for a digit as long as the pointer is on its bar."""
        self.session.hovered = digit
        self.refresh()

    def set_pinned(self, digit: int | None) -> None:
        """Show what speaks for a digit, or again for the one that is read."""
        self.session.pinned = digit
        self.refresh()

    # ---------------------------------------------------------------- messages of the worker

    def refresh(self) -> None:
        """Bring the board up to what the models say, and tell that there is something to show, once the pen rests."""
        wait = self._moved + HELD - time.monotonic()
        if self.session.drawing.pen_is_down and wait > 0:
            if "refresh" not in self._timers:
                self._timers.after("refresh", max(1, round(1000 * wait)), self.refresh)
            return
        self._timers.cancel("refresh")
        self.board.show(
            self.session.answers,
            self.models.errors(),
            self.session.focus,
            label=self.examples.label,
            is_settled=self.is_settled and not self._is_aimed_at,
        )
        self.breaking.refresh()
        self.on_change()

    def _changed(self) -> None:
        """Something is to be shown: of the drawing, of the answers, or of the worker."""
        self.is_settled = False
        self._timers.after("settled", SETTLED, self._settle)
        self.refresh()

    def _settle(self) -> None:
        if self.session.drawing.pen_is_down:
            self._timers.after("settled", SETTLED, self._settle)
            return
        self.is_settled = True
        self.refresh()

    def _receive(self, message: TaskMessage) -> None:
        """Take a message of the worker that is no answer to the drawing."""
        if self.examples.receive(message):
            if isinstance(message, Refused):
                self.examples.error = ""  # there is room for a title, not for this
                self._find_mnist(message.error) if message.needs_mnist else self.on_error(message.error)
                self.refresh()
            return
        if self.inspecting.receive(message) or self.breaking.receive(message):
            return
        self.typical.receive(message)
        self.on_task(message)

    def _mnist(self) -> str:
        return self._settings().mnist

    def _find_mnist(self, error: str) -> None:
        """Ask where MNIST is, and go on with it; where what was chosen is none, say so and forget it."""
        if self._mnist():
            self._remember(mnist="")
            self.on_error(error)
        elif path := self.on_mnist_wanted():
            self._remember(mnist=path)
            self.examples.choose(self.examples.source)
