"""What stands behind the page on which digits are collected: it outlives the page. Knows no Tk."""

import gc
import os
import random
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import numpy as np

import zoo
from gui.collect.tuning import MODULE, Tuning
from gui.drawing.drawing import Amount, Drawing
from zoo._support.folders import NO_HOME
from zoo.data.collection import CollectedDrawing, Collection
from zoo.data.collection_file import BusyCollectionError, CollectionError, UnreadableCollectionError, set_aside
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings

LEAST_DRAWINGS = 10
"""Fewer than this ``builders.finetune`` refuses: some are kept aside to measure what the others taught."""
NEWEST = 300
"""Drawings shown at most, of all digits or of one."""
PATIENCE = 0.3
"""Seconds that the window may stand still while another program is writing to the collection."""


class Collecting:
    """A pad, the digit that is asked for, the collection it goes to, and the model that is tuned on the collection.

    ``drawing`` is another one after each saving. ``notice`` is what the last action came to, with ``is_warning``;
    ``warning`` stands for as long as it is true, or until it is read. Nothing here raises for what a user can run into:
    the sentence is in ``notice``.

    Args:
        path: the file of the collection; None for memory.
        root: the folder of the models; None for that of the project.
        module: the command that tunes a model, as ``python -m`` takes it.
    """

    def __init__(self, path: Path | None, root: str | None = None, module: str = MODULE):
        self.drawing = Drawing()
        self.notice, self.is_warning = "", False
        self.warning = ""
        self._locked: Path | None = None
        self._told_damaged = 0
        self.collection = self._open(path)
        self.counts = [0] * 10
        self.shown: int | None = None
        """The digit whose drawings are shown; None: all."""
        self.newest: list[CollectedDrawing] = []
        self.selected: set[int] = set()
        """Numbers of the drawings that are selected among these."""
        self.asked: int | None = None
        self.is_tuning_shown = False
        """Whether the page shows the tuning, or else the drawings."""
        self.model: str | None = None
        """The model chosen for tuning, where one was."""
        self.tuning: Tuning | None = None
        self._root = None if root is None else os.path.abspath(root)
        self._module = module
        self._folder: TemporaryDirectory | None = None
        self._work: Future | None = None
        self._thread: Thread | None = None
        self._then: Callable = lambda _result: None
        self._look()
        self.skip()

    def close(self) -> None:
        """End what is under way: a tuning is cancelled, an export is finished, and an import is not waited for."""
        if self.tuning is not None:
            self.tuning.close()
            self._tidy()
        if self._thread is not None and not self._thread.daemon:
            self._thread.join()
        if self._work is None or self._work.done():  # what is still read shall not meet what is left of the window
            gc.enable()
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
        if self._add(Collection.add, self.drawing.arrays(), label) is None:
            return False
        self.drawing = Drawing()  # with a history of its own: undo is not to bring back what is kept, to be kept twice
        self.refresh()
        if label == self.asked:
            self.skip()
        return self._say(f"Saved {_a(label)} ({self.counts[label]:,} so far).")

    def keep(self, strokes: list[np.ndarray], label: int) -> bool:
        """Keep a drawing from elsewhere, strokes of shape (k, 2) in any unit; return whether it was kept."""
        if self._add(Collection.add, strokes, label) is None:
            return False
        self.refresh()
        return self._say(f"Kept as {_a(label)} ({self.counts[label]:,} so far).")

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
            return self._say(f"{what} {_is(undone.drawings)} taken out again.")
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

    def export_to(self, path: Path) -> None:
        """Write all drawings to a file, in place of one that is there; ``poll`` tells when it is done."""
        drawings = self._attempt(self.collection.drawings)
        if drawings is not None:
            self._tell_of_damage()
            done = f"{_drawings(len(drawings.labels))} exported to {path.name}."
            self._begin(lambda _nothing: self._say(done), lambda: write_drawings(drawings, path, overwrite=True))

    def import_from(self, path: Path) -> None:
        """Add the drawings of a file, except those that are here already; ``poll`` tells when it is done."""
        self._begin(lambda drawings: self._add_all(drawings, path), lambda: load_drawings(path), is_reading=True)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._work is not None

    def poll(self) -> bool:
        """Look whether the file that was being read or written is done; return whether it was."""
        if self._work is None or not self._work.done():
            return False
        work, self._work = self._work, None
        gc.enable()
        try:
            result = work.result()
        except (zoo.ZooError, OSError) as error:
            self._say(str(error), is_warning=True)
        else:
            self._then(result)
        return True

    def _add_all(self, drawings: Drawings, path: Path) -> None:
        # Here and not in the thread: what this connection adds, it can take back. 7,500 drawings take 0.1 s.
        new = self._add(Collection.add_all, drawings)
        if new is None:
            return
        self.refresh()
        known = len(drawings.labels) - len(new)
        self._say(
            f"{_drawings(len(new))} imported from {path.name}" + (f"; {known:,} were here already." if known else ".")
        )

    def _begin(self, then: Callable, function: Callable, *, is_reading: bool = False) -> None:
        """Call a function in a thread, and another one with what it returned; the window need not wait for reading."""
        self._then = then
        # Garbage that holds pictures of Tk would be collected in whichever thread comes to it, and wait there for the
        # Tk thread to delete them: for ever, if that waits for the work, as it does when the window closes.
        gc.disable()
        self._work = Future()
        self._thread = Thread(target=_do, args=(function, self._work), daemon=is_reading)
        self._thread.start()
        self._say("")

    def _open(self, path: Path | None) -> Collection:
        self._locked = None
        moved = ""
        try:
            try:
                return Collection(path, patience=PATIENCE)
            except UnreadableCollectionError:
                aside = set_aside(path)
                moved = f"The file of your drawings, {path}, could not be read. It was kept as {aside.name}, beside it"
                self.warning = f"{moved}, and a new one begun."
                return Collection(path, patience=PATIENCE)
        except BusyCollectionError:
            self._locked = path
            self.warning = (
                f"Another program is writing to the file of your drawings, {path}. Nothing is shown or saved until it "
                "has ended."
            )
            return Collection()
        except CollectionError as error:
            reason = "There is no home folder." if NO_HOME in path.parents else error
            self.warning = (
                f"{moved}{'. ' if moved else ''}Your drawings cannot be kept: {reason} Export what you draw before you "
                "close the window."
            )
            return Collection()

    def _is_there(self) -> bool:
        """Whether the collection is there; that of a file which was locked is opened as soon as it can be."""
        if self._locked is not None:
            self.warning = ""
            self.collection.close()
            self.collection = self._open(self._locked)
        return self._locked is None

    def _look(self) -> None:
        counts = self._attempt(self.collection.counts)
        if counts is not None:
            self.counts = counts
            self.newest = self._attempt(self.collection.recent, NEWEST, self.shown) or []
            self.selected &= {drawing.number for drawing in self.newest}
            self._tell_of_damage()

    def _add(self, add: Callable, *what):
        """What a method of the collection returns that adds; None where it raised, and the notice then says why."""
        if self._is_there():
            return self._attempt(add, self.collection, *what)
        self._say("It is not saved yet, as another program is writing to your drawings: try again.", is_warning=True)
        return None

    def _tell_of_damage(self) -> None:
        """Warn of drawings that cannot be read, once of each."""
        count = len(self.collection.damaged)
        if count > self._told_damaged:
            self._told_damaged = count
            self.warning = (
                f"{_drawings(count)} in {self.collection.path} cannot be read and {'is' if count == 1 else 'are'} left "
                "out: restore the file from a copy, or go on without."
            )

    # ---------------------------------------------------------------- tuning

    @property
    def missing(self) -> str:
        """Why no model can be tuned on these drawings; empty where one can."""
        if self.total < LEAST_DRAWINGS:
            return f"At least {LEAST_DRAWINGS} drawings are needed; you have {self.total}."
        if sum(count > 1 for count in self.counts) < 2:
            return "At least two digits have to be drawn twice or more: one to learn from, one to be kept aside."
        return ""

    def tune(self, name: str) -> bool:
        """Begin to tune a model on the drawings as they are now; return whether it began."""
        if self.missing or self.is_tuning:
            return False
        strokes = self._attempt(self._strokes_file)
        if strokes is None:
            return False
        folders = ["--root", self._root, "--output", self._root] if self._root is not None else []
        try:
            self.tuning = Tuning(name, ["--strokes", str(strokes), "--json", *folders], self._module)
        except OSError as error:
            self._tidy()
            return self._say(f"The tuning could not be started: {error.strerror or error}.", is_warning=True)
        return True

    @property
    def is_tuning(self) -> bool:
        """Whether the process of a tuning is there, perhaps on its way out."""
        return self.tuning is not None and self.tuning.is_alive

    def poll_tuning(self) -> bool:
        """Look what the tuning says; return whether it has just ended."""
        if not self.is_tuning:
            return False
        self.tuning.poll()
        if self.tuning.is_alive:
            return False
        self._tidy()
        return True

    def _strokes_file(self) -> Path:
        if self.is_kept:
            return self.collection.path
        self._folder = TemporaryDirectory(prefix="digit-zoo-")
        path = Path(self._folder.name) / "drawings.npz"
        write_drawings(self.collection.drawings(), path)
        return path

    def _tidy(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # ---------------------------------------------------------------- notices

    def _say(self, sentence: str, *, is_warning: bool = False) -> bool:
        """Set the notice; return whether it is good news."""
        self.notice, self.is_warning = sentence, is_warning
        return not is_warning

    def _attempt(self, function: Callable, *arguments):
        """What a function returns; None where it raised, and the notice then says why."""
        try:
            return function(*arguments)
        except (zoo.ZooError, OSError) as error:
            self._say(str(error), is_warning=True)
            return None


def _do(function: Callable, work: Future) -> None:
    try:
        work.set_result(function())
    except BaseException as error:
        work.set_exception(error)


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


def _these(drawings: list[CollectedDrawing]) -> str:
    return f"The {drawings[0].label}" if len(drawings) == 1 else _drawings(len(drawings))


def _is(drawings: list[CollectedDrawing]) -> str:
    return "is" if len(drawings) == 1 else "are"
