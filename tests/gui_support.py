"""What tests of the window share: made-up models, which the worker loads by name, and a hand that uses the window."""

import os
import time
from types import SimpleNamespace

import numpy as np

import zoo
from gui.worker_link import Model
from gui.worker_tasks import TASKS

LOADER = "tests.gui_support:load"


class FakeModel:
    def __init__(self, name: str):
        self.card = SimpleNamespace(name=name, title=name, version=1, metadata={})

    @property
    def name(self) -> str:
        return self.card.name

    def predict(self, image: np.ndarray) -> zoo.Prediction:
        is_drawing = bool(image.any())  # the worker warms a model up with a blank image
        if self.name == "crashes_reading" and is_drawing:
            os._exit(3)
        if self.name == "slow" and is_drawing:
            time.sleep(0.3)
        if self.name == "hangs_reading" and is_drawing:
            time.sleep(60)
        images = image.reshape(-1, 28, 28)
        is_upright = images.any(axis=1).sum(axis=1) < 8
        digits = int(self.name[-1]) if self.name.startswith("says_") else is_upright.astype(int)
        probabilities = np.full((len(images), 10), 0.01, np.float32)
        probabilities[np.arange(len(images)), digits] = 0.91
        if self.name == "doubts":
            probabilities[:] = 0.1
        return zoo.Prediction(probabilities, np.log(probabilities))


def load(name: str, root: str | None = None) -> FakeModel:
    if name == "broken":
        raise zoo.ArtifactError("The artifact broken is damaged: build it again.")
    if name == "odd":
        raise KeyError("weights")
    if name == "crashes_loading":
        os._exit(3)
    if name == "slow_to_load":
        time.sleep(2)
    if name == "hangs_loading":
        time.sleep(60)
    return FakeModel(name)


def count_up(models, names, to, seconds=0.0):
    for number in range(to):
        time.sleep(seconds)
        yield number / to
    return {"counted": to, "models": sorted(models)}


def crash(models, names):
    yield 0.5
    os._exit(3)


def hang(models, names):
    yield 0.5
    time.sleep(60)


# The worker imports this file with the first model, so a request of these waits for one that it names.
TASKS.update(count_up=count_up, crash=crash, hang=hang)


class Hand:
    """Does to a window what a person does, and waits as a person does."""

    def __init__(self, app):
        self.app = app

    def until(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.app.status.text, self.app.link.models, self.app.session.answers)
            self.app.update()
            time.sleep(0.003)

    def rest(self, seconds=0.2):
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def ready(self):
        self.until(lambda: not {Model.WAITING, Model.LOADING} & set(self.app.link.models.values()))
        return self

    def press(self, x, y, button=1):
        self._event(f"<ButtonPress-{button}>", x, y)

    def move(self, x, y, button=1):
        self._event(f"<B{button}-Motion>", x, y)

    def release(self, x, y, button=1):
        self._event(f"<ButtonRelease-{button}>", x, y)

    def draw(self, points, button=1):
        self.press(*points[0], button)
        for point in points[1:]:
            self.move(*point, button)
        self.release(*points[-1], button)

    def key(self, sequence):
        self.app.focus_force()
        self.app.update()
        self.app.event_generate(sequence)

    def _event(self, sequence, x, y):
        self.app.pad.event_generate(sequence, x=round(x * self.app.pad.side), y=round(y * self.app.pad.side))
