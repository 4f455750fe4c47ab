"""The typical images of each digit, which the worker chooses. Knows no Tk."""

from collections.abc import Callable

import numpy as np

from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, TaskMessage, TypicalImages

COUNT = 6
"""Images of each digit."""


class TypicalDigits:
    """Typical images by digit, asked for when somebody looks at a digit for the first time.

    ``mnist`` gives the file of MNIST that was chosen, or nothing.
    """

    def __init__(self, link: WorkerLink, mnist: Callable[[], str]):
        self._link, self._mnist = link, mnist
        self._images: dict[int, list[np.ndarray]] = {}

    def of(self, digit: int | None) -> list[np.ndarray]:
        """Return the typical images of a digit, uint8 (28, 28) each; none until the worker has chosen them."""
        if digit is None:
            return []
        if digit not in self._images:
            self._images[digit] = []
            self._ask()
        return self._images[digit]

    def receive(self, message: TaskMessage) -> None:
        """Take a message of the worker, which may bring typical images."""
        match message:
            case Answer(result=TypicalImages(digit, synthetic, mnist)):
                self._images[digit] = mnist or synthetic
                self._ask()

    def _ask(self) -> None:
        """Have the worker choose the images of one digit after the other, as a request replaces the one before."""
        digit = next((digit for digit, images in self._images.items() if not images), None)
        if digit is not None:
            self._link.request("typical", digit=digit, count=COUNT, mnist=self._mnist())
