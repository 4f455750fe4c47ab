"""Networks from scratch as the builders train and export them, and as the zoo loads them."""

import io
import json
import math
import sys
import tracemalloc
import zipfile
from dataclasses import replace

import numpy as np
import pytest

import zoo
from builders.scratch_large_mlp import scratch_large_mlp
from builders.scratch_two_conv_cnn import NETWORK, scratch_two_conv_cnn
from builders.training.augmentation_numpy import Warps, draw_warps, warp
from builders.training.calibration import with_temperature
from builders.training.checkpoint import Checkpoint
from builders.training.data import make_training_set
from builders.training.export import export
from builders.training.loop import train
from builders.training.numpy_backend import NumpyBackend, order_of, warped_batches
from builders.training.recipe import ScratchRecipe
from builders.training.warp_spread import GRID
from zoo import ArtifactError, ZooError, artifacts
from zoo.data.mnist import load_mnist
from zoo.scratch import Dropout


def small_network(**changes):
    recipe = ScratchRecipe(**{"epochs": 2, "warmup_epochs": 1, "batch_size": 23, "max_norm": 3.0} | changes)
    return replace(NETWORK, build=lambda: scratch_large_mlp(units=12, dropout=0.2), recipe=recipe)


def trained(network, data, checkpoints, seed=1, **options):
    training, _ = train(
        network, data.x_train, data.y_train, seed=seed, checkpoints=checkpoints, show_progress=False, **options
    )
    return list(training.model.parameters.values()), training.history


def test_the_same_seed_gives_the_same_weights_interrupted_or_not(made_up_mnist, tmp_path, monkeypatch, capsys):
    data, network, logged = load_mnist(made_up_mnist), small_network(synthetic=20, outliers=5), []
    straight, history = trained(network, data, tmp_path / "a", on_epoch=lambda *epoch: logged.append(epoch))
    save = Checkpoint.write

    def save_then_stop(self, state, history, seconds):
        save(self, state, history, seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "write", save_then_stop)
    with pytest.raises(KeyboardInterrupt):
        trained(network, data, tmp_path / "b")
    monkeypatch.undo()
    logged_again = []
    resumed, resumed_history = trained(
        network, data, tmp_path / "b", on_epoch=lambda *epoch: logged_again.append(epoch)
    )
    assert "going on after epoch 1 of 2" in capsys.readouterr().out
    assert resumed_history == history
    assert logged_again == logged
    assert [epoch for epoch, _ in logged] == [1, 2]
    assert logged[0][1]["learning_rate"] > logged[1][1]["learning_rate"] > 0
    other, _ = trained(network, data, tmp_path / "c", seed=2)
    for one, two, three in zip(straight, resumed, other, strict=True):
        np.testing.assert_array_equal(one, two)
        assert not np.array_equal(one, three)
        assert one.dtype == np.float32


def test_a_bar_is_drawn_on_terminals_only(made_up_mnist, tmp_path, capsys):
    data = load_mnist(made_up_mnist)
    train(small_network(epochs=1), data.x_train, data.y_train, seed=1, checkpoints=tmp_path)
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("  epoch 1 of 1: loss ")  # a line an epoch instead, for a log


def test_a_recipe_with_a_teacher_is_refused():
    with pytest.raises(ZooError, match="learn from labels, and this recipe has the teacher 'two_conv_cnn'"):
        small_network(teacher="two_conv_cnn")


def test_tensorboard_logs_without_tensorflow_are_refused(tmp_path, monkeypatch):
    from builders.training.tensorboard import EventLog

    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ZooError, match="pip install tensorflow"):
        EventLog(tmp_path, small_network(), seed=1, images=600)


def test_a_torn_checkpoint_is_said_and_starts_again(made_up_mnist, tmp_path, capsys):
    data, network = load_mnist(made_up_mnist), small_network(epochs=1)
    trained(network, data, tmp_path)
    [checkpoint] = tmp_path.glob("*/checkpoint.npz")
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    _, history = trained(network, data, tmp_path)
    assert "cannot be read" in capsys.readouterr().out
    assert len(history["loss"]) == 1


@pytest.mark.slow
def test_a_convolutional_network_learns(made_up_mnist, tmp_path):
    data = load_mnist(made_up_mnist)
    recipe = ScratchRecipe(epochs=5, warmup_epochs=1, batch_size=30, learning_rate=0.05, warp=0.0)
    network = replace(NETWORK, build=lambda: scratch_two_conv_cnn(filters=(4, 6), units=20), recipe=recipe)
    _, history = trained(network, data, tmp_path, validation=(data.x_test, data.y_test))
    assert history["val_accuracy"][-1] > 0.9
    assert history["loss"][-1] < history["loss"][0]


def test_an_epoch_visits_every_image_once_and_takes_its_turn_with_the_drawings(images):
    recipe = ScratchRecipe(epochs=3, synthetic=30, warp=0.0, synthetic_warp=0.0)
    training_set = make_training_set(recipe, images, np.arange(7, dtype=np.uint8), seed=1)
    orders = [order_of(training_set, seed=1, epoch=epoch) for epoch in range(4)]
    for order in orders:
        assert len(set(order)) == len(order) == 37
        assert set(range(7)) < set(order)
    assert set(np.concatenate(orders[:3])) == set(range(97))
    assert set(orders[3]) == set(orders[0])
    assert not np.array_equal(orders[3], orders[0])

    batches = list(warped_batches(training_set, 18, seed=1, epoch=1))
    again = list(warped_batches(training_set, 18, seed=1, epoch=1))
    assert len(batches) == 2
    for (batch, answers), (other, _), chosen in zip(batches, again, (orders[1][:18], orders[1][18:36]), strict=True):
        np.testing.assert_array_equal(batch, training_set.images[chosen])
        np.testing.assert_array_equal(batch, other)
        np.testing.assert_array_equal(answers, np.eye(10)[training_set.labels[chosen]])
        assert batch.dtype == answers.dtype == np.float32


def test_what_is_no_digit_is_answered_by_ten_equal_probabilities(images):
    recipe = ScratchRecipe(epochs=1, outliers=5)
    training_set = make_training_set(recipe, images[:1], np.zeros(1, np.uint8), seed=1)
    [(_, answers)] = warped_batches(training_set, 6, seed=1, epoch=0)
    assert sorted(answers.max(axis=1)) == pytest.approx([0.1] * 5 + [1])


@pytest.mark.slow
def test_warps_are_those_of_tensorflow(monkeypatch):
    import tensorflow as tf

    from builders.training import augmentation

    random = np.random.default_rng(2)
    batch = random.uniform(0, 255, (16, 28, 28)).astype(np.float32)
    strength = random.uniform(0, 1.5, 16).astype(np.float32)
    warps = draw_warps(16, seed=1, step=3)
    drawn = iter([warps.affine[:, :, None, None], warps.grids])
    monkeypatch.setattr(tf.random, "stateless_normal", lambda shape, seed: tf.constant(next(drawn)))
    expected = augmentation.warp(tf.constant(batch), tf.constant([0, 0]), tf.constant(strength))
    found = warp(batch, warps, strength)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=0.02)  # of grey levels up to 255


def test_warps_repeat_by_seed_and_step_and_strength_0_leaves_images(images):
    batch = images.astype(np.float32)
    for one, same in zip(draw_warps(7, 1, 2), draw_warps(7, 1, 2), strict=True):
        np.testing.assert_array_equal(one, same)
    ones = np.ones(7, np.float32)
    seen = {warp(batch, draw_warps(7, seed, step), ones).tobytes() for seed in (1, 2) for step in (1, 2)}
    assert len(seen) == 4
    np.testing.assert_array_equal(warp(batch, draw_warps(7, 1, 2), 0 * ones), batch)


def test_a_shift_moves_the_picture_by_pixels():
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10:15, 8:12] = 255
    affine = np.zeros((6, 1), np.float32)
    affine[4:, 0] = [2 / 0.9, -3 / 0.9]  # the warp looks two pixels to the right and three up
    moved = warp(image, Warps(affine, np.zeros((2, 1, GRID, GRID), np.float32)), np.ones(1, np.float32))
    np.testing.assert_allclose(moved, np.roll(image, (3, -2), axis=(1, 2)), atol=1e-3)


@pytest.fixture
def artifact(tmp_path):
    """A small exported network from scratch: its folder of models, its card and the network in memory."""
    model = with_temperature(small_network().build().initialise(seed=4), 2.5)
    network = replace(small_network(), name="made_up")
    return tmp_path, export(model, network, tmp_path, metrics={}), model


def test_the_artifact_answers_as_the_network_in_memory(artifact, images):
    root, card, model = artifact
    many = np.concatenate([images] * 40)  # more than one batch
    expected = NumpyBackend.logits(model, many)
    loaded = zoo.load("made_up", root=root)
    prediction = loaded.predict(many)
    np.testing.assert_allclose(prediction.logits, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(prediction.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert prediction.logits.dtype == prediction.probabilities.dtype == np.float32
    activations = loaded.activations(many)
    np.testing.assert_array_equal(activations["calibrated_logits"], prediction.logits)
    np.testing.assert_allclose(activations["logits"], 2.5 * prediction.logits, rtol=1e-5)
    assert {name: list(value.shape[1:]) for name, value in activations.items()} == card.metadata["layers"]
    assert list(activations) == list(card.metadata["layers"])
    assert card.parameters == 784 * 12 + 12 + 12 * 12 + 12 + 12 * 10 + 10
    assert card.metadata["runtime"] == "numpy"
    with pytest.raises(zoo.ImageError, match="found"):
        loaded.predict(np.zeros((2, 27, 28)))


def test_the_forward_pass_can_be_written_from_the_two_files_alone(artifact, images):
    _, card, _ = artifact
    description = json.loads((card.path / "model.json").read_text())["architecture"]
    weights = np.load(card.path / "weights.npz")
    x = images.astype(np.float64)
    for layer in description:
        if layer["kind"] == "rescaling":
            x = x * layer["scale"]
        elif layer["kind"] == "flatten":
            x = x.reshape(len(x), -1)
        elif layer["kind"] == "dense":
            x = x @ weights[f"{layer['name']}.kernel"] + weights[f"{layer['name']}.bias"]
            x = np.maximum(x, 0) if layer["activation"] == "relu" else x
        else:
            assert layer["kind"] == "dropout"
    np.testing.assert_allclose(zoo.load("made_up", root=card.path.parent.parent).predict(images).logits, x, rtol=1e-4)


@pytest.mark.slow
def test_the_artifact_of_a_small_mlp_is_that_of_keras(scratch_models, images):
    """The released twins differ in their GELU's form alone, by less than 5e-4."""
    import keras

    from builders.small_mlp import small_mlp

    model = zoo.load("scratch_small_mlp", root=scratch_models)
    with np.load(model.card.path / "weights.npz") as weights:
        twin = small_mlp()
        twin.set_weights([weights[name] for name in weights.files])
    expected = keras.ops.convert_to_numpy(twin(images.astype(np.float32))) / 1.5
    np.testing.assert_allclose(model.predict(images).logits, expected, atol=5e-3)


def publish(root, name, architecture, weights):
    """An artifact that is whole, of whatever it is made."""
    from tests.test_artifacts import METADATA

    def write(folder):
        if isinstance(weights, bytes):
            (folder / "weights.npz").write_bytes(weights)
        elif weights is not None:
            np.savez(folder / "weights.npz", **weights)

    metadata = METADATA | {"runtime": "numpy"} | ({} if architecture is None else {"architecture": architecture})
    artifacts.publish(root, name, metadata, write, lambda folder: None)


def npz_of(weights, **others):
    """An .npz of these arrays, compressed, with others in their place or beside them, as bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in (weights | others).items():
            archive.writestr(f"{name}.npy", array if isinstance(array, bytes) else npy(array, array.shape))
    return file.getvalue()


def npy(array, shape):
    """An array in NumPy's format, whose header says that it has this shape."""
    file = io.BytesIO()
    header = {"descr": array.dtype.str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + array.tobytes()


def of_another_form():
    model = small_network().build().initialise(seed=4)
    good, weights = model.architecture(), model.parameters
    wrong_shape = weights | {"hidden_1.kernel": weights["hidden_1.kernel"].T}
    not_finite = weights | {"hidden_1.bias": np.full(12, np.nan, np.float32)}
    return {
        "no architecture": (None, weights, "architecture"),
        "no layers": ([], weights, "needs layers"),
        "an unknown layer": ([{"kind": "oracle", "name": "a"}], weights, "oracle"),
        "no data of layers": ({"kind": "dense"}, weights, "architecture"),
        "an unknown setting": ([{"kind": "flatten", "name": "a", "output_shape": [784], "axis": 3}], weights, "axis"),
        "another shape": ([{**good[0], "output_shape": [3]}, *good[1:]], weights, "not \\[3\\]"),
        "no ten answers": (good[:-1], weights, "not ten logits"),
        "a weight too few": (good, {"logits.bias": weights["logits.bias"]}, "has the parameters"),
        "a wrong shape": (good, wrong_shape, "must be float32 of shape"),
        "float64": (good, {name: value.astype(float) for name, value in weights.items()}, "must be float32"),
        "not finite": (good, not_finite, "finite numbers"),
        "objects": (good, {name: value.astype(object) for name, value in weights.items()}, "found object"),
        "text": (good, {name: value.astype(str) for name, value in weights.items()}, "numbers in hidden_1.kernel"),
        "no scale": ([{**good[0], "scale": math.nan}, *good[1:]], weights, "finite scale"),
        "a scale beyond floats": ([{**good[0], "scale": 10**400}, *good[1:]], weights, "too large"),
        "a header that lies": (
            good,
            npz_of(weights, **{"hidden_1.kernel": npy(np.float32([1]), (784, 12))}),
            "disagree",
        ),
        "no array": (good, npz_of(weights, **{"hidden_1.kernel": b"text"}), "magic"),
        "no file": (good, None, "weights.npz"),
        "no npz": (good, b"PK\x03\x04 but nothing else", "zip"),
        "empty": (good, b"", "zip"),
    }


@pytest.mark.parametrize("case", of_another_form())
def test_a_whole_artifact_of_another_form_is_explained(case, tmp_path):
    architecture, weights, reason = of_another_form()[case]
    publish(tmp_path, "foreign", architecture, weights)
    with pytest.raises(ArtifactError, match=reason) as error:
        zoo.load("foreign", root=tmp_path)
    assert "python -m builders foreign" in str(error.value)
    assert "\n" not in str(error.value)


ZEROS = np.zeros(12_000_000, np.float32)  # 48 MB, which are 48 kB in a zip
BOMBS = {
    "an array that the network lacks": ("more", ZEROS),
    "a parameter of another shape": ("hidden_1.bias", ZEROS),
    "a parameter longer than its header says": ("hidden_1.bias", npy(ZEROS, (12,))),
    "a long header": ("hidden_1.bias", b"\x93NUMPY\x02\x00" + bytes([0, 0, 0, 2]) + b" " * 2**25),
}


@pytest.mark.parametrize("case", BOMBS)
def test_weights_are_decompressed_only_where_they_fit_the_network(case, tmp_path):
    name, array = BOMBS[case]
    model = small_network().build().initialise(seed=4)
    weights = npz_of(model.parameters, **{name: array})
    assert len(weights) < 2**17
    publish(tmp_path, "bomb", model.architecture(), weights)
    tracemalloc.start()
    try:
        with pytest.raises(ArtifactError, match="no network that this library can run"):
            zoo.load("bomb", root=tmp_path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2**24


def test_an_artifact_that_answers_otherwise_is_not_published(tmp_path, monkeypatch):
    model = small_network().build().initialise(seed=4)
    savez = np.savez
    monkeypatch.setattr(np, "savez", lambda path, **arrays: savez(path, **{k: v + 1 for k, v in arrays.items()}))
    with pytest.raises(ArtifactError, match="nothing was published"):
        export(model, small_network(), tmp_path, metrics={})
    assert artifacts.list_models(tmp_path) == []


def test_dropout_is_an_argument_and_stands_in_no_answer():
    network = scratch_large_mlp(units=12, dropout=0.5).initialise(seed=1)
    assert sum(isinstance(layer, Dropout) for layer in network.layers) == 2
    assert list(network.activations(np.zeros((1, 28, 28), np.float32))) == [
        "rescaling", "flatten", "hidden_1", "hidden_2", "logits",
    ]  # fmt: skip
