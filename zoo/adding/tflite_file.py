"""Read a ``.tflite``: its operations, its sizes, its one input and its one output. Needs no TensorFlow."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from zoo.adding.source import Source, check_ends
from zoo.errors import ArtifactError, first_line
from zoo.runtimes.added import Network
from zoo.runtimes.checks import check_same

MAX_VALUES = 2**27
"""In all tensors of a network together, for one image."""

_CONSTANTS = {0, 1, 3, 7, 9}  # the types float32, float16, uint8, int16 and int8: what weights may be


def read(path: Path) -> Source:
    """Return the network in a ``.tflite``.

    Raises:
        ArtifactError: the file is damaged, or is no network of one such input and ten outputs by built-in operations.
    """
    content = path.read_bytes()
    operations, parameters = described(path, content)
    network = opened(path, content)
    taken, given = network.input, network.output
    for title, details in (("input", taken), ("output", given)):
        if details["dtype"] not in (np.float32, np.int8, np.uint8):
            raise ArtifactError(
                f"Expected an {title} of float32, int8 or uint8 in {path}, found {np.dtype(details['dtype'])}: "
                f"convert the network with one of these."
            )
    if not network.takes_batches and taken["shape"][0] != 1:
        raise ArtifactError(
            f"Expected a network that takes one image, or any number, in {path}, found one that takes "
            f"{taken['shape'][0]} at once: convert it with a batch of 1."
        )
    check_ends(path, [_shape(taken)], [_shape(given)])
    return Source(content, parameters, family_of(operations))


def opened(path: Path, content: bytes) -> Network:
    """Return a network that was converted from the file at `path`, opened by LiteRT.

    Raises:
        ArtifactError: LiteRT cannot run it, or it has not one input and one output.
    """
    try:
        return Network(content)
    except (ValueError, RuntimeError) as error:
        raise ArtifactError(
            f"Expected a network that LiteRT can run in {path}, found one that it cannot ({first_line(error)}): "
            f"convert it again, with built-in operations only."
        ) from error


def check_converted(path: Path, serve: Callable[[Any], dict[str, Any]], shape: tuple[int, ...], content: bytes) -> None:
    """Raise ArtifactError where a converted network answers otherwise than the function that it was made of."""
    network = opened(path, content)

    def inputs(images: np.ndarray) -> np.ndarray:
        return (images / 255).reshape(len(images), *shape)

    check_same(
        lambda images: {"output": serve(inputs(images))["output"].numpy()},
        lambda images: {"output": network.read(inputs(images))},
        path.name,
    )


def described(path: Path, content: bytes) -> tuple[set[str], int]:
    """Return the names of the operations of a ``.tflite`` and how many parameters it has.

    Raises:
        ArtifactError: it is damaged, too large, has several signatures, or an operation that is not built into LiteRT.
    """
    from ai_edge_litert import schema_py_generated as schema

    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
    operations, custom, constants, values = set[str](), set[str](), dict[int, int](), 0
    try:
        model = schema.Model.GetRootAs(content, 0)
        for code in map(model.OperatorCodes, range(model.OperatorCodesLength())):
            name = names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            own = (code.CustomCode() or b"?").decode("utf-8", "replace")
            (custom if name == "CUSTOM" else operations).add(own if name == "CUSTOM" else name)
        main = model.Subgraphs(0)
        [inputs, outputs] = main.InputsLength(), main.OutputsLength()
        for graph in map(model.Subgraphs, range(model.SubgraphsLength())):
            for tensor in map(graph.Tensors, range(graph.TensorsLength())):
                size = math.prod(max(1, int(tensor.Shape(i))) for i in range(tensor.ShapeLength()))
                values += size
                if tensor.Type() in _CONSTANTS and tensor.ShapeLength() and _is_constant(model, tensor):
                    constants[tensor.Buffer()] = size
        signatures = model.SignatureDefsLength()
    except Exception as error:  # whatever reading beyond the end of a damaged buffer raises
        raise ArtifactError(
            f"Expected a .tflite at {path}, found a damaged one ({first_line(error)}): convert or copy it again."
        ) from error
    if custom:
        raise ArtifactError(
            f"Expected LiteRT's built-in operations in {path}, found {', '.join(sorted(custom))[:200]}: convert the "
            f"network without SELECT_TF_OPS and without custom operations."
        )
    if signatures > 1:
        raise ArtifactError(
            f"Expected a network of one signature in {path}, found {signatures}: convert the one that reads digits."
        )
    if (inputs, outputs) != (1, 1):
        check_ends(path, [()] * inputs, [()] * outputs)
    if values > MAX_VALUES:
        raise ArtifactError(
            f"Expected a network that computes up to {MAX_VALUES:,} values for an image in {path}, found {values:,}: "
            f"take a smaller one."
        )
    return operations, sum(constants.values())


def family_of(operations: set[str]) -> str:
    """Return the family that the operations of a network tell, or nothing."""
    if operations & {"CONV_2D", "DEPTHWISE_CONV_2D", "CONV_3D", "TRANSPOSE_CONV"}:
        return "convolutional"
    if operations & {"WHILE", "UNIDIRECTIONAL_SEQUENCE_LSTM", "UNIDIRECTIONAL_SEQUENCE_RNN", "LSTM", "RNN"}:
        return "recurrent"
    return "fully connected" if "FULLY_CONNECTED" in operations else ""


def _is_constant(model: Any, tensor: Any) -> bool:
    buffer = model.Buffers(tensor.Buffer())
    return buffer.DataLength() > 0 or buffer.Size() > 0


def _shape(details: dict[str, Any]) -> tuple[int | None, ...]:
    return (None, *map(int, details["shape"][1:]))
