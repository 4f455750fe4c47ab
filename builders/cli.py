"""The builders' command line: train networks, score them once, and export them."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np

from builders.training.data import OwnDrawings, own_drawings
from builders.training.recipe import Network
from zoo._support.command_line import Parser, expanded, open_closed_streams, path_option, run
from zoo._support.folders import models_folders, training_folder
from zoo._support.processes import import_tensorflow
from zoo.card import score_in_words
from zoo.data.arrays import describe
from zoo.data.drawing_files import load_drawings
from zoo.data.drawings import images_of
from zoo.data.mnist import Mnist, is_mnist, load_mnist, split_held_out
from zoo.synthetic.digits import synthetic_digits

# Modules of this package that are no network.
OTHERS = {"__main__", "cli", "finetune"}
QUICK_EPOCHS, QUICK_IMAGES = 2, 6000
HANDWRITING = "handwriting"  # the value of --data that needs no file
CALIBRATION_IMAGES = 3000  # training images that a release does not learn from: the temperature is fitted on them
TEST_SEED, CALIBRATION_SEED = 2**31, 2**31 + 1  # of drawings; out of the range of --seed, so nobody trains on them


def network_names() -> list[str]:
    """The networks there are: one a file."""
    package = Path(__file__).parent
    return sorted(
        module.name for module in pkgutil.iter_modules([str(package)]) if not (module.ispkg or module.name in OTHERS)
    )


def parser() -> argparse.ArgumentParser:
    """The options of ``python -m builders`` and of each ``python -m builders.NAME``."""
    names = network_names()
    parser = Parser(prog="python -m builders", description="Train networks on MNIST and export them to saved_models/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all ({', '.join(names)})")
    parser.add_argument("--epochs", type=positive, help="passes over the training images (default: the recipe's)")
    parser.add_argument("--seed", type=seed_option, default=1, help="decides every random choice (default: 1)")
    parser.add_argument(
        "--data",
        type=expanded,
        metavar="PATH",
        help="MNIST: Keras's mnist.npz, or a folder of IDX files; or the word handwriting: digits drawn from rules and "
        "no MNIST, exported as NAME_handwriting",
    )
    parser.add_argument(
        "--strokes",
        type=expanded,
        metavar="FILE",
        help="also learn from your own drawings, but for a part that is scored on; exported as NAME_own",
    )
    parser.add_argument(
        "--score-strokes",
        type=expanded,
        metavar="FILE",
        help="also score on these drawings (see zoo/datasets.py), which are not learned from",
    )
    parser.add_argument(
        "--output", type=path_option, default=models_folders()[0], metavar="FOLDER", help="default: %(default)s"
    )
    parser.add_argument(
        "--checkpoints",
        type=path_option,
        default=training_folder(),
        metavar="FOLDER",
        help="where unfinished runs are kept, to go on with them (default: %(default)s)",
    )
    parser.add_argument(
        "--tensorboard",
        type=path_option,
        metavar="FOLDER",
        help="also log loss, held-out loss and accuracy, and learning rate for `tensorboard --logdir FOLDER`",
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
    open_closed_streams()
    options = parser().parse_args(arguments)
    known = network_names()
    if unknown := [name for name in options.names if name not in known]:
        print(f"No network {unknown[0]!r} in builders/: there are {', '.join(known)}.", file=sys.stderr)
        return 2
    return run(
        lambda: _build(options.names or known, options),
        interrupted="Interrupted. Whole epochs are kept: the same command goes on after the last.",
    )


def _build(names: list[str], options: argparse.Namespace) -> None:
    data = _data(options)
    for folder in filter(None, (options.output, options.checkpoints, options.tensorboard)):
        folder.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    networks = [importlib.import_module(f"builders.{name}").NETWORK for name in names]
    if any(network.library == "keras" for network in networks):
        import_tensorflow()
    for network in sorted(networks, key=lambda network: bool(network.recipe.teacher)):  # teachers first
        build(network, data, options)


class Data(NamedTuple):
    """What a run learns from and what it is scored on, each a pair of images and labels.

    Attributes:
        name: what the training images are called.
        training: what is learned from, beside the recipe's drawings.
        held_out: training images that are not learned from.
        scored: what the network is scored on, by the keys of "metrics" in model.json.
        own: a person's drawings, of which a part is learned from and a part scored on.
    """

    name: str
    training: tuple[np.ndarray, np.ndarray]
    held_out: tuple[np.ndarray, np.ndarray]
    scored: dict[str, tuple[np.ndarray, np.ndarray]]
    own: OwnDrawings | None = None


def _data(options: argparse.Namespace) -> Data:
    drawings = load_drawings(options.score_strokes) if options.score_strokes is not None else None
    own = own_drawings(options.strokes, options.seed) if options.strokes is not None else None
    # The test set is for releases alone: trials learn from a part of the training images and are scored on the rest.
    trial = options.quick or options.validate
    if options.data == HANDWRITING:
        name, tested = "generated handwriting", "generated_test"
        count = QUICK_IMAGES * 6 // 5 if options.quick else 60_000
        print("Drawing the digits to learn from ...", flush=True)
        test = synthetic_digits(1 if trial else 10_000, TEST_SEED)
        digits = Mnist(*synthetic_digits(count, options.seed), *test)
    else:
        digits, tested = load_mnist(options.data), "mnist_test"
        name = name_of(digits)
    if trial:
        training, held_out = split_held_out(digits)
        if options.quick:
            training = training[0][:QUICK_IMAGES], training[1][:QUICK_IMAGES]
        scored = {"held_out": held_out}
    else:
        training, held_out = split_held_out(digits, CALIBRATION_IMAGES)
        scored = {tested: (digits.x_test, digits.y_test)}
    if drawings:
        scored["drawings"] = (images_of(drawings.drawings), drawings.labels)
    if own:
        scored["own_drawings"] = own.held_out
    return Data(name, training, held_out, scored, own)


def name_of(digits: Mnist) -> str:
    """Return what ``model.json`` calls the training images."""
    return "MNIST" if is_mnist(digits) else "digits in the layout of MNIST"


def modules_of(network: Network) -> tuple[ModuleType, ModuleType]:
    """Return what trains and what exports a network of its library: alike, but one pair for Keras, one for NumPy."""
    if network.library == "numpy":
        from builders.training import export_numpy, numpy_backend

        return numpy_backend, export_numpy
    from builders.training import export_keras, keras_backend

    return keras_backend, export_keras


def count(training: ModuleType, model, sets: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, dict[str, int]]:
    """Return "metrics" for model.json: of each set of images and labels, how many `model` reads right."""
    return {
        part: {"correct": training.count_correct(model, *pair), "total": len(pair[1])} for part, pair in sets.items()
    }


def build(network: Network, data: Data, options: argparse.Namespace) -> None:
    """Train one network as the options say; score it, and export it unless the run only validates a recipe."""
    library, exporting = modules_of(network)
    images, labels = data.training
    network = _as_told(network, options, data)
    teacher = _teacher(network, data, options)
    own = f" and {data.own.facts['in_training']:,} own drawings" if data.own else ""
    print(
        f"{network.title}: {network.recipe.epochs} epochs on {len(images):,} images{own}, seed {options.seed}.",
        flush=True,
    )
    log = None
    if options.tensorboard:
        from builders.training.tensorboard import EventLog

        log = EventLog(options.tensorboard, network, options.seed, len(images))
    training, checkpoint = library.train(
        network,
        images,
        labels,
        seed=options.seed,
        checkpoints=options.checkpoints,
        own=data.own and data.own.training,
        validation=data.held_out,
        on_epoch=log,
        **({"teacher": teacher.model} if teacher else {}),
    )
    if log:
        log.close()
    metrics = count(library, training.model, data.scored)
    scores = " and ".join(score_in_words(part, score) for part, score in metrics.items())
    verdict = f"{network.title}, seed {options.seed}: read {scores} right"
    if options.validate:
        print(f"{verdict}; nothing is exported.")
    else:
        model, calibration = calibrated(training.model, library.logits_of, data.held_out)
        metadata = {
            "data": {
                "training": {"name": data.name, **describe(images, labels)},
                "generated": training.generated,
                "held_out": describe(*data.held_out),
                **{part: describe(*pair) for part, pair in data.scored.items()},
                **({"own": data.own.facts} if data.own else {}),
            },
            "teacher": teacher.facts if teacher else None,
            "recipe_chosen_on": network.chosen_on,
            "seed": options.seed,
            "seconds": round(training.seconds, 1),
            "calibration": calibration,
            "metrics": metrics,
            "history": training.history,
        }
        card = exporting.export(model, network, options.output, metadata)
        print(f"{verdict}.")
        print(f"Wrote {card.path} ({card.bytes / 1e6:.2f} MB, {card.parameters:,} parameters).", flush=True)
    checkpoint.remove()


def _teacher(network: Network, data: Data, options: argparse.Namespace):
    """The trained network that this one learns from; None where it learns from the labels."""
    if not network.recipe.teacher:
        return None
    from builders.training.distillation import teacher_of

    return teacher_of(
        network,
        *data.training,
        seed=options.seed,
        published=options.output,
        checkpoints=options.checkpoints,
        own=data.own,
        as_told=lambda teacher: _as_told(teacher, options, data),
    )


def calibrated(model, logits_of: Callable, held_out: tuple[np.ndarray, np.ndarray] | None) -> tuple:
    """Return the model with a temperature, and what ``model.json`` says of it.

    It is fitted on the images and labels held out, and as many drawings; without these on drawings alone.
    """
    from builders.training.calibration import fit_temperature, with_temperature

    # As many drawings as held-out images, so that the one temperature does for both; of a seed that nobody trains on.
    drawn = synthetic_digits(len(held_out[1]) if held_out else CALIBRATION_IMAGES, CALIBRATION_SEED)
    images, labels = (np.concatenate(pair) for pair in zip(held_out, drawn, strict=True)) if held_out else drawn
    temperature = fit_temperature(logits_of(model, images), labels)
    return with_temperature(model, temperature), {
        "temperature": temperature,
        "layer": "calibrated_logits",
        "fitted_on": f"{len(held_out[1]):,} held-out images and as many generated drawings"
        if held_out
        else f"{len(drawn[1]):,} generated drawings",
    }


def _as_told(network: Network, options: argparse.Namespace, data: Data) -> Network:
    """The network under a name that tells its run from a release, with the recipe that the run allows."""
    recipe, name, title, chosen_on = network.recipe, network.name, network.title, network.chosen_on
    if options.data == HANDWRITING:
        recipe = replace(recipe, drawings=0)  # all is drawn already; under MNIST's warp, as nothing else varies it
        name, title = f"{name}_handwriting", f"{title}, taught by generated handwriting alone"
    if options.strokes:
        name, title = f"{name}_own", f"{title}, with own drawings"
    if options.quick:
        share = len(data.training[1]) / 60_000
        recipe = replace(recipe, drawings=round(recipe.drawings * share), not_digits=round(recipe.not_digits * share))
        name, title = f"{name}_quick", f"{title}, quick trial"
    if epochs := options.epochs or (QUICK_EPOCHS if options.quick else None):
        recipe = replace(recipe, epochs=epochs, warmup_epochs=min(recipe.warmup_epochs, epochs // 2))
    if recipe != network.recipe or data.name != "MNIST" or data.own:
        chosen_on = ""  # what follows is another recipe, or for other data
    return replace(network, recipe=recipe, name=name, title=title, chosen_on=chosen_on)


def positive(text: str) -> int:
    """Read an option that is a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text}")
    return int(text)


def seed_option(text: str) -> int:
    """Read an option that is a seed."""
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {2**31 - 1}, found {text}")
    return int(text)
