"""The on-disk contract: ``<root>/<name>/<version>/`` holds a model's files and ``model.json``, which describes them.

Nothing here needs TensorFlow. An artifact is written into a hidden folder, checked there and renamed, so a version is
there whole or not at all; it is never overwritten. ``verify`` compares every file with its recorded size and sha256.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from zoo.errors import ArtifactError, ModelNotFoundError, ZooError

FORMAT_VERSION = 1
# What the keys of "metrics" in model.json are called.
SETS = {
    "mnist_test": "MNIST test images",
    "held_out": "held-out images",
    "generated_test": "generated drawings",
    "drawings": "drawings",
    "own_drawings": "own drawings held out",
}
MODELS_FOLDER = Path(__file__).resolve().parent.parent / "saved_models"
NAME_PATTERN = re.compile(r"[a-z0-9]\w{0,63}", re.ASCII)

# What model.json must hold, and of which type, for this library to use the artifact.
_REQUIRED = {
    "format_version": int,
    "name": str,
    "version": int,
    "title": str,
    "description": str,
    "reference": str,
    "parameters": int,
    "runtime": str,
    "metrics": dict,
    "files": dict,
    "checksum": str,
}
# What each entry of these must be.
_CHECKS = {
    "files": lambda entry: (
        isinstance(entry, dict) and isinstance(entry.get("sha256"), str) and _is_count(entry.get("size"))
    ),
    "metrics": lambda score: (
        isinstance(score, dict)
        and _is_count(score.get("correct"))
        and _is_count(score.get("total"))
        and score["correct"] <= score["total"] > 0
    ),
}
_MAX_JSON_BYTES = 16 * 2**20
_PARTIAL = ".partial-"
_STALE_SECONDS = 3600
# Files that desktops leave in every folder somebody opens; they are no sign of damage.
_DESKTOP_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclasses.dataclass(frozen=True)
class Card:
    """What ``model.json`` tells of one version of a model; ``error`` is one sentence where it could not be read."""

    name: str
    version: int
    path: Path
    title: str
    description: str = ""
    reference: str = ""
    parameters: int = 0
    metrics: dict = dataclasses.field(default_factory=dict)
    metadata: dict = dataclasses.field(default_factory=dict, repr=False)  # the whole of model.json
    error: str | None = None

    @property
    def bytes(self) -> int:
        """Size of the recorded files on disk, in bytes."""
        return sum(entry["size"] for entry in self.metadata.get("files", {}).values())

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The output shape of each layer, by its name, without the batch; empty where ``model.json`` does not say."""
        layers = self.metadata.get("layers")
        if not isinstance(layers, dict):
            return {}
        return {
            str(name): tuple(shape)
            for name, shape in layers.items()
            if isinstance(shape, list) and shape and all(type(size) is int and size > 0 for size in shape)
        }

    @property
    def family(self) -> str:
        """What ``model.json`` calls its family; else what the shapes of its layers betray, or ``"unknown"``."""
        if isinstance(named := self.metadata.get("family"), str) and named:
            return named
        shapes = self.shapes.values()
        if any(len(shape) == 3 and shape[2] > 1 for shape in shapes):
            return "convolutional"
        if any(len(shape) == 2 and shape != (28, 28) for shape in shapes):
            return "recurrent"
        return "fully connected" if shapes else "unknown"


def list_models(root: str | os.PathLike | None = None) -> list[Card]:
    """Return a card for the latest version of every model in `root`, smallest network first.

    A model whose ``model.json`` cannot be read is listed too, with its ``error``. Only ``model.json`` is read;
    ``verify`` looks at the other files.

    Args:
        root: folder of models; the project's ``saved_models`` by default.

    Raises:
        ModelNotFoundError: `root` is not a folder.
    """
    root = _models_folder(root)
    cards = []
    for folder in sorted(root.iterdir()):
        if not (versions := _versions(folder)):
            continue
        path = folder / str(versions[-1])
        try:
            cards.append(read_card(path))
        except ArtifactError as error:
            cards.append(Card(folder.name, versions[-1], path, title=folder.name, error=str(error)))
    return sorted(cards, key=lambda card: (card.parameters, card.name))


def list_versions(name: str, root: str | os.PathLike | None = None) -> list[int]:
    """Return the versions of a model, in order.

    Raises:
        ModelNotFoundError: there is no such model; the message lists those there are.
    """
    root = _models_folder(root)
    versions = _versions(root / name) if isinstance(name, str) and NAME_PATTERN.fullmatch(name) else []
    if not versions:
        known = sorted(folder.name for folder in root.iterdir() if _versions(folder))
        there_is = f"there are {', '.join(known)}" if known else "it holds no models"
        raise ModelNotFoundError(
            f"No model {name!r} in {root} ({there_is}): check the name; `python -m builders NAME` builds a network."
        )
    return versions


def score_in_words(part: str, score: dict) -> str:
    """Word a recorded score: ``"9,951 of 10,000 MNIST test images (99.51%)"``; `part` is its key in metrics."""
    name = SETS.get(part, f"{part} images")
    return f"{score['correct']:,} of {score['total']:,} {name} ({score['correct'] / score['total']:.2%})"


def find(name: str, version: int | None = None, root: str | os.PathLike | None = None) -> Path:
    """Return the folder of a model: its latest version, or `version`.

    Raises:
        ModelNotFoundError: there is no such model or version; the message lists those there are.
    """
    root = _models_folder(root)
    versions = list_versions(name, root)
    if version is None:
        version = versions[-1]
    if type(version) is not int:
        raise ModelNotFoundError(f"Expected the version of {name!r} as an int, found {version!r}: pass {versions[-1]}.")
    if version not in versions:
        known = ", ".join(map(str, versions))
        raise ModelNotFoundError(f"No version {version} of {name!r} in {root}: it has {known}.")
    return root / name / str(version)


def read_card(path: Path) -> Card:
    """Read and check the ``model.json`` of the artifact at `path`.

    Raises:
        ArtifactError: it is missing, damaged, foreign, or of a newer format.
    """
    file = path / "model.json"
    try:
        if file.stat().st_size > _MAX_JSON_BYTES:
            raise _damaged(path, f"model.json has {file.stat().st_size} bytes, more than any this library writes")
        metadata = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise _damaged(path, "it has no model.json, so it is incomplete or not a model of this zoo") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, f"model.json cannot be read ({error})") from None
    if not isinstance(metadata, dict):
        raise _damaged(path, f"model.json must hold an object, and holds a {type(metadata).__name__}")
    for key, kind in _REQUIRED.items():
        if type(metadata.get(key)) is not kind:
            found = type(metadata[key]).__name__ if key in metadata else "nothing"
            raise _damaged(path, f"model.json must give {key!r} as {kind.__name__}, and gives {found}")
    for key, check in _CHECKS.items():
        if not all(map(check, metadata[key].values())):
            raise _damaged(path, f"model.json gives {key!r} with entries of another form than this library writes")
    if metadata["format_version"] > FORMAT_VERSION:
        raise ArtifactError(
            f"The artifact {path} has format {metadata['format_version']}, and this library reads up to "
            f"{FORMAT_VERSION}: update the library, or load an older version of the model."
        )
    if metadata["checksum"] != _json_checksum(metadata):
        raise _damaged(path, "model.json does not match its own checksum: it was changed after it was written")
    for folder, key in ((path.parent, "name"), (path, "version")):
        if str(metadata[key]) != folder.name:
            what = "the model" if key == "name" else f"version {metadata[key]} of"
            raise ArtifactError(
                f"The folder {folder.name} holds {what} {metadata['name']}: rename it to {metadata[key]}, or remove it "
                f"where that is there already ({folder})."
            )
    kept = {field: metadata[field] for field in ("title", "description", "reference", "parameters", "metrics")}
    return Card(metadata["name"], metadata["version"], path, metadata=metadata, **kept)


def verify(path: Path) -> Card:
    """Compare every file of the artifact at `path` with its ``model.json``: none missing, none changed, none extra.

    Raises:
        ArtifactError: with the first difference.
    """
    card = read_card(path)
    recorded = card.metadata["files"]
    found = {file.relative_to(path).as_posix() for file in path.rglob("*") if not file.is_dir()} - {"model.json"}
    if missing := sorted(recorded.keys() - found):
        raise _damaged(path, f"the file {missing[0]} is missing")
    if extra := sorted(name for name in found - recorded.keys() if Path(name).name not in _DESKTOP_FILES):
        raise _damaged(path, f"the file {extra[0]} does not belong to it")
    for name, entry in recorded.items():
        file = path / name
        try:
            size = file.stat().st_size
            if size != entry["size"]:
                raise _damaged(path, f"the file {name} has {size} bytes instead of {entry['size']}")
            if _sha256(file) != entry["sha256"]:
                raise _damaged(path, f"the file {name} differs from its recorded sha256")
        except OSError as error:
            raise _damaged(path, f"the file {name} cannot be read ({error.strerror})") from None
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
        metadata: what ``model.json`` is to say beside name, version, format, files and checksum.
        write: called with an empty folder; writes the model's files into it.
        check: called with the written folder; raises where what is on disk is not what was meant, and may return what
            it measured there, for ``model.json`` to say too.

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
        files = {
            file.relative_to(partial).as_posix(): {"sha256": _sha256(file), "size": file.stat().st_size}
            for file in sorted(partial.rglob("*"))
            if file.is_file()
        }
        while True:
            version = max(_versions(folder), default=0) + 1
            _write_json(partial, {"format_version": FORMAT_VERSION, "name": name, "version": version} | metadata, files)
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
            error.filename = str(folder)  # a disk that is full is told of without saying where
        raise
    return verify(folder / str(version))


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _models_folder(root: str | os.PathLike | None) -> Path:
    path = MODELS_FOLDER if root is None else Path(root)
    if not path.is_dir():
        found = "is a file, no folder" if path.exists() else "does not exist"
        raise ModelNotFoundError(
            f"The folder of models {path} {found}: run `python -m builders`, or name another folder."
        )
    return path


def _versions(folder: Path) -> list[int]:
    """The version numbers in a model's folder, in order; other entries are no versions."""
    if not NAME_PATTERN.fullmatch(folder.name) or not folder.is_dir():
        return []  # no model of ours: another folder that somebody keeps here, or a copy that a file manager made
    return sorted(int(path.name) for path in folder.iterdir() if re.fullmatch(r"[1-9]\d{0,8}", path.name, re.ASCII))


def _damaged(path: Path, what: str) -> ArtifactError:
    return ArtifactError(
        f"The artifact {path} is damaged: {what}. Restore it from where it came, or build it again with "
        f"`python -m builders {path.parent.name}`."
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _json_checksum(metadata: dict) -> str:
    content = {key: value for key, value in metadata.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _write_json(folder: Path, metadata: dict, files: dict) -> None:
    metadata = metadata | {"files": files}
    metadata["checksum"] = _json_checksum(json.loads(json.dumps(metadata)))
    (folder / "model.json").write_text(json.dumps(metadata, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
