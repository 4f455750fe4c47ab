"""What ``model.json`` holds, read and written here and nowhere else.

A few things must be there, and be of the right type, for this library to use an artifact. All others are optional;
``zoo/facts.py`` has them, and they are imported from here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

from zoo.errors import ArtifactError
from zoo.facts import (
    Adapter,
    Added,
    Calibration,
    DataSet,
    Facts,
    Latency,
    Layer,
    Score,
    Teacher,
    TunedFrom,
    is_score,
    latency_to_json,
    recipe_from_json,
)

__all__ = [
    "SETS",
    "Adapter",
    "Added",
    "Calibration",
    "Card",
    "DataSet",
    "Facts",
    "File",
    "Latency",
    "Layer",
    "Score",
    "Teacher",
    "TunedFrom",
    "checksum",
    "damaged",
    "described",
    "latency_to_json",
    "read_card",
    "recipe_from_json",
    "score_in_words",
    "write_model_json",
]

FORMAT_VERSION = 1
FILE_NAME = "model.json"
_MAX_BYTES = 16 * 2**20

SETS = {
    "mnist_test": "MNIST test images",
    "held_out": "held-out images",
    "generated_test": "synthetic digits",
    "drawings": "drawings",
    "unipen": "UNIPEN digits",
    "own_drawings": "own drawings held out",
}
"""What a person calls the sets that "metrics" counts on, by their keys."""


class File(TypedDict):
    """What is recorded of a file of an artifact, by which damage is found."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Card:
    """What ``model.json`` tells of one version of a model; ``error`` is one sentence where it could not be read."""

    name: str
    version: int
    path: Path
    title: str
    description: str = ""
    reference: str = ""
    parameters: int = 0
    metrics: dict[str, Score] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict, repr=False)  # the whole of model.json, as it is
    error: str | None = None

    @cached_property
    def facts(self) -> Facts:
        """All else that ``model.json`` says, each fact of one type."""
        return Facts.from_json(self.metadata)

    @property
    def how_to_make_it_again(self) -> str:
        """What an error advises where its files are of no use."""
        if self.facts.added:
            return f"add {self.facts.added.file} again"
        if self.facts.tuned_from:
            return f"tune {self.facts.tuned_from.name} again"
        return f"build it again with `python -m builders {self.name}`"

    @property
    def files(self) -> dict[str, File]:
        """What is recorded of each of its files, by its path in the artifact."""
        return self.metadata.get("files", {})

    @property
    def bytes(self) -> int:
        """The size of the recorded files on disk, in bytes."""
        return sum(entry["size"] for entry in self.files.values())

    @property
    def accuracy(self) -> float | None:
        """The share of MNIST's test images that is read right, 0..1; None where it is not known."""
        score = self.metrics.get("mnist_test")
        return score["correct"] / score["total"] if score else None

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The output shape of each layer, by its name, without the batch; empty where ``model.json`` does not say."""
        return self.facts.layers

    @property
    def family(self) -> str:
        """The family that ``model.json`` names, else the one that the shapes of its layers betray, or ``"unknown"``."""
        if self.facts.family:
            return self.facts.family
        shapes = self.shapes.values()
        if any(len(shape) == 3 and shape[2] > 1 for shape in shapes):
            return "convolutional"
        if any(len(shape) == 2 and shape != (28, 28) for shape in shapes):
            return "recurrent"
        return "fully connected" if shapes else "unknown"


def most_accurate(cards: Iterable[Card]) -> Card | None:
    """Return the readable card of the highest accuracy, the first of equals; without a readable one just the first."""
    return max(cards, key=lambda card: (card.error is None, card.accuracy or 0.0), default=None)


def score_in_words(part: str, score: Score) -> str:
    """Return a recorded score as ``"9,951 of 10,000 MNIST test images (99.51%)"``; `part` is its key in metrics."""
    name = SETS.get(part, f"{part} images")
    return f"{score['correct']:,} of {score['total']:,} {name} ({score['correct'] / score['total']:.2%})"


# ---- Writing


def described(
    facts: Facts, *, title: str, description: str, reference: str, parameters: int, metrics: Mapping[str, Score]
) -> dict[str, Any]:
    """Return what ``model.json`` says of a model beside its name, its version and its files.

    Args:
        facts: how it is made and was trained.
        title: what a person calls it.
        description: a sentence.
        reference: the source, for a person to look up.
        parameters: how many it has.
        metrics: its scores, by the keys of `SETS`.
    """
    head = {"title": title, "description": description, "reference": reference, "parameters": parameters}
    return {**head, **facts.to_json(), "metrics": dict(metrics)}


def write_model_json(
    folder: Path, name: str, version: int, metadata: Mapping[str, Any], files: Mapping[str, File]
) -> None:
    """Write ``model.json`` into the folder of an artifact.

    Args:
        folder: of the artifact.
        name: of the model.
        version: of the model.
        metadata: what ``described`` returned.
        files: what is recorded of each file, by its path in `folder`.
    """
    content: dict[str, Any] = {"format_version": FORMAT_VERSION, "name": name, "version": version, **metadata}
    content["files"] = dict(files)
    content["checksum"] = checksum(json.loads(json.dumps(content)))
    (folder / FILE_NAME).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def checksum(metadata: Mapping[str, Any]) -> str:
    """Return the sha256 of what ``model.json`` holds beside its own checksum."""
    content = {key: value for key, value in metadata.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# ---- Reading


NOT_OURS = "This is not a model of this zoo"
"""How the error begins of a folder that somebody else's program wrote."""


def damaged(path: Path, what: str) -> ArtifactError:
    """Return the error for the artifact at `path`, of which `what` says what is wrong."""
    return ArtifactError(
        f"The artifact {path} is damaged: {what}. Restore it from where it came, or make it again: with "
        f"`python -m builders {path.parent.name}`, or as you tuned or added it."
    )


def read_card(path: Path) -> Card:
    """Read and check the ``model.json`` of the artifact at `path`.

    Raises:
        ArtifactError: it is missing, damaged, foreign, or of a newer format.
    """
    metadata = _read_json(path)
    _check_types(path, metadata)
    if metadata["format_version"] > FORMAT_VERSION:
        raise ArtifactError(
            f"The artifact {path} has format {metadata['format_version']}, and this library reads up to "
            f"{FORMAT_VERSION}: update the library, or load an older version of the model."
        )
    if metadata["checksum"] != checksum(metadata):
        raise damaged(path, "model.json does not match its own checksum: it was changed after it was written")
    for folder, key in ((path.parent, "name"), (path, "version")):
        if str(metadata[key]) != folder.name:
            what = "the model" if key == "name" else f"version {metadata[key]} of"
            raise ArtifactError(
                f"The folder {folder.name} holds {what} {metadata['name']}: rename it to {metadata[key]}, or remove it "
                f"where that is there already ({folder})."
            )
    kept = {name: metadata[name] for name in ("title", "description", "reference", "parameters", "metrics")}
    return Card(metadata["name"], metadata["version"], path, metadata=metadata, **kept)


def _read_json(path: Path) -> dict[str, Any]:
    file = path / FILE_NAME
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise damaged(path, f"model.json has {file.stat().st_size} bytes, more than any this library writes")
        metadata = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise ArtifactError(
            f"{NOT_OURS}, as {path} has no model.json: add it with `python -m zoo add {path}`, or remove the folder."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, f"model.json cannot be read ({error})") from None
    if not isinstance(metadata, dict):
        raise damaged(path, f"model.json must hold an object, and holds a {type(metadata).__name__}")
    return metadata


def _is_file(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    size = value.get("size")
    return isinstance(value.get("sha256"), str) and type(size) is int and size >= 0


_REQUIRED = {
    "format_version": int,
    "name": str,
    "version": int,
    "title": str,
    "description": str,
    "reference": str,
    "parameters": int,
    "runtime": str,
    "metrics": dict,
    "files": dict,
    "checksum": str,
}
"""What ``model.json`` must hold, and of which type."""
_REQUIRED_ENTRIES = {"files": _is_file, "metrics": is_score}
"""What each entry of these must be."""


def _check_types(path: Path, metadata: dict[str, Any]) -> None:
    for key, kind in _REQUIRED.items():
        if type(metadata.get(key)) is not kind:
            found = type(metadata[key]).__name__ if key in metadata else "nothing"
            raise damaged(path, f"model.json must give {key!r} as {kind.__name__}, and gives {found}")
    for key, is_right in _REQUIRED_ENTRIES.items():
        if not all(map(is_right, metadata[key].values())):
            raise damaged(path, f"model.json gives {key!r} with entries of another form than this library writes")
