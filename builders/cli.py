"""The builders' command line: train networks, score them once, and export them."""

import argparse

from builders.training.networks import load_network, network_names
from builders.training.options import positive, scored_file, seed
from builders.training.release import build, load_data
from zoo._support.command_line import Parser, expanded, open_closed_streams, path_option, run
from zoo._support.folders import models_folders, training_folder
from zoo._support.processes import import_tensorflow, require_tensorflow
from zoo._support.progress import note


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m builders`` and of each ``python -m builders.NAME``."""
    names = network_names()
    parser = Parser(prog="python -m builders", description="Train networks on MNIST and export them to saved_models/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all ({', '.join(names)})")
    parser.add_argument("--epochs", type=positive, help="passes over the training images (default: the recipe's)")
    parser.add_argument("--seed", type=seed, default=1, help="decides every random choice (default: 1)")
    parser.add_argument(
        "--data",
        type=expanded,
        metavar="PATH",
        help="MNIST: Keras's mnist.npz, or a folder of IDX files; or the word synthetic: synthetic digits and no "
        "MNIST, exported as NAME_synthetic",
    )
    parser.add_argument(
        "--strokes",
        type=expanded,
        metavar="FILE",
        help="also learn from your own drawings, but for a part that is scored on; exported as NAME_own",
    )
    parser.add_argument(
        "--score-strokes",
        type=scored_file,
        action="append",
        default=[],
        metavar="[KEY=]FILE",
        help="also score on these drawings (see zoo/data/drawing_files.py), which are not learned from; of further "
        "files each is given with a key for model.json: --score-strokes FILE --score-strokes unipen=FILE",
    )
    parser.add_argument(
        "--score-outliers",
        type=expanded,
        metavar="FILE",
        help="also say how well doubt tells these outliers, as of `zoo evaluate --outliers`, from those drawings",
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
        note(f"No network {unknown[0]!r} in builders/: there are {', '.join(known)}.")
        return 2
    return run(
        lambda: _build(options.names or known, options),
        interrupted="Interrupted. Whole epochs are kept: the same command goes on after the last.",
    )


def _build(names: list[str], options: argparse.Namespace) -> None:
    networks = [load_network(name) for name in names]
    needs_tensorflow = any(network.library == "keras" for network in networks)
    if needs_tensorflow:
        require_tensorflow("Training these networks")
    data = load_data(options)
    for folder in filter(None, (options.output, options.checkpoints, options.tensorboard)):
        folder.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    if needs_tensorflow:
        import_tensorflow()
    for network in sorted(networks, key=lambda network: bool(network.recipe.teacher)):  # teachers first
        build(network, data, options)
