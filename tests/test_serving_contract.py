"""What the server takes and answers, against what TensorFlow Serving documents, and what it does where it says less."""

import json
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

import zoo
from zoo.artifacts import list_versions, publish
from zoo.serving.app import application
from zoo.serving.contract import metadata_json
from zoo.serving.models import Models

NAME = "small_mlp"
PATH = f"/v1/models/{NAME}"
VERSIONED = f"{PATH}/versions/{list_versions(NAME)[-1]}"


@pytest.fixture(scope="module")
def client():
    with TestClient(application(Models([NAME, "scratch_small_mlp"]))) as client:
        yield client


@pytest.fixture(scope="module")
def model():
    return zoo.load(NAME)


def as_lists(images):
    return np.asarray(images).tolist()


# ---- Recorded: https://www.tensorflow.org/tfx/serving/api_rest, and the metadata of its own test model

STATUS = """{
 "model_version_status": [
  {
   "version": "123",
   "state": "AVAILABLE",
   "status": {
    "error_code": "OK",
    "error_message": ""
   }
  }
 ]
}"""
MISSING = '{ "error": "Servable not found for request: Latest(half)" }'
SIGNATURE = """{
 "inputs": {
  "x": {
   "dtype": "DT_FLOAT",
   "tensor_shape": {
    "dim": [
     {"size": "-1", "name": ""},
     {"size": "1", "name": ""}
    ],
    "unknown_rank": false
   },
   "name": "x:0"
  }
 },
 "outputs": {
  "y": {
   "dtype": "DT_FLOAT",
   "tensor_shape": {
    "dim": [
     {"size": "-1", "name": ""},
     {"size": "1", "name": ""}
    ],
    "unknown_rank": false
   },
   "name": "y:0"
  }
 },
 "method_name": "tensorflow/serving/predict",
 "defaults": {}
}"""


def tensor_like(recorded, name, shape):
    """Return the recorded description of a tensor with another name and shape in it."""
    [(_, tensor)] = recorded.items()
    dimension = tensor["tensor_shape"]["dim"][0]
    dims = [dimension | {"size": str(size)} for size in (-1, *shape)]
    return tensor | {"name": name, "tensor_shape": tensor["tensor_shape"] | {"dim": dims}}


@pytest.mark.parametrize("path", [PATH, VERSIONED, "/v1/MODELS/small_mlp"])
def test_the_state_is_worded_as_documented(client, path, model):
    expected = json.loads(STATUS.replace("123", str(model.card.version)))
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == expected


def test_a_model_that_is_not_there_is_refused_as_documented(client):
    answer = client.post("/v1/models/half:predict", content='{"instances": [1.0,5.0]}')
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert answer.json() == json.loads(MISSING)


def test_metadata_is_worded_as_recorded_field_by_field(client, model):
    recorded, answer = json.loads(SIGNATURE), client.get(f"{PATH}/metadata").json()
    version = str(model.card.version)
    assert answer.keys() == {"model_spec", "metadata"}
    assert answer["model_spec"] == {"name": NAME, "signature_name": "", "version": version}
    assert answer == client.get(f"{PATH}/versions/{version}/metadata").json()
    found = answer["metadata"]["signature_def"]["signature_def"]
    assert found["serving_default"] == recorded | {
        "inputs": {"image": tensor_like(recorded["inputs"], "serving_default_image:0", (28, 28))},
        "outputs": {
            "logits": tensor_like(recorded["outputs"], "StatefulPartitionedCall_2:0", (10,)),
            "probabilities": tensor_like(recorded["outputs"], "StatefulPartitionedCall_2:1", (10,)),
        },
    }
    assert found.keys() == {"serving_default", "serve", "activations", "__saved_model_init_op"}
    assert found["activations"]["outputs"].keys() == model.card.facts.layers.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["small_mlp", "two_conv_cnn", "row_gru"])
def test_metadata_is_what_the_saved_model_itself_says(name):
    from google.protobuf.json_format import MessageToDict
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    card = zoo.load(name).card
    saved = SavedModel()
    saved.ParseFromString((card.path / "saved_model.pb").read_bytes())
    expected = {
        key: MessageToDict(signature, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
        for key, signature in saved.meta_graphs[0].signature_def.items()
    }
    found = metadata_json(card)["metadata"]["signature_def"]["signature_def"]
    assert json.loads(json.dumps(found)) == expected


# ---- Predictions: rows and columns, as the page describes them


def test_rows_are_answered_by_rows(client, model, images):
    expected = model.predict(images)
    for instances in (as_lists(images), [{"image": image} for image in as_lists(images)]):
        answer = client.post(f"{PATH}:predict", json={"instances": instances})
        assert answer.status_code == 200
        [(key, rows)] = answer.json().items()
        assert key == "predictions"
        assert [row.keys() for row in rows] == [{"logits", "probabilities"}] * len(images)
        for output in ("logits", "probabilities"):
            found = np.array([row[output] for row in rows], np.float32)
            np.testing.assert_allclose(found, getattr(expected, output), rtol=1e-5, atol=1e-5)


def test_columns_are_answered_by_columns(client, model, images):
    expected = model.predict(images)
    for inputs in (as_lists(images), {"image": as_lists(images)}):
        content = {"signature_name": "serve", "inputs": inputs}
        [(key, columns)] = client.post(f"{VERSIONED}:predict", json=content).json().items()
        assert key == "outputs"
        found = np.array(columns["probabilities"], np.float32)
        np.testing.assert_allclose(found, expected.probabilities, rtol=1e-5, atol=1e-5)


def test_the_signature_activations_gives_every_layer(client, model, images):
    content = {"signature_name": "activations", "inputs": as_lists(images)}
    outputs = client.post(f"{PATH}:predict", json=content).json()["outputs"]
    expected = model.activations(images)
    assert outputs.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(np.array(outputs[name], np.float32), values, rtol=1e-5, atol=1e-4)


def test_decimals_are_the_shortest_that_stand_for_the_number(client, images):
    text = client.post(f"{PATH}:predict", json={"instances": as_lists(images[:1])}).text
    logit = json.loads(text)["predictions"][0]["logits"][0]
    assert str(np.float32(logit)) in text


def test_as_many_images_as_are_allowed_are_answered_in_order(client, model):
    random = np.random.default_rng(0)
    images = random.integers(0, 2, (1000, 28, 28)) * 255 * (random.random((1000, 1, 1)) < 0.9)
    body = json.dumps({"inputs": images.tolist()}, separators=(",", ":")).replace("255", "9")
    answer = client.post(f"{PATH}:predict", content=body)
    expected = model.predict(np.minimum(images, 9).astype(np.float32))
    found = np.array(answer.json()["outputs"]["logits"], np.float32)
    np.testing.assert_allclose(found, expected.logits, rtol=1e-4, atol=1e-4)


# ---- What is refused, in TensorFlow Serving's words

ROW = as_lists(np.zeros((28, 28)))
REFUSED = {
    "": "JSON Parse error: The document is empty",
    "instances = [1, 2]": "JSON Parse error: Invalid value. at offset: 0",
    "[1]": "JSON Value: [\n  1\n] Is not object",
    "{}": "Missing 'inputs' or 'instances' key",
    '{"instances": 1}': "Excepting 'instances' to be an list/array",
    '{"instances": []}': "No values in 'instances' array",
    '{"instances": [1], "inputs": [1]}': "expecting only one of 'inputs' or 'instances' keys to exist",
    '{"instances": [1], "signature_name": 100}': "'signature_name' key must be a string value.",
    '{"instances": [1], "signature_name": "other"}': 'Serving signature name: "other" not found in signature def',
    '{"instances": ["x", 1]}': (
        "Failed to process element: 0 of 'instances' list. Error: INVALID_ARGUMENT: "
        'JSON Value: "x" Type: String is not of expected type: float'
    ),
    '{"instances": [[true, 1]]}': "JSON Value: true Type: True is not of expected type: float",
    '{"instances": [[null, 1]]}': "JSON Value: null Type: Null is not of expected type: float",
    '{"instances": [[[1, 2], 3]]}': "JSON Value: 3 found at incorrect level: 2 in the JSON DOM. Expected at level: 2",
    '{"instances": [[[1, 2], [3]]]}': "Encountered list at unexpected size: 1 at level: 1 expected size: 2",
    '{"instances": [[1, [2]]]}': "Encountered list at unexpected level: 1 expected < 1",
    '{"instances": [[1, 2], [1]]}': "Expecting tensor size: 2 but got: 1",
    '{"instances": [[1, 2], [[1], [2]]]}': "Expecting shape [2] but got: [2,1]",
    '{"instances": [[1], {"image": [1]}]}': "Expecting value/list but got object at item 1 of input list",
    '{"instances": [{"image": [1]}, [1]]}': "Expecting object but got list at item 1 of input list",
    '{"instances": [{"x": [1]}]}': "key: x of 'instances' list. Error: INVALID_ARGUMENT: JSON object: does not have",
    '{"instances": [{}]}': "keys must be equal to: image",
    '{"inputs": {"x": [1]}}': "Missing named input: image in 'inputs' object.",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_is_malformed_is_refused_in_the_same_words(client, body):
    answer = client.post(f"{PATH}:predict", content=body)
    assert answer.status_code == 400
    [(key, message)] = answer.json().items()
    assert key == "error"
    assert REFUSED[body] in message


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (json.dumps({"instances": [ROW, ROW[:27]]}), 400, "Expecting tensor size: 784 but got: 756"),
        (json.dumps({"instances": [ROW[:27]]}), 400, "found [1,27,28]"),
        (json.dumps({"inputs": []}), 400, "send one or more"),
        (json.dumps({"inputs": 7}), 400, "found []"),
        (json.dumps({"inputs": [[[256] * 28] * 28]}), 400, "Expected grey levels from 0 (paper) to 255 (ink)"),
        (json.dumps({"inputs": [[[float("nan")] * 28] * 28]}), 400, "JSON Parse error"),
        ('{"inputs": [[[1e999]]]}', 400, "error"),
        ('{"inputs": ' + "[" * 500 + "]" * 500 + "}", 400, "unexpected level"),
        ('{"inputs": ' + "[" * 100_000, 400, "JSON Parse error"),
        (json.dumps({"inputs": [[[0]]] * 1001}), 400, "found [1001,1,1]"),
        ('{"inputs": "' + "x" * 2_200_000 + '"}', 413, "at most 2,097,152 bytes"),
        (b'{"inputs": "\xff"}', 400, "JSON Parse error"),
        pytest.param(
            json.dumps({"inputs": ["x" * 1_000_000, *[1] * 19_000]}), 400, "Type: String", id="as texts of NumPy, 76 GB"
        ),
    ],
)
def test_what_this_server_does_not_take_is_refused_with_a_sentence(client, body, status, what):
    answer = client.post(f"{PATH}:predict", content=body)
    assert answer.status_code == status
    assert what in answer.text


@pytest.mark.slow
def test_more_images_than_allowed_are_refused(client):
    body = json.dumps({"inputs": np.zeros((1001, 28, 28), int).tolist()}, separators=(",", ":"))
    answer = client.post(f"{PATH}:predict", content=body)
    assert answer.status_code == 413
    assert "at most 1,000 images, found 1,001" in answer.json()["error"]
    many = {"signature_name": "activations", "inputs": np.zeros((700, 28, 28), int).tolist()}
    answer = client.post(f"{PATH}:predict", content=json.dumps(many, separators=(",", ":")))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/models/half", 404, "Could not find any versions of model half"),
        ("GET", f"{PATH}/versions/99", 404, f"Could not find version 99 of model {NAME}"),
        ("POST", f"{PATH}/versions/99:predict", 404, f"Servable not found for request: Specific({NAME}, 99)"),
        ("GET", "/v1/foo", 400, "Malformed request: GET /v1/foo"),
        ("POST", "/v1/models", 400, "Malformed request: POST /v1/models"),
        ("GET", f"{PATH}:predict", 400, f"Malformed request: GET {PATH}:predict"),
        ("POST", f"{PATH}/versions/HELLO:predict", 400, f"Malformed request: POST {PATH}/versions/HELLO:predict"),
        ("GET", f"{PATH}/versions/{2**64}", 400, f"Failed to convert version: {2**64} to numeric."),
        ("GET", f"{PATH}/labels/stable", 400, "Unrecognized servable version label: stable"),
        (
            "POST",
            f"{PATH}:classify",
            400,
            "Expected classification signature method_name to be tensorflow/serving/classify. "
            "Was: tensorflow/serving/predict",
        ),
        ("PUT", PATH, 400, f"Malformed request: PUT {PATH}"),
    ],
)
def test_addresses_that_lead_nowhere_are_refused_in_the_same_words(client, method, path, status, message):
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json() == {"error": message}


def test_every_version_in_the_folder_is_served(models, tmp_path):
    card = zoo.load("small_mlp", root=models).card
    metadata = {key: card.metadata[key] for key in card.metadata.keys() - {"name", "version", "files", "checksum"}}
    root, others = tmp_path / "models", range(1, 7)

    def copy(folder):
        for file in card.files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes((card.path / file).read_bytes())

    for _ in range(7):
        latest = publish(root, "small_mlp", metadata, copy, lambda folder: None).version
    expected = zoo.load("small_mlp", root=models).predict(np.array(ROW)).probabilities[0]
    with TestClient(application(Models(root=root))) as client:
        states = client.get(PATH).json()["model_version_status"]
        assert [state["version"] for state in states] == [str(version) for version in range(latest, 0, -1)]
        for version in [*others, *others]:  # more than are kept at a time
            path = f"{PATH}/versions/{version}"
            [state] = client.get(path).json()["model_version_status"]
            assert (state["version"], state["state"]) == (str(version), "AVAILABLE")
            assert client.get(f"{path}/metadata").json()["model_spec"]["version"] == str(version)
            [answer] = client.post(f"{path}:predict", json={"instances": [ROW]}).json()["predictions"]
            np.testing.assert_allclose(answer["probabilities"], expected, rtol=1e-5)
        (root / "small_mlp" / "1" / "model.tflite").write_bytes(b"torn")
        assert client.post(f"{PATH}/versions/7:predict", json={"instances": [ROW]}).status_code == 200
        answer = client.post(f"{PATH}/versions/1:predict", json={"instances": [ROW]})
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": f"Servable not found for request: Specific({NAME}, 1)"},
        )
        [state] = client.get(f"{PATH}/versions/1").json()["model_version_status"]
        assert (state["state"], state["status"]["error_code"]) == ("END", "DATA_LOSS")
        assert client.get(f"{PATH}/versions/8").status_code == 404


def test_a_damaged_model_has_ended_and_the_others_answer(models, tmp_path):
    import shutil

    root = tmp_path / "models"
    shutil.copytree(models, root)
    (file,) = root.glob("two_conv_cnn/*/model.tflite")
    Path(file).write_bytes(b"torn")
    with TestClient(application(Models(root=root))) as client:
        [state] = client.get("/v1/models/two_conv_cnn").json()["model_version_status"]
        assert (state["state"], state["status"]["error_code"]) == ("END", "DATA_LOSS")
        assert "model.tflite" in state["status"]["error_message"]
        answer = client.post("/v1/models/two_conv_cnn:predict", json={"instances": [ROW]})
        assert (answer.status_code, answer.json()) == (
            404,
            {"error": "Servable not found for request: Latest(two_conv_cnn)"},
        )
        assert client.post(f"{PATH}:predict", json={"instances": [ROW]}).status_code == 200
        cards = {card["name"]: card for card in client.get("/v1/models").json()["models"]}
        assert "model.tflite" in cards["two_conv_cnn"]["error"]
        assert "error" not in cards[NAME]
