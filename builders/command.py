"""The builders' command line: train networks, score them once, and export them."""

import argparse
import importlib
import pkgutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from builders.recipe import Network, Recipe
from zoo.artifacts import score_in_words
from zoo.cli import Parser
from zoo.datasets import Drawings, Mnist, describe, images_of, is_mnist, load_drawings, load_mnist, split_held_out
from zoo.errors import ZooError
from zoo.handwriting import handwriting
from zoo.quiet import import_tensorflow

PROJECT = Path(__file__).resolve().parent.parent
# Modules of this package that networks share; every other module declares one network.
SHARED = {
    "__main__",
    "augmentation",
    "calibration",
    "command",
    "exporting",
    "recipe",
    "teaching",
    "training",
    "training_set",
}
QUICK_EPOCHS, QUICK_IMAGES = 2, 6000
HANDWRITING = "handwriting"  # the value of --data that needs no file
CALIBRATION_IMAGES = 3000  # training images that a release does not learn from: the temperature is fitted on them
TEST_SEED, CALIBRATION_SEED = 2**31, 2**31 + 1  # of drawings; out of the range of --seed, so nobody trains on them
RECIPE_CHOSEN_ON = (
    "the last 10,000 MNIST training images, which trials do not train on, and as a second validation set 7,494 digits "
    "that 30 people drew on a tablet (UCI Pen-Based Recognition of Handwritten Digits), which nothing trains on"
)


def network_names() -> list[str]:
    """The networks there are: one a file."""
    package = Path(__file__).parent
    return sorted(module.name for module in pkgutil.iter_modules([str(package)]) if module.name not in SHARED)


def parser() -> argparse.ArgumentParser:
    """The options of ``python -m builders`` and of each ``python -m builders.NAME``."""
    names = network_names()
    parser = Parser(prog="python -m builders", description="Train networks on MNIST and export them to saved_models/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all ({', '.join(names)})")
    parser.add_argument("--epochs", type=_positive, help="passes over the training images (default: the recipe's)")
    parser.add_argument("--seed", type=_seed, default=1, help="decides every random choice (default: 1)")
    parser.add_argument(
        "--data",
        metavar="PATH",
        help="MNIST: Keras's mnist.npz, or a folder of IDX files; or the word handwriting: digits drawn from rules and "
        "no MNIST, exported as NAME_handwriting",
    )
    parser.add_argument(
        "--score-strokes",
        metavar="FILE",
        help="also score on these drawings (.npz, see zoo/datasets.py); they are not learned from",
    )
    parser.add_argument(
        "--output", type=Path, default=PROJECT / "saved_models", metavar="FOLDER", help="default: saved_models/"
    )
    parser.add_argument(
        "--checkpoints",
        type=Path,
        default=PROJECT / ".training",
        metavar="FOLDER",
        help="where unfinished runs are kept, to go on with them (default: .training/)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--quick", action="store_true", help="a run of seconds on few images, exported as NAME_quick, to try things out"
    )
    mode.add_argument(
        "--validate",
        action="store_true",
        help="train on the first 50,000 images, score the last 10,000 of the training set, export nothing: "
        "to choose between recipes without opening the test set",
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Build the named networks, or all; return the exit code."""
    options = parser().parse_args(arguments)
    known = network_names()
    if unknown := [name for name in options.names if name not in known]:
        print(f"No network {unknown[0]!r} in builders/: there are {', '.join(known)}.", file=sys.stderr)
        return 2
    try:
        drawings = load_drawings(options.score_strokes) if options.score_strokes else None
        mnist = None if options.data == HANDWRITING else load_mnist(options.data)
        for folder in (options.output, options.checkpoints):
            folder.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
        import_tensorflow()
        networks = [importlib.import_module(f"builders.{name}").NETWORK for name in options.names or known]
        for network in sorted(networks, key=lambda network: bool(network.recipe.teacher)):  # teachers first
            build(network, mnist, drawings, options)
    except ZooError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be written or read ({error.strerror}).", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Whole epochs are kept: the same command goes on after the last.", file=sys.stderr)
        return 130
    return 0


def build(network: Network, mnist: Mnist | None, drawings: Drawings | None, options: argparse.Namespace) -> None:
    """Train one network as the options say; score it, and export it unless the run only validates a recipe."""
    from builders.calibration import fit_temperature, with_temperature
    from builders.exporting import export
    from builders.teaching import teacher_of
    from builders.training import count_correct, logits_of, train

    data = _data(mnist, options)
    images, labels = data.training
    network = _as_told(network, options, data)
    if options.epochs:
        network = replace(network, recipe=_shortened(network.recipe, options.epochs))
    teacher = teacher_of(
        network,
        images,
        labels,
        seed=options.seed,
        published=options.output,
        checkpoints=options.checkpoints,
        as_told=lambda teacher: _as_told(teacher, options, data),
    )
    print(
        f"{network.title}: {network.recipe.epochs} epochs on {len(images):,} images, seed {options.seed}.", flush=True
    )
    training, checkpoint = train(
        network,
        images,
        labels,
        seed=options.seed,
        checkpoints=options.checkpoints,
        validation=data.held_out,
        teacher=teacher.model if teacher else None,
    )
    # As many drawings as held-out images, so that the one temperature does for both; of a seed that nobody trains on.
    drawn = handwriting(len(data.held_out[1]), CALIBRATION_SEED)
    fitted_on = [np.concatenate(pair) for pair in zip(data.held_out, drawn, strict=True)]
    temperature = fit_temperature(logits_of(training.model, fitted_on[0]), fitted_on[1])

    scored = {data.scored_on: data.scored}
    if drawings:
        scored["drawings"] = (images_of(drawings.drawings), drawings.labels)
    metrics = {
        part: {"correct": count_correct(training.model, *pair), "total": len(pair[1])} for part, pair in scored.items()
    }
    scores = " and ".join(score_in_words(part, score) for part, score in metrics.items())
    verdict = f"{network.title}, seed {options.seed}: read {scores} right"
    if options.validate:
        print(f"{verdict}; nothing is exported.")
    else:
        metadata = {
            "data": {"training": {"name": data.name, **describe(images, labels)}}
            | {part: describe(*pair) for part, pair in scored.items()},
            "teacher": teacher.facts if teacher else None,
            "recipe_chosen_on": RECIPE_CHOSEN_ON,
            "seed": options.seed,
            "seconds": round(training.seconds, 1),
            "calibration": {
                "temperature": temperature,
                "layer": "calibrated_logits",
                "fitted_on": f"{len(data.held_out[1]):,} held-out images and as many generated drawings",
            },
            "metrics": metrics,
            "history": training.history,
        }
        card = export(with_temperature(training.model, temperature), network, options.output, metadata)
        print(f"{verdict}.")
        print(f"Wrote {card.path} ({card.bytes / 1e6:.2f} MB, {card.parameters:,} parameters).", flush=True)
    checkpoint.remove()


class Data(NamedTuple):
    """What one run learns from and is scored on, each a pair of images and labels, and what to call them."""

    name: str
    training: tuple[np.ndarray, np.ndarray]
    held_out: tuple[np.ndarray, np.ndarray]
    scored_on: str
    scored: tuple[np.ndarray, np.ndarray]


def _data(mnist: Mnist | None, options: argparse.Namespace) -> Data:
    name = "generated handwriting"
    if mnist is None:
        count = QUICK_IMAGES * 2 if options.quick else 60_000
        print(f"Drawing {count:,} digits to learn from and {count // 6:,} to score on ...", flush=True)
        mnist = Mnist(*handwriting(count, options.seed), *handwriting(count // 6, TEST_SEED))
    else:
        name = "MNIST" if is_mnist(mnist) else "digits in the layout of MNIST"
    # The test set is for releases alone: trials learn from a part of the training images and are scored on the rest.
    if options.quick or options.validate:
        training, held_out = split_held_out(mnist)
        if options.quick:
            training = tuple(part[:QUICK_IMAGES] for part in training)
        return Data(name, training, held_out, "held_out", held_out)
    training, held_out = split_held_out(mnist, CALIBRATION_IMAGES)
    scored_on = "generated_test" if options.data == HANDWRITING else "mnist_test"
    return Data(name, training, held_out, scored_on, (mnist.x_test, mnist.y_test))


def _as_told(network: Network, options: argparse.Namespace, data: Data) -> Network:
    """The network under a name that tells its run from a release, with the recipe that the run allows."""
    recipe, name, title = network.recipe, network.name, network.title
    if options.data == HANDWRITING:  # all is drawn already
        recipe = replace(recipe, drawings=0)
        name, title = f"{name}_handwriting", f"{title}, taught by generated handwriting alone"
    if options.quick:
        share = len(data.training[1]) / 60_000
        recipe = _shortened(recipe, QUICK_EPOCHS)
        recipe = replace(recipe, drawings=round(recipe.drawings * share), not_digits=round(recipe.not_digits * share))
        name, title = f"{name}_quick", f"{title}, quick trial"
    return replace(network, recipe=recipe, name=name, title=title)


def _shortened(recipe: Recipe, epochs: int) -> Recipe:
    return replace(recipe, epochs=epochs, warmup_epochs=min(recipe.warmup_epochs, epochs // 2))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {2**31 - 1}, found {text}")
    return int(text)
