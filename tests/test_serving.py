"""The server beyond TensorFlow Serving's API: drawings and pictures, the page, headers, counts, batches."""

import asyncio
import codecs
import gzip
import io
import json
import logging
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

import zoo
from zoo._support.folders import REFERENCE_DIGITS
from zoo.explanation import layer_outputs, occlusion_map
from zoo.serving import batching
from zoo.serving.app import application
from zoo.serving.batching import Batcher
from zoo.serving.errors import RequestError
from zoo.serving.models import Models

NAMES = ["softmax", "small_mlp", "scratch_small_mlp", "lenet"]
SEVEN = [[[0.2, 0.2], [0.8, 0.2], [0.5, 0.9]], [[0.35, 0.55], [0.75, 0.55]]]


@pytest.fixture(scope="module")
def served():
    return Models(NAMES)


@pytest.fixture(scope="module")
def client(served):
    with TestClient(application(served)) as client:
        yield client


def test_a_drawing_is_answered_as_the_library_answers_it(client, served):
    image = zoo.image_from_strokes([np.array(stroke) for stroke in SEVEN])
    expected = zoo.compare(image, list(served.loaded.values()))
    answer = client.post("/v1/digits:compare", json={"strokes": SEVEN}).json()
    np.testing.assert_array_equal(answer["image"], image)
    assert answer["models"].keys() == set(NAMES)
    for name, said in answer["models"].items():
        prediction = expected.predictions[name]
        assert said["digit"] == prediction.digits[0]
        np.testing.assert_allclose(said["probabilities"], prediction.probabilities[0], rtol=1e-5)
        assert said["version"] == expected.cards[name].version
    vote = answer["vote"]
    assert (vote["verdict"], vote["summary"]) == (expected.verdict, expected.summary)
    assert vote["is_doubtful"] == expected.vote.is_doubtful
    np.testing.assert_allclose(vote["doubt"], expected.vote.doubt, rtol=1e-6)
    np.testing.assert_array_equal(vote["counts"], expected.vote.counts)


def test_some_models_and_saliency_on_request(client, served):
    content = {"strokes": SEVEN, "models": ["lenet"], "saliency": {"model": "small_mlp", "digit": 2}}
    answer = client.post("/v1/digits:compare", json=content).json()
    assert answer["models"].keys() == {"lenet"}
    saliency = answer["saliency"]
    assert (saliency["model"], saliency["digit"]) == ("small_mlp", 2)
    expected = occlusion_map(served.loaded["small_mlp"], np.array(answer["image"], np.uint8))[2]
    np.testing.assert_allclose(saliency["map"], expected, atol=1e-4)


def test_the_layers_of_a_model_on_request(client, served):
    answer = client.post("/v1/digits:compare", json={"strokes": SEVEN, "layers": "lenet"}).json()
    expected = layer_outputs(served.loaded["lenet"], np.array(answer["image"], np.uint8))
    assert answer["layers"]["model"] == "lenet"
    for found, layer in zip(answer["layers"]["layers"], expected, strict=True):
        assert (found["title"], found["kind"]) == (layer.title, layer.kind)
        np.testing.assert_allclose(found["values"], layer.values, atol=6e-4)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_answered_as_the_library_answers_it(client, kind):
    content = io.BytesIO()
    Image.open(REFERENCE_DIGITS / "3.png").convert("RGB").save(content, kind)
    answer = client.post("/v1/digits:compare?saliency=lenet&models=lenet,softmax", content=content.getvalue()).json()
    np.testing.assert_array_equal(answer["image"], zoo.image_from_picture(io.BytesIO(content.getvalue())))
    assert answer["models"].keys() == {"lenet", "softmax"}
    assert answer["vote"]["verdict"] == "3"
    assert answer["saliency"]["digit"] == 3


def huge_picture():
    content = io.BytesIO()
    Image.new("L", (3000, 3000), 255).save(content, "PNG")
    return content.getvalue()


def picture_that_claims(side):
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    checked = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + checked + b"\0\0\0\4IDAT"


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", 400, "The document is empty"),
        (b"[]", 400, "or a picture as PNG or JPEG"),
        (b"{}", 400, "or a picture as PNG or JPEG"),
        (b'{"strokes": 7}', 400, "or a picture as PNG or JPEG"),
        (b'{"strokes": []}', 400, "found no ink"),
        (b'{"strokes": [[[1, 2, 3]]]}', 400, "Expected strokes as arrays (k, 2)"),
        (b'{"strokes": [[[1, "a"]]]}', 400, "Expected points as [x, y]"),
        (b'{"strokes": [[[1, true]]]}', 400, "Expected points as [x, y]"),
        pytest.param(
            json.dumps({"strokes": [["x" * 1_000_000, *["a"] * 19_000]]}).encode(),
            400,
            "Expected points as [x, y]",
            id="as texts of NumPy, 76 GB",
        ),
        (b'{"strokes": [[[1, 1e200]]]}', 400, "Expected finite coordinates"),
        (b'{"strokes": [[[0, 0], [1]]]}', 400, "Expected strokes as arrays (k, 2)"),
        (b'{"strokes": [' + b"[" * 400 + b"]" * 400 + b"]}", 400, "Expected points"),
        (b'{"strokes": [' + b"[" * 1000 + b"]" * 1000 + b"]}", 400, "Expected points"),
        (b"[" * 1000 + b"]" * 1000, 400, "or a picture as PNG or JPEG"),
        (b"GIF89a" + bytes(20), 400, "or a picture as PNG or JPEG"),
        (b'{"strokes": [[[0, 0]]], "models": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "Expected models as a list"),
        (b'{"strokes": [[[0, 0]]], "colour": 1}', 400, "found 'colour'"),
        (b'{"strokes": [[[0, 0]]], "models": "lenet"}', 400, "Expected models as a list of names"),
        (b'{"strokes": [[[0, 0]]], "models": ["other"]}', 404, "Latest(other)"),
        (b'{"strokes": [[[0, 0]]], "saliency": 3}', 400, "Expected saliency as"),
        (b'{"strokes": [[[0, 0]]], "saliency": {"digit": 3}}', 400, "Expected saliency as"),
        (b'{"strokes": [[[0, 0]]], "saliency": {"model": "lenet", "colour": 3}}', 400, "Expected saliency as"),
        (b'{"strokes": [[[0, 0]]], "saliency": {"model": "lenet", "digit": true}}', 400, "0 to 9, found True"),
        (b'{"strokes": [[[0, 0]]], "saliency": {"model": "other"}}', 404, "Latest(other)"),
        (b'{"strokes": [[[0, 0]]], "layers": ["lenet"]}', 400, "Expected layers as the name of a model"),
        (b'{"strokes": [[[0, 0]]], "layers": "other"}', 404, "Latest(other)"),
        (json.dumps({"strokes": [[[0, 0]] * 20_001]}).encode(), 413, "at most 20,000 points"),
        (b"\x89PNG\r\n\x1a\nnot", 400, "found a damaged one"),
        (b"\xff\xd8\xffnot", 400, "found a damaged one"),
        (huge_picture(), 413, "at most 4,000,000 pixels"),
        (picture_that_claims(20_000), 413, "at most 4,000,000 pixels"),
    ],
)
def test_what_is_no_drawing_is_refused_with_a_sentence(client, content, status, what):
    answer = client.post("/v1/digits:compare", content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert what in answer.json()["error"]


def test_bodies_may_come_as_gzip_or_with_a_byte_order_mark(client):
    body = json.dumps({"strokes": SEVEN}).encode()
    plain = client.post("/v1/digits:compare", content=body).json()
    for content, headers in (
        (gzip.compress(body), {"Content-Encoding": "gzip"}),
        (codecs.BOM_UTF8 + body, {}),
    ):
        assert client.post("/v1/digits:compare", content=content, headers=headers).json() == plain


@pytest.mark.parametrize(
    ("content", "encoding", "status", "what"),
    [
        (gzip.compress(b" " * 3_000_000), "gzip", 413, "at most 2,097,152 bytes"),
        (b'{"strokes": []}', "gzip", 400, "damaged"),
        (gzip.compress(b'{"strokes": []}')[:-9], "gzip", 400, "the beginning of one"),
        (b"", "gzip", 400, "the beginning of one"),
        (b"x", "br", 415, "'br'"),
    ],
    ids=["bomb", "plain", "cut", "empty", "other"],
)
def test_a_body_that_cannot_be_inflated_is_refused(client, content, encoding, status, what):
    answer = client.post("/v1/digits:compare", content=content, headers={"Content-Encoding": encoding})
    assert answer.status_code == status
    assert what in answer.json()["error"]


def test_too_many_connections_are_told_so_as_json(served):
    async def ask(scope, receive, send):
        await application(served)(scope | {"state": {"too_many": True}}, receive, send)

    answer = TestClient(ask).get("/v1/models")
    assert answer.status_code == 503
    assert "too many" in answer.json()["error"]
    assert "content-security-policy" in answer.headers


def test_an_example_is_a_drawing_of_the_digit_that_is_asked_for(client):
    strokes = client.get("/v1/digits:example?digit=3").json()["strokes"]
    assert client.post("/v1/digits:compare", json={"strokes": strokes}).status_code == 200
    assert client.get("/v1/digits:example").json()["digit"] in range(10)
    for wanted in ("10", "x", ""):
        assert client.get(f"/v1/digits:example?digit={wanted}").status_code == 400


def test_cards_say_what_is_known_of_each_model(client):
    cards = client.get("/v1/models").json()["models"]
    assert [card["name"] for card in cards] == [card.name for card in zoo.list_models() if card.name in NAMES]
    assert cards[0]["metrics"]["mnist_test"]["total"] == 10_000


def test_the_page_and_all_that_it_names_come_from_here(client):
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    named = [part.split('"')[1] for part in page.text.split() if part.startswith(("href=", "src="))]
    assert len(named) >= 3
    for address in named:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
    assert "style=" not in page.text
    assert " onclick" not in page.text


@pytest.mark.parametrize("path", ["/", "/v1/models", "/v1/models/none", "/nothing", "/metrics", "/health"])
def test_every_answer_has_strict_headers(client, path):
    headers = client.get(path, headers={"Origin": "https://example.org"}).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers
    assert headers.get("cache-control") == ("no-store" if path.startswith("/v1/") else "no-cache")


def test_pages_of_others_may_read_the_answers_where_that_is_asked_for(served):
    with TestClient(application(served, ["https://example.org"])) as client:
        allowed = client.get("/v1/models", headers={"Origin": "https://example.org"}).headers
        assert allowed["access-control-allow-origin"] == "https://example.org"
        other = client.get("/v1/models", headers={"Origin": "https://example.com"}).headers
        assert "access-control-allow-origin" not in other
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        before = client.options("/v1/digits:compare", headers={"Origin": "https://example.org", **asking})
        assert before.status_code == 200
        assert "POST" in before.headers["access-control-allow-methods"]


def test_requests_are_counted_and_leave_one_line_each(client, caplog):
    def count(line):
        found = [text for text in client.get("/metrics").text.splitlines() if text.startswith(line)]
        return float(found[0].split()[-1]) if found else 0

    line, images = 'zoo_requests_total{status="404",what="predict"}', 'zoo_images_total{model="softmax"}'
    before, seen = count(line), count(images)
    with caplog.at_level(logging.INFO, "zoo.serving"):
        client.post("/v1/models/other:predict", content=b"{}")
        client.post("/v1/digits:compare", json={"strokes": SEVEN})
    assert count(line) == before + 1
    assert count(images) == seen + 1
    lines = [record.getMessage() for record in caplog.records]
    assert [text.split()[1:4] for text in lines[:2]] == [
        ["POST", "/v1/models/other:predict", "404"],
        ["POST", "/v1/digits:compare", "200"],
    ]
    assert not any("0.2" in text.split(" ms")[0].split("compare")[0] for text in lines)  # nothing that was drawn


def test_health(client):
    assert client.get("/health").json() == {"status": "ok", "models": len(NAMES), "failed": 0}


def test_what_should_not_be_is_told_in_one_sentence_and_logged(served, caplog, monkeypatch):
    def fail(*_):
        raise RuntimeError("a secret")

    monkeypatch.setattr("zoo.serving.contract.status_json", fail)
    with TestClient(application(served)) as client:
        answer = client.get("/v1/models/lenet")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"].startswith("The server failed")
    assert "a secret" in caplog.text


# ---- Batches


class Counting:
    """A model that notes how many images it was given at a time, and is told when to go on."""

    def __init__(self, classifier):
        self.card, self._classifier, self.batches = classifier.card, classifier, []

    def predict(self, images):
        self.batches.append(len(images))
        return self._classifier.predict(images)


def test_what_waits_is_answered_in_one_batch_and_each_gets_its_own(served, images):
    model = Counting(served.loaded["softmax"])
    expected = served.loaded["softmax"].predict(images)

    async def ask():
        batcher = Batcher({"softmax": model})
        whole = batcher.predict(["softmax"], images.astype(np.float32))
        each = [batcher.predict(["softmax"], image[None].astype(np.float32)) for image in images]
        answers = await asyncio.gather(whole, *each)
        batcher.close()
        return answers

    whole, *each = asyncio.run(ask())
    assert model.batches == [7, 7]  # the first at once, all others together
    np.testing.assert_allclose(whole["softmax"].logits, expected.logits, rtol=1e-5)
    found = np.concatenate([answer["softmax"].logits for answer in each])
    np.testing.assert_allclose(found, expected.logits, rtol=1e-5)


def test_a_large_request_goes_in_parts_that_let_others_in_between(served, images):
    model = Counting(served.loaded["softmax"])
    many = np.tile(images, (30, 1, 1)).astype(np.float32)

    async def ask():
        batcher = Batcher({"softmax": model})
        finished = []

        async def note(name, images):
            answer = await batcher.predict(["softmax"], images)
            finished.append(name)
            return answer

        answers = await asyncio.gather(note("large", many), note("small", many[:1]))
        batcher.close()
        return answers, finished

    (large, _), finished = asyncio.run(ask())
    assert finished == ["small", "large"]
    assert max(model.batches) <= batching.PART + 1
    expected = served.loaded["softmax"].predict(many)
    np.testing.assert_allclose(large["softmax"].probabilities, expected.probabilities, rtol=1e-5)


def test_too_many_that_wait_are_told_to_come_later(served, images):
    async def ask():
        batcher = Batcher(served.loaded)
        image = images[:1].astype(np.float32)
        questions = [batcher.predict(["softmax"], image) for _ in range(batching.MOST_WAITING + 5)]
        answers = await asyncio.gather(*questions, return_exceptions=True)
        batcher.close()
        return answers

    refused = [answer for answer in asyncio.run(ask()) if isinstance(answer, RequestError)]
    assert [error.status for error in refused] == [503] * 4  # the first was being answered
    assert "queue" in str(refused[0])


def test_a_model_that_fails_fails_those_who_asked_it_and_nobody_else(served, images):
    class Failing:
        card = served.loaded["lenet"].card

        def predict(self, images):
            raise RuntimeError("torn")

    async def ask():
        batcher = Batcher({"lenet": Failing(), "softmax": served.loaded["softmax"]})
        image = images[:1].astype(np.float32)
        questions = [batcher.predict([name], image) for name in ("softmax", "lenet", "softmax")]
        answers = await asyncio.gather(*questions, return_exceptions=True)  # the last two in one turn
        batcher.close()
        return answers

    _, failed, answered = asyncio.run(ask())
    assert str(failed) == "torn"
    assert answered["softmax"].digits.shape == (1,)
