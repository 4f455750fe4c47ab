"""What stands behind the page on which digits are collected: it outlives the page. Knows no Tk."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import zoo
from gui.collect.model_tuning import ModelTuning
from gui.collect.opening import open_collection
from gui.drawing.drawing import Amount, Drawing
from gui.errors import plain
from gui.numbers import a_digit, percent
from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, DrawingsExported, DrawingsImported, Progress, Refused, TaskMessage
from zoo import finetuning
from zoo.data.collection import CollectedDrawing
from zoo.data.drawing_files import load_drawings, write_drawings

NEWEST = 300
"""Drawings shown at most, of all digits or of one."""


@dataclass(frozen=True)
class _FileWork:
    """What the worker does with a file: the number of its request, ``what`` it is, "Importing" or "Exporting"."""

    number: int
    what: str
    path: Path


class Collecting:
    """A pad, the digit that is asked for, the collection it goes to, and the model that is tuned on the collection.

    ``drawing`` is another one after each saving. ``notice`` is what the last action came to, with ``is_warning``;
    ``warning`` stands for as long as it is true, or until it is read. Nothing here raises for what a user can run into:
    the sentence is in ``notice``.

    Args:
        path: the file of the collection; None for memory.
        link: the worker, which imports and exports; ``receive`` is to be given its messages.
        root: the folder of the models; None for that of the project.
        module: the command that tunes a model, as ``python -m`` takes it.
    """

    def __init__(self, path: Path | None, link: WorkerLink, root: str | None = None, module: str = finetuning.MODULE):
        self.drawing = Drawing()
        self.notice, self.is_warning = "", False
        self.counts = [0] * 10
        self.shown: int | None = None
        """The digit whose drawings are shown; None: all."""
        self.newest: list[CollectedDrawing] = []
        self.selected: set[int] = set()
        """Numbers of the drawings that are selected among these."""
        self.asked = -1  # nothing yet
        self.is_tuning_shown = False
        """Whether the page shows the tuning, or else the drawings."""
        self.tuning = ModelTuning(lambda: self.collection, root, module)
        self._link = link
        self._work: _FileWork | None = None
        self._reported_damaged = 0
        self._path = path
        self.collection, self.warning, self._is_locked = open_collection(path)
        self._look()
        self.skip()

    def close(self) -> None:
        """End what is under way: a tuning is cancelled, an export is finished, and an import is not waited for."""
        self.tuning.close()
        while self._work is not None and self._work.what == "Exporting" and self._link.pid is not None:
            for message in self._link.poll():
                if isinstance(message, Progress | Answer | Refused):
                    self.receive(message)
            time.sleep(0.005)
        self.collection.close()

    # ---------------------------------------------------------------- drawing

    @property
    def total(self) -> int:
        """How many drawings there are."""
        return sum(self.counts)

    @property
    def is_kept(self) -> bool:
        """Whether the drawings are in a file."""
        return self.collection.path is not None

    def skip(self) -> None:
        """Ask for another digit: one of which there are the fewest drawings."""
        others = [digit for digit in range(10) if digit != self.asked]
        fewest = min(self.counts[digit] for digit in others)
        self.asked = random.choice([digit for digit in others if self.counts[digit] == fewest])

    def save(self, label: int | None = None) -> bool:
        """Keep what is on the pad as the digit that is asked for, or as another; return whether it was kept."""
        label = self.asked if label is None else label
        self.drawing.pen_up()
        if self.drawing.amount is Amount.EMPTY:
            return self._say("Nothing is drawn yet.", is_warning=True)
        if self.drawing.amount is Amount.TOO_SMALL:
            return self._say("That is too small to be a digit: draw it larger.", is_warning=True)
        if self._add(self.drawing.arrays(), label) is None:
            return False
        self.drawing = Drawing()  # with a history of its own: undo is not to bring back what is kept, to be kept twice
        self.refresh()
        if label == self.asked:
            self.skip()
        return self._say(f"Saved {a_digit(label)} ({self.counts[label]:,} so far).")

    def keep(self, strokes: list[np.ndarray], label: int) -> bool:
        """Keep a drawing from elsewhere, strokes of shape (k, 2) in any unit; return whether it was kept."""
        if self._add(strokes, label) is None:
            return False
        self.refresh()
        return self._say(f"Kept as {a_digit(label)} ({self.counts[label]:,} so far).")

    @property
    def missing(self) -> str:
        """Why no model can be tuned on these drawings; empty where one can."""
        return self.tuning.missing(self.counts)

    def clear(self) -> None:
        """Remove all ink; it can be undone."""
        if self.drawing.clear():
            self._say("")  # what was said of it is over

    @property
    def can_undo(self) -> bool:
        """Whether there is a saving, an import or a removal to take back."""
        return self.collection.can_undo

    def undo(self) -> bool:
        """Take back the last saving, import or removal; a drawing that had been saved is on the pad again."""
        undone = self._attempt(self.collection.undo)
        self.refresh()
        if undone is None:
            return False
        what = _these(undone.drawings)
        if not undone.were_added:
            return self._say(f"{what} {_is(undone.drawings)} back.")
        drawing = undone.drawings[0]
        if len(undone.drawings) > 1 or drawing.drawn is None:
            return self._say(f"Import undone: {what[0].lower()}{what[1:]} removed.")
        self.drawing.load(drawing.strokes, dirty=True)
        self.asked = drawing.label
        return self._say(f"{what} is on the pad again.")

    # ---------------------------------------------------------------- the collection

    def refresh(self) -> None:
        """Look what there is now; another window may have drawn too."""
        if self._is_there():
            self._look()

    def show(self, digit: int | None) -> None:
        """Choose whose drawings are shown: those of a digit, or all."""
        self.shown = digit
        self.refresh()

    def delete(self) -> bool:
        """Remove the selected drawings."""
        removed = [drawing for drawing in self.newest if drawing.number in self.selected]
        if not removed:
            return self._say("Select a drawing first.", is_warning=True)
        self._attempt(self.collection.delete, *self.selected)
        before, self.selected = self.selected, set()
        self.refresh()
        if before & {drawing.number for drawing in self.newest}:
            return False  # it did not succeed, and the notice says why
        return self._say(f"{_these(removed)} {_is(removed)} removed.")

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._work is not None

    def is_free(self) -> bool:
        """Return whether another file can be read or written; where not, the notice says why."""
        if self._work is not None:
            doing = f"{self._work.what} {self._work.path.name}"
            return self._say(f"{doing} is not done yet: wait until it is, and try again.", is_warning=True)
        if not self._is_there():
            return self._say("Another program is writing to your drawings: try again.", is_warning=True)
        return True

    def export_to(self, path: Path) -> None:
        """Have all drawings written to a file, in place of one that is there."""
        if not self.is_free():
            return
        if self.is_kept:
            self._begin("export", "Exporting", path)
        elif total := self._attempt(self._export_now, path):
            self._exported(path, total)

    def import_from(self, path: Path) -> None:
        """Have the drawings of a file added, except those that are here already."""
        if not self.is_free():
            return
        if self.is_kept:
            self._begin("import", "Importing", path)
        elif counts := self._attempt(self._import_now, path):
            self._imported(path, *counts)

    # In memory there is only what came since the window was opened, and no other process can add to it.

    def _export_now(self, path: Path) -> int:
        drawings = self.collection.drawings()
        write_drawings(drawings, path, overwrite=True)
        return len(drawings.labels)

    def _import_now(self, path: Path) -> tuple[int, int]:
        drawings = load_drawings(path)
        return len(self.collection.add_all(drawings)), len(drawings.labels)

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was about a file that is read or written here."""
        work = self._work
        if work is None or message.request != work.number:
            return False
        if isinstance(message, Progress):
            self._say(f"{work.what} {work.path.name}… {percent(message.done, 0)}")
            return True
        self._work = None
        match message:
            case Refused(error=error):
                self._say(plain(error), is_warning=True)
            case Answer(result=DrawingsImported(numbers, total)):
                self.collection.note_added(numbers)
                self._imported(work.path, len(numbers), total)
            case Answer(result=DrawingsExported(total, damaged)):
                self.collection.damaged.update(damaged)
                self._exported(work.path, total)
        return True

    def _begin(self, task: str, what: str, path: Path) -> None:
        number = self._link.request(task, collection=str(self.collection.path), path=str(path.expanduser().absolute()))
        self._work = _FileWork(number, what, path)
        self._say(f"{what} {path.name}…")

    def _exported(self, path: Path, total: int) -> None:
        self._report_damage()
        self._say(f"{_drawings(total)} exported to {path.name}.")

    def _imported(self, path: Path, new: int, total: int) -> None:
        self.refresh()
        known = f"; {total - new:,} were here already." if total > new else "."
        self._say(f"{_drawings(new)} imported from {path.name}{known}")

    def _is_there(self) -> bool:
        """Return whether the collection is there; that of a file which was locked is opened as soon as it can be."""
        if self._is_locked:
            self.collection.close()
            self.collection, self.warning, self._is_locked = open_collection(self._path)
        return not self._is_locked

    def _look(self) -> None:
        counts = self._attempt(self.collection.counts)
        if counts is not None:
            self.counts = counts
            self.newest = self._attempt(self.collection.recent, NEWEST, self.shown) or []
            self.selected &= {drawing.number for drawing in self.newest}
            self._report_damage()

    def _add(self, strokes: list[np.ndarray], label: int) -> int | None:
        """Add a drawing and return its number; None where it is not kept, and the notice then says why."""
        if self._is_there():
            return self._attempt(self.collection.add, strokes, label)
        self._say("It is not saved yet, as another program is writing to your drawings: try again.", is_warning=True)
        return None

    def _report_damage(self) -> None:
        """Warn of drawings that cannot be read, once of each."""
        count = len(self.collection.damaged)
        if count > self._reported_damaged:
            self._reported_damaged = count
            self.warning = (
                f"{_drawings(count)} in {self.collection.path} cannot be read and {'is' if count == 1 else 'are'} left "
                "out: restore the file from a copy, or go on without."
            )

    def tune(self, name: str) -> bool:
        """Begin to tune a model on the drawings as they are now; return whether it began."""
        if self.missing or self.tuning.is_alive:
            return False
        return self.tuning.start(name) or self._say(self.tuning.error, is_warning=True)

    # ---------------------------------------------------------------- notices

    def _say(self, sentence: str, *, is_warning: bool = False) -> bool:
        """Set the notice; return whether it tells of a success."""
        self.notice, self.is_warning = sentence, is_warning
        return not is_warning

    def _attempt(self, function: Callable, *arguments):
        """Return what a function returns; None where it raised, and the notice then says why."""
        try:
            return function(*arguments)
        except (zoo.ZooError, OSError) as error:
            self._say(plain(str(error)), is_warning=True)
            return None


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


def _these(drawings: list[CollectedDrawing]) -> str:
    return f"The {drawings[0].label}" if len(drawings) == 1 else _drawings(len(drawings))


def _is(drawings: list[CollectedDrawing]) -> str:
    return "is" if len(drawings) == 1 else "are"
