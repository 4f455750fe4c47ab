"""Why a model reads an image as it does: the outputs of its layers, and maps of the ink that counts, by occlusion."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from zoo.classifier import Classifier, checked_images

_PASSIVE = ("rescal", "calibrat", "dropout", "noise")
"""In the names of layers whose output is their input, but for a factor."""

_NOUNS = {
    "conv": "Convolution",
    "pool": "Pooling",
    "norm": "Normalisation",
    "relu": "ReLU",
    "mean": "Mean over the rows",
    "hidden": "Hidden layer",
    "dense": "Hidden layer",
}
"""What people call a layer that has this in its name."""

_REACH = 3.5
"""Pixels from the middle of a wiped spot to where all ink is left: half is gone at half the way, a pen's width."""
_STRIDE = 2

_PIXELS = np.arange(28, dtype=np.float32)
_DISTANCES = np.abs(_PIXELS - np.arange(0.5, 28, _STRIDE, dtype=np.float32)[:, None])
_WIPES = np.where(_DISTANCES < _REACH, np.cos(np.pi / 2 * _DISTANCES / _REACH) ** 2, 0).astype(np.float32)
_WEIGHTS = np.maximum(1 - _DISTANCES / _STRIDE, 0)
_WEIGHTS /= _WEIGHTS.sum(axis=0)
"""How much a spot takes away from each pixel, and how much it tells of it, along one axis; float32 ``(14, 28)``."""


@dataclass(frozen=True)
class Layer:
    """The output of one layer for one image.

    Attributes:
        name: identifier, as in ``model.json``.
        title: the same for people: ``"Convolution 1: 20 feature maps of 24 x 24"``.
        kind: ``"feature maps"``, ``"rows"``, ``"units"``, or ``"digits"`` for the last layer's ten units.
        values: float32; of feature maps ``(maps, height, width)``, of rows ``(rows, units)``: the state of a recurrent
            layer after each row of the image; of units and digits ``(units,)``.
    """

    name: str
    title: str
    kind: str
    values: np.ndarray


def layer_outputs(model: Classifier, image: np.ndarray) -> list[Layer]:
    """Return the outputs of the layers for one image, uint8 or float ``(28, 28)`` in 0..255, layer by layer.

    Left out is what shows nothing new, as rescaling, reshaping and dropout, and what has no shape to show.

    Raises:
        ImageError: the image is none that ``Classifier.predict`` takes.
    """
    shown: dict[str, np.ndarray] = {}
    before = 1, 28, 28
    for name, values in model.activations(image).items():
        is_reshaped = values.shape != before and values.size == np.prod(before)
        if 2 <= values.ndim <= 4 and not is_reshaped and not any(part in name.lower() for part in _PASSIVE):
            shown[name] = np.moveaxis(values[0], -1, 0) if values.ndim == 4 else values[0]
        before = values.shape
    kinds = {name: ("units", "rows", "feature maps")[values.ndim - 1] for name, values in shown.items()}
    last = next(reversed(shown), "")
    if last and shown[last].shape == (10,):
        kinds[last] = "digits"
    nouns = {name: _noun(name, kinds[name]) for name in shown}
    counts, numbers = Counter(nouns.values()), Counter[str]()
    layers = []
    for name, values in shown.items():
        title = nouns[name]
        numbers[title] += 1
        if counts[title] > 1:
            title += f" {numbers[title]}"
        if kinds[name] != "digits":
            title += f": {_size(kinds[name], values.shape)}"
        layers.append(Layer(name, title, kinds[name], values))
    return layers


def _noun(name: str, kind: str) -> str:
    if kind in ("rows", "digits"):
        return {"rows": "Recurrent layer", "digits": "Output logits (mean-centred)"}[kind]
    return next((noun for part, noun in _NOUNS.items() if part in name.lower()), name.replace("_", " ").capitalize())


def _size(kind: str, shape: tuple[int, ...]) -> str:
    if kind == "feature maps":
        return f"{shape[0]:,} feature maps of {shape[1]} \N{MULTIPLICATION SIGN} {shape[2]}"
    if kind == "rows":
        return f"{shape[1]:,} units over {shape[0]} rows"
    return f"{shape[0]:,} units"


def occlusion_map(model: Classifier, image: np.ndarray) -> np.ndarray:
    """Return how far the log-odds of each digit fall where the ink around a pixel is taken away.

    Args:
        model: asked once, with a batch of at most 197 images.
        image: uint8 or float ``(28, 28)``, 0 (black paper) to 255 (white ink).

    Returns:
        float32 ``(10, 28, 28)`` in nats, for the digits 0 to 9: positive where the ink speaks for the digit, negative
        where it speaks against it, 0 where there is none nearby.

    Raises:
        ImageError: the image is none that ``Classifier.predict`` takes.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), sec. 4.2: occlusion; here
    by a soft spot as large as the pen, in whose place paper is left.
    """
    (image,) = checked_images(image)
    spots = (_WIPES[:, None, :, None] * _WIPES[None, :, None, :]).reshape(-1, 28, 28)
    wiped = spots * image
    touched = wiped.max(axis=(1, 2)) >= 1  # grey level
    falls = np.zeros((10, len(spots)), np.float32)
    if touched.any():
        logits = model.predict(np.concatenate([image[None], image - wiped[touched]])).logits
        others = np.stack([_logsumexp(np.delete(logits, digit, axis=1)) for digit in range(10)])
        log_odds = logits.T - others
        falls[:, touched] = log_odds[:, :1] - log_odds[:, 1:]
    return _WEIGHTS.T @ falls.reshape(10, len(_WEIGHTS), -1) @ _WEIGHTS


def _logsumexp(logits: np.ndarray) -> np.ndarray:
    highest = logits.max(axis=1)
    return highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1))
