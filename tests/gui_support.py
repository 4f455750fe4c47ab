"""Made-up models for the tests of the window, each with a way of its own; the worker loads them by name."""

import os
import time
from types import SimpleNamespace

import numpy as np

import zoo

LOADER = "tests.gui_support:load"


class FakeModel:
    def __init__(self, name: str):
        self.name = name

    def predict(self, image: np.ndarray) -> SimpleNamespace:
        is_drawing = bool(image.any())  # the worker warms a model up with a blank image
        if self.name == "crashes_reading" and is_drawing:
            os._exit(3)
        if self.name == "slow" and is_drawing:
            time.sleep(0.3)
        is_upright = image.any(axis=0).sum() < 8
        digit = int(self.name[-1]) if self.name.startswith("says_") else int(is_upright)
        probabilities = np.full((1, 10), 0.01, np.float32)
        probabilities[0, digit] = 0.91
        if self.name == "doubts":
            probabilities[:] = 0.1
        return SimpleNamespace(probabilities=probabilities)


def load(name: str, root: str | None = None) -> FakeModel:
    if name == "broken":
        raise zoo.ArtifactError("The artifact broken is damaged: build it again.")
    if name == "odd":
        raise KeyError("weights")
    if name == "crashes_loading":
        os._exit(3)
    if name == "slow_to_load":
        time.sleep(2)
    return FakeModel(name)
