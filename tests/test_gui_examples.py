import re
from collections import Counter

import numpy as np
import pytest

import zoo
from gui.compare import examples
from gui.compare.examples import Examples
from gui.worker import labelled
from gui.worker.encoding import from_json, to_json
from gui.worker.messages import Answer, Progress, Refused
from gui.worker.tasks import TASKS
from tests.gui_support import FakeModel
from zoo.data.mnist import VARIABLE, load_mnist
from zoo.data.typical import typical_images
from zoo.synthetic.digits import SHEET_MARGIN, draw_digit_on_sheet

pytestmark = pytest.mark.usefixtures("no_collection")


def done(task, models=None, **arguments):
    """Carry out a task, and return its result as it travels, and its progress."""
    steps, progress = TASKS[task](models or {}, **arguments), []
    while True:
        try:
            progress.append(next(steps))
        except StopIteration as end:
            return from_json(to_json(end.value)), [share for share in progress if share is not None]


@pytest.fixture
def mnist(made_up_mnist, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(made_up_mnist))
    return load_mnist()


@pytest.fixture
def no_mnist(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


# ---- zoo.data.typical


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_fills_the_sheet_but_for_the_margin(digit):
    points = np.concatenate(draw_digit_on_sheet(digit, np.random.default_rng(digit)))
    low, high = points.min(axis=0), points.max(axis=0)
    np.testing.assert_allclose((high - low).max(), 1 - 2 * SHEET_MARGIN, atol=2e-5)
    np.testing.assert_allclose((low + high) / 2, 0.5, atol=2e-5)


def test_the_typical_images_are_one_of_each_kind_and_the_commonest_first():
    random = np.random.default_rng(0)
    kinds = random.integers(0, 200, (3, 28, 28))
    images = np.concatenate(
        [kind + random.integers(0, 40, (count, 28, 28)) for kind, count in zip(kinds, (9, 30, 15), strict=True)]
    )
    images = images.astype(np.uint8)
    chosen = typical_images(images, 3)
    assert sorted((0, 1, 2)[np.searchsorted((9, 39), place, "right")] for place in chosen) == [0, 1, 2]
    assert 9 <= chosen[0] < 39
    assert len(set(typical_images(images[:4], 6).tolist())) == 4


# ---- The tasks


def same(some, others):
    """Return whether two messages, or lists of such, say the same; they may hold arrays."""
    return to_json(some) == to_json(others)


def test_a_synthetic_example_of_a_number_is_always_the_same(no_mnist):
    whole = done("examples", source="generated", count=30)[0].examples
    assert [example.number for example in whole] == list(range(1, 31))
    assert same(whole[3:6], done("examples", source="generated", count=3, start=4)[0].examples)
    sevens = [example for example in whole if example.label == 7]
    assert same(sevens, done("examples", source="generated", digit=7, count=len(sevens))[0].examples)


def test_examples_of_mnist_are_test_images_each_once(mnist):
    found = done("examples", source="mnist", digit=3, count=8)[0].examples
    found += done("examples", source="mnist", digit=3, count=8, start=found[-1].number + 1)[0].examples
    assert [example.number for example in found] == [number for number in range(100) if number % 10 == 3]
    for example in found:
        np.testing.assert_array_equal(example.image, mnist.x_test[example.number])


def test_without_mnist_its_examples_are_refused_with_what_to_do(no_mnist):
    with pytest.raises(zoo.DataError, match=VARIABLE):
        done("examples", source="mnist")


def test_mnist_is_read_once(made_up_mnist, tmp_path, monkeypatch):
    path = tmp_path / "mnist.npz"
    path.write_bytes(made_up_mnist.read_bytes())
    monkeypatch.setenv(VARIABLE, str(path))
    done("examples", source="mnist")
    path.unlink()
    assert done("typical", digit=4)[0].mnist


def test_typical_images_are_training_images_and_synthetic_ones_of_the_digit(mnist):
    result = done("typical", digit=4)[0]
    fours = {image.tobytes() for image in mnist.x_train[mnist.y_train == 4]}
    assert len(result.synthetic) == len({image.tobytes() for image in result.mnist}) == 6
    assert all(image.tobytes() in fours for image in result.mnist)
    assert same(done("typical", digit=4)[0], result)


def test_without_mnist_the_typical_images_are_synthetic(no_mnist):
    result = done("typical", digit=5)[0]
    assert (len(result.synthetic), result.mnist) == (6, [])


def test_disagreements_are_those_that_the_models_differ_on_most(no_mnist, monkeypatch):
    monkeypatch.setattr(labelled, "SYNTHETIC", 60)
    monkeypatch.setattr(labelled, "_DRAWN", [])
    models = {name: FakeModel(name) for name in ("says_0", "reads", "says_0 again: 0", "says_9", "unasked")}
    result, progress = done("disagreements", models, source="generated", names=[*models][:4], count=5)
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(1)
    assert result.total == result.count == 60
    assert len(result.examples) == 5
    # "reads" says 1 of what is narrow and 0 of the rest, so to something narrow there are three different answers.
    assert result.examples[0].says == {"says_0": 0, "reads": 1, "says_0 again: 0": 0, "says_9": 9}
    narrow = [example.says["reads"] for example in result.examples]
    assert narrow == sorted(narrow, reverse=True)
    assert narrow[-1] == 0
    narrow = zoo.image_from_strokes(result.examples[0].strokes)
    assert narrow.any(axis=0).sum() < 8
    models["says_0"].predict = None  # what is known is not asked again
    assert same(done("disagreements", models, source="generated", names=[*models][:4], count=5)[0], result)


def test_disagreements_on_mnist_are_test_images(mnist):
    models = {name: FakeModel(name) for name in ("says_3", "says_4")}
    result, _ = done("disagreements", models, source="mnist", names=[*models], count=7)
    assert len(result.examples) == 7
    assert result.count == result.total == 100
    for example in result.examples:
        np.testing.assert_array_equal(example.image, mnist.x_test[example.number])
        assert example.label == example.number % 10


# ---- The row


class FakeLink:
    """Answers at once when it is asked to, by the tasks themselves."""

    def __init__(self, models=None):
        self.models = models or {}
        self.asked = []
        self.cancelled = []

    def request(self, task, **arguments):
        self.asked.append((task, arguments))
        return len(self.asked)

    def cancel(self, task):
        self.cancelled.append(task)

    def answer(self, row):
        number, (task, arguments) = len(self.asked), self.asked[-1]
        assert row.receive(Progress(number, task, 0.25))
        try:
            message = Answer(number, task, done(task, self.models, **arguments)[0])
        except zoo.ZooError as error:
            message = Refused(number, task, str(error))
        assert row.receive(message)
        assert not row.receive(message)


@pytest.fixture
def row():
    link, loaded = FakeLink({name: FakeModel(name) for name in ("says_3", "says_4")}), []
    row = Examples(link, lambda: list(link.models), loaded.append)
    row.link, row.loaded = link, loaded
    return row


def test_next_loads_a_generated_digit_and_the_way_back_is_the_way_there(row, no_mnist):
    row.next()
    assert row.title == "Looking for examples…"
    assert row.current is None
    row.link.answer(row)
    for _ in range(30):
        row.next()
        if row.link.asked[-1][1]["start"] == len(row._row) + 1:
            row.link.answer(row)
    assert row.index == 30
    there = list(row.loaded)
    for _ in range(40):
        row.previous()
    assert row.index == 0
    assert row.loaded == there + there[-2::-1]
    assert all(example.strokes for example in there)
    assert len({example.title for example in there}) == 31
    assert there[3].title == f"Synthetic 4 ({'an' if there[3].label == 8 else 'a'} {there[3].label})"


def test_next_while_one_waits_for_an_example_leaves_the_row_as_it_is(row, no_mnist):
    row.choose("generated", 5000)
    row.next()
    assert [arguments["start"] for _, arguments in row.link.asked] == [5000]
    row.link.answer(row)
    assert row.title.startswith("Synthetic 5,0")


def test_more_examples_are_fetched_before_they_are_needed(row, no_mnist):
    row.choose("generated")
    row.link.answer(row)
    for _ in range(examples.COUNT - examples.AHEAD - 1):
        row.next()
    assert len(row.link.asked) == 2
    row.next()
    assert len(row.link.asked) == 2
    row.link.answer(row)
    assert len(row._row) == 2 * examples.COUNT


def test_test_images_of_one_digit_end(row, mnist):
    row.choose("mnist")
    row.link.answer(row)
    row.choose_digit(8)
    row.link.answer(row)
    for _ in range(12):
        row.next()
    assert Counter(example.label for example in row.loaded[1:]) == {8: 10}
    assert row.index == 9
    assert row.title == row.loaded[-1].title
    assert row.title.startswith("MNIST test image ")
    assert row.title.endswith(" (an 8)")
    assert row.current.image.shape == (28, 28)


def test_what_splits_the_models_tells_who_says_what(row, mnist):
    row.choose("split mnist")
    assert row.link.asked[-1][1]["names"] == ["says_3", "says_4"]
    assert row.title == "Asking the models… 0 %"
    row.link.answer(row)
    assert row.title.startswith("1 of 40 · MNIST test image ")
    assert row.title.startswith("1 of ")
    assert row.current.says == {"says_3": 3, "says_4": 4}


def test_another_source_begins_anew_and_late_answers_are_dropped(row, no_mnist):
    row.choose("generated")
    row.choose("split mnist")
    assert row.link.cancelled == ["examples"]
    assert not row.receive(Progress(1, "examples", 0.5))
    row.link.answer(row)
    assert VARIABLE in row.title
    assert row.loaded == []
    row.choose("generated")
    assert row.title == "Looking for examples…"
    row.link.answer(row)
    assert len(row.loaded) == 1


def test_models_that_agree_are_split_by_nothing(row, mnist):
    row.link.models = {name: FakeModel(name) for name in ("says_3", "says_3 too: 3")}
    row.choose("split mnist")
    row.link.answer(row)
    assert row.title == "The models agree on all of them."
    row.next()
    assert row.title == "The models agree on all of them."


def test_an_example_is_chosen_by_its_number(row, no_mnist):
    row.go_to(17)
    row.link.answer(row)
    first = row.title
    assert re.fullmatch(r"Synthetic 17 \(an? \d\)", first)
    row.choose("generated")
    row.link.answer(row)
    row.go_to(17)
    row.link.answer(row)
    assert row.title == first
    assert row.label == row.current.label
    row.leave()
    assert row.label is None


def test_a_search_is_stopped_and_begun_again(row, mnist):
    row.choose("split mnist")
    assert row.is_searching
    row.stop()
    assert row.link.cancelled == ["disagreements"]
    assert (row.is_searching, row.title) == (False, "")
    row.next()
    row.link.answer(row)
    assert row.title.startswith("1 of 40")


def test_disagreements_of_the_same_weights_are_kept_on_disk(scratch_models, no_mnist, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_ZOO_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(labelled, "SYNTHETIC", 40)
    monkeypatch.setattr(labelled, "_DRAWN", [])
    models = {card.name: zoo.load(card.name, root=scratch_models) for card in zoo.list_models(scratch_models)}
    found = done("disagreements", models, source="generated", names=[*models])[0]
    monkeypatch.setattr(labelled, "_evaluate", None)  # nobody is asked
    assert same(done("disagreements", models, source="generated", names=[*models])[0], found)
    for file in tmp_path.rglob("*.json"):
        file.write_text("torn")
    with pytest.raises(TypeError):
        done(
            "disagreements",
            {name: zoo.load(name, root=scratch_models) for name in models},
            source="generated",
            names=[*models],
        )
