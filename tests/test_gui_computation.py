"""A click on a layer shows how the unit comes to its value: real widgets, and networks that nobody trained."""

import numpy as np
import pytest

import zoo
from tests.gui_support import UPRIGHT, Hand

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hand(display, scratch_models):
    from gui.app import App
    from gui.worker.link import WorkerLink

    cards = zoo.list_models(scratch_models)
    app = App(cards, WorkerLink([card.name for card in cards], str(scratch_models)), root=str(scratch_models))
    app.geometry("1120x740+0+0")
    hand = Hand(app).ready()
    hand.draw(UPRIGHT)
    app.compare.show_answers("layers")
    yield hand
    hand.close()


def focus(hand, name):
    comparing = hand.app.comparing
    comparing.set_focus(name)
    hand.until(lambda: comparing.session.explanation is not None and comparing.session.explanation.model == name)
    hand.settle()


def click(hand, number, x, y):
    """Click into the picture of a layer."""
    canvas = next(child for child in hand.app.compare.layers.winfo_children() if child.winfo_class() == "Canvas")
    pictures = [item for item in canvas.find_all() if canvas.type(item) == "image"]
    left, top, *_ = canvas.bbox(pictures[number])
    for event in ("<Motion>", "<Button-1>"):
        canvas.event_generate(event, x=left + x, y=top + y)
    hand.settle()
    return canvas


def test_a_click_on_a_map_shows_patch_kernel_and_sum_and_the_pointer_moves_the_patch(hand):
    focus(hand, "scratch_two_conv_cnn")
    panel = hand.app.compare.computation
    canvas = click(hand, 0, 3, 3)
    assert panel.texts[0] == "Convolution 1, map 1"
    assert {"input", "patch", "kernel", "products"} <= set(panel.texts)
    before = panel.texts
    left, top, *_ = canvas.bbox(next(item for item in canvas.find_all() if canvas.type(item) == "image"))
    canvas.event_generate("<Motion>", x=left + 22, y=top + 20)
    hand.app.update()
    assert hand.app.comparing.inspecting.place is not None
    assert panel.texts != before  # another sum, of the same map
    assert panel.texts[0] == before[0]
    hand.key("<Right>", canvas)
    hand.settle()
    assert panel.texts[0] == "Convolution 1, map 2"
    hand.key("<Shift-Right>", canvas)
    hand.settle()
    assert panel.texts[0].startswith("Pooling 1, map ")
    assert panel.texts[1:] == ["This layer has no weights of its own that can be shown."]


def test_a_click_on_a_hidden_unit_shows_what_it_adds_to_each_logit(hand):
    focus(hand, "scratch_small_mlp")
    panel = hand.app.compare.computation
    click(hand, 0, 3, 3)
    assert panel.texts[0] == "Hidden layer, unit 1"
    assert {"its weights", "What it adds to each logit"} <= set(panel.texts)
    assert any(text.startswith("GELU makes") for text in panel.texts)


@pytest.mark.parametrize(("theme", "scale"), [("dark", 2.0), ("light", 1.0)])
def test_it_stands_in_both_themes_and_at_every_scale(hand, theme, scale):
    hand.app.set_theme(theme)
    hand.app.set_scale(scale)
    hand.app.geometry("1400x1000+0+0")
    hand.app.compare.show_answers("layers")
    focus(hand, "scratch_small_mlp")
    hand.app.comparing.inspecting.choose("hidden", 2)
    hand.settle()
    panel = hand.app.compare.computation
    assert panel.winfo_width() > 150 * scale
    assert panel.texts[0] == "Hidden layer, unit 3"


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("templates", "Logit of 7"),
        ("rows", "Recurrent layer, hidden state"),
    ],
)
def test_templates_and_states(hand, kind, first):
    import tkinter

    from gui.compare.computation_panel import ComputationPanel
    from gui.worker.messages import Inspected
    from zoo.computation import LogitComputation, RowsComputation
    from zoo.explanation import Layer

    random = np.random.default_rng(0)
    if kind == "templates":
        layer = Layer("logits", "Output logits (mean-centred)", "digits", np.zeros(10, np.float32))
        found = LogitComputation(random.random(784), random.normal(size=(10, 784)), np.zeros(10))
    else:
        layer = Layer("rows", "Recurrent layer: 8 units over 28 rows", "rows", np.zeros((28, 8), np.float32))
        adds = np.zeros((10, 8))
        adds[3] = [0, 5, 0, 0, -9, 0, 0, 1]
        found = RowsComputation(random.normal(size=(28, 8)), adds)

    class Looks:
        said, layers, choice, place = Inspected("net", layer.name, 7, found), [layer], (layer.name, 7), None

        def choose(self, name, unit):
            self.choice = name, unit

    looks = Looks()
    looks.layer = layer
    top = tkinter.Toplevel(hand.app)
    try:
        top.geometry("400x600")
        panel = ComputationPanel(top, looks, lambda: 3)
        panel.pack(fill="both", expand=True)
        hand.app.update()
        panel.show()
        assert panel.texts[0] == first
        if kind == "templates":
            canvas = next(child for child in panel.winfo_children() if child.winfo_class() == "Canvas")
            pictures = [item for item in canvas.find_all() if canvas.type(item) == "image"]
            x, y = canvas.coords(pictures[3])
            canvas.event_generate("<Button-1>", x=round(x) + 4, y=round(y) + 4)
            assert looks.choice == ("logits", 3)
        else:
            units = [text for text in panel.texts if text.startswith("unit ")]
            assert units[:2] == ["unit 5", "unit 2"]  # sorted by what they add to the logit of 3
    finally:
        top.destroy()
