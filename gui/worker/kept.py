"""What takes long to find is kept on disk, under a name that tells what it was found with. Knows no Tk."""

import contextlib
import hashlib
import json
from pathlib import Path

from gui.worker.encoding import from_json, to_json
from gui.worker.messages import MessageError
from zoo._support.files import atomic_write
from zoo._support.folders import data_folder

MOST = 40
"""Findings that are kept; the oldest go first."""


def key_of(*parts: object) -> str:
    """Return a name for what is found with these parts, which JSON knows."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def recall(key: str) -> object | None:
    """Return the message that was kept under a key; None where there is none, or a damaged one."""
    try:
        return from_json((_folder() / f"{key}.json").read_bytes())
    except (OSError, MessageError):
        return None


def keep(key: str, message: object) -> None:
    """Keep a message under a key, where there is a place to write to."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(folder / f"{key}.json") as file:
            file.write(to_json(message))
        for old in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink()


def _folder() -> Path:
    return data_folder() / "disagreements"
