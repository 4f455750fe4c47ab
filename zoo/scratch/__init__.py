"""Neural networks from scratch: NumPy and nothing else, to read from top to bottom.

Begin with ``layers.py`` (what a layer computes, and its gradients), then ``network.py`` (layers in a row),
``losses.py`` (what is to become small), ``optimizers.py`` and ``schedules.py`` (how weights follow their gradients).
``artifact.py`` writes and loads a trained network. A whole training is five lines:

    network = Sequential([Flatten(name="flatten"), Dense(10, name="logits")]).initialise(seed=1)
    optimizer, loss = SGD(network.parameters), SoftmaxCrossEntropy()
    for images, targets in batches:
        outputs = network.forward(images, training=True)
        optimizer.step(network.backward(loss.gradient(outputs, targets)), learning_rate=0.1)

Some of it no released network uses, such as the quadratic cost and decay by steps: it is there to compare with, as the
books begin with it.
"""

from zoo.scratch.layers import (
    ActivationLayer,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling,
    Rescaling,
    Reshape,
)
from zoo.scratch.losses import QuadraticCost, SoftmaxCrossEntropy
from zoo.scratch.network import Sequential
from zoo.scratch.optimizers import SGD

__all__ = [
    "SGD",
    "ActivationLayer",
    "Convolution",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling",
    "QuadraticCost",
    "Rescaling",
    "Reshape",
    "Sequential",
    "SoftmaxCrossEntropy",
]
