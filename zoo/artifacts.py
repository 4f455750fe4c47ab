"""The on-disk contract: ``<root>/<name>/<version>/`` holds a model's files and ``model.json``, which describes them.

Nothing here needs TensorFlow. An artifact is written into a hidden folder, checked there and renamed, so a version is
there whole or not at all; it is never overwritten. ``verify`` compares every file with its recorded size and sha256;
that finds damage, and proves no origin.
"""

import contextlib
import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from zoo._support import folders
from zoo.card import Card, File, damaged, read_card, write_model_json
from zoo.errors import ArtifactError, ModelNotFoundError, ZooError

NAME_PATTERN = re.compile(r"[a-z0-9]\w{0,63}", re.ASCII)

_PARTIAL = ".partial-"
_STALE_SECONDS = 3600
# Files that desktops leave in every folder somebody opens; they are no sign of damage.
_DESKTOP_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}


def list_models(root: str | os.PathLike | None = None) -> list[Card]:
    """Return a card for the latest version of every model in `root`, smallest network first.

    A model whose folder or ``model.json`` cannot be read is listed too, with its ``error``. Only ``model.json`` is
    read; ``verify`` looks at the other files.

    Args:
        root: folder of models; by default the project's ``saved_models``, or where the zoo is installed, the released
            models and those that you have built, which come first.

    Raises:
        ModelNotFoundError: `root` is not a folder that can be read.
    """
    cards: dict[str, Card] = {}
    for folder in (folder for root in _roots(root) for folder in _entries(root)):
        if folder.name in cards:
            continue
        path, version = folder, 0
        try:
            if versions := _versions(folder):
                version = versions[-1]
                path = folder / str(version)
                cards[folder.name] = read_card(path)
        except ArtifactError as error:
            cards[folder.name] = Card(folder.name, version, path, title=folder.name, error=str(error))
    return sorted(cards.values(), key=lambda card: (card.parameters, card.name))


def list_versions(name: str, root: str | os.PathLike | None = None) -> list[int]:
    """Return the versions of a model, in order.

    Raises:
        ModelNotFoundError: there is no such model; the message lists those there are.
        ArtifactError: its folder cannot be read.
    """
    return _versions(_model_folder(name, root))


def find(name: str, version: int | None = None, root: str | os.PathLike | None = None) -> Path:
    """Return the folder of a model: its latest version, or `version`.

    Raises:
        ModelNotFoundError: there is no such model or version; the message lists those there are.
        ArtifactError: its folder cannot be read.
    """
    folder = _model_folder(name, root)
    versions = _versions(folder)
    if version is None:
        version = versions[-1]
    if type(version) is not int:
        raise ModelNotFoundError(f"Expected the version of {name!r} as an int, found {version!r}: pass {versions[-1]}.")
    if version not in versions:
        known = ", ".join(map(str, versions))
        raise ModelNotFoundError(f"No version {version} of {name!r} in {folder.parent}: it has {known}.")
    return folder / str(version)


def verify(path: Path) -> Card:
    """Compare every file of the artifact at `path` with its ``model.json``: none missing, none changed, none extra.

    Raises:
        ArtifactError: with the first difference.
    """
    card = read_card(path)
    recorded = card.files
    try:
        found = {file.relative_to(path).as_posix() for file in path.rglob("*") if not file.is_dir()} - {"model.json"}
    except OSError as error:
        raise damaged(path, f"its folder cannot be read ({error.strerror})") from None
    if missing := sorted(recorded.keys() - found):
        raise damaged(path, f"the file {missing[0]} is missing")
    if extra := sorted(name for name in found - recorded.keys() if Path(name).name not in _DESKTOP_FILES):
        raise damaged(path, f"the file {extra[0]} does not belong to it")
    for name, entry in recorded.items():
        file = path / name
        try:
            size = file.stat().st_size
            if size != entry["size"]:
                raise damaged(path, f"the file {name} has {size} bytes instead of {entry['size']}")
            if _sha256(file) != entry["sha256"]:
                raise damaged(path, f"the file {name} differs from its recorded sha256")
        except OSError as error:
            raise damaged(path, f"the file {name} cannot be read ({error.strerror})") from None
    return card


def publish(
    root: str | os.PathLike,
    name: str,
    metadata: dict,
    write: Callable[[Path], None],
    check: Callable[[Path], dict | None],
) -> Card:
    """Add the next version of a model to `root`, atomically.

    Args:
        root: folder of models; made where it is missing.
        name: the model's identifier, lower-case letters, digits and underscores.
        metadata: what ``zoo.card.described`` returns.
        write: called with an empty folder; writes the model's files into it.
        check: called with the written folder; raises where what is on disk is not what was meant. It may return
            what it measured there, such as ``zoo.card.latency_to_json`` gives, for ``model.json`` to say too.

    Returns:
        The card of the published version, whose files were verified.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise ZooError(f"A model's name has lower-case letters, digits and underscores only, and {name!r} has others.")
    folder = Path(root) / name
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    _remove_stale(folder)
    partial = folder / f"{_PARTIAL}{uuid.uuid4().hex}"
    try:
        partial.mkdir()
        write(partial)
        metadata = metadata | (check(partial) or {})
        files: dict[str, File] = {
            file.relative_to(partial).as_posix(): {"sha256": _sha256(file), "size": file.stat().st_size}
            for file in sorted(partial.rglob("*"))
            if file.is_file()
        }
        while True:
            version = max(_versions(folder), default=0) + 1
            write_model_json(partial, name, version, metadata, files)
            _sync(partial)
            try:
                partial.rename(folder / str(version))
                break
            except OSError:
                if not (folder / str(version)).exists():
                    raise
                # Somebody published this number in the meantime: take the next.
        _sync_folder(folder)
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):  # somebody else has published there in the meantime
                folder.rmdir()
        if isinstance(error, OSError) and error.strerror and error.filename is None:
            error.filename = str(folder)  # of a full disk the system does not say where
        raise
    return verify(folder / str(version))


def _roots(root: str | os.PathLike | None) -> list[Path]:
    """Return the folders to look for models in, those that are there; the first that has a name counts."""
    roots = folders.models_folders() if root is None else [Path(root)]
    if there := [path for path in roots if path.is_dir()]:
        return there
    found = "is a file, no folder" if roots[0].exists() else "does not exist"
    raise ModelNotFoundError(
        f"The folder of models {roots[0]} {found}: run `python -m builders`, or name another folder."
    )


def _model_folder(name: str, root: str | os.PathLike | None) -> Path:
    """Return the folder that holds the versions of a model."""
    roots = _roots(root)
    if isinstance(name, str) and NAME_PATTERN.fullmatch(name):
        for path in roots:
            if _versions(path / name):
                return path / name
    known = sorted({folder.name for path in roots for folder in _entries(path) if _is_model(folder)})
    there_is = f"there are {', '.join(known)}" if known else "it holds no models"
    raise ModelNotFoundError(
        f"No model {name!r} in {roots[0]} ({there_is}): check the name; `python -m builders NAME` builds a network."
    )


def _entries(root: Path) -> list[Path]:
    """Return what a folder of models holds, in order."""
    try:
        return sorted(root.iterdir())
    except OSError as error:
        raise ModelNotFoundError(
            f"The folder of models {root} cannot be read ({error.strerror}): change its permissions, or name another."
        ) from None


def _is_model(folder: Path) -> bool:
    try:
        return bool(_versions(folder))
    except ArtifactError:
        return False


def _versions(folder: Path) -> list[int]:
    """Return the version numbers in a model's folder, in order; other entries are no versions."""
    try:
        if not NAME_PATTERN.fullmatch(folder.name) or not folder.is_dir():
            return []  # no model of ours: another folder that somebody keeps here, or a copy that a file manager made
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise ArtifactError(
            f"The folder {folder} cannot be read ({error.strerror}): change its permissions, or move it elsewhere."
        ) from None
    return sorted(int(name) for name in names if re.fullmatch(r"[1-9]\d{0,8}", name, re.ASCII))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Have the system write everything below `folder` to the disk before it is given its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            # Opened for writing, as Windows flushes nothing else.
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        else:
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_stale(folder: Path) -> None:
    """Clear away what killed publications left; a fresh one may belong to a run that is still writing."""
    for path in folder.glob(f"{_PARTIAL}*"):
        if time.time() - path.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
