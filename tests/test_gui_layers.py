"""The layers as pictures, under real events."""

import numpy as np
import pytest

from zoo.explanation import Layer

MAPS = Layer("conv", "Convolution: 20 maps", "feature maps", np.zeros((20, 24, 24), np.float32))
UNITS = Layer("hidden", "Hidden layer: 30 units", "units", np.zeros(30, np.float32))
ROWS = Layer("rows", "Recurrent layer: 128 units", "rows", np.zeros((28, 128), np.float32))
ANSWER = Layer("logits", "Output logits (mean-centred)", "digits", np.arange(10, dtype=np.float32) - 4.5)


def with_value(layer, place, value):
    values = layer.values.copy()
    values[place] = value
    return Layer(layer.name, layer.title, layer.kind, values)


class Viewer:
    """Looks at a LayerView as a person does."""

    def __init__(self, app, view):
        self.app, self.view = app, view
        self.canvas = next(child for child in view.winfo_children() if child.winfo_class() == "Canvas")

    def show(self, *layers, message=""):
        self.view.show(list(layers), message)
        self.app.update()

    def resize(self, width, height):
        self.app.geometry(f"{width}x{height}")
        self.app.update()

    def texts(self):
        items = self.canvas.find_all()
        return [self.canvas.itemcget(item, "text") for item in items if self.canvas.type(item) == "text"]

    def pictures(self):
        return [item for item in self.canvas.find_all() if self.canvas.type(item) == "image"]

    def photo(self, number):
        return self.canvas.itemcget(self.pictures()[number], "image")

    def colour(self, number, x, y):
        red, green, blue = self.app.tk.splitlist(self.app.tk.call(self.photo(number), "get", x, y))
        return int(red), int(green), int(blue)

    def point_at(self, number, x, y):
        left, top, *_ = self.canvas.bbox(self.pictures()[number])
        x, y = left + x - self.canvas.canvasx(0), top + y - self.canvas.canvasy(0)
        self.canvas.event_generate("<Motion>", x=round(x), y=round(y))
        return self.view.caption

    def press(self, key):
        self.canvas.focus_force()
        self.app.update()
        self.canvas.event_generate(key)
        self.app.update()
        return self.canvas.canvasy(0)


@pytest.fixture(scope="module")
def app(display):
    import ttkbootstrap as ttk

    from gui import appearance

    app = ttk.App(title="Layers", iconphoto=None)
    appearance.apply(app, is_dark=False)
    yield app
    app.destroy()


@pytest.fixture
def viewer(app):
    from gui.compare.layers import LayerView

    errors = []
    app.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
    view = LayerView(app)
    view.pack(fill="both", expand=True)
    viewer = Viewer(app, view)
    viewer.resize(600, 500)
    yield viewer
    view.destroy()
    assert errors == []


def is_blue(colour):
    return colour[2] > colour[0] + 60


def is_orange(colour):
    return colour[0] > colour[2] + 60


def test_each_layer_has_a_heading_and_a_picture(viewer):
    viewer.show(with_value(MAPS, (0, 0, 0), 3.21), with_value(UNITS, 11, 0.83), ROWS, ANSWER)
    texts = viewer.texts()
    for layer in (MAPS, UNITS, ROWS, ANSWER):
        assert layer.title in texts
    assert "from 0.00 to 3.21" in texts
    assert "strongest: unit 12, at 0.83" in texts
    assert any(text.startswith("hidden state after each image row") for text in texts)
    assert any("highest: 9, at 4.50" in text for text in texts)
    assert set(map(str, range(10))) <= set(texts)
    assert len(viewer.pictures()) == 4


def test_colours_tell_the_sign(viewer):
    units = with_value(with_value(UNITS, 0, 2.0), 29, -2.0)
    viewer.show(units)
    left, top, right, bottom = viewer.canvas.bbox(viewer.pictures()[0])
    assert is_blue(viewer.colour(0, 2, 2))
    assert is_orange(viewer.colour(0, right - left - 3, bottom - top - 3))
    assert np.ptp(viewer.colour(0, 30, 2)) < 10


def test_new_values_are_painted_in_place(viewer):
    viewer.show(UNITS)
    photo, items = viewer.photo(0), viewer.canvas.find_all()
    assert not is_blue(viewer.colour(0, 2, 2))
    viewer.show(with_value(UNITS, 0, 1.0))
    assert is_blue(viewer.colour(0, 2, 2))
    assert (viewer.photo(0), viewer.canvas.find_all()) == (photo, items)
    viewer.show(ROWS)  # another model
    assert len(viewer.pictures()) == 1
    assert viewer.texts().count(ROWS.title) == 1


def test_the_mouse_is_shown_what_it_points_at(viewer):
    from gui.compare.layers import LEGEND

    viewer.show(
        with_value(MAPS, (1, 0, 0), 3.2), with_value(UNITS, 1, -0.834), with_value(ROWS, (27, 127), 0.5), ANSWER
    )
    assert viewer.view.caption == LEGEND
    assert viewer.point_at(0, 3, 3) == "map 1: 0.00 to 0.00"
    assert viewer.point_at(0, 60, 3) == "map 2: 0.00 to 3.20"
    assert viewer.point_at(1, 30, 3) == "unit 2: −0.83"
    left, top, right, bottom = viewer.canvas.bbox(viewer.pictures()[2])
    assert viewer.point_at(2, right - left - 1, bottom - top - 1) == "row 28, unit 128: 0.50"
    assert viewer.point_at(3, 3, 3) == "digit 0: −4.50"
    viewer.show(MAPS, UNITS, ROWS, with_value(ANSWER, 0, 12.34))  # it changes under a mouse at rest
    assert viewer.view.caption == "digit 0: 12.3"
    viewer.canvas.event_generate("<Leave>")
    assert viewer.view.caption == LEGEND


def test_it_scrolls_by_keys_wheel_and_only_where_there_is_no_room(viewer):
    several = [Layer(f"conv_{n}", f"Convolution {n}", "feature maps", MAPS.values + n) for n in range(8)]
    viewer.show(*several)
    start = viewer.canvas.canvasy(0)
    assert viewer.photo(7) == ""  # out of sight
    assert viewer.press("<Down>") > start
    assert viewer.press("<Next>") > start + 300
    assert viewer.press("<Home>") == start
    end = viewer.press("<End>")
    assert end > start + 300
    assert viewer.press("<Next>") == end
    assert is_blue(viewer.colour(7, 3, 3))  # painted when it came into sight
    viewer.canvas.event_generate("<Button-4>")
    viewer.app.update()
    assert viewer.canvas.canvasy(0) < end
    viewer.show(UNITS)
    assert viewer.canvas.canvasy(0) == start
    for key in ("<Next>", "<End>", "<Button-5>"):
        assert viewer.press(key) == start


@pytest.mark.parametrize("width", [380, 700, 1200])
def test_every_width_shows_every_map(viewer, width):
    viewer.resize(width, 400)
    viewer.show(MAPS, UNITS, ROWS, Layer("wide", "Wide", "rows", np.zeros((28, 2000), np.float32)), ANSWER)
    viewer.press("<End>")
    viewer.press("<Home>")
    for picture in viewer.pictures():
        left, _, right, _ = viewer.canvas.bbox(picture)
        assert left >= 0
        assert right <= viewer.canvas.winfo_width()
    left, top, right, bottom = viewer.canvas.bbox(viewer.pictures()[0])
    seen = {
        viewer.point_at(0, x, y).split(":")[0] for x in range(3, right - left, 9) for y in range(3, bottom - top, 9)
    }
    assert seen >= {f"map {number}" for number in range(1, 21)}


def test_without_layers_stands_a_message(viewer):
    viewer.show(UNITS, message="Not seen.")
    assert "Not seen." not in viewer.texts()
    viewer.show(message="Draw a digit.")
    assert "Draw a digit." in viewer.texts()
    assert UNITS.title not in viewer.texts()
    assert viewer.view.caption == ""
    viewer.view.show(None, "Loading…")
    assert "Loading…" in viewer.texts()


def test_a_dark_theme_has_its_own_colours(app, viewer):
    from gui import appearance
    from gui.compare.layers import LayerView

    viewer.show(UNITS)
    light = viewer.colour(0, 2, 2)
    appearance.apply(app, is_dark=True)
    try:
        view = LayerView(app)
        view.pack(fill="both", expand=True)
        dark = Viewer(app, view)
        viewer.view.pack_forget()
        app.update()
        dark.show(UNITS)
        assert sum(light) > 600
        assert sum(dark.colour(0, 2, 2)) < 200
        view.destroy()
    finally:
        appearance.apply(app, is_dark=False)
