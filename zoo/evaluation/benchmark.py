"""How fast models answer, how long they take to load, and what they weigh; measured side by side in one run."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from zoo.card import Card
from zoo.classifier import load, runtimes_of
from zoo.images.strokes import image_from_strokes
from zoo.runtimes.saved_model import open_saved_model
from zoo.synthetic.digits import draw_digit

BATCHES = (1, 32, 1024)


def bench(card: Card, repeats: int = 7, with_tensorflow: bool = False) -> dict:
    """Measure one model.

    The ways of asking for one image take turns, `repeats` times over, so that a busy machine slows them alike; each
    figure is the median of the turns.

    Returns:
        ``predict_us``: microseconds for one image through ``Classifier.predict``; the same on TensorFlow, asked for by
        `with_tensorflow`, else None, as for a network in NumPy: ``tensorflow_us`` through ``Classifier.predict``,
        ``signature_us`` through the bare loaded signature, ``keras_us`` through ``keras.Model.predict``;
        ``images_per_second`` by batch size; ``load_ms``; ``bytes`` on disk and ``weight_bytes``
        (4 a parameter).
    """
    load_ms = seconds_a_call(lambda: load(card.name, card.version, card.path.parent.parent), calls=1, repeats=3) * 1e3
    classifier = load(card.name, card.version, card.path.parent.parent)
    images = np.random.default_rng(0).integers(0, 256, (max(BATCHES), 28, 28), dtype=np.uint8)
    one = images[:1]

    ways: dict[str, tuple[Callable[[], object], int]] = {"predict_us": (lambda: classifier.predict(one), 200)}
    if with_tensorflow and "tensorflow" in runtimes_of(card):
        ways |= _ways_of_tensorflow(card, one.astype(np.float32))
    turns: dict[str, list[float]] = {name: [] for name in ways}
    for call, _ in ways.values():
        call()
    for _ in range(repeats):
        for name, (call, calls) in ways.items():
            turns[name].append(seconds_a_call(call, calls, repeats=1) * 1e6)
    return {
        **dict.fromkeys(("tensorflow_us", "signature_us", "keras_us")),
        **{name: statistics.median(times) for name, times in turns.items()},
        "images_per_second": {
            size: size / seconds_a_call(partial(classifier.predict, images[:size]), calls=max(3, 64 // size))
            for size in BATCHES
        },
        "load_ms": load_ms,
        "bytes": card.bytes,
        "weight_bytes": 4 * card.parameters,
    }


def _ways_of_tensorflow(card: Card, image: np.ndarray) -> dict[str, tuple[Callable[[], object], int]]:
    """Return the ways around ``Classifier.predict``, each with how often it is called in a turn."""
    classifier = load(card.name, card.version, card.path.parent.parent, runtime="tensorflow")
    import keras
    import tensorflow as tf

    loaded = open_saved_model(card.path)
    serve = loaded.signatures["serve"]
    inputs = keras.Input((28, 28), name="image")
    network = keras.Model(inputs, keras.layers.TFSMLayer(str(card.path), call_endpoint="serve")(inputs))

    def through_the_signature(loaded=loaded):  # which is kept here: a signature does not keep its variables
        serve(image=tf.constant(image))

    return {
        "tensorflow_us": (lambda: classifier.predict(image), 200),
        "signature_us": (through_the_signature, 200),
        "keras_us": (lambda: network.predict(image, verbose=0), 3),
    }


def seconds_a_drawing(count: int = 200) -> float:
    """Return the median of the seconds that ``image_from_strokes`` takes, over so many synthetic digits."""
    random = np.random.default_rng(0)
    drawings = [draw_digit(i % 10, random) for i in range(count)]
    return statistics.median(seconds_a_call(partial(image_from_strokes, *one), calls=3) for one in drawings)


def seconds_a_call(call: Callable[[], object], calls: int, repeats: int = 5) -> float:
    """Return the median over `repeats` runs of the seconds a call took, after one call that does not count."""
    call()
    runs = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        runs.append((time.perf_counter() - start) / calls)
    return statistics.median(runs)
