"""What ``model.json`` holds: every fact about one version of a model, read and written here and nowhere else.

A few things must be there, and be of the right type, for this library to use an artifact; all others are optional.
An optional one of another type than this library writes counts as absent, as other programs may write such files too.
"""

import dataclasses
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from zoo.errors import ArtifactError

FORMAT_VERSION = 1
FILE_NAME = "model.json"
_MAX_BYTES = 16 * 2**20

SETS = {
    "mnist_test": "MNIST test images",
    "held_out": "held-out images",
    "generated_test": "synthetic digits",
    "drawings": "drawings",
    "own_drawings": "own drawings held out",
}
"""What a person calls the sets that "metrics" counts on, by their keys."""

_RECIPE_NAMES = {"drawings": "synthetic", "not_digits": "outliers", "drawings_warp": "synthetic_warp"}
"""The names that format 1 once had for parts of a recipe, and what they are called now."""

Value = TypeVar("Value")


class Score(TypedDict):
    """How many of how many images are read right."""

    correct: int
    total: int


class File(TypedDict):
    """What is recorded of a file of an artifact, by which damage is found."""

    sha256: str
    size: int


@dataclass(frozen=True)
class DataSet:
    """Images and labels that a model was trained, fitted or scored on.

    Attributes:
        images: how many.
        sha256: of images and labels, by ``zoo.data.arrays.digest``.
        name: what a person calls them; may be empty.
        in_training: of a person's own drawings, how many were learned from.
        held_out: of these, how many were only scored on.
    """

    images: int
    sha256: str = ""
    name: str = ""
    in_training: int | None = None
    held_out: int | None = None

    @classmethod
    def from_json(cls, value: object) -> "DataSet | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        images = _count(entry.get("images"))
        if images is None:
            return None
        parts = _count(entry.get("in_training")), _count(entry.get("held_out"))
        return cls(images, _text(entry.get("sha256")), _text(entry.get("name")), *parts)

    def to_json(self) -> dict:
        """Return it as ``model.json`` holds it."""
        return {key: value for key, value in dataclasses.asdict(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class Layer:
    """A layer of a network.

    Attributes:
        kind: the word for its kind.
        name: its own.
        settings: its sizes and the like, by name.
        parameters: how many it has.
        output_shape: of its output for one image.
    """

    kind: str
    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    parameters: int | None = None
    output_shape: tuple[int, ...] | None = None

    @classmethod
    def from_json(cls, value: object) -> "Layer | None":
        """Return what `value` says; None where it is of another form."""
        entry = dict(_object(value))
        kind, name = entry.pop("kind", None), entry.pop("name", None)
        if not isinstance(kind, str) or not isinstance(name, str):
            return None
        shapes = [_shape(entry.pop(key, None)) for key in ("output_shape", "answers")]  # "answers" is the old word
        parameters = _count(entry.pop("parameters", None))
        return cls(kind, name, entry, parameters, shapes[0] or shapes[1])

    def to_json(self) -> dict:
        """Return it as ``model.json`` holds it."""
        facts: dict[str, Any] = {"kind": self.kind, "name": self.name, **self.settings}
        if self.parameters is not None:
            facts["parameters"] = self.parameters
        if self.output_shape is not None:
            facts["output_shape"] = list(self.output_shape)
        return facts


@dataclass(frozen=True)
class Teacher:
    """The model whose probabilities another one learned."""

    name: str
    seed: int | None = None
    weights_sha256: str = ""

    @classmethod
    def from_json(cls, value: object) -> "Teacher | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        if not (name := _text(entry.get("name"))):
            return None
        return cls(name, _count(entry.get("seed")), _text(entry.get("weights_sha256")))


@dataclass(frozen=True)
class TunedFrom:
    """The base model of a tuned one.

    Attributes:
        name: of the base model.
        version: its version.
        weights_sha256: the hash of its weights.
        network: the network of ``builders/`` that both are of.
        metrics: what the base model scored, on the sets that the tuned one is scored on.
    """

    name: str
    version: int | None = None
    weights_sha256: str = ""
    network: str = ""
    metrics: dict[str, Score] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object) -> "TunedFrom | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        if not (name := _text(entry.get("name"))):
            return None
        metrics = {key: score for key, score in _object(entry.get("metrics")).items() if _is_score(score)}
        texts = _text(entry.get("weights_sha256")), _text(entry.get("network"))
        return cls(name, _count(entry.get("version")), *texts, metrics)


@dataclass(frozen=True)
class Calibration:
    """The temperature that logits are divided by, the layer that does it, and what it was fitted on."""

    temperature: float
    layer: str = ""
    fitted_on: str = ""

    @classmethod
    def from_json(cls, value: object) -> "Calibration | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        temperature = _positive(entry.get("temperature"))
        if temperature is None:
            return None
        return cls(temperature, _text(entry.get("layer")), _text(entry.get("fitted_on")))


@dataclass(frozen=True)
class Latency:
    """How many microseconds one image takes, and how many processor cores the machine had that measured it."""

    one_image: float
    cpu_cores: int | None = None

    @classmethod
    def from_json(cls, value: object) -> "Latency | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        one_image = _positive(entry.get("one_image"))
        return None if one_image is None else cls(one_image, _count(entry.get("cpu_cores")))

    @property
    def milliseconds(self) -> float:
        """How many milliseconds one image takes."""
        return self.one_image / 1000


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that ``model.json`` may say of how a model is made and was trained; what it does not say is empty or None.

    Attributes:
        runtime: what runs it: ``"tensorflow"`` or ``"numpy"``.
        family: what its maker calls its family.
        inputs: a sentence about each input, by name.
        outputs: the same about each output.
        layers: the output shape of each layer, by name, without the batch.
        architecture: its layers in order; of a network in NumPy all that makes it again.
        recipe: how it was trained, as ``builders.training.recipe.Recipe`` names it.
        recipe_chosen_on: the data by which the recipe was chosen.
        data: the sets it was trained, fitted and scored on, by what they were used for.
        teacher: the model that it learned from.
        tuned_from: the base model that it was tuned from.
        seed: of the training.
        seconds: that the training took.
        history: curves of the training by name, a value an epoch.
        calibration: how its probabilities were made to be trusted.
        latency: how fast it is.
        libraries: versions by name.
        weights_sha256: the hash of its weights.
        created: when, in ISO 8601.
    """

    runtime: str = ""
    family: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    layers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    architecture: tuple[Layer, ...] = ()
    recipe: dict[str, int | float | str] = field(default_factory=dict)
    recipe_chosen_on: str = ""
    data: dict[str, DataSet] = field(default_factory=dict)
    teacher: Teacher | None = None
    tuned_from: TunedFrom | None = None
    seed: int | None = None
    seconds: float | None = None
    history: dict[str, tuple[float, ...]] = field(default_factory=dict)
    calibration: Calibration | None = None
    latency: Latency | None = None
    libraries: dict[str, str] = field(default_factory=dict)
    weights_sha256: str = ""
    created: str = ""

    @classmethod
    def from_json(cls, metadata: Mapping[str, Any]) -> "Facts":
        """Return what the object in ``model.json`` says."""
        architecture = metadata.get("architecture")
        layers = [Layer.from_json(entry) for entry in architecture] if isinstance(architecture, list) else []
        return cls(
            runtime=_text(metadata.get("runtime")),
            family=_text(metadata.get("family")),
            inputs=_entries(metadata.get("input"), _text),
            outputs=_entries(metadata.get("output"), _text),
            layers=_entries(metadata.get("layers"), _shape),
            architecture=() if None in layers else tuple(layer for layer in layers if layer),
            recipe=recipe_from_json(metadata.get("recipe")),
            recipe_chosen_on=_text(metadata.get("recipe_chosen_on")),
            data=_entries(metadata.get("data"), DataSet.from_json),
            teacher=Teacher.from_json(metadata.get("teacher")),
            tuned_from=TunedFrom.from_json(metadata.get("tuned_from")),
            seed=_count(metadata.get("seed")),
            seconds=_positive(metadata.get("seconds")),
            history=_entries(metadata.get("history"), _curve),
            calibration=Calibration.from_json(metadata.get("calibration")),
            latency=Latency.from_json(metadata.get("latency_us")),
            libraries=_entries(metadata.get("libraries"), _text),
            weights_sha256=_text(metadata.get("weights_sha256")),
            created=_text(metadata.get("created")),
        )

    def to_json(self) -> dict[str, Any]:
        """Return all this as ``model.json`` holds it."""
        origin: dict[str, Any] = {"teacher": _as_object(self.teacher)}
        if self.tuned_from:
            origin = {"tuned_from": _as_object(self.tuned_from)}
        facts: dict[str, Any] = {
            "runtime": self.runtime,
            "input": self.inputs,
            "output": self.outputs,
            "layers": {name: list(shape) for name, shape in self.layers.items()},
            "recipe": self.recipe,
            "libraries": self.libraries,
            "weights_sha256": self.weights_sha256,
            "created": self.created,
            "architecture": [layer.to_json() for layer in self.architecture],
            "data": {name: data.to_json() for name, data in self.data.items()},
            **origin,
            "recipe_chosen_on": self.recipe_chosen_on,
            "seed": self.seed,
            "seconds": self.seconds,
            "calibration": _as_object(self.calibration),
            "history": {name: list(values) for name, values in self.history.items()},
        }
        if self.family:
            facts["family"] = self.family
        if self.latency:
            facts["latency_us"] = _as_object(self.latency)
        return facts

    @property
    def learned_doubt(self) -> bool:
        """Whether the model was shown outliers as it was trained, so that it doubts what is no digit."""
        count = _count(self.recipe.get("outliers"))
        return count is not None and count > 0


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


def score_in_words(part: str, score: Score) -> str:
    """Return a recorded score as ``"9,951 of 10,000 MNIST test images (99.51%)"``; `part` is its key in metrics."""
    name = SETS.get(part, f"{part} images")
    return f"{score['correct']:,} of {score['total']:,} {name} ({score['correct'] / score['total']:.2%})"


def recipe_from_json(value: object) -> dict[str, int | float | str]:
    """Return a recipe with today's names for its parts; empty where `value` is of another form."""
    return {
        _RECIPE_NAMES.get(name, name): part
        for name, part in _object(value).items()
        if isinstance(part, int | float | str)
    }


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


def latency_to_json(latency: Latency) -> dict[str, Any]:
    """Return the part of ``model.json`` that says how fast a model is, which is measured last."""
    return {"latency_us": _as_object(latency)}


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


def damaged(path: Path, what: str) -> ArtifactError:
    """Return the error for the artifact at `path`, of which `what` says what is wrong."""
    return ArtifactError(
        f"The artifact {path} is damaged: {what}. Restore it from where it came, or build it again with "
        f"`python -m builders {path.parent.name}`."
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
        raise damaged(path, "it has no model.json, so it is incomplete or not a model of this zoo") from None
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, f"model.json cannot be read ({error})") from None
    if not isinstance(metadata, dict):
        raise damaged(path, f"model.json must hold an object, and holds a {type(metadata).__name__}")
    return metadata


def _is_score(value: object) -> bool:
    score = _object(value)
    correct, total = _count(score.get("correct")), _count(score.get("total"))
    return correct is not None and total is not None and correct <= total > 0


def _is_file(value: object) -> bool:
    file = _object(value)
    return isinstance(file.get("sha256"), str) and _count(file.get("size")) is not None


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
_REQUIRED_ENTRIES = {"files": _is_file, "metrics": _is_score}
"""What each entry of these must be."""


def _check_types(path: Path, metadata: dict[str, Any]) -> None:
    for key, kind in _REQUIRED.items():
        if type(metadata.get(key)) is not kind:
            found = type(metadata[key]).__name__ if key in metadata else "nothing"
            raise damaged(path, f"model.json must give {key!r} as {kind.__name__}, and gives {found}")
    for key, is_right in _REQUIRED_ENTRIES.items():
        if not all(map(is_right, metadata[key].values())):
            raise damaged(path, f"model.json gives {key!r} with entries of another form than this library writes")


# ---- One value of unknown type, as the type that is wanted


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _as_object(value: Any) -> dict[str, Any] | None:
    return None if value is None else dataclasses.asdict(value)


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _number(value: object) -> float | None:
    """Return an int or a float as a float; None where it is neither, or too large for one."""
    if type(value) is not int and type(value) is not float:
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _positive(value: object) -> int | float | None:
    number = _number(value)
    return value if number is not None and 0 < number < math.inf else None  # type: ignore[return-value]


def _shape(value: object) -> tuple[int, ...] | None:
    if isinstance(value, list) and value and all(type(size) is int and size > 0 for size in value):
        return tuple(value)
    return None


def _curve(value: object) -> tuple[float, ...] | None:
    numbers = [_number(one) for one in value] if isinstance(value, list) else []
    return tuple(number for number in numbers if number is not None) if numbers and None not in numbers else None


def _entries(value: object, read: Callable[[object], Value | None]) -> dict[str, Value]:
    """Return the entries of an object as `read` returns them, without those that it cannot read."""
    found = {name: read(entry) for name, entry in _object(value).items()}
    return {name: entry for name, entry in found.items() if entry is not None}
