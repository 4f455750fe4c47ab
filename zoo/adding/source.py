"""What somebody adds a network from: which kind of file it is, and what is read from it."""

import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from zoo.errors import ArtifactError
from zoo.facts import INPUT_SHAPES

EXPECTED = "a .keras, .h5 or .tflite file, or a SavedModel folder"
MAX_BYTES = 2**29
"""Of a file, or of all in a folder: far more than any network for images of 28 x 28 has."""


@dataclass(frozen=True)
class Source:
    """A network as it is added.

    Attributes:
        content: of its ``model.tflite``.
        parameters: how many it has.
        family: of its layers or operations; empty where they do not tell.
        layers: the output shape of each layer that can be shown, by its name.
    """

    content: bytes
    parameters: int
    family: str = ""
    layers: dict[str, tuple[int, ...]] = field(default_factory=dict)


def kind_of(path: Path) -> str:
    """Return ``"keras"``, ``"h5"``, ``"tflite"``, ``"saved_model"``, or ``"artifact"`` for a folder of this zoo.

    What a file holds decides, whatever its name ends with.

    Raises:
        ArtifactError: it is none of them; the message says what it is and what to do.
    """
    if not path.exists():
        raise ArtifactError(f"Expected {EXPECTED} at {path}, found nothing: check the path.")
    if path.is_dir():
        return _kind_of_folder(path)
    if not path.is_file():
        raise ArtifactError(f"Expected {EXPECTED} at {path}, found a pipe or a device: name a file.")
    check_size(path, path.stat().st_size)
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] == b"TFL3":
        return "tflite"
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "h5"
    if head.startswith(b"PK") and (found := _kind_of_zip(path)) == "keras":
        return found
    raise ArtifactError(f"Expected {EXPECTED} at {path}, found {_foreign(path, head)}")


def check_size(path: Path, size: int) -> None:
    """Raise ArtifactError where what is to be read has too many bytes."""
    if size > MAX_BYTES:
        raise ArtifactError(
            f"Expected a network of up to {MAX_BYTES // 2**20} MB, found {size / 2**20:,.0f} MB in {path}: "
            f"save it without its optimizer, or take a smaller one."
        )


def check_ends(path: Path, inputs: list[tuple], outputs: list[tuple]) -> tuple[int, ...]:
    """Return which of ``INPUT_SHAPES`` the input of a network has.

    Args:
        path: of the network, for the message.
        inputs: the shape of each of its inputs, with the batch first; None where a size may be any.
        outputs: the shape of each output, likewise.

    Raises:
        ArtifactError: there is not one such input, or not one output of ten values.
    """
    for title, shapes in (("input", inputs), ("output", outputs)):
        if len(shapes) != 1:
            raise ArtifactError(
                f"Expected a network of one {title} in {path}, found {len(shapes)}: save one that has the {title} of "
                f"digits alone."
            )
    output, [taken] = tuple(outputs[0][1:]), inputs
    if output != (10,):
        raise ArtifactError(
            f"Expected ten outputs, one for each digit 0 to 9, in {path}, found {_in_words(outputs[0])}: train the "
            f"network with a last layer of ten units."
        )
    for shape in INPUT_SHAPES:
        if len(shape) == len(taken) - 1 and all(a in (None, b) for a, b in zip(taken[1:], shape, strict=True)):
            return shape
    raise ArtifactError(
        f"Expected an input of shape {', '.join(_in_words((None, *shape)) for shape in INPUT_SHAPES)} in {path}, "
        f"found {_in_words(taken)}: train the network on grey images of 28 x 28."
    )


def sha256_of(path: Path) -> str:
    """Return the hash of a file, or of the names and contents of all files in a folder."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    sha256 = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        sha256.update(f"{file.relative_to(path).as_posix()}\n{sha256_of(file)}\n".encode())
    return sha256.hexdigest()


def _in_words(shape: tuple) -> str:
    return f"({', '.join('n' if size is None else str(size) for size in shape)})"


def _kind_of_folder(folder: Path) -> str:
    if (folder / "model.json").is_file():
        return "artifact"
    if (folder / "saved_model.pb").is_file():
        check_size(folder, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))
        return "saved_model"
    names = sorted(file.name for file in folder.iterdir())
    if not names:
        raise ArtifactError(f"Expected {EXPECTED} at {folder}, found an empty folder: name the one that holds it.")
    inner = [name for name in names if (folder / name / "saved_model.pb").is_file()]
    todo = f"name {folder / inner[-1]}" if inner else "name the folder that holds saved_model.pb, or a file"
    listed = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    raise ArtifactError(f"Expected {EXPECTED} at {folder}, found a folder with {listed}: {todo}.")


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return ""
    return "keras" if "config.json" in names and "metadata.json" in names else ""


_AS_KERAS = "save the network with Keras (model.save('model.keras')), or convert it to .tflite"


def _foreign(path: Path, head: bytes) -> str:
    """Return what a file is that cannot be added, and what to do instead, as the end of a sentence."""
    name = path.name.lower()
    if not head:
        return "an empty file: save the model again."
    if name.endswith((".onnx", ".ort")) or b"onnx" in head.lower() or b"pytorch" in head:
        return f"an ONNX file: convert it to a SavedModel or to .tflite (onnx2tf does), or {_AS_KERAS}."
    if name.endswith((".pt", ".pth", ".ckpt.data")) or b"archive/data.pkl" in head or b"/data.pkl" in head:
        return f"a PyTorch file: convert it to .tflite (litert-torch does), or {_AS_KERAS}."
    if head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")) or name.endswith((".pkl", ".pickle")):
        return f"a pickle, which can run any code when it is opened: {_AS_KERAS}."
    if name.endswith((".pb", ".pbtxt")):
        return "a part of a SavedModel or a frozen graph: name the folder of a SavedModel, not a file in it."
    if name.endswith(".json") or head.lstrip().startswith(b"{"):
        return f"a JSON file, which holds no weights: {_AS_KERAS}."
    if head.startswith(b"PK"):
        return "a zip that is no Keras file, or one that breaks off: save the model again."
    if name.endswith((".keras", ".h5", ".hdf5", ".tflite")):
        return "another kind of file, or a damaged one: save the model again."
    return f"another kind of file: {_AS_KERAS}."
