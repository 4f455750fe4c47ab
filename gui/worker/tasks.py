"""What the worker does on request beside reading drawings. Knows no Tk.

A task is a generator function. It is called with the models that are loaded, by name, and the arguments of the request;
it yields after at most some 30 milliseconds, so that a drawing can be read in between: how much is done, 0..1, or
None; and it returns its result as JSON data. What it raises refuses the request. A task with the argument ``model``, or
``names``, begins when these models are loaded.
"""

import base64
import os
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, wait
from functools import lru_cache
from threading import Lock, Thread
from weakref import WeakKeyDictionary

import numpy as np

from gui.system import clipboard, opening
from gui.system.opening import image_as_text, image_from_text
from zoo.classifier import Classifier
from zoo.data import mnist, typical
from zoo.ensemble import Comparison
from zoo.errors import DataError, ModelNotFoundError
from zoo.evaluation.metrics import Evaluation
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import draw_digit_on_sheet

STEP = 0.02
"""Seconds that a step of a long task is made to take."""

GENERATED = 1500
"""Drawings among which those are looked for that split the models."""

_TYPICAL_OF = 400  # images of a digit among which the typical ones are chosen, or drawings, of which fewer do
_TYPICAL_OF_DRAWINGS = 80

Models = dict[str, Classifier]
Steps = Generator[float | None, None, dict]


def models_of(arguments: dict) -> set[str]:
    """Return the models that a request names."""
    return {*arguments.get("names", ()), *([arguments["model"]] if "model" in arguments else ())}


# ---- Examples


def examples(models: Models, source: str, digit: int | None = None, count: int = 12, seed: int = 0, first: int = 0):
    """Return examples from the `first` on of an endless row, or of the test set of MNIST in an order of its own.

    Args:
        source: "generated" or "mnist".
        digit: of this digit only.
        count: how many; at the end of MNIST there may be fewer.
        seed: another one is another row, or another order.

    Returns:
        "examples", each with its "number" and "label", and either "strokes" in 0..1 or an "image" in base64; the number
        of a generated one counts from 1, of one of MNIST it is the index in the test set. And "mnist_there": whether
        MNIST can be found without a download, or why not in "sentence".
    """
    mnist, sentence = yield from _mnist()
    made = []
    if source == "mnist":
        if mnist is None:
            raise DataError(sentence)
        wanted = np.arange(len(mnist.y_test)) if digit is None else np.flatnonzero(mnist.y_test == digit)
        for number in np.random.default_rng(seed).permutation(wanted)[first : first + count]:
            made.append(
                {
                    "number": int(number),
                    "label": int(mnist.y_test[number]),
                    "image": image_as_text(mnist.x_test[number]),
                }
            )
    else:
        for number in range(first, first + count):
            random = np.random.default_rng((seed, number))
            label = int(random.integers(10)) if digit is None else digit
            made.append({"number": number + 1, "label": label, "strokes": _points(draw_digit_on_sheet(label, random))})
            yield None
    return {"source": source, "examples": made, "mnist_there": mnist is not None, "sentence": sentence}


def typical_images(models: Models, digit: int, count: int = 6) -> Steps:
    """Return images in base64 that show the range of a digit: "generated", and "mnist" from its training images."""
    mnist, sentence = yield from _mnist()
    key = digit, count, mnist is not None
    if key not in _TYPICAL:
        random = np.random.default_rng(digit)
        images = []
        for _ in range(_TYPICAL_OF_DRAWINGS):
            images.append(image_from_strokes(draw_digit_on_sheet(digit, random)))
            yield None
        images = np.stack(images)
        found = {
            "generated": [image_as_text(images[place]) for place in typical.typical_images(images, count)],
            "mnist": [],
        }
        yield None
        if mnist is not None:
            images = mnist.x_train[np.flatnonzero(mnist.y_train == digit)[:_TYPICAL_OF]]
            found["mnist"] = [image_as_text(images[place]) for place in typical.typical_images(images, count)]
        _TYPICAL[key] = found
    return {"digit": digit, **_TYPICAL[key], "mnist_there": mnist is not None, "sentence": sentence}


_TYPICAL: dict[tuple[int, int, bool], dict] = {}


def _mnist() -> Generator[None, None, tuple[mnist.Mnist | None, str]]:
    """Return MNIST, or None and why it is not there."""
    try:
        return (yield from _aside(_read_mnist, os.environ.get(mnist.VARIABLE))), ""
    except DataError as error:
        return None, str(error)


_READING = Lock()


def _read_mnist(path: str | None) -> mnist.Mnist:
    with _READING:  # of two that ask for it at the same moment, one waits
        return _read_mnist_once(path)


@lru_cache(maxsize=1)
def _read_mnist_once(path: str | None) -> mnist.Mnist:
    return mnist.load_mnist(path, download=False)


# ---- The images that split the models


def splitters(models: Models, source: str, names: list[str], count: int = 40) -> Steps:
    """Return the examples that the named models read the least alike, those first of which they differ the most.

    Returns:
        "examples" as of ``examples``, each with "says": the digit that each model reads, by name, and "vote": the one
        that most read; "total": how many images they read, and "split": of how many of these not all read the same.
    """
    from zoo.report.results import Together

    chosen = {name: models[name] for name in names if name in models}
    if len(chosen) < 2:
        raise ModelNotFoundError(f"Expected two models or more to differ, found {len(chosen)}: choose more models.")
    images, labels, strokes = yield from _set(source)
    evaluations = []
    for place, model in enumerate(chosen.values()):
        known = _EVALUATIONS.setdefault(model, {})
        if source not in known:
            known[source] = yield from _evaluate(model, images, labels, place / len(chosen), 1 / len(chosen))
        evaluations.append(known[source])
        yield (place + 1) / len(chosen)
    together = Together(evaluations)
    split = together.splitting
    made = []
    for place in split[:count]:
        shown = {"image": image_as_text(images[place])} if strokes is None else {"strokes": strokes[place]}
        says = {name: int(digits[place]) for name, digits in zip(chosen, together.digits, strict=True)}
        number = int(place) + (strokes is not None)
        vote = int(together.plurality.digits[place])
        made.append({"number": number, "label": int(labels[place]), **shown, "says": says, "vote": vote})
    return {"source": source, "examples": made, "total": len(labels), "split": len(split)}


_EVALUATIONS: WeakKeyDictionary[Classifier, dict[str, Evaluation]] = WeakKeyDictionary()
_DRAWINGS: list[tuple[np.ndarray, list]] = []  # of all generated drawings the image and the strokes, once they are made


def _set(source: str) -> Generator[None, None, tuple[np.ndarray, np.ndarray, list | None]]:
    """Return images (n, 28, 28), labels (n,), and the strokes of drawings."""
    if source == "mnist":
        mnist, sentence = yield from _mnist()
        if mnist is None:
            raise DataError(sentence)
        return mnist.x_test, mnist.y_test, None
    while len(_DRAWINGS) < GENERATED:
        strokes = draw_digit_on_sheet(len(_DRAWINGS) % 10, np.random.default_rng(len(_DRAWINGS)))
        _DRAWINGS.append((image_from_strokes(strokes), _points(strokes)))
        yield None
    images, strokes = zip(*_DRAWINGS, strict=True)
    return np.stack(images), np.arange(GENERATED) % 10, list(strokes)


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


def explain(models: Models, model: str, image: str, generation: int | None = None) -> Steps:
    """Return what the layers of a model answer, and which ink speaks for each digit.

    Returns:
        "model", "generation" as it was given, and what ``zoo.explanation.from_message`` reads.
    """
    from zoo import explanation

    classifier, pixels = _loaded(models, model), image_from_text(image)
    layers = yield from _aside(explanation.layer_outputs, classifier, pixels)
    occlusion_map = yield from _aside(explanation.occlusion_map, classifier, pixels)
    return {"model": model, "generation": generation, **explanation.to_message(layers, occlusion_map)}


def chart(models: Models, image: str, names: list[str]) -> Steps:
    """Return what the named models answer to an image as a picture to look at: "png", in base64."""
    from zoo.report.comparison_plot import comparison_png

    pixels, chosen = image_from_text(image), [name for name in names if name in models]
    if not chosen:
        raise ModelNotFoundError("Expected a model to draw the answers of, found none: choose some models.")
    predictions = {}
    for name in chosen:
        predictions[name] = models[name].predict(pixels)
        yield None
    comparison = Comparison(pixels.astype(np.float32), {name: models[name].card for name in chosen}, predictions)
    png = yield from _aside(comparison_png, comparison)
    return {"png": base64.b64encode(png).decode()}


def _loaded(models: Models, name: str) -> Classifier:
    if name not in models:
        raise ModelNotFoundError(f"Expected a model that is loaded, found {name!r}: choose another one.")
    return models[name]


# ---- Pictures


def picture(models: Models, path: str) -> Steps:
    """Open the file at a path; the result is for ``opening.picture_from_message``."""
    opened = yield from _aside(opening.open_picture, path)
    return opening.as_message(opened)


def paste(models: Models) -> Steps:
    """Open the picture or the file on the clipboard; the result is for ``opening.picture_from_message``."""
    found = yield from _aside(clipboard.paste)
    opened = yield from _aside(opening.open_picture, found, "" if isinstance(found, os.PathLike) else "Pasted picture")
    return opening.as_message(opened)


# ---- What they share


def _aside(function: Callable, *arguments) -> Generator[None, None, object]:
    """Run in a thread what cannot be cut into steps."""
    done = Future()

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


def _points(strokes: list[np.ndarray]) -> list[list[list[float]]]:
    return [stroke.tolist() for stroke in strokes]


TASKS: dict[str, Callable[..., Steps]] = {
    "chart": chart,
    "examples": examples,
    "explain": explain,
    "paste": paste,
    "picture": picture,
    "splitters": splitters,
    "typical": typical_images,
}
"""The tasks by the names that requests give them."""
