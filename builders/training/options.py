"""Types of options that the command lines of ``builders/`` share."""

import argparse
import re

from zoo._support.command_line import expanded


def positive(text: str) -> int:
    """Return an option that is a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text}")
    return int(text)


def seed(text: str) -> int:
    """Return an option that is a seed."""
    if not text.isdecimal() or int(text) >= 2**31:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to {2**31 - 1}, found {text}")
    return int(text)


def scored_file(text: str) -> tuple[str, str]:
    """Return an option ``FILE`` or ``KEY=FILE`` as the key in "metrics" of ``model.json``, and the path."""
    found = re.fullmatch(r"(?:([a-z][a-z0-9_]*)=)?(.*)", text, re.DOTALL)
    assert found
    key = found[1] or "drawings"
    if key in RESERVED:
        raise argparse.ArgumentTypeError(f"expected a key for drawings, such as unipen=FILE, found {key}")
    return key, expanded(found[2])


RESERVED = ("mnist_test", "held_out", "generated_test", "own_drawings")
"""Keys of what is scored on anyway."""
