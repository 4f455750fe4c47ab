"""Run ``model.tflite`` on LiteRT, the successor of TensorFlow Lite.

Its interpreter has built-in operations alone, and none of these reaches a file: what comes from elsewhere can do no
more than answer wrongly.
"""

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from zoo._support.processes import without_stderr
from zoo.card import Card
from zoo.errors import ArtifactError, first_line

FILE_NAME = "model.tflite"
BATCH = 64  # so many images at a time, as the outputs of all layers take memory for each image of a batch

_MANY = 512
"""From so many images on it pays to prepare a copy of the weights of each operation, which XNNPACK does."""
_TILE = 4
"""To so many images batches are filled where such copies are kept: three take as long, and a change of size longer."""


def has_convolutions(family: str) -> bool:
    """Return whether a network of this family, as its card names it, may have convolutions: see ``Runner``."""
    return family not in ("recurrent", "fully connected")


class Runner:
    """A loaded network, asked as ``zoo.classifier`` asks every runtime. Threads take turns.

    XNNPACK, LiteRT's quicker operations, keeps a copy of its own of the weights of each operation. For convolutions
    that pays at once. The operations of a recurrent network stand in the file once for each of the 28 rows of an image:
    there the copies are 40 to 80 MB, and a single image takes up to twice as long. Dense layers take as long with it as
    without. So there it is used for many images only, and forgotten afterwards; but whoever has `keep_copies` called
    reads batches twice as fast.
    """

    def __init__(self, file: Path, has_convolutions: bool = True):
        self._file, self._has_convolutions, self._turn = file, has_convolutions, Lock()
        self._signatures = _signatures(file, has_convolutions)
        self._copies: dict[str, Any] | None = None

    def keep_copies(self) -> None:
        """Keep XNNPACK's copies of the weights from now on, for batches that come again and again."""
        if not self._has_convolutions:
            self._copies = _signatures(self._file, True)

    def serve(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities and the logits, float32 ``(n, 10)``, of images, float32 ``(n, 28, 28)``."""
        outputs = self._run("serve", images)
        return outputs["probabilities"], outputs["logits"]

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float32 ``(n, ...)``, by its name."""
        return self._run("activations", images) if "activations" in self._signatures else {}

    def _run(self, signature: str, images: np.ndarray) -> dict[str, np.ndarray]:
        count = len(images)
        if self._copies is not None and 1 < count < BATCH:
            images = np.concatenate([images, np.zeros((-count % _TILE, 28, 28), np.float32)])
        with self._turn:
            run = self._of_size(count)[signature]
            outputs = [run(image=images[i : i + BATCH]) for i in range(0, len(images), BATCH)]
        return {name: np.concatenate([output[name] for output in outputs])[:count] for name in outputs[0]}

    def _of_size(self, count: int) -> dict[str, Any]:
        """Return what runs a batch of so many images fastest."""
        if self._copies is not None and count > 1:
            return self._copies
        return _signatures(self._file, True) if not self._has_convolutions and count >= _MANY else self._signatures


def _signatures(file: Path, uses_xnnpack: bool) -> dict[str, Any]:
    """Return what runs each signature of a new interpreter, by its name."""
    interpreter = open_interpreter(file, uses_xnnpack)
    return {name: interpreter.get_signature_runner(name) for name in interpreter.get_signature_list()}


def open_interpreter(content: Path | bytes, uses_xnnpack: bool) -> Any:
    """Return a new interpreter of a ``.tflite`` file, or of its content, with its memory allocated.

    It has one thread: so small a network is no quicker with more, and a process can fork.

    Raises:
        ValueError, RuntimeError: LiteRT cannot run it.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    resolver = OpResolverType.AUTO if uses_xnnpack else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    source = {"model_content": content} if isinstance(content, bytes) else {"model_path": str(content)}
    with without_stderr():  # the library says there that it uses XNNPACK
        interpreter = Interpreter(**source, num_threads=1, experimental_op_resolver_type=resolver)
        interpreter.allocate_tensors()
    return interpreter


def load(card: Card) -> Runner:
    """Load ``model.tflite`` of an artifact.

    Raises:
        ImportError: LiteRT is not installed.
        ArtifactError: the file is whole, and LiteRT cannot run it.
    """
    import ai_edge_litert.interpreter  # noqa: F401  # so that an ImportError does not come from within the file

    try:
        runner = Runner(card.path / FILE_NAME, has_convolutions(card.family))
        runner.serve(np.zeros((1, 28, 28), np.float32))
        return runner
    except (ValueError, RuntimeError, KeyError) as error:
        raise ArtifactError(
            f"LiteRT cannot run {card.path / FILE_NAME} ({first_line(error)}): {card.how_to_make_it_again}, or take "
            f"another model."
        ) from error
