"""Load a model of the zoo and read digits with it."""

import os
import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zoo import artifacts
from zoo.card import Card
from zoo.errors import ArtifactError, ImageError

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
    """A loaded model; `card` tells what is known of it. Made by ``zoo.load``."""

    def __init__(self, card: Card, runner):
        self.card = card
        self._runner = runner  # of the artifact's runtime; it alone knows how the network is computed

    def predict(self, images: np.ndarray) -> Prediction:
        """Read a batch of images.

        Args:
            images: uint8 or float ``(n, 28, 28)``, or one image ``(28, 28)``; 0 (black paper) to 255 (white ink).

        Raises:
            ImageError: the array has another shape or dtype, or values that are not in 0..255.
        """
        return Prediction(*self._runner.serve(checked_images(images)))

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return the output of every layer, float32 ``(n, ...)``, by its name, in the order of the layers.

        Takes and refuses the same images as ``predict``.
        """
        outputs = self._runner.activations(checked_images(images))
        # A foreign artifact may name no layers, or others.
        return {layer: outputs[layer] for layer in (self.card.facts.layers or outputs) if layer in outputs}


class _SavedModel:
    """The runner of the runtime "tensorflow": a SavedModel with the signatures "serve" and "activations"."""

    def __init__(self, loaded):
        self._loaded = loaded  # its variables live only as long as this object
        self._signatures = loaded.signatures["serve"], loaded.signatures["activations"]

    def serve(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        outputs = self._signatures[0](image=self._tensor(images))
        return outputs["probabilities"].numpy(), outputs["logits"].numpy()

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        return {layer: value.numpy() for layer, value in self._signatures[1](image=self._tensor(images)).items()}

    @staticmethod
    def _tensor(images: np.ndarray):
        import tensorflow as tf

        return tf.constant(images)


def load(name: str, version: int | None = None, root: str | os.PathLike | None = None) -> Classifier:
    """Load a model: the latest version, or `version`. Its files are verified against ``model.json`` first.

    Only an artifact that runs on TensorFlow imports it.

    Args:
        name: identifier as ``list_models`` gives it.
        version: a version number; the highest by default.
        root: folder of models; the project's ``saved_models`` by default.

    Raises:
        ModelNotFoundError: there is no such model or version.
        ArtifactError: the artifact is damaged, or needs a newer library.
    """
    card = artifacts.verify(artifacts.find(name, version, root))
    runtime = card.facts.runtime
    if runtime == "tensorflow":
        return Classifier(card, _load_saved_model(card))
    if runtime == "numpy":
        from zoo.scratch import artifact

        return Classifier(card, artifact.load(card))
    raise ArtifactError(
        f"The artifact {card.path} runs on {runtime!r}, and this library knows 'tensorflow' and 'numpy': update the "
        f"library."
    )


def _load_saved_model(card: Card) -> _SavedModel:
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ArtifactError(
            f"The artifact {card.path} runs on TensorFlow, which cannot be imported ({error}): install "
            f"requirements.txt, or use a model whose runtime is 'numpy'."
        ) from None
    try:
        return _SavedModel(tf.saved_model.load(str(card.path)))
    except Exception as error:  # whatever TensorFlow raises for a file that is whole but that it cannot use
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ArtifactError(
            f"TensorFlow {tf.__version__} cannot load {card.path} ({reason}): it was made with TensorFlow "
            f"{card.facts.libraries.get('tensorflow', 'of an unknown version')}; install that, or build "
            f"the model again with `python -m builders {card.name}`."
        ) from error


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
