"""Write a trained network from scratch as an artifact of the zoo, and take its weights back from there."""

from pathlib import Path

import numpy as np

from builders.training.model_json import compare_answers, facts, latency, other_network
from builders.training.numpy_backend import weights_digest
from builders.training.recipe import Network
from zoo.artifacts import publish
from zoo.card import Card
from zoo.errors import ArtifactError
from zoo.scratch import Dropout, Sequential
from zoo.scratch.artifact import Runner, load, read, save


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
        compare_answers(network.name, expected=model.forward, found=lambda images: loaded.serve(images)[1])
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


def restore(network: Network, card: Card) -> Sequential:
    """Return `network` with the weights of an artifact, as it was before it got a temperature.

    Raises:
        ArtifactError: the artifact is not of this network, which was found by comparing what both answer.
    """
    model = network.build()
    try:
        loaded = load(card)
        model.parameters = loaded.network.parameters
        compare_answers(
            network.name,
            expected=lambda images: loaded.activations(images)[model.layers[-1].name],
            found=model.forward,
        )
    except (ArtifactError, KeyError, ValueError) as error:
        raise other_network(card, network) from error
    return model
