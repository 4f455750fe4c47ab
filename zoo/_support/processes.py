"""Processes that end with the one that started them, and what C++ libraries write to stderr kept from the user."""

import contextlib
import os
from collections.abc import Iterator
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import RLock, Thread


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, even by a kill; nothing where none did."""
    if (parent := parent_process()) is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def import_tensorflow() -> None:
    """Import TensorFlow and find its devices, without the notices of its C++ code.

    They come before the log level is read (TensorFlow 2.21), so ``TF_CPP_MIN_LOG_LEVEL`` alone does not help. Python's
    own errors are raised, not written, and lose nothing.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with without_stderr():
        import tensorflow as tf

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
