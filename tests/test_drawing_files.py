"""Drawings from and to files."""

import h5py
import numpy as np
import pytest

from tests.test_drawings import assert_same_drawings, drawing_arrays, made_up_drawings
from zoo.data.collection import Collection
from zoo.data.drawing_files import load_drawings, load_outliers, write_drawings
from zoo.data.drawings import Drawings, drawings_from_arrays
from zoo.errors import DataError


def write_arrays(path, arrays):
    """Write arrays to a file that is HDF5 or an .npz, whatever it is called."""
    if "hdf5" in path.name:
        with h5py.File(path, "w") as file:
            for name, array in arrays.items():
                file[name] = array
    else:
        with path.open("wb") as file:
            np.savez(file, **arrays)
    return path


@pytest.mark.parametrize("name", ["numpy.npz", "numpy.h5", "hdf5.h5", "hdf5.npz"])
def test_drawings_are_read_whatever_the_file_is_called(tmp_path, name):
    arrays = drawing_arrays(labels=np.array([1, 7], ">i4"), points=drawing_arrays()["points"].astype(">f8"))
    path = write_arrays(tmp_path / name, arrays)
    assert_same_drawings(load_drawings(str(path)), drawings_from_arrays(drawing_arrays(), path))
    write_arrays(path, drawing_arrays(writers=None))
    assert load_drawings(path).writers is None


@pytest.mark.parametrize("name", ["wrong.npz", "wrong.hdf5"])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": None}, "found no labels"),
        ({"drawing_starts": np.array([0, 1, 4])}, "rise from 0 to 3"),
        ({"labels": np.array([1.5, 2.5])}, "labels as 2 integers"),
    ],
)
def test_wrong_arrays_are_refused_with_their_file(tmp_path, name, changes, message):
    with pytest.raises(DataError, match=message) as error:
        load_drawings(write_arrays(tmp_path / name, drawing_arrays(**changes)))
    assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("points", [np.full((6, 2), "5"), np.array([[{}, {}]] * 6)], ids=["text", "objects"])
def test_numbers_are_asked_for(tmp_path, points):
    with pytest.raises(DataError, match="Expected numbers in points"):
        load_drawings(write_arrays(tmp_path / "wrong.npz", drawing_arrays(points=points)))


def test_outliers_have_labels_of_text(tmp_path):
    arrays = drawing_arrays(labels=np.array(["ä", "house"]), writers=np.array([300, 2], np.uint16))
    expected = drawings_from_arrays(drawing_arrays(), "some.npz").drawings
    drawings, labels, writers = load_outliers(write_arrays(tmp_path / "other.npz", arrays))
    assert_same_drawings(Drawings(drawings, labels, writers), Drawings(expected, ["ä", "house"], [300, 2]))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "found no labels"),
        (np.array([1, 7]), "Expected text in labels"),
        (np.array(["a"]), "2 characters"),
        (np.array(["a", "7"]), "found '7'"),
        (np.array(["", "a"]), "found ''"),
        (np.array(["a", "\n"]), r"found '\\n'"),
        (np.array([97, 2**30], np.uint32).view("<U1"), "as text"),
        (np.array([{}, "a"]), "Expected text in labels"),
    ],
)
def test_wrong_labels_of_outliers_are_told(tmp_path, labels, message):
    with pytest.raises(DataError, match=message) as error:
        load_outliers(write_arrays(tmp_path / "other.npz", drawing_arrays(labels=labels)))
    assert "other.npz" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("damage", ["missing", "cut", "text"])
def test_a_file_that_is_missing_or_damaged(tmp_path, damage):
    path = tmp_path / "drawn.npz"
    if damage == "cut":
        content = write_arrays(path, drawing_arrays()).read_bytes()
        path.write_bytes(content[: len(content) // 2])
    elif damage == "text":
        path.write_bytes(b"hello")
    with pytest.raises(DataError, match="Expected an .npz") as error:
        load_drawings(path)
    assert str(path) in str(error.value)
    assert "IDX" not in str(error.value)


def test_where_there_is_no_file(tmp_path):
    for path, found in ((tmp_path, "a folder"), ("", "an empty name"), (tmp_path / ("a" * 999), "too long")):
        with pytest.raises(DataError, match=f"^Expected an .npz, HDF5 or a collection of drawings.*, found .*{found}"):
            load_drawings(path)


@pytest.mark.parametrize("name", ["drawn.npz", "drawn.h5", "DRAWN.HDF5"])
@pytest.mark.parametrize("writers", [None, np.arange(20, dtype=np.uint8) * 12])
def test_what_is_written_is_read_back(tmp_path, name, writers):
    drawings = made_up_drawings(writers=writers)
    write_drawings(drawings, tmp_path / "new" / name)
    found = load_drawings(tmp_path / "new" / name)
    assert_same_drawings(found, drawings)
    assert (found.writers is None) == (writers is None)
    assert [file.name for file in (tmp_path / "new").iterdir()] == [name]


def test_an_empty_collection_is_no_data_set(tmp_path):
    path = tmp_path / "drawings.sqlite3"
    with Collection(path) as kept, pytest.raises(DataError, match="found none"):
        write_drawings(kept.drawings(), tmp_path / "drawn.npz")
    with pytest.raises(DataError, match="empty collection"):
        load_drawings(path)


def test_a_file_is_overwritten_only_on_request_and_whole(tmp_path, monkeypatch):
    file = tmp_path / "drawn.npz"
    write_drawings(made_up_drawings(3), file)
    with pytest.raises(DataError, match="there already"):
        write_drawings(made_up_drawings(5), file)
    for wrong in ("drawn.zip", "drawn"):
        with pytest.raises(DataError, match="ends in .npz"):
            write_drawings(made_up_drawings(5), tmp_path / wrong)
    with pytest.raises(DataError, match="none in drawing 0"):
        write_drawings(Drawings([[], [[(0.25, 0.75)]]], [1, 1], None), tmp_path / "other.npz")

    def full_disk(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        with pytest.raises(DataError, match="No space left"):
            write_drawings(made_up_drawings(5), file, overwrite=True)
    assert [other.name for other in tmp_path.iterdir()] == [file.name]
    assert_same_drawings(load_drawings(file), made_up_drawings(3))
    write_drawings(made_up_drawings(5), file, overwrite=True)
    assert_same_drawings(load_drawings(file), made_up_drawings(5))


def test_hdf5_tells_what_it_holds(tmp_path):
    write_drawings(made_up_drawings(3, writers=np.zeros(3, np.uint8)), tmp_path / "drawn.h5")
    with h5py.File(tmp_path / "drawn.h5") as file:
        assert sorted(file) == ["drawing_starts", "labels", "points", "stroke_starts", "writers"]
        assert "down" in file["points"].attrs["meaning"]
        assert file["points"].dtype == np.float32
