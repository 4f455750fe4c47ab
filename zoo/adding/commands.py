"""The commands ``python -m zoo add`` and ``python -m zoo remove``."""

import argparse
import sys
from typing import TYPE_CHECKING

from zoo._support.command_line import WrongUseError
from zoo._support.printing import print_json, show_step
from zoo._support.progress import note
from zoo.card import score_in_words

if TYPE_CHECKING:
    from zoo.adding.trying import Trial


def add_command(options: argparse.Namespace) -> None:
    """Add a network that somebody else made, and print what was found."""
    from zoo.adding.adding import Wishes, add

    wishes = Wishes(options.name, options.title, options.scale, options.invert, options.output)
    result = add(options.path, wishes, options.root, tell=show_step)
    show_step("")
    card = result.card
    if result.warning:
        note(result.warning)
    if options.json:
        found = {"best": _as_json(result.best), "second": _as_json(result.second), "warning": result.warning}
        print_json({"card": card.metadata, "path": str(card.path), "found": found})
        return
    if result.best:
        best, output = result.best, result.best.adapter.output
        print(f"It takes {best}, and answers {output}: so it reads {best.correct} of {best.total} synthetic digits.")
    if result.second:
        print(f"The next best, {result.second}, would read {result.second.correct}.")
    for part, score in card.metrics.items():
        print(f"It reads {score_in_words(part, score)} right.")
    print(f"Wrote {card.path}.")


def remove_command(options: argparse.Namespace) -> None:
    """Remove a model that was added or tuned."""
    from zoo.adding.adding import removable, remove

    paths = removable(options.name, options.root)
    if not options.yes:
        what = f"{options.name}, {len(paths)} version{'s' * (len(paths) > 1)} in {paths[0].parent}"
        if sys.stdin is None or not sys.stdin.isatty():
            raise WrongUseError(f"Expected --yes to remove {what}, as nobody can be asked here: add it.")
        if input(f"Remove {what}? [y/N] ").strip().lower() not in ("y", "yes"):
            print("Nothing is removed.")
            return
    for path in remove(options.name, options.root):
        print(f"Removed {path}.")


def _as_json(trial: "Trial | None") -> dict | None:
    if trial is None:
        return None
    adapter = trial.adapter
    kept = {"scale": trial.scale, "inverted": adapter.inverted, "output": adapter.output}
    return kept | {"correct": trial.correct, "total": trial.total}
