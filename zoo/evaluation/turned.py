"""What is said where models read little because the digits are turned, mirrored or inverted."""

from collections.abc import Callable, Iterator, Mapping

from zoo.classifier import Classifier
from zoo.data.orientation import found_way
from zoo.evaluation.metrics import evaluate
from zoo.evaluation.scoring import Scores
from zoo.evaluation.sets import Sets

_WELL, _FAR_MORE = 0.8, 0.2
"""Where the best model reads this share right nothing is tried; by so much more it must be right the other way."""


def sentences(scores: Mapping[str, Scores], sets: Sets, load: Callable[[str], Classifier]) -> Iterator[str]:
    """Yield a sentence for each set, of the images and the drawings, of which far more would be right the other way.

    Args:
        scores: of models, by name.
        sets: what they read.
        load: loads a model by its name.
    """
    for part in sorted(sets.labelled.keys() & {"images", "drawings"} if scores else ()):
        images, labels = sets.labelled[part]
        name, found = max(
            ((name, one.evaluations[part].correct) for name, one in scores.items()), key=lambda one: one[1]
        )
        way = found_way(images, labels) if found < _WELL * len(labels) else None
        if way is None:
            continue
        mended = evaluate(load(name), way.mend(images), labels).correct
        if mended > found + _FAR_MORE * len(labels):
            by = f"; {way.expression} mends them" if part == "images" else ""
            yield (
                f"The {part} are {way.words}: the right way round {name} would read {mended:,} of {len(labels):,} "
                f"right, not {found:,}{by}."
            )
