"""Publish a trained network as an artifact of the zoo, and take its weights back from there."""

import dataclasses
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from builders.training.backend import Logits
from builders.training.backends import backend_of
from builders.training.recipe import Network
from zoo.artifacts import publish
from zoo.card import Card, Facts, Score, described
from zoo.errors import ArtifactError
from zoo.runtimes.checks import INPUTS, OUTPUTS, Outputs, check_same, measured_latency


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
        readers = backend.saved_readers(model, folder)
        for read in readers:
            check_same(_logits(backend.reader(model)), _logits(read), network.name)
        return measured_latency(readers[0])

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
        check_same(_logits(expected), _logits(backend.reader(model)), network.name)
        return model
    except Exception as raised:  # whatever the library raises for a file that is whole but that is another's
        error = raised
    raise ArtifactError(
        f"The artifact {card.path} does not hold the network {network.name} as builders/ builds it, so its weights "
        f"cannot be taken over: build it again with `python -m builders {network.name}`."
    ) from error


def _logits(read: Logits) -> Outputs:
    return lambda images: {"logits": read(images)}
