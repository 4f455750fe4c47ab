"""Read a SavedModel that somebody else exported, after its graph was checked. Needs TensorFlow."""

from pathlib import Path
from typing import Any

from zoo._support.processes import import_tensorflow, require_tensorflow
from zoo.adding.source import Source, check_ends
from zoo.adding.tflite_file import check_converted, described, family_of
from zoo.errors import ArtifactError
from zoo.runtimes.added import first_line
from zoo.runtimes.conversion import to_litert
from zoo.runtimes.saved_model import open_saved_model

_PREFERRED = ("serving_default", "serve")


def read(path: Path) -> Source:
    """Return the network in a SavedModel folder.

    Raises:
        ArtifactError: its graph holds an operation that is not allowed, TensorFlow cannot load it, or it has no
            signature of one such input and ten outputs.
        ZooError: TensorFlow is not installed.
    """
    require_tensorflow("Adding a SavedModel")
    import_tensorflow()
    try:
        loaded = open_saved_model(path)
    except ArtifactError:
        raise
    except Exception as error:  # whatever TensorFlow raises for a folder that it cannot use
        raise ArtifactError(
            f"Expected a SavedModel at {path}, found one that TensorFlow cannot load ({first_line(error)}): export "
            f"the network again with model.export('folder')."
        ) from error
    signature, output = _signature(path, loaded)
    [(name, spec)] = signature.structured_input_signature[1].items()

    def serve(image: Any) -> dict[str, Any]:
        import tensorflow as tf

        return {"output": tf.cast(signature(**{name: tf.cast(image, spec.dtype)})[output], tf.float32)}

    shape = check_ends(path, [tuple(spec.shape)], [(None, 10)])
    content, _ = to_litert({"serve": serve}, shape, loaded, path)
    check_converted(path, serve, shape, content)
    operations, parameters = described(path, content)
    return Source(content, parameters, family_of(operations))


def _signature(path: Path, loaded: Any) -> tuple[Any, str]:
    """Return the signature that reads digits, and the name of its output of ten values."""
    signatures = dict(loaded.signatures)
    name = next((name for name in _PREFERRED if name in signatures), None)
    if name is None and len(signatures) == 1:
        [name] = signatures
    if name is None:
        found = f"found {', '.join(sorted(signatures))}" if signatures else "found no signature at all"
        raise ArtifactError(
            f"Expected a signature serving_default in {path}, {found}: export the network with model.export('folder')."
        )
    signature = signatures[name]
    inputs = [tuple(spec.shape) for spec in signature.structured_input_signature[1].values()]
    outputs = {name: tuple(value.shape) for name, value in signature.structured_outputs.items()}
    if len(tens := [name for name, shape in outputs.items() if shape[1:] == (10,)]) == 1:
        outputs = {tens[0]: outputs[tens[0]]}  # beside it others may give the digit alone
    check_ends(path, inputs, list(outputs.values()))
    [output] = outputs
    return signature, output
