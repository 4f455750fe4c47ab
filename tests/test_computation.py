"""How units come to their values: weights found, and what is computed from them is what the layers put out."""

import numpy as np
import pytest

import zoo
from zoo.computation import LogitComputation, MapComputation, UnitComputation, computation
from zoo.weights import weights_of


@pytest.fixture(scope="module", params=["scratch", "keras"])
def load(request):
    """Return a function that loads an untrained network, from scratch or of Keras on LiteRT."""
    is_scratch = request.param == "scratch"
    root = request.getfixturevalue("scratch_models" if is_scratch else "models")
    return lambda name: zoo.load(("scratch_" if is_scratch else "") + name, root=root)


def relu(values):
    return np.maximum(values, 0)


def test_weights_have_the_names_and_shapes_of_the_layers(load):
    shapes = {name: weights.kernel.shape for name, weights in weights_of(load("two_conv_cnn")).items()}
    assert shapes == {"conv_1": (5, 5, 1, 20), "conv_2": (5, 5, 20, 40), "hidden": (640, 100), "logits": (100, 10)}
    assert weights_of(load("small_mlp"))["hidden"].kernel.shape == (784, 30)


def test_a_patch_times_a_kernel_is_the_value_of_the_map(load, images):
    model = load("two_conv_cnn")
    outputs = model.activations(images[:1])
    for layer, unit, (row, column) in (("conv_1", 3, (0, 23)), ("conv_2", 39, (7, 2))):
        found = computation(model, images[0], layer, unit)
        assert isinstance(found, MapComputation)
        value = (found.patch(row, column) * found.kernel).sum() + found.bias
        assert relu(value) == pytest.approx(outputs[layer][0, row, column, unit], abs=1e-3)
        assert found.outputs == pytest.approx(outputs[layer][0, ..., unit])
    assert computation(model, images[0], "pool_1", 0) is None


def test_what_the_hidden_units_add_makes_the_logits(load, images):
    model = load("small_mlp")
    (logits,) = model.predict(images[:1]).logits
    last = computation(
        model, images[0], model.card.facts.calibration.layer if model.card.facts.calibration else "logits", 0
    )
    assert isinstance(last, LogitComputation)
    assert last.kernels @ last.inputs + last.biases == pytest.approx(logits, abs=1e-3)
    units = [computation(model, images[0], "hidden", unit) for unit in range(30)]
    assert all(isinstance(unit, UnitComputation) and unit.activation == "GELU" for unit in units)
    assert sum(unit.adds for unit in units) + last.biases == pytest.approx(logits, abs=1e-3)
    assert units[4].inputs @ units[4].kernel + units[4].bias == pytest.approx(
        float(images[0].ravel() / 255 @ weights_of(model)["hidden"].kernel[:, 4] + units[4].bias), abs=1e-3
    )


def test_what_is_not_what_the_layer_put_out_is_not_shown(load, images, monkeypatch):
    model = load("small_mlp")
    weights = weights_of(model)
    monkeypatch.setattr("zoo.computation.weights_of", lambda _model: {**weights, "hidden": weights["logits"]})
    assert computation(model, images[0], "hidden", 0) is None
    assert computation(model, images[0], "no_such_layer", 0) is None
