"""A network of layers, one after the other: forward, backward, its parameters by name, its architecture as data."""

import math
from collections.abc import Iterable

import numpy as np

from zoo.scratch.layers import LAYERS, Dropout, Layer


class Sequential:
    """Layers that each take the output of the one before.

    Args:
        layers: in order, each with a name of its own.
        input_shape: of one image.

    Raises:
        ValueError: two layers have one name, or a layer cannot take the output of the one before.
    """

    def __init__(self, layers: Iterable[Layer], input_shape: tuple[int, ...] = (28, 28)):
        self.layers = list(layers)
        self.input_shape = shape = tuple(input_shape)
        names = [layer.name for layer in self.layers]
        if len(set(names)) != len(names) or not names:
            raise ValueError(f"a network needs layers, each with a name of its own, and has {names}")
        for layer in self.layers:
            shape = layer.connect(shape)
        self.output_shape = shape

    def initialise(self, seed: int, dtype: type = np.float32) -> "Sequential":
        """Give all parameters their first values, decided by `seed`; return the network."""
        random = np.random.default_rng(seed)
        for layer in self.layers:
            layer.initialise(random, dtype)
        return self

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        """Return the last layer's output, float ``(n, *output_shape)``, for a batch, float ``(n, *input_shape)``."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def activations(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float ``(n, *output_shape)``, by name, for a batch; dropout is left out."""
        outputs = {}
        for layer in self.layers:
            x = layer.forward(x)
            if not isinstance(layer, Dropout):
                outputs[layer.name] = x
        return outputs

    def backward(self, gradient: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of every parameter by name, from that of the loss with respect to the last output.

        Each has the dtype and shape of what it is the gradient of.

        The last call of ``forward`` must have been one with `training`.
        """
        weighted = [layer for layer in self.layers if layer.parameters]
        for layer in reversed(self.layers[self.layers.index(weighted[0]) :]):
            # The last of them returns None, which nobody uses.
            gradient = layer.backward(gradient, to_input=layer is not weighted[0])  # type: ignore[assignment]
        return {f"{layer.name}.{name}": value for layer in weighted for name, value in layer.gradients.items()}

    def seed_dropout(self, *numbers: int) -> None:
        """Decide by whole numbers, such as seed and step, what dropout draws next."""
        for place, layer in enumerate(self.layers):
            if isinstance(layer, Dropout):
                layer.random = np.random.default_rng([*numbers, place])

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the parameters, by layer and name, such as ``hidden.kernel``."""
        return {
            f"{layer.name}.{name}": shape for layer in self.layers for name, shape in layer.parameter_shapes().items()
        }

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The parameters themselves, float arrays, not copies, by layer and name, such as ``hidden.kernel``."""
        return {f"{layer.name}.{name}": value for layer in self.layers for name, value in layer.parameters.items()}

    @parameters.setter
    def parameters(self, arrays: dict[str, np.ndarray]) -> None:
        """Take arrays as the parameters.

        Raises:
            ValueError: they are not those of this network, or not floats of the right shapes.
        """
        expected = self.parameter_shapes()
        if arrays.keys() != expected.keys():
            raise ValueError(f"the network has the parameters {', '.join(expected)}, and finds {', '.join(arrays)}")
        for name, shape in expected.items():
            if arrays[name].shape != shape or arrays[name].dtype.kind != "f":
                raise ValueError(
                    f"{name} must be floats of shape {shape}, and is {arrays[name].dtype} of {arrays[name].shape}"
                )
        for layer in self.layers:
            layer.parameters = {name: arrays[f"{layer.name}.{name}"] for name in layer.parameter_shapes()}

    def architecture(self) -> list[dict]:
        """Return the layers as plain JSON data: kind, name, settings, number of parameters, output shape of one image.

        Together with the parameters this is all of the network; ``from_architecture`` makes it again.
        """
        kinds = {layer: kind for kind, layer in LAYERS.items()}
        return [
            {
                "kind": kinds[type(layer)],
                "name": layer.name,
                **layer.settings(),
                "parameters": sum(math.prod(shape) for shape in layer.parameter_shapes().values()),
                "output_shape": list(layer.output_shape),
            }
            for layer in self.layers
        ]

    @classmethod
    def from_architecture(cls, layers: list[dict], input_shape: tuple[int, ...] = (28, 28)) -> "Sequential":
        """Make a network, still without parameters, from what ``architecture`` returned.

        Artifacts up to 2026 have the output shape under "answers".

        Raises:
            ValueError: the data does not describe a network of these layers.
        """
        try:
            made, output_shapes = [], []
            for description in layers:
                found = ("kind", "parameters", "output_shape", "answers")
                settings = {key: value for key, value in description.items() if key not in found}
                made.append(LAYERS[description["kind"]](**settings))
                output_shapes.append(description.get("output_shape", description.get("answers")))
            network = cls(made, input_shape)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"the architecture has a layer that is unknown or lacks something ({error})") from None
        for layer, output_shape in zip(network.layers, output_shapes, strict=True):
            if list(layer.output_shape) != output_shape:
                raise ValueError(f"{layer.name} has the output shape {layer.output_shape}, not {output_shape}")
        return network
