"""The facts in ``model.json`` that may be there or not: how a model is made, how it was trained, how fast it is.

Other programs write such files too. What they give in another type than this library writes counts as absent.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, TypeVar

_RECIPE_NAMES = {"drawings": "synthetic", "not_digits": "outliers", "drawings_warp": "synthetic_warp"}
"""The names that format 1 once had for parts of a recipe, and what they are called now."""

INPUT_SHAPES = ((28, 28), (28, 28, 1), (1, 28, 28), (784,))
"""What one image may be as the input of a network that is added."""

OUTPUTS = ("probabilities", "logits")
"""What its ten outputs may be."""

SCALES = {
    "0..1": (1 / 255, 0.0),
    "0..255": (1.0, 0.0),
    "-1..1": (1 / 127.5, -1.0),
    "mean,std": (1 / (255 * 0.3081), -0.1307 / 0.3081),
}
"""What grey levels 0..255 are multiplied by for such a network, and what is added then: the last of MNIST's own."""

Value = TypeVar("Value")


class Score(TypedDict):
    """How many of how many images are read right."""

    correct: int
    total: int


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
        metrics = {key: score for key, score in _object(entry.get("metrics")).items() if is_score(score)}
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
class Adapter:
    """How an image becomes the input of a network that somebody else made, and what its output is.

    Attributes:
        shape: of the input for one image, one of ``INPUT_SHAPES``.
        factor: grey levels 0..255 times this ...
        offset: ... plus this are what the network was trained on.
        inverted: whether it was trained on dark ink, 0, on white paper, 255.
        output: ``"probabilities"`` or ``"logits"``.
    """

    shape: tuple[int, ...]
    factor: float = 1.0
    offset: float = 0.0
    inverted: bool = False
    output: str = "probabilities"

    @classmethod
    def from_json(cls, value: object) -> "Adapter | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        shape, output = _shape(entry.get("shape")), entry.get("output")
        factor, offset, inverted = _positive(entry.get("factor")), _number(entry.get("offset")), entry.get("inverted")
        if shape not in INPUT_SHAPES or output not in OUTPUTS or not isinstance(inverted, bool):
            return None
        if factor is None or offset is None or not math.isfinite(offset):
            return None
        return cls(shape, float(factor), offset, inverted, str(output))


@dataclass(frozen=True)
class Added:
    """The file, or the folder, that somebody added a network from.

    Attributes:
        file: its name.
        kind: ``"keras"``, ``"h5"``, ``"saved_model"`` or ``"tflite"``.
        sha256: of its content.
    """

    file: str
    kind: str = ""
    sha256: str = ""

    @classmethod
    def from_json(cls, value: object) -> "Added | None":
        """Return what `value` says; None where it is of another form."""
        entry = _object(value)
        if not (file := _text(entry.get("file"))):
            return None
        return cls(file, _text(entry.get("kind")), _text(entry.get("sha256")))


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
        runtime: what runs it: ``"tensorflow"``, ``"numpy"``, or ``"litert"`` for what was added.
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
        added: what it was added from, where this zoo has not built it.
        adapter: how such a network takes an image.
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
    added: Added | None = None
    adapter: Adapter | None = None
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
            added=Added.from_json(metadata.get("added")),
            adapter=Adapter.from_json(metadata.get("adapter")),
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
        if self.added:
            origin = {"added": _as_object(self.added), "adapter": _as_object(self.adapter)}
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
        return facts | (latency_to_json(self.latency) if self.latency else {})

    @property
    def learned_doubt(self) -> bool:
        """Whether the model was shown outliers as it was trained, so that it doubts them."""
        count = _count(self.recipe.get("outliers"))
        return count is not None and count > 0


def latency_to_json(latency: Latency) -> dict[str, Any]:
    """Return the part of ``model.json`` that says how fast a model is, which is measured last."""
    return {"latency_us": dataclasses.asdict(latency)}


def recipe_from_json(value: object) -> dict[str, int | float | str]:
    """Return a recipe with today's names for its parts; empty where `value` is of another form."""
    return {
        _RECIPE_NAMES.get(name, name): part
        for name, part in _object(value).items()
        if isinstance(part, int | float | str)
    }


def is_score(value: object) -> bool:
    """Return whether `value` is a ``Score``."""
    score = _object(value)
    correct, total = _count(score.get("correct")), _count(score.get("total"))
    return correct is not None and total is not None and correct <= total > 0


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
