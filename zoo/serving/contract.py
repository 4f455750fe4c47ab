"""The REST API of TensorFlow Serving: its paths, what it takes and answers, and how it words what it refuses.

Source: https://www.tensorflow.org/tfx/serving/api_rest, and of what that page leaves open, how TensorFlow Serving
behaves: its ``http_rest_api_util.cc`` has the paths, its ``json_tensor.cc`` the requests and answers.
"""

import re
import reprlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import orjson

from zoo.card import Card
from zoo.serving.errors import RequestError

MOST_INSTANCES = 1000
MOST_NUMBERS = 1_000_000
"""In one answer: of the layers of a large network, that is some thirty images."""
_SHOWN = 200  # characters of a value that an error quotes
_DEEPEST = 8  # lists in lists
INPUT = "image"
DEFAULT_SIGNATURE = "serving_default"
_PREDICT = "tensorflow/serving/predict"

_VERSION = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_GET = re.compile(rf"/v1/models(?:/(?P<name>[^/:]+))?{_VERSION}(?:/(?P<verb>metadata))?", re.IGNORECASE | re.ASCII)
_POST = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_VERSION}:(?P<verb>classify|regress|predict)", re.IGNORECASE | re.ASCII
)


class Target(NamedTuple):
    """What a path names: a model, one version of it or the latest, and what to do: ``"status"`` where it says none."""

    name: str
    version: int | None
    verb: str


def parse_path(method: str, path: str) -> Target:
    """Return what a path below ``/v1/`` names.

    Raises:
        RequestError: it is none of this API.
    """
    match = {"GET": _GET, "POST": _POST}.get(method, _POST).fullmatch(path)
    if match is None:
        raise RequestError(f"Malformed request: {method} {path}")
    if (name := match["name"]) is None:
        raise RequestError("Missing model name in request.")
    if match["label"]:
        raise RequestError(f"Unrecognized servable version label: {match['label']}")
    version = match["version"]
    if version and (len(version) > 19 or int(version) >= 2**63):
        raise RequestError(f"Failed to convert version: {version} to numeric.")
    return Target(name, int(version) if version else None, (match["verb"] or "status").lower())


# ---- What there is


def not_found(name: str, version: int | None) -> RequestError:
    """Return the error for the state of a model that is not there."""
    which = "any versions" if version is None else f"version {version}"
    return RequestError(f"Could not find {which} of model {name}", 404)


def not_servable(name: str, version: int | None) -> RequestError:
    """Return the error for a prediction by a model that is not there, or cannot be loaded."""
    which = f"Latest({name})" if version is None else f"Specific({name}, {version})"
    return RequestError(f"Servable not found for request: {which}", 404)


def status_json(states: Mapping[int, str]) -> dict[str, Any]:
    """Return the state of versions of a model: of each what keeps it from being served, or ""."""
    return {
        "model_version_status": [
            {
                "version": str(version),
                "state": "END" if error else "AVAILABLE",
                "status": {"error_code": "DATA_LOSS" if error else "OK", "error_message": error},
            }
            for version, error in states.items()
        ]
    }


def signatures(card: Card) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return the outputs of each signature of a model: their shapes without the batch, by name."""
    answer: dict[str, tuple[int, ...]] = {"logits": (10,), "probabilities": (10,)}
    layers = {"activations": dict(card.shapes)} if card.shapes else {}
    return {**layers, "serve": answer, DEFAULT_SIGNATURE: answer}


def metadata_json(card: Card) -> dict[str, Any]:
    """Return the signatures of a model as TensorFlow Serving words them, for the SavedModel of the same artifact."""
    known: dict[str, Any] = {}
    for place, (name, outputs) in enumerate(signatures(card).items()):
        # As TensorFlow names them when it saves: the calls in the order of the signatures, their outputs by name.
        call = f"StatefulPartitionedCall_{place}".removesuffix("_0")
        known[name] = {
            "inputs": {INPUT: _tensor(f"{name}_{INPUT}:0", (28, 28))},
            "outputs": {
                output: _tensor(f"{call}:{index}", outputs[output]) for index, output in enumerate(sorted(outputs))
            },
            "method_name": _PREDICT,
            "defaults": {},
        }
    if card.facts.runtime == "tensorflow":
        start = {"dtype": "DT_INVALID", "tensor_shape": {"dim": [], "unknown_rank": True}, "name": "NoOp"}
        init = "__saved_model_init_op"
        known[init] = {"inputs": {}, "outputs": {init: start}, "method_name": "", "defaults": {}}
    return {
        "model_spec": {"name": card.name, "signature_name": "", "version": str(card.version)},
        "metadata": {"signature_def": {"signature_def": known}},
    }


def _tensor(name: str, shape: tuple[int, ...]) -> dict[str, Any]:
    dimensions = [{"size": str(size), "name": ""} for size in (-1, *shape)]
    return {"dtype": "DT_FLOAT", "tensor_shape": {"dim": dimensions, "unknown_rank": False}, "name": name}


# ---- Requests


class Request(NamedTuple):
    """The images that a prediction is asked for, float ``(n, 28, 28)``, by which signature, and whether by row."""

    images: np.ndarray
    signature: str
    is_by_row: bool


def parse_json(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds.

    Raises:
        RequestError: it holds none.
    """
    if not body:
        raise RequestError("JSON Parse error: The document is empty")
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        what = "invalid value" if error.msg.startswith("unexpected character") else error.msg
        raise RequestError(f"JSON Parse error: {what.capitalize()}. at offset: {error.pos}") from None
    if not isinstance(document, dict):
        raise RequestError(f"JSON Value: {_quoted(document)} Is not object")
    return document


def parse_predict(body: bytes, card: Card) -> Request:
    """Return what the body of a prediction asks for.

    Raises:
        RequestError: it is not what TensorFlow Serving takes, or more than this server does.
    """
    document = parse_json(body)
    signature = document.get("signature_name", "")
    if not isinstance(signature, str):
        raise RequestError(
            f"JSON Value: {_quoted(document)} not formatted correctly. 'signature_name' key must be a string value."
        )
    signature = signature or DEFAULT_SIGNATURE
    if signature not in signatures(card):
        raise RequestError(f'Serving signature name: "{signature}" not found in signature def')
    if "instances" not in document and "inputs" not in document:
        raise RequestError("Missing 'inputs' or 'instances' key")
    if "instances" in document and "inputs" in document:
        raise RequestError(
            f"JSON Value: {_quoted(document)} Not formatted correctly expecting only one of 'inputs' or 'instances' "
            "keys to exist "
        )
    is_by_row = "instances" in document
    images = _from_rows(document) if is_by_row else _from_columns(document["inputs"])
    if images.shape[1:] != (28, 28):
        raise RequestError(
            f"Expected images of shape [n,28,28] as {INPUT}, found {_shape(images.shape)}: send rows of "
            "28 lists of 28 grey levels, 0 (paper) to 255 (ink)."
        )
    if len(images) > MOST_INSTANCES:
        raise RequestError(
            f"Expected at most {MOST_INSTANCES:,} images, found {len(images):,}: send them in parts.", 413
        )
    numbers = len(images) * sum(int(np.prod(shape)) for shape in signatures(card)[signature].values())
    if numbers > MOST_NUMBERS:
        raise RequestError(
            f"Expected to answer at most {MOST_NUMBERS:,} numbers, found {numbers:,} asked for: send fewer images.", 413
        )
    return Request(images, signature, is_by_row)


def _from_rows(document: dict[str, Any]) -> np.ndarray:
    rows = document["instances"]
    if not isinstance(rows, list):
        raise RequestError(f"JSON Value: {_quoted(document)} Excepting 'instances' to be an list/array")
    if not rows:
        raise RequestError(f"JSON Value: {_quoted(document)} No values in 'instances' array")
    named = isinstance(rows[0], dict)
    items = []
    for place, row in enumerate(rows):
        of_row = f"Failed to process element: {place}"
        if named != isinstance(row, dict):
            expected, found = ("object", "list") if named else ("value/list", "object")
            raise RequestError(f"Expecting {expected} but got {found} at item {place} of input list")
        for name in row if named else ():
            if name != INPUT:
                raise RequestError(
                    f"{of_row} key: {name} of 'instances' list. Error: INVALID_ARGUMENT: JSON object: does not have "
                    f"named input: {name}"
                )
        if named and not row:
            raise RequestError(
                f"{of_row} of 'instances' list. JSON object: {_quoted(row)} keys must be equal to: {INPUT}"
            )
        items.append(row[INPUT] if named else row)
    try:
        return _as_array(items)
    except RequestError:  # find the row
        size: tuple[int, ...] | None = None
        for place, item in enumerate(items):
            key = f" key: {INPUT}" if named else ""
            try:
                shape = _as_array(item).shape
                if size is not None and int(np.prod(shape)) != int(np.prod(size)):
                    raise RequestError(f"Expecting tensor size: {np.prod(size)} but got: {np.prod(shape)}")
                if size is not None and shape != size:
                    raise RequestError(f"Expecting shape {_shape(size)} but got: {_shape(shape)}")
                size = shape
            except RequestError as error:
                raise RequestError(
                    f"Failed to process element: {place}{key} of 'instances' list. Error: INVALID_ARGUMENT: {error}"
                ) from None
        raise


def _from_columns(value: Any) -> np.ndarray:
    if isinstance(value, dict):
        if INPUT not in value:
            raise RequestError(f"Missing named input: {INPUT} in 'inputs' object.")
        value = value[INPUT]
    array = _as_array(value)
    if not array.ndim or not len(array):
        raise RequestError(
            f"Expected images of shape [n,28,28] as {INPUT}, found {_shape(array.shape)}: send one or more."
        )
    return array


def _as_array(value: Any) -> np.ndarray:
    """Return nested lists of numbers as a float64 array.

    Raises:
        RequestError: they hold something else, or lists of unequal lengths.
    """
    # NumPy would take truths for 0 and 1, and make a text of every number that is as long as the longest text there.
    if _holds_more_than_numbers(value):
        _check_like_tensor(value)
    try:
        array = np.array(value)
    except ValueError:  # lists of unequal lengths, or deeper than arrays are
        array = np.empty(0, object)
    if array.dtype.kind not in "iuf":
        _check_like_tensor(value)
    if array.dtype.kind not in "iuf":
        raise RequestError(f"JSON Value: {_quoted(value)} Type: {_kind(value)} is not of expected type: float")
    return array.astype(np.float64)


def _holds_more_than_numbers(value: Any) -> bool:
    try:
        text = orjson.dumps(value)
    except orjson.JSONEncodeError:  # lists in lists in lists
        return True
    return any(mark in text for mark in (b'"', b"true", b"false", b"null"))


def _check_like_tensor(value: Any) -> None:
    """Refuse nested lists that are no tensor, at the first place where they are not."""
    shape, first = [], value
    while isinstance(first, list):
        shape.append(len(first))
        if not first:
            break
        first = first[0]
    if len(shape) > _DEEPEST:
        raise RequestError(f"Encountered list at unexpected level: {_DEEPEST} expected < {_DEEPEST}")
    _check_level(value, 0, shape)


def _check_level(value: Any, level: int, shape: list[int]) -> None:
    if not isinstance(value, list):
        if level != len(shape):
            raise RequestError(
                f"JSON Value: {_quoted(value)} found at incorrect level: {level + 1} in the JSON DOM. Expected at "
                f"level: {len(shape)}"
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RequestError(f"JSON Value: {_quoted(value)} Type: {_kind(value)} is not of expected type: float")
        return
    if level >= len(shape):
        raise RequestError(f"Encountered list at unexpected level: {level} expected < {len(shape)}")
    if len(value) != shape[level]:
        raise RequestError(
            f"Encountered list at unexpected size: {len(value)} at level: {level} expected size: {shape[level]}"
        )
    for item in value:
        _check_level(item, level + 1, shape)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return str(value)
    return {type(None): "Null", str: "String", list: "Array", dict: "Object"}.get(type(value), "Number")


def _shape(shape: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, shape))}]"


def _quoted(value: Any) -> str:
    """Return a value as JSON, cut where it is long."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONEncodeError:  # lists in lists in lists
        text = reprlib.repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


# ---- Answers


def predict_json(outputs: Mapping[str, np.ndarray], is_by_row: bool) -> bytes:
    """Return the answer to a prediction: what the model gives out, float32 ``(n, ...)`` by name."""
    arrays = {name: np.ascontiguousarray(values) for name, values in outputs.items()}
    if not is_by_row:
        content: Any = {"outputs": arrays if len(arrays) > 1 else next(iter(arrays.values()))}
    elif len(arrays) == 1:
        content = {"predictions": next(iter(arrays.values()))}
    else:
        count = len(next(iter(arrays.values())))
        content = {"predictions": [{name: values[i] for name, values in arrays.items()} for i in range(count)]}
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)
