"""A drawing or a picture in the body of a request, and what all models say of it together."""

import io
import itertools
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from zoo.card import Card
from zoo.classifier import Classifier, Prediction
from zoo.ensemble import Vote, candidates
from zoo.errors import ImageError
from zoo.explanation import layer_outputs
from zoo.images.pictures import image_from_picture
from zoo.images.strokes import image_from_strokes
from zoo.serving import contract
from zoo.serving.errors import RequestError

MOST_POINTS = 20_000
"""In one drawing: a person who draws for a minute leaves some five thousand."""
MOST_PIXELS = 4_000_000
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # what PNG and JPEG begin with
_EXPECTED = 'Expected {"strokes": [[[x, y], ...], ...]}, or a picture as PNG or JPEG in the body: send one of these.'
_KEYS = {"strokes", "models", "saliency", "layers"}


@dataclass(frozen=True)
class Question:
    """What is asked of the models.

    Attributes:
        image: uint8 ``(28, 28)``.
        models: the names of those that are asked; none for all.
        explain: the model whose saliency is asked for; may be empty.
        digit: the digit that it is to speak for; None for the one that the model reads.
        layers: the model whose layers are asked for; may be empty.
    """

    image: np.ndarray
    models: tuple[str, ...] = ()
    explain: str = ""
    digit: int | None = None
    layers: str = ""


def is_picture(body: bytes) -> bool:
    """Return whether a body holds a picture, and no JSON."""
    return body.startswith(_PICTURES)


def read_question(body: bytes, query: Mapping[str, str]) -> Question:
    """Return what a request asks.

    Args:
        body: JSON with strokes, and if wanted models, saliency and layers, or a picture as PNG or JPEG.
        query: of the address, which has all but the strokes where the body is a picture.

    Raises:
        RequestError: it is neither.
        ImageError: there is no digit in it.
    """
    if is_picture(body):
        wanted: dict[str, Any] = {"layers": query.get("layers", "")}
        if names := query.get("models"):
            wanted["models"] = names.split(",")
        if name := query.get("saliency"):
            wanted["saliency"] = {"model": name}
            if digit := query.get("digit"):
                wanted["saliency"]["digit"] = int(digit) if digit in tuple("0123456789") else digit
        return _question(_image_from_picture(body), wanted)
    if body and not body.lstrip().startswith(b"{"):
        raise RequestError(_EXPECTED)  # a picture of another kind, or a form
    document = contract.parse_json(body)
    if unknown := document.keys() - _KEYS:
        raise RequestError(
            f"Expected strokes, models, saliency and layers, found {reprlib.repr(min(unknown))}: leave it out."
        )
    strokes = document.get("strokes")
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise RequestError(_EXPECTED)
    points = list(itertools.chain.from_iterable(strokes))
    if len(points) > MOST_POINTS:
        raise RequestError(
            f"Expected at most {MOST_POINTS:,} points, found {len(points):,}: leave out every other one.", 413
        )
    if {*map(type, points)} - {list} or {*map(type, itertools.chain.from_iterable(points))} - {int, float}:
        strange = next(point for point in points if not _is_of_numbers(point))
        raise RequestError(f"Expected points as [x, y], found {reprlib.repr(strange)}: send numbers alone.")
    return _question(image_from_strokes(strokes), document)


def _is_of_numbers(point: object) -> bool:
    return isinstance(point, list) and all(type(place) in (int, float) for place in point)


def _image_from_picture(body: bytes) -> np.ndarray:
    try:
        with Image.open(io.BytesIO(body), formats=("PNG", "JPEG")) as picture:
            pixels = picture.width * picture.height
    except Image.DecompressionBombError as error:
        raise RequestError(
            f"Expected at most {MOST_PIXELS:,} pixels, found many more: save the picture smaller.", 413
        ) from error
    except Exception as error:  # whatever a decoder makes of a damaged file
        reason = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"  # that one names a place in memory
        raise ImageError(f"Expected a whole picture, found a damaged one{reason}: save it again.") from error
    if pixels > MOST_PIXELS:
        raise RequestError(f"Expected at most {MOST_PIXELS:,} pixels, found {pixels:,}: save the picture smaller.", 413)
    return image_from_picture(io.BytesIO(body))


def _question(image: np.ndarray, wanted: Mapping[str, Any]) -> Question:
    models, saliency = wanted.get("models", []), wanted.get("saliency", {})
    if not isinstance(models, list) or not all(isinstance(name, str) for name in models):
        raise RequestError(
            f"Expected models as a list of names, found {reprlib.repr(models)}: GET /v1/models lists them."
        )
    if (
        not isinstance(saliency, dict)
        or (saliency and not isinstance(saliency.get("model"), str))
        or saliency.keys() - {"model", "digit"}
    ):
        raise RequestError('Expected saliency as {"model": NAME, "digit": 0 to 9}: send that, or leave it out.')
    digit = saliency.get("digit")
    if digit is not None and (type(digit) is not int or not 0 <= digit <= 9):
        raise RequestError(f"Expected the digit of saliency as 0 to 9, found {reprlib.repr(digit)}: send one of these.")
    if not isinstance(layers := wanted.get("layers", ""), str):
        raise RequestError(
            f"Expected layers as the name of a model, found {reprlib.repr(layers)}: GET /v1/models lists them."
        )
    return Question(image, tuple(dict.fromkeys(models)), saliency.get("model", ""), digit, layers)


def layers_json(model: Classifier, image: np.ndarray) -> dict[str, Any]:
    """Return the outputs of the layers of a model for an image, to three decimals, for JSON."""
    layers = [
        {"title": layer.title, "kind": layer.kind, "values": np.ascontiguousarray(layer.values.round(3))}
        for layer in layer_outputs(model, image)
    ]
    return {"model": model.card.name, "layers": layers}


def comparison_json(
    image: np.ndarray, predictions: Mapping[str, Prediction], cards: Mapping[str, Card]
) -> dict[str, Any]:
    """Return what models say of an image, each and together, for JSON; `predictions` hold one row each."""
    probabilities = np.concatenate([prediction.probabilities for prediction in predictions.values()])
    digits = np.concatenate([prediction.logits for prediction in predictions.values()]).argmax(axis=1).tolist()
    doubts = (1 - probabilities.max(axis=1)).tolist()
    vote = Vote(probabilities, digits, [cards[name].facts.learned_doubt for name in predictions])
    return {
        "image": image,
        "models": {
            name: {
                "version": cards[name].version,
                "digit": digit,
                "doubt": doubt,
                "candidates": candidates(shares),
                "probabilities": row,
            }
            for name, digit, doubt, shares, row in zip(
                predictions, digits, doubts, probabilities.tolist(), probabilities, strict=True
            )
        },
        "vote": {
            "digit": vote.digit,
            "verdict": vote.verdict,
            "summary": vote.summary,
            "candidates": vote.candidates,
            "doubt": vote.doubt,
            "is_doubtful": vote.is_doubtful,
            "agreement": vote.agreement,
            "entropy": vote.entropy,
            "counts": vote.counts,
            "probabilities": vote.probabilities,
        },
    }
