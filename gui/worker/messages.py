"""What travels between the window and the worker: messages, whose fields are checked. Knows no Tk.

The window sends ``Read``, ``Request``, ``Cancel``, ``Load`` and ``Forget``. To a drawing the worker answers by a
``Result`` of each model and then ``Answered``; to a request by ``Progress``, when it begins and as it goes on, and at
the end by one of ``Answer``, ``Refused`` and ``Cancelled``.
"""

import dataclasses
import math
from types import UnionType
from typing import Any, get_args, get_origin

import numpy as np

from zoo.computation import LogitComputation, MapComputation, RowsComputation, UnitComputation
from zoo.explanation import Layer
from zoo.flipping import Flip


class MessageError(ValueError):
    """What was received is no message."""


@dataclasses.dataclass(frozen=True)
class Message:
    """A dataclass that refuses fields of other types than it declares."""

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not _fits(value, field.type):
                found = type(value).__name__
                raise MessageError(f"Expected {field.type} as {field.name} of {type(self).__name__}, found {found}.")


# ---- From the window


@dataclasses.dataclass(frozen=True)
class Read(Message):
    """Have models read a drawing, an image, uint8 (28, 28), in place of the drawing before it."""

    generation: int
    image: np.ndarray
    models: list[str]

    def __post_init__(self):
        super().__post_init__()
        if self.image.shape != (28, 28) or self.image.dtype != np.uint8:
            raise MessageError(f"Expected a uint8 image of 28 x 28, found {self.image.dtype} {self.image.shape}.")


@dataclasses.dataclass(frozen=True)
class Request(Message):
    """Carry out one of ``gui.worker.tasks.TASKS``."""

    number: int
    task: str
    arguments: dict


@dataclasses.dataclass(frozen=True)
class Cancel(Message):
    """Leave off a request."""

    number: int


@dataclasses.dataclass(frozen=True)
class Load(Message):
    """Load a model that is new, or has a new version."""

    model: str


@dataclasses.dataclass(frozen=True)
class Forget(Message):
    """Forget a model: it was removed."""

    model: str


# ---- From the worker: models and drawings


@dataclasses.dataclass(frozen=True)
class Loading(Message):
    """A model is being loaded; ``Loaded`` or ``Failed`` follows."""

    model: str


@dataclasses.dataclass(frozen=True)
class Loaded(Message):
    """A model can read; it has been given the drawing that is there."""

    model: str


@dataclasses.dataclass(frozen=True)
class Failed(Message):
    """A model could not be loaded, or not read: why, in a sentence."""

    model: str
    error: str


@dataclasses.dataclass(frozen=True)
class Result(Message):
    """What a model made of the drawing: ten probabilities, and how long that took."""

    generation: int
    model: str
    probabilities: list[float]
    milliseconds: float


@dataclasses.dataclass(frozen=True)
class Answered(Message):
    """All models that are loaded have read the drawing."""

    generation: int


@dataclasses.dataclass(frozen=True)
class Died(Message):
    """The worker has ended or was ended, and perhaps begun anew; it is the link that says so."""


# ---- From the worker: requests


@dataclasses.dataclass(frozen=True)
class Progress(Message):
    """How much of a request is done, 0..1."""

    request: int
    task: str
    done: float


@dataclasses.dataclass(frozen=True)
class Answer(Message):
    """What a request came to: a message of those below."""

    request: int
    task: str
    result: object


@dataclasses.dataclass(frozen=True)
class Refused(Message):
    """Why a request cannot be done, in a sentence; ``needs_mnist`` where that is because MNIST is not there."""

    request: int
    task: str
    error: str
    needs_mnist: bool = False


@dataclasses.dataclass(frozen=True)
class Cancelled(Message):
    """A request was left off."""

    request: int
    task: str


TaskMessage = Progress | Answer | Refused
"""What the window hears of a request."""


# ---- What the tasks return


@dataclasses.dataclass(frozen=True)
class LabelledDigit(Message):
    """A digit to look at: strokes in 0..1, float64 (k, 2), or else an image, uint8 (28, 28).

    ``says`` is the digit that each model reads, by name, where they were asked.
    """

    number: int
    label: int
    strokes: list[np.ndarray] | None = None
    image: np.ndarray | None = None
    says: dict[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class ExamplesFound(Message):
    """Examples of a source, "generated" or "mnist"."""

    source: str
    examples: list[LabelledDigit]


@dataclasses.dataclass(frozen=True)
class Disagreements(Message):
    """The examples on which models disagree the most; in all they disagree on ``count`` of ``total`` images."""

    source: str
    examples: list[LabelledDigit]
    total: int
    count: int


@dataclasses.dataclass(frozen=True)
class TypicalImages(Message):
    """Images of a digit that show its range, uint8 (28, 28): synthetic ones, and some of MNIST where that is found."""

    digit: int
    synthetic: list[np.ndarray]
    mnist: list[np.ndarray]


@dataclasses.dataclass(frozen=True)
class Explained(Message):
    """Why a model reads a drawing as it does: its layers, and for each digit an occlusion map: float32 (10, 28, 28)."""

    model: str
    generation: int | None
    layers: list[Layer]
    occlusion_map: np.ndarray


@dataclasses.dataclass(frozen=True)
class Sweep(Message):
    """An image at each level of one change of ``zoo.changes.CHANGES``, uint8 (n, 28, 28);
    and what models make of it, by name: float32 (n, 10)."""

    name: str
    images: np.ndarray
    probabilities: dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Pair(Message):
    """Why models read a changed image, uint8 (28, 28), as they do, and with which probabilities, float32 (10,)."""

    image: np.ndarray
    explained: dict[str, Explained]
    probabilities: dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Confusion(Message):
    """How many synthetic digits of each kind a model reads as each digit: int64 (10, 10), a row a digit."""

    model: str
    counts: np.ndarray


@dataclasses.dataclass(frozen=True)
class Inspected(Message):
    """How a unit, or a map, of a layer comes to its value; None where that cannot be told."""

    model: str
    layer: str
    unit: int
    computation: MapComputation | UnitComputation | LogitComputation | RowsComputation | None


@dataclasses.dataclass(frozen=True)
class Broken(Message):
    """How little ink has to go for a model to read another digit."""

    model: str
    flip: Flip


@dataclasses.dataclass(frozen=True)
class Chart(Message):
    """The answers of models as a picture: the content of a PNG file."""

    png: bytes


@dataclasses.dataclass(frozen=True)
class OpenedPicture(Message):
    """A picture: a copy to show, uint8 (height, width, 3), its title, and its width and height in pixels.

    ``image``, uint8 (28, 28), is what models read where it is taken for one digit, which is in ``box``, as x, y, width
    and height; None where it is not, with the reason in ``error``. ``boxes`` and ``images`` are of the digits that are
    found side by side.
    """

    image: np.ndarray | None
    shown: np.ndarray
    title: str
    size: list[int]
    box: list[int]
    boxes: list[list[int]]
    images: list[np.ndarray]
    error: str = ""


@dataclasses.dataclass(frozen=True)
class Cropped(Message):
    """What was taken for the digit in a box of the picture that was opened last, uint8 (28, 28)."""

    image: np.ndarray


@dataclasses.dataclass(frozen=True)
class DrawingsImported(Message):
    """The numbers of the drawings that are new in the collection, and how many there were in the file."""

    numbers: list[int]
    total: int


@dataclasses.dataclass(frozen=True)
class DrawingsExported(Message):
    """How many drawings were written, and the numbers of those that are damaged and were not."""

    total: int
    damaged: list[int]


def _fits(value: Any, kind: Any) -> bool:
    """Return whether a value is of the type that a field declares."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(_fits(value, each) for each in arguments)
    if origin is list:
        return isinstance(value, list) and all(_fits(each, arguments[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(each, arguments[1]) for each in value.values())
    if kind in (int, float):
        is_number = isinstance(value, int if kind is int else (int, float)) and not isinstance(value, bool)
        return is_number and math.isfinite(value)
    return isinstance(value, kind)
