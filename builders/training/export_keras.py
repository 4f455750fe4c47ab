"""Write a trained Keras model as an artifact of the zoo, and take its weights back from there."""

from pathlib import Path

import keras
import tensorflow as tf

from builders.training.keras_backend import weights_digest
from builders.training.model_json import compare_answers, facts, latency, other_network
from builders.training.recipe import Network
from zoo.artifacts import publish
from zoo.card import Card
from zoo.errors import ZooError


def export(model: keras.Model, network: Network, root: Path, metadata: dict) -> Card:
    """Publish `model` as the next version of ``root/network.name``.

    The SavedModel is made from a plain ``tf.Module``: ``Model.export`` would store every weight twice. It is loaded
    again and compared with `model`, at two batch sizes, before it gets its name; its latency is measured there.

    Args:
        model: from ``image``, float32 ``(n, 28, 28)``, to ``logits``.
        network: what the builder file declares.
        root: folder of models.
        metadata: what ``model.json`` is to say of the training: data, seed, seconds, metrics, history.

    Raises:
        ZooError: it cannot be written.
    """
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer | keras.layers.Dropout)]
    activations = keras.Model(model.input, {layer.name: layer.output for layer in layers})
    image = tf.TensorSpec((None, 28, 28), tf.float32, name="image")
    module = tf.Module()
    module.model_variables = list(model.weights)

    @tf.function(input_signature=[image])
    def layer_outputs(image):
        return activations(image, training=False)

    @tf.function(input_signature=[image])
    def serve(image):
        logits = layer_outputs(image)[layers[-1].name]  # called, not written again: the graph holds the network once
        return {"probabilities": tf.nn.softmax(logits), "logits": logits}

    def write(folder: Path) -> None:
        signatures = {"serving_default": serve, "serve": serve, "activations": layer_outputs}
        try:
            tf.saved_model.save(module, str(folder), signatures)
        except tf.errors.OpError as error:  # what the system said of the disk, in TensorFlow's words
            raise ZooError(f"{network.name} cannot be written to {root}: is the disk full, or gone?") from error

    def check(folder: Path) -> dict:
        loaded = tf.saved_model.load(str(folder))
        signature = loaded.signatures["serve"]
        compare_answers(
            network.name,
            expected=lambda images: model(images, training=False).numpy(),
            found=lambda images: signature(image=tf.constant(images))["logits"].numpy(),
        )
        one = tf.zeros((1, 28, 28))
        return latency(lambda: signature(image=one))

    return publish(
        root,
        network.name,
        facts(
            network,
            parameters=model.count_params(),
            layers={layer.name: list(layer.output.shape[1:]) for layer in layers},
            libraries={"tensorflow": tf.__version__, "keras": keras.__version__},
            weights_sha256=weights_digest(model),
        )
        | {"architecture": [_described(layer) for layer in model.layers]}
        | metadata,
        write,
        check,
    )


def restore(network: Network, card: Card) -> keras.Model:
    """Return `network` with the weights of an artifact, as it was before it got a temperature.

    Raises:
        ArtifactError: the artifact is not of this network, which was found by comparing what both answer.
    """
    model = network.build()
    try:
        loaded = tf.saved_model.load(str(card.path))
        model.set_weights([variable.numpy() for variable in loaded.model_variables])
        activations = loaded.signatures["activations"]
        compare_answers(
            network.name,
            expected=lambda images: activations(image=tf.constant(images))[model.layers[-1].name].numpy(),
            found=lambda images: model(images, training=False).numpy(),
        )
    except Exception as error:  # whatever TensorFlow raises for a file that is whole but that is another's
        raise other_network(card, network) from error
    return model


def _described(layer: keras.layers.Layer) -> dict:
    """What ``model.json`` says of a layer: Keras's class and the settings that matter, its parameters, its answer."""
    kind, inner = type(layer).__name__, getattr(layer, "forward_layer", layer)
    config = inner.get_config()
    settings = ("units", "filters", "kernel_size", "padding", "pool_size", "activation", "rate", "scale")
    return {
        "kind": kind if inner is layer else f"{kind} {type(inner).__name__}",
        "name": layer.name,
        **{key: config[key] for key in settings if key in config and config[key] is not True},
        "parameters": layer.count_params(),
        "answers": list(layer.output.shape[1:]),
    }
