import numpy as np
import pytest

from gui.session import Answer, Drawing, Session


@pytest.fixture
def session():
    return Session(["a", "b", "c"])


def stroke(session, *points):
    session.pen_down(*points[0])
    for point in points[1:]:
        session.pen_move(*point)
    session.pen_up()


def sure_of(digit):
    return [0.91 if index == digit else 0.01 for index in range(10)]


def test_strokes_are_kept_in_order_and_numbered(session):
    stroke(session, (0.1, 0.2), (0.3, 0.4))
    before = session.generation
    stroke(session, (0.5, 0.5))
    assert session.strokes == [[(0.1, 0.2), (0.3, 0.4)], [(0.5, 0.5)]]
    assert session.generation > before
    assert [array.shape for array in session.arrays()] == [(2, 2), (1, 2)]


def test_undo_and_redo_go_through_strokes_and_clear(session):
    stroke(session, (0.1, 0.1), (0.9, 0.1))
    stroke(session, (0.9, 0.1), (0.4, 0.9))
    both = session.strokes
    assert session.clear()
    assert session.drawing is Drawing.EMPTY
    assert session.undo()
    assert session.strokes == both
    assert session.undo()
    assert session.undo()
    assert not session.undo()
    assert session.strokes == []
    while session.redo():
        pass
    assert session.strokes == []  # the clear was done again
    session.undo()
    stroke(session, (0.2, 0.2), (0.3, 0.3))
    assert not session.can_redo


def test_undo_changes_the_generation_so_that_old_answers_do_not_count(session):
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    first = session.generation
    stroke(session, (0.1, 0.9), (0.9, 0.1))
    session.undo()
    assert not session.record("a", first, sure_of(3))


def test_clearing_nothing_is_no_step(session):
    assert not session.clear()
    assert not session.can_undo


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(0.5, 0.5)], Drawing.TOO_SMALL),
        ([(0.5, 0.5), (0.52, 0.51)], Drawing.TOO_SMALL),
        ([(0.5, 0.5), (0.5, 0.6)], Drawing.READABLE),
    ],
)
def test_a_slip_of_the_pen_is_no_digit(session, points, expected):
    assert session.drawing is Drawing.EMPTY
    stroke(session, *points)
    assert session.drawing is expected


def test_a_stroke_is_cut_where_it_leaves_the_pad(session):
    stroke(session, (0.5, 0.5), (1.5, 0.5), (1.5, 0.8), (0.5, 0.8))
    assert session.strokes == [[(0.5, 0.5), (1.0, 0.5)], [(1.0, 0.8), (0.5, 0.8)]]
    session.undo()
    assert session.strokes == []  # one movement of the pen, one step


def test_motion_outside_the_pad_leaves_no_ink(session):
    session.pen_down(0.5, 0.5)
    assert session.pen_move(1.2, 0.5)
    assert not session.pen_move(1.3, 0.9)
    assert session.pen_move(-0.5, 0.5)  # across the whole pad between two motions
    assert session.strokes[-1][0][0] == 1.0
    assert session.strokes[-1][-1][0] == 0.0
    assert all(0 <= value <= 1 for line in session.strokes for point in line for value in point)


def test_an_answer_counts_only_for_the_drawing_it_was_asked_about(session):
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    asked = session.generation
    assert session.record("a", asked, sure_of(3))
    stroke(session, (0.9, 0.1), (0.1, 0.9))
    assert not session.record("b", asked, sure_of(4))
    assert session.drop_outdated()
    assert session.answers == {}


def test_while_the_pen_is_down_answers_to_the_same_stroke_count(session):
    stroke(session, (0.1, 0.1), (0.2, 0.9))
    before = session.generation
    session.pen_down(0.3, 0.3)
    session.pen_move(0.4, 0.4)
    during = session.generation
    session.pen_move(0.5, 0.5)
    assert not session.record("a", before, sure_of(1))
    assert session.record("a", during, sure_of(7))
    session.pen_up()
    assert not session.record("a", during, sure_of(7))


def test_clear_takes_the_answers_with_it(session):
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    asked = session.generation
    session.record("a", asked, sure_of(3))
    session.clear()
    assert session.answers == {}
    assert not session.record("a", asked, sure_of(3))


def test_answer_ranks_the_digits():
    answer = Answer(1, (0.1, 0.0, 0.6, 0.3, 0, 0, 0, 0, 0, 0))
    assert (answer.digit, answer.second, answer.confidence) == (2, 3, 0.6)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ([], ""),
        ([7], ""),
        ([7, 7], "Both say 7"),
        ([7, 7, 7], "All 3 say 7"),
        ([7, 2, 7], "2 of 3 say 7 · 1 says 2"),
        ([2, 7], "1 of 2 says 2 · 1 says 7"),
        ([9, 4, 4, 9, 1], "2 of 5 say 4 · 2 say 9 · 1 says 1"),
    ],
)
def test_agreement(digits, expected):
    session = Session([str(index) for index in range(len(digits))])
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    for name, digit in zip(session.names, digits, strict=True):
        session.record(name, session.generation, sure_of(digit))
    assert session.agreement() == expected


def test_signs_are_set_against_the_model_in_focus(session):
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    for name, digit in (("a", 7), ("b", 7)):
        session.record(name, session.generation, sure_of(digit))
    assert [session.sign(name) for name in "abc"] == ["", "agrees", ""]
    session.record("c", session.generation, sure_of(2))
    assert session.sign("c") == "says 2"
    session.set_focus("c")
    assert session.sign("a") == "says 7"


def test_the_model_in_focus_is_asked_first_and_always(session):
    session.set_focus("c")
    assert session.asked == ["c", "a", "b"]
    session.set_compared({"b"})
    assert session.asked == ["c", "b"]
    with pytest.raises(ValueError, match="no model 'x'"):
        session.set_focus("x")


def test_without_models_nobody_is_asked():
    session = Session([])
    assert session.asked == []
    assert session.agreement() == ""


def test_dirty_until_saved(session):
    assert not session.dirty
    stroke(session, (0.1, 0.1), (0.9, 0.9))
    assert session.dirty
    session.saved()
    assert not session.dirty
    session.undo()
    assert not session.dirty  # there is nothing left to save


def test_arrays_follow_the_strokes(session):
    session.pen_down(0.1, 0.1)
    assert len(session.arrays()[0]) == 1
    session.pen_move(0.2, 0.2)
    np.testing.assert_allclose(session.arrays()[0], [(0.1, 0.1), (0.2, 0.2)])
