"""What one may save or copy: a drawing, what the models make of it, and how it gets to the disk. Knows no Tk."""

import csv
import importlib.metadata
import io
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

import zoo
from zoo._support.files import atomic_write
from zoo._support.folders import CHECKOUT
from zoo.ensemble import Vote

Point = tuple[float, float]


@dataclass(frozen=True)
class Reading:
    """What a model made of a drawing: ten probabilities, and how many milliseconds it took."""

    card: zoo.Card
    probabilities: Sequence[float]
    milliseconds: float


def png(picture: Image.Image | np.ndarray) -> bytes:
    """Return a picture as PNG; an image, uint8 (28, 28), as it is, with 28 x 28 grey pixels."""
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def answers_csv(readings: Sequence[Reading]) -> str:
    """Return the answers as CSV: a row a model, and the vote of several, their mean, as the last row."""
    return _table(readings, ",")


def answers_table(readings: Sequence[Reading]) -> str:
    """Return the same in columns separated by tabs, as spreadsheets take it from the clipboard."""
    return _table(readings, "\t")


def _table(readings: Sequence[Reading], delimiter: str) -> str:
    file = io.StringIO()
    table = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    table.writerow(
        ["model", "title", "version", "digit", "confidence", *(f"p{digit}" for digit in range(10)), "milliseconds"]
    )
    for reading in readings:
        card = reading.card
        row = _numbers(reading.probabilities)
        table.writerow([card.name, card.title, card.version, *row, f"{reading.milliseconds:.3f}"])
    if len(readings) > 1:
        table.writerow(["vote", f"Vote of {len(readings)} models", "", *_numbers(_vote(readings).probabilities), ""])
    return file.getvalue()


def answers_json(readings: Sequence[Reading], image: np.ndarray, strokes: Sequence[Sequence[Point]] = ()) -> str:
    """Return the answers as JSON, with what was drawn.

    Args:
        readings: of each model.
        image: uint8 (28, 28), white ink (255) on black (0), what the models received.
        strokes: points x (right) and y (down) in 0..1; none of a picture.
    """
    document = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "library": {"name": "digit-zoo", "version": _version()},
        "image": image.tolist(),
        "strokes": [[[round(x, 5), round(y, 5)] for x, y in stroke] for stroke in strokes],
        "models": [
            {
                "model": reading.card.name,
                "title": reading.card.title,
                "version": reading.card.version,
                **_answer(reading.probabilities),
                "milliseconds": round(reading.milliseconds, 3),
            }
            for reading in readings
        ],
    }
    if len(readings) > 1:
        vote = _vote(readings)
        document["vote"] = {
            **_answer(vote.probabilities),
            "summary": vote.summary,
            "counts": vote.counts.tolist(),
            "verdict": vote.verdict,
            "is_doubtful": vote.is_doubtful,
        }
    return json.dumps(document) + "\n"


def _vote(readings: Sequence[Reading]) -> Vote:
    learned = [reading.card.facts.learned_doubt for reading in readings]
    return Vote([reading.probabilities for reading in readings], learned=learned)


def _numbers(probabilities: Sequence[float]) -> list[str]:
    digit = int(np.argmax(probabilities))
    return [str(digit), *(f"{probability:.6g}" for probability in (probabilities[digit], *probabilities))]


def _answer(probabilities: Sequence[float]) -> dict:
    rounded = [float(f"{probability:.6g}") for probability in probabilities]
    digit = int(np.argmax(probabilities))
    return {"digit": digit, "confidence": rounded[digit], "probabilities": rounded}


def _version() -> str:
    if CHECKOUT is None:
        return importlib.metadata.version("digit-zoo")
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


# ---- To the disk


def write(path: Path, content: bytes | str, *, overwrite: bool = False) -> None:
    """Write a file in one step: a full disk or a crash leaves the file that was there.

    Args:
        path: in a folder that exists.
        content: text is written as UTF-8.
        overwrite: whether to replace a file that is there.

    Raises:
        FileExistsError: the file is there, and not to be overwritten.
        OSError: it cannot be written; ``reason_in_words`` says why.
    """
    if isinstance(content, str):
        content = content.encode()
    if not overwrite:
        path.open("xb").close()  # nobody else can take the name between the question and the writing
    try:
        with atomic_write(path) as file:
            file.write(content)
    except BaseException:
        if not overwrite:
            path.unlink(missing_ok=True)
        raise


def reason_in_words(error: OSError, path: Path) -> str:
    """Say in a sentence why a file could not be written."""
    if isinstance(error, FileExistsError):
        return f"{path} exists already: choose another name."
    return f"{path} could not be written ({error.strerror or error}): choose another place, or make room."
