"""The page that shows the data: its figures are the data's, and it is written over nothing of a user's."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoo.cli import main
from zoo.errors import DataError
from zoo.report import digit_sets
from zoo.report import explore as explore_page
from zoo.report.digit_sets import Digits, load_digits
from zoo.report.explore import explore
from zoo.synthetic.digits import synthetic_digits

COUNT = 60  # synthetic digits, few as nobody looks at them here


@pytest.fixture(scope="module")
def folder(made_up_mnist, tmp_path_factory):
    """A page about the made-up MNIST and some synthetic digits."""
    folder = tmp_path_factory.mktemp("pages") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zoo.report.explore_plots.DPI", 60)  # small pictures are drawn sooner
        assert explore(str(made_up_mnist), folder, COUNT) == folder / "README.md"
        yield folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(folder):
    with (folder / "classes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_the_counts_and_the_ink_of_the_data(folder, made_up_mnist):
    generated, labels = synthetic_digits(COUNT, digit_sets.SEED)
    with np.load(made_up_mnist) as data:
        expected = {
            ("Your images", "train"): (data["x_train"], data["y_train"]),
            ("Your images", "test"): (data["x_test"], data["y_test"]),
            ("Synthetic digits", "generated"): (generated, labels),
        }
    found = rows(folder)
    assert [(row["set"], row["part"], row["digit"]) for row in found] == [
        (*key, str(digit)) for key in expected for digit in range(10)
    ]
    for row in found:
        images, labels = expected[row["set"], row["part"]]
        own = images[labels == int(row["digit"])]
        assert int(row["images"]) == len(own)
        if row["part"] == "test":  # only counted
            assert row["ink_mean"] == row["most_like_own_mean"] == ""
        else:
            assert float(row["ink_mean"]) == pytest.approx(own.mean(), abs=0.001)
            assert float(row["ink_50"]) == pytest.approx(np.median(own.mean(axis=(1, 2))), abs=0.001)
    easy = [row for row in found if row["part"] == "train"]
    assert all(row["most_like_own_mean"] == row["images"] == "60" for row in easy)


def test_figures_of_the_classes():
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (40, 28, 28), dtype=np.uint8)
    labels = np.arange(40, dtype=np.uint8) % 8  # no 8 and no 9
    images[3] = 255 - images[11:36:8].mean(axis=0).astype(np.uint8)  # the opposite of the other 3s
    digits = Digits("Your images", "your images", images, labels, {"all": np.bincount(labels, minlength=10)})
    for digit in range(8):
        assert np.allclose(digits.means[digit], images[labels == digit].mean(axis=0))
        assert np.allclose(digits.deviations[digit], images[labels == digit].std(axis=0))
    assert np.isnan(digits.means[8:]).all()
    expected = np.corrcoef(images[17].ravel(), digits.means[5].ravel())[0, 1]
    assert digits.likeness[17, 5] == pytest.approx(expected)
    assert digits.confusion.sum(axis=1).tolist() == [5] * 8 + [0] * 2
    assert np.array_equal(digits.unusual_images(2)[3][0], images[3])
    assert np.array_equal(digits.typical_images(5)[3][-1], images[3])
    assert [len(chosen) for chosen in digits.samples(4)] == [4] * 8 + [0] * 2
    assert len({image.tobytes() for image in digits.samples(5)[2]} & {image.tobytes() for image in images[2::8]}) == 5


def test_the_page_links_to_pictures_that_are_there(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^:)]*)\)", text)
    assert {*linked, "README.md", "manifest.json"} == set(contents(folder))
    assert "600 images to train on and 100 to test on" in text
    assert "CC BY-SA" not in text  # it is not MNIST
    assert str(folder) not in text
    for name in linked:
        if name.endswith(".png"):
            with Image.open(folder / name) as picture:
                assert picture.width == 540
                assert picture.info.keys() <= {"dpi"}
                assert len(picture.convert("L").getcolors()) > 10  # not blank
    assert sum(map(len, contents(folder).values())) < 1_500_000


def test_mnist_is_credited_below_each_picture_of_it(made_up_mnist, monkeypatch):
    monkeypatch.setattr(digit_sets, "is_mnist", lambda mnist: True)
    text = explore_page.page(load_digits(str(made_up_mnist), COUNT))
    for name in ("samples", "means", "unusual"):
        assert re.search(rf"\({name}\.png\)\n\n.*LeCun.*Cortes.*Burges.*CC BY-SA 3\.0", text)


@pytest.mark.slow
def test_the_same_data_give_the_same_bytes_and_a_former_page_is_replaced(folder, made_up_mnist):
    before = contents(folder)
    notes = folder / "notes.txt"
    notes.write_text("mine")
    stale = folder / "former.png"
    stale.write_bytes(b"")
    manifest = folder / "manifest.json"
    manifest.write_bytes(before["manifest.json"].replace(b'"alike.png"', b'"alike.png", "former.png"'))
    explore(str(made_up_mnist), folder, COUNT)
    assert notes.read_text() == "mine"
    notes.unlink()
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("name", ["README.md", "thesis.txt"])
def test_what_is_a_users_stays(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(explore_page, "load_digits", None)  # refused before any work
    (tmp_path / name).write_text("# Mine\n")
    assert main(["explore", "--data", "handwriting", "--output", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "--output" in err
    assert contents(tmp_path) == {name: b"# Mine\n"}


@pytest.mark.slow
def test_without_mnist_the_generated_digits_are_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DIGIT_ZOO_MNIST", str(tmp_path / "none.npz"))
    monkeypatch.setattr(digit_sets, "synthetic_digits", lambda count, seed: synthetic_digits(COUNT, seed))
    assert main(["explore", "--output", str(tmp_path / "data")]) == 0
    out, err = capsys.readouterr()
    assert Path(out.strip()) == tmp_path / "data" / "README.md"
    assert err.startswith("MNIST is left out. ")
    text = (tmp_path / "data" / "README.md").read_text(encoding="utf-8")
    assert "MNIST is missing here" in text
    assert "none.npz" not in text  # nobody else has that path
    assert {row["set"] for row in rows(tmp_path / "data")} == {"Synthetic digits"}


@pytest.mark.slow
def test_other_labelled_images(tmp_path, images):
    np.savez(tmp_path / "few.npz", images=images.astype(np.float32), labels=np.array([1, 1, 1, 4, 4, 4, 4]))
    explore(str(tmp_path / "few.npz"), tmp_path / "data", COUNT)
    counts = {row["digit"]: int(row["images"]) for row in rows(tmp_path / "data") if row["set"] == "Your images"}
    assert counts == {str(digit): {1: 3, 4: 4}.get(digit, 0) for digit in range(10)}
    with pytest.raises(DataError, match="found nothing"):
        explore(str(tmp_path / "none.npz"), tmp_path / "other", COUNT)
    assert not (tmp_path / "other").exists()


def test_on_a_terminal_no_line_is_left_before_an_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["explore", "--data", str(tmp_path / "none.npz"), "--output", str(tmp_path / "data")]) == 1
    lines = capsys.readouterr().err.split("\r\033[K")
    assert lines[0].endswith("loading the images ...")
    assert "found nothing" in lines[-1].split("\r")[-1]
    assert len(lines) == 2


@pytest.mark.parametrize("data", ["synthetic", "handwriting"])  # the second is the old word
def test_synthetic_digits_alone_need_no_file(data):
    [digits] = load_digits(data, 20)
    images, labels = synthetic_digits(20, digit_sets.SEED)
    assert np.array_equal(digits.images, images)
    assert np.array_equal(digits.labels, labels)
