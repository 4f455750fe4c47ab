"""The comparison board and the panel of the model in focus: made-up answers, real widgets and real events."""

import tkinter
from pathlib import Path

import pytest

from gui.compare.board import Board, unique_titles, vote_in_words
from gui.compare.session import Answer
from gui.compare.table_columns import TIPS
from tests.waiting import until
from zoo import Card
from zoo.ensemble import Vote

FAMILIES = {"mlp": "fully connected", "cnn": "convolutional", "rnn": "recurrent"}


def card(name, parameters=100, correct=None, *, learned=True, scratch=False, title=None):
    return Card(
        name,
        1,
        Path(name),
        title or f"The {name} model",
        parameters=parameters,
        metrics={} if correct is None else {"mnist_test": {"correct": correct, "total": 10_000}},
        metadata={
            "family": FAMILIES.get(name.split("_")[0], "fully connected"),
            "runtime": "numpy" if scratch else "tensorflow",
            "recipe": {"not_digits": 3000 if learned else 0},
        },
    )


CARDS = [
    card("mlp_a", 100, 9200, learned=False),
    card("cnn_b", 300, 9950),
    card("rnn_c", 200, 9960),
    card("mlp_d", 400, 9800, scratch=True),
]
ZOO = [card(f"{family}_{number}", 1000 + number, 9900) for number in range(6) for family in FAMILIES]


def says(digit, confidence=0.95, *, second=None, milliseconds=0.3):
    left = 1 - confidence
    probabilities = [left / 9] * 10 if second is None else [0.02 * left / 8] * 10
    if second is not None:
        probabilities[second] = 0.98 * left
    probabilities[digit] = confidence
    return Answer(1, tuple(probabilities), milliseconds)


UNSURE = says(3, 0.2)


def shown(board, answers, *, focus=None, is_settled=True, errors=None):
    board.show(answers, errors or {}, focus, is_settled=is_settled)
    return {row.name: row for row in board.rows}


# ---------------------------------------------------------------- the board, which knows no Tk


def test_rows_agree_with_the_vote_and_not_with_the_model_in_focus():
    board = Board(CARDS)
    rows = shown(board, {"mlp_a": says(2), "cnn_b": says(7), "rnn_c": says(7), "mlp_d": UNSURE}, focus="mlp_a")
    assert {name: row.sign for name, row in rows.items()} == {
        "mlp_a": "says 2",
        "cnn_b": "",
        "rnn_c": "",
        "mlp_d": "unsure",
    }
    assert [name for name, row in rows.items() if row.differs] == ["mlp_a"]
    assert rows["mlp_a"].in_focus
    assert vote_in_words(board.vote) == "2 of 4 say 7 · 1 says 2 · 1 says 3 · 66.3 % mean confidence"


def test_a_single_answer_has_nothing_to_agree_with():
    board = Board(CARDS, "convolutional")
    assert shown(board, {"cnn_b": says(7), "rnn_c": says(1)})["cnn_b"].sign == ""
    assert vote_in_words(board.vote) == "One model says 7 · 95.0 % confidence"
    assert shown(board, {})["cnn_b"].sign == ""
    assert board.vote is None


def test_where_the_vote_sees_no_digit_only_those_stand_out_that_are_sure_of_one():
    board = Board(CARDS)
    rows = shown(board, {"mlp_a": says(3, 0.97), "cnn_b": UNSURE, "rnn_c": UNSURE, "mlp_d": UNSURE})
    assert board.vote.is_doubtful
    assert [row.sign for row in rows.values()] == ["says 3", "unsure", "unsure", "unsure"]


def test_rows_are_sorted_both_ways_and_what_is_unknown_comes_last():
    board = Board([*CARDS, Card("torn", 1, Path("torn"), "A torn one", error="The card is torn.")])
    shown(board, {"mlp_a": UNSURE, "cnn_b": says(2, 0.8), "rnn_c": says(7, 0.99), "mlp_d": says(7, 0.9)})

    def order():
        return [row.name for row in board.rows]

    assert order() == ["mlp_a", "rnn_c", "cnn_b", "mlp_d", "torn"]  # by parameters, the fewest first
    board.sort_by("parameters")
    assert order() == ["mlp_d", "cnn_b", "rnn_c", "mlp_a", "torn"]
    board.sort_by("accuracy")
    assert order() == ["rnn_c", "cnn_b", "mlp_d", "mlp_a", "torn"]
    board.sort_by("title")
    assert order() == ["torn", "cnn_b", "mlp_a", "mlp_d", "rnn_c"]
    for _ in range(2):  # those that differ stay where they are seen
        board.sort_by("vote")
        assert order() == ["cnn_b", "mlp_a", "rnn_c", "mlp_d", "torn"]
    board.sort_by("digit")
    assert order()[0] == "cnn_b"
    board.sort_by("confidence")
    assert order() == ["rnn_c", "mlp_d", "cnn_b", "mlp_a", "torn"]
    board.sort_by("milliseconds")
    assert order()[-1] == "torn"


def test_rows_change_places_only_where_the_answers_have_settled():
    board = Board(CARDS, sort="vote")
    shown(board, {card.name: says(7, 0.9 + place / 100) for place, card in enumerate(CARDS)})
    before = [row.name for row in board.rows]
    assert before == ["mlp_d", "rnn_c", "cnn_b", "mlp_a"]
    answers = {card.name: says(7, 0.9) for card in CARDS} | {"mlp_a": says(2)}
    rows = shown(board, answers, is_settled=False)
    assert list(rows) == before
    assert rows["mlp_a"].sign == "says 2"
    assert next(iter(shown(board, answers))) == "mlp_a"


def test_the_time_is_the_median_of_the_last_few():
    board = Board(CARDS)
    for milliseconds in (0.3, 0.3, 9.0, 0.3, 0.4):
        rows = shown(board, {"cnn_b": says(7, milliseconds=milliseconds), "rnn_c": says(7, milliseconds=0)})
    assert rows["cnn_b"].milliseconds == 0.3
    assert rows["rnn_c"].milliseconds == 0  # nobody timed it
    for _ in range(9):
        rows = shown(board, {"cnn_b": says(7, milliseconds=2.0)})
    assert rows["cnn_b"].milliseconds == 2.0


def test_sets_and_a_selection_of_ones_own_to_come_back_to():
    board = Board(CARDS)
    assert board.sets == {
        "all": {"mlp_a", "cnn_b", "rnn_c", "mlp_d"},
        "convolutional": {"cnn_b"},
        "fully connected": {"mlp_a", "mlp_d"},
        "recurrent": {"rnn_c"},
        "from scratch": {"mlp_d"},
        "none": set(),
        "mine": set(),
    }
    shown(board, {card.name: says(7 if card.name == "mlp_a" else 2) for card in CARDS})
    for name in ("rnn_c", "cnn_b"):
        board.tick(name)
    assert (board.choice, board.mine) == ("mine", {"mlp_a", "mlp_d"})
    assert vote_in_words(board.vote).startswith("1 of 2 says 2 · 1 says 7 · ")  # of those that are left
    board.choose("all")
    assert (len(board.rows), board.choice) == (4, "all")
    board.choose("mine")
    assert [row.name for row in board.rows] == ["mlp_a", "mlp_d"]


def test_a_board_begins_as_it_was_left():
    board = Board(CARDS, "recurrent", ["cnn_b", "gone"], "accuracy", True)
    assert (board.chosen, board.mine, board.sort, board.is_descending) == ({"rnn_c"}, {"cnn_b"}, "accuracy", True)
    assert Board(CARDS, "mine", ["cnn_b"]).chosen == {"cnn_b"}
    for choice, mine in (("mine", ["gone"]), ("spiking", [])):
        assert len(Board(CARDS, choice, mine, "smell").chosen) == 4


def test_a_model_that_appears_later_stands_on_the_board():
    board = Board(CARDS, "convolutional")
    tuned, later = card("mlp_tuned"), card("cnn_later")
    board.set_cards([*CARDS, tuned])
    assert board.chosen == {"cnn_b", "mlp_tuned"}
    board.tick("mlp_tuned")
    board.set_cards([*CARDS, tuned, later])
    assert board.mine == board.chosen == {"cnn_b", "cnn_later"}
    board.choose("all")
    board.set_cards(CARDS)
    assert board.chosen == {card.name for card in CARDS}
    assert board.mine == {"cnn_b"}


def test_titles_differ():
    assert unique_titles([card("a", title="Twin"), card("b", title="Twin"), card("c", title="Other")]) == [
        "Twin (a)",
        "Twin (b)",
        "Other",
    ]


# ---------------------------------------------------------------- widgets


@pytest.fixture(scope="module")
def root(display):
    import ttkbootstrap as ttk

    from gui import appearance

    appearance.THEME.register()
    root = ttk.App(title="test", theme="digit-zoo-light", iconphoto=None)
    appearance.apply(root, False)  # Tk keeps the scale of an earlier window of this process
    root.bind_class("TButton", "<space>", lambda event: event.widget.invoke())
    yield root
    root.destroy()


@pytest.fixture
def window(root):
    """A window to put widgets into; an exception in a callback fails the test."""
    from gui import appearance

    errors = []
    root.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
    yield root
    for child in root.winfo_children():
        child.destroy()
    appearance.apply(root, False)
    root.update_idletasks()
    if errors:
        raise errors[0]


class Calls(list):
    """A callback that remembers what it was called with."""

    def __call__(self, *arguments):
        self.append(arguments)


@pytest.fixture
def open_panel(window):
    """Return a function that shows a comparison panel over a board of these cards, of this size in pixels."""

    def open_panel(cards=ZOO, size="700x500", **options):
        from gui.compare.panel import ComparisonPanel

        calls = Calls(), Calls()
        panel = ComparisonPanel(window, Board(cards, **options), *calls)
        panel.pack(fill="both", expand=True)
        window.geometry(size)
        window.update()
        panel.focus_calls, panel.change_calls = calls
        return panel

    return open_panel


@pytest.fixture
def open_board_at(window):
    """Return a function that shows a comparison panel at a scale, in a window of this width in pixels."""
    from gui import appearance
    from gui.compare.panel import ComparisonPanel

    def open_board_at(scale, width, cards=ZOO):
        appearance.apply(window, False, scale)
        panel = ComparisonPanel(window, Board(cards), Calls(), Calls())
        panel.pack(fill="both", expand=True)
        window.geometry(f"{width or 900}x{round(340 * scale)}")
        window.update()
        return panel

    return open_board_at


def use(widget, *events, **where):
    """Do something to a widget with the mouse or the keyboard."""
    if not where:
        widget.focus_force()
        widget.update()
    for event in events:
        widget.event_generate(event, **where)
    widget.update()


def show(panel, answers, errors=None, focus=None, *, is_settled=True, **texts):
    panel._board.show(answers, errors or {}, focus, is_settled=is_settled)
    panel.show(**texts)
    panel.update()


def split(panel, *digits):
    show(panel, {row.name: says(digit) for row, digit in zip(panel.list.rows, digits, strict=False)})


def tip_at_the_mouse(panel):
    """Return the texts of the small windows that follow the mouse."""
    texts, pending = [], [panel.winfo_toplevel()]
    while pending:
        children = pending.pop().winfo_children()
        pending += children
        texts += [str(child.cget("text")) for child in children if is_over_the_window(child)]
    return texts


def is_over_the_window(widget):
    return widget.winfo_class() == "TLabel" and widget.winfo_toplevel().wm_overrideredirect()


def texts(canvas):
    return [canvas.itemcget(item, "text") for item in canvas.find_all() if canvas.type(item) == "text"]


def test_the_vote_line_says_how_the_models_split(open_panel):
    panel = open_panel()
    show(panel, {}, hint="Draw a digit.")
    assert (panel.vote_line.text, panel.vote_line.digit.strip()) == ("Draw a digit.", "")
    split(panel, *[7] * 16, 2, 2)
    assert panel.vote_line.digit == "7"
    assert panel.vote_line.text == "16 of 18 say 7 · 2 say 2 · 84.5 % mean confidence"
    assert panel.vote_line.shares == [(7, 16), (2, 2)]
    split(panel, *[4] * 18)
    assert panel.vote_line.text == "All 18 say 4 · 95.0 % mean confidence"
    show(panel, {row.name: UNSURE for row in panel.list.rows})
    assert panel.vote_line.digit == "?"
    assert panel.vote_line.text == "Not recognised as a single digit"
    show(panel, {row.name: says(4, 0.52, second=9) for row in panel.list.rows})
    assert panel.vote_line.digit == "4/9"


def test_rows_that_differ_stand_out_by_ground_and_by_words(open_panel):
    from gui.appearance import PALETTE

    panel = open_panel()
    names = [row.name for row in panel.list.rows]
    answers = {name: says(7) for name in names} | {names[0]: says(2), names[2]: says(2)}
    show(panel, answers, focus=names[2])
    assert panel.list.ground_of(names[0]) == PALETTE.warning_ground
    assert panel.list.ground_of(names[2]) == PALETTE.warning_ground  # also in focus
    assert panel.list.ground_of(names[1]) == PALETTE.paper
    assert texts(panel.list).count("says 2") == 2
    assert texts(panel.list).count("▸") == 1
    show(panel, answers, focus=names[1])
    assert panel.list.ground_of(names[1]) == PALETTE.accent_ground


def test_columns_appear_as_width_allows(open_panel, window):
    panel = open_panel(
        [card(c.name, c.parameters, 9950, title=f"Model {c.name} of a zoo (12)") for c in CARDS], "440x300"
    )
    sets = []
    for width in (300, 430, 540, 680, 1200):
        window.geometry(f"{width}x300")
        window.update()
        sets.append(set(panel.list.columns))
        left, right = zip(*(panel.list.heading_middle(key) for key in panel.list.columns[::-1]), strict=True)
        assert sorted(left, reverse=True) == list(left)
        assert max(left) < panel.list.winfo_width()
        assert set(right) == {panel.list.heading_middle("title")[1]}
    assert sets[0] >= {"title", "digit", "parameters"}  # what they are sorted by is seen
    assert sets[-1] == {"title", "digit", "confidence", "milliseconds", "accuracy", "parameters", "vote"}
    for few, more in zip(sets, sets[1:], strict=False):
        assert few <= more
    show(panel, {"cnn_b": says(7, milliseconds=0.31)})
    assert {"0.3 ms", "99.50 %", "95.0 %", "300"} <= set(texts(panel.list))
    for key in ("accuracy", "milliseconds"):
        panel._board.sort_by(key)
        panel.show()
        window.geometry("340x300")
        window.update()
        assert key in panel.list.columns


def test_a_heading_is_explained_beside_the_mouse(open_panel):
    panel = open_panel(CARDS, "900x300")
    x, y = panel.list.heading_middle("confidence")
    use(panel.list, "<Enter>", "<Motion>", x=x, y=y)
    until(lambda: tip_at_the_mouse(panel) == [TIPS["confidence"]], step=panel.update)


def test_many_rows_are_seen_at_once_and_the_rest_scrolls(open_panel, window):
    panel = open_panel(size="440x300")
    rows = panel.list
    middles = [rows.row_middle(row.name) for row in rows.rows]
    assert all(22 <= b - a <= 25 for a, b in zip(middles, middles[1:], strict=False))
    assert sum(middle < rows.winfo_height() for middle in middles) >= 8
    use(rows, "<End>")
    last = rows.rows[-1].name
    assert rows.row_at(rows.row_middle(last)).name == last
    assert rows.row_middle(last) < rows.winfo_height()
    assert rows.row_at(5) is None  # the heading covers what is beneath it
    use(rows, "<Return>")
    assert panel.focus_calls == [(last,)]
    use(rows, "<Button-4>", x=5, y=100)
    assert rows.yview()[1] < 1
    for height in range(280, 330, 7):
        window.geometry(f"440x{height}")
        window.update()  # an endless layout would never return from here


SENTENCE = (
    "The artifact /home/somebody/digit_zoo/saved_models/cnn_b/1 is damaged: the file "
    "variables/variables.data-00000-of-00001 differs from its recorded sha256. Restore it from where it came, or build "
    "it again with `python -m builders cnn_b`."
)


def test_a_sentence_of_an_error_takes_two_lines_and_the_whole_stands_beside_the_mouse(open_panel):
    panel = open_panel(CARDS, "430x400")
    show(panel, {"mlp_a": says(7)}, {"cnn_b": SENTENCE})
    [shown] = [text for text in texts(panel.list) if text.startswith("damaged: the file")]
    assert shown.count("\n") == 1
    assert shown.endswith("…")
    by_name = {row.name: panel.list.row_middle(row.name) for row in panel.list.rows}
    assert 23 < by_name["mlp_d"] - by_name["cnn_b"] < 40
    use(panel.list, "<Enter>", "<Motion>", x=30, y=panel.list.row_middle("cnn_b"))
    until(lambda: tip_at_the_mouse(panel) == [SENTENCE], step=panel.update)
    use(panel.list, "<Motion>", x=30, y=panel.list.row_middle("mlp_a"))
    assert tip_at_the_mouse(panel) == []
    show(panel, {card.name: says(7) for card in CARDS})
    assert shown not in texts(panel.list)
    assert panel.list.tip_of("cnn_b") != SENTENCE
    assert panel.list.row_middle("mlp_d") - panel.list.row_middle("cnn_b") < 26


def test_a_long_title_is_cut_in_its_middle_and_takes_no_column_away(open_panel, window):
    tuned = [
        card("cnn_e", 310, 9950, title="Softmax regression (784-10), tuned to own drawings"),
        card("cnn_f", 320, 9950, title="Two-conv CNN from scratch (20-40-100), tuned to own drawings"),
        card("cnn_g", 330, 9950, title="Two-conv CNN from scratch (20-40-100)"),
        card("cnn_h", 340, 9950, title="Large MLP (784-30-10)"),
        card("cnn_i", 350, 9950, title="Large MLP (784-99-10)"),
    ]
    panel = open_panel(tuned, "650x300")
    assert {"parameters", "confidence"} <= set(panel.list.columns)
    shown = texts(panel.list)
    assert {"Softmax regression … tuned", "Two-conv CNN from scratch"} <= set(shown)
    assert panel.list.tip_of("cnn_e") == tuned[0].title
    window.geometry("545x300")
    window.update()
    shown = texts(panel.list)
    assert {"Softmax … tuned", "Two-conv … tuned"} <= set(shown)
    assert any(text.startswith("Two-c") and text.endswith(" scratch") for text in shown)
    for sizes in ("(784-30-10)", "(784-99-10)"):  # what else would tell them apart?
        assert any(text.startswith("L") and text.endswith(sizes) for text in shown)


@pytest.mark.parametrize(("scale", "width"), [(1.0, 430), (1.0, 300), (2.0, 600), (2.5, 750), (2.5, 340), (1.0, 120)])
def test_nothing_overlaps_where_the_board_is_narrow(open_board_at, scale, width):
    panel = open_board_at(scale, width)
    names = [row.name for row in panel.list.rows]
    show(panel, {name: says(7, 0.9996, milliseconds=88.8) for name in names} | {names[1]: says(2), names[2]: UNSURE})
    rows, columns = panel.list, panel.list.columns
    assert columns[:2] == ["title", "digit"]
    for row in [rows.heading_middle("title")[1], *(rows.row_middle(name) for name in names[:3])]:
        boxes = []
        for item in rows.find_overlapping(0, row, rows.winfo_width(), row):
            if rows.type(item) == "text" and rows.itemcget(item, "text") and rows.itemcget(item, "state") != "hidden":
                boxes.append(rows.bbox(item))
        boxes.sort()
        assert len(boxes) >= len(columns) - ("vote" in columns)
        assert all(a[2] <= b[0] + 2 for a, b in zip(boxes, boxes[1:], strict=False)), boxes
        assert boxes[-1][2] <= rows.winfo_width() + 1


def test_only_what_departs_from_the_vote_is_marked(open_panel):
    panel = open_panel(CARDS, "900x300")
    before = len([text for text in texts(panel.list) if text])
    split(panel, 7, 7, 2, 7)
    assert "says 2" in texts(panel.list)
    assert len([text for text in texts(panel.list) if text]) == before + 4 * 3 + 1  # digit, confidence and latency


def test_the_model_in_focus_is_scrolled_to_but_not_at_every_answer(open_panel, window):
    panel = open_panel(size="430x260")
    rows, names = panel.list, [row.name for row in panel.list.rows]

    def is_seen(name):
        return 22 < rows.row_middle(name) < rows.winfo_height()

    answers = {name: says(7) for name in names}
    show(panel, answers, focus=names[-1])
    assert is_seen(names[-1])
    for _ in range(30):
        use(rows, "<Button-4>", x=5, y=100)
    assert not is_seen(names[-1])
    show(panel, answers | {names[0]: says(2)}, focus=names[-1])
    assert not is_seen(names[-1])  # the person looks elsewhere
    window.geometry("430x280")
    window.update()
    assert is_seen(names[-1])
    x, y = rows.heading_middle("parameters")
    use(rows, "<Button-1>", x=x, y=y)
    assert rows.rows.index(next(row for row in rows.rows if row.in_focus)) < 3
    assert is_seen(names[-1])
    show(panel, answers, focus=names[0])
    assert is_seen(names[0])


def test_a_hint_is_read_whole_and_nothing_moves_when_the_vote_appears(open_panel):
    panel = open_panel(size="430x260")
    show(panel, {}, hint="Draw a digit to see the vote")
    assert str(panel.vote_line._words.cget("text")) == "Draw a digit to see the vote"
    before = panel.vote_line.winfo_height(), panel.list.winfo_y(), panel.list.winfo_height()
    split(panel, *[7] * 16, 2, 2)
    assert before == (panel.vote_line.winfo_height(), panel.list.winfo_y(), panel.list.winfo_height())
    split(panel, *[7] * 13, 1, 2, 3, 4, 5)
    shown = str(panel.vote_line._words.cget("text"))
    assert panel.vote_line.text.startswith(f"{shown} · ")  # cut between its parts alone
    panel.winfo_toplevel().geometry("200x260")
    panel.update()
    assert panel.button.winfo_rootx() + panel.button.winfo_width() <= panel.winfo_rootx() + 200


def test_a_click_on_a_heading_sorts_and_marks_it(open_panel):
    panel = open_panel(CARDS, "1000x400")
    assert [heading for heading in panel.list.headings if heading[-1] in "▲▼"] == ["Parameters ▲"]
    for key, heading, first in (
        ("accuracy", "MNIST accuracy ▼", "rnn_c"),
        ("accuracy", "MNIST accuracy ▲", "mlp_a"),
        ("title", "Model ▲", "cnn_b"),
        ("digit", "Digit ▲", None),
    ):
        x, y = panel.list.heading_middle(key)
        use(panel.list, "<Button-1>", x=x, y=y)
        assert [heading for heading in panel.list.headings if heading[-1] in "▲▼"] == [heading]
        if first:
            assert panel.list.rows[0].name == first
            tops = [panel.list.row_middle(row.name) for row in panel.list.rows]
            assert tops == sorted(tops)
    assert len(panel.change_calls) == 4


def test_the_board_is_seen_in_whole_rows(open_panel, window):
    panel = open_panel(size="700x300")
    rows, names = panel.list, [row.name for row in panel.list.rows]
    for name in (names[-1], names[7], names[12]):
        show(panel, {}, focus=name)
        for height in (300, 307, 313):
            window.geometry(f"700x{height}")
            window.update()
            tops = [rows.row_middle(name) - rows.row_middle(names[0]) for name in names]
            step = tops[1]
            first = rows.row_at(rows.heading_middle("title")[1] * 2 + 3).name
            assert rows.row_middle(first) - rows.heading_middle("title")[1] * 2 == pytest.approx(step / 2, abs=2)


def test_sorted_by_agreement_rows_move_when_the_answers_settle(open_panel):
    panel = open_panel(CARDS, "600x400", sort="vote")
    split(panel, 7, 7, 7, 7)
    before, items = [row.name for row in panel.list.rows], panel.list.find_all()
    answers = {name: says(7) for name in before} | {before[-1]: says(2)}
    show(panel, answers, is_settled=False)
    assert [row.name for row in panel.list.rows] == before
    show(panel, answers, is_settled=True)
    assert panel.list.rows[0].name == before[-1]
    assert panel.list.row_at(panel.list.row_middle(before[-1])).sign == "says 2"
    assert panel.list.row_middle(before[-1]) < panel.list.row_middle(before[0])
    assert set(panel.list.find_all()) == set(items)  # moved, not made again


def test_models_are_ticked_in_a_list_that_stays_open(open_panel):
    panel = open_panel(CARDS, "600x400")
    use(panel.button, "<space>")
    picker = panel.picker
    assert picker.sets["all"].focus_get() is picker.sets["all"]  # the keyboard is where the choice is
    for name in ("cnn_b", "rnn_c"):
        use(picker.ticks[name], "<space>")
    assert panel.picker is picker
    assert [row.name for row in panel.list.rows] == ["mlp_a", "mlp_d"]
    assert len(panel.change_calls) == 2
    assert panel._board.mine == {"mlp_a", "mlp_d"}
    picker.sets["all"].invoke()
    assert len(panel.list.rows) == 4
    assert len(panel.change_calls) == 3
    picker.sets["convolutional"].invoke()
    assert [row.name for row in panel.list.rows] == ["cnn_b"]
    use(picker.sets["convolutional"], "<Down>", "<Down>")
    picker.sets["mine"].invoke()
    assert [row.name for row in panel.list.rows] == ["mlp_a", "mlp_d"]
    use(picker.sets["mine"], "<Escape>")
    assert panel.picker is None
    assert panel.focus_get() is panel.button


def test_the_choice_goes_with_a_click_elsewhere(open_panel):
    panel = open_panel(ZOO, "600x300")
    panel.button.invoke()
    panel.update()
    picker = panel.picker
    last = picker.ticks[ZOO[-1].name]
    use(last, "<Up>", "<Down>")
    assert picker.winfo_rooty() <= last.winfo_rooty() < picker.winfo_rooty() + picker.winfo_height()  # scrolled to
    use(panel.list, "<Button-1>", x=30, y=5)
    assert panel.picker is None
    panel.button.invoke()
    panel.button.invoke()
    assert panel.picker is None


def test_the_choice_of_few_models_shows_every_set(open_panel):
    panel = open_panel(CARDS[:3], "600x400")
    panel.button.invoke()
    panel.update()
    picker = panel.picker
    for widget in (*picker.sets.values(), picker.done):
        assert widget.winfo_rooty() + widget.winfo_height() <= picker.winfo_rooty() + picker.winfo_height()
    use(picker.done, "<space>")
    assert panel.picker is None
    assert panel.focus_get() is panel.button


@pytest.mark.parametrize(("scale", "size"), [(1.0, "900x560"), (2.5, "1380x880"), (2.5, "700x880")])
def test_the_choice_of_many_models_with_long_titles_stays_in_the_window(open_board_at, window, scale, size):
    many = [
        card(f"mlp_{n}", n + 1, title=f"Group {n}: what the third class built together (784-30)") for n in range(38)
    ]
    panel = open_board_at(scale, 0, many)
    window.geometry(size)
    window.update()
    panel.button.invoke()
    panel.update()
    picker = panel.picker
    assert picker.winfo_width() <= 460 * scale + 1
    assert 0 <= picker.winfo_x() <= window.winfo_width() - picker.winfo_width()
    assert 0 <= picker.winfo_y() <= window.winfo_height() - picker.winfo_height()
    assert picker.done.winfo_rooty() + picker.done.winfo_height() <= picker.winfo_rooty() + picker.winfo_height()
    for tick in picker.ticks.values():
        assert "…" in str(tick.cget("text"))
        assert tick.winfo_rootx() + tick.winfo_reqwidth() <= picker.winfo_rootx() + picker.winfo_width()
    use(picker.done, "<space>")
    assert panel.picker is None


def test_nothing_chosen_says_what_to_do(open_panel):
    panel = open_panel(CARDS, choice="convolutional", mine={"rnn_c"})
    panel.button.invoke()
    panel.picker.sets["none"].invoke()
    panel.show(message="Tick some models.")
    assert "Tick some models." in texts(panel.list)
    panel.picker.ticks["cnn_b"].invoke()
    assert [row.name for row in panel.list.rows] == ["cnn_b"]
    panel.destroy()
    assert panel.picker is None


def test_the_keyboard_is_seen_in_the_list(open_panel):
    panel = open_panel(CARDS)
    use(panel.list, "<Down>")
    outlined = [
        i for i in panel.list.find_all() if panel.list.type(i) == "rectangle" and panel.list.itemcget(i, "outline")
    ]
    assert len(outlined) == 1
    top, bottom = panel.list.coords(outlined[0])[1::2]
    assert top < panel.list.row_middle(panel.list.rows[1].name) < bottom
    use(panel.button)
    assert not any(panel.list.itemcget(item, "outline") for item in outlined)


def test_rows_that_change_at_the_pace_of_the_pen_leave_nothing_behind(open_panel):
    panel = open_panel()
    names = [row.name for row in panel.list.rows]
    items = []
    for turn in range(20):
        show(panel, {name: says((turn + place) % 10, 0.6 + turn / 100) for place, name in enumerate(names)})
        items.append(len(panel.list.find_all()))
    assert items[10:] == items[:10]  # after ten turns all say the same again


# ---------------------------------------------------------------- the model in focus


@pytest.fixture
def touched(monkeypatch):
    """The items of canvases that were moved or changed, as numbers."""
    items = []
    for name in ("coords", "itemconfigure"):
        old = getattr(tkinter.Canvas, name)

        def note(self, item, *about, old=old, **options):
            if about or options:
                items.append(item)
            return old(self, item, *about, **options)

        monkeypatch.setattr(tkinter.Canvas, name, note)
    return items


def test_one_changed_answer_changes_one_row_and_the_same_answers_none(open_panel, touched):
    panel = open_panel(size="760x500")
    answers = {name: says(7) for name in panel._board.chosen}
    show(panel, answers)
    show(panel, answers)
    touched.clear()
    show(panel, dict(answers))
    assert touched == []
    name = sorted(answers)[0]
    show(panel, answers | {name: says(7, 0.8)})
    percent, bars = 1, 10
    assert 0 < len(touched) <= percent + bars


def test_one_changed_probability_changes_one_bar(focus, window, touched):
    shown = [0.9, 0.1] + [0.0] * 8
    window.update()
    focus.chart.show(shown)
    touched.clear()
    focus.chart.show(list(shown))
    assert touched == []
    focus.chart.show([0.9, 0.05] + [0.0] * 8)
    assert len(touched) <= 3  # its bar, its value, and where that stands


@pytest.fixture
def focus(window):
    """A panel of the model in focus over `CARDS`, and the calls of its chart."""
    from gui.compare.focus import FocusPanel

    calls = Calls(), Calls(), Calls()
    panel = FocusPanel(window, CARDS, *calls)
    panel.pack(fill="both", expand=True)
    window.geometry("600x260")
    window.update()
    panel.choose_calls, panel.target_calls, panel.pin_calls = calls
    return panel


def test_the_panel_tells_a_digit_from_two_and_from_none(focus):
    focus.show(CARDS[1], says(7, 0.9))
    assert (focus.verdict, focus.confidence, focus.more) == ("7", "90.0 % confidence", "runner-up 0 (1.1 %)")
    focus.show(CARDS[1], says(4, 0.52, second=9))
    assert (focus.verdict, focus.confidence) == ("4 or 9?", "cannot tell which")
    assert focus.more == "4: 52.0 % · 9: 47.0 %"
    focus.show(CARDS[1], says(3, 0.31))
    assert (focus.verdict, focus.more) == ("Not recognised as a single digit", "nearest: 3 (31.0 %)")
    focus.show(CARDS[1], None, "Draw a digit.")
    assert (focus.verdict, focus.confidence, focus.chart.message) == ("", "", "Draw a digit.")


def test_the_verdict_of_the_vote_comes_first_and_the_model_speaks_beneath(focus):
    focus.show(CARDS[0], says(3, 0.97), doubt=True)
    assert focus.verdict == "Not recognised as a single digit"
    assert focus.more == "this model alone: 3, 97.0 % confidence"
    focus.show(CARDS[0], says(4, 0.52, second=9), doubt=True)
    assert focus.more == "this model alone: 4 or 9"
    focus.show(CARDS[0], UNSURE, doubt=True)
    assert focus.more == "nearest: 3 (20.0 %)"
    focus.show(CARDS[0], says(3, 0.97), doubt=False)
    assert focus.verdict == "3"


def test_models_are_chosen_by_title(focus):
    titles = focus.dropdown.cget("values")
    assert list(titles) == sorted(titles)
    focus.dropdown.current(1)
    use(focus.dropdown, "<<ComboboxSelected>>")
    assert focus.choose_calls == [("mlp_a",)]
    use(focus.dropdown, "<Button-5>", x=3, y=3)
    assert focus.dropdown.current() == 1
    later = card("tuned", title="A tuned one")
    focus.set_cards([*CARDS, later])
    focus.show(later, None)
    assert focus.dropdown.get() == "A tuned one"


def test_bars_are_pointed_at_and_pinned_by_mouse_and_keyboard(focus):
    chart = focus.chart
    focus.show(CARDS[1], says(7))
    use(chart, "<Motion>", x=chart.bar_middle(4), y=60)
    use(chart, "<Motion>", x=chart.bar_middle(4) + 2, y=70)
    assert focus.target_calls == [(4,)]
    use(chart, "<Button-1>", x=chart.bar_middle(4), y=60)
    assert focus.pin_calls == [(4,)]
    use(chart, "<Leave>", x=0, y=0)
    assert focus.target_calls == [(4,), (None,)]
    chart.target = 4
    use(chart, "<Right>")
    chart.target = 5
    use(chart, "<Right>")
    assert focus.target_calls[-2:] == [(5,), (6,)]
    use(chart, "<Return>")
    assert focus.pin_calls[-1] == (5,)  # the owner has not taken over the 6
    chart.target = 9
    use(chart, "<Right>", "<Left>")
    assert focus.target_calls[-1] == (8,)
    use(focus.dropdown)
    assert focus.target_calls[-1] == (None,)


def test_the_targeted_bar_is_outlined_and_its_value_bold(focus, window):
    from tkinter import font

    chart = focus.chart
    focus.show(CARDS[1], says(7))

    def bold():
        items = [item for item in chart.find_all() if chart.type(item) == "text"]
        fonts = {chart.itemcget(item, "text"): chart.itemcget(item, "font") for item in items}
        is_bold = {text: font.Font(font=name, root=window).actual("weight") == "bold" for text, name in fonts.items()}
        return {text for text, heavy in is_bold.items() if heavy and "." in text}

    assert bold() == set()
    chart.target = 7
    assert bold() == {"95.0 %"}
    box = chart.coords(chart._outline)
    assert box[0] < chart.bar_middle(7) < box[2]
    chart.target = None
    assert bold() == set()
    assert chart.itemcget(chart._outline, "state") == "hidden"


def test_values_fit_where_there_is_little_room(focus, window):
    window.geometry("420x260")
    window.update()
    focus.show(CARDS[1], says(7, 0.91))
    window.update()
    assert focus.chart.values[7] == "91.0 %"
    boxes = [focus.chart.bbox(item) for item in focus.chart._values]
    assert all(a[2] <= b[0] for a, b in zip(boxes, boxes[1:], strict=False))


@pytest.mark.parametrize("size", ["430x260", "420x160", "330x60"])
def test_the_sentence_of_an_error_stands_alone_in_the_chart_and_fits(focus, window, size):
    chart = focus.chart
    window.geometry(size)
    focus.show(CARDS[1], says(7))
    focus.show(CARDS[1], None, SENTENCE, is_error=True)
    window.update()
    chart.target = 4
    seen = [i for i in chart.find_all() if chart.itemcget(i, "state") != "hidden" and chart.type(i) != "text"]
    assert seen == []
    left, top, right, bottom = chart.bbox(chart._message)
    assert left >= 0
    assert right <= chart.winfo_width()
    assert size == "330x60" or (top >= -1 and bottom <= chart.winfo_height() + 1)
    assert chart.message == SENTENCE
    assert not {"0", "9"} & {
        chart.itemcget(i, "text")
        for i in chart.find_all()
        if chart.type(i) == "text" and chart.itemcget(i, "state") != "hidden"
    }
    focus.show(CARDS[1], says(7))
    assert chart.itemcget(chart._labels[9], "state") == "normal"


# ---------------------------------------------------------------- themes and scales


@pytest.mark.parametrize(("is_dark", "scale"), [(False, 1.0), (True, 1.0), (False, 2.5), (True, 2.0)])
def test_colours_follow_the_theme_and_sizes_the_scale(window, is_dark, scale):
    from gui import appearance
    from gui.compare.panel import ComparisonPanel

    try:
        appearance.apply(window, is_dark, scale)
        panel = ComparisonPanel(window, Board(CARDS), Calls(), Calls())
        panel.pack(fill="both", expand=True)
        window.geometry(f"{round(440 * scale)}x{round(300 * scale)}")
        window.update()
        split(panel, 7, 7, 2, 7)
        palette = appearance.DARK if is_dark else appearance.LIGHT
        assert panel.list.ground_of(panel.list.rows[2].name) == palette["warning_ground"]
        first, second = (panel.list.row_middle(row.name) for row in panel.list.rows[:2])
        assert second - first == pytest.approx(23 * scale, abs=1)
        assert panel.button.winfo_rootx() + panel.button.winfo_width() <= window.winfo_rootx() + window.winfo_width()
    finally:
        appearance.apply(window, False, 1.0)
        appearance.use_palette(False)


def test_a_vote_without_models_that_learned_doubt_doubts_by_its_mean():
    assert Vote([says(3, 0.97).probabilities, UNSURE.probabilities]).is_doubtful is False
    assert Vote([says(3, 0.97).probabilities, UNSURE.probabilities], learned=[False, True]).is_doubtful
