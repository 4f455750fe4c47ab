"""A bar on stderr for what takes long: only on a terminal, only after half a second, and gone when it is done."""

import contextlib
import sys
from collections.abc import Iterable
from typing import BinaryIO, TextIO, TypeVar

Step = TypeVar("Step")

_OPTIONS = {"leave": False, "delay": 0.5}


def _is_terminal() -> bool:
    # There is no stderr where it is closed, and in a program of Windows without a console.
    return sys.stderr is not None and sys.stderr.isatty()


def progress(steps: Iterable[Step], doing: str, total: int | None = None) -> Iterable[Step]:
    """Return the steps as they are, to go through with a bar.

    Args:
        steps: what is gone through.
        doing: stands before the bar.
        total: how many steps there are, where `steps` does not know.
    """
    if not _is_terminal():
        return steps
    from tqdm import tqdm

    return tqdm(steps, doing, total, **_OPTIONS)


def reading(file: BinaryIO, doing: str, size: int | None) -> contextlib.AbstractContextManager[BinaryIO]:
    """Give the file, of `size` bytes where that is known, to read with a bar."""
    if not _is_terminal():
        return contextlib.nullcontext(file)
    from tqdm import tqdm

    return tqdm.wrapattr(file, "read", size, desc=doing, **_OPTIONS)


def note(line: str) -> None:
    """Print a line, without its end, to stderr, above the bars there are; nowhere if there is no stderr."""
    if sys.stderr is not None:
        say(line, sys.stderr)


def say(line: str, file: TextIO | None = None) -> None:
    """Print a line above the bars there are.

    Args:
        line: without its end.
        file: stdout if None.
    """
    file = file or sys.stdout
    if file is None:
        return
    if "tqdm" not in sys.modules:  # no bar: it takes a moment to import, and a bare Python has none
        print(line, file=file)
        return
    from tqdm import tqdm

    tqdm.write(line, file=file)
