"""Search for a better recipe: many short trainings on MNIST without its last 10,000 training images, scored on these.

Run as ``python -m builders.search NAME``. The parameters come from Optuna's TPE (Bergstra et al. 2011) and hopeless
trials are stopped by its median rule (Golovin et al. 2017); the MNIST test set stays closed.
"""

import argparse
import contextlib
import inspect
import os
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from builders.search import report, studies
from builders.training.loop import train
from builders.training.networks import load_network
from builders.training.recipe import Network, Recipe
from zoo._support.command_line import run
from zoo._support.processes import end_with_parent, import_tensorflow
from zoo._support.progress import note, say
from zoo.data.arrays import digest
from zoo.data.mnist import is_mnist, load_mnist, split_held_out
from zoo.data.orientation import tell_way
from zoo.errors import ZooError

if TYPE_CHECKING:
    import optuna

EPOCHS = 20  # of a trial, where the recipe has more
HEARTBEAT = 20  # seconds
WARMUP = 0.3  # share of a trial's epochs in which it is not stopped
# What tells TensorFlow, and NumPy whatever it was built with, how many processors to use; read as they are loaded.
THREADS = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def default_space(trial: "optuna.trial.BaseTrial", recipe: Recipe) -> dict:
    """Return the space of a builder file that declares none of its own: what a search changes of the recipe."""
    rate, decay, smoothing = recipe.learning_rate, recipe.weight_decay, recipe.label_smoothing
    most = decay * 20 or type(recipe).weight_decay  # from 0 to the usual, where the recipe has none
    warp, synthetic_warp = recipe.warp, recipe.synthetic_warp
    return {
        "learning_rate": trial.suggest_float("learning_rate", rate / 5, rate * 5, log=True),
        "weight_decay": trial.suggest_float("weight_decay", decay / 20, most, log=decay > 0),
        "label_smoothing": trial.suggest_float("label_smoothing", 0.0, max(0.15, smoothing)),
        "warp": trial.suggest_float("warp", min(0.2, warp), max(1.3, warp)),
        "synthetic_warp": trial.suggest_float("synthetic_warp", min(0.1, synthetic_warp), max(0.8, synthetic_warp)),
    }


def with_values(network: Network, values: dict) -> Network:
    """Return the network with fields of its recipe, or arguments of its ``build``, as a space gave them."""
    names = {field.name for field in fields(network.recipe)}
    sizes = {name: value for name, value in values.items() if name not in names}
    for name in sizes:
        if name not in inspect.signature(network.build).parameters:
            raise ZooError(
                f"Expected fields of the recipe, or arguments of build(), from the space of {network.name}, "
                f"found {name!r}: change builders/{network.name}.py."
            )
    recipe = replace(network.recipe, **{name: value for name, value in values.items() if name in names})
    return replace(network, recipe=recipe, build=partial(network.build, **sizes) if sizes else network.build)


class Search:
    """A worker's view of the search that the options describe."""

    def __init__(self, options: argparse.Namespace, network: Network, storage: "optuna.storages.RDBStorage"):
        self.options, self.network, self.storage = options, network, storage
        self.space = network.space or partial(default_space, recipe=network.recipe)
        mnist = load_mnist(options.data)
        if not is_mnist(mnist):
            tell_way(mnist.x_train, mnist.y_train, "The images to learn from")
        (images, labels), self.held_out = split_held_out(mnist)
        self.images, self.labels = images[: options.images], labels[: options.images]
        recipe, share = network.recipe, len(self.labels) / len(labels)
        epochs = options.epochs or min(EPOCHS, recipe.epochs)
        self.short: dict[str, Any] = {
            "epochs": epochs,
            "warmup_epochs": min(recipe.warmup_epochs, epochs // 2),
            "synthetic": round(recipe.synthetic * share),
            "outliers": round(recipe.outliers * share),
            "teacher": "",  # a trial learns from the labels: its teacher would have to be trained first
        }
        # Studies of the same name in two databases have nothing in common.
        self.folder = options.checkpoints / f"search-{options.study}-{studies.database_id(options.storage)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.study = self._study()
        self.trouble: Exception | None = None  # what ended a trial

    def _study(self) -> "optuna.Study":
        import optuna

        own = {
            "storage": self.storage,
            "study_name": self.options.study,
            "sampler": studies.repeatable_sampler(self.options.seed),
            "pruner": optuna.pruners.MedianPruner(
                n_startup_trials=5, n_warmup_steps=max(1, round(WARMUP * self.short["epochs"]))
            ),
        }
        try:
            study = optuna.create_study(direction="maximize", **own)
            if values := self._present_values():
                study.enqueue_trial(values)  # what is to be beaten
            else:
                say(f"The space of {self.network.name} does not hold its present recipe, so that is not tried.")
        except optuna.exceptions.DuplicatedStudyError:
            study = optuna.load_study(**own)
        settings = {
            "network": self.network.name,
            "epochs": self.short["epochs"],
            "images": len(self.images),
            "held_out": len(self.held_out[1]),
            "seed": self.options.seed,
            "heartbeat": self.options.heartbeat,  # a worker with a shorter one would take the others for dead
            "data": digest(self.images, self.labels, *self.held_out)[:12],
        }
        begun = study.user_attrs.get("settings")
        if begun is None:
            study.set_user_attr("settings", settings)
        elif begun != settings:
            found = [f"{name} {begun.get(name)}, not {now}" for name, now in settings.items() if begun.get(name) != now]
            raise ZooError(
                f"The study {self.options.study} was begun with {'; '.join(found)}: give the same, or another --study."
            )
        return study

    def _present_values(self) -> dict:
        """Return the parameters that make the recipe as it is; empty where the space does not hold it."""
        import optuna

        sizes = inspect.signature(self.network.build).parameters.values()
        trial = optuna.trial.FixedTrial({size.name: size.default for size in sizes} | asdict(self.network.recipe))
        try:
            with warnings.catch_warnings(action="error"):  # a value out of range is warned of
                self.space(trial)
        except (ValueError, UserWarning):
            return {}
        return trial.params

    def employ(self) -> None:
        """Let several processes work, until all are done; those that are killed leave their trials to the others."""
        context = get_context("spawn")  # as TensorFlow's threads do not survive a fork
        workers = []
        try:
            with _processors_shared(self.options.workers):
                for _ in range(self.options.workers):
                    worker = context.Process(target=_worker, args=(self.options,))
                    worker.start()
                    workers.append(worker)
            with self._bar() as bar:
                while any(worker.is_alive() for worker in workers):
                    self._show_on(bar)
                    time.sleep(0.5)
        except KeyboardInterrupt:  # which the terminal sent to the workers as well
            for worker in workers:
                worker.join(5)
            raise
        finally:
            for worker in workers:
                worker.terminate()
                worker.join()

    def work(self, show: bool = True) -> None:
        """Run trials until all that are wanted are finished, here or by other workers."""
        if self.network.library == "keras":
            import_tensorflow()
        waits = False
        with self._bar(show) as bar:
            while True:
                left = self._show_on(bar)
                if self._may_start():
                    self._run_one()
                elif not left:
                    return
                else:
                    if not waits:
                        say(f"Waiting for {left} of the trials, which other workers have, or had when they died.")
                    waits = True
                    time.sleep(min(1, self.options.heartbeat))

    def introduce(self) -> None:
        """Say what is searched, and where that is kept."""
        say(
            f"{self.network.title}: {self.options.trials} trials of {self.short['epochs']} epochs on "
            f"{len(self.images):,} images, scored on {len(self.held_out[1]):,} held-out ones; "
            f"study {self.options.study} in {studies.without_password(self.options.storage)}."
        )

    def done(self) -> int:
        """Return how many of the trials are finished."""
        return studies.finished(self.study.get_trials(deepcopy=False), self.options.trials)

    def tidy(self) -> None:
        """Remove what the trials, all finished, left of checkpoints, but not what a run of more trials has."""
        for first in studies.attempts(self.study.get_trials(deepcopy=False), self.options.trials):
            for folder in self.folder.glob(f"trial-{first}-*"):
                shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # it is not empty
            self.folder.rmdir()

    def _bar(self, show: bool = True):
        from tqdm import tqdm

        return tqdm(total=self.options.trials, desc="trials", leave=False, disable=None if show else True)

    def _show_on(self, bar) -> int:
        """Show how many trials are finished; return how many are left."""
        bar.n = self.done()
        bar.refresh()
        return self.options.trials - bar.n

    def _may_start(self) -> bool:
        """Take the trials of the dead back; tell whether there is one to start."""
        from optuna.trial import TrialState

        studies.settle(self.study, self.storage, self.options.trials)
        trials = self.study.get_trials(deepcopy=False)
        first = sum("retry_of" not in trial.user_attrs for trial in trials)
        return first < self.options.trials or any(trial.state == TrialState.WAITING for trial in trials)

    def _run_one(self) -> None:
        try:
            with studies.without_experimental_warnings():
                self.study.optimize(cast(Callable, self._run), n_trials=1, callbacks=[self._end])
        except (ValueError, AssertionError) as error:
            if error is self.trouble:
                raise
            # Optuna's own, or its assertion that this cannot be: the trial is not ours to end any more, as no sign of
            # life came from here for a while.
            note("A trial went to another worker, as this one had been silent for too long.")

    def _run(self, trial: "optuna.Trial") -> float | None:
        """Train and score as the trial says; return the accuracy on the held-out images."""
        import optuna

        if not studies.counts(trial.number, self.study.get_trials(deepcopy=False), self.options.trials):
            trial.set_user_attr("note", "not run: another worker had added the same")
            return None  # which Optuna takes for a failure
        try:
            return self._accuracy(trial)
        except KeyboardInterrupt:
            with contextlib.suppress(optuna.exceptions.OptunaError):  # the trial is not ours any more
                trial.set_user_attr("note", studies.INTERRUPTED)
            raise
        except Exception as error:
            self.trouble = error
            raise

    def _accuracy(self, trial: "optuna.Trial") -> float:
        import optuna

        try:
            values = self.space(trial)
        except ValueError as error:  # such as other choices than the study began with
            raise ZooError(
                f"The space of {self.network.name} does not fit the study {self.options.study} ({error}): "
                "undo the change, or give another --study."
            ) from None
        network = replace(self.network, recipe=replace(self.network.recipe, **self.short))
        network = with_values(network, values)

        def on_epoch(epoch: int, logs: dict[str, float]) -> None:
            trial.report(logs["val_accuracy"], epoch)
            if epoch < network.recipe.epochs and trial.should_prune():
                raise optuna.TrialPruned

        folder = self._folder(trial)
        self._inherit(trial, folder)
        training, _ = train(
            network,
            self.images,
            self.labels,
            seed=self.options.seed,
            checkpoints=folder,
            validation=self.held_out,
            show_progress=False,
            on_epoch=on_epoch,
        )
        return training.history["val_accuracy"][-1]

    def _folder(self, trial, attempt: int | None = None) -> Path:
        """Return where an attempt keeps its checkpoint: never two in one folder, whatever their parameters."""
        first = trial.user_attrs.get("retry_of", trial.number)
        return self.folder / f"trial-{first}-{attempt or trial.user_attrs.get('attempt', 1)}"

    def _inherit(self, trial: "optuna.Trial", folder: Path) -> None:
        """Go on from the checkpoint of an earlier attempt, taken away from a worker that may not be quite dead."""
        for attempt in range(trial.user_attrs.get("attempt", 1) - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                self._folder(trial, attempt).rename(folder)
                return

    def _end(self, study: "optuna.Study", trial: "optuna.trial.FrozenTrial") -> None:
        """Remove the checkpoint of a trial that has ended, and tell how it did."""
        shutil.rmtree(self._folder(trial), ignore_errors=True)
        if trial.value is not None:
            epochs, total = trial.last_step, len(self.held_out[1])
            stopped = f", stopped after epoch {epochs}" if trial.state.name == "PRUNED" else ""
            values = report.in_words(trial.params)
            say(f"Trial {trial.number}: {round(trial.value * total):,} of {total:,}{stopped} ({values}).")


@contextlib.contextmanager
def _processors_shared(workers: int) -> Iterator[None]:
    """Let each process started meanwhile use its share of the processors, not all, unless the user said how many."""
    share = str(max(1, (os.cpu_count() or 1) // workers))
    added = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(added, share))
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _worker(options: argparse.Namespace) -> None:
    """One of several processes."""
    end_with_parent()

    def work() -> None:
        network = load_network(options.name)
        with studies.open_storage(options.storage, options.heartbeat) as storage:
            Search(options, network, storage).work(show=False)

    sys.exit(run_with_database(work, interrupted=""))


def run_with_database(action: Callable[[], None], interrupted: str) -> int:
    """Return what ``run`` does, of what goes on in a database."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.CRITICAL)  # its warnings of failed attempts have tracebacks
    try:
        return run(action, interrupted)
    except optuna.exceptions.StorageInternalError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        note(f"The database does not answer any more ({reason}): the same command goes on.")
        return 1
