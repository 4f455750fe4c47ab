"""Tuning to a person's own drawings: they are learned, the rest is kept, and what is published is told honestly."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import zoo
from builders import finetune
from builders.training import calibration, release
from builders.training.data import own_drawings
from zoo import DataError, artifacts
from zoo.data.drawings import images_of
from zoo.synthetic.digits import draw_digit


def person(count, seed=0):
    """Drawings and labels of somebody who slants by 35 degrees to the left and writes 2, 4 and 7 as in a mirror."""
    random = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    slant = np.array([[1.2, 0], [0.7, 1]])
    mirrored = {2, 4, 7}
    drawings = [
        [stroke * ([-1, 1] if digit in mirrored else 1) @ slant for stroke in draw_digit(int(digit), random)[0]]
        for digit in labels
    ]
    return drawings, labels


def save(path, drawings, labels):
    strokes = [stroke for drawing in drawings for stroke in drawing]
    np.savez(
        path,
        points=np.concatenate(strokes).astype(np.float32),
        stroke_starts=np.cumsum([0, *map(len, strokes)]),
        drawing_starts=np.cumsum([0, *map(len, drawings)]),
        labels=labels,
    )
    return path


@pytest.fixture(scope="module")
def strokes(tmp_path_factory):
    """A file of a hundred drawings of one person."""
    return save(tmp_path_factory.mktemp("person") / "own.npz", *person(100))


@pytest.fixture(autouse=True)
def _small_and_without_mnist(monkeypatch, tmp_path):
    monkeypatch.delenv("DIGIT_ZOO_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "no-mnist-here"))
    for name, value in {"TESTED": 200, "MNIST_IMAGES": 100, "SYNTHETIC": 160, "OUTLIERS": 20}.items():
        monkeypatch.setattr(finetune, name, value)
    monkeypatch.setattr(calibration, "IMAGES", 200)


@pytest.fixture
def _never_worse(monkeypatch):
    """Publish also what nearly nothing was learned by, for tests of something else."""

    def count(network, model, sets):
        return release.count_correct(network, model, sets) | {"own_drawings": {"correct": 10, "total": 20}}

    monkeypatch.setattr(finetune, "count_correct", count)


def tune(*arguments, code=0):
    assert finetune.main([str(argument) for argument in arguments]) == code


@pytest.mark.slow
@pytest.mark.parametrize("name", ["small_mlp", "scratch_small_mlp"])
def test_a_released_model_learns_an_unusual_hand(name, strokes, tmp_path, capsys):
    tune(name, "--strokes", strokes, "--output", tmp_path, "--epochs", 25)
    [card] = artifacts.list_models(tmp_path)
    assert (card.name, card.version) == (f"{name}_tuned", 1)
    assert card.title.endswith(", tuned to own drawings")
    drawings, labels = person(200, seed=1)  # nobody has seen these
    images = images_of(drawings)
    before, after = (
        (model.predict(images).digits == labels).mean()
        for model in (zoo.load(name), zoo.load(card.name, root=tmp_path))
    )
    assert after > before + 0.1

    metadata, base_model = card.metadata, artifacts.read_card(artifacts.find(name))
    tuned_from = metadata["tuned_from"]
    assert (tuned_from["name"], tuned_from["version"], tuned_from["weights_sha256"]) == (
        name,
        base_model.version,
        base_model.metadata["weights_sha256"],
    )
    assert metadata["weights_sha256"] != tuned_from["weights_sha256"]
    assert metadata["parameters"] == base_model.parameters
    assert card.metrics.keys() == {"own_drawings", "generated_test"}  # what the base model scored is not true of it
    assert card.metrics["own_drawings"]["total"] == metadata["data"]["own"]["held_out"] == 20
    assert metadata["data"]["own"]["in_training"] == 80
    assert tuned_from["metrics"]["own_drawings"]["correct"] < card.metrics["own_drawings"]["correct"]
    assert card.metrics["generated_test"]["correct"] > 0.85 * 200
    assert metadata["calibration"]["layer"] in metadata["layers"]
    assert metadata["latency_us"]["one_image"] > 0
    said = capsys.readouterr().out
    assert f"own drawings held out ({card.metrics['own_drawings']['correct'] / 20:.2%}), before" in said
    assert str(card.path) in said


@pytest.mark.slow
@pytest.mark.usefixtures("_never_worse")
def test_versions_follow_each_other_and_a_tuned_model_is_tuned_again(models, scratch_models, strokes, tmp_path):
    for root, name in ((models, "two_conv_cnn"), (scratch_models, "scratch_two_conv_cnn")):
        options = ["--strokes", strokes, "--output", tmp_path, "--epochs", 1]
        tune(name, "--root", root, *options)
        tune(name, "--root", root, *options)
        first, second = (artifacts.read_card(artifacts.find(f"{name}_tuned", n, tmp_path)) for n in (1, 2))
        assert first.metadata["weights_sha256"] == second.metadata["weights_sha256"]  # the same seed
        tune(f"{name}_tuned", "--root", tmp_path, *options, "--version", 1, "--seed", 2)
        tune(name, "--root", root, *options, "--name", f"anna_{name}", "--seed", 2)
        third = artifacts.read_card(artifacts.find(f"{name}_tuned", 3, tmp_path))
        assert third.metadata["tuned_from"]["version"] == 1
        assert third.metadata["tuned_from"]["network"] == name
        assert third.title == first.title
        anna = artifacts.read_card(artifacts.find(f"anna_{name}", root=tmp_path))
        assert anna.metadata["weights_sha256"] != first.metadata["weights_sha256"]
        assert finetune.network_of(anna).name == name
        assert zoo.load(third.name, root=tmp_path).predict(np.zeros((28, 28))).digits.shape == (1,)


@pytest.mark.usefixtures("_never_worse")
@pytest.mark.slow
def test_mnist_is_replayed_where_it_is_found(scratch_models, strokes, made_up_mnist, tmp_path):
    options = ["scratch_small_mlp", "--root", scratch_models, "--strokes", strokes, "--output", tmp_path, "--epochs", 1]
    tune(*options, "--data", made_up_mnist)
    [card] = artifacts.list_models(tmp_path)
    assert card.metadata["data"]["training"]["images"] == 100
    assert card.metrics["held_out"]["total"] == 100  # of the training images: the test set stays closed
    assert "mnist_test" not in card.metadata["data"]


@pytest.mark.slow
def test_batch_normalisation_stays_as_it_is(tmp_path, made_up_mnist):
    import keras

    from builders.batch_norm_cnn import NETWORK, batch_norm_cnn
    from builders.training.loop import train
    from zoo.data.mnist import load_mnist

    base_model, data = batch_norm_cnn(filters=(2, 3), units=5), load_mnist(made_up_mnist)
    network = finetune.tuned(
        NETWORK,
        artifacts.Card("batch_norm_cnn", 1, tmp_path, "Batch-norm CNN"),
        finetune.parser().parse_args(["batch_norm_cnn", "--strokes", "own.npz", "--epochs", "1"]),
    )
    network = finetune.replace(network, build=lambda: batch_norm_cnn(filters=(2, 3), units=5))
    training, _ = train(
        network, data.x_train, data.y_train, seed=1, checkpoints=None, base_model=base_model, show_progress=False
    )
    for before, after in zip(base_model.layers, training.model.layers, strict=True):
        same = [np.array_equal(*pair) for pair in zip(before.get_weights(), after.get_weights(), strict=True)]
        assert all(same) if isinstance(before, keras.layers.BatchNormalization) else not any(same)


@pytest.mark.slow
def test_a_model_that_reads_them_worse_is_not_published(scratch_models, strokes, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(finetune, "count_correct", lambda *_: {"own_drawings": {"correct": next(scores), "total": 20}})
    options = ["scratch_small_mlp", "--root", scratch_models, "--strokes", strokes, "--output", tmp_path, "--epochs", 1]
    scores = iter([15, 14])
    tune(*options)
    assert "nothing is published" in capsys.readouterr().out
    scores = iter([15, 14])
    tune(*options, "--json")
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["kind"], result["name"], result["version"], result["path"]) == ("result", None, None, None)
    assert (result["before"]["own"]["correct"], result["after"]["own"]["correct"]) == (15, 14)
    assert list(tmp_path.iterdir()) == []


def test_the_same_drawings_are_held_out_wherever_they_stand(strokes, tmp_path):
    drawings, labels = person(100)
    order = np.random.default_rng(5).permutation(100)
    shuffled = save(tmp_path / "shuffled.npz", [drawings[i] for i in order], labels[order])
    one, other = (own_drawings(path, seed=1) for path in (strokes, shuffled))
    held_out = [{image.tobytes() for image in own.held_out[0]} for own in (one, other)]
    assert held_out[0] == held_out[1]
    assert np.bincount(one.held_out[1]).tolist() == [2] * 10
    assert not held_out[0] & {image.tobytes() for image in one.training[0]}
    assert held_out[0] != {image.tobytes() for image in own_drawings(strokes, seed=2).held_out[0]}


def test_few_drawings_are_refused_and_single_ones_learned_from(tmp_path):
    drawings, labels = person(23)
    with pytest.raises(DataError, match="Expected 10 drawings or more in .*few.npz, found 9"):
        own_drawings(save(tmp_path / "few.npz", drawings[:9], labels[:9]), seed=1)
    for name, digits, often in (("one_each", np.arange(10), 0), ("zeros", np.zeros(20, int), 1)):
        with pytest.raises(DataError, match=f"at least two digits drawn twice or more in .*{name}.*, found {often}:"):
            own_drawings(save(tmp_path / f"{name}.npz", drawings[: len(digits)], digits), seed=1)
    own = own_drawings(save(tmp_path / "some.npz", drawings, labels), seed=1)
    assert np.bincount(own.held_out[1]).tolist() == [1] * 10
    assert np.bincount(own.training[1]).tolist() == [2, 2, 2, *[1] * 7]


@pytest.mark.slow
def test_wrong_use_is_one_sentence(scratch_models, models, strokes, made_up_mnist, tmp_path, capsys):
    def refused(*arguments, code=1):
        tune(*arguments, "--output", tmp_path / "out", code=code)
        [line] = capsys.readouterr().err.splitlines()
        tune(*arguments, "--output", tmp_path / "out", "--json", code=code)
        message = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert message == {"kind": "error", "error": line}
        return line

    here = ["--root", scratch_models, "--strokes", strokes]
    assert "No model 'small'" in refused("small", *here, code=2)
    assert "No version 9" in refused("scratch_small_mlp", *here, "--version", 9, code=2)
    for name in ("softmax", "small_mlp", "Bad Name"):
        assert f"found {name!r}" in refused("scratch_small_mlp", *here, "--name", name, code=2)
    assert "Expected" in refused("scratch_small_mlp", "--root", scratch_models, "--strokes", made_up_mnist)
    for path, found in (("nothing.npz", "nothing"), (tmp_path, "a folder"), ("", "an empty name")):
        assert f"found {found}" in refused("scratch_small_mlp", "--root", scratch_models, "--strokes", path)
    assert "nothing.npz" in refused("scratch_small_mlp", *here, "--data", "nothing.npz")

    def foreign(name, like):
        """An artifact of a network that is none of ours, under a name that none or one of ours has."""
        source = artifacts.read_card(artifacts.find(like, root=models if "scratch" not in like else scratch_models))
        facts = {key: value for key, value in source.metadata.items() if key not in ("name", "version", "files")}

        def write(folder):
            for file in source.path.rglob("*"):
                if file.is_file() and file.name != "model.json":
                    target = folder / file.relative_to(source.path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(file.read_bytes())

        artifacts.publish(tmp_path / "foreign", name, facts, write, check=lambda _: None)
        return refused(name, "--root", tmp_path / "foreign", "--strokes", strokes)

    assert "is of no network in builders/" in foreign("somebody_elses", like="scratch_small_mlp")
    for name, like in (
        ("scratch_small_mlp", "scratch_two_conv_cnn"),
        ("scratch_small_mlp_own", "two_conv_cnn"),
        ("lenet", "two_conv_cnn"),
        ("lenet_quick", "scratch_small_mlp"),
    ):
        assert "does not hold the network" in foreign(name, like)
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


@pytest.mark.slow
def test_a_program_reads_progress_and_result_and_a_kill_leaves_nothing(scratch_models, strokes, tmp_path):
    command = [sys.executable, "-m", "builders.finetune", "scratch_small_mlp", "--root", scratch_models, "--json"]
    command += ["--strokes", strokes, "--output", tmp_path / "models", "--epochs"]
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with subprocess.Popen([*command, "1000"], stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if '"tuning"' in line and json.loads(line)["done"] > 0.3:
                    break
            process.send_signal(ending)
        assert process.returncode == -ending
        assert list((tmp_path / "models").iterdir()) == []
    environment = os.environ | {"PYTHONUNBUFFERED": ""}
    done = subprocess.run([*command, "3"], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr == ""
    *progress, result = map(json.loads, done.stdout.splitlines())
    assert {line["kind"] for line in progress} == {"progress"}
    places = [line["done"] for line in progress]
    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)
    assert list(dict.fromkeys(line["phase"] for line in progress)) == ["loading", "drawing", "tuning", "publishing"]
    [card] = artifacts.list_models(tmp_path / "models")
    assert (result["kind"], result["name"], result["version"]) == ("result", card.name, card.version)
    assert result["path"] == str(card.path)
    assert result["after"]["own"] == card.metrics["own_drawings"]
    assert result["before"].keys() == result["after"].keys() == {"own", "generated"}
