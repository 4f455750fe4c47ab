"""Make a network's probabilities honest: one temperature, fitted on images that it did not learn from."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.card import Calibration
from zoo.scratch import Rescaling, Sequential
from zoo.synthetic.digits import synthetic_digits

if TYPE_CHECKING:
    import keras

IMAGES = 3000
"""Training images that a release does not learn from: the temperature is fitted on them."""
SEED = 2**31 + 1
"""Of the synthetic digits that it is fitted on too; out of the range of --seed, so nobody trains on them."""


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature, 0.05..20, that makes the labels most probable under ``softmax(logits / temperature)``.

    Args:
        logits: float ``(n, 10)``, of images that the network did not learn from.
        labels: integers ``(n,)``, 0..9.

    Source: Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks" (2017).
    """
    from scipy.optimize import minimize_scalar  # not as the command line starts: it takes as long as all else
    from scipy.special import log_softmax

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


def calibrated(
    model: Any, logits: Callable[[Any, np.ndarray], np.ndarray], held_out: tuple[np.ndarray, np.ndarray] | None
) -> tuple[Any, Calibration]:
    """Return `model` with a temperature, and what ``model.json`` says of it.

    Args:
        model: a trained network.
        logits: returns the logits of a model for images, uint8 ``(n, 28, 28)``: float32 ``(n, 10)``.
        held_out: images and labels that it did not learn from; as many synthetic digits are put beside them, so that
            the one temperature does for both. Without these, synthetic digits alone.
    """
    images, labels = synthetic_digits(len(held_out[1]) if held_out else IMAGES, SEED)
    fitted_on = f"{len(labels):,} synthetic digits"
    if held_out:
        images, labels = np.concatenate([held_out[0], images]), np.concatenate([held_out[1], labels])
        fitted_on = f"{len(held_out[1]):,} held-out images and as many synthetic digits"
    temperature = fit_temperature(logits(model, images), labels)
    return with_temperature(model, temperature), Calibration(temperature, "calibrated_logits", fitted_on)
