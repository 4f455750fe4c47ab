"""Processes that work for another one."""

import os
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
