"""What the window remembers from one day to the next: a small JSON file in the person's configuration folder.

A file that is damaged, foreign or out of reach never keeps the window from opening: it costs the settings concerned,
and a sentence says so.
"""

import datetime
import json
import os
import re
import stat
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

from zoo._support.files import atomic_write, free_path
from zoo._support.folders import NO_HOME, user_folder

LARGEST = 1_000_000
"""Bytes; no file of settings comes near it."""


@dataclass
class Settings:
    """What a person chose; ``newer`` holds what only a later version of the window understands."""

    theme: str = "system"  # or "light" or "dark"
    scale: float = 0.0  # 1.0 to 2.5; 0: as the screen says
    guide: bool = True
    pen_width: float = 0.05  # of the side of the pad
    focus: str = ""  # the name of a model
    beside: str = ""  # the name of the model side by side with that one
    models: str = "all"  # or the name of a family, or "mine"
    mine: list[str] = field(default_factory=list)
    sort: str = "parameters"
    is_descending: bool = False
    page: str = "compare"  # or "collect" or "side_by_side"
    geometry: str = ""  # of the window, as Tk writes it; its place only where somebody moved it
    mnist: str = ""  # the file of MNIST, where somebody chose one
    folder: str = ""  # where a file was chosen last
    newer: dict = field(default_factory=dict)


def config_path() -> Path:
    """Return where the settings stand: in the folder that DIGIT_ZOO_CONFIG names, or the one this system has for it."""
    return user_folder("DIGIT_ZOO_CONFIG", platformdirs.user_config_path) / "settings.json"


def load(path: Path | None = None) -> tuple[Settings, str]:
    """Return the settings, and what there is to say of them: nothing, or one sentence. Never raises."""
    path = path or config_path()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Settings(), f"The settings are not read, as {path.name} is not a file: move it away."
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Settings(), ""
    except (OSError, ValueError) as error:
        return Settings(), f"The settings cannot be read ({_reason(error)}): they start anew."
    try:
        values = json.loads(content.decode("utf-8-sig")) if len(content) <= LARGEST else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return Settings(), _set_aside(path)
    settings = Settings(newer={key: value for key, value in values.items() if key not in _CHECKS})
    wrong = []
    for key, is_valid in _CHECKS.items():
        if key in values and is_valid(values[key]):
            setattr(settings, key, values[key])
        elif key in values:
            wrong.append(key)
    if not wrong:
        return settings, ""
    return settings, f"Settings that were not understood start anew: {', '.join(wrong)}."


def save(settings: Settings, path: Path | None = None) -> str:
    """Write the settings, whole or not at all; where that fails, one sentence says so the first time. Never raises."""
    path = path or config_path()
    values = asdict(settings)
    values = values.pop("newer") | values
    try:
        target = Path(os.path.realpath(path))  # a link to a file kept elsewhere stays one
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as file:
            file.write((json.dumps(values, indent=2) + "\n").encode())
    except (OSError, ValueError, RecursionError) as error:
        if path in _complained:
            return ""
        _complained.add(path)
        if NO_HOME in path.parents:
            return "The settings cannot be kept, as there is no home folder: DIGIT_ZOO_CONFIG can name another."
        return f"The settings cannot be kept ({_reason(error)}): the window works without."
    return ""


def reset(path: Path | None = None) -> str:
    """Remove the settings; return in a sentence what was done. Never raises."""
    path = path or config_path()
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return f"There are no settings to remove: {path} does not exist."
    except (OSError, ValueError) as error:
        return f"The settings in {path} cannot be removed ({_reason(error)}): remove them by hand."
    return f"The settings in {path} are removed: the window starts as at first."


_complained: set[Path] = set()
"""The files of which it was said that they cannot be written."""


def _set_aside(path: Path) -> str:
    day = datetime.date.today().isoformat()
    try:
        aside = free_path(path.with_name(f"{path.stem}.broken-{day}{path.suffix}"))
        path.rename(aside)
    except OSError as error:
        return f"The settings are damaged and cannot be renamed ({_reason(error)}): remove {path}."
    return f"The settings were damaged and start anew; the old file is kept as {aside.name}."


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()  # also no half of a surrogate pair, which Tk cannot show


def _is_between(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


_GEOMETRY = re.compile(r"(\d{1,5}x\d{1,5}(([+-]-?\d{1,5}){2})?)?")
_CHECKS: dict[str, Callable[[object], bool]] = {
    "theme": lambda value: value in ("system", "light", "dark"),
    "scale": lambda value: _is_between(value, 0, 0) or _is_between(value, 1, 2.5),
    "guide": lambda value: isinstance(value, bool),
    "pen_width": lambda value: _is_between(value, 0.01, 0.2),
    "focus": _is_text,
    "beside": _is_text,
    "models": _is_text,
    "mine": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "sort": _is_text,
    "is_descending": lambda value: isinstance(value, bool),
    "page": lambda value: value in ("compare", "collect", "side_by_side"),
    "geometry": lambda value: isinstance(value, str) and bool(_GEOMETRY.fullmatch(value)),
    "mnist": _is_text,
    "folder": _is_text,
}
