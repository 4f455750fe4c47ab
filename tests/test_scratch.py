"""The networks from scratch: gradients against finite differences and TensorFlow, forward passes against Keras."""

import json

import numpy as np
import pytest
from scipy.special import softmax

from zoo.scratch import (
    SGD,
    ActivationLayer,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    MaxPooling,
    QuadraticCost,
    Rescaling,
    Reshape,
    Sequential,
    SoftmaxCrossEntropy,
)
from zoo.scratch.activations import ACTIVATIONS
from zoo.scratch.initialisers import INITIALISERS
from zoo.scratch.losses import smoothed
from zoo.scratch.schedules import cosine_decay, exponential_decay, step_decay

# Each layer with the shape of its input; odd sizes, so that pooling leaves a rest and "same" pads unevenly.
LAYERS = {
    **{f"dense {name}": (Dense(4, name, name="layer"), (6,)) for name in ACTIVATIONS},
    **{f"activation {name}": (ActivationLayer(name, name="layer"), (3, 4)) for name in ACTIVATIONS},
    **{
        f"convolution {size} {padding}": (Convolution(3, size, "tanh", padding, name="layer"), (6, 7, 2))
        for size in (1, 2, 3)
        for padding in ("valid", "same")
    },
    "max pooling": (MaxPooling(2, name="layer"), (5, 7, 3)),
    "max pooling 3": (MaxPooling(3, name="layer"), (6, 8, 2)),
    "rescaling": (Rescaling(0.3, name="layer"), (4, 2)),
    "reshape": (Reshape((2, 3, 2), name="layer"), (4, 3)),
    "flatten": (Flatten(name="layer"), (3, 2, 2)),
    "dropout": (Dropout(0.4, name="layer"), (9,)),
}


def prepared(case):
    """A layer in float64, a batch of five inputs and random weights of a sum of the outputs, which is the loss."""
    layer, shape = LAYERS[case]
    random = np.random.default_rng(4)
    layer.connect(shape)
    layer.initialise(random, np.float64)
    layer.parameters = {name: random.normal(size=value.shape) for name, value in layer.parameters.items()}
    return layer, random.normal(size=(5, *shape)), random.normal(size=(5, *layer.output_shape))


def output(layer, x):
    if isinstance(layer, Dropout):
        layer.random = np.random.default_rng(8)  # the same units every time
    return layer.forward(x, training=True)


def differences(function, array, step=1e-6):
    """The gradient of ``function()`` with respect to `array`, by central differences."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        gradient[place] = (above - function()) / (2 * step)
        array[place] = kept
    return gradient


@pytest.mark.parametrize("case", LAYERS)
def test_gradients_of_every_layer_are_those_of_finite_differences(case):
    layer, x, weights = prepared(case)
    assert output(layer, x).shape == (5, *layer.output_shape)
    gradient = layer.backward(weights.copy())
    found = dict(layer.gradients)
    assert found.keys() == layer.parameters.keys() == layer.parameter_shapes().keys()

    def loss():
        return (output(layer, x) * weights).sum()

    np.testing.assert_allclose(gradient, differences(loss, x), atol=1e-7)
    for name, parameter in layer.parameters.items():
        np.testing.assert_allclose(found[name], differences(loss, parameter), atol=1e-7)


def in_tensorflow(layer, x, parameters):
    import tensorflow as tf

    functions = {
        "identity": tf.identity,
        "sigmoid": tf.sigmoid,
        "tanh": tf.tanh,
        "relu": tf.nn.relu,
        "gelu_tanh": lambda z: tf.nn.gelu(z, approximate=True),
        "softmax": tf.nn.softmax,
    }
    if isinstance(layer, Dense):
        return functions[layer.activation.name](x @ parameters["kernel"] + parameters["bias"])
    if isinstance(layer, Convolution):
        sums = tf.nn.conv2d(x, parameters["kernel"], 1, layer.padding.upper()) + parameters["bias"]
        return functions[layer.activation.name](sums)
    if isinstance(layer, MaxPooling):
        return tf.nn.max_pool2d(x, layer.size, layer.size, "VALID")
    if isinstance(layer, ActivationLayer):
        return functions[layer.activation.name](x)
    return x * layer.scale if isinstance(layer, Rescaling) else tf.reshape(x, (5, *layer.output_shape))


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in LAYERS if case != "dropout"])
def test_outputs_and_gradients_of_every_layer_are_those_of_tensorflow(case):
    import tensorflow as tf

    layer, x, weights = prepared(case)
    x = x.round(1)  # so that poolings find equal values
    with tf.GradientTape() as tape:
        image = tf.Variable(x)
        parameters = {name: tf.Variable(value) for name, value in layer.parameters.items()}
        expected = in_tensorflow(layer, image, parameters)
        loss = tf.reduce_sum(expected * weights)
    gradients = tape.gradient(loss, {"input": image, **parameters})
    np.testing.assert_allclose(output(layer, x), expected, atol=1e-12)
    np.testing.assert_allclose(layer.backward(weights.copy()), gradients.pop("input"), atol=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(layer.gradients[name], gradient, atol=1e-12)


def cross_entropy(logits, targets):
    return -np.mean(np.sum(targets * np.log(softmax(logits, axis=1)), axis=1))


def quadratic_cost(outputs, targets):
    return np.mean(np.sum((outputs - targets) ** 2, axis=1)) / 2


@pytest.mark.parametrize(
    ("loss", "definition"), [(SoftmaxCrossEntropy, cross_entropy), (QuadraticCost, quadratic_cost)]
)
def test_losses_and_their_gradients(loss, definition):
    random = np.random.default_rng(5)
    answers, targets = random.normal(0, 4, (6, 10)), random.dirichlet(np.ones(10), 6)
    assert loss.value(answers, targets) == pytest.approx(definition(answers, targets), rel=1e-12)
    gradient = loss.gradient(answers, targets)
    np.testing.assert_allclose(gradient, differences(lambda: loss.value(answers, targets), answers), atol=1e-8)


def test_the_cross_entropy_of_extreme_logits_is_exact():
    logits, targets = np.float32([[1000, 0, -1000]]), np.float32([[0, 0, 1]])
    assert SoftmaxCrossEntropy.value(logits, targets) == 2000
    np.testing.assert_array_equal(SoftmaxCrossEntropy.gradient(logits, targets), [[1, 0, -1]])


def test_smoothing_spreads_a_share_of_the_answer():
    np.testing.assert_allclose(smoothed(np.eye(4)[:1], 0.2), [[0.85, 0.05, 0.05, 0.05]])


def small_cnn(dropout=0.0):
    return Sequential(
        [
            Rescaling(1 / 255, name="rescaling"),
            Reshape((28, 28, 1), name="reshape"),
            Convolution(2, 5, "relu", name="conv_1"),
            MaxPooling(name="pool_1"),
            Convolution(3, 5, "relu", name="conv_2"),
            MaxPooling(name="pool_2"),
            Flatten(name="flatten"),
            Dense(5, "relu", "he_normal", name="hidden"),
            Dropout(dropout, name="dropout"),
            Dense(10, name="logits"),
        ]
    )


@pytest.mark.slow
def test_a_whole_network_answers_and_learns_as_keras(images):
    """The same weights, 20 steps of Nesterov momentum in float32."""
    import keras
    import tensorflow as tf

    from builders.two_conv_cnn import two_conv_cnn

    twin = two_conv_cnn(filters=(2, 3), units=5)
    network = small_cnn().initialise(seed=3)
    twin.set_weights(list(network.parameters.values()))
    x, targets = images.astype(np.float32), np.eye(10, dtype=np.float32)[:7]
    assert network.forward(x).dtype == np.float32
    expected = keras.Model(twin.input, {layer.name: layer.output for layer in twin.layers[1:]})(x)
    found = network.activations(x)
    assert list(found) == [layer.name for layer in twin.layers[1:]]
    for name, value in found.items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-5)

    optimizer = SGD(network.parameters)
    keras_optimizer = keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True)
    for _ in range(20):
        logits = network.forward(x, training=True)
        gradients = network.backward(SoftmaxCrossEntropy.gradient(logits, targets))
        assert {gradient.dtype for gradient in gradients.values()} == {np.dtype(np.float32)}
        optimizer.step(gradients, 0.02)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(targets, twin(x)))
        keras_optimizer.apply_gradients(zip(tape.gradient(loss, twin.variables), twin.variables, strict=True))
    for value, weight in zip(network.parameters.values(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(value, weight, rtol=1e-3, atol=1e-4)


def test_momentum_and_weight_decay_step_by_step():
    parameters = {"hidden.kernel": np.array([[1.0]]), "hidden.bias": np.array([1.0])}
    optimizer = SGD(parameters, momentum=0.5, nesterov=False, weight_decay=0.1)
    for _ in range(2):
        optimizer.step({name: np.ones_like(value) for name, value in parameters.items()}, learning_rate=0.2)
    assert parameters["hidden.bias"] == pytest.approx(1 - 0.2 - 0.3)
    assert parameters["hidden.kernel"] == pytest.approx(((1 * 0.98) - 0.2) * 0.98 - 0.3)


def test_max_norm_shortens_the_weights_of_long_units_alone():
    kernel = np.float32([[3, 0.3], [4, 0.4]])
    SGD({"hidden.kernel": kernel}, max_norm=2).step({"hidden.kernel": np.zeros_like(kernel)}, 0.1)
    np.testing.assert_allclose(kernel, [[1.2, 0.3], [1.6, 0.4]], rtol=1e-6)


def test_dropout_keeps_the_mean_repeats_by_seed_and_rests_in_prediction():
    network = Sequential([Dropout(0.25, name="one"), Dropout(0.25, name="two")], input_shape=(40_000,))
    x = np.ones((1, 40_000), np.float32)
    network.seed_dropout(1, 2)
    first = network.forward(x, training=True)
    assert first.dtype == np.float32
    assert first.mean() == pytest.approx(1, abs=0.03)
    assert (first == 0).mean() == pytest.approx(1 - 0.75**2, abs=0.02)  # the layers draw apart
    assert not np.array_equal(first, network.forward(x, training=True))
    network.seed_dropout(1, 2)
    np.testing.assert_array_equal(first, network.forward(x, training=True))
    np.testing.assert_array_equal(x, network.forward(x))


def test_initial_weights_have_the_spread_of_their_source():
    random, shape = np.random.default_rng(0), (5, 5, 40, 200)
    spread = {"he_normal": 2 / 1000, "lecun_normal": 1 / 1000, "glorot_uniform": 2 / 6000, "zeros": 0}
    for name, draw in INITIALISERS.items():
        assert draw(random, shape, 1000, 5000).var() == pytest.approx(spread[name], rel=0.02)
    kernel = Sequential([Convolution(200, 5, initialiser="glorot_uniform", name="c")], (28, 28, 40)).initialise(0)
    assert kernel.parameters["c.kernel"].var() == pytest.approx(2 / (25 * 40 + 25 * 200), rel=0.02)
    one, again, other = (small_cnn().initialise(seed).parameters["conv_2.kernel"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_learning_rates():
    assert [step_decay(step, 0.8, every=2) for step in range(5)] == [0.8, 0.8, 0.4, 0.4, 0.2]
    assert [exponential_decay(step, 0.8, every=2) for step in (0, 2, 4)] == pytest.approx([0.8, 0.4, 0.2])
    rates = [cosine_decay(step, 1.0, steps=30, warmup=10) for step in (0, 5, 10, 20, 30, 31)]
    assert rates == pytest.approx([0, 0.5, 1, 0.5, 0, 0])


def test_an_architecture_is_plain_data_that_makes_the_network_again(images):
    network = small_cnn(dropout=0.5).initialise(seed=2)
    data = json.loads(json.dumps(network.architecture()))
    again = Sequential.from_architecture(data)
    assert again.architecture() == network.architecture()
    again.parameters = network.parameters
    np.testing.assert_array_equal(again.forward(images.astype(np.float32)), network.forward(images.astype(np.float32)))
    assert data[2] == {
        "kind": "convolution",
        "name": "conv_1",
        "filters": 2,
        "kernel_size": 5,
        "padding": "valid",
        "activation": "relu",
        "parameters": 52,
        "output_shape": [24, 24, 2],
    }
    for description in data:  # as artifacts have it that were published before
        description["answers"] = description.pop("output_shape")
    assert Sequential.from_architecture(data).architecture() == network.architecture()


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([Dense(5, name="a")], "a needs flat inputs"),
        ([Flatten(name="a"), Dense(5, name="a")], "a name of its own"),
        ([Reshape((28, 27), name="a")], "cannot give"),
        ([Convolution(5, 5, name="a")], "height, width and channels"),
        ([Reshape((4, 196, 1), name="a"), Convolution(5, 5, name="b")], "larger than its window"),
        ([Reshape((1, 784, 1), name="a"), MaxPooling(name="b")], "2 pixels or more"),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers, sentence):
    with pytest.raises(ValueError, match=sentence):
        Sequential(layers)


def test_settings_that_make_no_sense_are_refused():
    for make in (
        lambda: Dense(0, name="a"),
        lambda: Dense(3, "step", name="a"),
        lambda: Convolution(3, 2.5, name="a"),
        lambda: Convolution(3, 3, padding="full", name="a"),
        lambda: Dropout(1, name="a"),
    ):
        with pytest.raises(ValueError, match=r"must be|unknown: there are"):
            make()
