"""How one unit of a network comes to its value: what it is given, its weights, their products and sum.

What is shown is computed anew from weights and inputs, and compared with what the layer really put out: where they
differ, as in a layer that a converter folded into another, nothing is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from zoo.classifier import Classifier
from zoo.weights import Weights, weights_of

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda x: x,
    "ReLU": lambda x: np.maximum(x, 0),
    "GELU": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}
"""What makes a layer's output of its sums, by name; GELU to three decimals, so that it fits either formula."""


@dataclass(frozen=True)
class MapComputation:
    """A feature map of a convolution.

    Attributes:
        inputs: float32 ``(channels, height, width)``, with the padding that the layer adds.
        kernel: float32 ``(channels, k, k)``.
        bias: added to each sum.
        activation: a name of ``ACTIVATIONS``.
        outputs: float32 ``(height, width)``.
        padding: pixels around the inputs.
    """

    inputs: np.ndarray
    kernel: np.ndarray
    bias: float
    activation: str
    outputs: np.ndarray
    padding: int

    def patch(self, row: int, column: int) -> np.ndarray:
        """Return what the kernel lies on for one output: float32 ``(channels, k, k)``."""
        side = self.kernel.shape[1]
        return self.inputs[:, row : row + side, column : column + side]


@dataclass(frozen=True)
class UnitComputation:
    """A unit of a dense layer.

    Attributes:
        inputs: float32 ``(n,)``.
        kernel: float32 ``(n,)``.
        bias: added to the sum.
        activation: a name of ``ACTIVATIONS``.
        output: its value.
        adds: float32 ``(10,)``, what it adds to each logit; empty where the next layer is not the last.
    """

    inputs: np.ndarray
    kernel: np.ndarray
    bias: float
    activation: str
    output: float
    adds: np.ndarray


@dataclass(frozen=True)
class LogitComputation:
    """The ten logits.

    Attributes:
        inputs: float32 ``(n,)``.
        kernels: float32 ``(10, n)``, scaled as the model's logits are.
        biases: float32 ``(10,)``, likewise.
    """

    inputs: np.ndarray
    kernels: np.ndarray
    biases: np.ndarray


@dataclass(frozen=True)
class RowsComputation:
    """The state of a recurrent layer.

    Attributes:
        states: float32 ``(rows, units)``.
        adds: float32 ``(10, units)``, what each unit adds to each logit; empty where another layer comes in between.
    """

    states: np.ndarray
    adds: np.ndarray


Computation = MapComputation | UnitComputation | LogitComputation | RowsComputation


def computation(model: Classifier, image: np.ndarray, layer: str, unit: int) -> Computation | None:
    """Return how a unit, or a map, of a layer comes to its value for an image, ``(28, 28)`` in 0..255.

    None where the layer has no weights that are found, or another result than they give.
    """
    if model not in _WEIGHTS:
        _WEIGHTS[model] = weights_of(model)
    weights = _WEIGHTS[model]
    outputs = {name: values[0] for name, values in model.activations(image).items()}
    if layer not in outputs:
        return None
    names = list(outputs)
    last = next((name for name in reversed(names) if name in weights and outputs[name].shape == (10,)), "")
    if last and names.index(layer) >= names.index(last):
        return _logits(outputs, names, weights[last], last)
    before = outputs[names[names.index(layer) - 1]] if names.index(layer) else np.asarray(image, np.float32)
    adds = _adds(outputs, names, weights[last], last) if last else np.zeros((10, 0), np.float32)
    if outputs[layer].ndim == 2:
        mean, *follows = *names[names.index(layer) + 1 :], ""
        is_pooled = bool(last) and follows[:1] == [last] and outputs[mean].shape == outputs[layer].shape[1:]
        return RowsComputation(outputs[layer], adds if is_pooled else adds[:, :0])
    if layer not in weights:
        return None
    if outputs[layer].ndim == 3:
        return _map(before, weights[layer], outputs[layer], unit)
    is_next = bool(last) and names.index(layer) + 1 == names.index(last)
    return _unit(before, weights[layer], outputs[layer], unit, adds[:, unit] if is_next else adds[:0, 0])


_WEIGHTS: WeakKeyDictionary[Classifier, dict[str, Weights]] = WeakKeyDictionary()


def _temperature(outputs: dict[str, np.ndarray], names: list[str], last: str) -> float:
    """Return by what the model's logits differ from those of its last layer with weights: calibration scales them."""
    mine, final = outputs[last], outputs[names[-1]]
    return float(final @ mine / max(float(mine @ mine), 1e-9)) if final.shape == (10,) else 1.0


def _adds(outputs: dict[str, np.ndarray], names: list[str], weights: Weights, last: str) -> np.ndarray:
    """Return what each input of the last layer adds to each logit: float32 ``(10, inputs)``."""
    inputs = outputs[names[names.index(last) - 1]].ravel()
    return (inputs * weights.kernel.T * _temperature(outputs, names, last)).astype(np.float32)


def _logits(outputs: dict[str, np.ndarray], names: list[str], weights: Weights, last: str) -> LogitComputation | None:
    inputs, scale = outputs[names[names.index(last) - 1]].ravel(), _temperature(outputs, names, last)
    if len(inputs) != len(weights.kernel) or not _close(inputs @ weights.kernel + weights.bias, outputs[last]):
        return None
    return LogitComputation(inputs, (weights.kernel.T * scale).astype(np.float32), weights.bias * np.float32(scale))


def _unit(
    inputs: np.ndarray, weights: Weights, outputs: np.ndarray, unit: int, adds: np.ndarray
) -> UnitComputation | None:
    inputs = inputs.ravel()
    if len(inputs) != len(weights.kernel):
        return None
    activation = _activation(inputs @ weights.kernel + weights.bias, outputs)
    if activation is None:
        return None
    kernel, bias = np.ascontiguousarray(weights.kernel[:, unit]), float(weights.bias[unit])
    return UnitComputation(inputs, kernel, bias, activation, float(outputs[unit]), np.ascontiguousarray(adds))


def _map(inputs: np.ndarray, weights: Weights, outputs: np.ndarray, unit: int) -> MapComputation | None:
    side = weights.kernel.shape[0]
    padding = side // 2 if outputs.shape[0] == inputs.shape[0] else 0
    if inputs.ndim == 2:
        inputs = inputs[:, :, None]
    padded = np.pad(inputs, ((padding, padding), (padding, padding), (0, 0)))
    if padded.shape[0] - side + 1 != outputs.shape[0] or padded.shape[2] != weights.kernel.shape[2]:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(0, 1))
    kernel = weights.kernel[..., unit]
    sums = np.einsum("yxcij,ijc->yx", windows, kernel) + weights.bias[unit]
    activation = _activation(sums, outputs[..., unit])
    if activation is None:
        return None
    return MapComputation(
        np.ascontiguousarray(np.moveaxis(padded, -1, 0)),
        np.ascontiguousarray(np.moveaxis(kernel, -1, 0)),
        float(weights.bias[unit]),
        activation,
        np.ascontiguousarray(outputs[..., unit]),
        padding,
    )


def _activation(sums: np.ndarray, outputs: np.ndarray) -> str | None:
    """Return the activation that makes these outputs of these sums."""
    return next((name for name, make in ACTIVATIONS.items() if _close(make(sums), outputs)), None)


def _close(values: np.ndarray, others: np.ndarray) -> bool:
    return values.shape == others.shape and bool(np.allclose(values, others, rtol=1e-3, atol=2e-3))
