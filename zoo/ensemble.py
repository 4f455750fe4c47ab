"""Ensembles: several models on the same image, what each of them reads, and their vote."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from zoo.artifacts import list_models
from zoo.card import Card
from zoo.classifier import DOUBTFUL, Classifier, Prediction, checked_images, load
from zoo.errors import ImageError, ModelNotFoundError, ZooError

DOUBTFUL_VOTE = 0.37
"""A doubt above this, of the mean of the models that learned from outliers, says: rather not one digit.

It is the least at which no more than one digit in a hundred is doubted, neither of synthetic digits, nor of MNIST's
that releases do not learn from, nor of two sets of drawings; docs/vote_threshold.py chooses it for other models.
"""
NOT_ONE_DIGIT = "Not recognised as a single digit"
CLEAR, NEARLY_ALL = 0.6, 0.9
"""Two digits cannot be told apart where they share nearly all probability and neither clearly has the most of it."""


def candidates(probabilities: Sequence[float], doubtful: float = DOUBTFUL) -> tuple[int, ...]:
    """Return what ten probabilities leave to choose from: one digit; two, the likelier first; or none.

    Args:
        probabilities: of the digits 0 to 9, each 0..1.
        doubtful: a doubt above this, 0..1, leaves no digit.
    """
    shares = list(map(float, probabilities))  # of ten numbers quicker than an array
    if (highest := max(shares)) >= CLEAR:  # nearly always, and quicker than to sort
        return () if 1 - highest > doubtful else (shares.index(highest),)
    first, second = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:2]
    if _are_two(shares[first], shares[second]):
        return first, second
    return () if 1 - shares[first] > doubtful else (first,)


def _are_two(first: Any, second: Any) -> Any:
    """Return whether two digits cannot be told apart, by the probabilities of the likeliest two, float or arrays."""
    return (first < CLEAR) & (first + second > NEARLY_ALL)


class Votes:
    """The vote of an ensemble of `m` models on each of `n` images.

    Where there are models that learned from outliers, they decide whether an image shows a digit, and which: the
    others are sure of scribbles too, and are the weakest readers. All are counted.

    Attributes:
        digits: integers 0..9 ``(m, n)``, what each model reads.
        probabilities: float64 ``(n, 10)``, the mean of those of the models that decide.
        doubtful: a doubt above this says: rather not one digit.
    """

    def __init__(
        self,
        probabilities: Sequence[np.ndarray] | np.ndarray,
        digits: Sequence[np.ndarray] | np.ndarray | None = None,
        learned: Sequence[bool] | None = None,
    ):
        """Count the votes.

        Args:
            probabilities: float ``(m, n, 10)``, 0..1, of at least one model.
            digits: integers 0..9 ``(m, n)``, what each model reads; the most probable digit by default.
            learned: for each model, whether it learned from outliers; by default none did.
        """
        given = np.asarray(probabilities, np.float64)
        self.digits = given.argmax(axis=2) if digits is None else np.asarray(digits, np.int64)
        has_learned = learned is not None and any(learned)
        deciding = given[np.asarray(learned, bool)] if has_learned else given
        self.probabilities = deciding.mean(axis=0)
        self.doubtful = DOUBTFUL_VOTE if has_learned else DOUBTFUL

    @cached_property
    def doubt(self) -> np.ndarray:
        """float64 ``(n,)``, 0..0.9: that the digit of the vote is not what an image shows."""
        return 1 - self.probabilities.max(axis=1)

    @cached_property
    def decisive_doubt(self) -> np.ndarray:
        """The same, but 0 where two digits cannot be told apart: then it is one of them, and no outlier."""
        second, first = np.sort(self.probabilities, axis=1)[:, -2:].T
        return np.where(_are_two(first, second), 0, self.doubt)

    @cached_property
    def is_doubtful(self) -> np.ndarray:
        """bool ``(n,)``: whether the vote takes an image for an outlier."""
        return self.decisive_doubt > self.doubtful

    @cached_property
    def counts(self) -> np.ndarray:
        """int64 ``(n, 10)``: how many models read each digit."""
        return (self.digits[:, :, np.newaxis] == np.arange(10)).sum(axis=0)

    @cached_property
    def by_mean(self) -> np.ndarray:
        """int64 ``(n,)``: the digit of the highest mean probability."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def by_plurality(self) -> np.ndarray:
        """int64 ``(n,)``: the digit that most models read; of equals, the one of the higher mean probability."""
        return (self.counts + self.probabilities / 2).argmax(axis=1)  # half a probability never outweighs a vote

    @cached_property
    def entropy(self) -> np.ndarray:
        """float64 ``(n,)``: the entropy of the votes in bits; 0 where all models agree."""
        return entropy(self.counts)


class Vote:
    """The vote of one model or several on one image; see ``Votes`` for how it is counted.

    Attributes:
        digits: integers 0..9 ``(m,)``, what each model reads.
        probabilities: float64 ``(10,)``, the mean of those of the models that decide.
        counts: int64 ``(10,)``, how many models read each digit.
        digit: the digit of the highest mean probability.
        probability: its mean probability, 0..1.
        doubt: that it is not what the image shows, 0..0.9.
        is_doubtful: whether the vote takes the image for an outlier: none of the digits, or more than one.
        agreement: the share of the models that read the digit of the vote, 0..1.
        entropy: of the votes in bits, 0 where all models agree.
    """

    def __init__(
        self,
        probabilities: Sequence[Sequence[float]] | Sequence[np.ndarray] | np.ndarray,
        digits: Sequence[int] | None = None,
        learned: Sequence[bool] | None = None,
    ):
        """Count the votes.

        Args:
            probabilities: float ``(m, 10)``, 0..1, a row for each of at least one model.
            digits: what each model reads; the most probable digit by default.
            learned: for each model, whether it learned from outliers; by default none did.
        """
        of_one_image = np.asarray(probabilities, np.float64)[:, np.newaxis]
        votes = Votes(of_one_image, None if digits is None else np.asarray(digits)[:, np.newaxis], learned)
        self.digits = votes.digits[:, 0]
        self.probabilities = votes.probabilities[0]
        self.counts = votes.counts[0]
        self.digit = int(votes.by_mean[0])
        self.probability = float(self.probabilities[self.digit])
        self.doubt = float(votes.doubt[0])
        self.is_doubtful = bool(votes.is_doubtful[0])
        self.agreement = float(self.counts[self.digit] / len(self.digits))
        self.entropy = float(votes.entropy[0])

    @classmethod
    def of(cls, answers: Mapping[str, Sequence[float]], cards: Mapping[str, Card]) -> "Vote | None":
        """Return the vote of models by name; None where there are none.

        Args:
            answers: the ten probabilities of each model, 0..1, by its name.
            cards: the cards of the models, which tell whose doubt counts; of one without a card it does not.
        """
        if not answers:
            return None
        learned = [name in cards and cards[name].facts.learned_doubt for name in answers]
        return cls(list(answers.values()), learned=learned)

    @property
    def candidates(self) -> tuple[int, ...]:
        """The digits that the vote leaves to choose from: one; two that nobody can tell apart; or none, in doubt."""
        return () if self.is_doubtful else candidates(self.probabilities.tolist(), doubtful=1)

    @property
    def verdict(self) -> str:
        """What the vote says: ``"7"``, ``"4 or 9"``, or that it is not recognised as one."""
        return " or ".join(map(str, self.candidates)) or NOT_ONE_DIGIT

    @property
    def ranking(self) -> list[int]:
        """The digits that models read, the most votes first; a tie goes to the smaller digit."""
        return [digit for digit in np.argsort(-self.counts, kind="stable").tolist() if self.counts[digit]]

    @property
    def summary(self) -> str:
        """The votes in words: ``"2 of 3 say 7 · 1 says 2"``, or ``"All 3 say 7"``."""
        models, ranking = len(self.digits), self.ranking
        if models > 1 and len(ranking) == 1:
            return f"{'Both' if models == 2 else f'All {models}'} say {ranking[0]}"
        words = []
        for digit in ranking:
            count = self.counts[digit]
            of_all = f" of {models}" if models > 1 and digit == ranking[0] else ""
            words.append(f"{count}{of_all} {'says' if count == 1 else 'say'} {digit}")
        return " · ".join(words)


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
    def vote(self) -> Vote:
        """The vote of all models that answered."""
        return Vote(
            [prediction.probabilities[0] for prediction in self.predictions.values()],
            [prediction.digits[0] for prediction in self.predictions.values()],
            [name in self.cards and self.cards[name].facts.learned_doubt for name in self.predictions],
        )

    @property
    def votes(self) -> dict[int, list[str]]:
        """The models that read each digit, by digit, the most votes first; a tie goes to the smaller digit."""
        readings = list(zip(self.predictions, self.vote.digits.tolist(), strict=True))
        return {digit: [name for name, read in readings if read == digit] for digit in self.vote.ranking}

    @property
    def agree(self) -> bool:
        """Whether every model that answered reads the same digit."""
        return len(self.vote.ranking) == 1

    @property
    def summary(self) -> str:
        """The votes in words, such as ``"2 of 3 say 7 · 1 says 2"``."""
        return self.vote.summary

    @property
    def verdict(self) -> str:
        """What all models say together: ``"7"``, ``"4 or 9"``, or ``"Not recognised as a single digit"``."""
        return self.vote.verdict


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
    cards: dict[str, Card] = {}
    predictions: dict[str, Prediction] = {}
    errors: dict[str, str] = {}
    for model in dict.fromkeys(models):
        try:
            classifier = model if isinstance(model, Classifier) else load(model, root=root)
        except ModelNotFoundError:
            raise
        except ZooError as error:
            errors[str(model)] = str(error)
            continue
        name = classifier.card.name
        if name in cards and cards[name].path == classifier.card.path:  # named, and given as a model too
            continue
        if name in cards:  # another version of a model that has answered
            name = f"{name}/{classifier.card.version}"
        cards[name] = classifier.card
        predictions[name] = classifier.predict(image)
    if not predictions:
        raise ZooError(next(iter(errors.values())))
    return Comparison(image[0], cards, predictions, errors)
