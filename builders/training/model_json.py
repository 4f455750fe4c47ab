"""What ``model.json`` says of every network, whatever library trained it, and whether two answer alike."""

import dataclasses
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from builders.training.recipe import Network
from zoo.card import Card
from zoo.errors import ArtifactError
from zoo.evaluation.benchmark import seconds_a_call


def facts(
    network: Network, *, parameters: int, layers: dict[str, list[int]], libraries: dict, weights_sha256: str
) -> dict:
    """Return the part of ``model.json`` that describes `network`, its contract and how it was made.

    Args:
        network: what the builder file declares.
        parameters: how many.
        layers: the shape of each layer's answer to one image, by its name.
        libraries: versions by name, beside those of Python and NumPy.
        weights_sha256: of the weights, by ``zoo.data.arrays.digest``.
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


Answers = Callable[[np.ndarray], np.ndarray]


def compare_answers(name: str, expected: Answers, found: Answers) -> None:
    """Compare the logits of a network in memory and of its reloaded export, at two batch sizes.

    Args:
        name: of the network, for the message.
        expected: gives the logits of the network in memory, float32 ``(n, 10)``, for images ``(n, 28, 28)``.
        found: gives those of the export.

    Raises:
        ArtifactError: they differ.
    """
    random = np.random.default_rng(0)
    for count in (1, 7):
        images = random.uniform(0, 255, (count, 28, 28)).astype(np.float32)
        one, other = expected(images), found(images)
        if not np.allclose(other, one, rtol=1e-4, atol=1e-4):
            raise ArtifactError(
                f"The exported {name} answers other logits than the network in memory (by up to "
                f"{np.abs(other - one).max():g}): nothing was published; report this as a bug."
            )


def other_network(card: Card, network: Network) -> ArtifactError:
    """Return the error for an artifact whose weights are not those of `network`, or that answers otherwise."""
    return ArtifactError(
        f"The artifact {card.path} does not hold the network {network.name} as builders/ builds it, so its weights "
        f"cannot be taken over: build it again with `python -m builders {network.name}`."
    )
