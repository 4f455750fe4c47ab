"""A network that somebody brings, added and removed in the window: what is asked, what is told, and what is left."""

import shutil
import sys
import zipfile

import pytest

import zoo
from gui.adding.adding import Adding, free_name
from gui.compare.page import NO_LAYERS
from gui.worker.link import WorkerLink
from tests.gui_support import UPRIGHT, WIDE, Hand
from tests.waiting import is_running, until
from zoo._support.processes import install_command
from zoo.artifacts import publish

FAKE = """
import json, pathlib, sys, time

if __name__ == "__main__":
    command, path, *options = sys.argv[1:]
    wishes = dict(option.removeprefix("--").split("=", 1) for option in options if "=" in option)
    print("a library says something", flush=True)
    if "refused" in path:
        sys.exit("Expected ten outputs, found eleven: train it with ten.")
    if "slow" in path:
        time.sleep(3600)
    from tests.test_gui_adding import bring
    card = bring(pathlib.Path(path), wishes["root"], wishes["name"], wishes["title"])
    print(json.dumps({"card": card.metadata, "path": str(card.path), "found": wishes}, indent=2))
"""
"""What stands for ``python -m zoo``: it says what that would."""


def bring(path, root, name, title):
    """Publish a model as one that was added; it is a copy of a model in the folder."""
    base = zoo.list_models(root)[0]
    said = {
        "title": title,
        "added": {"file": path.name, "kind": "tflite", "sha256": ""},
        "adapter": {"shape": [28, 28], "factor": 1 / 255, "offset": 0.0, "inverted": True, "output": "logits"},
        "metrics": {"generated_test": {"correct": 482, "total": 500}},
    }
    written = ("format_version", "name", "version", "files", "checksum")
    metadata = {key: value for key, value in base.metadata.items() if key not in written}
    write = lambda folder: shutil.copy(base.path / "weights.npz", folder)  # noqa: E731
    return publish(root, name, metadata | said, write, lambda _folder: None)


@pytest.fixture
def hand(display, quick_workers, scratch_models, tmp_path, monkeypatch):
    """A window on one model, in which a command adds that only says what the real one would."""
    from gui.app import App

    (tmp_path / "fake_zoo.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    root = tmp_path / "models"
    shutil.copytree(scratch_models / "scratch_small_mlp", root / "scratch_small_mlp")
    app = App(zoo.list_models(root), WorkerLink(["scratch_small_mlp"], root), root=root)
    errors = []
    app.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
    app.own_models.adding = Adding(lambda: app.comparing.models.cards, root, "fake_zoo")
    hand = Hand(app).ready()
    yield hand
    hand.close()
    assert errors == []


def open_dialog(hand, path):
    """Open the dialog by the menu and choose a file; return it."""
    assert hand.choose("Models", "Add a model…")
    hand.chosen = path
    dialog = hand.app.own_models.dialog
    dialog.file_button.invoke()
    hand.app.update()
    return dialog


def type_into(entry, text):
    entry.delete(0, "end")
    entry.insert(0, text)


def test_a_model_is_added_seen_and_removed(hand, tmp_path):
    hand.draw(UPRIGHT)
    dialog = open_dialog(hand, tmp_path / "My LeNet-5.tflite")
    assert [entry.get() for entry in dialog.entries.values()] == ["My LeNet-5", "my_lenet_5"]
    type_into(dialog.entries["name"], "scratch_small_mlp")
    assert str(dialog.add_button.cget("state")) == "disabled"
    assert dialog.message == "There is a model scratch_small_mlp already: choose another name."
    type_into(dialog.entries["name"], "lenet_5")
    dialog.add_button.invoke()
    hand.draw(WIDE)  # the window goes on drawing meanwhile
    hand.until(lambda: hand.app.own_models.dialog is None)
    assert hand.app.status.text == "Added: pixels 0 to 1, dark ink on white, 96.40 % of synthetic digits right."
    assert hand.app.comparing.session.focus == "lenet_5"
    hand.until(lambda: "lenet_5" in hand.app.comparing.session.answers)
    hand.settle()
    assert set(hand.rows) == {"scratch_small_mlp", "lenet_5"}
    assert hand.app.compare.comparison.list.tip_of("lenet_5") == "added from My LeNet-5.tflite"
    assert "My LeNet-5" in hand.app.compare.focus_panel.dropdown.cget("values")
    assert len(hand.app.comparing.session.drawing.strokes) == 2

    hand.agrees = False
    assert hand.choose("Models", "Remove this model…")
    assert hand.questions[-1].startswith("Remove “My LeNet-5”?")
    assert "lenet_5" in hand.rows
    hand.agrees = True
    hand.choose("Models", "Remove this model…")
    assert hand.app.status.text == "“My LeNet-5” is removed."
    assert list(hand.rows) == ["scratch_small_mlp"]
    assert hand.app.compare.focus_panel.dropdown.cget("values") == (hand.rows["scratch_small_mlp"].title,)
    assert not (hand.app.comparing.models.cards["scratch_small_mlp"].path.parents[1] / "lenet_5").exists()
    assert not hand.choose("Models", "Remove this model…")  # what was built stays
    hand.draw(UPRIGHT)
    hand.settle()
    assert list(hand.app.comparing.session.answers) == ["scratch_small_mlp"]


def test_what_cannot_be_added_says_why_and_another_try_is_possible(hand, tmp_path):
    dialog = open_dialog(hand, tmp_path / "refused.tflite")
    dialog.add_button.invoke()
    hand.until(lambda: dialog.message == "Found eleven instead of ten outputs: train it with ten.")
    assert not dialog.copy_button.winfo_manager()
    hand.chosen = tmp_path / "good.tflite"
    dialog.file_button.invoke()
    dialog.add_button.invoke()
    hand.until(lambda: "good" in hand.rows)


@pytest.fixture
def tflite(tmp_path):
    """A file of one graph without names, as converters write it: that of a shipped model, cut down."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    shipped = zoo.artifacts.find("softmax") / "model.tflite"
    model = schema.ModelT.InitFromPackedBuf(bytearray(shipped.read_bytes()))
    model.signatureDefs = []
    model.subgraphs = model.subgraphs[:1]
    model.subgraphs[0].outputs = model.subgraphs[0].outputs[:1]
    builder = flatbuffers.Builder(2**20)
    builder.Finish(model.Pack(builder), b"TFL3")
    path = tmp_path / "course.tflite"
    path.write_bytes(builder.Output())
    return path


@pytest.mark.slow
def test_without_tensorflow_a_tflite_is_added_and_what_needs_it_says_how_to_install_it(
    hand, tflite, no_tensorflow, tmp_path, monkeypatch
):
    monkeypatch.syspath_prepend(no_tensorflow["PYTHONPATH"])  # where the command looks, too
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    hand.app.own_models.adding = Adding(lambda: hand.app.comparing.models.cards, tmp_path / "models")
    with zipfile.ZipFile(tmp_path / "course.keras", "w") as keras_file:
        for name in ("config.json", "metadata.json"):
            keras_file.writestr(name, "{}")
    dialog = open_dialog(hand, tmp_path / "course.keras")
    dialog.add_button.invoke()
    hand.until(lambda: "needs TensorFlow, which is not installed" in dialog.message)
    dialog.copy_button.invoke()
    assert hand.app.clipboard_get() == install_command()
    hand.chosen = tflite
    dialog.file_button.invoke()
    assert not dialog.copy_button.winfo_manager()
    dialog.add_button.invoke()
    hand.until(lambda: "course" in hand.rows or dialog.message.startswith("Expected"))
    assert hand.app.status.text.startswith("Added: pixels 0 to 255, white ink on black, ")
    assert list(hand.app.collect.tuning.dropdown.cget("values")) == [hand.rows["scratch_small_mlp"].title]
    hand.draw(UPRIGHT)
    hand.until(lambda: "course" in hand.app.comparing.session.answers)
    hand.app.compare.show_answers("layers")
    hand.until(lambda: hand.app.compare.layers.message == NO_LAYERS)


def test_a_cancel_adds_nothing_and_the_dialog_stays(hand, tmp_path):
    dialog = open_dialog(hand, tmp_path / "slow.tflite")
    dialog.add_button.invoke()
    assert dialog.message.startswith("Reading the network")
    dialog.cancel_button.invoke()
    hand.until(lambda: dialog.message == "Cancelled: nothing was added.")
    assert str(dialog.add_button.cget("state")) == "normal"
    dialog.cancel_button.invoke()
    assert hand.app.own_models.dialog is None


def test_another_theme_leaves_what_goes_on(hand, tmp_path):
    dialog = open_dialog(hand, tmp_path / "slow.tflite")
    dialog.add_button.invoke()
    hand.app.set_theme("dark")
    hand.app.update()
    dialog = hand.app.own_models.dialog
    assert dialog.entries["name"].get() == "slow"
    assert hand.app.own_models.adding.is_running
    assert str(dialog.add_button.cget("state")) == "disabled"


def test_a_window_that_is_closed_ends_the_adding(hand, tmp_path):
    open_dialog(hand, tmp_path / "slow.tflite").add_button.invoke()
    program = hand.app.own_models.adding.program
    hand.close()
    until(lambda: not is_running(program.pid))
    assert [card.name for card in zoo.list_models(tmp_path / "models")] == ["scratch_small_mlp"]


def test_what_is_dropped_is_a_model_or_a_picture(hand, tmp_path):
    folder = tmp_path / "Réseau" / "3"
    folder.mkdir(parents=True)
    hand.app.drop([folder])
    dialog = hand.app.own_models.dialog
    assert [entry.get() for entry in dialog.entries.values()] == ["Réseau", "reseau"]
    hand.app.drop([tmp_path / "digit.png"])
    hand.until(lambda: hand.sentences and "digit.png" in hand.sentences[-1])  # there is none


@pytest.mark.parametrize(
    ("text", "name"), [("LeNet (5)", "lenet_5"), ("taken", "taken_2"), ("数字", "my_model"), ("9 layers", "9_layers")]
)
def test_a_name_is_proposed_that_is_free_and_can_be_used(text, name):
    assert free_name(text, ["taken"]) == name
