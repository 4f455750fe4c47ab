"""Files: whether one is there, which name is free, and how one is written whole or not at all."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from zoo.errors import ZooError


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write and read, which takes the place of `path` once it is complete and on the disk.

    A full disk, a crash or an error leaves the file that was there. Of several that write to one path at once each
    writes a file of its own, and the last to end is what stays. Raises OSError where it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        with partial.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def free_path(path: Path, beside: Sequence[str] = ()) -> Path:
    """Return `path` where nothing is there yet, else the first of `name-2.png`, `name-3.png` and so on that is free.

    `beside` are endings of further files that belong to it: their names must be free too.
    """
    free, number = path, 1
    while any(os.path.lexists(f"{free}{ending}") for ending in ("", *beside)):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


_LONGEST = 300  # characters of a path in a sentence


def check_is_file(path: str | os.PathLike, expected: str, error: type[ZooError]) -> None:
    """Raise `error` where there is no file at `path`; `expected` says what should be there.

    A named pipe or a device is refused too: whoever opens it may wait for ever.
    """
    name = os.fspath(path)
    if not name:
        raise error(f"Expected {expected}, found an empty name: name a file.")
    try:
        mode = Path(name).stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last of a zero byte
        found = "nothing"
    except OSError as reason:
        found = f"what cannot be read ({reason.strerror})"
    else:
        if stat.S_ISREG(mode):
            return
        found = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
    raise error(f"Expected {expected} at {name}, found {found}: check the path.")
