"""Make ``model.tflite`` of a SavedModel, with the same signatures. Needs TensorFlow, which has the converter."""

import re
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from zoo._support.processes import without_stderr
from zoo.artifacts import publish
from zoo.card import FILE_NAME as MODEL_JSON
from zoo.card import Card
from zoo.errors import ArtifactError, first_line
from zoo.runtimes import litert, saved_model
from zoo.runtimes.checks import Outputs, check_same, measured_latency


def to_litert(
    functions: Mapping[str, Callable[[Any], dict[str, Any]]],
    shape: tuple[int, ...],
    variables: Any,
    of: object,
    counts: tuple[int | None, ...] = (None, 1),
) -> tuple[bytes, dict[str, dict[str, tuple[int, ...]]]]:
    """Convert functions of TensorFlow to the content of a ``.tflite``, each to a signature of its name.

    Weights are stored once, whichever signatures use them. Where the converter cannot leave the number of images open,
    as with loops, the network takes one image.

    Args:
        functions: each from ``image``, float32 ``(n, *shape)``, to outputs by name.
        shape: of the input for one image.
        variables: what holds the variables that the functions use.
        of: what the network is called where it cannot be converted.
        counts: of images that it may take, None for any: the first that can be converted.

    Returns:
        The content; and by signature the shape of each output, by its name, for one image.

    Raises:
        ArtifactError: the converter cannot express an operation by LiteRT's built-in ones.
    """
    import tensorflow as tf

    module = tf.Module()
    module.variables_of_it = variables
    for count in counts:
        image = tf.TensorSpec((count, *shape), tf.float32, name="image")
        concrete = {}
        for name, function in functions.items():

            def call(image: Any, function: Callable = function) -> dict[str, Any]:
                return function(image)

            call.__name__ = name  # which is what the converter calls the signature
            concrete[name] = tf.function(call, input_signature=[image], autograph=False)
        try:
            with without_stderr():  # the converter describes its work there
                graphs = {name: function.get_concrete_function() for name, function in concrete.items()}
                content = tf.lite.TFLiteConverter.from_concrete_functions(list(graphs.values()), module).convert()
            break
        except Exception as error:  # of several kinds, with the compiler's notes in many lines
            reason = _reason(error)
    else:
        raise ArtifactError(
            f"Expected operations that LiteRT has built in, found others in {of} ({reason}): use "
            f"other layers, and float32."
        )
    shapes = {
        name: {output: tuple(value.shape[1:]) for output, value in graph.structured_outputs.items()}
        for name, graph in graphs.items()
    }
    return content, shapes


def _reason(error: Exception) -> str:
    """Return what the converter found, in a line: the operations that LiteRT does not have, else its first words."""
    if found := re.findall(r"^\s*tf\.(\w+)\(", str(error), re.MULTILINE):
        return ", ".join(sorted(set(found)))
    return first_line(error)[:200]


def convert(loaded: Any, signatures: tuple[str, ...] = ("serve", "activations")) -> bytes:
    """Return a loaded SavedModel of this zoo as the content of ``model.tflite``.

    Raises:
        ArtifactError: the converter cannot express an operation by LiteRT's built-in ones.
    """
    functions = {name: partial(_call, loaded.signatures[name]) for name in signatures}
    return to_litert(functions, (28, 28), loaded, "the network")[0]


def _call(signature: Any, image: Any) -> dict[str, Any]:
    return signature(image=image)


def add_litert(card: Card) -> Card:
    """Publish the next version of an artifact that has a SavedModel alone: the same files, and ``model.tflite``.

    Its outputs are compared with the SavedModel's at two batch sizes, and its latency is measured anew.

    Raises:
        ArtifactError: the SavedModel cannot be opened or converted, or LiteRT answers otherwise.
    """
    source = saved_model.load(card)
    content = convert(source.loaded)

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
