"""The same answers from LiteRT and from TensorFlow, for every network and layer, at every size of batch."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import zoo
from zoo import ArtifactError
from zoo.artifacts import list_versions, publish
from zoo.card import Card
from zoo.runtimes.conversion import add_litert

KERAS = [card.name for card in zoo.list_models() if card.facts.runtime == "tensorflow"]


def same(one, other):
    assert one.dtype == other.dtype == np.float32
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4 * max(1, np.abs(other).max()))


def published_again(card, root, name, files):
    """Publish an artifact anew with other files: each a path to copy, or bytes."""

    def write(folder):
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content if isinstance(content, bytes) else content.read_bytes())

    metadata = {key: card.metadata[key] for key in card.metadata.keys() - {"name", "version", "files", "checksum"}}
    return publish(root, name, metadata, write, lambda folder: None)


@pytest.fixture
def card(models) -> Card:
    return zoo.load("small_mlp", root=models).card


@pytest.mark.slow
@pytest.mark.parametrize("name", KERAS)
def test_every_network_and_layer_answers_alike_on_both(name):
    light, full = zoo.load(name), zoo.load(name, runtime="tensorflow")
    random = np.random.default_rng(1)
    for count in (1, 65, 600, 2):  # one, more than a batch, so many that LiteRT goes another way, and few again
        images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        one, other = light.predict(images), full.predict(images)
        same(one.probabilities, other.probabilities)
        same(one.logits, other.logits)
    layers, others = light.activations(images), full.activations(images)
    assert list(layers) == list(others) == list(light.card.facts.layers)
    for layer in layers:
        same(layers[layer], others[layer])


@pytest.mark.parametrize("name", ["row_gru", "small_mlp"])
def test_who_expects_batches_gets_the_same_answers_at_every_size(name):
    model, expecting = zoo.load(name), zoo.load(name)
    expecting.expect_batches()
    images = np.random.default_rng(2).integers(0, 256, (67, 28, 28), dtype=np.uint8)
    for count in (1, 2, 5, 8, 64, 67, 1):
        found = expecting.predict(images[:count])
        assert found.logits.shape == (count, 10)
        same(found.logits, model.predict(images[:count]).logits)


@pytest.mark.slow
def test_an_artifact_of_before_gets_its_model_for_litert_and_nothing_else_changes(card, tmp_path):
    files = {name: card.path / name for name in card.files if name != "model.tflite"}
    old = published_again(card, tmp_path, "small_mlp", files)
    with pytest.raises(ArtifactError, match="no model.tflite"):
        zoo.load("small_mlp", root=tmp_path)
    new = add_litert(old)
    assert list_versions("small_mlp", tmp_path) == [1, 2]
    assert new.files.keys() - old.files.keys() == {"model.tflite"}
    assert {name: new.files[name] for name in old.files} == old.files
    assert (new.facts.weights_sha256, new.metrics) == (card.facts.weights_sha256, card.metrics)
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    expected = zoo.load("small_mlp", root=card.path.parent.parent).predict(images)
    same(zoo.load("small_mlp", root=tmp_path).predict(images).logits, expected.logits)


def test_a_model_file_that_litert_cannot_run_is_one_sentence(card, tmp_path):
    whole = (card.path / "model.tflite").read_bytes()
    for number, content in enumerate((b"", b"no flatbuffer", whole[:5000], whole.replace(b"logits", b"LOGITS"))):
        files = {name: card.path / name for name in card.files} | {"model.tflite": content}
        published_again(card, tmp_path, f"broken_{number}", files)
        with pytest.raises(ArtifactError, match="LiteRT cannot run .*model.tflite") as error:
            zoo.load(f"broken_{number}", root=tmp_path)
        assert "\n" not in str(error.value)


def test_another_runtime_than_the_artifact_has_is_refused(models, scratch_models):
    with pytest.raises(ArtifactError, match="does not run on 'numpy'.*'litert' or 'tensorflow'"):
        zoo.load("small_mlp", root=models, runtime="numpy")
    with pytest.raises(ArtifactError, match="does not run on 'litert'.*'numpy'"):
        zoo.load("scratch_small_mlp", root=scratch_models, runtime="litert")


def test_threads_take_turns(models):
    model = zoo.load("two_conv_cnn", root=models)
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    alone = [model.predict(image).logits for image in images]
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda image: model.predict(image).logits, images))
    np.testing.assert_array_equal(alone, at_once)


FORKING = """
import multiprocessing, sys, warnings
import numpy as np
import zoo

def load():
    return zoo.load("small_mlp", runtime=sys.argv[1])

def read(is_new):
    try:
        return str((load() if is_new else model).predict(np.zeros((28, 28))).digits)
    except zoo.ZooError as error:
        return str(error)

model = load()
model.predict(np.zeros((28, 28)))
warnings.simplefilter("ignore")  # that threads are lost, which is what this is about
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(*pool.map_async(read, [False, True]).get(timeout=60), sep="\\n")
"""


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="nobody forks there")
@pytest.mark.parametrize(
    ("runtime", "answer"),
    [("litert", r"\[\d\]"), pytest.param("tensorflow", r".*\.get_context\('spawn'\).*", marks=pytest.mark.slow)],
)
def test_processes_that_are_forked_after_a_model_was_loaded(runtime, answer):
    done = subprocess.run([sys.executable, "-c", FORKING, runtime], capture_output=True, text=True)
    assert re.fullmatch(f"({answer}\n){{2}}", done.stdout), done.stderr
