"""Read a SavedModel that somebody else exported, after its graph was checked. Needs TensorFlow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from zoo._support.processes import import_tensorflow, require_tensorflow
from zoo.adding.source import Source, check_ends
from zoo.adding.tflite_file import check_converted, described, family_of
from zoo.errors import ArtifactError, first_line
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
    try:
        content, _ = to_litert({"serve": serve}, shape, loaded, path)
    except ArtifactError as error:
        try:
            one = _for_one_image(signature, output)
        except ValueError:  # of a network that keeps a state, which cannot be frozen
            one = None
        if one is None:
            raise error from None
        content, _ = to_litert({"serve": one}, shape, loaded, path, counts=(1,))
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


def _for_one_image(signature: Any, output: str) -> Callable[[Any], dict[str, Any]] | None:
    """Return a signature with loops as a function of one image, which the converter takes; None where it has none.

    A loop of a recurrent layer collects its steps in a list, and LiteRT must know how large each of them is. The graph
    leaves the number of images open there (-1).
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(signature, lower_control_flow=False, aggressive_inlining=True)
    graph = frozen.graph.as_graph_def()
    places = {"TensorListReserve": 0, "TensorListStack": 1}  # of the input that gives the shape
    shapes = {node.input[places[node.op]].split(":")[0] for node in graph.node if node.op in places}
    if not shapes:
        return None
    for node in graph.node:
        if node.name in shapes and node.op == "Const":
            sizes = tf.make_ndarray(node.attr["value"].tensor)
            sizes = np.where(sizes < 0, 1, sizes).astype(sizes.dtype)
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(sizes))
    place = sorted(signature.structured_outputs).index(output)
    taken, given, dtype = frozen.inputs[0].name, frozen.outputs[place].name, frozen.inputs[0].dtype

    def serve(image: Any) -> dict[str, Any]:
        ends = {taken: tf.cast(image, dtype)}
        [value] = tf.graph_util.import_graph_def(graph, input_map=ends, return_elements=[given], name="")
        value.set_shape((1, 10))
        return {"output": tf.cast(value, tf.float32)}

    return serve
