"""Tasks about the drawing that is there: why models read it as they do, and what changes that. Knows no Tk."""

from collections.abc import Generator

import numpy as np

from gui.worker.messages import Broken, Chart, Explained, Inspected, Pair, Sweep
from gui.worker.steps import Models, Steps, aside, chosen
from zoo import changes
from zoo.ensemble import Comparison
from zoo.errors import ModelNotFoundError


def explain(
    models: Models, model: str, image: np.ndarray, generation: int | None = None
) -> Generator[None, None, Explained]:
    """Return ``Explained``: the outputs of a model's layers and its occlusion map, of an image uint8 ``(28, 28)``."""
    from zoo import explanation

    asked = chosen(models, model)
    layers = yield from aside(explanation.layer_outputs, asked, image)
    occlusion_map = yield from aside(explanation.occlusion_map, asked, image)
    return Explained(model, generation, layers, occlusion_map)


def inspect(models: Models, model: str, image: np.ndarray, layer: str, unit: int) -> Steps:
    """Return ``Inspected``: how a unit, or a map, comes to its value for an image, uint8 ``(28, 28)``."""
    from zoo.computation import computation

    return Inspected(model, layer, unit, (yield from aside(computation, chosen(models, model), image, layer, unit)))


def break_it(models: Models, model: str, image: np.ndarray) -> Steps:
    """Return ``Broken``: the least ink without which a model reads another digit in an image, uint8 ``(28, 28)``."""
    from zoo.flipping import smallest_flip

    return Broken(model, (yield from smallest_flip(chosen(models, model), image)))


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
    return Sweep(name, images, probabilities)


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

    there = [name for name in names if name in models]
    if not there:
        raise ModelNotFoundError("Expected a model to draw the answers of, found none: choose some models.")
    predictions = {}
    for name in there:
        predictions[name] = models[name].predict(image)
        yield None
    comparison = Comparison(image.astype(np.float32), {name: models[name].card for name in there}, predictions)
    return Chart((yield from aside(comparison_png, comparison)))
