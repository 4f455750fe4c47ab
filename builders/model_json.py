"""What ``model.json`` says of every network, whatever library trained it."""

import dataclasses
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from builders.recipe import Network
from zoo.benchmark import seconds_a_call


def facts(
    network: Network, *, parameters: int, layers: dict[str, list[int]], libraries: dict, weights_sha256: str
) -> dict:
    """Return the part of ``model.json`` that describes `network`, its contract and how it was made.

    Args:
        network: what the builder file declares.
        parameters: how many.
        layers: the shape of each layer's answer to one image, by its name.
        libraries: versions by name, beside those of Python and NumPy.
        weights_sha256: of the weights, by ``zoo.datasets.digest``.
    """
    return {
        "title": network.title,
        "description": network.description,
        "reference": network.reference,
        "parameters": parameters,
        "runtime": "tensorflow" if network.library == "keras" else network.library,
        "input": {"image": "float32 (n, 28, 28), grey levels 0 (paper) to 255 (ink)"},
        "output": {
            "probabilities": "float32 (n, 10), of the digits 0..9, each row sums to 1",
            "logits": "float32 (n, 10), before the softmax",
        },
        "layers": layers,
        "recipe": dataclasses.asdict(network.recipe),
        "libraries": {"python": platform.python_version(), **libraries, "numpy": np.__version__},
        "weights_sha256": weights_sha256,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def latency(read_one: Callable[[], object]) -> dict:
    """Measure what ``model.json`` says of how fast an artifact reads one image."""
    return {"latency_us": {"one_image": round(seconds_a_call(read_one, calls=200) * 1e6), "cpu_cores": os.cpu_count()}}
