"""What the command lines of zoo, builders and gui share: parsing, errors of one line, exit codes."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from zoo._support.progress import note
from zoo.errors import ModelNotFoundError, ZooError

FAILURE, WRONG_USE, INTERRUPTED = 1, 2, 130
"""Exit codes."""


class WrongUseError(ZooError):
    """A command that asks for what cannot be, whatever the files are."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line on stderr, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(WRONG_USE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def expanded(text: str) -> str:
    """Return the path that an option gives, where a shell left its ``~`` as it is: in ``--data=~/digits.npz``."""
    return os.path.expanduser(text)


def path_option(text: str) -> Path:
    """Return the same as a ``Path``."""
    return Path(expanded(text))


def run(action: Callable[[], int | None], interrupted: str = "", tell: Callable[[str], None] = note) -> int:
    """Do what a command asks for; return the exit code.

    Args:
        action: returns its exit code, or None for success.
        interrupted: what to say where somebody interrupts it.
        tell: is given the sentence that says what goes wrong.
    """
    try:
        return action() or 0
    except ZooError as error:
        tell(str(error))
        return WRONG_USE if isinstance(error, ModelNotFoundError | WrongUseError) else FAILURE
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FAILURE
    except OSError as error:
        tell(f"{error.filename or 'A file'} cannot be written or read ({error.strerror or error}).")
        return FAILURE
    except KeyboardInterrupt:
        if interrupted:
            tell(f"\n{interrupted}")
        return INTERRUPTED


def open_closed_streams() -> None:
    """Let stdout and stderr lead nowhere where whoever started this process has closed them (``2>&-``).

    Otherwise Python prints to None, and the next file that is opened gets the number that C libraries write errors to.
    """
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is not None:
            continue
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.fstat(number)
        except OSError:
            os.dup2(nowhere, number)
        setattr(sys, name, os.fdopen(nowhere, "w"))
