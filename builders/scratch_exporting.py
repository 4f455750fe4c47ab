"""Write a trained network from scratch as an artifact of the zoo."""

from pathlib import Path

import numpy as np

from builders.model_json import facts, latency
from builders.recipe import Network
from builders.scratch_training import weights_digest
from zoo.artifacts import Card, publish
from zoo.errors import ArtifactError
from zoo.scratch import Dropout, Sequential
from zoo.scratch.artifact import Runner, read, save


def export(model: Sequential, network: Network, root: Path, metadata: dict) -> Card:
    """Publish `model` as the next version of ``root/network.name``.

    It is loaded again and compared with `model`, at two batch sizes, before it gets its name; its latency is measured
    there.

    Args:
        model: from float32 ``(n, 28, 28)`` to logits.
        network: what the builder file declares.
        root: folder of models.
        metadata: what ``model.json`` is to say of the training: data, seed, seconds, metrics, history.
    """
    architecture = model.architecture()

    def check(folder: Path) -> dict:
        loaded = Runner(read(architecture, folder))
        random = np.random.default_rng(0)
        for count in (1, 7):
            images = random.uniform(0, 255, (count, 28, 28)).astype(np.float32)
            expected, (_, found) = model.forward(images), loaded.serve(images)
            if not np.allclose(found, expected, rtol=1e-4, atol=1e-4):
                raise ArtifactError(
                    f"The exported {network.name} answers other logits than the network in memory (by up to "
                    f"{np.abs(found - expected).max():g}): nothing was published; report this as a bug."
                )
        one = np.zeros((1, 28, 28), np.float32)
        return latency(lambda: loaded.serve(one))

    layers = {layer.name: list(layer.output_shape) for layer in model.layers if not isinstance(layer, Dropout)}
    described = facts(
        network,
        parameters=sum(parameter.size for parameter in model.parameters.values()),
        layers=layers,
        libraries={},
        weights_sha256=weights_digest(model),
    )
    return publish(
        root,
        network.name,
        described | {"architecture": architecture} | metadata,
        write=lambda folder: save(model, folder),
        check=check,
    )
