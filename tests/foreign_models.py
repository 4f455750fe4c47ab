"""Networks as people bring them from elsewhere, made here: each writes a file or a folder and returns what it answers.

Most are a linear reader, fitted to synthetic digits in a moment, behind layers that change nothing, so that what is
found out about them can be checked; others are not trained at all.
"""

from functools import cache
from pathlib import Path

import numpy as np

from zoo.facts import SCALES
from zoo.synthetic.digits import synthetic_digits


@cache
def linear_reader(scale: str = "0..1", inverted: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (784, 10) and biases (10,) that make logits of pixels, by ridge regression."""
    images, labels = synthetic_digits(1500, 5, workers=1)
    factor, offset = SCALES[scale]
    pixels = (255.0 - images if inverted else images.astype(float)).reshape(-1, 784) * factor + offset
    pixels = np.hstack([pixels, np.full((len(pixels), 1), factor * 255)])
    targets = 8 * np.eye(10)[labels]
    ridge = 60 * (factor * 255) ** 2 * np.eye(785)
    solved = np.linalg.solve(pixels.T @ pixels + ridge, pixels.T @ targets)
    return solved[:784].astype(np.float32), (solved[784] * factor * 255).astype(np.float32)


def reader(layers, scale="0..1", inverted=False, shape=(28, 28), end=()):
    """Return a Sequential of these layers, which leave the pixels as they are, and the linear reader."""
    import keras

    dense = keras.layers.Dense(10)
    network = keras.Sequential([keras.Input(shape), *layers, keras.layers.Flatten(), dense, *end])
    dense.set_weights(linear_reader(scale, inverted))
    return network


def saved(network, file: Path) -> Path:
    """Save a Keras network to a file."""
    import logging

    logging.getLogger("absl").setLevel(logging.ERROR)  # which says that HDF5 is old
    network.save(file)
    return file


def exported(function, folder: Path, variables, shape=(28, 28), **signatures) -> Path:
    """Save a function of TensorFlow as a SavedModel with one signature, or with those that are given."""
    import tensorflow as tf

    module = tf.Module()
    module.weights = variables
    spec = tf.TensorSpec((None, *shape), tf.float32, name="x")
    given = signatures or {"serving_default": function}
    graphs = {name: tf.function(one, input_signature=[spec]) for name, one in given.items()}
    tf.saved_model.save(module, str(folder), graphs)
    return folder


def converted(network, file: Path, **settings) -> Path:
    """Convert a Keras network to a .tflite; the settings are those of the converter."""
    import contextlib
    import io

    import tensorflow as tf

    from zoo._support.processes import without_stderr

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    for name, value in settings.items():
        target = converter.target_spec if hasattr(converter.target_spec, name) else converter
        setattr(target, name, value)
    with without_stderr(), contextlib.redirect_stdout(io.StringIO()):
        file.write_bytes(converter.convert())
    return file
