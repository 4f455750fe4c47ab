"""Several models on the same image: who reads what, and how far they agree."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zoo.artifacts import list_models
from zoo.card import Card
from zoo.classifier import DOUBTFUL, Classifier, Prediction, checked_images, load
from zoo.errors import ImageError, ModelNotFoundError, ZooError

DOUBTFUL_VOTE = 0.4
"""A doubt above this, of the vote of the models that learned what is no digit, says: rather not one digit.

Chosen on generated drawings: the least at which it takes fewer than one digit in a thousand for none (3 of 4,000), and
98.8 % of the kinds of scribbles, letters and pairs that they learned from are caught.
"""
CLEAR, NEARLY_ALL = 0.6, 0.9
"""Two digits cannot be told apart where they share nearly all probability and neither clearly has the most of it."""


def candidates(probabilities: Sequence[float], doubtful: float = DOUBTFUL) -> tuple[int, ...]:
    """Return what ten probabilities leave to choose from: one digit; two, the likelier first; or none.

    Args:
        probabilities: of the digits 0 to 9, each 0..1.
        doubtful: a doubt above this, 0..1, leaves no digit.
    """
    first, second = sorted(range(10), key=lambda digit: -probabilities[digit])[:2]
    most = probabilities[first]
    if most < CLEAR and most + probabilities[second] > NEARLY_ALL:
        return first, second
    return (first,) if 1 - most <= doubtful else ()


def learned_doubt(card: Card) -> bool:
    """Whether a model was shown what is no digit as it was trained, by its ``model.json``; where that is silent, no."""
    return card.facts.learned_doubt


class Vote:
    """What one model or several say together of one image.

    The models that learned what is no digit decide whether it is one, where there are any: the others are sure of
    scribbles too. Which digit it is, all decide.

    Attributes:
        digits: integers 0..9 ``(m,)``, what each model reads.
        probabilities: float64 ``(10,)``, the mean of the models'.
        is_doubtful: whether the image rather shows no digit, or more than one.
    """

    def __init__(
        self,
        probabilities: Sequence[Sequence[float]],
        digits: Iterable[int] | None = None,
        learned: Sequence[bool] | None = None,
    ):
        """Count the votes.

        Args:
            probabilities: float ``(m, 10)``, 0..1, a row for each of at least one model.
            digits: what each model reads; the most probable digit by default.
            learned: for each model, whether it learned what is no digit; by default none did.
        """
        answers = np.asarray(probabilities, np.float64)
        self.digits = answers.argmax(axis=1) if digits is None else np.fromiter(digits, np.int64)
        self.probabilities = answers.mean(axis=0)
        if learned is not None and any(learned):
            learned = answers[np.asarray(learned, bool)].mean(axis=0)
            self.is_doubtful = not candidates(learned.tolist(), DOUBTFUL_VOTE)
        else:
            self.is_doubtful = not candidates(self.probabilities.tolist())

    @cached_property
    def digit(self) -> int:
        """The digit of the highest mean probability."""
        return int(self.probabilities.argmax())

    @property
    def probability(self) -> float:
        """Its mean probability, 0..1."""
        return float(self.probabilities[self.digit])

    @property
    def candidates(self) -> tuple[int, ...]:
        """What the vote leaves to choose from: one digit; two that nobody can tell apart; or none, in doubt."""
        return () if self.is_doubtful else candidates(self.probabilities.tolist(), doubtful=1)

    @cached_property
    def counts(self) -> np.ndarray:
        """int64 ``(10,)``: how many models read each digit."""
        return np.bincount(self.digits, minlength=10)

    @property
    def split(self) -> str:
        """How the models split, in words, as ``verdict`` says it."""
        return verdict(self.digits.tolist())

    @property
    def agreement(self) -> float:
        """The share of the models that read the digit of the vote, 0..1."""
        return float(self.counts[self.digit] / len(self.digits))

    @property
    def entropy(self) -> float:
        """The entropy of the votes in bits, 0 where all models agree."""
        return float(entropy(self.counts))


def entropy(votes: np.ndarray) -> np.ndarray:
    """Return the entropy in bits, float64 ``(...)``, of votes ``(..., 10)``: how many models read each digit."""
    share = votes / votes.sum(axis=-1, keepdims=True)
    return -(share * np.log2(share, where=share > 0, out=np.zeros_like(share))).sum(axis=-1) + 0.0


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

    @cached_property
    def vote(self) -> Vote:
        """What all models that answered say together."""
        return Vote(
            [prediction.probabilities[0] for prediction in self.predictions.values()],
            [prediction.digits[0] for prediction in self.predictions.values()],
            [name in self.cards and learned_doubt(self.cards[name]) for name in self.predictions],
        )

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
