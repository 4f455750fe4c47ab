"""Processes that end with the one that started them, and TensorFlow without its start-up notices."""

import contextlib
import os
from collections.abc import Iterator
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, even by a kill; nothing where none did."""
    parent = parent_process()

    def wait() -> None:
        parent.join()
        os._exit(1)

    if parent is not None:
        Thread(target=wait, daemon=True).start()


def import_tensorflow() -> None:
    """Import TensorFlow and find its devices, with stderr closed to its C++ code.

    The notices come before the log level is read (TensorFlow 2.21), so ``TF_CPP_MIN_LOG_LEVEL`` alone does not help.
    Python's own errors are raised, not written, and lose nothing.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _without_stderr():
        import tensorflow as tf

        tf.config.list_logical_devices()


@contextlib.contextmanager
def _without_stderr() -> Iterator[None]:
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
