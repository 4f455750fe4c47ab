"""Publish a network that somebody else made as an artifact of this zoo, and remove it again."""

import platform
import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from zoo import artifacts
from zoo._support.command_line import WrongUseError
from zoo._support.folders import models_folders
from zoo.adding import keras_file, saved_model_folder, tflite_file
from zoo.adding.source import Source, kind_of, sha256_of
from zoo.adding.trying import Trial, trials
from zoo.card import Added, Card, DataSet, Facts, Score, described
from zoo.classifier import Classifier
from zoo.data.arrays import describe
from zoo.data.mnist import load_mnist
from zoo.errors import ArtifactError, DataError, ModelNotFoundError, first_line
from zoo.evaluation.metrics import evaluate
from zoo.facts import SCALES
from zoo.runtimes.added import Network, Runner
from zoo.runtimes.checks import INPUTS, OUTPUTS, measured_latency
from zoo.runtimes.litert import FILE_NAME, has_convolutions
from zoo.synthetic.digits import TEST_SEED, synthetic_digits

TESTED = 2000
"""Synthetic digits that an added network is scored on: the first of those that the networks of ``builders/`` are."""

LEAST, POOR = 0.3, 0.5
"""Of the synthetic digits tried: who reads fewer is not added unless asked for, or added with a warning."""

_TITLES = {"keras": "a Keras file", "h5": "an HDF5 file of Keras", "saved_model": "a SavedModel", "tflite": "a .tflite"}


@dataclass(frozen=True)
class Result:
    """What came of adding a network.

    Attributes:
        card: of the artifact.
        best: the way in which it takes an image; None for an artifact that got its ``model.tflite``.
        second: the next best that was tried.
        warning: a sentence, where it reads poorly.
    """

    card: Card
    best: Trial | None = None
    second: Trial | None = None
    warning: str = ""


@dataclass(frozen=True)
class Wishes:
    """What is not to be found out.

    Attributes:
        name: of the model; by default made of the file's.
        title: what a person calls it.
        scale: a key of ``zoo.facts.SCALES``.
        invert: whether it was trained on dark ink on white paper.
        output: ``"probabilities"`` or ``"logits"``.
    """

    name: str | None = None
    title: str | None = None
    scale: str | None = None
    invert: bool = False
    output: str | None = None


def add(
    path: Path, wishes: Wishes, root: Path | None = None, tell: Callable[[str], None] = lambda text: None
) -> Result:
    """Add the network in a file or a folder, as version 1 of a new model.

    An artifact of this zoo without ``model.tflite`` gets it, as its next version.

    Args:
        path: a ``.keras``, ``.h5`` or ``.tflite`` file, a SavedModel folder, or the folder of an artifact.
        wishes: what is not to be found out.
        root: folder of models; where builders publish by default.
        tell: is called with what is done, before each step that takes time.

    Raises:
        ArtifactError: it cannot be used.
        WrongUseError: the name is taken, or is none.
        ZooError: TensorFlow is needed and not installed, or the disk is full.
    """
    kind = kind_of(path)
    if kind == "artifact":
        if wishes != Wishes():
            raise WrongUseError(
                f"Expected no options for {path}, as an artifact of this zoo keeps its name and says how it takes an "
                "image: leave --name, --title, --scale, --invert and --output out."
            )
        return Result(_complete(path))
    roots = models_folders() if root is None else [root]
    root, name = roots[0], _free_name(path, wishes.name, roots)
    tell("reading the network ...")
    source = _read(path, kind)
    network = tflite_file.opened(path, source.content)
    tell("trying it on synthetic digits ...")
    best, second = _tried(path, network, wishes)
    warning = _warning(path, best, wishes)
    tell("scoring it ...")
    metrics, data = _scores(Classifier(Card(name, 1, root / name, name), Runner(network, best.adapter)))
    facts = Facts(
        runtime="litert",
        family=source.family,
        inputs=INPUTS,
        outputs=OUTPUTS,
        layers=source.layers,
        data=data,
        added=Added(path.resolve().name, kind, sha256_of(path)),
        adapter=best.adapter,
        libraries={"python": platform.python_version(), "numpy": np.__version__},
        weights_sha256=sha256(source.content).hexdigest(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    metadata = described(
        facts,
        title=wishes.title or name,
        description=f"Added from {_TITLES[kind]}, {path.resolve().name}; it was trained on {best}.",
        reference="",
        parameters=source.parameters,
        metrics=metrics,
    )

    def write(folder: Path) -> None:
        (folder / FILE_NAME).write_bytes(source.content)

    def check(folder: Path) -> dict:
        return measured_latency(
            Runner(Network(folder / FILE_NAME, has_convolutions(source.family)), best.adapter).serve
        )

    return Result(artifacts.publish(root, name, metadata, write, check), best, second, warning)


def remove(name: str, root: Path | None = None) -> list[Path]:
    """Remove all versions of a model that was added or tuned; return the folders that are gone.

    Raises:
        ModelNotFoundError: there is no such model.
        ArtifactError: one of its versions was neither added nor tuned.
    """
    paths = removable(name, root)
    if not paths:
        return []
    folder = paths[0].parent
    for left in folder.glob(".removed-*"):  # what broke off before
        shutil.rmtree(left, ignore_errors=True)
    for path in paths:
        hidden = path.with_name(f".removed-{uuid.uuid4().hex}")
        path.rename(hidden)  # so that nobody loads a half
        shutil.rmtree(hidden)
    if not any(folder.iterdir()):
        folder.rmdir()
    return paths


def removable(name: str, root: Path | None = None) -> list[Path]:
    """Return the folders of all versions of a model, the latest first, where it may be removed.

    Raises:
        ModelNotFoundError, ArtifactError: as ``remove``.
    """
    paths = [artifacts.find(name, version, root) for version in reversed(artifacts.list_versions(name, root))]
    for path in paths:
        facts = artifacts.read_card(path).facts
        if not facts.added and not facts.tuned_from:
            raise ArtifactError(
                f"Expected a model that was added or tuned, found {name!r}, which the zoo builds itself: delete "
                f"{path.parent} yourself if you mean it."
            )
    return paths


def _complete(path: Path) -> Card:
    """Publish the next version of an artifact of this zoo, with ``model.tflite``."""
    card = artifacts.verify(path.resolve())
    if card.facts.runtime != "tensorflow" or FILE_NAME in card.files:
        raise ArtifactError(
            f"Expected an artifact without {FILE_NAME} at {path}, found one that runs as it is: copy the folder "
            f"{path.resolve().parent} to where your models are, if you miss it there."
        )
    from zoo.runtimes.conversion import add_litert

    return add_litert(card)


def _read(path: Path, kind: str) -> Source:
    if kind == "tflite":
        return tflite_file.read(path)
    return saved_model_folder.read(path) if kind == "saved_model" else keras_file.read(path, kind)


def _free_name(path: Path, name: str | None, roots: list[Path]) -> str:
    """Return the name of the new model; raise WrongUseError where it is taken or none."""
    if name is None:
        name = re.sub(r"[^a-z0-9]+", "_", path.resolve().stem.lower()).strip("_")[:64]
    if not artifacts.NAME_PATTERN.fullmatch(name):
        raise WrongUseError(
            f"Expected a name of lower-case letters, digits and underscores, found {name!r}: give one with --name."
        )
    for folder in roots:
        try:
            artifacts.list_versions(name, folder)
        except ModelNotFoundError:
            continue
        raise WrongUseError(
            f"Expected a name that no model has, found {name!r}: give another with --name, or remove what you have "
            f"added under it with `python -m zoo remove {name}`."
        )
    return name


def _tried(path: Path, network: Network, wishes: Wishes) -> tuple[Trial, Trial | None]:
    """Return the best way to take an image, and the second."""
    shape = tuple(int(size) for size in network.input["shape"][1:])
    scales = (wishes.scale,) if wishes.scale else SCALES
    try:
        found = trials(network, shape, scales, (True,) if wishes.invert else (False, True), wishes.output)
    except (ValueError, RuntimeError, MemoryError) as error:
        raise ArtifactError(
            f"Expected a network that LiteRT can run in {path}, found one that breaks off ({first_line(error)}): "
            f"convert it again, or take a smaller one."
        ) from error
    if not np.isfinite(found[0].likelihood):
        raise ArtifactError(
            f"Expected ten numbers for each image from {path}, found what is none (NaN): train the network again, "
            f"with a smaller learning rate."
        )
    return found[0], found[1] if len(found) > 1 else None


def _warning(path: Path, best: Trial, wishes: Wishes) -> str:
    """Return a sentence where the network reads poorly, and raise ArtifactError where it reads hardly at all."""
    if best.share >= POOR:
        return ""
    found = f"at best it reads {best.correct} of {best.total} synthetic digits right ({best})"
    if best.commonest_count == best.total:
        found = f"it answers {best.commonest} to every digit"
    if best.share < LEAST and wishes.scale is None:
        raise ArtifactError(
            f"Expected a network that reads digits in {path}, and {found}: train it longer, see that its ten outputs "
            f"are the digits 0 to 9 in order, or add it as it is by saying how it was trained with --scale."
        )
    return f"{path} reads poorly: {found}; --scale, --invert and --output say how it was trained."


def _scores(classifier: Classifier) -> tuple[dict[str, Score], dict[str, DataSet]]:
    """Return "metrics" and "data" for ``model.json``."""
    sets = {"generated_test": synthetic_digits(TESTED, TEST_SEED)}
    try:
        mnist = load_mnist(download=False)
        sets["mnist_test"] = mnist.x_test, mnist.y_test
    except DataError:
        pass  # it is not here, and nothing is downloaded for this
    scores = {part: evaluate(classifier, *pair) for part, pair in sets.items()}
    metrics = {part: Score(correct=score.correct, total=score.total) for part, score in scores.items()}
    return metrics, {part: DataSet(**describe(*pair)) for part, pair in sets.items()}
