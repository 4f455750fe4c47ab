"""How tkinter, which a window needs, is installed for the Python that runs."""

import os
import shutil
import sys
from pathlib import Path

_PACKAGES = {
    "apt": ("sudo apt install", "{python}-tk", "tk-dev", "tk"),
    "dnf": ("sudo dnf install", "{python}-tkinter", "tk-devel", "tk"),
    "zypper": ("sudo zypper install", "{python}-tk", "tk-devel", "tk"),
    "pacman": ("sudo pacman -S", "tk", "tk", "tk"),
    "apk": ("sudo apk add", "{python}-tkinter", "tk-dev", "tk"),
    "brew": ("brew install", "python-tk@{version}", "tcl-tk", "tcl-tk"),
}
"""By what installs packages: its command, and those of tkinter, of what it is built with, and of Tk's libraries."""


def how_to_install(error: ImportError) -> str:
    """Return, as a part of a sentence, how what is missing is installed where `import tkinter` raised an error."""
    home = Path(sys.base_prefix)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    of_brew = any(part in home.parts for part in ("Cellar", "homebrew", ".linuxbrew"))
    manager = "brew" if of_brew else next(filter(shutil.which, _PACKAGES), None)
    if manager is None:
        return "install Python anew from python.org, with Tcl/Tk, as its installer proposes"
    install, tkinter, headers, libraries = _PACKAGES[manager]
    if "libtk" in str(error) or "libtcl" in str(error):
        return f"install Tk, `{install} {libraries}`"
    if home.parent.name == "versions" and "pyenv" in str(home):
        return f"build Python anew with it, `{install} {headers}` and then `pyenv install --force {home.name}`"
    is_default = os.path.basename(os.path.realpath("/usr/bin/python3")) == f"python{version}"
    package = tkinter.format(python="python3" if is_default else f"python{version}", version=version)
    return f"install it, `{install} {package}`"
