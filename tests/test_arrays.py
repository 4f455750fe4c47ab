"""Arrays from files that somebody else made."""

import io
import re
import subprocess
import sys
import zipfile

import h5py
import numpy as np
import pytest

from zoo.data import arrays
from zoo.errors import DataError


@pytest.fixture
def npz(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, one=np.arange(784, dtype=np.uint8).reshape(1, 28, 28), two=np.arange(3))
    return path


def test_the_arrays_of_an_npz_are_read_in_the_order_that_is_asked_for(npz):
    assert arrays.npz_keys(npz) == {"one", "two"}
    two, one = arrays.read_npz(npz, ("two", "one"))
    np.testing.assert_array_equal(two, [0, 1, 2])
    assert (one.dtype, one.shape) == (np.uint8, (1, 28, 28))


def rewrite(path, name, data):
    """Replace one member of a zip."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in (members | {name: data}).items():
            archive.writestr(member, content)


def npy_header(shape):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy_header((10**9, 28, 28)) + bytes(1000), "disagree"),  # numpy.load would ask for 784 GB
        (npy_header((1, 28, 28)) + bytes(60_000_000), "disagree"),  # a zip bomb
        (b"not an array", "damaged"),
        (b"", "damaged"),
    ],
)
def test_the_header_of_an_array_is_checked_before_it_is_read(npz, content, message):
    rewrite(npz, "one.npy", content)
    with pytest.raises(DataError, match=message):
        arrays.read_npz(npz, ("one", "two"))


def test_too_many_bytes_announced(npz, monkeypatch):
    monkeypatch.setattr(arrays, "MAX_BYTES", 500)
    with pytest.raises(DataError, match="at most 500 bytes"):
        arrays.read_npz(npz, ("one", "two"))


def flip(data, where):
    return data[:where] + bytes([data[where] ^ 255]) + data[where + 1 :]


ZIP_DAMAGE = {
    "cut": lambda data: data[: len(data) // 2],
    "flipped": lambda data: flip(data, len(data) // 3),
    "encrypted": lambda data: re.sub(b"(?<=PK\1\2....)\0", b"\1", data, flags=re.DOTALL),
    "text": lambda data: b"hello",
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("damage", ZIP_DAMAGE)
def test_damaged_npz(npz, damage):
    data = ZIP_DAMAGE[damage](npz.read_bytes())
    assert data != npz.read_bytes()
    npz.write_bytes(data)
    with pytest.raises(DataError, match="fetch it again") as error:
        arrays.read_npz(npz, ("one", "two"))
    assert "\n" not in str(error.value)


# ---- HDF5


POINTS = np.arange(12, dtype=np.float32).reshape(6, 2)


def write_hdf5(path, **content):
    with h5py.File(path, "w") as file:
        for key, array in content.items():
            file[key] = array
    return path


def test_those_arrays_of_a_file_are_read_that_are_there(tmp_path):
    found = arrays.read_hdf5(write_hdf5(tmp_path / "some.h5", points=POINTS, more=POINTS), ("points", "labels"))
    assert found.keys() == {"points"}
    np.testing.assert_array_equal(found["points"], POINTS)


def external_link(file):
    file["points"] = h5py.ExternalLink("secret.h5", "/points")


def soft_link(file):
    file["there"] = h5py.ExternalLink("secret.h5", "/points")
    file["points"] = h5py.SoftLink("/there")


def virtual(file):
    layout = h5py.VirtualLayout((6, 2), np.float32)
    layout[:] = h5py.VirtualSource("secret.h5", "points", (6, 2))
    file.create_virtual_dataset("points", layout)


def external_values(file):
    file.create_dataset("points", (6, 2), np.float32, external=[("secret.h5", 0, 48)])


HDF5_TRICKS = {
    "external link": (external_link, "inside"),
    "soft link": (soft_link, "inside"),
    "virtual": (virtual, "inside"),
    "external values": (external_values, "inside"),
    "group": (lambda file: file.create_group("points"), "inside"),
    "text": (lambda file: file.create_dataset("points", data=["five"] * 6), "Expected numbers in points"),
    "pairs": (lambda file: file.create_dataset("points", data=np.zeros(6, "f4,f4")), "Expected numbers in points"),
    "nothing": (lambda file: file.create_dataset("points", data=h5py.Empty("f4")), "damaged"),
    "huge": (lambda file: file.create_dataset("points", (10**12, 2), "f4", chunks=(64, 2)), "at most"),
    "a huge chunk": (
        lambda file: file.create_dataset("points", (6, 2), "f4", maxshape=(None, 2), chunks=(2**28, 2)),
        "at most",
    ),
}


@pytest.mark.parametrize("trick", HDF5_TRICKS)
def test_hdf5_that_leads_elsewhere(tmp_path, monkeypatch, trick):
    monkeypatch.chdir(tmp_path)
    make, message = HDF5_TRICKS[trick]
    write_hdf5("secret.h5", points=POINTS)
    path = write_hdf5(tmp_path / "trick.h5", labels=np.arange(2))
    with h5py.File(path, "a") as file:
        make(file)
    with pytest.raises(DataError, match=message) as error:
        arrays.read_hdf5(path, ("points", "labels"))
    assert "trick.h5" in str(error.value)
    assert "\n" not in str(error.value)


def test_damaged_hdf5(tmp_path):
    data = write_hdf5(tmp_path / "drawn.h5", points=POINTS).read_bytes()
    for length in (8, 100, len(data) // 2, len(data) - 1):
        (tmp_path / "cut.h5").write_bytes(data[:length])
        with pytest.raises(DataError, match="Expected HDF5 .* fetch it again"):
            arrays.read_hdf5(tmp_path / "cut.h5", ("points",))


def test_hdf5_that_another_program_writes_is_not_called_damaged(tmp_path):
    path = write_hdf5(tmp_path / "drawn.h5", points=POINTS)
    script = "import h5py, sys; file = h5py.File(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script, path], stdin=-1, stdout=-1) as program:
        assert program.stdout.readline().strip() == b"open"
        with pytest.raises(DataError, match="open in another program: close it there"):
            arrays.read_hdf5(path, ("points",))
        program.stdin.close()
    assert arrays.read_hdf5(path, ("points",)).keys() == {"points"}


# ---- What is known of a data set


def test_digest_depends_on_values_shape_and_type_only():
    array = np.arange(12, dtype=np.uint16).reshape(3, 4)
    known = arrays.digest(array)
    assert known == arrays.digest(np.asfortranarray(array)) == arrays.digest(array.astype(">u2"))
    others = [array.reshape(4, 3), array.astype(np.uint8), array + np.uint16(1)]
    assert known not in map(arrays.digest, others)


def test_describe():
    images, labels = np.zeros((6, 28, 28), np.uint8), np.arange(6, dtype=np.uint8)
    assert arrays.describe(images, labels) == {"images": 6, "sha256": arrays.digest(images, labels)}
