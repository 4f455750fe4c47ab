"""Several models on the same image: who reads what, and how far they agree."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zoo.artifacts import Card, list_models
from zoo.classifier import Classifier, Prediction, checked_images, load
from zoo.errors import ImageError, ModelNotFoundError, ZooError


@dataclass(frozen=True)
class Comparison:
    """The answers of several models to one image.

    Attributes:
        image: float32 ``(28, 28)``, 0..255, the image all of them received.
        cards: each model's card, by name.
        predictions: each model's answer, one row each, by name.
        errors: one sentence for each model that could not be loaded, by name.
    """

    image: np.ndarray
    cards: dict[str, Card]
    predictions: dict[str, Prediction]
    errors: dict[str, str] = field(default_factory=dict)

    @cached_property
    def votes(self) -> dict[int, list[str]]:
        """The models that read each digit, by digit, the most votes first; a tie goes to the smaller digit."""
        votes = {}
        for name, prediction in self.predictions.items():
            votes.setdefault(int(prediction.digits[0]), []).append(name)
        return dict(sorted(votes.items(), key=lambda vote: (-len(vote[1]), vote[0])))

    @property
    def agree(self) -> bool:
        """Whether every model that answered reads the same digit."""
        return len(self.votes) == 1

    @property
    def summary(self) -> str:
        """The votes in words, such as ``"2 of 3 say 7 · 1 says 2"``."""
        return verdict([int(prediction.digits[0]) for prediction in self.predictions.values()])


def verdict(digits: Sequence[int]) -> str:
    """Say how readings split, the largest group first: ``"2 of 3 say 7 · 1 says 2"``, or ``"All 3 say 7"``."""
    groups = sorted(Counter(digits).items(), key=lambda group: (-group[1], group[0]))
    if len(digits) > 1 and len(groups) == 1:
        return f"{'Both' if len(digits) == 2 else f'All {len(digits)}'} say {digits[0]}"
    words = [f"{count} {'says' if count == 1 else 'say'} {digit}" for digit, count in groups]
    if len(groups) > 1:
        words[0] = words[0].replace(" ", f" of {len(digits)} ", 1)
    return " · ".join(words)


def compare(
    image: np.ndarray,
    models: str | Classifier | Sequence[str | Classifier] | None = None,
    root: str | os.PathLike | None = None,
) -> Comparison:
    """Let several models read the same image.

    Args:
        image: uint8 or float ``(28, 28)``, white ink (255) on black (0).
        models: names, or models that are loaded already, one or several; every model in `root` by default.
        root: folder of models; the project's ``saved_models`` by default.

    Raises:
        ModelNotFoundError: a named model does not exist, or there is none at all.
        ImageError: `image` is not one 28 x 28 image.
        ZooError: not one of the models could be loaded. (Where only some fail, they are in ``errors``.)
    """
    image = checked_images(image)
    if len(image) != 1:
        raise ImageError(f"Expected one image of shape (28, 28) to compare, found {len(image)}: pass one.")
    if models is None:
        models = [card.name for card in list_models(root)]
    elif isinstance(models, str | Classifier):
        models = [models]
    if not models:
        raise ModelNotFoundError("There is no model to compare: build some with `python -m builders`.")
    cards, predictions, errors = {}, {}, {}
    for model in dict.fromkeys(models):
        try:
            classifier = model if isinstance(model, Classifier) else load(model, root=root)
        except ModelNotFoundError:
            raise
        except ZooError as error:
            errors[model] = str(error)
            continue
        name = classifier.card.name
        if name in cards:  # another version of a model that has answered
            name = f"{name}/{classifier.card.version}"
        cards[name] = classifier.card
        predictions[name] = classifier.predict(image)
    if not predictions:
        raise ZooError(next(iter(errors.values())))
    return Comparison(image[0], cards, predictions, errors)
