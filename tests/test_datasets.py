import gzip
import hashlib
import http.server
import io
import pickle
import re
import struct
import threading
import zipfile

import h5py
import numpy as np
import pytest

from zoo.data import arrays, drawing_files, mnist
from zoo.errors import DataError
from zoo.images.strokes import image_from_strokes


def fake_mnist(train=12, test=6):
    random = np.random.default_rng(0)
    return mnist.Mnist(
        random.integers(0, 256, (train, 28, 28), np.uint8),
        random.integers(0, 10, train, np.uint8),
        random.integers(0, 256, (test, 28, 28), np.uint8),
        random.integers(0, 10, test, np.uint8),
    )


def idx(array):
    return struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def write_idx(folder, mnist, pattern="{}-idx{}-ubyte", pack=lambda data: data):
    folder.mkdir(exist_ok=True)
    stems = ("train-images", "train-labels", "t10k-images", "t10k-labels")
    for stem, array in zip(stems, mnist, strict=True):
        (folder / pattern.format(stem, array.ndim)).write_bytes(pack(idx(array)))
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Every test has an empty Keras cache of its own, and no network but 127.0.0.1."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv(mnist.VARIABLE, raising=False)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(mnist, "URL", "http://127.0.0.1:9/mnist.npz")  # the discard port: nobody answers
    return tmp_path / "keras" / "datasets" / "mnist.npz"


@pytest.fixture
def npz(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, **fake_mnist()._asdict())
    return path


def assert_same(found, expected):
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == np.uint8
        np.testing.assert_array_equal(a, b)


# ---- Where it is looked for


def test_npz(npz):
    assert_same(mnist.load_mnist(npz), fake_mnist())


@pytest.mark.parametrize("pattern", ["{}-idx{}-ubyte", "{}.idx{}-ubyte"])
@pytest.mark.parametrize("zipped", [False, True])
def test_idx_folder(tmp_path, pattern, zipped):
    folder = write_idx(
        tmp_path / "idx", fake_mnist(), pattern + ".gz" * zipped, gzip.compress if zipped else lambda data: data
    )
    assert_same(mnist.load_mnist(folder), fake_mnist())


def test_the_variable_comes_before_the_cache_and_the_path_before_the_variable(tmp_path, npz, cache, monkeypatch):
    cache.parent.mkdir(parents=True)
    np.savez(cache, **fake_mnist(train=30)._asdict())
    assert len(mnist.load_mnist().x_train) == 30
    monkeypatch.setenv(mnist.VARIABLE, str(npz))
    assert len(mnist.load_mnist().x_train) == 12
    folder = write_idx(tmp_path / "idx", fake_mnist(train=20))
    assert len(mnist.load_mnist(folder).x_train) == 20


@pytest.mark.parametrize("given", ["path", "variable"])
def test_a_wrong_path_is_an_error_even_if_the_cache_has_mnist(tmp_path, cache, monkeypatch, given):
    cache.parent.mkdir(parents=True)
    np.savez(cache, **fake_mnist()._asdict())
    wrong = tmp_path / "no-such.npz"
    if given == "variable":
        monkeypatch.setenv(mnist.VARIABLE, str(wrong))
    with pytest.raises(DataError, match=r"no-such\.npz, found nothing"):
        mnist.load_mnist(wrong if given == "path" else None)


@pytest.mark.parametrize("download", [False, True])
def test_nowhere_and_no_network(cache, download):
    with pytest.raises(DataError) as error:
        mnist.load_mnist(download=download)
    for word in (str(cache), "--data PATH", "DIGIT_ZOO_MNIST", mnist.URL):
        assert word in str(error.value)
    assert "\n" not in str(error.value)


# ---- The download


@pytest.fixture
def serve(monkeypatch):
    """Serve bytes as mnist.npz, announced as `length` bytes."""
    servers = []

    def start(data, length=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                self.send_response(200)
                self.send_header("Content-Length", str(length or len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setattr(mnist, "URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_download(npz, cache, serve, monkeypatch, capsys):
    data = npz.read_bytes()
    serve(data)
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(data).hexdigest())
    assert_same(mnist.load_mnist(), fake_mnist())
    assert "Downloaded MNIST" in capsys.readouterr().err
    assert [path.name for path in cache.parent.iterdir()] == ["mnist.npz"]
    monkeypatch.setattr(mnist, "URL", "http://127.0.0.1:9/mnist.npz")
    assert_same(mnist.load_mnist(), fake_mnist())  # from the cache now


def test_download_draws_a_bar_on_a_terminal(npz, serve, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    data = npz.read_bytes()
    serve(data)
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(data).hexdigest())
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    mnist.load_mnist()
    assert terminal.getvalue().endswith(f"[{'#' * 30}] 0.0 of 0.0 MB\n")


@pytest.mark.parametrize(("announced", "reason"), [(None, "sha256"), (10_000_000, "broke off after")])
def test_a_bad_download_leaves_nothing_behind(npz, cache, serve, announced, reason):
    serve(npz.read_bytes(), announced)
    with pytest.raises(DataError, match=reason):
        mnist.load_mnist()
    assert list(cache.parent.iterdir()) == []


# ---- What is refused


@pytest.mark.parametrize("name", ["mnist.pkl.gz", "mnist.pkl"])
def test_a_pickle_is_refused_with_the_reason(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(pickle.dumps([1])) if name.endswith("gz") else pickle.dumps([1]))
    with pytest.raises(DataError, match="pickle can run any code"):
        mnist.load_mnist(path)


IDX_DAMAGE = {
    "magic": (lambda data: b"\0\0\x0d\3" + data[4:], "magic number 2051"),
    "short": (lambda data: data[:-5], "bytes after the header"),
    "long": (lambda data: data + b"x", "found more"),
    "no header": (lambda data: data[:6], "damaged"),
    "empty": (lambda data: b"", "damaged"),
    "gzip cut": (lambda data: gzip.compress(data)[:-30], "damaged"),
    "gzip flipped": (lambda data: gzip.compress(data)[:-6] + b"abcdef", "damaged"),
    "gzip bomb": (lambda data: gzip.compress(data[:16] + bytes(50_000_000)), "found more"),
    "announces 4 GB": (lambda data: struct.pack(">4I", 0x803, 5_500_000, 28, 28) + data[16:], "at most 1,073,741,824"),
    "27 rows": (lambda data: struct.pack(">4I", 0x803, 12, 27, 28) + data[16:-336], r"\(n, 28, 28\)"),
    "no images": (lambda data: struct.pack(">4I", 0x803, 0, 28, 28), r"\(n, 28, 28\)"),
    "one image fewer": (lambda data: struct.pack(">4I", 0x803, 11, 28, 28) + data[16:-784], "y_train as 11 integers"),
}


@pytest.mark.parametrize("damage", IDX_DAMAGE)
def test_damaged_idx(tmp_path, damage):
    change, message = IDX_DAMAGE[damage]
    folder = write_idx(tmp_path / "idx", fake_mnist())
    file = folder / "train-images-idx3-ubyte"
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(DataError, match=message):
        mnist.load_mnist(folder)


def test_an_incomplete_folder_names_the_missing_file(tmp_path):
    folder = write_idx(tmp_path / "idx", fake_mnist())
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte"):
        mnist.load_mnist(folder)


NPZ_CHANGES = {
    "key missing": ({"x_test": None}, "no x_test"),
    "float images": ({"x_train": np.zeros((12, 28, 28))}, "x_train as uint8"),
    "flat images": ({"x_train": np.zeros((12, 784), np.uint8)}, r"x_train as \(n, 28, 28\)"),
    "label 10": ({"y_train": np.arange(12) % 11}, "y_train from 0 to 9"),
    "label -1": ({"y_train": np.full(12, -1)}, "y_train from 0 to 9"),
    "float labels": ({"y_train": np.zeros(12)}, "y_train as 12 integers"),
    "labels of another count": ({"y_test": np.zeros(5, np.uint8)}, "y_test as 6 integers"),
    "objects": ({"y_train": np.array([{}] * 12)}, "Expected numbers"),
    "text": ({"y_train": np.array(["7"] * 12)}, "Expected numbers"),
}


@pytest.mark.parametrize("change", NPZ_CHANGES)
def test_wrong_arrays_in_an_npz(tmp_path, change):
    changes, message = NPZ_CHANGES[change]
    arrays = {key: value for key, value in (fake_mnist()._asdict() | changes).items() if value is not None}
    np.savez(tmp_path / "wrong.npz", **arrays)
    with pytest.raises(DataError, match=message):
        mnist.load_mnist(tmp_path / "wrong.npz")


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
    rewrite(npz, "x_train.npy", content)
    with pytest.raises(DataError, match=message):
        mnist.load_mnist(npz)


def test_too_many_bytes_announced(npz, monkeypatch):
    monkeypatch.setattr(arrays, "_MAX_BYTES", 10_000)
    with pytest.raises(DataError, match="at most 10,000 bytes"):
        mnist.load_mnist(npz)


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
        mnist.load_mnist(npz)
    assert "\n" not in str(error.value)


# ---- Labelled digits to score models on


@pytest.mark.parametrize("keys", [("images", "labels"), ("x", "y"), ("x_test", "y_test")])
def test_load_labelled(tmp_path, keys):
    mnist = fake_mnist()
    others = {"x": mnist.x_train, "y": mnist.y_train} if keys[0] == "x_test" else {}
    np.savez(tmp_path / "some.npz", **{keys[0]: mnist.x_test, keys[1]: mnist.y_test}, **others)
    images, labels = mnist.load_labelled(tmp_path / "some.npz")
    assert_same((images, labels), (mnist.x_test, mnist.y_test))


def test_load_labelled_takes_floats_and_any_memory_order(tmp_path):
    images = np.asfortranarray(fake_mnist().x_test.astype(">f8"))
    np.savez(tmp_path / "some.npz", images=images, labels=fake_mnist().y_test.astype(np.int64))
    found, labels = mnist.load_labelled(tmp_path / "some.npz")
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, images)
    assert labels.dtype == np.uint8


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0, 256.0])
def test_load_labelled_refuses_other_ranges(tmp_path, value):
    images = np.full((1, 28, 28), 100.0)
    images[0, 3, 3] = value
    np.savez(tmp_path / "some.npz", images=images, labels=[3])
    with pytest.raises(DataError, match="images from 0 to 255"):
        mnist.load_labelled(tmp_path / "some.npz")


def test_load_labelled_refuses_images_that_were_scaled_to_one(tmp_path):
    np.savez(tmp_path / "some.npz", images=np.ones((1, 28, 28)), labels=[3])
    with pytest.raises(DataError, match="found 1 to 1: rescale"):
        mnist.load_labelled(tmp_path / "some.npz")


def test_load_labelled_lists_the_keys_it_found(tmp_path):
    np.savez(tmp_path / "some.npz", pictures=np.zeros(3), y=np.zeros(3))
    with pytest.raises(DataError, match="found pictures, y"):
        mnist.load_labelled(tmp_path / "some.npz")


# ---- Drawings


def fake_drawings(**changes):
    """Two drawings, of one stroke and of two; a change of None leaves a key out."""
    arrays = {
        "points": np.array([(5, 0), (5, 10), (5, 20), (0, 0), (9, 0), (4, 5)], np.float32),
        "stroke_starts": np.array([0, 3, 5, 6], np.int32),
        "drawing_starts": np.array([0, 1, 3], np.int32),
        "labels": np.array([1, 7], np.uint8),
        "writers": np.array([30, 2], np.uint8),
    }
    return {key: value for key, value in (arrays | changes).items() if value is not None}


def test_load_drawings(tmp_path):
    np.savez(tmp_path / "drawn.npz", **fake_drawings())
    drawings, labels, writers = drawing_files.load_drawings(tmp_path / "drawn.npz")
    assert [[stroke.tolist() for stroke in strokes] for strokes in drawings] == [
        [[[5, 0], [5, 10], [5, 20]]],
        [[[0, 0], [9, 0]], [[4, 5]]],
    ]
    assert all(stroke.dtype == np.float32 for strokes in drawings for stroke in strokes)
    assert_same((labels, writers), (np.array([1, 7]), np.array([30, 2])))


def test_load_drawings_takes_other_numbers_and_no_writers(tmp_path):
    points = fake_drawings()["points"].astype(np.int64)
    starts = np.array([0, 3, 3, 5, 6], np.uint64)  # a stroke without points
    changes = {"points": points, "stroke_starts": starts, "drawing_starts": np.array([0, 1, 4]), "writers": None}
    np.savez(tmp_path / "drawn.npz", **fake_drawings(**changes))
    drawings, labels, writers = drawing_files.load_drawings(str(tmp_path / "drawn.npz"))
    assert [[len(stroke) for stroke in strokes] for strokes in drawings] == [[3], [0, 2, 1]]
    assert writers is None
    images = drawings.images_of(drawings)
    assert (images.dtype, images.shape) == (np.uint8, (2, 28, 28))


def test_images_of_drawings_are_those_of_the_window(tmp_path):
    np.savez(tmp_path / "drawn.npz", **fake_drawings())
    drawings = drawing_files.load_drawings(tmp_path / "drawn.npz").drawings
    for pen_width in (1.5, 4):
        images = drawings.images_of(drawings, pen_width)
        expected = [image_from_strokes(strokes, pen_width) for strokes in drawings]
        np.testing.assert_array_equal(images, expected)


DRAWINGS_CHANGES = {
    "no points": ({"points": None}, "found no points"),
    "no starts": ({"stroke_starts": None, "drawing_starts": None}, "found no drawing_starts, stroke_starts"),
    "no labels": ({"labels": None}, "found no labels"),
    "three coordinates": ({"points": np.zeros((6, 3))}, r"points as \(p, 2\)"),
    "flat points": ({"points": np.zeros(12)}, r"points as \(p, 2\)"),
    "NaN": ({"points": np.full((6, 2), np.nan)}, "finite points"),
    "infinite in float32": ({"points": np.full((6, 2), 1e300)}, "finite points"),
    "text": ({"points": np.full((6, 2), "5")}, "Expected numbers in points"),
    "objects": ({"points": np.array([[{}, {}]] * 6)}, "Expected numbers in points"),
    "float starts": ({"stroke_starts": np.array([0.0, 3, 5, 6])}, r"rise from 0 to 6, .* found float64 \(4,\)"),
    "a table of starts": ({"drawing_starts": np.array([[0, 1, 3]])}, r"rise from 0 to 3, .* found int64 \(1, 3\)"),
    "starts at 1": ({"stroke_starts": np.array([1, 3, 5, 6])}, "found 1 to 6"),
    "ends early": ({"stroke_starts": np.array([0, 3, 5, 5])}, "found 0 to 5"),
    "ends late": ({"drawing_starts": np.array([0, 1, 4])}, "rise from 0 to 3, the number of strokes, found 0 to 4"),
    "falls": ({"stroke_starts": np.array([0, 5, 3, 6])}, "order"),
    "falls below 0": ({"stroke_starts": np.array([0, -1, 3, 6])}, "order"),
    "falls, unsigned": ({"drawing_starts": np.array([0, 3, 1, 3], np.uint8)}, "order"),
    "no drawings": ({"drawing_starts": np.array([0])}, r"found int64 \(1,\)"),
    "a drawing without strokes": ({"drawing_starts": np.array([0, 0, 3])}, "none in drawing 0"),
    "a drawing without points": ({"stroke_starts": np.array([0, 6, 6, 6])}, "none in drawing 1"),
    "label 10": ({"labels": np.array([1, 10])}, "labels from 0 to 9"),
    "labels of another count": ({"labels": np.array([1, 2, 3])}, "labels as 2 integers .* one a drawing"),
    "float labels": ({"labels": np.array([1.0, 2.0])}, "labels as 2 integers"),
    "writers of another count": ({"writers": np.array([1])}, "writers as 2 integers"),
    "writer 256": ({"writers": np.array([1, 256])}, "writers from 0 to 255"),
}


@pytest.mark.parametrize("change", DRAWINGS_CHANGES)
def test_wrong_arrays_in_drawings(tmp_path, change):
    changes, message = DRAWINGS_CHANGES[change]
    np.savez(tmp_path / "wrong.npz", **fake_drawings(**changes))
    with pytest.raises(DataError, match=message) as error:
        drawing_files.load_drawings(tmp_path / "wrong.npz")
    assert "wrong.npz" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("damage", [None, "cut", "text"])
def test_drawings_that_are_missing_or_damaged(tmp_path, damage):
    path = tmp_path / "drawn.npz"
    if damage:
        np.savez(path, **fake_drawings())
        path.write_bytes(ZIP_DAMAGE[damage](path.read_bytes()))
    with pytest.raises(DataError, match="Expected an .npz") as error:
        drawing_files.load_drawings(path)
    assert str(path) in str(error.value)
    assert "IDX" not in str(error.value)


def test_drawings_where_there_is_no_file(tmp_path):
    for path, found in ((tmp_path, "a folder"), ("", "an empty name"), (tmp_path / ("a" * 999), "too long")):
        with pytest.raises(DataError, match=f"^Expected an .npz, HDF5 or a collection of drawings.*, found .*{found}"):
            drawing_files.load_drawings(path)


def write_hdf5(path, arrays):
    with h5py.File(path, "w") as file:
        for key, array in arrays.items():
            file[key] = array
    return path


def test_load_drawings_from_hdf5_whatever_it_is_called(tmp_path):
    arrays = fake_drawings(labels=np.array([1, 7], ">i4"), points=fake_drawings()["points"].astype(">f8"))
    drawings, labels, writers = drawing_files.load_drawings(write_hdf5(tmp_path / "drawn.npz", arrays))
    assert [[len(stroke) for stroke in strokes] for strokes in drawings] == [[3], [2, 1]]
    assert drawings[1][1].dtype == np.float32
    assert_same((labels, writers), (np.array([1, 7]), np.array([30, 2])))


@pytest.mark.parametrize("change", sorted(set(DRAWINGS_CHANGES) - {"objects", "text"}))
def test_wrong_arrays_in_hdf5(tmp_path, change):
    changes, message = DRAWINGS_CHANGES[change]
    with pytest.raises(DataError, match=message):
        drawing_files.load_drawings(write_hdf5(tmp_path / "wrong.h5", fake_drawings(**changes)))


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
    write_hdf5("secret.h5", fake_drawings())
    path = write_hdf5(tmp_path / "trick.h5", fake_drawings(points=None))
    with h5py.File(path, "a") as file:
        make(file)
    with pytest.raises(DataError, match=message) as error:
        drawing_files.load_drawings(path)
    assert "trick.h5" in str(error.value)
    assert "\n" not in str(error.value)


def test_damaged_hdf5(tmp_path):
    data = write_hdf5(tmp_path / "drawn.h5", fake_drawings()).read_bytes()
    for length in (8, 100, len(data) // 2, len(data) - 1):
        (tmp_path / "cut.h5").write_bytes(data[:length])
        with pytest.raises(DataError, match="Expected HDF5 .* fetch it again"):
            drawing_files.load_drawings(tmp_path / "cut.h5")


# ---- What is known of a data set


def test_split_held_out():
    mnist = fake_mnist(train=12)
    (x, y), (x_held_out, y_held_out) = mnist.split_held_out(mnist)
    assert len(x_held_out) == len(y_held_out) == 2
    np.testing.assert_array_equal(np.concatenate((x, x_held_out)), mnist.x_train)
    np.testing.assert_array_equal(np.concatenate((y, y_held_out)), mnist.y_train)


def test_of_mnist_the_last_ten_thousand_are_held_out():
    empty = np.zeros((60_000, 28, 28), np.uint8)
    (x, _), (x_held_out, _) = mnist.split_held_out(mnist.Mnist(empty, empty[:, 0, 0], empty[:1], empty[:1, 0, 0]))
    assert (len(x), len(x_held_out)) == (50_000, 10_000)


def test_digest_depends_on_values_shape_and_type_only():
    array = np.arange(12, dtype=np.uint16).reshape(3, 4)
    known = arrays.digest(array)
    assert known == arrays.digest(np.asfortranarray(array)) == arrays.digest(array.astype(">u2"))
    others = [array.reshape(4, 3), array.astype(np.uint8), array + np.uint16(1)]
    assert known not in map(arrays.digest, others)


def test_describe():
    mnist = fake_mnist()
    described = arrays.describe(mnist.x_test, mnist.y_test)
    assert described == {"images": 6, "sha256": arrays.digest(mnist.x_test, mnist.y_test)}


def test_another_data_set_is_not_mnist():
    assert not mnist.is_mnist(fake_mnist())
