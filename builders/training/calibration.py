"""Make a network's probabilities honest: one temperature, fitted on images that it did not learn from."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from zoo.scratch import Rescaling, Sequential

if TYPE_CHECKING:
    import keras


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature, 0.05..20, that makes the labels most probable under ``softmax(logits / temperature)``.

    Args:
        logits: float ``(n, 10)``, of images that the network did not learn from.
        labels: integers ``(n,)``, 0..9.

    Source: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (2017).
    """
    rows = np.arange(len(labels))
    logits = logits.astype(np.float64)

    def cross_entropy(log_temperature: float) -> float:
        return -log_softmax(logits / np.exp(log_temperature), axis=1)[rows, labels].mean()

    return float(np.exp(minimize_scalar(cross_entropy, bounds=np.log((0.05, 20)), method="bounded").x))


def with_temperature(model: "keras.Model | Sequential", temperature: float) -> "keras.Model | Sequential":
    """Return `model` with a last layer, ``calibrated_logits``, that divides its logits by `temperature`."""
    if isinstance(model, Sequential):
        return Sequential([*model.layers, Rescaling(1 / temperature, name="calibrated_logits")], model.input_shape)
    import keras

    calibrated = keras.layers.Rescaling(1 / temperature, name="calibrated_logits")(model.output)
    return keras.Model(model.input, calibrated, name=model.name)
