"""Many requests, few batches: what waits for the models while they compute is answered together, in their next turn."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from zoo.classifier import Classifier, Prediction
from zoo.serving import measuring
from zoo.serving.errors import overloaded

MOST_WAITING = 256
"""Requests; those that come then are told to come later."""
PART = 64
"""Images of one request in one turn: others come in between, however many it has."""
_ENOUGH = 16
"""Requests: more of them in one turn are hardly read faster."""
_LONGEST_PAUSE = 0.03
"""Seconds."""


_Answer = dict[str, Prediction] | Exception
"""By the name of the model; or why one of them failed."""


@dataclass
class _Job:
    names: Sequence[str]
    images: np.ndarray
    answer: asyncio.Future[dict[str, Prediction]] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Batcher:
    """Loaded models, asked from an event loop. It has threads of its own, so that nothing waits in the loop.

    A request is answered at once where none is before it. A batch is what has come while the models were busy; where
    several come, the models then rest for as long as they were busy, at most, so that the next batch is a larger one:
    sixteen drawings take six times as long as one.
    """

    def __init__(self, models: Mapping[str, Classifier], threads: int | None = None):
        """Take models; so many `threads` compute, by default one a core."""
        self._models = models
        self._waiting: list[_Job] = []
        self._is_busy = False
        self._turns = ThreadPoolExecutor(1, "turn")
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), "model")

    async def predict(self, names: Sequence[str], images: np.ndarray) -> dict[str, Prediction]:
        """Return the predictions of the named models on images, float32 ``(n, 28, 28)`` in 0..255, by name.

        Raises:
            RequestError: too many requests wait already.
        """
        parts = [await self._ask(names, images[start : start + PART]) for start in range(0, len(images), PART)]
        return parts[0] if len(parts) == 1 else {name: _joined([part[name] for part in parts]) for name in names}

    def close(self) -> None:
        """End the threads."""
        for threads in (self._turns, self._threads):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, names: Sequence[str], images: np.ndarray) -> dict[str, Prediction]:
        if len(self._waiting) >= MOST_WAITING:
            raise overloaded()
        job = _Job(names, images)
        self._waiting.append(job)
        if not self._is_busy:
            self._is_busy = True
            self._turn()
        return await job.answer

    def _turn(self) -> None:
        """Begin to answer all that waits."""
        jobs = [job for job in self._waiting if not job.answer.cancelled()]
        self._waiting = []
        if not jobs:
            self._is_busy = False
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        turn = loop.run_in_executor(self._turns, self._answers, jobs)
        turn.add_done_callback(lambda done: self._done(jobs, done, loop.time() - began))

    def _done(self, jobs: list[_Job], turn: asyncio.Future[list[_Answer]], took: float) -> None:
        for place, job in enumerate(jobs):
            if job.answer.done():  # whoever asked has gone
                continue
            if turn.cancelled():
                job.answer.cancel()
            elif isinstance(answer := turn.exception() or turn.result()[place], BaseException):
                job.answer.set_exception(answer)
            else:
                job.answer.set_result(answer)
        if len(jobs) > 1 and len(self._waiting) < _ENOUGH:
            asyncio.get_running_loop().call_later(min(took, _LONGEST_PAUSE), self._turn)
        else:
            self._turn()

    def _answers(self, jobs: list[_Job]) -> list[_Answer]:
        """Return the answer to each."""
        asked = dict.fromkeys(name for job in jobs for name in job.names)
        # The slowest first, so that no core is left with one at the end.
        order = sorted(asked, key=self._slowness, reverse=True)
        images = np.concatenate([job.images for job in jobs])
        rows = {name: [name in job.names for job in jobs for _ in job.images] for name in order}
        batches = [images if all(rows[name]) else images[rows[name]] for name in order]
        predictions = dict(zip(order, self._threads.map(self._of_model, order, batches), strict=True))
        starts = dict.fromkeys(asked, 0)
        answers: list[_Answer] = []
        for job in jobs:
            answer, failures = {}, []
            for name in job.names:
                part = slice(starts[name], starts[name] + len(job.images))
                starts[name] = part.stop
                if isinstance(found := predictions[name], Exception):
                    failures.append(found)
                else:
                    answer[name] = Prediction(found.probabilities[part], found.logits[part])
            answers.append(failures[0] if failures else answer)
        return answers

    def _slowness(self, name: str) -> float:
        latency = self._models[name].card.facts.latency
        return latency.one_image if latency else 0

    def _of_model(self, name: str, images: np.ndarray) -> Prediction | Exception:
        measuring.IMAGES.labels(name).inc(len(images))
        try:
            return self._models[name].predict(images)
        except Exception as error:  # of this model alone: the others answer
            return error


def _joined(parts: list[Prediction]) -> Prediction:
    return Prediction(
        np.concatenate([part.probabilities for part in parts]), np.concatenate([part.logits for part in parts])
    )
