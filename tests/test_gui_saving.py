import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.drawing.ink import render
from gui.system import saving
from gui.worker.tasks import TASKS
from tests.gui_support import FakeModel
from zoo import Card
from zoo.ensemble import NOT_ONE_DIGIT

pytestmark = pytest.mark.usefixtures("no_collection")
IMAGE = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
STROKES = [[(0.2, 0.1), (0.25, 0.1234567)], [(0.5, 0.5)]]


def reading(name, digit, confidence, milliseconds=0.5, not_digits=0):
    probabilities = [(1 - confidence) / 9] * 10
    probabilities[digit] = confidence
    metadata = {"recipe": {"not_digits": not_digits}}
    card = Card(name, 2, Path(name), f"The {name}, (1-2)", metadata=metadata)
    return saving.Reading(card, probabilities, milliseconds)


@pytest.fixture
def readings():
    return [reading("a", 7, 0.9), reading("b", 1, 0.55, 1.2345), reading("c", 7, 0.4)]


def opened(content):
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        image.load()
        return image


def test_pictures_are_png_and_the_image_is_what_the_models_receive():
    assert opened(saving.png(render(STROKES, 100))).size == (100, 100)
    image = opened(saving.png(IMAGE))
    assert (image.mode, image.size) == ("L", (28, 28))
    np.testing.assert_array_equal(np.asarray(image), IMAGE)


def test_csv_has_a_row_a_model_and_the_vote_last(readings):
    first, second, _, vote = csv.DictReader(io.StringIO(saving.answers_csv(readings)))
    assert (first["model"], first["title"], first["version"], first["digit"]) == ("a", "The a, (1-2)", "2", "7")
    assert (float(first["confidence"]), float(first["p7"])) == (0.9, 0.9)
    assert sum(float(second[f"p{digit}"]) for digit in range(10)) == pytest.approx(1, abs=1e-5)
    assert second["milliseconds"] == "1.234"
    assert (vote["model"], vote["title"], vote["version"], vote["digit"]) == ("vote", "Vote of 3 models", "", "7")
    assert float(vote["p1"]) == pytest.approx((0.1 / 9 + 0.55 + 0.6 / 9) / 3, rel=1e-5)
    assert vote["confidence"] == vote["p7"]
    assert saving.answers_table(readings).replace("\t", ";").splitlines()[1].startswith("a;The a, (1-2);2;7;0.9;")


def test_one_model_is_no_vote(readings):
    assert len(saving.answers_csv(readings[:1]).splitlines()) == 2
    assert "vote" not in json.loads(saving.answers_json(readings[:1], IMAGE))


def test_json_holds_all_that_is_on_the_board(readings):
    document = json.loads(saving.answers_json(readings, IMAGE, STROKES))
    made = datetime.fromisoformat(document["made"])
    assert made.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60
    assert document["library"] == {"name": "digit-zoo", "version": "1.0.0"}
    np.testing.assert_array_equal(np.array(document["image"]), IMAGE)
    assert document["strokes"] == [[[0.2, 0.1], [0.25, 0.12346]], [[0.5, 0.5]]]
    assert [model["model"] for model in document["models"]] == ["a", "b", "c"]
    assert document["models"][1]["digit"] == 1
    assert document["models"][1]["probabilities"][1] == document["models"][1]["confidence"] == 0.55
    assert document["vote"]["digit"] == 7
    assert document["vote"]["summary"] == "2 of 3 say 7 · 1 says 1"
    assert document["vote"]["counts"] == [0, 1, 0, 0, 0, 0, 0, 2, 0, 0]


def test_the_vote_that_is_saved_doubts_as_the_models_that_learned_to():
    answers = [reading("a", 7, 1.0), reading("b", 7, 1.0), reading("c", 7, 0.2, not_digits=10)]
    vote = json.loads(saving.answers_json(answers, IMAGE))["vote"]
    assert vote["digit"] == 7
    assert vote["is_doubtful"]
    assert vote["verdict"] == NOT_ONE_DIGIT


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 16])
def test_the_comparison_is_a_picture_that_is_large_enough_to_read(count):
    models = {f"says_{number % 3} {number}": FakeModel(f"says_{number % 3}") for number in range(count)}
    steps = TASKS["chart"](models, image=IMAGE, names=[*models, "gone"])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            content = end.value.png
            break
    picture = opened(content)
    assert min(picture.size) >= 400
    assert picture.width >= 450 * (1 + min(count, 4))


# ---- To the disk


def test_nothing_is_overwritten_unasked(tmp_path):
    path = tmp_path / "answers.csv"
    saving.write(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    with pytest.raises(FileExistsError) as caught:
        saving.write(path, b"new")
    assert saving.reason_in_words(caught.value, path) == f"{path} exists already: choose another name."
    assert path.read_bytes() == "é\n".encode()
    saving.write(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch, is_there):
    path = tmp_path / "digit.png"
    if is_there:
        path.write_bytes(b"old")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left") as caught:
        saving.write(path, b"new", overwrite=is_there)
    assert "could not be written (No space left on device)" in saving.reason_in_words(caught.value, path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"] * is_there


def test_a_missing_folder_is_explained(tmp_path):
    path = tmp_path / "nowhere" / "digit.png"
    with pytest.raises(FileNotFoundError) as caught:
        saving.write(path, b"new")
    assert saving.reason_in_words(caught.value, path).startswith(
        f"{path} could not be written (No such file or directory): "
    )
