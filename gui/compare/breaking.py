"""The search for the smallest change of the drawing that has the model in focus read another digit. Knows no Tk."""

from collections.abc import Callable

import numpy as np

from gui.compare.session import Session
from gui.errors import plain
from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Broken, Progress, Refused, TaskMessage
from zoo.ensemble import NOT_ONE_DIGIT, candidates
from zoo.flipping import Flip


class Breaking:
    """What the worker found for the drawing and the model in focus.

    It is asked while ``is_shown``, and leaves off when the drawing or the model changes.

    Args:
        session: has the drawing and the model in focus.
        link: of the worker.
        image: returns what the models were asked about last.
        on_change: called when there is something new to show.
    """

    def __init__(
        self,
        session: Session,
        link: WorkerLink,
        image: Callable[[], np.ndarray | None],
        on_change: Callable[[], None],
    ):
        self.is_shown = False
        self.flip: Flip | None = None
        self.error = ""
        self._session, self._link, self._image, self._on_change = session, link, image, on_change
        self._asked: tuple[str | None, int] | None = None

    @property
    def is_searching(self) -> bool:
        """Whether the worker is to say something yet."""
        return self._asked is not None and self.flip is None and not self.error

    def refresh(self) -> None:
        """Leave off what belongs to another drawing or model; ask for what is to be seen, once there is time for it."""
        session, image, explanation = self._session, self._image(), self._session.explanation
        now = session.focus, session.drawing.generation
        if self._asked not in (None, now):
            if self.is_searching:
                self._link.cancel("break")
            self._asked, self.flip, self.error = None, None, ""
        is_explained = explanation is not None and (explanation.model, explanation.generation) == now
        if self.is_shown and self._asked is None and image is not None and is_explained:
            self._asked = now
            self._link.request("break", model=session.focus, image=image)

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was for this."""
        if message.task != "break":
            return False
        match message:
            case Answer(result=Broken(flip=flip)):
                self.flip = flip
            case Refused(error=error):
                self.error = plain(error)
        if not isinstance(message, Progress):
            self._on_change()
        return True


def in_words(flip: Flip) -> str:
    """Return what was found in a sentence: ``"21 of 104 ink pixels wiped: 8 becomes 3."``"""
    pixels = f"{flip.wiped} of {flip.ink} ink pixels"
    if flip.is_flipped:
        doubt = "" if candidates(flip.probabilities[-1].tolist()) else f" ({NOT_ONE_DIGIT.lower()})"
        return f"{pixels} wiped: {flip.digit} becomes {flip.other}{doubt}."
    return f"Nothing flips it: without {pixels}, chosen one by one, it still reads {flip.digit}."
