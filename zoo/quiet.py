"""TensorFlow without the notices of its build that it writes to stderr as it starts, for our command lines."""

import contextlib
import os
from collections.abc import Iterator


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
