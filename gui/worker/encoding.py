"""Messages in JSON: an object with the fields of each and its class as ``"@type"``.

An array of numbers within one has its dtype, its shape and its bytes in base64. Types are checked on receipt.
"""

import base64
import dataclasses
import json
from typing import Any

import numpy as np

from gui.worker.messages import Message, MessageError
from zoo.computation import LogitComputation, MapComputation, RowsComputation, UnitComputation
from zoo.explanation import Layer
from zoo.flipping import Flip

_DTYPES = ("uint8", "int64", "float32", "float64")
_PARTS = Flip, Layer, LogitComputation, MapComputation, RowsComputation, UnitComputation
_TYPES = {kind.__name__: kind for kind in (*Message.__subclasses__(), *_PARTS)}


def to_json(message: object) -> bytes:
    """Return a message, or what one may hold, in JSON."""
    return json.dumps(message, default=_fields_of).encode()


def from_json(data: bytes) -> object:
    """Return the message that ``to_json`` was given; its arrays are read-only.

    Raises:
        MessageError: it is none.
    """
    try:
        return json.loads(data, object_hook=_built)
    except MessageError:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise MessageError(f"Expected a message, found {data[:80]!r}: {error}") from error


def _fields_of(value: Any) -> dict:
    """Return what JSON has no words for as an object with an ``"@type"``."""
    if isinstance(value, np.ndarray):
        content = base64.b64encode(value.tobytes()).decode()
        return {"@type": "array", "dtype": str(value.dtype), "shape": value.shape, "base64": content}
    if isinstance(value, bytes):
        return {"@type": "bytes", "base64": base64.b64encode(value).decode()}
    if type(value) in _TYPES.values():
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {"@type": type(value).__name__, **fields}
    raise TypeError(f"a {type(value).__name__} cannot travel")


def _built(fields: dict) -> object:
    """Return what ``_fields_of`` was given; what lies within it is built already."""
    name = fields.pop("@type", None)
    if name is None:
        return fields
    if name == "bytes":
        return base64.b64decode(fields["base64"], validate=True)
    if name == "array":
        if fields["dtype"] not in _DTYPES:
            raise MessageError(f"Expected an array of {', '.join(_DTYPES)}, found {fields['dtype']!r}.")
        content = base64.b64decode(fields["base64"], validate=True)
        return np.frombuffer(content, fields["dtype"]).reshape(fields["shape"])
    if name not in _TYPES:
        raise MessageError(f"Expected a known type of message, found {name!r}.")
    return _TYPES[name](**fields)
