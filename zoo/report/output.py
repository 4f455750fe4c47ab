"""A folder with a page, README.md, and its pictures and tables: written whole, and over nothing of a user's."""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from zoo.errors import ZooError

PAGE = "README.md"

_MARKER = re.compile(r"<!-- Made by (.*?), with: (.*?) -->\n")
_UNFINISHED = ".zoo-unfinished-"  # and eight letters that `tempfile` draws by lot


def check_folder(folder: Path, command: str) -> list[str]:
    """Return the names of the files that `command` wrote into `folder` before; none if it is missing or empty.

    Call it before the work as well: `write_folder` comes after it.

    Raises:
        ZooError: if something else is there.
    """
    if not folder.exists() or (folder.is_dir() and {*folder.iterdir()} <= {*_unfinished(folder)}):
        return []
    try:
        with (folder / PAGE).open(encoding="utf-8") as page:
            marker = _MARKER.fullmatch(page.readline())
    except (OSError, ValueError):  # a file, no page, or no text
        marker = None
    if not marker or marker[1] != command:
        raise ZooError(
            f"Expected {folder} to be empty, missing, or what `{command}` wrote before, found something else there: "
            "name another folder with --output."
        )
    # Whatever the comment says, and wherever links lead: nothing outside the folder.
    return [PAGE, *(name for name in marker[2].split(", ") if folder.resolve() in (folder / name).resolve().parents)]


def _unfinished(folder: Path) -> list[Path]:
    """The hidden folders that a run that was killed left there."""
    return [path for path in folder.glob(f"{_UNFINISHED}????????") if path.is_dir() and not path.is_symlink()]


def write_folder(folder: Path, command: str, write: Callable[[Path], None]) -> None:
    """Have a page and its files written into `folder`, in place of what `command` wrote there before.

    They are written into a hidden folder within it first, so that a failure leaves what was there as it was. The first
    line of the page, a comment, says which files came with it: these alone are replaced the next time, others stay.

    Args:
        folder: made where it is missing.
        command: as a user types it, without its options; it is in the comment.
        write: called with an empty folder; writes README.md and the rest into it, in folders of its own if it likes. No
            name has a comma.

    Raises:
        ZooError: if the folder holds something else, one of the files is the user's, or it cannot be written.
    """
    former = check_folder(folder, command)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in _unfinished(folder):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as hidden:
            fresh = Path(hidden)
            write(fresh)
            names = sorted(path.relative_to(fresh).as_posix() for path in fresh.rglob("*") if path.is_file())
            names.remove(PAGE)
            for name in names:
                if name not in former and (folder / name).exists():
                    raise ZooError(f"{folder / name} was not written by `{command}`: move it, or name another folder.")
            marker = f"<!-- Made by {command}, with: {', '.join(names)} -->\n"
            (fresh / PAGE).write_bytes(marker.encode() + (fresh / PAGE).read_bytes())
            for name in [*names, PAGE]:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).replace(folder / name)
        for name in set(former) - {PAGE, *names}:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise ZooError(
            f"The page cannot be written to {folder} ({error.strerror}): name another folder with --output."
        ) from None
