"""Run a SavedModel on TensorFlow, after its graph was checked: a SavedModel from elsewhere is a program."""

from pathlib import Path
from typing import Any

import numpy as np

from zoo._support.processes import check_not_forked, import_tensorflow, require_tensorflow
from zoo.card import Card
from zoo.errors import ArtifactError, first_line
from zoo.runtimes.graph import check_graph


class Runner:
    """A SavedModel with the signatures "serve" and "activations", asked as ``zoo.classifier`` asks every runtime."""

    def __init__(self, loaded: Any):
        self.loaded = loaded  # its variables live only as long as this object
        self._signatures = loaded.signatures["serve"], loaded.signatures["activations"]

    def serve(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities and the logits, float32 ``(n, 10)``, of images, float32 ``(n, 28, 28)``."""
        outputs = self._signatures[0](image=_tensor(images))
        return outputs["probabilities"].numpy(), outputs["logits"].numpy()

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float32 ``(n, ...)``, by its name."""
        return {layer: value.numpy() for layer, value in self._signatures[1](image=_tensor(images)).items()}


def _tensor(images: np.ndarray) -> Any:
    check_not_forked()
    import tensorflow as tf

    return tf.constant(images)


def open_saved_model(folder: Path) -> Any:
    """Return what ``tf.saved_model.load`` makes of a folder.

    Raises:
        ArtifactError: its graph can do more than compute (``zoo.runtimes.graph``).
        Exception: whatever TensorFlow raises for a folder that it cannot use.
    """
    import tensorflow as tf

    check_graph(folder)
    return tf.saved_model.load(str(folder))


def load(card: Card) -> Runner:
    """Load the SavedModel of an artifact.

    Raises:
        ArtifactError: TensorFlow cannot use it, or must not.
        ZooError: TensorFlow is not installed.
    """
    require_tensorflow(f"The SavedModel {card.path}")
    import_tensorflow()
    import tensorflow as tf

    try:
        return Runner(open_saved_model(card.path))
    except ArtifactError:
        raise
    except Exception as error:  # whatever TensorFlow raises for a file that is whole but that it cannot use
        raise ArtifactError(
            f"TensorFlow {tf.__version__} cannot load {card.path} ({first_line(error)}): it was made with TensorFlow "
            f"{card.facts.libraries.get('tensorflow', 'of an unknown version')}; install that, or "
            f"{card.how_to_make_it_again}."
        ) from error
