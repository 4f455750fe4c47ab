"""The weights of a loaded model, layer by layer: of convolutions and dense layers, whatever runs it.

A network from scratch holds them by name. A file of LiteRT holds them as constant tensors, named after the layer's
operation in Keras (``functional_1/conv_1_1/convolution``): one is taken for the kernel of a layer where the name and
the shapes around the layer fit. That holds for all released models but their recurrent layers, whose tensors have no
names, and for layers that the converter folded into another, which ``zoo.computation`` finds out by computing.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoo.classifier import Classifier
from zoo.runtimes.litert import FILE_NAME, open_interpreter


@dataclass(frozen=True)
class Weights:
    """The weights of one layer.

    Attributes:
        kernel: float32; of a dense layer ``(inputs, units)``, of a convolution ``(height, width, channels, filters)``.
        bias: float32 ``(units,)`` or ``(filters,)``.
    """

    kernel: np.ndarray
    bias: np.ndarray


def weights_of(model: Classifier) -> dict[str, Weights]:
    """Return the weights of a model's convolutions and dense layers, by the name of the layer, as far as they are
    found."""
    if model.card.facts.runtime == "numpy":
        return _named({name: np.asarray(values) for name, values in model.runner.network.parameters.items()})
    if FILE_NAME not in model.card.files:
        return {}
    return _of_litert(_constants(model), model.card.shapes)


def _named(parameters: dict[str, np.ndarray]) -> dict[str, Weights]:
    found = {}
    for name, kernel in parameters.items():
        layer, _, part = name.rpartition(".")
        if part == "kernel":
            bias = parameters.get(f"{layer}.bias")
            found[layer] = Weights(kernel, np.zeros(kernel.shape[-1], np.float32) if bias is None else bias)
    return found


def _constants(model: Classifier) -> list[tuple[str, np.ndarray]]:
    """Return the constant float tensors of a file with their names."""
    try:
        interpreter: Any = open_interpreter(model.card.path / FILE_NAME, uses_xnnpack=False)
    except ImportError:  # TensorFlow runs the model here
        return []
    found = []
    for detail in interpreter.get_tensor_details():
        if detail["dtype"] == np.float32 and len(detail["shape"]) in (1, 2, 4) and "/" in detail["name"]:
            try:
                found.append((detail["name"], interpreter.get_tensor(detail["index"])))
            except ValueError:
                continue  # it is computed, not constant
    return found


def _of_litert(constants: list[tuple[str, np.ndarray]], shapes: dict[str, tuple[int, ...]]) -> dict[str, Weights]:
    found: dict[str, Weights] = {}
    before: tuple[int, ...] = (28, 28)
    for layer, shape in shapes.items():
        mine = [values for name, values in constants if _is_of(layer, name)]
        kernel = next((values for values in mine if _fits(values, before, shape)), None)
        if kernel is not None:
            bias = next((values for values in mine if values.shape == (shape[-1],)), np.zeros(shape[-1], np.float32))
            # LiteRT puts the units, or the filters, first.
            found[layer] = Weights(kernel.T if kernel.ndim == 2 else np.moveaxis(kernel, 0, -1), bias)
        before = shape
    return found


def _is_of(layer: str, name: str) -> bool:
    """Return whether a tensor is of a layer: a part of its name is that of the layer, perhaps with a number."""
    return any(re.fullmatch(rf"{re.escape(layer)}(_\d+)?", part) for part in re.split("[/;]", name))


def _fits(kernel: np.ndarray, before: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    if kernel.ndim == 2:
        return kernel.shape == (shape[-1], before[-1]) and len(shape) == len(before) == 1
    return (
        kernel.ndim == 4
        and len(shape) == len(before) == 3
        and (kernel.shape[0], kernel.shape[3])
        == (
            shape[-1],
            before[-1],
        )
    )
