"""Run a network that somebody has added: LiteRT, with an image made into the input that the network was trained on."""

from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from zoo.card import Adapter, Card
from zoo.errors import ArtifactError, first_line
from zoo.runtimes.litert import FILE_NAME, has_convolutions, open_interpreter
from zoo.scratch.activations import softmax

BATCH = 32  # so many images at a time, where a network takes several


class Network:
    """A ``.tflite`` file with one input and one output, whatever they are called and quantised as. Threads take turns.

    Attributes:
        input: what LiteRT says of the input: its shape, dtype, quantisation.
        output: the same of the output.
        takes_batches: whether the number of images may be any.
    """

    def __init__(self, content: Path | bytes, uses_xnnpack: bool = True):
        """Open a file, or its content.

        Raises:
            ValueError, RuntimeError: LiteRT cannot run it.
        """
        self._interpreter = open_interpreter(content, uses_xnnpack)
        signatures = self._interpreter.get_signature_list()
        name = "serve" if "serve" in signatures else next(iter(signatures), None)
        self._signature = self._interpreter.get_signature_runner(name) if name else None  # old files have none
        taken, given = (
            (self._interpreter.get_input_details(), self._interpreter.get_output_details())
            if self._signature is None
            else (
                list(self._signature.get_input_details().values()),
                list(self._signature.get_output_details().values()),
            )
        )
        if len(taken) != 1 or len(given) != 1:
            raise ValueError(f"it has {len(taken)} inputs and {len(given)} outputs instead of one of each")
        [self.input], [self.output] = taken, given
        self.takes_batches = int(self.input["shape_signature"][0]) < 0
        self._size = int(self.input["shape"][0])
        self._turn = Lock()

    def read(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs, float32 ``(n, 10)``, for inputs float32 ``(n, ...)``."""
        with self._turn:
            return np.concatenate([self._read(batch) for batch in self._batches(inputs)])

    def activations(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float32 ``(n, ...)``, by its name; nothing where the file does not have them."""
        if "activations" not in self._interpreter.get_signature_list():
            return {}
        with self._turn:
            run = self._interpreter.get_signature_runner("activations")
            outputs = [run(image=batch) for batch in self._batches(inputs)]
        return {name: np.concatenate([output[name] for output in outputs]) for name in outputs[0]}

    def _batches(self, inputs: np.ndarray) -> list[np.ndarray]:
        size = BATCH if self.takes_batches else 1
        return [inputs[i : i + size] for i in range(0, len(inputs), size)]

    def _read(self, batch: np.ndarray) -> np.ndarray:
        values = _quantised(batch, self.input)
        if self._signature is not None:
            [(name, _)] = self._signature.get_input_details().items()
            [output] = self._signature(**{name: values}).values()
            return _dequantised(output, self.output)
        if len(batch) != self._size:
            self._interpreter.resize_tensor_input(self.input["index"], batch.shape)
            self._interpreter.allocate_tensors()
            self._size = len(batch)
        self._interpreter.set_tensor(self.input["index"], values)
        self._interpreter.invoke()
        return _dequantised(self._interpreter.get_tensor(self.output["index"]), self.output)


class Runner:
    """A loaded network and its adapter, asked as ``zoo.classifier`` asks every runtime."""

    def __init__(self, network: Network, adapter: Adapter):
        self._network, self._adapter = network, adapter

    def serve(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities and the logits, float32 ``(n, 10)``, of images, float32 ``(n, 28, 28)``."""
        return answers(self._network.read(adapted(images, self._adapter)), self._adapter.output)

    def activations(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Return every layer's output, float32 ``(n, ...)``, by its name."""
        return self._network.activations(adapted(images, self._adapter))


def load(card: Card) -> Runner:
    """Load an added network.

    Raises:
        ImportError: LiteRT is not installed.
        ArtifactError: LiteRT cannot run the file, or ``model.json`` does not say how it takes an image.
    """
    try:
        if card.facts.adapter is None:
            raise ValueError('model.json needs an "adapter", which says how the network takes an image')
        runner = Runner(Network(card.path / FILE_NAME, has_convolutions(card.family)), card.facts.adapter)
        runner.serve(np.zeros((1, 28, 28), np.float32))
        return runner
    except (ValueError, RuntimeError) as error:
        raise ArtifactError(
            f"LiteRT cannot run {card.path / FILE_NAME} ({first_line(error)}): remove the model with "
            f"`python -m zoo remove {card.name}`, and add it again."
        ) from error


def adapted(images: np.ndarray, adapter: Adapter) -> np.ndarray:
    """Return images, float32 ``(n, 28, 28)`` in 0..255, as the inputs of a network, float32 ``(n, *adapter.shape)``."""
    images = (255 - images if adapter.inverted else images) * np.float32(adapter.factor) + np.float32(adapter.offset)
    return images.reshape(len(images), *adapter.shape)


def answers(outputs: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities and logits, float32 ``(n, 10)``, for the outputs of a network.

    Args:
        outputs: float32 ``(n, 10)``.
        kind: ``"logits"`` or ``"probabilities"``; the latter are made to sum to 1, as those of ten sigmoids do not.
    """
    if kind == "logits":
        return softmax(outputs), outputs
    probabilities = np.maximum(outputs, np.finfo(np.float32).tiny)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return probabilities, np.log(probabilities)


def _quantised(values: np.ndarray, details: dict[str, Any]) -> np.ndarray:
    """Return float32 values as a tensor takes them: of whole numbers the nearest, of those that stand for others."""
    dtype, (scale, zero_point) = details["dtype"], details["quantization"]
    if np.dtype(dtype).kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(np.round(values / (scale or 1) + zero_point), limits.min, limits.max).astype(dtype)


def _dequantised(values: np.ndarray, details: dict[str, Any]) -> np.ndarray:
    """Return what a tensor holds as float32."""
    scale, zero_point = details["quantization"]
    values = values.astype(np.float32)
    return (values - zero_point) * np.float32(scale) if scale else values
