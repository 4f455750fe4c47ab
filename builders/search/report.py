"""What a search found: the best trials in raw counts, pictures, a table of all trials, and the recipe to paste."""

import csv
import json
import warnings
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import optuna

from builders.search.studies import ATTEMPTS, given_up, without_experimental_warnings
from builders.training.recipe import Network
from zoo.errors import ZooError

BEST = 5
NOTE = "study.json"  # says whose report a folder holds
RECIPE = "recipe.txt"
PICTURES = ("history", "slices", "importances")


def rounded(value: object) -> str:
    """Return a value as Python text, a float in three digits."""
    return repr(float(f"{value:.3g}")) if isinstance(value, float) else repr(value)


def in_words(values: dict) -> str:
    """Return parameters in a line."""
    return ", ".join(f"{name} {rounded(value)}" for name, value in values.items())


def check_folder(folder: Path, study: str, database: str) -> None:
    """Raise a ZooError if `folder` holds anything but an earlier report on the same study of the same database."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if (note["study"], note["database"]) == (study, database):
            return
        which = "this" if note["database"] == database else "another"
        found = f"a report on {note['study']} of {which} database"
    except (OSError, ValueError, KeyError, TypeError):
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return
        found = "something else"
    raise ZooError(f"{folder} holds {found}, not a report on {study} of this database: name another --output.")


def report(study: optuna.Study, network: Network, folder: Path, database: str) -> None:
    """Print what the study found, and write it to `folder`: pictures, ``trials.csv`` and ``recipe.txt``.

    Args:
        study: to report on.
        network: that it is about.
        folder: as `check_folder` allows it.
        database: tells the database of the study from others.
    """
    trials = study.get_trials(deepcopy=False)
    settings = study.user_attrs.get("settings", {})
    if settings.get("network", network.name) != network.name:
        raise ZooError(f"The study {study.study_name} is about {settings['network']}, not {network.name}: name that.")
    states = {state: [trial for trial in trials if trial.state.name == state] for state in _STATES}
    seconds = sum(_seconds(trial) for trial in states["COMPLETE"] + states["PRUNED"])  # a dead worker's end is unknown
    counts = ", ".join(f"{len(found)} {_STATES[state]}" for state, found in states.items() if found)
    print(f"Study {study.study_name} of {network.name}: {counts or 'no trials'}; {seconds:,.0f} s of training.")

    if lost := given_up(trials):
        numbers = ", ".join(map(str, lost))
        print(f"  Given up, as {ATTEMPTS} attempts failed without a further epoch: trial {numbers}.")

    folder.mkdir(parents=True, exist_ok=True)
    for old in (RECIPE, *(f"{picture}.png" for picture in PICTURES)):
        (folder / old).unlink(missing_ok=True)
    note = {"study": study.study_name, "database": database, **settings}
    (folder / NOTE).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
    total = settings.get("held_out", 0)
    _write_table(trials, total, folder / "trials.csv")
    best = sorted(states["COMPLETE"], key=lambda trial: (-(trial.value or 0), trial.number))
    if best:
        for trial in best[:BEST]:
            correct, values = round(trial.value * total), in_words(trial.params)
            print(f"  {correct:,} of {total:,}  trial {trial.number}  {_seconds(trial):.0f} s  {values}")
        text = recipe_text(network, best[0].params)
        (folder / RECIPE).write_text(text + "\n", encoding="utf-8")
        print(f"The best of them as a recipe, its values in three digits and all else as it is now:\n{text}")
        if settings:
            instead = f", without the teacher {network.recipe.teacher}" if network.recipe.teacher else ""
            print(
                f"It was tried for {settings['epochs']} epochs on {settings['images']:,} images, with drawings in "
                f"proportion, and learned from labels{instead}: try it in full with "
                f"python -m builders.{network.name} --validate."
            )
        _draw(study, folder)
    print(f"Wrote {folder}.")


_STATES = {"COMPLETE": "complete", "PRUNED": "pruned", "RUNNING": "running", "WAITING": "waiting", "FAIL": "failed"}


def recipe_text(network: Network, values: dict) -> str:
    """Return the recipe with these values as Python text; and ``build``, where they set sizes.

    It names no teacher, as trials have none.
    """
    recipe = network.recipe
    names = {field.name for field in fields(recipe)}
    arguments = []
    for field in fields(recipe):
        value = values.get(field.name, getattr(recipe, field.name))
        if value != field.default and field.name != "teacher":
            arguments.append(f"{field.name}={rounded(value)}")
    text = f"recipe={type(recipe).__name__}({', '.join(arguments)}),"
    if sizes := {name: value for name, value in values.items() if name not in names}:
        build: Any = network.build
        if isinstance(build, partial):  # a network whose sizes were searched before
            build, sizes = build.func, build.keywords | sizes
        given = ", ".join(f"{name}={rounded(value)}" for name, value in sizes.items())
        text = f"from functools import partial\n\nbuild=partial({build.__name__}, {given}),\n{text}"
    return text


def _seconds(trial: optuna.trial.FrozenTrial) -> float:
    return trial.duration.total_seconds() if trial.duration else 0.0


def _write_table(trials: list[optuna.trial.FrozenTrial], total: int, path: Path) -> None:
    names = sorted({name for trial in trials for name in trial.params})
    facts = sorted({name for trial in trials for name in trial.user_attrs})
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "state", "correct", "total", "epochs", "seconds", *names, *facts])
        for trial in trials:
            correct = "" if trial.value is None else round(trial.value * total)
            rows.writerow(
                [trial.number, trial.state.name, correct, total, trial.last_step, round(_seconds(trial), 1)]
                + [trial.params.get(name) for name in names]
                + [trial.user_attrs.get(name) for name in facts]
            )


def _draw(study: optuna.Study, folder: Path) -> None:
    """Draw the scores in the order of the trials, how much each parameter matters, and the score over each."""
    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt
    from matplotlib.ticker import NullFormatter
    from optuna.visualization import matplotlib as pictures

    complete = [trial.value for trial in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))]
    history, slices, importances = PICTURES
    wanted: dict[str, Callable] = {history: pictures.plot_optimization_history}
    if len(complete) > 1:
        wanted[slices] = pictures.plot_slice
    if len(set(complete)) > 1:  # importances are shares of a difference
        # PED-ANOVA (Watanabe et al. 2023), Optuna's own default, in NumPy alone.
        evaluator = optuna.importance.PedAnovaImportanceEvaluator()
        wanted[importances] = partial(pictures.plot_param_importances, evaluator=evaluator)
    with matplotlib.rc_context(), without_experimental_warnings():
        warnings.filterwarnings("ignore", "Attempting to set identical low and high")  # a parameter tried once only
        for name, plot in wanted.items():
            axes = np.ravel(plot(study, target_name="accuracy"))
            figure = axes[0].figure
            figure.set_size_inches(max(6.4, 3.2 * len(axes)), 4.8)
            for one in axes:
                one.xaxis.set_minor_formatter(NullFormatter())  # on logarithmic axes they would run into one another
            figure.savefig(folder / f"{name}.png", dpi=120, bbox_inches="tight")
            plt.close(figure)
