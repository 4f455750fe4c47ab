"""Make ``model.tflite`` of a SavedModel, with the same signatures. Needs TensorFlow, which has the converter."""

import shutil
from pathlib import Path
from typing import Any

from zoo._support.processes import without_stderr
from zoo.artifacts import publish
from zoo.card import FILE_NAME as MODEL_JSON
from zoo.card import Card
from zoo.errors import ArtifactError
from zoo.runtimes import litert, saved_model
from zoo.runtimes.checks import Outputs, check_same, measured_latency


def convert(loaded: Any, signatures: tuple[str, ...] = ("serve", "activations")) -> bytes:
    """Return a loaded SavedModel as the content of ``model.tflite``.

    The converter names a signature as its function is called, and the functions of a loaded SavedModel have names of
    their own; so each gets a function around it. Weights are stored once, whichever signatures use them.

    Raises:
        ArtifactError: the converter cannot express an operation by LiteRT's built-in ones.
    """
    import tensorflow as tf

    module = tf.Module()
    module.loaded = loaded  # which holds the variables
    image = tf.TensorSpec((None, 28, 28), tf.float32, name="image")
    functions = []
    for name in signatures:

        def call(image: Any, signature: Any = loaded.signatures[name]) -> Any:
            return signature(image=image)

        call.__name__ = name
        functions.append(tf.function(call, input_signature=[image], autograph=False).get_concrete_function())
    try:
        with without_stderr():  # the converter describes its work there
            return tf.lite.TFLiteConverter.from_concrete_functions(functions, module).convert()
    except Exception as error:  # of several kinds, with the compiler's notes in many lines
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ArtifactError(
            f"TensorFlow cannot convert the network to LiteRT ({reason}): use layers whose operations LiteRT has."
        ) from error


def add_litert(card: Card) -> Card:
    """Publish the next version of an artifact that has a SavedModel alone: the same files, and ``model.tflite``.

    Its outputs are compared with the SavedModel's at two batch sizes, and its latency is measured anew.

    Raises:
        ArtifactError: the SavedModel cannot be opened or converted, or LiteRT answers otherwise.
    """
    source = saved_model.load(card)
    content = convert(saved_model.open_saved_model(card.path))

    def write(folder: Path) -> None:
        shutil.copytree(card.path, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MODEL_JSON))
        (folder / litert.FILE_NAME).write_bytes(content)

    def check(folder: Path) -> dict:
        runner = litert.load(Card(card.name, card.version, folder, card.title, metadata=card.metadata))
        for name in ("serve", "activations"):
            check_same(_outputs(source, name), _outputs(runner, name), card.name)
        return measured_latency(runner.serve)

    kept = {"format_version", "name", "version", "files", "checksum"}
    metadata = {key: value for key, value in card.metadata.items() if key not in kept}
    return publish(card.path.parent.parent, card.name, metadata, write, check)


def _outputs(runner: litert.Runner | saved_model.Runner, signature: str) -> Outputs:
    if signature == "activations":
        return runner.activations
    return lambda images: dict(zip(("probabilities", "logits"), runner.serve(images), strict=True))
