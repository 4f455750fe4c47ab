"""A bar on stderr for what takes long: only on a terminal, only after half a second, and gone when it is done."""

from collections.abc import Iterable
from typing import TypeVar

Step = TypeVar("Step")


def progress(steps: Iterable[Step], doing: str, total: int | None = None) -> Iterable[Step]:
    """Return the steps as they are, to go through with a bar.

    Args:
        steps: what is gone through.
        doing: stands before the bar.
        total: how many steps there are, where `steps` does not know.
    """
    from tqdm import tqdm

    return tqdm(steps, doing, total, leave=False, delay=0.5, disable=None)  # None: where stderr is no terminal


def say(line: str, file=None) -> None:
    """Print a line above the bars there are.

    Args:
        line: without its end.
        file: stdout if None.
    """
    from tqdm import tqdm

    tqdm.write(line, file=file)
