"""Tune a trained model to a person's own drawings: ``python -m builders.finetune NAME --strokes FILE``.

It is the training of any network of this package, but it begins with the weights of an artifact, is short and gentle,
and four in ten of the images it shows are the drawings. The others are there so that nothing is forgotten: generated
handwriting, drawings that are no digit for a model that learned to doubt them, and MNIST's training images where they
are found. A part of the drawings is held out, and the model is published only if it reads these no worse than before.
"""

import argparse
import importlib
import json
import os
import sys
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from builders.cli import (
    CALIBRATION_IMAGES,
    TEST_SEED,
    calibrated,
    count,
    modules_of,
    name_of,
    network_names,
    positive,
    seed_option,
)
from builders.training.data import own_drawings
from builders.training.recipe import Network
from zoo import artifacts
from zoo._support.command_line import Parser, WrongUseError, expanded, open_closed_streams, path_option, run
from zoo._support.folders import models_folders
from zoo._support.processes import import_tensorflow
from zoo.card import Card, score_in_words
from zoo.data.arrays import describe
from zoo.data.mnist import VARIABLE, load_mnist, split_held_out
from zoo.errors import ArtifactError, DataError
from zoo.synthetic.digits import synthetic_digits

CHOSEN_ON = "simulated people, who write one rare style a digit, slanted, turned or mirrored: nobody's drawings"
EPOCHS = 10
RATE = 0.3  # of the learning rate that the network was trained with
OWN_SHARE = 0.4  # of what an epoch shows
MNIST_IMAGES, DRAWINGS, NOT_DIGITS = 1200, 1000, 200  # shown in an epoch so that they are not forgotten
GENERATED = 2000  # generated drawings that show what was forgotten

# What the scores in model.json are called in the result that a program reads.
RESULT_KEYS = {"own_drawings": "own", "generated_test": "generated", "held_out": "mnist"}
# How much is done as each phase begins.
PHASES = {"loading": 0.0, "drawing": 0.2, "tuning": 0.3, "publishing": 0.85}


def parser() -> argparse.ArgumentParser:
    """The options of ``python -m builders.finetune``."""
    parser = Parser(
        prog="python -m builders.finetune",
        description="Tune a trained model to your own drawings in about a minute, and publish it as NAME_tuned.",
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
    parser.add_argument("--seed", type=seed_option, default=1, help="decides every random choice (default: 1)")
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
    with News(options.json) as news:
        return run(lambda: tune(options, news), interrupted="Interrupted: nothing is published.", tell=news.tell_error)


class News:
    """What a person, or with `as_json` a program, is told while a model is tuned: to be used in a ``with``."""

    def __init__(self, as_json: bool):
        self.as_json = as_json
        self._bar = tqdm(
            total=1.0,
            bar_format="{desc}{percentage:3.0f}%|{bar}| {elapsed}",
            leave=False,
            disable=as_json or None,  # None: where stderr is no terminal
        )

    def __enter__(self) -> "News":
        return self

    def __exit__(self, *_) -> None:
        self._bar.close()

    def progress(self, phase: str, part: float = 0.0) -> None:
        """Tell that `part` of a phase is done, from 0 to 1."""
        start = PHASES[phase]
        end = min([place for place in PHASES.values() if place > start], default=1.0)
        done = round(start + part * (end - start), 3)
        if self.as_json:
            self._print({"kind": "progress", "done": done, "phase": phase})
        self._bar.set_description(phase, refresh=False)
        self._bar.update(done - self._bar.n)

    def say(self, line: str) -> None:
        """Print a line for people."""
        if not self.as_json:
            tqdm.write(line)

    def tell_result(self, card: Card | None, before: dict, after: dict) -> None:
        """Tell a program what came out; `card` is None where nothing is published."""
        if not self.as_json:
            return
        name, version, path = (card.name, card.version, str(card.path)) if card else (None, None, None)
        before, after = ({RESULT_KEYS[part]: score for part, score in each.items()} for each in (before, after))
        self._print(
            {"kind": "result", "name": name, "version": version, "path": path, "before": before, "after": after}
        )

    def tell_error(self, sentence: str) -> None:
        """Tell what went wrong."""
        self._bar.close()
        if self.as_json:
            self._print({"kind": "error", "error": sentence.strip()})
        else:
            print(sentence, file=sys.stderr)

    @staticmethod
    def _print(message: dict) -> None:
        print(json.dumps(message, ensure_ascii=False), flush=True)


def tune(options: argparse.Namespace, news: News) -> None:
    """Tune the model that the options name, compare it with itself as it was, and publish it if it is no worse."""
    news.progress("loading")
    card = artifacts.verify(artifacts.find(options.model, options.version, options.root))
    origin = network_of(card)
    network = tuned(origin, card, options)
    own = own_drawings(options.strokes, options.seed)
    mnist = _mnist(options.data)
    output = options.output or options.root or models_folders()[0]
    output.mkdir(parents=True, exist_ok=True)  # better refused now than after the training
    if network.library == "keras":
        import_tensorflow()
    library, exporting = modules_of(network)
    mother = exporting.restore(origin, card)

    news.progress("drawing")
    sets = {"own_drawings": own.held_out, "generated_test": synthetic_digits(GENERATED, TEST_SEED)}
    rehearsed, name = (np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)), ""
    if mnist:
        # The images that its temperature was fitted on the mother has not learned; the test set stays closed.
        pool, sets["held_out"] = split_held_out(mnist, CALIBRATION_IMAGES)
        chosen = np.random.default_rng(options.seed).permutation(len(pool[1]))[:MNIST_IMAGES]
        rehearsed, name = (pool[0][chosen], pool[1][chosen]), name_of(mnist)
    else:  # twice the drawings stand for them
        network = replace(network, recipe=replace(network.recipe, drawings=2 * DRAWINGS))
    before = count(library, mother, sets)

    news.progress("tuning")
    training, _ = library.train(
        network,
        *rehearsed,
        seed=options.seed,
        checkpoints=None,
        own=own.training,
        own_share=OWN_SHARE,
        start=mother,
        verbose=0,
        on_epoch=lambda epoch, _: news.progress("tuning", epoch / network.recipe.epochs),
    )
    after = count(library, training.model, sets)
    news.say(f"{network.title}: {training.seconds:.0f} s on {own.facts['in_training']} of your drawings.")
    for part, score in after.items():
        news.say(f"  {score_in_words(part, score)}, before {before[part]['correct']:,}")
    if after["own_drawings"]["correct"] < before["own_drawings"]["correct"]:
        news.say("Of your held-out drawings it reads fewer than before: nothing is published. More drawings may help.")
        news.tell_result(None, before, after)
        return

    news.progress("publishing")
    model, calibration = calibrated(training.model, library.logits_of, sets.get("held_out"))
    metadata = {
        "tuned_from": {
            "name": card.name,
            "version": card.version,
            "weights_sha256": card.facts.weights_sha256,
            "network": origin.name,
            "metrics": before,
        },
        "data": {
            "own": own.facts,
            **({"training": {"name": name, **describe(*rehearsed)}} if name else {}),
            "generated": training.generated,
            **{part: describe(*pair) for part, pair in sets.items()},
        },
        "recipe_chosen_on": network.chosen_on,
        "seed": options.seed,
        "seconds": round(training.seconds, 1),
        "calibration": calibration,
        "metrics": after,
        "history": training.history,
    }
    published = exporting.export(model, network, output, metadata)
    news.say(f"Wrote {published.path}.")
    news.tell_result(published, before, after)


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
    return importlib.import_module(f"builders.{max(names, key=len)}").NETWORK


def tuned(network: Network, card: Card, options: argparse.Namespace) -> Network:
    """Return the network under a name that tells it from a release, with the recipe that tunes it.

    Raises:
        WrongUseError: the name cannot be given.
    """
    name = options.name or (card.name if card.name.endswith("_tuned") else f"{card.name}_tuned")
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
        drawings=DRAWINGS,
        not_digits=NOT_DIGITS if network.recipe.not_digits else 0,  # nobody is taught to doubt in a minute
        teacher="",
    )
    return replace(network, name=name, title=title, recipe=recipe, chosen_on=CHOSEN_ON)


def _mnist(path: str | None):
    """MNIST where it is found, nothing downloaded; None where it is not. What is named and wrong is an error."""
    try:
        return load_mnist(path, download=False)
    except DataError:
        if path or os.environ.get(VARIABLE):
            raise
        return None


if __name__ == "__main__":
    sys.exit(main())
