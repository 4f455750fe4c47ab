"""The digits that a person has drawn and labelled, kept in a file: SQLite, so that a crash or a kill loses none.

Every change is a transaction that is on the disk when its method returns. Several windows can share a file. A
`Collection` belongs to the thread that opened it.

The file has one table, a row a drawing; the schema below says what is in it. `writer` is 0 for the person at the
window, and `drawn`, UTC in ISO 8601, is not known of drawings that were imported.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from zoo.data.collection_file import CollectionError, damaged, errors_in_words, sqlite_address
from zoo.data.drawings import Drawings, check_drawings, drawings_as_arrays
from zoo.errors import BlankImageError, DataError

PATIENCE = 2.0
"""Seconds to wait for another program that is writing at the same moment."""

_APPLICATION = int.from_bytes(b"DiZo", "big")
_VERSION = 1
# Numbers are not used again: one that is deleted here cannot be another drawing in the next window. Points are float32
# and lengths uint32, both little-endian.
_TABLE = """CREATE TABLE drawings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    label INTEGER NOT NULL CHECK (typeof(label) = 'integer' AND label BETWEEN 0 AND 9),
    writer INTEGER NOT NULL DEFAULT 0 CHECK (typeof(writer) = 'integer' AND writer BETWEEN 0 AND 255),
    drawn TEXT CHECK (typeof(drawn) IN ('text', 'null')),
    stroke_lengths BLOB NOT NULL CHECK (typeof(stroke_lengths) = 'blob' AND length(stroke_lengths) % 4 = 0),
    points BLOB NOT NULL CHECK (typeof(points) = 'blob' AND length(points) > 0 AND length(points) % 8 = 0)
)"""
_INDEX = "CREATE INDEX drawings_by_label ON drawings (label)"  # counting then need not read the points
_COLUMNS = "number, label, writer, drawn, stroke_lengths, points"


class CollectedDrawing(NamedTuple):
    """A drawing of a collection: strokes float32 `(k, 2)` of x (right) and y (down), `drawn` None where not known."""

    number: int
    label: int
    strokes: list[np.ndarray]
    writer: int = 0
    drawn: str | None = None


class Undone(NamedTuple):
    """What `Collection.undo` took back: the drawings were added and are gone again, or were deleted and are back."""

    were_added: bool
    drawings: list[CollectedDrawing]


class Collection:
    """The labelled drawings in a file, which is made where there is none, with its folder; or in memory.

    Args:
        path: of the file; None for memory.
        read_only: leave the file as it is; it has to be there.
        patience: seconds to wait, at most, for another program that is writing.

    Raises:
        UnreadableCollectionError: the file is damaged, or no database.
        BusyCollectionError: another program went on writing.
        CollectionError: it cannot be opened or written, or is whole but a newer version's or another program's. Every
            method may raise all three.
    """

    def __init__(self, path: str | os.PathLike | None = None, *, read_only: bool = False, patience: float = PATIENCE):
        self.path = None if path is None else Path(path).expanduser().absolute()
        self.damaged: set[int] = set()
        """Numbers of the drawings that were met here and passed over, as their strokes cannot be made out."""
        self._name = "memory" if self.path is None else str(self.path)
        self._steps: list[tuple[str, list]] = []  # numbers that were added, or drawings that were deleted
        address = ":memory:"
        if self.path is not None:
            # A reader too opens for writing, as SQLite has to repair what a killed writer left behind.
            address = sqlite_address(self.path, may_create=not read_only)
            if not read_only:
                _make_folder(self.path.parent)
        with errors_in_words(self._name):
            self._database = sqlite3.connect(address, timeout=patience, isolation_level=None, uri=True)
        self._database.text_factory = lambda text: text.decode(errors="replace")  # of a damaged file
        try:
            with errors_in_words(self._name):
                self._prepare(read_only)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; everything is in it already."""
        self._database.close()

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_exception) -> None:
        self.close()

    # ---------------------------------------------------------------- reading

    def __len__(self) -> int:
        return self._rows("SELECT COUNT(*) FROM drawings")[0][0]

    def counts(self) -> list[int]:
        """Return how many drawings there are of each digit, ten numbers."""
        counts = dict(self._rows("SELECT label, COUNT(*) FROM drawings GROUP BY label"))
        return [counts.get(digit, 0) for digit in range(10)]

    def recent(self, count: int, label: int | None = None) -> list[CollectedDrawing]:
        """Return the newest drawings, of all digits or of one, the newest first, without those that are damaged."""
        if label is None:
            return self._drawings("ORDER BY number DESC LIMIT ?", count)
        return self._drawings("WHERE label = ? ORDER BY number DESC LIMIT ?", label, count)

    def drawings(self) -> Drawings:
        """Return all drawings that are not damaged, perhaps none, in the order of their numbers; writers are given.

        The arrays are read-only.
        """
        every = self._drawings("ORDER BY number")
        labels = np.array([drawing.label for drawing in every], np.uint8)
        writers = np.array([drawing.writer for drawing in every], np.uint8)
        return Drawings([drawing.strokes for drawing in every], labels, writers)

    # ---------------------------------------------------------------- changing

    def add(self, strokes: Sequence, label: int) -> int:
        """Add a drawing and return its number, higher than any before.

        Args:
            strokes: float sequences `(k, 2)` of x (right) and y (down) in any unit, kept as float32.
            label: the digit, 0 to 9.

        Raises:
            BlankImageError: if there are no points.
            DataError: if they are no finite points, or the label is no digit.
        """
        drawing = Drawings([strokes], np.array([label]), None)  # type: ignore[list-item]  # it is checked below
        if not len(drawings_as_arrays(drawing)["points"]):
            raise BlankImageError("Expected a drawing, found no ink: draw a digit first.")
        [strokes], [label], _ = check_drawings(drawing, "the drawing")
        drawn = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._transaction():
            number = self._insert(None, int(label), 0, drawn, *_blobs(strokes))
        self._steps.append(("add", [number]))
        return number

    def add_all(self, drawings: Drawings) -> list[int]:
        """Add drawings, all or none, except those that are here already; return the numbers of the new ones.

        Two drawings are the same that have the same label and the same points. Where writers are given they are kept.

        Raises:
            DataError: if they are not what `zoo.data.drawing_files.load_drawings` would return.
        """
        if not drawings.drawings:
            return []
        drawings = check_drawings(drawings, "the drawings")
        writers = drawings.writers if drawings.writers is not None else np.zeros_like(drawings.labels)
        if writers.max() > 255:
            raise DataError(f"Expected writers from 0 to 255 to collect, found {writers.max()}: number them anew.")
        new: dict[tuple[int, bytes, bytes], int] = {}
        for strokes, label, writer in zip(drawings.drawings, drawings.labels.tolist(), writers.tolist(), strict=True):
            new.setdefault((label, *_blobs(strokes)), writer)
        with self._transaction():
            for row in self._database.execute("SELECT label, stroke_lengths, points FROM drawings"):
                new.pop(row, None)
            numbers = [
                self._insert(None, label, writer, None, lengths, points)
                for (label, lengths, points), writer in new.items()
            ]
        self._steps.append(("add", numbers))
        return numbers

    def note_added(self, numbers: list[int]) -> None:
        """Have `undo` take back first what another process added for this one: the drawings of these numbers."""
        self._steps.append(("add", numbers))

    def delete(self, *numbers: int) -> None:
        """Delete the drawings that have these numbers, and no others.

        A number that is gone already is passed over, and so is a damaged drawing, which `undo` could not bring back.
        """
        with self._transaction():
            deleted = self._take(numbers)
        self._steps.append(("delete", deleted))

    @property
    def can_undo(self) -> bool:
        """Whether something was added or deleted here, since this file was opened, that was not undone."""
        return any(changed for _action, changed in self._steps)

    def undo(self) -> Undone | None:
        """Take back the latest `add`, `add_all` or `delete` of this `Collection`; None where there is none left.

        What another window did is left alone: of the drawings that were added, those that it deleted are passed over.
        """
        while self._steps:
            action, changed = self._steps[-1]
            with self._transaction():
                drawings = self._take(changed) if action == "add" else self._put_back(changed)
            self._steps.pop()
            if drawings:
                return Undone(action == "add", drawings)
        return None

    # ---------------------------------------------------------------- the file

    def _prepare(self, read_only: bool) -> None:
        """Check the file, or make the table in an empty one; of two windows that come first, one makes it."""
        execute = self._database.execute
        execute("PRAGMA synchronous = EXTRA")  # FULL, and the folder too: no power failure brings a journal back
        execute("PRAGMA trusted_schema = OFF")
        execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
        is_new = not read_only and self._identity() == (0, 0, set())
        if is_new:
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(_TABLE)
            execute(_INDEX)
        application, version, schema = self._identity()
        if application != _APPLICATION:
            raise CollectionError(
                f"Expected a collection of drawings, found another program's database at {self._name}: "
                "choose another file."
            )
        if version > _VERSION:
            raise CollectionError(
                f"The collection {self._name} has format {version}, and this library reads up to {_VERSION}: "
                "update the library."
            )
        if schema != {_TABLE, _INDEX}:  # also keeps out views and triggers, which are another's code
            raise damaged(self._name, "its tables are not those that this library makes")
        [[found], *_] = self._rows("PRAGMA quick_check(1)")
        if found != "ok":
            raise damaged(self._name, found.removeprefix("*** in database main ***"))
        if not read_only:  # a write, also if it is taken back: what cannot be written is refused before somebody draws
            execute(f"PRAGMA user_version = {_VERSION}")
        execute("COMMIT" if is_new else "ROLLBACK")
        execute(f"PRAGMA query_only = {int(read_only)}")

    def _identity(self) -> tuple[int, int, set[str]]:
        [[application]], [[version]] = self._rows("PRAGMA application_id"), self._rows("PRAGMA user_version")
        schema = self._rows("SELECT sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'")
        return application, version, {sql for [sql] in schema}

    def _rows(self, sql: str, *values) -> list[tuple]:
        with errors_in_words(self._name):
            return self._database.execute(sql, values).fetchall()

    def _drawings(self, which: str, *values) -> list[CollectedDrawing]:
        drawings = []
        rows = self._rows(f"SELECT {_COLUMNS} FROM drawings {which}", *values)
        for number, label, writer, drawn, lengths, points in rows:
            strokes = _strokes(lengths, points)
            if strokes:
                drawings.append(CollectedDrawing(number, label, strokes, writer, drawn))
            else:
                self.damaged.add(number)
        return drawings

    def _insert(self, *row) -> int:
        inserted = self._database.execute(f"INSERT INTO drawings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)
        assert inserted.lastrowid is not None
        return inserted.lastrowid

    def _take(self, numbers: Iterable[int]) -> list[CollectedDrawing]:
        """Remove those drawings that are there, and return them."""
        taken = []
        for number in numbers:
            for drawing in self._drawings("WHERE number = ?", int(number)):
                self._database.execute("DELETE FROM drawings WHERE number = ?", (drawing.number,))
                taken.append(drawing)
        return taken

    def _put_back(self, drawings: list[CollectedDrawing]) -> list[CollectedDrawing]:
        for number, label, strokes, writer, drawn in drawings:
            self._insert(number, label, writer, drawn, *_blobs(strokes))
        return drawings

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with errors_in_words(self._name), self._database:  # which commits, or takes all back
            self._database.execute("BEGIN IMMEDIATE")
            yield


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CollectionError(
            f"The folder {folder} cannot be made ({error.strerror}): keep the collection elsewhere."
        ) from error


def _strokes(lengths: bytes, points_of_row: bytes) -> list[np.ndarray]:
    """Return the strokes of a row; none where its lengths are not those of its points, or these are not finite."""
    points = np.frombuffer(points_of_row, "<f4").reshape(-1, 2)
    ends = np.frombuffer(lengths, "<u4").cumsum().tolist()
    if not ends or ends[-1] != len(points) or not np.isfinite(points).all():
        return []
    return [points[start:end] for start, end in pairwise([0, *ends])]


def _blobs(strokes: list[np.ndarray]) -> tuple[bytes, bytes]:
    """Return the stroke_lengths and points of a row."""
    return np.array([*map(len, strokes)], "<u4").tobytes(), np.concatenate(strokes).astype("<f4").tobytes()
