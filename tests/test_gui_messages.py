"""What travels between the window and the worker: whole when it arrives, and refused when it is not what it says."""

import json

import numpy as np
import pytest

from gui.worker.encoding import from_json, to_json
from gui.worker.messages import (
    Answer,
    Chart,
    Explained,
    LabelledDigit,
    MessageError,
    Progress,
    Read,
    Request,
    Result,
)
from zoo.explanation import Layer

IMAGE = np.arange(784).reshape(28, 28).astype(np.uint8)


def test_what_arrives_is_what_was_sent():
    layer = Layer("conv_1", "Convolution: 2 feature maps of 3 × 3", "feature maps", np.ones((2, 3, 3), np.float32))
    explained = Explained("small_mlp", None, [layer], np.full((10, 28, 28), -0.25, np.float32))
    arrived = from_json(to_json(Answer(3, "explain", explained)))
    assert (arrived.request, arrived.task, arrived.result.model, arrived.result.generation) == (
        3,
        "explain",
        *("small_mlp", None),
    )
    [again] = arrived.result.layers
    assert (again.name, again.title, again.kind) == (layer.name, layer.title, layer.kind)
    for before, after in ((layer.values, again.values), (explained.occlusion_map, arrived.result.occlusion_map)):
        assert (after.dtype, after.shape) == (before.dtype, before.shape)
        np.testing.assert_array_equal(after, before)
    strokes = [np.array([(0.5, 0.25), (0.75, 1.0)])]
    [stroke] = from_json(to_json(LabelledDigit(1, 7, strokes))).strokes
    np.testing.assert_array_equal(stroke, strokes[0])
    request = from_json(to_json(Request(1, "explain", {"model": "a", "image": IMAGE[:, ::2], "generation": None})))
    np.testing.assert_array_equal(request.arguments["image"], IMAGE[:, ::2])
    assert from_json(to_json(Chart(b"PNG\0"))) == Chart(b"PNG\0")
    assert from_json(to_json(Result(1, "a", [0.5, 0, 1], 2))) == Result(1, "a", [0.5, 0, 1], 2)


@pytest.mark.parametrize(
    "message",
    [
        "no JSON",
        {"@type": "System", "command": "ls"},
        {"@type": "Progress", "request": 1, "task": "chart"},
        {"@type": "Progress", "request": 1, "task": "chart", "done": "half"},
        {"@type": "Progress", "request": 1, "task": "chart", "done": float("nan")},
        {"@type": "Progress", "request": True, "task": "chart", "done": 0.5},
        {"@type": "Progress", "request": 1, "task": "chart", "done": 0.5, "more": 1},
        {"@type": "Result", "generation": 1, "model": "a", "probabilities": [0.5, "0.5"], "milliseconds": 1},
        {"@type": "Read", "generation": 1, "image": [[0]], "models": []},
        {"@type": "array", "dtype": "uint8", "shape": [3], "base64": "AAAA AA"},
        {"@type": "array", "dtype": "uint8", "shape": [4], "base64": "AAAA"},
        {"@type": "array", "dtype": "object", "shape": [1], "base64": "AAAAAAAAAAA="},
        {"@type": "array", "dtype": "uint8", "shape": [3]},
        {"@type": "bytes"},
    ],
)
def test_what_is_no_message_is_refused(message):
    content = message if isinstance(message, str) else json.dumps(message)
    with pytest.raises(MessageError):
        from_json(content.encode())


@pytest.mark.parametrize("image", [IMAGE[None], IMAGE.astype(np.float32)])
def test_a_drawing_is_an_image(image):
    with pytest.raises(MessageError, match="28 x 28"):
        Read(1, image, [])


def test_what_has_no_type_cannot_travel():
    with pytest.raises(TypeError, match="cannot travel"):
        to_json({"path": object()})
    with pytest.raises(MessageError, match="as done of Progress"):
        Progress(1, "chart", None)
