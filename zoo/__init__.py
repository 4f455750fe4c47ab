"""Load and compare neural networks that read handwritten digits.

    model = zoo.load("two_conv_cnn")
    model.predict(zoo.image_from_picture("three.png")).digits

The dependency rule of the project: ``builders`` and ``gui`` depend on ``zoo``; ``zoo`` depends on neither, and nobody
imports ``gui``. ``import zoo`` imports next to nothing: a name is imported when it is first used, and what is heavy
(TensorFlow, LiteRT, SciPy, matplotlib) by the functions that need it. A test holds all of this.
"""

import importlib
from typing import TYPE_CHECKING

from zoo.errors import ArtifactError, BlankImageError, DataError, ImageError, ModelNotFoundError, ZooError

if TYPE_CHECKING:
    from zoo.artifacts import list_models
    from zoo.card import Card
    from zoo.classifier import Classifier, Prediction, load
    from zoo.ensemble import Comparison, compare
    from zoo.images.pictures import image_from_picture, images_from_picture
    from zoo.images.strokes import image_from_strokes

__all__ = [
    "ArtifactError",
    "BlankImageError",
    "Card",
    "Classifier",
    "Comparison",
    "DataError",
    "ImageError",
    "ModelNotFoundError",
    "Prediction",
    "ZooError",
    "compare",
    "image_from_picture",
    "image_from_strokes",
    "images_from_picture",
    "list_models",
    "load",
]
_MODULES = {
    "Card": "card",
    "Classifier": "classifier",
    "Comparison": "ensemble",
    "Prediction": "classifier",
    "compare": "ensemble",
    "image_from_picture": "images.pictures",
    "image_from_strokes": "images.strokes",
    "images_from_picture": "images.pictures",
    "list_models": "artifacts",
    "load": "classifier",
}
"""Where the names are that are imported when they are first used."""


def __getattr__(name: str) -> object:
    if name == "artifacts":
        return importlib.import_module("zoo.artifacts")
    if name not in _MODULES:
        raise AttributeError(f"module 'zoo' has no attribute {name!r}")
    globals()[name] = value = getattr(importlib.import_module(f"zoo.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
