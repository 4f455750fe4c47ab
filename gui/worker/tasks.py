"""What the worker does on request beside reading drawings. Knows no Tk.

A task is a generator function. It is called with the models that are loaded, by name, and the arguments of the request;
it yields after at most some 30 milliseconds, so that a drawing can be read in between: how much is done, 0..1, or
None; and it returns one of the messages. What it raises refuses the request. A task with the argument ``model``, or
``names``, begins when these models are loaded.
"""

import os
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock, Thread
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

from gui.system import clipboard
from gui.system.opening import open_picture
from gui.worker import kept
from gui.worker.messages import (
    Broken,
    Chart,
    Confusion,
    Cropped,
    Disagreements,
    DrawingsExported,
    DrawingsImported,
    ExamplesFound,
    Explained,
    Inspected,
    LabelledDigit,
    OpenedPicture,
    Pair,
    Sweep,
    TypicalImages,
)
from zoo import changes
from zoo.classifier import Classifier
from zoo.data import mnist, typical
from zoo.data.collection import Collection
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings
from zoo.ensemble import Comparison
from zoo.errors import DataError, ImageError, ModelNotFoundError
from zoo.evaluation.metrics import Evaluation
from zoo.images.pictures import image_from_picture
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import draw_digit_on_sheet

STEP = 0.02
"""Seconds that a step of a long task is made to take."""

SYNTHETIC = 1500
"""Synthetic digits among which those are looked for on which models disagree."""

_TYPICAL_OF = 400  # images of a digit among which the typical ones are chosen, or synthetic ones, of which fewer do
_TYPICAL_OF_SYNTHETIC = 80

Models = dict[str, Classifier]
Result = TypeVar("Result")
Steps = Generator[float | None, None, object]
"""What a task is: it yields how much is done, and returns its result."""


def models_of(arguments: dict) -> set[str]:
    """Return the models that a request names."""
    return {*arguments.get("names", ()), *([arguments["model"]] if "model" in arguments else ())}


# ---- Examples


def examples(
    models: Models, source: str, digit: int | None = None, count: int = 12, start: int = 0, mnist: str = ""
) -> Steps:
    """Return examples in the order of their numbers: of an endless row, or of the test set of MNIST.

    Args:
        models: not needed.
        source: "generated" or "mnist".
        digit: of this digit only.
        count: how many; at the end of MNIST there may be fewer.
        start: the first number that may come.
        mnist: the file of MNIST; empty for where it is usually found.

    Returns:
        ``ExamplesFound``. A synthetic one of a number is always the same; of MNIST the number is the index in the test
        set.
    """
    found: list[LabelledDigit] = []
    if source == "mnist":
        digits = yield from _mnist(mnist)
        wanted = np.arange(len(digits.y_test)) if digit is None else np.flatnonzero(digits.y_test == digit)
        for number in wanted[wanted >= start][:count]:
            found.append(LabelledDigit(int(number), label=int(digits.y_test[number]), image=digits.x_test[number]))
    else:
        number = max(start, 1)
        while len(found) < count:
            random = np.random.default_rng((0, number))
            label = int(random.integers(10))
            if digit in (None, label):
                found.append(LabelledDigit(number, label, strokes=draw_digit_on_sheet(label, random)))
                yield None
            number += 1
    return ExamplesFound(source, found)


def typical_images(models: Models, digit: int, count: int = 6, mnist: str = "") -> Steps:
    """Return ``TypicalImages`` of a digit; those of MNIST are training images."""
    try:
        digits = yield from _mnist(mnist)
    except DataError:
        digits = None
    key = digit, count, digits is not None
    if key not in _TYPICAL:
        random = np.random.default_rng(digit)
        drawn = []
        for _ in range(_TYPICAL_OF_SYNTHETIC):
            drawn.append(image_from_strokes(draw_digit_on_sheet(digit, random)))
            yield None
        images = np.stack(drawn)
        synthetic, of_mnist = list(images[typical.typical_images(images, count)]), []
        yield None
        if digits is not None:
            images = digits.x_train[np.flatnonzero(digits.y_train == digit)[:_TYPICAL_OF]]
            of_mnist = list(images[typical.typical_images(images, count)])
        _TYPICAL[key] = TypicalImages(digit, synthetic, of_mnist)
    return _TYPICAL[key]


_TYPICAL: dict[tuple[int, int, bool], TypicalImages] = {}


class NoMnistError(DataError):
    """MNIST is not there."""


def _mnist(path: str) -> Generator[None, None, mnist.Mnist]:
    """Return MNIST, of a file or of where it is usually found; nothing is downloaded.

    Raises:
        NoMnistError: it is not there.
    """
    try:
        return (yield from _aside(_read_mnist, path or os.environ.get(mnist.VARIABLE)))
    except DataError as error:
        raise NoMnistError(str(error)) from error


_READING = Lock()


def _read_mnist(path: str | None) -> mnist.Mnist:
    with _READING:  # of two that ask for it at the same moment, one waits
        return _read_mnist_once(path)


@lru_cache(maxsize=1)
def _read_mnist_once(path: str | None) -> mnist.Mnist:
    return mnist.load_mnist(path, download=False)


# ---- The images on which models disagree


def disagreements(models: Models, source: str, names: list[str], count: int = 40, mnist: str = "") -> Steps:
    """Return ``Disagreements``: the examples that the named models read the least alike, the most disputed first.

    What models with the same weights were found to disagree on before is read from disk.
    """
    from zoo.report.results import Ensemble

    chosen = {name: models[name] for name in names if name in models}
    if len(chosen) < 2:
        raise ModelNotFoundError(f"Expected two models or more to differ, found {len(chosen)}: choose more models.")
    key = _key(chosen, source, count, mnist)
    if key and isinstance(known_before := kept.recall(key), Disagreements):
        return known_before
    images, labels, strokes = yield from _labelled_images(source, mnist)
    evaluations = []
    for place, model in enumerate(chosen.values()):
        share = 1 / len(chosen)
        evaluations.append((yield from _evaluation(model, source, images, labels, place * share, share)))
        yield (place + 1) / len(chosen)
    ensemble = Ensemble(evaluations)
    disputed = ensemble.disagreements
    found = [
        LabelledDigit(
            number=int(place) + (strokes is not None),
            label=int(labels[place]),
            strokes=None if strokes is None else strokes[place],
            image=images[place] if strokes is None else None,
            says={name: int(digits[place]) for name, digits in zip(chosen, ensemble.digits, strict=True)},
            vote=int(ensemble.plurality.digits[place]),
        )
        for place in disputed[:count]
    ]
    result = Disagreements(source, found, total=len(labels), count=len(disputed))
    if key:
        kept.keep(key, result)
    return result


def _key(chosen: Models, source: str, count: int, path: str) -> str:
    """Return what the result depends on; empty where a model has no hash."""
    hashes = {name: model.card.facts.weights_sha256 for name, model in chosen.items()}
    if not all(hashes.values()):
        return ""
    if source == "mnist":
        file = Path(path or os.environ.get(mnist.VARIABLE) or mnist.cache_path()).expanduser()
        data: list = [str(file), *((file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else ())]
    else:
        data = [SYNTHETIC, _synthetic(0)[0].tolist()]  # another way of drawing has other digits
    return kept.key_of(hashes, source, count, data)


def confusion(models: Models, model: str) -> Steps:
    """Return the ``Confusion`` of a model on synthetic digits."""
    if model not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {model!r}: choose another one.")
    images, labels, _ = yield from _labelled_images("generated", "")
    evaluation = yield from _evaluation(models[model], "generated", images, labels, 0, 1)
    return Confusion(model, evaluation.confusion)


_EVALUATIONS: WeakKeyDictionary[Classifier, dict[str, Evaluation]] = WeakKeyDictionary()
_DRAWN: list[tuple[np.ndarray, list[np.ndarray]]] = []  # of all synthetic digits image and strokes, once they are drawn


def _synthetic(number: int) -> tuple[np.ndarray, list[np.ndarray]]:
    strokes = draw_digit_on_sheet(number % 10, np.random.default_rng(number))
    return image_from_strokes(strokes), strokes


def _labelled_images(source: str, path: str) -> Generator[None, None, tuple[np.ndarray, np.ndarray, list | None]]:
    """Return images (n, 28, 28), labels (n,), and the strokes of synthetic digits."""
    if source == "mnist":
        digits = yield from _mnist(path)
        return digits.x_test, digits.y_test, None
    while len(_DRAWN) < SYNTHETIC:
        _DRAWN.append(_synthetic(len(_DRAWN)))
        yield None
    images, strokes = zip(*_DRAWN, strict=True)
    return np.stack(images), np.arange(SYNTHETIC) % 10, list(strokes)


def _evaluation(
    model: Classifier, source: str, images: np.ndarray, labels: np.ndarray, done: float, share: float
) -> Generator[float, None, Evaluation]:
    """Return how a model reads the images of a source, which it is asked once."""
    known = _EVALUATIONS.setdefault(model, {})
    if source not in known:
        known[source] = yield from _evaluate(model, images, labels, done, share)
    return known[source]


def _evaluate(
    model: Classifier, images: np.ndarray, labels: np.ndarray, done: float, share: float
) -> Generator[float, None, Evaluation]:
    """Read images in batches that take about ``STEP`` each."""
    reads, start, size = [], 0, 8
    while start < len(images):
        began = time.perf_counter()
        reads.append(model.predict(images[start : start + size]))
        seconds = time.perf_counter() - began
        start += size
        size = max(1, min(round(size * STEP / seconds), 2 * size))
        yield done + share * min(start / len(images), 1)
    probabilities = np.concatenate([read.probabilities for read in reads])
    return Evaluation(labels, probabilities.argmax(axis=1), probabilities)


# ---- What is on the board


def explain(
    models: Models, model: str, image: np.ndarray, generation: int | None = None
) -> Generator[None, None, Explained]:
    """Return ``Explained``: the outputs of a model's layers and its occlusion map, of an image uint8 ``(28, 28)``."""
    from zoo import explanation

    if model not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {model!r}: choose another one.")
    layers = yield from _aside(explanation.layer_outputs, models[model], image)
    occlusion_map = yield from _aside(explanation.occlusion_map, models[model], image)
    return Explained(model, generation, layers, occlusion_map)


def inspect(models: Models, model: str, image: np.ndarray, layer: str, unit: int) -> Steps:
    """Return ``Inspected``: how a unit, or a map, comes to its value for an image, uint8 ``(28, 28)``."""
    from zoo.computation import computation

    if model not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {model!r}: choose another one.")
    return Inspected(model, layer, unit, (yield from _aside(computation, models[model], image, layer, unit)))


def break_it(models: Models, model: str, image: np.ndarray) -> Steps:
    """Return ``Broken``: the least ink without which a model reads another digit in an image, uint8 ``(28, 28)``."""
    from zoo.flipping import smallest_flip

    if model not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {model!r}: choose another one.")
    return Broken(model, (yield from smallest_flip(models[model], image)))


def sweep(models: Models, image: np.ndarray, levels: dict[str, float], name: str, names: list[str]) -> Steps:
    """Return the ``Sweep`` of an image, uint8 ``(28, 28)``, along the change of this name, of the named models."""
    images = changes.along(image, levels, name)
    probabilities = {}
    for model in (model for model in names if model in models):
        yield None
        parts = []
        for start in range(0, len(images), 8):  # a recurrent network takes a millisecond for each image
            parts.append(models[model].predict(images[start : start + 8]).probabilities)
            yield None
        probabilities[model] = np.concatenate(parts)
    return Sweep(name, levels, images, probabilities)


def pair(models: Models, image: np.ndarray, levels: dict[str, float], names: list[str]) -> Steps:
    """Return a ``Pair``: why the named models read an image, uint8 ``(28, 28)``, changed so far, as they do."""
    image = changes.changed(image, levels)
    explained: dict[str, Explained] = {}
    probabilities = {}
    for name in (name for name in names if name in models):
        probabilities[name] = models[name].predict(image).probabilities[0]
        explained[name] = yield from explain(models, name, image)
    return Pair(image, explained, probabilities)


def chart(models: Models, image: np.ndarray, names: list[str]) -> Steps:
    """Return a ``Chart`` of what the named models answer to an image, uint8 ``(28, 28)``."""
    from zoo.report.comparison_plot import comparison_png

    chosen = [name for name in names if name in models]
    if not chosen:
        raise ModelNotFoundError("Expected a model to draw the answers of, found none: choose some models.")
    predictions = {}
    for name in chosen:
        predictions[name] = models[name].predict(image)
        yield None
    comparison = Comparison(image.astype(np.float32), {name: models[name].card for name in chosen}, predictions)
    return Chart((yield from _aside(comparison_png, comparison)))


# ---- Pictures


_opened_last: list[str | os.PathLike | Image.Image] = []


def picture(models: Models, path: str) -> Steps:
    """Open the file at a path; return an ``OpenedPicture``."""
    return (yield from _open(path))


def paste(models: Models) -> Steps:
    """Open the picture or the file on the clipboard; return an ``OpenedPicture``."""
    found = yield from _aside(clipboard.paste)
    return (yield from _open(found, "" if isinstance(found, os.PathLike) else "Pasted picture"))


def crop(models: Models, box: list[int]) -> Steps:
    """Look into a box of the picture that was opened last; return what was ``Cropped``."""
    if not _opened_last:
        raise ImageError("Expected the picture that was opened last, found that it is gone: open it again.")
    return Cropped((yield from _aside(image_from_picture, _opened_last[0], tuple(box))))


def _open(source: str | os.PathLike | Image.Image, title: str = "") -> Steps:
    opened = yield from _aside(open_picture, source, title)
    _opened_last[:] = [source]
    return OpenedPicture(
        opened.image,
        np.asarray(opened.shown),
        opened.title,
        list(opened.size),
        list(opened.box),
        [list(piece.box) for piece in opened.pieces],
        [piece.image for piece in opened.pieces],
        opened.error,
    )


# ---- The collection of drawings


def import_drawings(models: Models, collection: str, path: str) -> Steps:
    """Add the drawings of the file at a path to a collection; return ``DrawingsImported``."""
    drawings = yield from _aside(load_drawings, path)
    yield 0.5

    def add() -> list[int]:
        with Collection(collection) as kept:
            return kept.add_all(drawings)

    numbers = yield from _aside(add)
    return DrawingsImported(numbers, len(drawings.labels))


def export_drawings(models: Models, collection: str, path: str) -> Steps:
    """Write a collection to a file, in place of one that is there; return ``DrawingsExported``."""

    def read() -> tuple[Drawings, list[int]]:
        with Collection(collection, read_only=True) as kept:
            return kept.drawings(), sorted(kept.damaged)

    drawings, damaged = yield from _aside(read)
    yield 0.2
    yield from _aside(partial(write_drawings, overwrite=True), drawings, path)
    return DrawingsExported(len(drawings.labels), damaged)


# ---- What they share


def _aside(function: Callable[..., Result], *arguments) -> Generator[None, None, Result]:
    """Run in a thread what cannot be cut into steps."""
    done: Future[Result] = Future()

    def run() -> None:
        try:
            done.set_result(function(*arguments))
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    while not done.done():
        wait([done], timeout=0.005)
        yield None
    return done.result()


TASKS: dict[str, Callable[..., Steps]] = {
    "break": break_it,
    "chart": chart,
    "confusion": confusion,
    "crop": crop,
    "disagreements": disagreements,
    "examples": examples,
    "explain": explain,
    "export": export_drawings,
    "import": import_drawings,
    "inspect": inspect,
    "pair": pair,
    "paste": paste,
    "picture": picture,
    "sweep": sweep,
    "typical": typical_images,
}
"""The tasks by the names that requests give them."""
