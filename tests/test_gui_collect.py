"""The page on which digits are collected and a model is tuned on them, driven as a person drives it."""

import sqlite3

import numpy as np
import pytest
import ttkbootstrap as ttk

from gui.appearance import apply
from gui.collect.callbacks import Callbacks
from gui.collect.page import CollectPage
from gui.collect.state import Collecting
from gui.collect.tuning_panel import in_words
from gui.program import State
from gui.widgets.menu_bar import MenuBar
from tests.gui_support import LateLink, draw, let_pass, press_key
from tests.waiting import is_running, until
from zoo.data.collection import Collection
from zoo.data.drawing_files import load_drawings, write_drawings
from zoo.data.drawings import Drawings
from zoo.finetuning import Result

pytestmark = pytest.mark.usefixtures("display")

STROKE = [(0.3, 0.2), (0.5, 0.5), (0.6, 0.8)]
FAKE = """
import json, sys, time

def say(**message):
    print(json.dumps(message), flush=True)

if __name__ == "__main__":
    from zoo.data.drawing_files import load_drawings
    name, *arguments = sys.argv[1:]
    total = len(load_drawings(arguments[arguments.index("--strokes") + 1]).labels)
    say(kind="progress", done=0.5, phase="tuning", loss=0.25, accuracy=0.9)
    if name == "stays":
        time.sleep(3600)
    if name == "fails":
        say(kind="error", error="The artifact is damaged: build it again.")
        sys.exit(1)
    is_worse = name == "worse"
    generated = {"correct": 9, "total": 10}
    say(
        kind="result",
        name=None if is_worse else name + "_tuned",
        version=None if is_worse else 1,
        path=None,
        before={
            "own": {"correct": 3, "total": total},
            "generated": generated,
            "mnist": {"correct": 2809, "total": 2850},
        },
        after={
            "own": {"correct": 1 if is_worse else 5, "total": total},
            "generated": generated,
            "mnist": {"correct": 2785, "total": 2850},
        },
    )
"""


class Window(ttk.App):
    """What the page expects of the window."""

    def __init__(self):
        super().__init__(title="Test", iconphoto=None)
        self.menu_bar = MenuBar(self, [])

    def begin(self, names, is_dark=False, scale=0):
        apply(self, is_dark, scale)
        self.geometry("860x500")
        self.titles = {name: name.title() for name in names}
        self.focus_name = next(iter(names), None)
        self.errors, self.tuned, self.questions, self.compared, self.copied = [], [], [], [], []
        self.install = {}
        self.chosen, self.answer = "", True

    def report_callback_exception(self, _type, error, _traceback):
        self.errors.append(error)

    def confirm(self, _title, question):
        self.questions.append(question)
        return self.answer

    def callbacks(self):
        return Callbacks(
            choose_open=lambda _title, _types: self.chosen,
            choose_save=lambda _title, _name, _types: self.chosen,
            confirm=self.confirm,
            show_notice=self.errors.append,
            show_error=self.errors.append,
            titles=lambda: self.titles,
            install=lambda name: self.install.get(name, ""),
            copy=self.copied.append,
            focus=lambda: self.focus_name,
            on_tuned=self.tuned.append,
            on_compare=self.compared.append,
        )


class Person:
    """Uses the page."""

    def __init__(self, window, path, module):
        self.window = window
        self.link = LateLink()
        self.collecting = Collecting(path, self.link, module=module)
        self.build()

    def build(self):
        self.page = CollectPage(self.window, self.collecting, self.window.callbacks())
        self.left, self.right = self.page.drawing_panel, self.page.collection
        self.page.pack(fill="both", expand=True)
        self.window.menu_bar.set_commands(self.page.commands())
        self.settle()

    def settle(self, milliseconds=50):
        let_pass(self.window, milliseconds)
        assert self.window.errors == []

    def until(self, condition):
        until(condition, lambda: (self.left.notice, self.page.tuning.text), self.look)
        assert self.window.errors == []

    def look(self):
        for message in self.link.task_messages():
            assert self.page.receive(message)
        self.window.update()

    def draw(self, points=STROKE):
        draw(self.page.pad, points)
        self.settle(10)

    def key(self, sequence, widget=None):
        press_key(self.window, sequence, widget or self.page.pad)
        self.settle(10)

    def click(self, number, **options):
        x, y = self.right.gallery.middle_of(number)
        self.right.gallery.canvas.event_generate("<Button-1>", x=x, y=y, **options)
        self.settle(10)

    def save(self, *digits):
        for digit in digits:
            self.draw()
            self.key(f"<Key-{digit}>")


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The name of a command that only says what ``builders.finetune`` would."""
    (tmp_path / "fake_finetune.py").write_text(FAKE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return "fake_finetune"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "drawings.sqlite3"


@pytest.fixture(scope="module")
def window(display):
    window = Window()
    yield window
    window.destroy()


@pytest.fixture
def open_page(window, path, module, quick_workers):
    person = None

    def open_page(path=path, names=("small_mlp", "stays", "fails", "worse"), **look):
        nonlocal person
        window.begin(names, **look)
        person = Person(window, path, module)
        return person

    yield open_page
    person.collecting.close()
    person.link.close()
    person.page.destroy()
    apply(window, is_dark=False, scale=1.0)  # Tk keeps a scale, and the palette its colours
    window.update_idletasks()
    assert window.errors == []


def fill(path, labels):
    drawings = [[np.array(STROKE) * (1 + place / 100)] for place in range(len(labels))]
    with Collection(path) as collection:
        collection.add_all(Drawings(drawings, np.array(labels), None))


# ---------------------------------------------------------------- drawing and saving


def test_enter_saves_what_is_asked_for_and_asks_for_another(open_page, path):
    person = open_page()
    page, collecting = person.page, person.collecting
    assert "Collect digits in your own hand" in page.collection.gallery.message
    asked = []
    for _ in range(10):
        digit = collecting.asked
        assert page.drawing_panel.asked == f"Draw {'an' if digit == 8 else 'a'} {digit}"
        asked.append(digit)
        assert page.pad.itemcget("hint", "text") == f"{page.drawing_panel.asked} here"
        person.draw()
        person.key("<Return>")
        assert collecting.drawing.strokes == []
    assert sorted(asked) == list(range(10))  # always one of those of which there are the fewest
    assert page.collection.counts.texts == ["10", *["1"] * 10]
    assert page.drawing_panel.notice == f"Saved {'an' if asked[-1] == 8 else 'a'} {asked[-1]} (1 so far)."
    with Collection(path) as collection:
        assert [drawing.label for drawing in collection.recent(20)] == asked[::-1]
        assert collection.recent(1)[0].strokes[0] == pytest.approx(np.array(STROKE), abs=0.01)


def test_a_digit_key_saves_under_that_label_and_what_is_asked_stays(open_page):
    person = open_page()
    other = (person.collecting.asked + 1) % 10
    asked = person.left.asked
    person.draw()
    person.key(f"<Key-{other}>")
    assert person.collecting.counts[other] == 1
    assert person.left.asked == asked


def test_the_button_saves_too_and_a_skip_asks_for_another(open_page):
    person = open_page()
    for skip in (
        person.left.skip_button.invoke,
        lambda: person.key("<Key-s>"),
        lambda: person.key("<Right>"),
    ):
        before = person.left.asked
        skip()
        assert person.left.asked != before
    digit = person.collecting.asked
    assert str(person.left.save_button.cget("state")) == "disabled"
    person.draw()
    person.left.save_button.invoke()
    assert person.collecting.counts[digit] == 1


def test_an_empty_or_too_small_pad_saves_nothing_and_says_so(open_page):
    person = open_page()
    person.key("<Return>")
    assert person.left.notice == "Nothing is drawn yet."
    person.draw([(0.5, 0.5), (0.505, 0.5)])
    person.key("<Key-3>")
    assert "too small" in person.left.notice
    assert person.collecting.total == 0
    assert person.collecting.drawing.strokes  # and nothing is lost


def test_strokes_are_undone_and_the_pad_is_cleared(open_page):
    person = open_page()
    person.draw()
    person.draw()
    person.key("<Control-z>")
    assert len(person.collecting.drawing.strokes) == 1
    person.key("<Control-y>")
    assert len(person.collecting.drawing.strokes) == 2
    person.left.undo_button.invoke()
    assert len(person.collecting.drawing.strokes) == 1
    person.left.redo_button.invoke()
    assert len(person.collecting.drawing.strokes) == 2
    person.key("<Delete>")
    assert person.collecting.drawing.strokes == []
    person.key("<Control-z>")
    person.key("<Return>")
    assert not person.left.undo_button.instate(["!disabled"])  # what is saved does not come back to the pad


def test_a_page_that_is_built_anew_has_everything(open_page):
    person = open_page()
    person.save(3, 3, 5)
    person.draw()
    person.page.show_digit(3)
    person.page.tabs.select(1)
    person.settle()
    asked, notice = person.left.asked, person.left.notice
    person.page.destroy()
    person.build()
    assert (person.left.asked, person.left.notice) == (asked, notice)
    assert person.page.tabs.index("current") == 1
    assert len(person.right.gallery.numbers) == 2
    assert len(person.page.pad.drawing.strokes) == 1


def test_keys_do_nothing_while_another_page_is_shown(open_page):
    person = open_page()
    person.draw()
    person.page.pack_forget()
    person.settle()
    person.key("<Return>", person.window)
    assert person.collecting.total == 0
    assert person.collecting.drawing.strokes


# ---------------------------------------------------------------- the collection


def test_undo_puts_a_saved_drawing_back_on_the_pad(open_page):
    person = open_page()
    person.save(4)
    person.key("<Key-u>")
    assert person.collecting.total == 0
    assert person.left.asked == "Draw a 4"
    assert person.collecting.drawing.arrays()[0] == pytest.approx(np.array(STROKE), abs=0.01)
    person.key("<Return>")
    assert person.collecting.counts[4] == 1


def test_the_drawings_of_a_digit_are_shown(open_page, path):
    fill(path, [1, 2, 2, 7])
    person = open_page()
    page = person.page
    assert page.collection.gallery.numbers == [4, 3, 2, 1]
    page.collection.counts.event_generate("<Button-1>", x=page.collection.counts.middle_of(2), y=20)
    person.settle()
    assert page.collection.gallery.numbers == [3, 2]
    person.key("<Right>", page.collection.counts)
    assert page.collection.gallery.numbers == []
    assert page.collection.gallery.message == "No 3 is drawn yet."
    person.key("<Home>", page.collection.counts)
    assert page.collection.gallery.numbers == [4, 3, 2, 1]


def test_a_drawing_is_removed_and_brought_back(open_page, path):
    fill(path, [1, 2, 2, 7])
    person = open_page()
    person.click(3)
    assert person.collecting.selected == {3}
    person.key("<Delete>", person.right.gallery.canvas)
    assert person.right.gallery.numbers == [4, 2, 1]
    assert person.left.notice == "The 2 is removed."
    assert person.window.questions == []
    person.right.undo_button.invoke()
    assert person.right.gallery.numbers == [4, 3, 2, 1]
    assert person.left.notice == "The 2 is back."
    assert person.collecting.drawing.strokes == []


def test_several_are_removed_after_a_question(open_page, path):
    fill(path, [1, 2, 2, 7, 8])
    person = open_page()
    canvas = person.right.gallery.canvas
    person.click(5)
    person.key("<Shift-Right>", canvas)
    assert person.collecting.selected == {5, 4}
    person.click(2, state=0x4)  # Control
    assert person.collecting.selected == {5, 4, 2}
    person.window.answer = False
    person.right.delete_button.invoke()
    assert person.collecting.total == 5
    person.window.answer = True
    person.right.delete_button.invoke()
    assert person.right.gallery.numbers == [3, 1]
    assert person.window.questions == ["Remove 3 drawings?"] * 2
    person.key("<Control-a>", canvas)
    assert person.collecting.selected == {3, 1}
    person.right.undo_button.invoke()
    assert person.collecting.total == 5


def test_the_arrow_keys_reach_every_drawing(open_page, path):
    fill(path, [digit % 10 for digit in range(60)])
    person = open_page()
    canvas = person.right.gallery.canvas
    person.key("<Right>", canvas)
    assert person.collecting.selected == {60}
    person.key("<Down>", canvas)
    person.key("<Left>", canvas)
    person.key("<End>", canvas)
    assert person.collecting.selected == {1}
    assert canvas.yview()[1] == 1.0  # it scrolled there
    canvas.event_generate("<Button-4>")
    person.settle()
    assert canvas.yview()[1] < 1.0


def test_what_another_window_draws_is_there_when_the_page_is_shown(open_page, path):
    person = open_page()
    fill(path, [6])
    person.page.pack_forget()
    person.settle()
    person.page.pack(fill="both", expand=True)
    person.until(lambda: person.right.counts.texts[7] == "1")


# ---------------------------------------------------------------- files


def test_only_one_file_is_read_or_written_at_a_time_also_by_the_menu(open_page, path, tmp_path):
    fill(path, [1, 2, 7])
    person = open_page()
    commands = {command.label: command for command in person.page.commands()}
    person.window.chosen = str(tmp_path / "theirs.npz")  # it is not there
    commands["Import drawings…"].run()
    person.window.chosen = str(tmp_path / "mine.npz")
    for label in ("Export drawings…", "Import drawings…"):
        commands[label].run()
        assert person.left.notice == ("Importing theirs.npz is not done yet: wait until it is, and try again.")
    person.until(lambda: not person.collecting.is_busy)
    assert "theirs.npz" in person.left.notice  # why it cannot be read is not lost
    assert person.left.notice.startswith("No .npz")
    assert not (tmp_path / "mine.npz").exists()
    commands["Export drawings…"].run()
    person.until(lambda: not person.collecting.is_busy)
    assert person.left.notice == "3 drawings exported to mine.npz."


@pytest.mark.parametrize("name", ["digits.npz", "digits.h5", "digits"])
def test_export(open_page, path, tmp_path, name):
    fill(path, [1, 2, 7])
    person = open_page()
    person.window.chosen = str(tmp_path / name)
    person.right.export_button.invoke()
    person.until(lambda: not person.collecting.is_busy)
    written = tmp_path / (name if "." in name else "digits.npz")
    assert person.left.notice == f"3 drawings exported to {written.name}."
    assert load_drawings(written).labels.tolist() == [1, 2, 7]
    assert person.window.questions == []


def test_a_completed_name_that_exists_is_asked_about(open_page, path, tmp_path):
    fill(path, [1])
    person = open_page()
    (tmp_path / "digits.npz").write_bytes(b"old")
    person.window.chosen, person.window.answer = str(tmp_path / "digits"), False
    person.right.export_button.invoke()
    person.settle()
    assert (tmp_path / "digits.npz").read_bytes() == b"old"
    assert person.window.questions == ["digits.npz exists. Replace it?"]


def test_an_export_that_fails_says_why(open_page, path, tmp_path):
    fill(path, [1])
    person = open_page()
    (tmp_path / "file").touch()
    person.window.chosen = str(tmp_path / "file" / "digits.npz")
    person.right.export_button.invoke()
    person.until(lambda: "cannot be written" in person.left.notice)


def test_import_says_how_many_were_new_and_can_be_undone(open_page, path, tmp_path):
    fill(path, [1])
    first = [np.array(STROKE, np.float32)]
    drawings = Drawings([first, [first[0] * 90], [first[0] * 80]], np.array([1, 5, 5], np.uint8), None)
    write_drawings(drawings, tmp_path / "theirs.npz")
    person = open_page()
    person.window.chosen = str(tmp_path / "theirs.npz")
    person.right.import_button.invoke()
    person.until(lambda: not person.collecting.is_busy)
    assert person.left.notice == "2 drawings imported from theirs.npz; 1 were here already."
    assert person.right.counts.texts[6] == "2"
    person.right.undo_button.invoke()
    assert person.left.notice == "Import undone: 2 drawings removed."
    assert person.collecting.total == 1
    assert person.collecting.drawing.strokes == []


def test_a_file_that_is_no_drawings_says_so(open_page, tmp_path):
    person = open_page()
    (tmp_path / "notes.txt").write_text("7")
    person.window.chosen = str(tmp_path / "notes.txt")
    person.right.import_button.invoke()
    person.until(lambda: "notes.txt" in person.left.notice)
    assert person.collecting.total == 0


def test_a_damaged_file_is_set_aside(open_page, path):
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    person = open_page()
    assert "could not be read" in person.page.banner.text
    assert [file.read_bytes() for file in path.parent.glob("*aside*")] == [b"no database" * 100]
    person.save(3)
    assert person.collecting.total == 1
    person.page.banner.button.invoke()
    person.settle()
    assert not person.page.banner.winfo_ismapped()


def test_where_nothing_can_be_kept_the_page_works_and_says_so(open_page, tmp_path, module):
    (tmp_path / "file").touch()
    person = open_page(tmp_path / "file" / "drawings.sqlite3")
    assert "cannot be kept" in person.page.banner.text
    assert "Export what you draw" in person.page.banner.text
    assert not person.page.banner.button.winfo_ismapped()  # it stays true
    person.window.geometry("860x420")
    person.settle(100)
    assert person.page.banner.button.winfo_ismapped()  # but the pad needs the room
    person.window.geometry("860x500")
    person.settle(100)
    person.save(*range(10), 1, 2)
    person.window.chosen = str(tmp_path / "saved.npz")
    person.right.export_button.invoke()
    person.until(lambda: not person.collecting.is_busy)
    assert len(load_drawings(tmp_path / "saved.npz").labels) == 12
    person.page.tuning.button.invoke()
    person.until(lambda: person.collecting.tuning.process.state is State.DONE and not person.collecting.tuning.is_alive)
    assert person.collecting.tuning.process.result.before["own"]["total"] == 12


def test_the_file_of_a_newer_library_is_left_as_it_is(open_page, path):
    fill(path, [1, 2])
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    content = path.read_bytes()
    person = open_page()
    assert "format 99" in person.page.banner.text
    assert "update the library" in person.page.banner.text
    assert "Export what you draw" in person.page.banner.text
    person.save(3)
    assert person.collecting.total == 1  # in memory
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_drawing_that_cannot_be_saved_stays_on_the_pad(open_page, path, monkeypatch):
    monkeypatch.setattr("gui.collect.opening.PATIENCE", 0.05)
    person = open_page()
    with sqlite3.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        person.draw()
        person.key("<Return>")
        assert "try again" in person.left.notice
        assert person.collecting.drawing.strokes
        other.rollback()
    other.close()
    person.key("<Return>")
    assert person.collecting.total == 1


# ---------------------------------------------------------------- tuning


def test_too_few_drawings_cannot_be_tuned_on(open_page, path):
    fill(path, [1] * 7)
    person = open_page()
    panel = person.page.tuning
    assert str(panel.button.cget("state")) == "disabled"
    assert panel.text == "At least 10 drawings are needed; you have 7."
    person.save(1, 1, 1)
    assert "At least two digits" in panel.text
    person.save(2, 2)
    assert str(panel.button.cget("state")) == "normal"


def test_a_tuning_shows_what_it_brought(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    panel = person.page.tuning
    assert panel.dropdown.get() == "Small_Mlp"  # the model in focus
    person.window.titles["small_mlp_tuned"] = "Small MLP, tuned to own drawings"
    panel.button.invoke()
    person.settle(10)
    assert str(panel.button.cget("text")) == "Cancel"
    assert panel.progress.winfo_ismapped()
    person.until(lambda: person.window.tuned)
    assert person.window.tuned == ["small_mlp_tuned"]
    assert panel.text == (
        "“Small MLP, tuned to own drawings” is now in the dropdown: better on your drawings, "
        "no measurable change on synthetic digits and MNIST."
    )
    person.settle()
    assert panel.scores.winfo_ismapped()
    assert panel.scores.texts == [
        *("12 drawings held out for testing", "before", "3", "after", "5", "+2"),
        *("10 synthetic digits", "before", "9", "after", "9", "±0"),
        *("2,850 MNIST digits", "before", "2,809", "after", "2,785", "−24"),
    ]
    for width in (panel.scores.winfo_width(), 345, 500):
        panel.scores.grid_forget()
        panel.scores.place(x=0, y=0, width=width)
        person.settle()
        written = {item for item in panel.scores.find_all() if panel.scores.type(item) == "text"}
        for item in written:
            left, top, right, bottom = panel.scores.bbox(item)
            assert written & set(panel.scores.find_overlapping(left, top + 3, right - 1, bottom - 3)) == {item}
    assert not panel.progress.winfo_ismapped()
    assert str(panel.button.cget("text")) == "Start"


def choose(person, name):
    dropdown = person.page.tuning.dropdown
    dropdown.show(name)
    dropdown.event_generate("<<ComboboxSelected>>")
    person.settle(10)


def test_a_tuned_model_is_compared_at_once(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page(names=("small_mlp", "small_mlp_tuned"))
    person.key("<Key-t>")  # also where the other tab is shown
    person.until(lambda: person.window.tuned)
    person.settle()
    person.page.tuning.compare_button.invoke()
    assert person.window.compared == ["small_mlp_tuned"]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ((6, 90, 1000), "no measurable change on your drawings, synthetic digits and MNIST."),
        ((7, 91, 1009), "better on your drawings and synthetic digits, no measurable change on MNIST."),
        ((6, 80, 900), "no measurable change on your drawings, worse on synthetic digits and MNIST."),
        ((7, 90), "better on your drawings, no measurable change on synthetic digits."),
    ],
)
def test_a_result_in_words(after, words):
    sets = [("own", 6, 10), ("generated", 90, 100), ("mnist", 1000, 2000)][: len(after)]
    result = Result(
        name="tuned",
        version=1,
        path=None,
        before={key: {"correct": before, "total": total} for key, before, total in sets},
        after={key: {"correct": count, "total": total} for (key, _, total), count in zip(sets, after, strict=True)},
    )
    assert in_words(result, {"tuned": "Tuned"}) == f"“Tuned” is now in the dropdown: {words}"


def test_what_got_worse_is_not_published(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    choose(person, "worse")
    person.page.tuning.button.invoke()
    person.until(lambda: person.page.tuning.text.startswith("Nothing was published, as it became worse"))
    person.settle()
    assert person.window.tuned == []
    assert person.page.tuning.scores.texts[4:6] == ["1", "−2"]
    assert not person.page.tuning.compare_button.winfo_ismapped()


def test_a_failure_is_one_sentence_and_another_try_is_possible(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    choose(person, "fails")
    person.page.tuning.button.invoke()
    person.until(lambda: person.page.tuning.text == "The artifact is damaged: build it again.")
    person.until(lambda: str(person.page.tuning.button.cget("state")) == "normal")
    assert person.page.tuning.dropdown.get() == "Fails"


def test_a_cancel_leaves_nothing(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    choose(person, "stays")
    panel = person.page.tuning
    panel.button.invoke()
    person.until(lambda: panel.text.startswith("Fine-tuning · loss 0.250 · 90.0 % of the held-out drawings right"))
    pid = person.collecting.tuning.process.pid
    person.save(7)  # one can go on drawing
    panel.button.invoke()
    person.until(lambda: panel.text.startswith("Cancelled") and not person.collecting.tuning.is_alive)
    until(lambda: not is_running(pid))
    person.until(lambda: str(panel.button.cget("state")) == "normal")


def test_a_window_that_is_closed_ends_the_tuning(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    choose(person, "stays")
    person.page.tuning.button.invoke()
    person.until(
        lambda: person.page.tuning.text.startswith("Fine-tuning · loss 0.250 · 90.0 % of the held-out drawings right")
    )
    person.page.destroy()
    person.build()  # in another theme
    assert person.page.tuning.text.startswith("Fine-tuning · loss 0.250 · 90.0 % of the held-out drawings right")
    assert str(person.page.tuning.button.cget("text")) == "Cancel"
    pid = person.collecting.tuning.process.pid
    person.page.destroy()
    person.collecting.close()
    until(lambda: not is_running(pid))


def test_what_tuning_needs_is_told_with_the_command_that_installs_it(open_page, path):
    fill(path, [1, 2] * 6)
    person = open_page()
    panel = person.page.tuning
    assert not panel.copy_button.winfo_manager()
    person.window.install["fails"] = "pip install it"
    choose(person, "fails")
    assert panel.text.endswith("needs TensorFlow, which is not installed: install it with  pip install it")
    assert str(panel.button.cget("state")) == "disabled"
    panel.copy_button.invoke()
    assert person.window.copied == ["pip install it"]
    choose(person, "small_mlp")  # which needs nothing
    assert str(panel.button.cget("state")) == "normal"
    assert not panel.copy_button.winfo_manager()


def test_without_models_the_panel_says_so(open_page):
    panel = open_page(names=()).page.tuning
    assert "python -m builders" in panel.text
    assert str(panel.button.cget("state")) == "disabled"


# ---------------------------------------------------------------- sizes


def assert_inside(window, *widgets):
    for widget in widgets:
        right = widget.winfo_rootx() + widget.winfo_width() - window.winfo_rootx()
        bottom = widget.winfo_rooty() + widget.winfo_height() - window.winfo_rooty()
        assert right <= window.winfo_width(), widget
        assert bottom <= window.winfo_height(), widget
        assert widget.winfo_width() >= widget.winfo_reqwidth(), widget


def test_the_hint_fits_a_small_pad(open_page):
    person = open_page(scale=2.5)
    person.window.geometry("1400x750")
    person.settle(100)
    pad = person.page.pad
    for words, points in (("here", []), ("larger", [(0.5, 0.5), (0.505, 0.5)])):
        if points:
            person.draw(points)
        assert pad.itemcget("hint", "text").endswith(words)
        left, top, right, bottom = pad.bbox("hint")
        assert min(left, top) >= 0
        assert max(right, bottom) <= pad.side


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "scale", "is_dark"),
    [
        ("860x500", 1.0, False),
        ("1500x900", 1.0, True),
        ("1560x1000", 1.75, True),
        ("1400x780", 2.0, False),
        ("1400x780", 2.5, True),
    ],
)
@pytest.mark.parametrize("has_warning", [False, True])
def test_nothing_is_cut_off(open_page, path, size, scale, is_dark, has_warning):
    fill(path, [1, 2] * 6)
    person = open_page(names=("small_mlp", "small_mlp_tuned"), scale=scale, is_dark=is_dark)
    if has_warning:
        place = "/home/somebody/.local/share/digit-zoo/drawings.sqlite3"
        person.collecting.warning = f"The file of your drawings, {place}, could not be read. It was kept as it is."
    person.window.geometry(size)
    page = person.page
    page.refresh()
    person.settle(100)
    if has_warning and scale >= 2:  # there is no room for both
        assert_inside(person.window, page.banner.button)
        page.banner.button.invoke()
        person.settle(100)
    assert page.pad.winfo_width() == page.pad.winfo_height() >= 120 * scale
    left = (
        page.pad,
        page.drawing_panel.undo_button,
        page.drawing_panel.clear_button,
        page.drawing_panel.save_button,
        page.drawing_panel.skip_button,
    )
    assert_inside(
        person.window,
        *left,
        page.collection.counts,
        page.collection.gallery.canvas,
        page.collection.undo_button,
        page.collection.delete_button,
    )
    assert page.collection.export_button.winfo_ismapped() == (scale < 2)  # it is in the menu too
    assert page.collection.gallery.canvas.winfo_height() >= 56 * scale  # a whole thumbnail
    page.tuning.button.invoke()
    person.until(lambda: person.window.tuned)
    person.settle(100)
    panel = page.tuning
    assert_inside(person.window, *left, panel.button, panel.dropdown, panel.compare_button)
    assert panel.winfo_reqheight() <= panel.winfo_height()  # it scrolls where it is higher than the tab
