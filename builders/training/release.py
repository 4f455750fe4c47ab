"""Build one network: train it by its recipe, calibrate it, score it once, and publish it."""

import argparse
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from builders.training import calibration
from builders.training.backends import backend_of
from builders.training.data import OwnDrawings, own_drawings
from builders.training.distillation import teacher_of
from builders.training.doubt import Doubted
from builders.training.export import export
from builders.training.loop import train
from builders.training.recipe import Network
from zoo._support.command_line import WrongUseError
from zoo.card import DataSet, Facts, Score, score_in_words
from zoo.data.arrays import describe
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.data.mnist import Mnist, is_mnist, load_mnist, split_held_out
from zoo.data.orientation import tell_way
from zoo.evaluation.sets import read_outliers
from zoo.synthetic.digits import DATA_WORDS, TEST_SEED, synthetic_digits

QUICK_EPOCHS, QUICK_IMAGES = 2, 6000

Labelled = tuple[np.ndarray, np.ndarray]
"""Images, uint8 ``(n, 28, 28)``, and their labels, uint8 ``(n,)`` in 0..9."""


@dataclass(frozen=True)
class Data:
    """What a run learns from and what it is scored on.

    Attributes:
        name: what the training images are called.
        training: what is learned from, beside the recipe's synthetic images.
        held_out: training images that are not learned from.
        scored: what the network is scored on, by the keys of "metrics" in ``model.json``.
        own: a person's drawings, of which a part is learned from and a part scored on.
        doubted: outliers that the network should doubt, and the digits that it should not.
    """

    name: str
    training: Labelled
    held_out: Labelled
    scored: dict[str, Labelled] = field(default_factory=dict)
    own: OwnDrawings | None = None
    doubted: Doubted | None = None


def load_data(options: argparse.Namespace) -> Data:
    """Return the data that the options of ``python -m builders`` ask for.

    The test set is for releases alone: trials learn from a part of the training images and are scored on the rest.
    """
    drawings = _score_strokes(options.score_strokes)
    outliers = read_outliers(options.score_outliers) if options.score_outliers is not None else None
    own = own_drawings(options.strokes, options.seed) if options.strokes is not None else None
    is_trial = options.quick or options.validate
    if options.data in DATA_WORDS:
        name, tested = "synthetic digits", "generated_test"
        count = QUICK_IMAGES * 6 // 5 if options.quick else 60_000
        print("Drawing the digits to learn from ...", flush=True)
        test = synthetic_digits(1 if is_trial else 10_000, TEST_SEED)
        digits = Mnist(*synthetic_digits(count, options.seed), *test)
    else:
        digits, tested = load_mnist(options.data), "mnist_test"
        name = name_of(digits)
        if name != "MNIST":
            tell_way(digits.x_train, digits.y_train, "The images to learn from")
    if is_trial:
        training, held_out = split_held_out(digits)
        if options.quick:
            training = training[0][:QUICK_IMAGES], training[1][:QUICK_IMAGES]
        scored = {"held_out": held_out}
    else:
        training, held_out = split_held_out(digits, calibration.IMAGES)
        scored = {tested: (digits.x_test, digits.y_test)}
    scored |= drawings
    if own:
        scored["own_drawings"] = own.held_out
    return Data(name, training, held_out, scored, own, Doubted(outliers, drawings) if outliers else None)


def _score_strokes(files: list[tuple[str, str]]) -> dict[str, Labelled]:
    """Return the images and labels of drawings by their key."""
    keys = [key for key, _ in files]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise WrongUseError(
            f"Expected a key of its own for each file of --score-strokes, found {twice!r} twice: write KEY=FILE."
        )
    drawings = {key: load_drawings(file) for key, file in files}
    return {key: (images_of(one.drawings), one.labels) for key, one in drawings.items()}


def name_of(digits: Mnist) -> str:
    """Return what ``model.json`` calls the training images."""
    return "MNIST" if is_mnist(digits) else "digits in the layout of MNIST"


def count_correct(network: Network, model: object, sets: dict[str, Labelled]) -> dict[str, Score]:
    """Return "metrics" for ``model.json``: of each set of images and labels, how many `model` reads right."""
    backend = backend_of(network)
    return {part: Score(correct=backend.count_correct(model, *pair), total=len(pair[1])) for part, pair in sets.items()}


def data_sets(
    sets: dict[str, Labelled], name: str, synthetic: DataSet | None = None, own: OwnDrawings | None = None
) -> dict[str, DataSet]:
    """Return "data" for ``model.json``.

    Args:
        sets: images and labels, by what they are used for.
        name: what those of "training" are called.
        synthetic: the synthetic digits and outliers that were learned from.
        own: a person's drawings.
    """
    found = {part: DataSet(**describe(*pair), name=name if part == "training" else "") for part, pair in sets.items()}
    if synthetic:
        found["generated"] = synthetic
    if own:
        found["own"] = own.facts
    return found


def build(network: Network, data: Data, options: argparse.Namespace) -> None:
    """Train one network as the options say; score it, and export it unless the run only validates a recipe."""
    images, labels = data.training
    network = adapted(network, data, options)
    teacher = teacher_of(
        network,
        images,
        labels,
        seed=options.seed,
        published=options.output,
        checkpoints=options.checkpoints,
        own=data.own,
        adapt=lambda teacher: adapted(teacher, data, options),
    )
    own = f" and {data.own.facts.in_training:,} own drawings" if data.own else ""
    print(
        f"{network.title}: {network.recipe.epochs} epochs on {len(images):,} images{own}, seed {options.seed}.",
        flush=True,
    )
    log = None
    if options.tensorboard:
        from builders.training.tensorboard import EventLog

        log = EventLog(options.tensorboard, network, options.seed, len(images))
    training, checkpoint = train(
        network,
        images,
        labels,
        seed=options.seed,
        checkpoints=options.checkpoints,
        own=data.own and data.own.training,
        validation=data.held_out,
        on_epoch=log,
        teacher=teacher and teacher.model,
    )
    if log:
        log.close()
    metrics = count_correct(network, training.model, data.scored)
    scores = " and ".join(score_in_words(part, score) for part, score in metrics.items())
    summary = f"{network.title}, seed {options.seed}: read {scores} right"
    if data.doubted:
        summary += f"; {data.doubted.in_words(partial(backend_of(network).logits, training.model))}"
    if options.validate:
        print(f"{summary}; nothing is exported.")
        checkpoint.remove()
        return
    model, temperature = calibration.calibrated(training.model, backend_of(network).logits, data.held_out)
    sets = {"training": data.training, "held_out": data.held_out, **data.scored}
    facts = Facts(
        data=data_sets(sets, data.name, training.synthetic, data.own),
        teacher=teacher and teacher.facts,
        recipe_chosen_on=network.chosen_on,
        seed=options.seed,
        seconds=round(training.seconds, 1),
        calibration=temperature,
        history={name: tuple(curve) for name, curve in training.history.items()},
    )
    card = export(model, network, options.output, metrics=metrics, facts=facts)
    print(f"{summary}.")
    print(f"Wrote {card.path} ({card.bytes / 1e6:.2f} MB, {card.parameters:,} parameters).", flush=True)
    checkpoint.remove()


def adapted(network: Network, data: Data, options: argparse.Namespace) -> Network:
    """Return the network under a name that tells its run from a release, with the recipe that the run allows."""
    recipe, name, title, chosen_on = network.recipe, network.name, network.title, network.chosen_on
    if options.data in DATA_WORDS:
        recipe = replace(recipe, synthetic=0)  # all is synthetic already; under MNIST's warp, as nothing else varies it
        name, title = f"{name}_{options.data}", f"{title}, taught by synthetic digits alone"
    if options.strokes:
        name, title = f"{name}_own", f"{title}, with own drawings"
    if options.quick:
        share = len(data.training[1]) / 60_000
        recipe = replace(recipe, synthetic=round(recipe.synthetic * share), outliers=round(recipe.outliers * share))
        name, title = f"{name}_quick", f"{title}, quick trial"
    if epochs := options.epochs or (QUICK_EPOCHS if options.quick else None):
        recipe = replace(recipe, epochs=epochs, warmup_epochs=min(recipe.warmup_epochs, epochs // 2))
    if recipe != network.recipe or data.name != "MNIST" or data.own:
        chosen_on = ""  # what follows is another recipe, or for other data
    return replace(network, recipe=recipe, name=name, title=title, chosen_on=chosen_on)
