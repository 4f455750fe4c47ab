import gzip
import hashlib
import http.server
import pickle
import struct
import threading

import numpy as np
import pytest

from zoo.data import mnist
from zoo.errors import DataError


def fake_mnist(train=12, test=6):
    random = np.random.default_rng(0)
    return mnist.Mnist(
        random.integers(0, 256, (train, 28, 28), np.uint8),
        random.integers(0, 10, train, np.uint8),
        random.integers(0, 256, (test, 28, 28), np.uint8),
        random.integers(0, 10, test, np.uint8),
    )


def idx(array):
    kind = {"uint8": 0x800, "int32": 0xC00}[str(array.dtype)]
    values = array.astype(array.dtype.newbyteorder(">")).tobytes()
    return struct.pack(f">{1 + array.ndim}I", kind + array.ndim, *array.shape) + values


STEMS = ("train-images", "train-labels", "t10k-images", "t10k-labels")


def write_idx(folder, mnist, pattern="{}-idx{}-ubyte", pack=lambda data: data, stems=STEMS):
    folder.mkdir(parents=True, exist_ok=True)
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


@pytest.mark.parametrize("home", ["MNIST/raw", "archive"])
@pytest.mark.parametrize("zipped", [False, True])
def test_idx_files_one_or_two_folders_down(tmp_path, home, zipped):
    """As torchvision and archives leave them, which may keep the packed files beside the others."""
    pattern, pack = "{}-idx{}-ubyte" + ".gz" * zipped, gzip.compress if zipped else lambda data: data
    write_idx(tmp_path / home, fake_mnist(), pattern, pack)
    if not zipped:
        write_idx(tmp_path / home, fake_mnist(train=20), "{}-idx{}-ubyte.gz")
    assert_same(mnist.load_mnist(tmp_path), fake_mnist())


def test_idx_files_each_in_a_folder_of_its_own(tmp_path):
    """As Kaggle's archive of them unpacks."""
    for stem, array in zip(STEMS, fake_mnist(), strict=True):
        folder = tmp_path / f"{stem}-idx{array.ndim}-ubyte"
        folder.mkdir()
        (folder / folder.name).write_bytes(idx(array))
    assert_same(mnist.load_mnist(tmp_path), fake_mnist())
    write_idx(tmp_path, fake_mnist(train=20), "{}.idx{}-ubyte")  # and beside them all four again: the nearest
    assert len(mnist.load_mnist(tmp_path).x_train) == 20


def test_two_sets_with_the_same_names_are_not_mixed(tmp_path):
    for name in ("FashionMNIST", "MNIST"):
        write_idx(tmp_path / name / "raw", fake_mnist())
    with pytest.raises(DataError, match="several, in .*FashionMNIST.raw and .*MNIST.raw: give one"):
        mnist.load_mnist(tmp_path)
    assert_same(mnist.load_mnist(tmp_path / "MNIST"), fake_mnist())


@pytest.mark.parametrize("prefix", ["qmnist-", "emnist-digits-", "emnist-mnist-"])
def test_the_names_and_labels_of_qmnist_and_emnist(tmp_path, prefix):
    data, kind = fake_mnist(), "idx1-ubyte"
    labels = [y.astype(np.int32) for y in data[1::2]]
    if prefix == "qmnist-":  # eight columns, of which the first is the digit
        labels, kind = [np.stack([y, *[y + 100] * 7], axis=1) for y in labels], "idx2-int"
    for part, images, answers in zip(("train", "test"), data[::2], labels, strict=True):
        (tmp_path / f"{prefix}{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        (tmp_path / f"{prefix}{part}-labels-{kind}.gz").write_bytes(gzip.compress(idx(answers)))
    assert_same(mnist.load_mnist(tmp_path), data)


@pytest.mark.parametrize("shape", [(784,), (28, 28, 1), (1, 28, 28)])
def test_other_layouts_of_arrays(tmp_path, shape):
    data = fake_mnist()
    flat = {key: array.reshape(-1, *shape) if key.startswith("x") else array for key, array in data._asdict().items()}
    np.savez(tmp_path / "flat.npz", **flat)
    assert_same(mnist.load_mnist(tmp_path / "flat.npz"), data)
    assert_same(mnist.load_labelled(tmp_path / "flat.npz"), data[2:])


def csv(images, labels, heads="first"):
    """Return rows as Kaggle's, or as OpenML has them, with the label at the end."""
    columns = [labels[:, None], images.reshape(len(images), 784)]
    names = ["label", *(f"pixel{i}" for i in range(784))]
    if heads == "last":
        columns, names = columns[::-1], [f'"{name}"' for name in (*names[1:], "class")]
    rows = [",".join(map(str, row)) for row in np.hstack(columns).tolist()]
    return "\r\n".join([",".join(names), *rows] if heads else rows) + "\n"


@pytest.mark.parametrize("heads", ["", "first", "last"])
@pytest.mark.parametrize("zipped", [False, True])
def test_csv(tmp_path, heads, zipped):
    data = fake_mnist()
    for name, pair in (("train", data[:2]), ("test", data[2:])):
        content = csv(*pair, heads).encode()
        path = tmp_path / f"mnist_{name}.csv{'.gz' * zipped}"
        path.write_bytes(gzip.compress(content) if zipped else content)
    assert_same(mnist.load_mnist(tmp_path), data)
    assert_same(mnist.load_labelled(path), data[2:])
    with pytest.raises(DataError, match="give the folder of a train.csv and a test.csv"):
        mnist.load_mnist(path)


def test_csv_that_is_not_labelled_digits(tmp_path):
    path, data = tmp_path / "test.csv", fake_mnist()
    text = csv(data.x_test, data.y_test)
    wrong = {
        "Digit Recognizer train.csv alone": "\n".join(line.partition(",")[2] for line in text.splitlines()),
        "column called label": text.replace("label", "digit"),
        "string '256'": text.rstrip().rpartition(",")[0] + ",256",
        "0 to 9": text.replace(f"\r\n{data.y_test[0]},", "\r\n10,", 1),
        "found 1 columns": "",
        "something else": text.encode().replace(b"label", b"l\xffbel"),
    }
    for message, content in wrong.items():
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(DataError, match=message) as error:
            mnist.load_labelled(path)
        assert len(str(error.value).splitlines()) == 1
    with pytest.raises(DataError, match="found nothing"):
        mnist.load_labelled(tmp_path / "none.csv")


def test_a_broken_file_in_the_cache_of_keras_is_to_be_removed(cache, npz):
    cache.parent.mkdir(parents=True)
    cache.write_bytes(npz.read_bytes()[:5000])
    with pytest.raises(DataError) as error:
        mnist.load_mnist(download=False)
    assert f"remove {cache}" in str(error.value)
    with pytest.raises(DataError, match="fetch it again"):  # a file of one's own is not
        mnist.load_mnist(cache)


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


@pytest.mark.parametrize(
    ("announced", "most", "reason"),
    [(None, 2**26, "sha256"), (10_000_000, 2**26, "broke off after"), (None, 1000, "more than 1,000 bytes")],
)
def test_a_bad_download_leaves_nothing_behind(npz, cache, serve, monkeypatch, announced, most, reason):
    monkeypatch.setattr(mnist, "_MAX_DOWNLOAD", most)
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
    "colour images": ({"x_train": np.zeros((12, 28, 28, 3), np.uint8)}, r"x_train as \(n, 28, 28\)"),
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


# ---- Labelled digits to score models on


@pytest.mark.parametrize("keys", [("images", "labels"), ("x", "y"), ("x_test", "y_test")])
def test_load_labelled(tmp_path, keys):
    data = fake_mnist()
    others = {"x": data.x_train, "y": data.y_train} if keys[0] == "x_test" else {}
    np.savez(tmp_path / "some.npz", **{keys[0]: data.x_test, keys[1]: data.y_test}, **others)
    images, labels = mnist.load_labelled(tmp_path / "some.npz")
    assert_same((images, labels), (data.x_test, data.y_test))


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


# ---- What is held out, and what is MNIST


def test_split_held_out():
    data = fake_mnist(train=12)
    (x, y), (x_held_out, y_held_out) = mnist.split_held_out(data)
    assert len(x_held_out) == len(y_held_out) == 2
    np.testing.assert_array_equal(np.concatenate((x, x_held_out)), data.x_train)
    np.testing.assert_array_equal(np.concatenate((y, y_held_out)), data.y_train)


def test_of_mnist_the_last_ten_thousand_are_held_out():
    empty = np.zeros((60_000, 28, 28), np.uint8)
    (x, _), (x_held_out, _) = mnist.split_held_out(mnist.Mnist(empty, empty[:, 0, 0], empty[:1], empty[:1, 0, 0]))
    assert (len(x), len(x_held_out)) == (50_000, 10_000)


def test_another_data_set_is_not_mnist():
    assert not mnist.is_mnist(fake_mnist())
