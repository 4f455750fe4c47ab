"""Tasks about labelled digits: examples, typical images, and where models are wrong or disagree. Knows no Tk."""

import os
import time
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from gui.worker import kept
from gui.worker.messages import Confusion, Disagreements, ExamplesFound, LabelledDigit, TypicalImages
from gui.worker.steps import Models, Steps, aside, chosen
from zoo.classifier import Classifier
from zoo.data import mnist, typical
from zoo.errors import DataError, ModelNotFoundError
from zoo.evaluation.metrics import Evaluation
from zoo.images.strokes import image_from_strokes
from zoo.synthetic.digits import draw_digit_on_sheet

STEP = 0.02
"""Seconds that a step of a long task is made to take."""

SYNTHETIC = 1500
"""Synthetic digits among which those are looked for on which models disagree."""

_TYPICAL_OF = 400  # images of a digit among which the typical ones are chosen, or synthetic ones, of which fewer do
_TYPICAL_OF_SYNTHETIC = 80


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
        return (yield from aside(_read_mnist, path or os.environ.get(mnist.VARIABLE)))
    except DataError as error:
        raise NoMnistError(str(error)) from error


_READING = Lock()


def _read_mnist(path: str | None) -> mnist.Mnist:
    with _READING:  # of two that ask for it at the same moment, one waits
        return _read_mnist_once(path)


@lru_cache(maxsize=1)
def _read_mnist_once(path: str | None) -> mnist.Mnist:
    return mnist.load_mnist(path, download=False)


def disagreements(models: Models, source: str, names: list[str], count: int = 40, mnist: str = "") -> Steps:
    """Return ``Disagreements``: the examples that the named models read the least alike, the most disputed first.

    What models with the same weights were found to disagree on before is read from disk.
    """
    from zoo.report.results import Ensemble

    asked = {name: models[name] for name in names if name in models}
    if len(asked) < 2:
        raise ModelNotFoundError(f"Expected two models or more to differ, found {len(asked)}: choose more models.")
    key = _key(asked, source, count, mnist)
    if key and isinstance(known_before := kept.recall(key), Disagreements):
        return known_before
    images, labels, strokes = yield from _labelled_images(source, mnist)
    evaluations = []
    for place, model in enumerate(asked.values()):
        share = 1 / len(asked)
        evaluations.append((yield from _evaluation(model, source, images, labels, place * share, share)))
        yield (place + 1) / len(asked)
    ensemble = Ensemble(evaluations)
    disputed = ensemble.disagreements
    found = [
        LabelledDigit(
            number=int(place) + (strokes is not None),
            label=int(labels[place]),
            strokes=None if strokes is None else strokes[place],
            image=images[place] if strokes is None else None,
            says={name: int(digits[place]) for name, digits in zip(asked, ensemble.digits, strict=True)},
        )
        for place in disputed[:count]
    ]
    result = Disagreements(source, found, total=len(labels), count=len(disputed))
    if key:
        kept.keep(key, result)
    return result


def _key(asked: Models, source: str, count: int, path: str) -> str:
    """Return what the result depends on; empty where a model has no hash."""
    hashes = {name: model.card.facts.weights_sha256 for name, model in asked.items()}
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
    images, labels, _ = yield from _labelled_images("generated", "")
    evaluation = yield from _evaluation(chosen(models, model), "generated", images, labels, 0, 1)
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
