"""The file of a collection: its address for SQLite, what went wrong with it in a sentence, and setting it aside."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePath
from urllib.parse import quote

from zoo._support.files import free_path
from zoo.errors import DataError

_UNKNOWN_FORMAT = "unsupported file format"  # the one message of SQLITE_ERROR, "any other error", that means damage
_BESIDE = ("-journal", "-wal", "-shm")  # endings of the files that SQLite puts beside a database


class CollectionError(DataError):
    """A collection that cannot be opened, read or changed; what was in it before is still there."""


class BusyCollectionError(CollectionError):
    """A collection that another program is writing to: in a moment it can be used."""


class UnreadableCollectionError(CollectionError):
    """A file that is damaged, or no database: `set_aside` makes room for a new one."""


def sqlite_address(path: PurePath, *, may_create: bool) -> str:
    """Return the URI by which SQLite opens an absolute path, that of a Windows share included.

    `Path.as_uri` puts the server of a share where SQLite accepts none; after an empty authority it is part of the path.
    """
    slashes = path.as_posix()
    start = "" if slashes.startswith("/") else "/"  # before the letter of a drive
    return f"file://{start}{quote(os.fsencode(slashes))}?mode={'rwc' if may_create else 'rw'}"


@contextlib.contextmanager
def errors_in_words(name: str) -> Iterator[None]:
    """Raise what SQLite raises as a CollectionError about the collection that is called `name`."""
    try:
        yield
    except sqlite3.Error as error:
        if not hasattr(error, "sqlite_errorcode"):
            raise  # wrong use of the module, which a user cannot mend
        raise _in_words(error, name) from error
    except UnicodeDecodeError as error:  # of SQLite's message, which quotes the file
        raise damaged(name, "a name or a text in it is not UTF-8") from error


def damaged(name: str, reason: str) -> UnreadableCollectionError:
    """Return the error that says why a collection counts as damaged."""
    reason = " ".join(reason.split())
    return UnreadableCollectionError(
        f"The collection {name} is damaged ({reason}): restore it from a copy, or set it aside for a new one."
    )


def _in_words(error: sqlite3.Error, name: str) -> CollectionError:
    """Return what went wrong: damage only where SQLite says so of what it has read from the file."""
    if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_DBMOVED:
        return CollectionError(f"The collection {name} was moved or removed while it was open: open it again.")
    code = error.sqlite_errorcode & 0xFF
    if code == sqlite3.SQLITE_CORRUPT or str(error) == _UNKNOWN_FORMAT:
        return damaged(name, str(error))
    if code == sqlite3.SQLITE_NOTADB:
        return UnreadableCollectionError(
            f"Expected a collection of drawings, found another kind of file at {name}: choose another file, or set it "
            "aside for a new one."
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BusyCollectionError(f"Another program is writing to the collection {name}: try again.")
    if code == sqlite3.SQLITE_FULL:
        return CollectionError(f"The collection {name} cannot grow, as its disk is full: make room.")
    if code == sqlite3.SQLITE_IOERR:
        return CollectionError(
            f"The collection {name} cannot be used ({error}): check that its disk is there and has room."
        )
    return CollectionError(
        f"The collection {name} cannot be opened or written ({error}): check that you may write the file and its "
        "folder, or keep the collection elsewhere."
    )


def set_aside(path: str | os.PathLike) -> Path:
    """Rename a collection that cannot be read and return its new path, such as `drawings.set-aside-2026-11-21.sqlite3`.

    Nothing is overwritten. What SQLite keeps beside the file goes with it: left behind, it would spoil a new one.

    Raises:
        CollectionError: it is not there, or cannot be renamed.
    """
    path = Path(path).expanduser().resolve()  # of a link, SQLite's own files lie beside what it leads to
    target = None
    try:
        path.stat()
        target = _reserve_name(path)
        for ending in (*_BESIDE, ""):  # the file last: until then it is in its place
            if os.path.lexists(f"{path}{ending}"):
                os.replace(f"{path}{ending}", f"{target}{ending}")
    except OSError as error:
        if target is not None:
            target.unlink()
        raise CollectionError(f"{path} cannot be renamed ({error.strerror}): move it away yourself.") from error
    return target


def _reserve_name(path: Path) -> Path:
    """Make an empty file, so that nobody else takes the name."""
    while True:
        target = free_path(path.with_name(f"{path.stem}.set-aside-{date.today()}{path.suffix}"), _BESIDE)
        with contextlib.suppress(FileExistsError):
            target.touch(exist_ok=False)
            return target
