"""From the drawing to the answers: makes the picture that models receive, has the worker read it, keeps what it says.

Knows no widgets; it is called when the drawing changes, and calls back when there is something new to show.
"""

import time
from collections.abc import Callable

import numpy as np

from gui.compare.session import Explanation, Session
from gui.timers import Timers
from gui.worker.link import Model, Worker, WorkerLink
from gui.worker.messages import Answer, Died, Explained, Loaded, Progress, Refused, Result, TaskMessage

STILL = 0.04
"""Seconds without a motion of the pen after which the drawing is read, though the pen is down: a hand is quicker than
16 models, and what they say is only shown once it rests."""
SHOW = 40
"""Milliseconds after a change that the answers have to be shown with it, and the later answers with the first."""
POLL_BUSY, POLL_IDLE = 4, 50
"""Milliseconds between two looks at the worker, while an answer is due and otherwise."""
POLL_WATCHED = 500
"""The same where the system tells when the worker says something: then they only find out that it says nothing."""
PATIENCE = 300
"""Milliseconds after a change of the drawing after which the answers to it as it was are called old."""
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
        self._moved = 0.0  # when the drawing changed last
        self._pictured = 0  # which state of it was pictured last
        self._is_watched = False
        self._explaining: tuple | None = None  # what the worker was asked to explain last

    def start(self) -> None:
        """Start the worker where it does not run yet, also again after it was given up."""
        self._link.watch = self._watch
        self._watch(self._link.file)
        if self._link.worker is not Worker.RUNNING:
            self._link.start()
        self._poll_soon()
        self._on_change()

    def drawing_changed(self) -> None:
        """Have the drawing read as it is now, or as soon as the pen rests."""
        self._moved = time.monotonic()
        if not self._session.drawing.pen_is_down:
            self._make_picture()
        elif "picture" not in self._timers:
            self._timers.after("picture", round(1000 * STILL), self._make_picture_at_rest)

    def ask(self) -> None:
        """Have the picture read by the models that are asked now."""
        if self.image is None:
            self._link.forget()
        else:
            self._link.ask(self._session.drawing.generation, self.image, self._session.asked)
            self._poll_soon()
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
            self._explaining, session.unexplained = wanted, ""
            self._link.request("explain", generation=wanted[0], model=wanted[1], image=self.image)

    def _make_picture_at_rest(self) -> None:
        wait = self._moved + STILL - time.monotonic()
        if wait > 0:
            self._timers.after("picture", max(1, round(1000 * wait)), self._make_picture_at_rest)
        else:
            self._make_picture()

    def _make_picture(self) -> None:
        self._timers.cancel("picture")
        generation = self._session.drawing.generation
        if generation != self._pictured:  # else the pen was lifted where it rested
            self._pictured = generation
            self.image = self._session.drawing.image()
            if self.image is None:
                self._session.answers.clear()
            self.ask()
            self._session.is_late = False
            self._timers.after("patience", PATIENCE, self._lose_patience)
        if self._link.is_busy:
            self._timers.after("show", SHOW, self._on_change)  # unless all answer before
        else:
            self._on_change()

    def _lose_patience(self) -> None:
        self._session.is_late = self._link.is_busy
        if self._session.outdate() or self._session.is_late:
            self._on_change()

    def _poll(self) -> None:
        messages = self._link.poll()
        for message in messages:
            self._receive(message)
        if self._link.is_busy and all(isinstance(message, Result) for message in messages):
            if messages and "show" not in self._timers:
                self._timers.after("show", SHOW, self._on_change)
        elif messages:
            self._session.is_late = self._session.is_late and self._link.is_busy
            self._timers.cancel("show")
            self._on_change()
        self._poll_soon()

    def _poll_soon(self) -> None:
        # Also where nothing runs: it says why to whoever asks something of it.
        wait = POLL_BUSY if self._link.is_busy else POLL_IDLE
        self._timers.after(
            "poll", POLL_WATCHED if self._is_watched and self._link.file is not None else wait, self._poll
        )

    def _watch(self, file: int | None) -> None:
        self._is_watched = self._timers.watch(file, self._poll)

    def _receive(self, message: object) -> None:
        match message:
            case Died():
                if self._link.worker is Worker.GIVEN_UP:
                    self._session.answers.clear()  # no others will come
                self._session.outdate(is_all=True)
                self._explaining = None
            case Result(generation, model, probabilities, milliseconds):
                self._session.record(model, generation, probabilities, milliseconds)
            case Loaded(model) if model == self._session.focus:
                self._timers.after("explain", REST, self.explain)
            case Answer(result=Explained(model, generation, layers, occlusion_map)):
                self._session.keep_explanation(Explanation(generation, model, layers, occlusion_map))
            case Refused(task="explain", error=error):
                self._session.unexplained = error
            case Progress() | Answer() | Refused() if message.task != "explain":
                self._on_task(message)
