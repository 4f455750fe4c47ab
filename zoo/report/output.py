"""A folder with a page, README.md, its pictures and tables: replaced as a whole, and nothing of a user's with it."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from zoo._support.files import atomic_write
from zoo.errors import ZooError

PAGE = "README.md"
MANIFEST = "manifest.json"
"""What lies beside the page: which command made the folder, and the names of its files."""

_COMMENT = re.compile(
    r"<!-- Made by (.*?), with: (.*?) -->\n"
)  # once the first line of the page, instead of a manifest
_UNFINISHED = ".zoo-unfinished-"  # and eight letters that `tempfile` chooses


def check_folder(folder: Path, command: str) -> None:
    """Refuse a folder that is neither missing, nor empty, nor what `command` wrote before.

    Call it before the work as well: `write_folder` comes after it.

    Raises:
        ZooError: if something else is there.
    """
    if not folder.exists():
        return
    hidden = _hidden_folders(folder) if folder.is_dir() else []
    if folder.is_dir() and {*folder.iterdir()} <= {*hidden}:
        return
    # If the first run of all was stopped while its files moved to their places, its manifest is in the hidden folder.
    if all(_recorded_files(place, command) is None for place in (folder, *hidden)):
        raise ZooError(
            f"Expected {folder} to be empty, missing, or what `{command}` wrote before, found something else there: "
            "name another folder with --output."
        )


def write_folder(folder: Path, command: str, write: Callable[[Path], None]) -> None:
    """Have a page and its files written into `folder`, in place of what `command` wrote there before.

    They are written into a hidden folder within it first, so that a failure leaves what was there as it was. Once they
    are complete, a manifest among them says so. A run that is stopped after that, while the files are moved to their
    places, is finished by the next one. The manifest also says which files to replace the next time: others stay.

    Args:
        folder: made where it is missing.
        command: as a user types it, without its options; it is in the manifest.
        write: called with an empty folder; writes README.md and the rest into it, in folders of its own if it likes.

    Raises:
        ZooError: if the folder holds something else, one of the files is the user's, or it cannot be written.
    """
    check_folder(folder, command)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for hidden in _hidden_folders(folder):  # an earlier run was stopped
            _put_in_place(hidden, folder, command)
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            write(fresh)
            written = (path.relative_to(fresh).as_posix() for path in fresh.rglob("*") if path.is_file())
            names = sorted([*written, MANIFEST])
            _check_users_files(folder, command, names)
            for name in names:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(fresh / MANIFEST) as file:
                file.write(_manifest(command, names).encode())
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _put_in_place(fresh, folder, command)
    except OSError as error:
        raise ZooError(
            f"The page cannot be written to {folder} ({error.strerror}): name another folder with --output."
        ) from None


def _hidden_folders(folder: Path) -> list[Path]:
    """Return the hidden folders in which runs that were stopped wrote their files."""
    return [path for path in folder.glob(f"{_UNFINISHED}????????") if path.is_dir() and not path.is_symlink()]


def _put_in_place(fresh: Path, folder: Path, command: str) -> None:
    """Move the files of a hidden folder to their places, if all of them were written, and remove it.

    Wherever this is stopped, it can be called again: the manifest is the last file to move.
    """
    names = _recorded_files(fresh, command)
    if names is not None:
        waiting = [name for name in names if (fresh / name).is_file()]
        _check_users_files(folder, command, waiting)
        for name in {*(_recorded_files(folder, command) or [])} - {*names}:
            (folder / name).unlink(missing_ok=True)
        for name in sorted(waiting, key=lambda name: (name == MANIFEST, name == PAGE)):
            (fresh / name).replace(folder / name)
    shutil.rmtree(fresh, ignore_errors=True)


def _check_users_files(folder: Path, command: str, names: Iterable[str]) -> None:
    """Raise a ZooError where one of these files would take the place of one that is not from `command`."""
    former = _recorded_files(folder, command) or []
    for name in names:
        if name not in former and (folder / name).exists():
            raise ZooError(f"{folder / name} was not written by `{command}`: move it, or name another folder.")


def _recorded_files(folder: Path, command: str) -> list[str] | None:
    """Return the names of the files that `command` wrote into `folder`; None where it wrote none there.

    Whatever the manifest says, and wherever links lead, it names nothing outside the folder.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        made_by, names = manifest["made_by"], [str(name) for name in manifest["files"]]
    except (OSError, ValueError, LookupError, TypeError):  # none, or another one
        made_by, names = _former_comment(folder)
    if made_by != command:
        return None
    return [name for name in names if folder.resolve() in (folder / name).resolve().parents]


def _former_comment(folder: Path) -> tuple[str, list[str]]:
    """Return the command and the files that the first line of a page names, as earlier versions wrote it."""
    try:
        with (folder / PAGE).open(encoding="utf-8") as page:
            comment = _COMMENT.fullmatch(page.readline())
    except (OSError, ValueError):  # a file, no page, or no text
        comment = None
    return (comment[1], [PAGE, *comment[2].split(", ")]) if comment else ("", [])


def _manifest(command: str, names: list[str]) -> str:
    return json.dumps({"made_by": command, "files": names}, indent=2) + "\n"
