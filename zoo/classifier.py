"""Load a model of the zoo and read digits with it."""

import os
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from zoo import artifacts
from zoo._support.processes import has_tensorflow
from zoo.card import Card
from zoo.errors import ArtifactError, ImageError
from zoo.runtimes.litert import FILE_NAME

DOUBTFUL = 0.5
"""A doubt above this says: rather not one digit, or not the one that is named."""


@dataclass(frozen=True)
class Prediction:
    """A model's answers for `n` images.

    Attributes:
        probabilities: float32 ``(n, 10)``; each row sums to 1.
        logits: float32 ``(n, 10)``; the softmax of a row is its probabilities.
    """

    probabilities: np.ndarray
    logits: np.ndarray

    @cached_property
    def digits(self) -> np.ndarray:
        """int64 ``(n,)``: the most probable digit of each image, 0..9."""
        return self.logits.argmax(axis=1)

    @cached_property
    def doubt(self) -> np.ndarray:
        """float32 ``(n,)``: the probability, 0..0.9, that the named digit is not what the image shows.

        The released models are calibrated, so of a hundred digits with a doubt of 0.1 about ten are misread. Those
        whose ``card.facts.learned_doubt`` is true also learned from outliers, such as scribbles and letters, that all
        ten digits are equally improbable there (outlier exposure, Hendrycks, Mazeika and Dietterich 2019). Their doubt
        of an outlier comes near 0.9.
        """
        return 1 - self.probabilities.max(axis=1)


class Classifier:
    """A loaded model; `card` tells what is known of it. Made by ``zoo.load``.

    ``runner`` is of the artifact's runtime; it alone knows how the network is computed.
    """

    def __init__(self, card: Card, runner):
        self.card = card
        self.runner = runner

    def predict(self, images: np.ndarray) -> Prediction:
        """Read a batch of images.

        Args:
            images: uint8 or float ``(n, 28, 28)``, or one image ``(28, 28)``; 0 (black paper) to 255 (white ink).

        Raises:
            ImageError: the array has another shape or dtype, or values that are not in 0..255.
        """
        return Prediction(*self.runner.serve(checked_images(images)))

    def expect_batches(self) -> None:
        """Prepare for batches of a few images that come again and again, at the cost of up to 80 MB."""
        if hasattr(self.runner, "keep_copies"):
            self.runner.keep_copies()

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return the output of every layer, float32 ``(n, ...)``, by its name, in the order of the layers.

        Takes and refuses the same images as ``predict``.
        """
        outputs = self.runner.activations(checked_images(images))
        # A foreign artifact may name no layers, or others.
        return {layer: outputs[layer] for layer in (self.card.facts.layers or outputs) if layer in outputs}


def load(
    name: str, version: int | None = None, root: str | os.PathLike | None = None, runtime: str | None = None
) -> Classifier:
    """Load a model: the latest version, or `version`. Its files are verified against ``model.json`` first.

    Args:
        name: identifier as ``list_models`` gives it.
        version: a version number; the highest by default.
        root: folder of models; the project's ``saved_models`` by default.
        runtime: what runs it: ``"litert"``, ``"tensorflow"`` or ``"numpy"``; by default the quickest that the artifact
            is made for, which never is TensorFlow but where LiteRT is not to be had.

    Raises:
        ModelNotFoundError: there is no such model or version.
        ArtifactError: the artifact is damaged, needs a newer library, or does not run on `runtime`.
        ZooError: `runtime` is TensorFlow, and that is not installed.
    """
    card = artifacts.verify(artifacts.find(name, version, root))
    runtimes = runtimes_of(card)
    if runtime is not None and runtime not in runtimes:
        raise ArtifactError(
            f"The artifact {card.path} does not run on {runtime!r}: load it without `runtime`, or with "
            f"{' or '.join(map(repr, runtimes))}."
        )
    return Classifier(card, _runner(card, runtime))


def runtimes_of(card: Card) -> tuple[str, ...]:
    """Return what an artifact runs on, the quickest first."""
    runtime = card.facts.runtime
    return ("litert", runtime) if runtime == "tensorflow" and FILE_NAME in card.files else (runtime,)


def _runner(card: Card, runtime: str | None) -> Any:
    from zoo.runtimes import added, litert, saved_model  # not before a model is loaded: the window never does

    match runtime or runtimes_of(card)[0]:
        case "numpy":
            from zoo.scratch import artifact

            return artifact.load(card)
        case "litert":
            try:
                return (added if card.facts.runtime == "litert" else litert).load(card)
            except ImportError as error:
                if runtime or "tensorflow" not in runtimes_of(card) or not has_tensorflow():
                    raise ArtifactError(
                        f"The artifact {card.path} runs on LiteRT, which cannot be imported ({error}): "
                        f"`pip install ai-edge-litert`."
                    ) from None
                warnings.warn(f"LiteRT cannot be imported ({error}), so TensorFlow runs {card.name}.", stacklevel=3)
                return saved_model.load(card)
        case "tensorflow" if runtime:
            return saved_model.load(card)
        case "tensorflow":
            raise ArtifactError(
                f"The artifact {card.path} has no {FILE_NAME}, which the zoo runs: `python -m zoo add "
                f"{card.path}` adds it, or load the model with runtime='tensorflow'."
            )
        case other:
            raise ArtifactError(
                f"The artifact {card.path} runs on {other!r}, and this library knows 'litert', 'tensorflow' and "
                f"'numpy': update the library."
            )


def checked_images(images: np.ndarray) -> np.ndarray:
    """Return `images` as the float32 ``(n, 28, 28)`` batch that every model takes.

    Raises:
        ImageError: wrong shape or dtype, or values that are not in 0..255.
    """
    try:
        array = np.asarray(images)
    except ValueError as error:  # rows of different lengths
        raise ImageError(f"Expected an array of images, found one that NumPy cannot make ({error}).") from None
    found = array.shape
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim != 3 or array.shape[1:] != (28, 28) or not len(array):
        raise ImageError(
            f"Expected images of shape (n, 28, 28) or (28, 28), found {found}: make them with "
            f"zoo.image_from_picture or zoo.image_from_strokes, or reshape the array."
        )
    if array.dtype == np.uint8:
        return array.astype(np.float32)
    if array.dtype.kind not in "fiu":
        raise ImageError(f"Expected uint8 or float grey levels, found dtype {array.dtype}: convert the array to uint8.")
    array = array.astype(np.float32)
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 255):  # also where one is NaN
        raise ImageError(
            f"Expected grey levels from 0 (paper) to 255 (ink), found {low:g} to {high:g}: scale or clip the array."
        )
    if 0 < high <= 1:
        warnings.warn(
            "The images hold no value above 1, and models expect grey levels 0..255: multiply 0..1 by 255.",
            stacklevel=3,
        )
    return array
