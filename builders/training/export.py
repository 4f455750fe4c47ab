"""Publish a trained network as an artifact of the zoo, and take its weights back from there."""

import dataclasses
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from builders.training.backend import Logits
from builders.training.backends import backend_of
from builders.training.recipe import Network
from zoo.artifacts import publish
from zoo.card import Card, Facts, Latency, Score, described, latency_to_json
from zoo.errors import ArtifactError
from zoo.evaluation.benchmark import seconds_a_call

CALLS = 200
"""Of the loaded model, for its latency: so many, five times over."""
INPUTS = {"image": "float32 (n, 28, 28), grey levels 0 (paper) to 255 (ink)"}
OUTPUTS = {
    "probabilities": "float32 (n, 10), of the digits 0..9, each row sums to 1",
    "logits": "float32 (n, 10), before the softmax",
}


def export(
    model: Any, network: Network, root: Path, *, metrics: dict[str, Score] | None = None, facts: Facts | None = None
) -> Card:
    """Publish `model` as the next version of ``root/network.name``.

    It is loaded again and compared with `model`, at two batch sizes, before it gets its name; its latency is measured
    there.

    Args:
        model: from ``image``, float32 ``(n, 28, 28)``, to logits: a ``keras.Model`` or a ``zoo.scratch.Sequential``.
        network: what the builder file declares.
        root: folder of models.
        metrics: its scores, by the keys of ``zoo.card.SETS``.
        facts: what is known of the training: data, seed, seconds, calibration, history. The rest is added here.

    Raises:
        ZooError: it cannot be written, or the export answers otherwise than `model`.
    """
    backend = backend_of(network)
    facts = dataclasses.replace(
        facts or Facts(),
        runtime="tensorflow" if network.library == "keras" else network.library,
        inputs=INPUTS,
        outputs=OUTPUTS,
        layers=backend.output_shapes(model),
        architecture=backend.architecture(model),
        recipe=dataclasses.asdict(network.recipe),
        libraries={"python": platform.python_version(), **backend.libraries, "numpy": np.__version__},
        weights_sha256=backend.weights_sha256(model),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )

    def check(folder: Path) -> dict:
        found = backend.load_saved(model, folder)
        expected = backend.reader(model)
        if difference := logits_difference(expected, found):
            raise ArtifactError(
                f"The exported {network.name} answers other logits than the network in memory (by up to "
                f"{difference:g}): nothing was published; report this as a bug."
            )
        one = np.zeros((1, 28, 28), np.float32)
        microseconds = round(seconds_a_call(lambda: found(one), CALLS) * 1e6)
        return latency_to_json(Latency(microseconds, os.cpu_count()))

    metadata = described(
        facts,
        title=network.title,
        description=network.description,
        reference=network.reference,
        parameters=backend.parameters(model),
        metrics=metrics or {},
    )
    return publish(root, network.name, metadata, lambda folder: backend.save(model, folder), check)


def restore(network: Network, card: Card) -> Any:
    """Return `network` with the weights of an artifact, as it was before it got a temperature.

    Raises:
        ArtifactError: the artifact is not of this network, which is found by comparing what both answer.
    """
    backend = backend_of(network)
    error: Exception | None = None
    try:
        model, expected = backend.restored(network, card)
        if not logits_difference(expected, backend.reader(model)):
            return model
    except Exception as raised:  # whatever the library raises for a file that is whole but that is another's
        error = raised
    raise ArtifactError(
        f"The artifact {card.path} does not hold the network {network.name} as builders/ builds it, so its weights "
        f"cannot be taken over: build it again with `python -m builders {network.name}`."
    ) from error


def logits_difference(expected: Logits, found: Logits) -> float:
    """Return by how much the logits of two networks differ at most, at two batch sizes; 0 where they are alike."""
    random = np.random.default_rng(0)
    for count in (1, 7):
        images = random.uniform(0, 255, (count, 28, 28)).astype(np.float32)
        one, other = expected(images), found(images)
        if not np.allclose(other, one, rtol=1e-4, atol=1e-4):
            return float(np.abs(other - one).max())
    return 0.0
