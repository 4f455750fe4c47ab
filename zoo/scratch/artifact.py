"""A trained network on disk: ``weights.npz`` beside ``model.json``, which holds the architecture; and reading with it.

``weights.npz`` holds each parameter as float32 under its layer's name and its own, such as ``hidden.kernel``. Kernels
are ``(inputs, units)``, of convolutions ``(k, k, channels, filters)``, and pictures channels-last: with the layers
under "architecture" in ``model.json`` the forward pass can be written from these two files alone.
"""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from zoo.card import Card
from zoo.data.arrays import UNREADABLE, listed, read_array
from zoo.errors import ArtifactError
from zoo.scratch.activations import softmax
from zoo.scratch.network import Sequential

WEIGHTS = "weights.npz"
BATCH = 128  # so many images at a time, as all the windows of a convolution take a lot of memory


class Runner:
    """A loaded network, asked as ``zoo.classifier`` asks every runtime."""

    def __init__(self, network: Sequential):
        self.network = network

    def serve(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities and the logits, float32 ``(n, 10)``, of images, float32 ``(n, 28, 28)``."""
        logits = np.concatenate([self.network.forward(batch) for batch in _batches(images)])
        return softmax(logits), logits

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float32 ``(n, ...)``, by its name."""
        outputs = [self.network.activations(batch) for batch in _batches(images)]
        return {layer: np.concatenate([output[layer] for output in outputs]) for layer in outputs[0]}


def _batches(images: np.ndarray) -> list[np.ndarray]:
    return [images[i : i + BATCH] for i in range(0, len(images), BATCH)]


def save(network: Sequential, folder: Path) -> None:
    """Write the parameters of `network` into `folder`."""
    arrays: dict[str, Any] = network.parameters  # Any, as savez has an option among its keywords
    np.savez(folder / WEIGHTS, **arrays)


def load(card: Card) -> Runner:
    """Load the network that an artifact of the runtime "numpy" describes.

    Raises:
        ArtifactError: architecture and weights do not make a network from 28 x 28 pixels to ten logits.
    """
    try:
        if not card.facts.architecture:
            raise ValueError('model.json needs layers under "architecture"')
        return Runner(read_network([layer.to_json() for layer in card.facts.architecture], card.path))
    except (*UNREADABLE, TypeError, OverflowError) as error:
        raise ArtifactError(
            f"The artifact {card.path} is no network that this library can run ({error}): restore it from where it "
            f"came, or {card.how_to_make_it_again}."
        ) from error


def read_network(architecture: list[dict], folder: Path) -> Sequential:
    """Make the network of `architecture`, from 28 x 28 pixels to ten logits, with the parameters in `folder`.

    Raises:
        ValueError, TypeError, OverflowError, or another of ``zoo.data.arrays.UNREADABLE``: they do not make one.
    """
    network = Sequential.from_architecture(architecture)
    if network.output_shape != (10,):
        raise ValueError(f"the last layer has the output shape {network.output_shape}, not ten logits")
    shapes = network.parameter_shapes()
    with zipfile.ZipFile(folder / WEIGHTS) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        if members.keys() != shapes.keys():
            raise ValueError(f"the network has the parameters {listed(shapes)}, and {WEIGHTS} has {listed(members)}")
        # Nothing is decompressed before its name and its header say that it is a parameter of this network.
        arrays = {name: read_array(archive, members[name], shape, np.float32) for name, shape in shapes.items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} in {WEIGHTS} must hold finite numbers")
    network.parameters = arrays
    return network
