"""What is asked of an exported network before it is published: the same outputs as before, and how long they take."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zoo.card import Latency, latency_to_json
from zoo.errors import ArtifactError
from zoo.evaluation.benchmark import seconds_a_call

CALLS = 200
"""Of the loaded model, for its latency: so many, five times over."""
INPUTS = {"image": "float32 (n, 28, 28), grey levels 0 (paper) to 255 (ink)"}
OUTPUTS = {
    "probabilities": "float32 (n, 10), of the digits 0..9, each row sums to 1",
    "logits": "float32 (n, 10), before the softmax",
}
"""What ``model.json`` says of what goes in and what comes out."""

Outputs = Callable[[np.ndarray], Mapping[str, np.ndarray]]
"""From images, float32 ``(n, 28, 28)`` in 0..255, to outputs by name, each float32 ``(n, ...)``."""


def check_same(expected: Outputs, found: Outputs, name: str) -> None:
    """Raise ArtifactError where two networks answer otherwise, by name of their outputs, at two batch sizes."""
    random = np.random.default_rng(0)
    for count in (1, 7):
        images = random.uniform(0, 255, (count, 28, 28)).astype(np.float32)
        one, other = expected(images), found(images)
        for output in one:
            # A sum over many pixels is large, and its rounding errors with it.
            scale = max(1.0, float(np.abs(one[output]).max()))
            difference = float(np.abs(other[output] - one[output]).max()) if output in other else float("inf")
            if not difference <= 1e-4 * scale:  # also where it is NaN
                raise ArtifactError(
                    f"The exported {name} answers otherwise than the network in memory (its {output} differs by up to "
                    f"{difference:g}): nothing was published; report this as a bug."
                )


def measured_latency(network: Callable[[np.ndarray], object]) -> dict[str, Any]:
    """Return the part of ``model.json`` that says how long one image takes."""
    one = np.zeros((1, 28, 28), np.float32)
    return latency_to_json(Latency(round(seconds_a_call(lambda: network(one), calls=CALLS) * 1e6), os.cpu_count()))
