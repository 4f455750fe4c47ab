"""What is found where a file that somebody named should be."""

import os
import stat
from pathlib import Path

from zoo.errors import ZooError

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
