"""Where the zoo reads and writes unless told otherwise.

In a checkout that is the project's folder. Where the zoo is installed, the released models are in the package, and what
a person makes goes into the person's own folder, which is the same from wherever a command is given.
"""

import os
from collections.abc import Callable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
REFERENCE_DIGITS = PACKAGE / "images" / "reference_digits"
"""Pictures of the ten digits as they are taught, 0.png to 9.png."""
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
"""The project's folder, where the code is used from it; None where it is installed."""
NO_HOME = Path(os.devnull) / "digit-zoo"
"""The folder of a person who has no home: nothing can stand below the null device, and who writes there is told so."""


def user_folder(variable: str, find: Callable[..., Path]) -> Path:
    """Return the folder that an environment variable names, else the one that `find`, of platformdirs, knows."""
    try:
        return Path(os.environ.get(variable) or find("digit-zoo", appauthor=False)).expanduser()
    except RuntimeError:
        return NO_HOME


def data_folder() -> Path:
    """Return the person's own folder: the one that DIGIT_ZOO_DATA_HOME names, or the one this system has for it."""
    import platformdirs

    return user_folder("DIGIT_ZOO_DATA_HOME", platformdirs.user_data_path)


def models_folders() -> list[Path]:
    """Return the folders that models are looked for in; new models go to the first, which may not be there yet."""
    return [CHECKOUT / "saved_models"] if CHECKOUT else [data_folder() / "saved_models", PACKAGE / "saved_models"]


def training_folder() -> Path:
    """Return the folder that keeps unfinished trainings and searches."""
    return CHECKOUT / ".training" if CHECKOUT else data_folder() / "training"


def pages_folder(name: str) -> Path:
    """Return the folder in ``docs/`` that pages are written to: of the project, else of the present folder."""
    return (CHECKOUT or Path()) / "docs" / name
