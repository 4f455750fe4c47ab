"""Many requests, few batches: what waits for the models while they compute is answered together, in their next turn."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from zoo.classifier import Classifier, Prediction
from zoo.serving.errors import overloaded

MOST_WAITING = 256
"""Requests; those that come then are told to come later."""
PART = 64
"""Images of one request in one turn: others come in between, however many it has."""


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

    A request is answered at once where none is before it, and nobody waits for others to come: a batch is what has
    come while the models were busy.
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
        turn = asyncio.get_running_loop().run_in_executor(self._turns, self._answers, jobs)
        turn.add_done_callback(lambda done: self._done(jobs, done))

    def _done(self, jobs: list[_Job], turn: asyncio.Future[list[_Answer]]) -> None:
        for place, job in enumerate(jobs):
            if job.answer.done():  # whoever asked has gone
                continue
            if turn.cancelled():
                job.answer.cancel()
            elif isinstance(answer := turn.exception() or turn.result()[place], BaseException):
                job.answer.set_exception(answer)
            else:
                job.answer.set_result(answer)
        self._turn()

    def _answers(self, jobs: list[_Job]) -> list[_Answer]:
        """Return the answer to each."""
        asked = dict.fromkeys(name for job in jobs for name in job.names)
        # The slowest first, so that no core is left with one at the end.
        order = sorted(asked, key=self._slowness, reverse=True)
        predictions = dict(zip(order, self._threads.map(lambda name: self._of_model(name, jobs), order), strict=True))
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

    def _of_model(self, name: str, jobs: list[_Job]) -> Prediction | Exception:
        try:
            return self._models[name].predict(np.concatenate([job.images for job in jobs if name in job.names]))
        except Exception as error:  # of this model alone: the others answer
            return error


def _joined(parts: list[Prediction]) -> Prediction:
    return Prediction(
        np.concatenate([part.probabilities for part in parts]), np.concatenate([part.logits for part in parts])
    )
