"""Load and compare neural networks that read handwritten digits.

The dependency rule of the project: ``builders`` and ``gui`` depend on ``zoo``; ``zoo`` depends on neither, and nobody
imports ``gui``. ``import zoo`` loads neither TensorFlow nor matplotlib: the functions that need them import them. A
test holds all of this.
"""

from zoo.artifacts import list_models
from zoo.card import Card
from zoo.classifier import Classifier, Prediction, load
from zoo.ensemble import Comparison, compare
from zoo.errors import ArtifactError, BlankImageError, DataError, ImageError, ModelNotFoundError, ZooError
from zoo.images.pictures import image_from_picture
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
    "list_models",
    "load",
]
