"""Activation functions, each with the backward step that its derivative gives.

Each takes a float array of any shape and returns a new one of its dtype and shape.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """A function ``a = f(z)``, and how a gradient goes back through it.

    Attributes:
        name: as architectures write it.
        forward: ``forward(z)`` returns a new array of the shape and dtype of `z`.
        backward: ``backward(gradient, z, a)`` takes the gradient of the loss with respect to `a` and returns that with
            respect to `z`: the gradient times the derivative ``f'(z)``, which most functions give by `a` alone.
    """

    name: str
    forward: Callable[[np.ndarray], np.ndarray]
    backward: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), in 0..1; written with tanh, which overflows nowhere."""
    return 0.5 * np.tanh(0.5 * z) + 0.5


def relu(z: np.ndarray) -> np.ndarray:
    """Return max(z, 0), the rectified linear unit. Source: Nair and Hinton 2010."""
    return np.maximum(z, 0)


def softmax(z: np.ndarray) -> np.ndarray:
    """Return exp(z) over its sum along the last axis; the largest z is subtracted first, so nothing overflows."""
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


# GELU in its tanh form: 0.5 z (1 + tanh(u)) with u = sqrt(2 / pi) (z + 0.044715 z^3).
_GELU_SLOPE, _GELU_CUBIC = 0.7978845608028654, 0.044715


def gelu_tanh(z: np.ndarray) -> np.ndarray:
    """Return z times the normal distribution function of z, which is approximated by a tanh to 5e-4.

    Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016), section 2.
    """
    return 0.5 * z * (1 + np.tanh(_GELU_SLOPE * (z + _GELU_CUBIC * z * z * z)))


def _gelu_tanh_backward(gradient: np.ndarray, z: np.ndarray, a: np.ndarray) -> np.ndarray:
    square = z * z
    tanh = np.tanh(_GELU_SLOPE * (z + _GELU_CUBIC * z * square))
    slope = _GELU_SLOPE * (1 + 3 * _GELU_CUBIC * square)
    return gradient * (0.5 * (1 + tanh) + 0.5 * z * (1 - tanh * tanh) * slope)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", lambda z: z, lambda gradient, z, a: gradient),
        Activation("sigmoid", sigmoid, lambda gradient, z, a: gradient * (a * (1 - a))),
        Activation("tanh", np.tanh, lambda gradient, z, a: gradient * (1 - a * a)),
        Activation("relu", relu, lambda gradient, z, a: gradient * (a > 0)),
        Activation("gelu_tanh", gelu_tanh, _gelu_tanh_backward),
        # Each probability depends on every z of its row, so the derivative is a matrix; this is the row times it.
        Activation(
            "softmax", softmax, lambda gradient, z, a: a * (gradient - (gradient * a).sum(axis=-1, keepdims=True))
        ),
    )
}
"""Every activation, by name."""
