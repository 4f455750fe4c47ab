"""The builders: what each network is, that training repeats and resumes, and what the command does and says."""

import importlib
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import zoo
from builders.cli import main
from builders.training.networks import OTHERS, load_network, network_names
from tests.test_drawings import made_up_drawings
from tests.waiting import until
from zoo import artifacts
from zoo.data.drawing_files import write_drawings
from zoo.data.mnist import load_mnist
from zoo.errors import ZooError
from zoo.synthetic.digits import draw_digit

pytestmark = pytest.mark.slow
PARAMETERS = {
    "small_mlp": 23_860,
    "large_mlp": 1_276_810,
    "two_conv_cnn": 85_670,
    "softmax": 7_850,
    "tapered_mlp": 52_650,
    "medium_mlp": 101_770,
    "lenet": 61_706,
    "batch_norm_cnn": 417_626,
    "four_conv_cnn": 1_556_330,
    "row_rnn": 54_282,
    "row_gru": 161_034,
    "row_lstm": 213_258,
    "row_bilstm": 319_882,
    "scratch_small_mlp": 23_860,
    "scratch_large_mlp": 1_276_810,
    "scratch_two_conv_cnn": 85_670,
}


@pytest.fixture(autouse=True)
def _quiet_tensorflow():
    from zoo._support.processes import import_tensorflow

    import_tensorflow()


@pytest.mark.parametrize("name", network_names())
def test_parameter_counts_and_signatures(name):
    network = importlib.import_module(f"builders.{name}").NETWORK
    model = network.build()
    assert network.name == name
    assert network.title
    assert network.reference
    if network.library == "numpy":
        model.initialise(seed=1)
        assert sum(parameter.size for parameter in model.parameters.values()) == PARAMETERS[name]
        assert (model.input_shape, model.layers[-1].name, model.output_shape) == ((28, 28), "logits", (10,))
        return
    assert model.count_params() == PARAMETERS[name]  # a KeyError: add your network to the table
    assert [(tensor.name, tensor.shape) for tensor in model.inputs] == [("image", (None, 28, 28))]
    assert model.layers[-1].name == "logits"
    assert model.output.shape == (None, 10)


def test_a_copy_of_a_builder_file_that_kept_its_name_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "builders.mine", importlib.import_module("builders.softmax"))
    with pytest.raises(ZooError, match="give it the file's name"):
        load_network("mine")


def test_every_shared_module_is_there():
    assert {f"{name}.py" for name in OTHERS} <= {path.name for path in Path("builders").glob("*.py")}


def small_network(epochs=3):
    from builders.two_conv_cnn import NETWORK, two_conv_cnn

    # 26 steps an epoch, so that their tenth does not divide them.
    recipe = replace(NETWORK.recipe, epochs=epochs, warmup_epochs=1, batch_size=23, synthetic=0, outliers=0, teacher="")
    return replace(NETWORK, build=lambda: two_conv_cnn(filters=(2, 3), units=5), recipe=recipe)


def weights_after(network, data, checkpoints, seed=1, **options):
    from builders.training.loop import train

    training, _ = train(
        network, data.x_train, data.y_train, seed=seed, checkpoints=checkpoints, show_progress=False, **options
    )
    return [weight.numpy() for weight in training.model.weights], training.history


def test_the_same_seed_gives_the_same_weights_interrupted_or_not(made_up_mnist, tmp_path, monkeypatch, capsys):
    from builders.training.checkpoint import Checkpoint

    data = load_mnist(made_up_mnist)
    network = small_network(epochs=2)
    network = replace(network, recipe=replace(network.recipe, synthetic=20, outliers=5))
    straight, history = weights_after(network, data, tmp_path / "a")

    save = Checkpoint.write

    def save_then_stop(self, state, history, seconds):
        save(self, state, history, seconds)
        raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "write", save_then_stop)
    with pytest.raises(KeyboardInterrupt):
        weights_after(network, data, tmp_path / "c")
    monkeypatch.undo()
    resumed, resumed_history = weights_after(network, data, tmp_path / "c")
    assert "going on after epoch 1 of 2" in capsys.readouterr().out
    assert resumed_history == history
    other_seed, _ = weights_after(network, data, tmp_path / "b", seed=2)
    for one, two, other in zip(straight, resumed, other_seed, strict=True):
        np.testing.assert_array_equal(one, two)
        assert not np.array_equal(one, other)


def test_tensorboard_logs_are_read_back_whole_after_an_interruption(made_up_mnist, tmp_path, monkeypatch):
    from tensorboard.backend.event_processing.event_accumulator import TENSORS, EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    from builders.training.checkpoint import Checkpoint
    from builders.training.tensorboard import EventLog

    data, network, save = load_mnist(made_up_mnist), small_network(epochs=2), Checkpoint.write

    def save_then_stop(self, state, history, seconds):
        save(self, state, history, seconds)
        if len(history["loss"]) == 2:
            raise KeyboardInterrupt

    def logged():
        log = EventLog(tmp_path / "logs", network, seed=1, images=600)
        validation = data.x_test, data.y_test
        _, history = weights_after(network, data, tmp_path / "runs", on_epoch=log, validation=validation)
        log.close()
        return history

    monkeypatch.setattr(Checkpoint, "write", save_then_stop)
    with pytest.raises(KeyboardInterrupt):
        logged()
    monkeypatch.undo()
    history = logged()
    [run] = (tmp_path / "logs").iterdir()  # the one it had begun
    assert run.name.startswith("two_conv_cnn-seed1-")
    events = EventAccumulator(str(run), size_guidance={TENSORS: 0})
    events.Reload()
    curves = {}
    for tag in events.Tags()["tensors"]:
        found = [(event.step, float(make_ndarray(event.tensor_proto))) for event in events.Tensors(tag)]
        assert [step for step, _ in found] == [1, 2]
        curves[tag] = [value for _, value in found]
    assert curves["loss"] == pytest.approx(history["loss"])
    assert curves["held_out_loss"] == pytest.approx(history["val_loss"])
    assert curves["held_out_accuracy"] == pytest.approx(history["val_accuracy"])
    assert curves["learning_rate"][0] > curves["learning_rate"][1] > 0
    assert [path.name.split(".")[0] for path in run.iterdir()] == ["events"]  # nothing says that it is unfinished


def test_two_trainings_of_the_same_recipe_at_once_log_into_runs_of_their_own(tmp_path):
    from builders.training.tensorboard import EventLog

    first = EventLog(tmp_path, small_network(), seed=1, images=600)
    first(1, {"loss": 0.5})
    written = {path: path.read_bytes() for path in first.run.glob("events.*")}
    second = EventLog(tmp_path, small_network(), seed=1, images=600)
    assert second.run != first.run
    assert {path: path.read_bytes() for path in first.run.glob("events.*")} == written
    for log in (first, second):
        log.close()


def test_an_epoch_has_exactly_its_steps(made_up_mnist, tmp_path):
    from builders.training.loop import train

    data = load_mnist(made_up_mnist)
    network = replace(small_network(), recipe=replace(small_network().recipe, epochs=2, batch_size=26))
    training, _ = train(network, data.x_train, data.y_train, seed=1, checkpoints=tmp_path, show_progress=False)
    assert int(training.model.optimizer.iterations) == 2 * (600 // 26)


def test_a_torn_checkpoint_is_said_and_starts_again(made_up_mnist, tmp_path, capsys):
    data, network = load_mnist(made_up_mnist), small_network(epochs=1)
    weights_after(network, data, tmp_path)
    [checkpoint] = tmp_path.glob("*/checkpoint.npz")
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    _, history = weights_after(network, data, tmp_path)
    assert "cannot be read" in capsys.readouterr().out
    assert len(history["loss"]) == 1


def test_training_learns_and_held_out_images_are_scored(made_up_mnist, tmp_path):
    data = load_mnist(made_up_mnist)
    recipe = replace(small_network().recipe, epochs=12, warp=0.0, batch_size=30, learning_rate=0.01)
    network = replace(small_network(), recipe=recipe)
    _, history = weights_after(network, data, tmp_path, validation=(data.x_test, data.y_test))
    assert history["val_accuracy"][-1] > 0.9


def test_every_image_is_visited_once_an_epoch(made_up_mnist):
    from builders.training.data import make_training_set
    from builders.training.keras_backend import warped_batches

    data = load_mnist(made_up_mnist)
    training_set = make_training_set(replace(small_network().recipe, warp=0.0), data.x_train, data.y_train, seed=1)
    epochs = []
    batches = warped_batches(training_set, 50, seed=1).take(24)
    for number, (images, labels) in enumerate(batches):
        if number % 12 == 0:
            epochs.append([])
        epochs[-1] += [image.tobytes() for image in images.numpy().astype(np.uint8)]
        assert labels.shape == (50, 10)
    everything = {image.tobytes() for image in data.x_train}
    assert set(epochs[0]) == set(epochs[1]) == everything
    assert epochs[0] != epochs[1]


def test_drawings_and_what_is_no_digit_are_learned_beside_the_images(images):
    from builders.training.data import OUTLIER, make_training_set
    from builders.training.keras_backend import warped_batches

    turns = 3  # no more than there are epochs
    recipe = replace(small_network(epochs=turns).recipe, warp=0.0, synthetic=40, outliers=20, synthetic_warp=0.5)
    training_set = make_training_set(recipe, images, np.arange(7, dtype=np.uint8), seed=1)
    np.testing.assert_array_equal(training_set.images[:7], images)
    assert training_set.images.shape == (7 + turns * 60, 28, 28)
    assert (training_set.labels[7:] == OUTLIER).sum() == turns * 20
    assert training_set.warps.tolist() == [0.0] * 7 + [0.5] * turns * 60
    assert not np.array_equal(training_set.images, make_training_set(recipe, images, np.arange(7), seed=2).images)

    batch, answers = next(iter(warped_batches(training_set, 67, seed=1)))
    sure = answers.numpy().max(axis=1) == 1
    assert 40 <= sure.sum() <= 54  # 47 on average: the drawings of an epoch are a part of all of them
    np.testing.assert_allclose(answers.numpy()[~sure], 0.1)
    still = {image.tobytes() for image in batch.numpy().astype(np.uint8)} & {
        image.tobytes() for image in training_set.images
    }
    still -= {bytes(28 * 28)}  # an outlier without ink, which no warp changes
    assert len(still) == 7  # strength 0 leaves the images as they are, the drawings are warped


def test_epochs_take_turns_with_the_drawings(images):
    from builders.training.data import TURNS, make_training_set
    from builders.training.keras_backend import warped_batches

    recipe = replace(small_network(epochs=20).recipe, warp=0.0, synthetic=30, synthetic_warp=0.0)
    training_set = make_training_set(recipe, images, np.arange(7, dtype=np.uint8), seed=1)
    number = {image.tobytes(): place for place, image in enumerate(training_set.images)}
    epochs = [
        {number[image.tobytes()] for image in batch.numpy().astype(np.uint8)}
        for batch, _ in warped_batches(training_set, 37, seed=1).take(TURNS + 1)
    ]
    assert all(set(range(7)) < epoch for epoch in epochs)
    assert len(set.union(*epochs[:TURNS])) == 7 + TURNS * 30
    assert epochs[TURNS] == epochs[0]


def test_a_student_learns_what_its_teacher_answers(made_up_mnist, tmp_path):
    from builders.training.keras_backend import KerasBackend
    from builders.training.loop import train

    data = load_mnist(made_up_mnist)
    teacher = small_network().build()
    # One that is always sure of a 3, whatever the labels say.
    teacher.layers[-1].set_weights([np.zeros((5, 10)), np.eye(10)[3] * 20])
    training, _ = train(
        small_network(epochs=2),
        data.x_train,
        data.y_train,
        seed=1,
        checkpoints=tmp_path,
        show_progress=False,
        teacher=teacher,
    )
    assert (KerasBackend.logits(training.model, data.x_test).argmax(axis=1) == 3).all()


def test_a_teacher_is_taken_from_its_artifact_only_where_it_learned_the_same(
    made_up_mnist, tmp_path, monkeypatch, capsys
):
    from builders import two_conv_cnn
    from builders.training.distillation import teacher_of
    from builders.training.export import export
    from zoo.card import DataSet, Facts
    from zoo.data.arrays import describe

    data = load_mnist(made_up_mnist)
    network = small_network(epochs=1)
    monkeypatch.setattr(two_conv_cnn, "NETWORK", network)
    student = replace(network, recipe=replace(network.recipe, teacher="two_conv_cnn"))

    def teacher(count=600, seed=1):
        images, labels = data.x_train[:count], data.y_train[:count]
        folders = {"published": tmp_path / "models", "checkpoints": tmp_path / "runs"}
        found = teacher_of(student, images, labels, seed=seed, **folders)
        return found.model, "is taken from" in capsys.readouterr().out

    trained, taken = teacher()
    assert not taken
    facts = Facts(data={"training": DataSet(**describe(data.x_train, data.y_train))}, seed=1)
    export(trained, network, tmp_path / "models", facts=facts)
    again, taken = teacher()
    assert taken
    for one, two in zip(trained.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    for other in ({"count": 500}, {"seed": 2}):
        model, taken = teacher(**other)
        assert not taken
        assert not np.array_equal(model.get_weights()[0], trained.get_weights()[0])
    other_layers = replace(network, build=lambda: two_conv_cnn.two_conv_cnn(filters=(3, 2), units=5))
    for changed in (small_network(epochs=2), other_layers):
        monkeypatch.setattr(two_conv_cnn, "NETWORK", changed)
        assert not teacher()[1]


def test_temperature_undoes_overconfidence_and_stands_in_the_artifact(tmp_path, images):
    from scipy.special import softmax

    from builders.training.calibration import fit_temperature, with_temperature
    from builders.training.export import export

    random = np.random.default_rng(0)
    honest = random.normal(0, 2, (20_000, 10))
    labels = (softmax(honest, axis=1).cumsum(axis=1) > random.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(3 * honest, labels) == pytest.approx(3, rel=0.03)
    assert fit_temperature(honest / 2, labels) == pytest.approx(0.5, rel=0.03)

    network = small_network()
    model = network.build()
    card = export(with_temperature(model, 2.5), network, tmp_path, metrics={})
    prediction = zoo.load(card.name, root=tmp_path).predict(images)
    expected = model(images.astype(np.float32), training=False).numpy() / 2.5
    np.testing.assert_allclose(prediction.logits, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(prediction.probabilities, softmax(prediction.logits, axis=1), rtol=1e-4, atol=1e-6)
    assert card.parameters == model.count_params()


def test_warps_repeat_by_seed_differ_by_image_and_keep_the_ink():
    import tensorflow as tf

    from builders.training.augmentation import warp

    image = np.zeros((28, 28), np.float32)
    image[8:20, 10:18] = 255
    batch = tf.constant(np.stack([image] * 64))
    warped = warp(batch, tf.constant([1, 2]), 1.0).numpy()
    np.testing.assert_array_equal(warped, warp(batch, tf.constant([1, 2]), 1.0).numpy())
    assert not np.array_equal(warped, warp(batch, tf.constant([1, 3]), 1.0).numpy())
    assert len({one.tobytes() for one in warped}) == 64
    assert warped.min() >= 0
    assert warped.max() <= 255.001
    assert 0.8 < warped.sum() / batch.numpy().sum() < 1.25
    np.testing.assert_array_equal(warp(batch, tf.constant([1, 2]), 0), batch)
    nearly_still = warp(batch, tf.constant([1, 2]), 1e-4).numpy()
    np.testing.assert_allclose(nearly_still, batch, atol=1.0)


def test_the_artifact_answers_as_the_model_in_memory(tmp_path, images):
    import keras

    from builders.training.export import export

    keras.utils.set_random_seed(5)
    network = small_network()
    model = network.build()
    card = export(model, network, tmp_path, metrics={})
    expected = model(images.astype(np.float32), training=False).numpy()
    loaded = zoo.load(card.name, root=tmp_path)
    for count in (1, 7):
        found = loaded.predict(images[:count])
        np.testing.assert_allclose(found.logits, expected[:count], rtol=1e-4, atol=1e-5)


def test_an_artifact_that_answers_otherwise_is_not_published(tmp_path, monkeypatch):
    import tensorflow as tf

    from builders.training.export import export

    save = tf.saved_model.save

    def save_other_weights(module, *arguments):
        module.model_variables[0].assign_add(tf.ones_like(module.model_variables[0]))
        save(module, *arguments)
        module.model_variables[0].assign_sub(tf.ones_like(module.model_variables[0]))

    monkeypatch.setattr(tf.saved_model, "save", save_other_weights)
    with pytest.raises(zoo.ArtifactError, match="nothing was published"):
        export(small_network().build(), small_network(), tmp_path, metrics={})
    assert artifacts.list_models(tmp_path) == []


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    import tensorflow as tf

    from builders.training.export import export

    def fail(_module, folder, _signatures):
        Path(folder, "saved_model.pb").touch()
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device [Op:SaveV2]")

    monkeypatch.setattr(tf.saved_model, "save", fail)
    with pytest.raises(zoo.ZooError, match="two_conv_cnn: is the disk full"):
        export(small_network().build(), small_network(), tmp_path, metrics={})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["scratch_small_mlp", "small_mlp"])
def test_quick_run_exports_under_a_name_of_its_own(name, made_up_mnist, tmp_path, capsys):
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    assert main([name, "--quick", "--epochs", "1", "--data", str(made_up_mnist), *folders]) == 0
    [card] = artifacts.list_models(tmp_path / "models")
    assert card.name == f"{name}_quick"
    assert "quick trial" in card.title
    said = capsys.readouterr().out
    score = card.metrics["held_out"]  # of 600 images the last sixth: a trial does not open the test set
    assert score["total"] == 100
    assert f"{score['correct']} of 100 held-out images" in said
    assert str(card.path) in said
    assert card.metadata["recipe"]["epochs"] == 1
    assert card.metadata["data"]["training"]["images"] == 500
    assert list((tmp_path / "runs").iterdir()) == []


def test_validate_exports_nothing_and_leaves_the_test_set_closed(made_up_mnist, tmp_path, capsys):
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    assert main(["small_mlp", "--validate", "--epochs", "1", "--data", str(made_up_mnist), *folders]) == 0
    assert "of 100 held-out images" in capsys.readouterr().out
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("word", ["synthetic", "handwriting"])  # the second is the old one
def test_synthetic_digits_need_no_data_and_have_a_name_of_their_own(word, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "no-mnist-here"))
    monkeypatch.setattr("builders.training.release.QUICK_IMAGES", 500)
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    assert main(["scratch_small_mlp", "--quick", "--data", word, *folders]) == 0
    [card] = artifacts.list_models(tmp_path / "models")
    assert card.name == f"scratch_small_mlp_{word}_quick"
    assert card.metadata["data"]["training"]["name"] == "synthetic digits"
    assert "mnist_test" not in card.metrics
    assert card.metadata["recipe"]["synthetic"] == 0
    assert "synthetic digits alone" in capsys.readouterr().out


def test_drawings_are_scored_and_not_learned_from(made_up_mnist, tmp_path):
    points = np.random.default_rng(0).uniform(0, 500, (12, 2)).astype(np.float32)
    starts = np.arange(4)
    np.savez(
        tmp_path / "drawings.npz",
        points=points,
        stroke_starts=starts * 4,
        drawing_starts=starts,
        labels=np.arange(3, dtype=np.uint8),
    )
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    command = ["small_mlp", "--quick", "--epochs", "1", "--data", str(made_up_mnist), *folders]
    assert main(command) == 0
    file = tmp_path / "drawings.npz"
    assert main([*command, "--score-strokes", str(file), "--score-strokes", f"unipen={file}"]) == 0
    without, scored = (
        artifacts.read_card(artifacts.find("small_mlp_quick", version, tmp_path / "models")) for version in (1, 2)
    )
    assert scored.metrics["drawings"] == scored.metrics["unipen"]
    assert scored.metrics["drawings"]["total"] == 3
    assert scored.metadata["weights_sha256"] == without.metadata["weights_sha256"]


@pytest.mark.parametrize("name", ["small_mlp", "scratch_small_mlp"])
def test_own_drawings_are_learned_from_and_a_part_of_them_scored_on(name, made_up_mnist, tmp_path, capsys):
    random = np.random.default_rng(0)
    drawings = [draw_digit(place % 10, random)[0] for place in range(30)]
    strokes = [stroke for drawing in drawings for stroke in drawing]
    np.savez(
        tmp_path / "own.npz",
        points=np.concatenate(strokes),
        stroke_starts=np.cumsum([0, *map(len, strokes)]),
        drawing_starts=np.cumsum([0, *map(len, drawings)]),
        labels=np.arange(30) % 10,
    )
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    command = [name, "--epochs", "1", "--data", str(made_up_mnist), *folders]
    assert main([*command, "--quick", "--strokes", str(tmp_path / "own.npz")]) == 0
    assert main([*command, "--quick"]) == 0
    own, without = artifacts.list_models(tmp_path / "models")
    assert (own.name, without.name) == (f"{name}_own_quick", f"{name}_quick")
    assert own.title.endswith(", with own drawings, quick trial")
    own_data = own.metadata["data"]["own"]
    assert (own_data["images"], own_data["in_training"], own_data["held_out"]) == (30, 20, 10)
    assert own.metrics.keys() - without.metrics.keys() == {"own_drawings"}
    assert own.metrics["own_drawings"]["total"] == 10
    assert "own" not in without.metadata["data"]
    assert own.metadata["weights_sha256"] != without.metadata["weights_sha256"]
    capsys.readouterr()
    assert main([*command, "--validate", "--strokes", str(tmp_path / "own.npz")]) == 0
    assert "of 10 own drawings held out" in capsys.readouterr().out
    assert len(artifacts.list_models(tmp_path / "models")) == 2


def test_a_trial_scores_several_files_and_says_what_it_doubts(made_up_mnist, tmp_path, capsys):
    write_drawings(made_up_drawings(20), tmp_path / "drawn.npz")
    with np.load(tmp_path / "drawn.npz") as drawn:
        np.savez(tmp_path / "others.npz", **dict(drawn) | {"labels": np.repeat(list("AOa+?"), 4)})
    folders = ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    trial = ["scratch_small_mlp", "--quick", "--epochs", "1", "--data", str(made_up_mnist), *folders]
    strokes = ["--score-strokes", str(tmp_path / "drawn.npz")]
    outliers = ["--score-outliers", str(tmp_path / "others.npz")]
    assert main([*trial, *strokes, *outliers, "--score-strokes", f"unipen={tmp_path / 'drawn.npz'}"]) == 0
    said = capsys.readouterr().out
    assert "of 20 drawings" in said
    assert "of 20 UNIPEN digits" in said
    for key in ("drawings", "unipen"):
        [areas] = re.findall(rf"AUROC of doubt against {key}: all (\S+), letters (\S+), symbols (\S+),", said)
        assert all(0 <= float(area) <= 1 for area in areas)
    [card] = artifacts.list_models(tmp_path / "models")
    assert card.metrics.keys() == {"held_out", "drawings", "unipen"}
    for wrong in ([*strokes, *strokes], outliers, ["--score-strokes", "unipen="]):
        assert main([*trial, *wrong]) != 0
        assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit, match="2"):
        main([*trial, "--score-strokes", "mnist_test=drawn.npz"])


def test_few_own_drawings_are_repeated_and_many_are_not(images):
    from builders.training.data import MOST_REPEATS, make_training_set

    recipe = replace(small_network().recipe, warp=0.0, synthetic=40, synthetic_warp=0.5)
    labels = np.arange(7, dtype=np.uint8)

    def visits(count, share):
        own = np.full((count, 28, 28), 9, np.uint8), np.full(count, 3, np.uint8)
        training_set = make_training_set(recipe, images, labels, seed=1, own=own, own_share=share)
        theirs = (training_set.images == 9).all(axis=(1, 2))
        assert theirs[7 : 7 + theirs.sum()].all()  # in every epoch, after the images
        assert training_set.warps[theirs].tolist() == [0.5] * theirs.sum()
        assert (training_set.labels[theirs] == 3).all()
        assert training_set.epoch == 47 + theirs.sum()
        np.testing.assert_array_equal(training_set.images[training_set.in_every_epoch :], without.images[7:])
        return theirs.sum()

    without = make_training_set(recipe, images, labels, seed=1)
    assert visits(4, share=0.5) == 48  # 47 are half
    assert visits(1, share=0.9) == MOST_REPEATS
    assert visits(90, share=0.1) == 90


def test_a_checkpoint_without_the_own_drawings_is_another(made_up_mnist, tmp_path, capsys):
    data, network = load_mnist(made_up_mnist), small_network(epochs=1)
    weights_after(network, data, tmp_path)
    own = data.x_test[:10], data.y_test[:10]
    weights_after(network, data, tmp_path, own=own)
    assert "trained already" not in capsys.readouterr().out
    weights_after(network, data, tmp_path, own=own)
    assert "trained already" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 2


def test_wrong_use_is_one_line(made_up_mnist, capsys, tmp_path):
    assert main(["medium_mlpp"]) == 2
    assert "No network 'medium_mlpp'" in capsys.readouterr().err
    assert main(["small_mlp", "--data", str(tmp_path / "nothing")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    for option in ("--strokes", "--score-strokes"):
        assert main(["small_mlp", "--data", str(made_up_mnist), option, ""]) == 1
        assert "found an empty name" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["small_mlp", "--data", str(made_up_mnist), "--output", str(tmp_path / "file")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    for wrong in (["--epochs", "0"], ["--epochs", "abc"], ["--seed", "-1"], ["--quick", "--validate"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_killed_and_started_again(made_up_mnist, tmp_path):
    command = [sys.executable, "-m", "builders.small_mlp", "--quick", "--epochs", "60", "--data", str(made_up_mnist)]
    command += ["--output", str(tmp_path / "models"), "--checkpoints", str(tmp_path / "runs")]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        until(lambda: list(tmp_path.glob("runs/*/checkpoint.npz")))
        process.send_signal(signal.SIGKILL)
    assert artifacts.list_models(tmp_path / "models") == []
    again = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "going on after epoch" in again.stdout
    assert [card.name for card in artifacts.list_models(tmp_path / "models")] == ["small_mlp_quick"]
