"""Tune a trained model to a person's own drawings: ``python -m builders.finetune NAME --strokes FILE``.

It is the training of any network of this package, but it begins with the weights of an artifact, is short and gentle,
and four in ten of the images it shows are the drawings. The others are a replay, so that nothing is forgotten:
synthetic digits, outliers for a model that learned to doubt them, and MNIST's training images where they are found. A
part of the drawings is held out, and the model is published only if it reads these no worse than before.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from tqdm import tqdm

from builders.training import calibration
from builders.training.backends import backend_of
from builders.training.data import own_drawings
from builders.training.export import export, restore
from builders.training.loop import train
from builders.training.networks import load_network, network_names
from builders.training.options import positive, seed
from builders.training.recipe import Network
from builders.training.release import count_correct, data_sets, name_of
from zoo import artifacts, finetuning
from zoo._support.command_line import Parser, WrongUseError, expanded, open_closed_streams, path_option, run
from zoo._support.folders import models_folders
from zoo._support.processes import import_tensorflow, require_tensorflow
from zoo._support.progress import note
from zoo.card import Card, Facts, Score, TunedFrom, score_in_words
from zoo.data.mnist import VARIABLE, Mnist, load_mnist, split_held_out
from zoo.data.orientation import tell_way
from zoo.errors import ArtifactError, DataError
from zoo.synthetic.digits import TEST_SEED, synthetic_digits

CHOSEN_ON = "simulated people, who write one rare style a digit, slanted, turned or mirrored: nobody's drawings"
EPOCHS = 10
RATE = 0.3  # of the learning rate that the network was trained with
OWN_SHARE = 0.4  # of what an epoch shows
MNIST_IMAGES, SYNTHETIC, OUTLIERS = 1200, 1000, 200  # the replay of an epoch
TESTED = 2000  # synthetic digits that show what was forgotten


def parser() -> argparse.ArgumentParser:
    """Return the parser of ``python -m builders.finetune``."""
    parser = Parser(
        prog="python -m builders.finetune",
        description="Tune a trained model to your own drawings in a minute, and publish it as NAME_tuned.",
    )
    parser.add_argument("model", metavar="NAME", help="a model of saved_models/ that builders/ built")
    parser.add_argument(
        "--strokes", type=expanded, required=True, metavar="FILE", help="your drawings, with their labels"
    )
    parser.add_argument("--version", type=positive, metavar="N", help="of the model (default: the latest)")
    parser.add_argument(
        "--root",
        type=path_option,
        metavar="FOLDER",
        help="folder of models (default: saved_models/)",
    )
    parser.add_argument(
        "--output",
        type=path_option,
        metavar="FOLDER",
        help="where the tuned model goes (default: the folder of models)",
    )
    parser.add_argument("--name", metavar="NEW", help="of the tuned model (default: NAME_tuned)")
    parser.add_argument("--epochs", type=positive, default=EPOCHS, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=seed, default=1, help="decides every random choice (default: 1)")
    parser.add_argument(
        "--data",
        type=expanded,
        metavar="PATH",
        help="MNIST (mnist.npz or a folder of IDX files), not to be forgotten; default: from DIGIT_ZOO_MNIST or "
        "Keras's cache, if it is there",
    )
    parser.add_argument("--json", action="store_true", help="print progress and result as JSON, an object a line")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Tune a model; return the exit code.

    It is 0 also where nothing is published because tuning did not help: that is an answer, no failure.
    """
    open_closed_streams()
    options = parser().parse_args(arguments)
    with Reporter(options.json) as reporter:
        return run(
            lambda: tune(options, reporter), interrupted="Interrupted: nothing is published.", tell=reporter.tell_error
        )


class Reporter:
    """Tells a person, or with `as_json` a program, how a tuning goes on: to be used in a ``with``."""

    def __init__(self, as_json: bool):
        self._as_json = as_json
        self._bar = tqdm(
            total=1.0,
            bar_format="{desc}{percentage:3.0f}%|{bar}| {elapsed}",
            leave=False,
            disable=as_json or None,  # None: where stderr is no terminal
        )

    def __enter__(self) -> "Reporter":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def tell_progress(self, phase: str, part: float = 0.0, values: Mapping[str, float] = MappingProxyType({})) -> None:
        """Tell that `part` of a phase is done, 0..1, with the values of the last epoch."""
        progress = finetuning.progress(phase, part, values.get("loss"), values.get("val_accuracy"))
        self._send(progress)
        self._bar.set_description(phase, refresh=False)
        self._bar.update(progress.done - self._bar.n)

    def say(self, line: str) -> None:
        """Print a line for people."""
        if not self._as_json:
            tqdm.write(line)

    def tell_result(self, card: Card | None, before: dict[str, Score], after: dict[str, Score]) -> None:
        """Tell a program what came out; `card` is None where nothing is published."""
        name, version, path = (card.name, card.version, str(card.path)) if card else (None, None, None)
        self._send(finetuning.Result(name, version, path, _for_programs(before), _for_programs(after)))

    def tell_error(self, sentence: str) -> None:
        """Tell what went wrong."""
        self._bar.close()
        if self._as_json:
            self._send(finetuning.Failure(sentence.strip()))
        else:
            note(sentence)

    def _send(self, message: finetuning.Message) -> None:
        if self._as_json:
            print(finetuning.to_line(message), flush=True)


def _for_programs(metrics: dict[str, Score]) -> dict[str, Score]:
    return {finetuning.SCORES[part]: score for part, score in metrics.items()}


def tune(options: argparse.Namespace, reporter: Reporter) -> None:
    """Tune the model that the options name, compare it with its base model, and publish it if it is no worse."""
    reporter.tell_progress("loading")
    card = artifacts.verify(artifacts.find(options.model, options.version, options.root))
    base_network = network_of(card)
    if base_network.library == "keras":
        require_tensorflow(f"Tuning {card.name}")
    network = tuned(base_network, card, options)
    own = own_drawings(options.strokes, options.seed)
    mnist = _find_mnist(options.data)
    output = options.output or options.root or models_folders()[0]
    output.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    if network.library == "keras":
        import_tensorflow()
    base_model = restore(base_network, card)

    reporter.tell_progress("drawing")
    sets = {"own_drawings": own.held_out, "generated_test": synthetic_digits(TESTED, TEST_SEED)}
    replay, replay_name = (np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)), ""
    if mnist:
        # The base model did not learn the images that its temperature was fitted on; the test set stays closed.
        if name_of(mnist) != "MNIST":
            tell_way(mnist.x_train, mnist.y_train, "The images beside your drawings")
        learned, sets["held_out"] = split_held_out(mnist, calibration.IMAGES)
        chosen = np.random.default_rng(options.seed).permutation(len(learned[1]))[:MNIST_IMAGES]
        replay, replay_name = (learned[0][chosen], learned[1][chosen]), name_of(mnist)
    else:  # twice the synthetic digits stand for them
        network = replace(network, recipe=replace(network.recipe, synthetic=2 * SYNTHETIC))
    before = count_correct(network, base_model, sets)

    reporter.tell_progress("tuning")
    training, _ = train(
        network,
        *replay,
        seed=options.seed,
        checkpoints=None,
        own=own.training,
        own_share=OWN_SHARE,
        base_model=base_model,
        show_progress=False,
        validation=own.held_out,
        on_epoch=lambda epoch, values: reporter.tell_progress("tuning", epoch / network.recipe.epochs, values),
    )
    after = count_correct(network, training.model, sets)
    reporter.say(f"{network.title}: {training.seconds:.0f} s on {own.facts.in_training} of your drawings.")
    for part, score in after.items():
        reporter.say(f"  {score_in_words(part, score)}, before {before[part]['correct']:,}")
    if after["own_drawings"]["correct"] < before["own_drawings"]["correct"]:
        reporter.say("It reads fewer of your held-out drawings than before: nothing is published. More may help.")
        reporter.tell_result(None, before, after)
        return

    reporter.tell_progress("publishing")
    model, temperature = calibration.calibrated(training.model, backend_of(network).logits, sets.get("held_out"))
    data = data_sets(sets | ({"training": replay} if mnist else {}), replay_name, training.synthetic, own)
    facts = Facts(
        tuned_from=TunedFrom(card.name, card.version, card.facts.weights_sha256, base_network.name, before),
        data=data,
        recipe_chosen_on=network.chosen_on,
        seed=options.seed,
        seconds=round(training.seconds, 1),
        calibration=temperature,
        history={name: tuple(curve) for name, curve in training.history.items()},
    )
    published = export(model, network, output, metrics=after, facts=facts)
    reporter.say(f"Wrote {published.path}.")
    reporter.tell_result(published, before, after)


def network_of(card: Card) -> Network:
    """Return the network of ``builders/`` that an artifact was made from, also a quick trial's or a tuned one's.

    Raises:
        ArtifactError: it is none of them.
    """
    name = card.facts.tuned_from.network if card.facts.tuned_from else card.name
    names = [known for known in network_names() if name == known or name.startswith(f"{known}_")]
    if not names:
        raise ArtifactError(
            f"The artifact {card.path} is of no network in builders/ ({', '.join(network_names())}), so it cannot be "
            "tuned: name a model of one of these."
        )
    return load_network(max(names, key=len))


def tuned(network: Network, card: Card, options: argparse.Namespace) -> Network:
    """Return the network under a name that tells it from a release, with the recipe that tunes it.

    Raises:
        WrongUseError: the name cannot be given.
    """
    name = options.name or (card.name if card.name.endswith(finetuning.SUFFIX) else card.name + finetuning.SUFFIX)
    if not artifacts.NAME_PATTERN.fullmatch(name) or name in network_names():
        raise WrongUseError(
            f"Expected a name of lower-case letters, digits and underscores that no network in builders/ has, found "
            f"{name!r}: give another with --name."
        )
    title = card.title if "tuned to own drawings" in card.title else f"{card.title}, tuned to own drawings"
    recipe = replace(
        network.recipe,
        epochs=options.epochs,
        learning_rate=network.recipe.learning_rate * RATE,
        warmup_epochs=min(1, options.epochs // 2),
        synthetic=SYNTHETIC,
        outliers=OUTLIERS if network.recipe.outliers else 0,  # nobody is taught to doubt in a minute
        teacher="",
    )
    return replace(network, name=name, title=title, recipe=recipe, chosen_on=CHOSEN_ON)


def _find_mnist(path: str | None) -> Mnist | None:
    """Return MNIST where it is found, nothing downloaded; what is named and wrong is an error."""
    try:
        return load_mnist(path, download=False)
    except DataError:
        if path or os.environ.get(VARIABLE):
            raise
        return None


if __name__ == "__main__":
    sys.exit(main())
