"""What every model reads in every image, each asked once, and what all read as an ensemble."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zoo.card import Card, Layer
from zoo.classifier import Classifier
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.data.orientation import tell_way
from zoo.ensemble import Votes
from zoo.evaluation import sets as evaluated
from zoo.evaluation.metrics import Evaluation, evaluate
from zoo.evaluation.statistics import Pair, compare_pairs


@dataclass(frozen=True)
class Images:
    """A labelled set that the models read.

    Attributes:
        title: what a person calls its images, such as ``"MNIST test images"``.
        pixels: ``(n, 28, 28)``, 0..255, white ink on black.
        labels: integers 0..9 ``(n,)``.
    """

    title: str
    pixels: np.ndarray
    labels: np.ndarray

    @property
    def heading(self) -> str:
        """The title at the beginning of a line."""
        return self.title[:1].upper() + self.title[1:]


@dataclass(frozen=True)
class Model:
    """A model and how it read each set, by the set's name."""

    card: Card
    evaluations: dict[str, Evaluation]

    @property
    def name(self) -> str:
        """The model's identifier."""
        return self.card.name

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The output shape of each layer, by its name, without the batch; empty where ``model.json`` does not say."""
        return self.card.shapes

    @property
    def architecture(self) -> dict[str, Layer]:
        """What ``model.json`` says of each layer, by its name."""
        return {layer.name: layer for layer in self.card.facts.architecture}

    @property
    def history(self) -> dict[str, tuple[float, ...]]:
        """The curves of the training that ``model.json`` holds, a value an epoch, by name."""
        return self.card.facts.history

    @property
    def megabytes(self) -> float:
        """Its size on disk in MB, 10^6 bytes."""
        return self.card.bytes / 1e6

    @property
    def latency_us(self) -> float | None:
        """What one image takes in microseconds; None where ``model.json`` does not say."""
        latency = self.card.facts.latency
        return latency.one_image if latency else None

    @property
    def latency_ms(self) -> float | None:
        """The same in milliseconds."""
        return self.latency_us and self.latency_us / 1e3

    @property
    def training_minutes(self) -> float | None:
        """How long its training took in minutes; None where ``model.json`` does not say."""
        seconds = self.card.facts.seconds
        return seconds / 60 if seconds else None

    @property
    def family(self) -> str:
        """The family of networks that it belongs to, as its card says."""
        return self.card.family


def load_sets(data: str | None = None, strokes: str | None = None) -> dict[str, Images]:
    """Load what the models are to read: ``images``, MNIST's test set or the user's, and where given ``drawings``.

    Args:
        data: as of ``zoo.evaluation.sets.load_sets``.
        strokes: a file of drawings, see ``zoo.data.drawing_files.load_drawings``.

    Raises:
        DataError: a file is missing, or is not such data.
    """
    drawings = load_drawings(strokes) if strokes else None
    scored = evaluated.load_sets(data)
    title = "MNIST test images" if scored.title == "MNIST" else "given images"
    sets = {"images": Images(title, *scored.labelled["images"])}
    if drawings:
        sets["drawings"] = Images("drawings", images_of(drawings.drawings), drawings.labels)
    for images in sets.values():
        tell_way(images.pixels, images.labels, f"The {images.title}")
    return sets


def read_sets(classifier: Classifier, sets: dict[str, Images]) -> Model:
    """Return how a model reads every set, each image once."""
    return Model(
        classifier.card, {name: evaluate(classifier, images.pixels, images.labels) for name, images in sets.items()}
    )


class Results:
    """What all models read in all sets.

    Attributes:
        sets: the labelled sets by name, in the order of the report; the first ranks the models.
        models: best first.
    """

    def __init__(self, sets: dict[str, Images], models: list[Model]):
        self.sets = sets
        self.models = sorted(
            models,
            key=lambda model: (
                *(-evaluation.correct for evaluation in model.evaluations.values()),
                model.card.parameters,
                model.name,
            ),
        )
        learned = [model.card.facts.learned_doubt for model in self.models]
        self._ensembles = {name: Ensemble([model.evaluations[name] for model in self.models], learned) for name in sets}

    def ensemble(self, name: str) -> "Ensemble":
        """Return what all models read as an ensemble in the set of this name."""
        return self._ensembles[name]

    def best(self, name: str) -> Model:
        """The model that reads most of the set of this name right; of equals, the one that ranks higher."""
        return max(self.models, key=lambda model: model.evaluations[name].correct)


class Ensemble:
    """What `m` models read as an ensemble in the same `n` images.

    Attributes:
        labels: integers 0..9 ``(n,)``.
        digits: integers 0..9 ``(m, n)``, what each model reads.
        votes: int64 ``(n, 10)``, how many models read each digit.
        probabilities: float64 ``(n, 10)``, as ``zoo.ensemble.Votes`` has them.
    """

    def __init__(self, evaluations: list[Evaluation], learned: list[bool] | None = None):
        self.labels = evaluations[0].labels
        self._votes = Votes(
            [evaluation.probabilities for evaluation in evaluations],
            [evaluation.digits for evaluation in evaluations],
            learned,
        )
        self.digits = self._votes.digits
        self.votes = self._votes.counts
        self.probabilities = self._votes.probabilities

    @cached_property
    def mean(self) -> Evaluation:
        """The vote, by the mean probability."""
        return Evaluation(self.labels, self._votes.by_mean, self.probabilities)

    @cached_property
    def plurality(self) -> Evaluation:
        """The vote by the number of models that read a digit; of equals, the one of the higher mean probability."""
        return Evaluation(self.labels, self._votes.by_plurality, self.votes / len(self.digits))

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every model against every later one."""
        return compare_pairs(self.digits, self.labels)

    @property
    def entropy(self) -> np.ndarray:
        """float64 ``(n,)``: the entropy of the votes in bits; 0 where all models agree."""
        return self._votes.entropy

    @property
    def disagreements(self) -> np.ndarray:
        """The images that not all models read alike, integers, those first of which they differ the most."""
        # Of equal votes, the one first whose mean probabilities are the most level.
        order = np.lexsort((self.probabilities.max(axis=1), -self.entropy))
        return order[self.entropy[order] > 0]

    def by_agreement(self) -> dict[int, tuple[int, int]]:
        """Return by the number of models that read what most read: on how many images, and how often it is right."""
        agreeing = self.votes.max(axis=1)
        right = self.plurality.digits == self.labels
        return {
            count: (int((agreeing == count).sum()), int(right[agreeing == count].sum()))
            for count in range(len(self.digits), 0, -1)
            if (agreeing == count).any()
        }
