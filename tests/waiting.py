"""How tests wait: until something is so, for as long as a busy machine takes."""

import time
from collections.abc import Callable

import psutil

PATIENCE = 300
"""Seconds after which a test gives up: far more than anything takes, also where the processor is shared."""


def until(condition: Callable, reason: Callable = lambda: "", step: Callable = lambda: None):
    """Wait until the condition is true, and return what it returned.

    ``step`` is called before each look, and ``reason`` returns why, should the wait be given up.
    """
    end = time.monotonic() + PATIENCE
    while True:
        step()
        if found := condition():
            return found
        assert time.monotonic() < end, reason()
        time.sleep(0.003)


def is_running(pid: int) -> bool:
    """Return whether there is such a process that is no zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
