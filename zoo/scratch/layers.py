"""The layers: each computes its output, and on the way back the gradients of its parameters and of its input.

Arrays hold a whole batch, the first axis being the image; pictures are channels-last, ``(n, height, width, channels)``.
Layers compute in the dtype of what they are given: float32 to be fast, float64 to check gradients.

Backpropagation: a layer gets the gradient of the loss with respect to its output, and by the chain rule returns that
with respect to its input. Source: Nielsen, Neural Networks and Deep Learning (2015), chapter 2.
"""

# ruff: noqa: D102 (what the methods of every layer do is said once, in Layer)

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from zoo.scratch.activations import ACTIVATIONS
from zoo.scratch.initialisers import INITIALISERS


class Layer:
    """One step of a network. Subclasses say how it is computed, and which settings describe it.

    Attributes:
        name: by which parameters and activations are called.
        parameters: the arrays that training changes, by name; empty until they are initialised or loaded.
        gradients: after ``backward``, the gradient of the loss for each parameter.
        input_shape, output_shape: of one image, without the axis of the batch; set by ``connect``.
    """

    def __init__(self, name: str):
        self.name = name
        self.parameters: dict[str, np.ndarray] = {}
        self.gradients: dict[str, np.ndarray] = {}

    def connect(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Take the shape of one input, and return that of one output.

        Raises:
            ValueError: the layer cannot take inputs of this shape.
        """
        self.input_shape = tuple(input_shape)
        self.output_shape = tuple(self._shape_after(self.input_shape))
        return self.output_shape

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        return input_shape

    def settings(self) -> dict:
        """Return the arguments that make this layer again, beside its name, as plain JSON data."""
        return {}

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the parameters, by name."""
        return {}

    def initialise(self, random: np.random.Generator, dtype: type) -> None:
        """Give the parameters their first values."""

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        """Return the output, float ``(n, *output_shape)``, for a batch `x`, float ``(n, *input_shape)``.

        `training` keeps what ``backward`` will need.
        """
        raise NotImplementedError

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray | None:
        """Set ``gradients``, and return the gradient with respect to the last input, float ``(n, *input_shape)``.

        The first layer with parameters need not compute the latter: where `to_input` is False, it may return None.

        Args:
            gradient: with respect to the last output, float ``(n, *output_shape)``.
            to_input: whether the gradient with respect to the input is needed.
        """
        raise NotImplementedError


class _Weighted(Layer):
    """A layer of units, each a weighted sum of what it sees plus a bias, under an activation function.

    The kernel's last axis counts the units; its other axes, what one unit sees.
    """

    def __init__(self, units: int, activation: str, initialiser: str, name: str):
        super().__init__(name)
        self.units = _whole(units, "units")
        self.activation = _of(ACTIVATIONS, activation, "activation")
        self.initialiser = initialiser

    def _kernel_shape(self) -> tuple[int, ...]:
        raise NotImplementedError

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"kernel": self._kernel_shape(), "bias": (self.units,)}

    def initialise(self, random: np.random.Generator, dtype: type = np.float32) -> None:
        """Draw the kernel by the initialiser; biases start at zero."""
        shape = self._kernel_shape()
        inputs = int(np.prod(shape[:-1]))
        outputs = inputs // shape[-2] * self.units  # all the units that one value of the input goes to
        draw = _of(INITIALISERS, self.initialiser, "initialiser")
        self.parameters = {
            "kernel": draw(random, shape, inputs, outputs).astype(dtype),
            "bias": np.zeros(self.units, dtype),
        }

    def _weighted_sums(self, rows: np.ndarray) -> np.ndarray:
        """Return ``rows @ kernel + bias``, for rows that each hold what one unit sees."""
        sums = rows @ self.parameters["kernel"].reshape(-1, self.units)
        sums += self.parameters["bias"]
        return sums

    def _set_gradients(self, rows: np.ndarray, gradient: np.ndarray) -> None:
        """Set ``gradients`` by the rows that were seen and the gradient with respect to their sums."""
        ones = np.ones(len(gradient), gradient.dtype)  # as a matrix product, faster than gradient.sum(axis=0)
        self.gradients = {"kernel": (rows.T @ gradient).reshape(self._kernel_shape()), "bias": ones @ gradient}


class Dense(_Weighted):
    """Every unit sees the whole input: ``activation(x @ kernel + bias)``, kernel ``(inputs, units)``.

    Inputs are ``(n, inputs)``, outputs ``(n, units)``.
    """

    def __init__(self, units: int, activation: str = "identity", initialiser: str = "glorot_uniform", *, name: str):
        super().__init__(units, activation, initialiser, name)

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(input_shape) != 1:
            raise ValueError(f"{self.name} needs flat inputs, and gets {input_shape}")
        return (self.units,)

    def _kernel_shape(self) -> tuple[int, ...]:
        return (*self.input_shape, self.units)

    def settings(self) -> dict:
        return {"units": self.units, "activation": self.activation.name}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        z = self._weighted_sums(x)
        a = self.activation.forward(z)
        if training:
            self._kept = x, z, a
        return a

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray | None:
        x, z, a = self._kept
        gradient = self.activation.backward(gradient, z, a)
        self._set_gradients(x, gradient)
        return gradient @ self.parameters["kernel"].T if to_input else None


class Convolution(_Weighted):
    """Every filter looks through a small window at each place of a picture; kernel ``(k, k, channels, filters)``.

    Inputs are ``(n, height, width, channels)``, outputs ``(n, rows, columns, filters)``: one value for each window.

    All windows of a batch are written out as the rows of one matrix, so that the convolution is one matrix product, the
    fastest thing a processor does (im2col: Chellapilla, Puri and Simard, "High performance convolutional neural
    networks for document processing", 2006).

    Args:
        filters: how many.
        kernel_size: the window's height and width, in pixels.
        padding: "valid", windows inside the picture, so that it loses ``kernel_size - 1`` rows and columns; or "same",
            with zeros around it, so that it keeps its size.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        activation: str = "identity",
        padding: str = "valid",
        initialiser: str = "he_normal",
        *,
        name: str,
    ):
        super().__init__(filters, activation, initialiser, name)
        self.kernel_size = _whole(kernel_size, "kernel_size")
        self.padding = _of({"valid": "valid", "same": "same"}, padding, "padding")

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(input_shape) != 3:
            raise ValueError(f"{self.name} needs inputs of height, width and channels, and gets {input_shape}")
        lost = 0 if self.padding == "same" else self.kernel_size - 1
        height, width, _ = input_shape
        if min(height, width) <= lost:
            raise ValueError(f"{self.name} needs pictures larger than its window, and gets {input_shape}")
        return (height - lost, width - lost, self.units)

    def _kernel_shape(self) -> tuple[int, ...]:
        return (self.kernel_size, self.kernel_size, self.input_shape[2], self.units)

    def settings(self) -> dict:
        return {
            "filters": self.units,
            "kernel_size": self.kernel_size,
            "padding": self.padding,
            "activation": self.activation.name,
        }

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        windows = self._windows(self._padded(x))
        z = self._weighted_sums(windows)
        a = self.activation.forward(z)
        if training:
            self._kept = windows, z, a
        return a.reshape(len(x), *self.output_shape)

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray | None:
        windows, z, a = self._kept
        count = len(gradient)
        gradient = self.activation.backward(gradient.reshape(a.shape), z, a)
        self._set_gradients(windows, gradient)
        if not to_input:
            return None
        # Each pixel gets what comes back through all the windows it was seen in, one for each place in the window.
        size, (height, width, channels) = self.kernel_size, self.input_shape
        rows, columns, _ = self.output_shape
        kernel = self.parameters["kernel"].reshape(-1, self.units)
        seen = (gradient @ kernel.T).reshape(count, rows, columns, size, size, channels)
        result = np.zeros((count, rows + size - 1, columns + size - 1, channels), gradient.dtype)
        for i in range(size):
            for j in range(size):
                result[:, i : i + rows, j : j + columns] += seen[:, :, :, i, j]
        before = self._before()
        return result[:, before : before + height, before : before + width]

    def _before(self) -> int:
        """Return how many rows of zeros "same" puts above a picture, and columns at its left; below may be one more."""
        return (self.kernel_size - 1) // 2 if self.padding == "same" else 0

    def _padded(self, x: np.ndarray) -> np.ndarray:
        if self.padding == "valid":
            return x
        before, after = self._before(), self.kernel_size - 1 - self._before()
        return np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))

    def _windows(self, x: np.ndarray) -> np.ndarray:
        """Return what each window shows, ``(n * rows * columns, k * k * channels)``, in the order of the kernel."""
        count, height, width, channels = x.shape
        size = self.kernel_size
        # Side by side, the channels of k neighbouring pixels are k * channels values in a row: one run to copy.
        lines = x.reshape(count, height, width * channels)
        views = sliding_window_view(lines, (size, size * channels), axis=(1, 2))[:, :, ::channels]
        return np.ascontiguousarray(views).reshape(-1, size * size * channels)


class MaxPooling(Layer):
    """The largest value of each square of `size` x `size` pixels, by channel; what remains at the edge is left out.

    Inputs are ``(n, height, width, channels)``, outputs ``(n, height // size, width // size, channels)``.
    """

    def __init__(self, size: int = 2, *, name: str):
        super().__init__(name)
        self.size = _whole(size, "size")

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(input_shape) != 3 or min(input_shape[:2]) < self.size:
            raise ValueError(f"{self.name} needs pictures of {self.size} pixels or more a side, and gets {input_shape}")
        return (input_shape[0] // self.size, input_shape[1] // self.size, input_shape[2])

    def settings(self) -> dict:
        return {"size": self.size}

    def _places(self, x: np.ndarray) -> list[np.ndarray]:
        """Return views of `x`, one for each place in the square, each of the shape of the output."""
        rows, columns, _ = self.output_shape
        whole = x[:, : rows * self.size, : columns * self.size]
        return [whole[:, i :: self.size, j :: self.size] for i in range(self.size) for j in range(self.size)]

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        first, *others = self._places(x)
        largest = first.copy()
        for place in others:
            np.maximum(largest, place, out=largest)
        if training:
            self._kept = x, largest
        return largest

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray:
        x, largest = self._kept
        result = np.zeros_like(x)
        free = np.ones(largest.shape, bool)  # of equal values the first was taken: blank paper is full of them
        for place, target in zip(self._places(x), self._places(result), strict=True):
            taken = (place == largest) & free
            np.multiply(gradient, taken, out=target)
            free ^= taken
        return result


class Rescaling(Layer):
    """The input times a fixed factor, in the same shape."""

    def __init__(self, scale: float, *, name: str):
        super().__init__(name)
        self.scale = float(scale)
        if not math.isfinite(self.scale):
            raise ValueError(f"{name} needs a finite scale, and gets {scale}")

    def settings(self) -> dict:
        return {"scale": self.scale}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        return x * self.scale

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray:
        return gradient * self.scale


class Reshape(Layer):
    """The same values in another shape, in the order of the rows: outputs are ``(n, *shape)``."""

    def __init__(self, shape: tuple[int, ...], *, name: str):
        super().__init__(name)
        self.shape = tuple(_whole(size, "shape") for size in shape)

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        if np.prod(input_shape) != np.prod(self.shape):
            raise ValueError(f"{self.name} cannot give inputs of {input_shape} the shape {self.shape}")
        return self.shape

    def settings(self) -> dict:
        return {"shape": list(self.shape)}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        return x.reshape(len(x), *self.output_shape)

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray:
        return gradient.reshape(len(gradient), *self.input_shape)


class Flatten(Reshape):
    """All values in one row: outputs are ``(n, values of one input)``."""

    def __init__(self, *, name: str):
        super().__init__((), name=name)

    def _shape_after(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        return (int(np.prod(input_shape)),)

    def settings(self) -> dict:
        return {}


class ActivationLayer(Layer):
    """An activation function as a layer of its own, for inputs of any shape, which stays."""

    def __init__(self, activation: str, *, name: str):
        super().__init__(name)
        self.activation = _of(ACTIVATIONS, activation, "activation")

    def settings(self) -> dict:
        return {"activation": self.activation.name}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        a = self.activation.forward(x)
        if training:
            self._kept = x, a
        return a

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray:
        return self.activation.backward(gradient, *self._kept)


class Dropout(Layer):
    """In training, a share `rate` of the values is set to zero at random, and the others grow to make up for it.

    Inputs may have any shape, and outputs have the same.

    What is drawn is decided by ``random``, which training sets before every step. Source: Srivastava, Hinton,
    Krizhevsky, Sutskever and Salakhutdinov, "Dropout" (2014); the values grow in training rather than shrink
    afterwards, as in its section 10.
    """

    def __init__(self, rate: float, *, name: str):
        super().__init__(name)
        self.rate = float(rate)
        if not 0 <= self.rate < 1:
            raise ValueError(f"the rate of dropout must be from 0 to below 1, and is {rate}")
        self.random = np.random.default_rng(0)

    def settings(self) -> dict:
        return {"rate": self.rate}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        if not training:
            return x
        kept = self.random.random(x.shape, dtype=np.float32) >= self.rate
        self._factors = kept * x.dtype.type(1 / (1 - self.rate))
        return x * self._factors

    def backward(self, gradient: np.ndarray, to_input: bool = True) -> np.ndarray:
        return gradient * self._factors


LAYERS = {
    "dense": Dense,
    "convolution": Convolution,
    "max_pooling": MaxPooling,
    "rescaling": Rescaling,
    "reshape": Reshape,
    "flatten": Flatten,
    "activation": ActivationLayer,
    "dropout": Dropout,
}
"""Every kind of layer, by the word that architectures have for it."""


def _whole(value: int, what: str) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"{what} must be a whole number from 1, and is {value!r}")
    return value


def _of(known: dict, name: str, what: str):
    if name not in known:
        raise ValueError(f"the {what} {name!r} is unknown: there are {', '.join(known)}")
    return known[name]
