"""Networks of others: what is read, what is found out, what is refused, and that they then work like the others."""

import contextlib
import io
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import zoo
from tests.foreign_models import converted, exported, linear_reader, reader, saved
from zoo import ArtifactError, ZooError
from zoo._support.command_line import WrongUseError
from zoo.adding.adding import Wishes, add, remove
from zoo.cli import main
from zoo.facts import Adapter, Facts
from zoo.scratch.activations import softmax
from zoo.synthetic.digits import synthetic_digits

IMAGES, LABELS = synthetic_digits(40, 11, workers=1)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(autouse=True)
def _few_digits(monkeypatch, tmp_path):
    """Fewer synthetic digits are read than by users, and there is no MNIST."""
    monkeypatch.setattr("zoo.adding.adding.TESTED", 100)
    monkeypatch.setattr("zoo.adding.trying.TRIED", 300)
    monkeypatch.setattr("zoo.runtimes.checks.CALLS", 1)
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "there_is_no_mnist.npz"))


def added(path, root, name="mine", **wishes):
    return add(path, Wishes(name=name, **wishes), root)


def expected_logits(scale="0..1", inverted=False):
    factor, offset = zoo.facts.SCALES[scale]
    weights, biases = linear_reader(scale, inverted)
    pixels = (255 - IMAGES.astype(np.float32) if inverted else IMAGES.astype(np.float32)) * factor + offset
    return pixels.reshape(-1, 784) @ weights + biases


def refusal(path, root=None, **wishes) -> str:
    with pytest.raises(ArtifactError) as error:
        add(path, Wishes(name="mine", **wishes), root or path.parent / "models")
    assert "\n" not in str(error.value)
    assert not (path.parent / "models" / "mine").exists()
    return str(error.value)


# ---- What is found out


def test_a_keras_file_is_added_with_its_layers_and_the_way_it_takes_an_image(tmp_path, monkeypatch, made_up_mnist):
    import keras

    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(made_up_mnist))
    path = saved(reader([], "-1..1", True, end=[keras.layers.Softmax()]), tmp_path / "from_class.keras")
    result = added(path, tmp_path / "models", title="From class")
    facts = result.card.facts
    assert facts.adapter == Adapter((28, 28), 1 / 127.5, -1.0, True, "probabilities")
    assert (facts.added.file, facts.added.kind, facts.runtime) == ("from_class.keras", "keras", "litert")
    assert result.best.correct > result.second.correct
    assert result.best.scale == "-1..1"
    assert set(result.card.metrics) == {"generated_test", "mnist_test"}
    assert (result.card.title, result.card.family, result.card.parameters) == ("From class", "fully connected", 7850)
    model = zoo.load("mine", root=tmp_path / "models")
    prediction = model.predict(IMAGES)
    np.testing.assert_allclose(prediction.probabilities, softmax(expected_logits("-1..1", True)), atol=1e-4)
    np.testing.assert_allclose(softmax(prediction.logits), prediction.probabilities, atol=1e-5)
    layers = model.activations(IMAGES)
    assert {name: values.shape for name, values in layers.items()} == {
        "flatten": (40, 784),
        "dense": (40, 10),
        "softmax": (40, 10),
    }


def test_a_saved_model_is_added(tmp_path):
    import tensorflow as tf

    weights, biases = map(tf.Variable, linear_reader("0..255"))

    def read(x):
        logits = tf.reshape(x, (-1, 784)) @ weights + biases
        return {"digit": tf.argmax(logits, 1), "scores": logits}

    path = exported(read, tmp_path / "folder", [weights, biases], shape=(784,))
    card = added(path, tmp_path / "models").card
    assert card.facts.adapter == Adapter((784,), 1.0, 0.0, False, "logits")
    assert card.facts.added.kind == "saved_model"
    logits = zoo.load("mine", root=tmp_path / "models").predict(IMAGES).logits
    np.testing.assert_allclose(logits, expected_logits("0..255"), rtol=1e-3, atol=1e-2)


@pytest.fixture(scope="session")
def tflite(tmp_path_factory):
    """A .tflite of logits, trained on 0..1."""
    return converted(reader([]), tmp_path_factory.mktemp("tflite") / "my model.tflite")


def test_a_tflite_is_added_without_tensorflow_and_removed_by_commands(tflite, tmp_path):
    script = (
        "import sys; sys.modules['tensorflow'] = sys.modules['keras'] = None\n"
        "import zoo.adding.adding; zoo.adding.adding.TESTED = 100\n"
        "from zoo.cli import main\n"
        f"sys.exit(main([*sys.argv[1:], '--root', {str(tmp_path)!r}]))"
    )

    def run(*command):
        return subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=False)

    done = run("add", str(tflite), "--json", "--scale", "0..1")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["card"]["name"] == "my_model"
    assert said["found"]["best"]["scale"] == "0..1"
    assert said["found"]["best"]["output"] == "logits"
    assert (tmp_path / "my_model" / "1" / "model.tflite").read_bytes() == tflite.read_bytes()
    assert "my_model (added)" in run("list").stdout
    assert "my model.tflite" in run("info", "my_model").stdout
    assert "ok" in run("verify").stdout
    done = run("remove", "my_model")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert run("remove", "my_model", "--yes").returncode == 0
    assert not (tmp_path / "my_model").exists()


def test_scale_and_ink_are_taken_as_they_are_said(tflite, tmp_path, capsys):
    command = ["add", str(tflite), "--name", "said", "--scale", "-1..1", "--invert", "--output", "probabilities"]
    assert main([*command, "--root", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "reads poorly" in said.err
    adapter = zoo.load("said", root=tmp_path).card.facts.adapter
    assert adapter == Adapter((28, 28), 1 / 127.5, -1.0, True, "probabilities")


def test_who_reads_hardly_anything_is_refused_unless_it_is_meant(tmp_path):
    import keras

    network = reader([])
    network.layers[-1].set_weights([np.zeros((784, 10)), np.eye(10)[3]])
    path = converted(network, tmp_path / "constant.tflite")
    assert "it answers 3 to every digit" in refusal(path)
    result = added(path, tmp_path / "models", scale="0..1")
    assert "reads poorly: it answers 3 to every digit" in result.warning
    assert keras.__version__


def test_a_released_model_is_not_removed_and_its_name_is_taken(models, tflite, tmp_path):
    with pytest.raises(ArtifactError, match="'small_mlp', which the zoo builds itself"):
        remove("small_mlp", models)
    with pytest.raises(WrongUseError, match="a name that no model has, found 'small_mlp'"):
        add(tflite, Wishes(name="small_mlp"), models)
    with pytest.raises(WrongUseError, match="found 'Mine!'"):
        added(tflite, tmp_path, "Mine!")
    with pytest.raises(zoo.ModelNotFoundError):
        remove("nobody", models)


def test_a_tuned_model_is_removed(scratch_models, tmp_path):
    card = zoo.load("scratch_small_mlp", root=scratch_models).card
    metadata = {key: card.metadata[key] for key in card.metadata.keys() - {"name", "version", "files", "checksum"}}
    metadata["tuned_from"] = {"name": "scratch_small_mlp", "version": 1}

    def write(folder):
        (folder / "weights.npz").write_bytes((card.path / "weights.npz").read_bytes())

    for _ in range(2):
        zoo.artifacts.publish(tmp_path, "tuned", metadata, write, lambda folder: None)
    assert len(remove("tuned", tmp_path)) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_removal_that_broke_off_is_in_nobodys_way(tflite, tmp_path):
    (tmp_path / "mine" / ".removed-1").mkdir(parents=True)
    (tmp_path / "mine" / ".removed-1" / "model.tflite").touch()
    added(tflite, tmp_path)
    remove("mine", tmp_path)
    assert list(tmp_path.glob("mine*")) == []


def test_an_artifact_that_runs_already_is_refused(models):
    folder = zoo.load("small_mlp", root=models).card.path
    with pytest.raises(WrongUseError, match="Expected no options"):
        add(folder, Wishes(name="another"))
    with pytest.raises(ArtifactError, match="Expected an artifact without model.tflite"):
        add(folder, Wishes())


@pytest.mark.parametrize("value", [None, [], {"shape": [28]}, {"shape": [28, 28], "factor": 1, "offset": "0"}])
def test_an_adapter_of_another_form_counts_as_absent(value):
    assert Facts.from_json({"adapter": value}).adapter is None


def test_what_model_json_says_of_an_added_network_is_read_as_it_was_written():
    adapter = Adapter((1, 28, 28), 0.5, -1.0, True, "logits")
    facts = Facts(runtime="litert", added=zoo.facts.Added("a.keras", "keras", "00"), adapter=adapter)
    assert Facts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


# ---- What is refused


def torch_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    return content.getvalue()


FOREIGN = {
    "model.pkl": (pickle.dumps([1]), "a pickle"),
    "model.keras": (pickle.dumps([1]), "a pickle"),
    "model.pt": (torch_zip(), "a PyTorch file"),
    "model.onnx": (b"\x08\x07\x12\x07pytorch", "an ONNX file"),
    "saved_model.pb": (b"\x08\x01\x12\x00", "name the folder of a SavedModel"),
    "model.json": (b'{"class_name": "Sequential"}', "holds no weights"),
    "model.tflite": (b"\x1c\x00\x00\x00", "a damaged one"),
    "empty.keras": (b"", "an empty file"),
    "photo.png": (b"\x89PNG\r\n\x1a\n", "another kind of file"),
    "torn.tflite": (b"\x1c\x00\x00\x00TFL3\x14\x00", "a damaged one"),
    "torn.h5": (b"\x89HDF\r\n\x1a\n\x00", "a damaged one"),
    "zip.keras": (b"PK\x03\x04", "no Keras file"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_files_are_refused_by_what_they_are(name, tmp_path):
    content, expected = FOREIGN[name]
    (tmp_path / name).write_bytes(content)
    assert expected in refusal(tmp_path / name)


def test_foreign_folders_are_refused(tmp_path):
    assert "found nothing" in refusal(tmp_path / "nowhere")
    (tmp_path / "outer").mkdir()
    assert "an empty folder" in refusal(tmp_path / "outer")
    (tmp_path / "outer" / "inner").mkdir()
    assert "found a folder with inner" in refusal(tmp_path / "outer")
    (tmp_path / "outer" / "inner" / "saved_model.pb").touch()
    assert f"name {tmp_path / 'outer' / 'inner'}" in refusal(tmp_path / "outer")


@pytest.mark.parametrize("name", ["plain.keras", "plain.h5"])
def test_keras_and_tensorflow_are_asked_for_where_they_are_needed(name, tmp_path, monkeypatch):
    path = saved(reader([]), tmp_path / name)
    monkeypatch.setattr("zoo._support.processes.has_tensorflow", lambda: False)
    with pytest.raises(ZooError, match="needs TensorFlow, which is not installed: install it with"):
        added(path, tmp_path / "models")


def evil(path: Path, change) -> Path:
    """Save a Keras network, and change the configuration in its file."""
    import h5py

    saved(reader([]), path)
    if path.suffix == ".h5":
        with h5py.File(path, "r+") as file:
            config = json.loads(file.attrs["model_config"])
            change(config["config"]["layers"])
            file.attrs["model_config"] = json.dumps(config)
        return path
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    change(config["config"]["layers"])
    members["config.json"] = json.dumps(config)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def replaced(**entry):
    return lambda layers: layers[1].update(entry)


def configured(**settings):
    return lambda layers: layers[-1]["config"].update(settings)


EVIL = {
    "lambda": (replaced(class_name="Lambda", config={"function": ["4wEA", None, None]}), "no Lambda layer"),
    "custom": (replaced(class_name="Mine", module="mine", registered_name="mine>Mine"), "found 'mine>Mine'"),
    "named": (replaced(registered_name="mine>Flatten", module="mine"), "found 'mine>Flatten'"),
    "module": (replaced(class_name="Popen", module="subprocess"), "found 'Popen'"),
    "get_file": (
        configured(activation={"class_name": "function", "module": "keras.utils", "config": "get_file"}),
        "found 'function'",
    ),
    "loader": (replaced(class_name="load_model", module="keras.models", config={}), "found 'load_model'"),
    "saved_model": (replaced(class_name="TFSMLayer", module="keras.layers"), "found 'TFSMLayer'"),
    "lookup": (replaced(class_name="StringLookup", module="keras.layers"), "found 'StringLookup'"),
    "deep": (
        configured(kernel_initializer={"a": [{"class_name": "__lambda__", "config": {}}]}),
        "found '__lambda__'",
    ),
    "nobody": (replaced(class_name=["Flatten"]), "found '?'"),
    "huge": (configured(units=2**40), "found (n, 1099511627776)"),
    "hugest": (lambda layers: add_wide(layers), "Expected up to 67,108,864 parameters"),
}


def add_wide(layers):
    """Put a layer of a billion units before the last."""
    wide = {"name": "wide", "units": 2**30, "activation": "relu"}
    layers.insert(2, {"class_name": "Dense", "module": "keras.layers", "config": wide})
    layers[-1].pop("build_config", None)


@pytest.mark.parametrize("kind", ["keras", "h5"])
@pytest.mark.parametrize("name", EVIL)
def test_evil_keras_files_are_refused_before_anything_in_them_runs(name, kind, tmp_path):
    change, expected = EVIL[name]
    assert expected in refusal(evil(tmp_path / f"evil.{kind}", change))


def test_weights_that_lead_elsewhere_or_are_too_large_are_refused(tmp_path):
    import h5py

    path = saved(reader([]), tmp_path / "link.h5")
    with h5py.File(path, "r+") as file:
        file["model_weights/elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    assert "a link to elsewhere" in refusal(path)
    path = saved(reader([]), tmp_path / "bomb.h5")
    with h5py.File(path, "r+") as file:
        file.create_dataset("model_weights/bomb", (2**40,), "f4", chunks=(2**20,))
    assert "Expected a network of up to 512 MB" in refusal(path)
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["dense"] = np.zeros(3)
    assert "found its weights alone" in refusal(tmp_path / "weights.h5")


# ---- Twenty kinds of networks


def sequential(*layers, shape=(28, 28)):
    import keras

    return keras.Sequential([keras.Input(shape), *layers, keras.layers.Dense(10)])


def residual():
    from keras import Input, Model, layers

    image = Input((28, 28, 1))
    one = layers.Conv2D(4, 3, padding="same", activation="relu")(image / 255.0)
    both = layers.Concatenate()([layers.Add()([one, layers.Conv2D(4, 3, padding="same")(one)]), one])
    return Model(image, layers.Dense(10, activation="softmax")(layers.Flatten()(both)))


def attention():
    from keras import Input, Model, layers

    rows = Input((28, 28))
    mixed = layers.LayerNormalization()(layers.MultiHeadAttention(2, 8)(rows, rows) + rows)
    return Model(rows, layers.Dense(10)(layers.GlobalAveragePooling1D()(mixed)))


def in_half_precision():
    import keras

    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        return reader([], end=[keras.layers.Softmax()])
    finally:
        keras.mixed_precision.set_global_policy("float32")


def networks():
    from keras import layers as of

    return {
        "flat": lambda: reader([], "mean,std", shape=(784,)),
        "channels_first": lambda: reader([of.Reshape((28, 28))], shape=(1, 28, 28)),
        "sigmoids": lambda: reader([], end=[of.Activation("sigmoid")]),
        "augmenting": lambda: reader([of.RandomRotation(0.1), of.Rescaling(1 / 255)], shape=(28, 28, 1)),
        "normalising": lambda: reader([of.Normalization(axis=None, mean=33.3, variance=6178.0)], "mean,std"),
        "half_precision": in_half_precision,
        "residual": residual,
        "attention": attention,
        "nested": lambda: sequential(sequential(of.Flatten(), of.Dense(20, activation="gelu")), of.PReLU()),
        "convolutions": lambda: sequential(
            *(of.Conv2D(4, 3), of.BatchNormalization(), of.ReLU(), of.SeparableConv2D(6, 3), of.MaxPooling2D()),
            *(of.DepthwiseConv2D(3), of.UpSampling2D(), of.Conv2DTranspose(3, 3), of.GlobalAveragePooling2D()),
            shape=(28, 28, 1),
        ),
        "lstm": lambda: sequential(of.LSTM(8)),
        "both_ways": lambda: sequential(of.Bidirectional(of.GRU(4, return_sequences=True)), of.SimpleRNN(4)),
        "any_rows": lambda: sequential(of.GRU(4), shape=(None, 28)),
    }


NAMES = (
    *("flat", "channels_first", "sigmoids", "augmenting", "normalising", "half_precision", "residual", "attention"),
    *("nested", "convolutions", "lstm", "both_ways", "any_rows"),
)


def check_answers(network, path, root):
    """Add a network, said to be of 0..255, and compare what the zoo answers with what it does."""
    card = added(path, root, scale="0..255", output="logits").card
    inputs = IMAGES.astype(np.float32).reshape(len(IMAGES), *card.facts.adapter.shape)
    inputs = 255 - inputs if card.facts.adapter.inverted else inputs
    expected = np.asarray(network(inputs, training=False), np.float32)
    model = zoo.load("mine", root=root)
    found = model.predict(IMAGES).logits
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3 * max(1, np.abs(expected).max()))
    return card, model


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in NAMES for kind in ("keras", "folder")]
    + [(name, "h5") for name in ("flat", "augmenting", "nested", "convolutions", "lstm")],
)
def test_networks_of_many_kinds_answer_as_they_did(name, kind, tmp_path):
    network = networks()[name]()
    path = tmp_path / f"model.{kind}"
    if kind == "folder":
        network.export(path, verbose=False)
    else:
        saved(network, path)
    if kind == "folder" and name in ("augmenting", "half_precision"):
        assert "operations that LiteRT has built in" in refusal(path)  # random numbers, and products of float16
        return
    card, model = check_answers(network, path, tmp_path / "models")
    layers = model.activations(IMAGES[:3])
    assert list(layers) == list(card.shapes)
    assert bool(layers) == (kind != "folder")
    assert all(values.shape == (3, *card.shapes[layer]) for layer, values in layers.items())


@pytest.mark.parametrize("kind", ["plain", "half", "dynamic", "int8", "uint8"])
def test_tflite_of_every_quantisation_is_read(kind, tmp_path):
    import tensorflow as tf

    settings = {} if kind == "plain" else {"optimizations": [tf.lite.Optimize.DEFAULT]}
    if kind == "half":
        settings["supported_types"] = [tf.float16]
    if kind in ("int8", "uint8"):
        dtype = getattr(tf, kind)
        settings |= {
            "representative_dataset": lambda: ([image[None].astype(np.float32) / 255] for image in IMAGES),
            "supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8],
            "inference_input_type": dtype,
            "inference_output_type": dtype,
        }
    path = converted(reader([]), tmp_path / "model.tflite", **settings)
    if kind in ("int8", "uint8"):
        assert "leave it out, or give another" in refusal(path, scale="0..255")
    result = added(path, tmp_path / "models")
    assert result.best.scale == "0..1"
    found = zoo.load("mine", root=tmp_path / "models").predict(IMAGES)
    np.testing.assert_allclose(found.logits, expected_logits(), atol=0.5 if "int8" in kind else 0.05)
    assert result.card.parameters >= 7840


def test_tflite_of_one_image_without_a_signature_is_read(tmp_path):
    import tensorflow as tf

    weights, biases = linear_reader()
    function = tf.function(lambda x: tf.reshape(x, (1, 784)) @ weights + biases)
    graph = function.get_concrete_function(tf.TensorSpec((1, 28, 28), tf.float32))
    path = tmp_path / "model.tflite"
    path.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([graph]).convert())
    added(path, tmp_path / "models")
    found = zoo.load("mine", root=tmp_path / "models").predict(IMAGES)
    np.testing.assert_allclose(found.logits, expected_logits(), atol=1e-3)


def test_old_configurations_of_keras_are_read(tmp_path):
    import h5py
    from keras import layers as of

    network = sequential(of.LSTM(4))
    path = saved(network, tmp_path / "old.h5")
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        layers = config["config"]["layers"][1:]  # which began without an input layer
        layers[0]["config"] |= {"batch_input_shape": [None, 28, 28], "time_major": False}
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": layers})
    check_answers(network, path, tmp_path / "models")


def unfit():
    import keras
    from keras import Input, Model
    from keras import layers as of

    image, other = Input((28, 28)), Input((28, 28))
    flat = of.Flatten()(image)

    class Mine(of.Layer):
        def call(self, x):
            return x

    return {
        "eleven": (keras.Sequential([Input((28, 28)), of.Flatten(), of.Dense(11)]), r"found (n, 11)"),
        "larger": (sequential(of.Flatten(), shape=(32, 32)), "found (n, 32, 32)"),
        "coloured": (sequential(of.Flatten(), shape=(28, 28, 3)), "found (n, 28, 28, 3)"),
        "two_inputs": (Model([image, other], of.Dense(10)(of.Flatten()(image + other))), "one input in"),
        "two_outputs": (Model(image, [of.Dense(10)(flat), of.Dense(10)(flat)]), "one output in"),
        "lambda": (sequential(of.Lambda(lambda x: x, output_shape=(28, 28)), of.Flatten()), "no Lambda layer"),
        "custom": (sequential(Mine(), of.Flatten()), "found 'Mine'"),
    }


@pytest.mark.parametrize("name", ["eleven", "larger", "coloured", "two_inputs", "two_outputs", "lambda", "custom"])
def test_networks_that_do_not_fit_are_refused(name, tmp_path):
    network, expected = unfit()[name]
    assert expected in refusal(saved(network, tmp_path / "model.keras"))


def test_saved_models_that_do_not_fit_are_refused(tmp_path):
    import tensorflow as tf

    def read(x):
        return {"y": tf.reshape(x, (-1, 784))[:, :10]}

    def read_file(x):
        return {"y": read(x)["y"] + tf.strings.to_number(tf.io.read_file("/etc/hostname"))}

    def unusual(x):
        return {"y": tf.math.digamma(read(x)["y"])}

    def both(x):
        return {"y": read(x)["y"], "z": read(x)["y"]}

    assert "found a, b" in refusal(exported(None, tmp_path / "two", [], a=read, b=read))
    assert "ReadFile" in refusal(exported(read_file, tmp_path / "evil", []))
    assert "(Digamma)" in refusal(exported(unusual, tmp_path / "unusual", []))
    assert "one output in" in refusal(exported(both, tmp_path / "both", []))
    module = tf.Module()
    module.weights = tf.Variable(1.0)
    tf.saved_model.save(module, str(tmp_path / "none"))
    assert "no signature" in refusal(tmp_path / "none")


def test_tflite_that_does_not_fit_is_refused(tflite, tmp_path):
    import tensorflow as tf

    function = tf.function(lambda x: tf.raw_ops.Roll(input=tf.reshape(x, (1, 784))[:, :10], shift=[1], axis=[1]))
    graph = function.get_concrete_function(tf.TensorSpec((1, 28, 28), tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([graph])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.SELECT_TF_OPS]
    (tmp_path / "flex.tflite").write_bytes(converter.convert())
    assert "FlexRoll" in refusal(tmp_path / "flex.tflite")
    content = tflite.read_bytes()
    random = np.random.default_rng(0)
    for place in random.integers(0, 3000, 60):  # whatever is damaged, it is no crash
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        (tmp_path / "damaged.tflite").write_bytes(damaged)
        with contextlib.suppress(ZooError):
            added(tmp_path / "damaged.tflite", tmp_path / "models", f"n{place}", scale="0..1")
