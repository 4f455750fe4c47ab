"""Processes that end with the one that started them, and TensorFlow: whether it is there, and kept quiet."""

import contextlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import RLock, Thread
from typing import TYPE_CHECKING

from zoo._support.folders import CHECKOUT
from zoo.errors import ZooError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, even by a kill; nothing where none did."""
    from multiprocessing import parent_process

    if (parent := parent_process()) is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: "BaseProcess") -> None:
    parent.join()
    os._exit(1)


def has_tensorflow() -> bool:
    """Return whether TensorFlow is installed, without importing it."""
    return importlib.util.find_spec("tensorflow") is not None


def install_command(extra: str = "training") -> str:
    """Return the command that installs an extra for the Python that runs, whether or not its environment is active."""
    python = Path(sys.executable)
    active = Path(shutil.which("pip") or "").parent == python.parent
    pip = "pip" if active else f'"{python}" -m pip' if " " in str(python) else f"{python} -m pip"
    if CHECKOUT is None:
        return f'{pip} install "digit-zoo[{extra}]"'
    if Path.cwd() == CHECKOUT:
        return f'{pip} install -e ".[serve]"' if extra == "serve" else f"{pip} install -r requirements.txt"
    return f'{pip} install -e "{CHECKOUT}[{extra}]"'


def require_tensorflow(what: str) -> None:
    """Refuse, before anything else is done, what TensorFlow is needed for where it is not installed.

    Args:
        what: what needs it, as the first word or words of a sentence.

    Raises:
        ZooError: it is not installed.
    """
    if not has_tensorflow():
        raise ZooError(f"{what} needs TensorFlow, which is not installed: install it with `{install_command()}`.")


_users: list[int] = []  # the process that uses TensorFlow; one that is forked from it inherits the list


def check_not_forked() -> None:
    """Refuse to use TensorFlow where it would wait for ever: for threads that are in the process this was forked from.

    Raises:
        ZooError: this process was forked from one that uses TensorFlow.
    """
    if _users and os.getpid() not in _users:
        raise ZooError(
            "TensorFlow does not go on in a process that is forked from one that uses it: start it with "
            "multiprocessing.get_context('spawn'), or load the model without runtime='tensorflow'."
        )


def import_tensorflow() -> None:
    """Import TensorFlow and find its devices, without the notices of its C++ code.

    They come before the log level is read (TensorFlow 2.21), so ``TF_CPP_MIN_LOG_LEVEL`` alone does not help. Python's
    own errors are raised, not written, and lose nothing.

    Raises:
        ZooError: it is not installed, or not whole; or this process was forked from one that uses it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Where the processor has no AVX-512, TensorFlow leaves oneDNN off: CNNs then train half as fast.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    require_tensorflow("This")
    check_not_forked()
    _users[:] = [os.getpid()]
    with without_stderr():
        try:
            import tensorflow as tf
        except ImportError as error:
            raise ZooError(
                f"TensorFlow cannot be imported ({error}): install it anew with `{install_command()}`."
            ) from None
        tf.config.list_logical_devices()


_STDERR = 2  # the file descriptor, which C and C++ libraries write to
_stderr_is_taken = RLock()  # or of two threads, one would give back what the other had put there


@contextlib.contextmanager
def without_stderr() -> Iterator[None]:
    """Drop what is written to stderr meanwhile, by a library that offers no other way to silence it.

    For a moment only: it drops what other threads write too. Where stderr is closed it is closed again afterwards.
    """
    with _stderr_is_taken:
        try:
            before = os.dup(_STDERR)
        except OSError:
            before = None
        nowhere = os.open(os.devnull, os.O_WRONLY)  # which takes the place of a closed stderr
        try:
            os.dup2(nowhere, _STDERR)
            yield
        finally:
            if before is None:
                os.close(_STDERR)
            else:
                os.dup2(before, _STDERR)
                os.close(before)
            if nowhere != _STDERR:
                os.close(nowhere)
