import numpy as np
import pytest

from gui.compare.session import Answer, Explanation, Session


@pytest.fixture
def session():
    return Session(["a", "b", "c"])


def stroke(drawing, *points):
    drawing.pen_down(*points[0])
    for point in points[1:]:
        drawing.pen_move(*point)
    drawing.pen_up()


def sure_of(digit):
    return [0.91 if index == digit else 0.01 for index in range(10)]


def test_undo_changes_the_generation_so_that_old_answers_do_not_count(session):
    stroke(session.drawing, (0.1, 0.1), (0.9, 0.9))
    first = session.drawing.generation
    stroke(session.drawing, (0.1, 0.9), (0.9, 0.1))
    session.drawing.undo()
    assert not session.record("a", first, sure_of(3))


def test_an_answer_counts_only_for_the_drawing_it_was_asked_about(session):
    stroke(session.drawing, (0.1, 0.1), (0.9, 0.9))
    asked = session.drawing.generation
    assert session.record("a", asked, sure_of(3))
    stroke(session.drawing, (0.9, 0.1), (0.1, 0.9))
    assert not session.record("b", asked, sure_of(4))
    assert session.current.keys() == {"a"}  # for a moment
    assert session.outdate()
    assert session.current == {}
    assert session.answers["a"].is_old  # greyed, until there is another


def test_while_the_pen_is_down_answers_to_the_same_stroke_count(session):
    stroke(session.drawing, (0.1, 0.1), (0.2, 0.9))
    before = session.drawing.generation
    session.drawing.pen_down(0.3, 0.3)
    session.drawing.pen_move(0.4, 0.4)
    during = session.drawing.generation
    session.drawing.pen_move(0.5, 0.5)
    assert not session.record("a", before, sure_of(1))
    assert session.record("a", during, sure_of(7))
    session.drawing.pen_up()
    assert not session.record("a", during, sure_of(7))


def test_an_answer_to_the_drawing_before_the_eraser_touched_it_does_not_count(session):
    drawing = session.drawing
    stroke(drawing, (0.1, 0.1), (0.9, 0.9))
    before = drawing.generation
    drawing.erase_down(0.5, 0.2, 0.05)
    assert session.record("a", before, sure_of(1))  # it has hit nothing yet
    drawing.pen_move(0.5, 0.5)
    assert session.outdate()
    during = drawing.generation
    drawing.pen_move(0.6, 0.6)
    assert not session.record("a", before, sure_of(1))
    assert session.record("a", during, sure_of(7))


def test_clear_takes_the_answers_with_it(session):
    stroke(session.drawing, (0.1, 0.1), (0.9, 0.9))
    asked = session.drawing.generation
    session.record("a", asked, sure_of(3))
    session.drawing.clear()
    assert session.answers == {}
    assert not session.record("a", asked, sure_of(3))


def test_answer_ranks_the_digits():
    answer = Answer(1, (0.1, 0.0, 0.6, 0.3, 0, 0, 0, 0, 0, 0))
    assert (answer.digit, answer.second, answer.confidence) == (2, 3, 0.6)


def explanation(session, model="a", generation=None):
    generation = session.drawing.generation if generation is None else generation
    return Explanation(generation, model, [], np.zeros((10, 28, 28), np.float32))


def test_an_explanation_is_kept_only_of_this_drawing_by_the_model_in_focus(session):
    stroke(session.drawing, (0.1, 0.1), (0.9, 0.9))
    assert not session.keep_explanation(explanation(session, model="b"))
    assert not session.keep_explanation(explanation(session, generation=0))
    assert session.keep_explanation(explanation(session))
    session.set_focus("b")
    assert session.explanation is None
    session.keep_explanation(explanation(session, model="b"))
    stroke(session.drawing, (0.1, 0.9), (0.9, 0.1))
    assert session.outdate()
    assert session.explanation is None


def test_what_is_explained_is_pointed_at_or_chosen_or_read(session):
    assert session.target is None
    stroke(session.drawing, (0.1, 0.1), (0.9, 0.9))
    session.record("a", session.drawing.generation, sure_of(7))
    assert session.target == 7
    session.pinned = 1
    assert session.target == 1
    session.hovered = 9
    assert session.target == 9
    session.hovered = None
    assert session.target == 1
    session.drawing.clear()
    assert session.target is None


def test_a_model_that_comes_later_is_asked_too(session):
    session.add("d")
    session.set_compared({"b", "d"})
    assert session.asked == ["a", "b", "d"]


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
