"""The builders' command line: train networks, score them once, and export them."""

import argparse
import importlib
import pkgutil
import sys
from dataclasses import replace
from pathlib import Path

from builders.recipe import Network
from zoo.artifacts import score_in_words
from zoo.cli import Parser
from zoo.datasets import Mnist, describe, is_mnist, load_mnist, split_held_out
from zoo.errors import ZooError
from zoo.quiet import import_tensorflow

PROJECT = Path(__file__).resolve().parent.parent
# Modules of this package that networks share; every other module declares one network.
SHARED = {"__main__", "augmentation", "command", "exporting", "recipe", "training"}
QUICK_EPOCHS, QUICK_IMAGES = 2, 6000


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
    parser.add_argument("--data", metavar="PATH", help="MNIST: Keras's mnist.npz, or a folder of IDX files")
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
        mnist = load_mnist(options.data)
        for folder in (options.output, options.checkpoints):
            folder.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
        import_tensorflow()
        for name in options.names or known:
            build(importlib.import_module(f"builders.{name}").NETWORK, mnist, options)
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


def build(network: Network, mnist: Mnist, options: argparse.Namespace) -> None:
    """Train one network as the options say; score it, and export it unless the run only validates a recipe."""
    from builders.exporting import export
    from builders.training import count_correct, train

    released = not (options.quick or options.validate)
    epochs = options.epochs or (QUICK_EPOCHS if options.quick else network.recipe.epochs)
    warmup = min(network.recipe.warmup_epochs, epochs // 2)
    network = replace(network, recipe=replace(network.recipe, epochs=epochs, warmup_epochs=warmup))
    training_part, held_out = split_held_out(mnist)
    # The test set is for releases alone: trials learn from a part of the training images and are scored on the rest.
    images, labels = (mnist.x_train, mnist.y_train) if released else training_part
    if options.quick:
        network = replace(network, name=f"{network.name}_quick", title=f"{network.title}, quick trial")
        images, labels = images[:QUICK_IMAGES], labels[:QUICK_IMAGES]

    print(f"{network.title}: {epochs} epochs on {len(images):,} images, seed {options.seed}.", flush=True)
    training, checkpoint = train(
        network,
        images,
        labels,
        seed=options.seed,
        checkpoints=options.checkpoints,
        validation=held_out if options.validate else None,
    )
    scored_on, (x, y) = ("mnist_test", (mnist.x_test, mnist.y_test)) if released else ("held_out", held_out)
    correct = count_correct(training.model, x, y)
    score = {"correct": correct, "total": len(y)}
    verdict = f"{network.title}, seed {options.seed}: read {score_in_words(scored_on, score)} right"
    if options.validate:
        print(f"{verdict}; nothing is exported.")
    else:
        source = "MNIST" if is_mnist(mnist) else "digits in the layout of MNIST"
        metadata = {
            "data": {"training": {"name": source, **describe(images, labels)}, scored_on: describe(x, y)},
            "recipe_chosen_on": "the last 10,000 MNIST training images, which trials do not train on",
            "seed": options.seed,
            "seconds": round(training.seconds, 1),
            "metrics": {scored_on: score},
            "history": training.history,
        }
        card = export(training.model, network, options.output, metadata)
        print(f"{verdict}.")
        print(f"Wrote {card.path} ({card.bytes / 1e6:.2f} MB, {card.parameters:,} parameters).", flush=True)
    checkpoint.remove()


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {2**31 - 1}, found {text}")
    return int(text)
