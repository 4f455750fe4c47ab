"""What commands print: tables, JSON, facts in words, and on a terminal what is being done."""

import dataclasses
import json
import sys


def show_step(doing: str) -> None:
    """Say on a terminal what is being done, in a line that the next replaces; nothing elsewhere."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\033[K{doing}", end="\r", file=sys.stderr, flush=True)


def megabytes(size: int) -> str:
    """Return a number of bytes in MB, 10^6 bytes."""
    return f"{size / 1e6:.2f} MB"


def in_words(value: object, inner: str = "{}") -> str:
    """Return a fact in words: of several, each with its name and, if it is of several itself, in brackets."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        facts = {name: in_words(fact, "({})") for name, fact in value.items()}
        return inner.format(", ".join(f"{name} {fact}" for name, fact in facts.items() if fact)) if facts else ""
    return "" if value is None else str(value)


def print_json(value: object) -> None:
    """Print what programs read."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(head: list[str], rows: list[list], right: str | list[str] = "") -> None:
    """Print rows in columns; those whose heading is one of `right`, words or a list, are set flush right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    titles = right.split() if isinstance(right, str) else right
    flush_right = [title in titles for title in head]
    for row in cells:
        aligned = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, flush_right, strict=True)
        )
        print("  ".join(aligned).rstrip())
