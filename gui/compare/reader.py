"""From the drawing to the answers: makes the picture that models receive, has the worker read it, keeps what it says.

Knows no widgets; it is called when the drawing changes, and calls back when there is something new to show.
"""

import time
from collections.abc import Callable

import numpy as np

from gui.compare.session import Explanation, Session
from gui.drawing.drawing import Amount
from gui.timers import Timers
from gui.worker.link import Model, Worker, WorkerLink
from gui.worker.messages import Answer, Died, Explained, Loaded, Progress, Refused, Result, TaskMessage

PICTURE_SECONDS = 0.025
"""A new picture is made and read at most this often while the pen moves."""
POLL_BUSY, POLL_IDLE = 4, 25
"""Milliseconds between two looks at the worker, while an answer is due and otherwise."""
PATIENCE = 300
"""Milliseconds for which the answers to the drawing as it was stay up after its last change, waiting for new ones."""
REST = 150
"""Milliseconds without a change after which a model has time to say why: that must not hold up the next answer."""


class Reader:
    """Has the session's drawing read by the models it asks.

    ``on_change`` is called after each change of what there is to show, ``on_task`` with each message of the worker that
    belongs to another request.
    """

    def __init__(
        self,
        session: Session,
        link: WorkerLink,
        timers: Timers,
        on_change: Callable[[], None],
        on_task: Callable[[TaskMessage], None],
    ):
        self.image: np.ndarray | None = None
        """The image that the models were asked about last, uint8 (28, 28)."""
        self._session = session
        self._link = link
        self._timers = timers
        self._on_change = on_change
        self._on_task = on_task
        self._pictured = 0.0  # when the last picture was made
        self._explaining: tuple | None = None  # what the worker was asked to explain last

    def start(self) -> None:
        """Start the worker where it does not run yet, also again after it was given up."""
        if self._link.worker is not Worker.RUNNING:
            self._link.start()
        self._timers.after("poll", POLL_IDLE, self._poll)
        self._on_change()

    def drawing_changed(self) -> None:
        """Have the drawing read as it is now, or in a moment while it changes quickly."""
        wait = self._pictured + PICTURE_SECONDS - time.monotonic()
        if "picture" not in self._timers:
            self._timers.after("picture", max(1, round(wait * 1000)), self._make_picture)
        self._timers.after("patience", PATIENCE, self._lose_patience)
        self._timers.after("explain", REST, self.explain)
        if self._session.drawing.amount is Amount.EMPTY:
            self._make_picture()  # nothing is quicker to show than nothing

    def ask(self) -> None:
        """Have the picture read by the models that are asked now."""
        if self.image is None:
            self._link.forget()
        else:
            self._link.ask(self._session.drawing.generation, self.image, self._session.asked)
            self._timers.after("poll", POLL_BUSY, self._poll)
            self._timers.after("explain", REST, self.explain)

    def explain(self) -> None:
        """Have the model in focus say why, once all have answered."""
        session = self._session
        if self.image is None or self._link.models.get(session.focus) is not Model.READY:
            return
        if session.drawing.pen_is_down and "picture" in self._timers or self._link.is_busy:
            self._timers.after("explain", REST, self.explain)
            return
        wanted = session.drawing.generation, session.focus
        if wanted != self._explaining:
            self._explaining = wanted
            self._link.request("explain", generation=wanted[0], model=wanted[1], image=self.image)

    def _make_picture(self) -> None:
        self._timers.cancel("picture")
        self._pictured = time.monotonic()
        self.image = self._session.drawing.image()
        if self.image is None:
            self._session.answers.clear()
        self.ask()
        self._on_change()

    def _lose_patience(self) -> None:
        if self._session.drop_outdated():
            self._on_change()

    def _poll(self) -> None:
        messages = self._link.poll()
        for message in messages:
            self._receive(message)
        if messages:
            self._on_change()
        # Also where nothing runs: it says why to whoever asks something of it.
        self._timers.after("poll", POLL_BUSY if self._link.is_busy else POLL_IDLE, self._poll)

    def _receive(self, message: object) -> None:
        match message:
            case Died():
                self._session.answers.clear()
                self._explaining = None
            case Result(generation, model, probabilities, milliseconds):
                self._session.record(model, generation, probabilities, milliseconds)
            case Loaded(model) if model == self._session.focus:
                self._timers.after("explain", REST, self.explain)
            case Answer(result=Explained(model, generation, layers, occlusion_map)):
                self._session.keep_explanation(Explanation(generation, model, layers, occlusion_map))
            case Progress() | Answer() | Refused() if message.task != "explain":
                self._on_task(message)
