"""The page in a real browser, Chromium: drawn on by mouse and by finger, at many sizes, with a server that goes.

Where DIGIT_ZOO_STROKES names a file of drawings, people's are drawn, else synthetic digits.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path

import axe_core_python
import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import zoo
from tests.test_serving_process import running
from tests.waiting import until
from zoo.data.drawing_files import load_drawings
from zoo.synthetic.digits import draw_digit_on_sheet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("chromedriver"),
        reason="there is no Chromium to test the page in (Debian: apt install chromium chromium-driver)",
    ),
]

MODELS = ("softmax", "small_mlp", "lenet")
AXE = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js"))
SIZES = [(360, 640), (412, 915), (640, 360), (768, 1024), (1280, 800), (1920, 1080)]
SCRIBBLE = [
    np.array([[0, 0], [1, 1], [0, 1], [1, 0], [0.5, -0.2], [0.5, 1.2], [0, 0.5], [1, 0.5], [0.2, 0.1], [0.8, 0.9]])
]
# What is sent, for the test to compare with; as the page itself keeps nothing for others to see.
RECORD = (
    "const send = fetch; window.sent = []; window.fetch = (to, how) => { sent.push(how?.body); return send(to, how); }"
)


def people_draw(digit):
    """Return strokes of a digit."""
    if file := os.environ.get("DIGIT_ZOO_STROKES"):
        drawings = load_drawings(file)
        return drawings.drawings[int(np.flatnonzero(drawings.labels == digit)[5])]
    return draw_digit_on_sheet(digit, np.random.default_rng(digit))


@pytest.fixture(scope="module")
def server():
    with running(models=MODELS) as server:
        yield server


@pytest.fixture(scope="module")
def driver():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": RECORD})
    yield driver
    driver.quit()


class Page:
    """The page in the tab that is open, and the hand that uses it."""

    def __init__(self, driver, address):
        self.driver, self.address = driver, address

    def open(self, width=1366, height=768, dark=False):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        self.driver.get(self.address)
        until(lambda: self.text("state") == f"{len(MODELS)} models ready")
        return self

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        return self.find(name).get_attribute("textContent").replace("\xa0", " ")

    def draw(self, strokes, by="mouse"):
        """Draw strokes in the middle of the pad, as large as people do."""
        points = np.concatenate(strokes)
        low, high = points.min(0), points.max(0)
        for stroke in strokes:
            self.trace((stroke - (low + high) / 2) / (high - low).max() * 0.68 + 0.5, by)

    def trace(self, stroke, by="mouse"):
        """Draw a stroke whose places are shares of the side of the pad."""
        box = (
            "const box = document.getElementById('pad').getBoundingClientRect(); return [box.left, box.top, box.width]"
        )
        left, top, side = self.driver.execute_script(box)
        places = np.asarray(stroke) * side + (left, top)
        for number, (x, y) in enumerate([*places, places[-1]]):
            step = "begin" if number == 0 else "end" if number == len(places) else "move"
            self.point(step, float(x), float(y), by)

    def point(self, step, x, y, by):
        if by == "touch":
            kind = {"begin": "touchStart", "move": "touchMove", "end": "touchEnd"}[step]
            points = [] if step == "end" else [{"x": x, "y": y}]
            self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            return
        kind = {"begin": "mousePressed", "move": "mouseMoved", "end": "mouseReleased"}[step]
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": int(step != "end"), "clickCount": 1}
        self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def settled(self):
        """Wait for the answer to the whole drawing, and return it as the library gives it for the same strokes."""
        until(lambda: self.text("said"))
        sent = [json.loads(body) for body in self.driver.execute_script("return sent") if body]
        strokes = [np.array(stroke) for stroke in sent[-1]["strokes"]]
        return zoo.compare(zoo.image_from_strokes(strokes), list(MODELS))

    def axe(self):
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        run = (
            "const done = arguments[0]; axe.run(document).then((found) => done(found.violations.map((one) => one.id)))"
        )
        return self.driver.execute_async_script(run)


@pytest.fixture
def page(driver, server):
    driver.get_log("browser")
    page = Page(driver, server.address)
    yield page
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    errors = [entry["message"] for entry in driver.get_log("browser")]
    assert errors == []


@pytest.mark.parametrize(("digit", "by"), [(3, "mouse"), (4, "touch"), (7, "mouse"), (8, "touch")])
def test_what_is_drawn_is_answered_as_the_library_answers_the_same_strokes(page, digit, by):
    if by == "touch":
        page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.open(412, 915) if by == "touch" else page.open()
    page.draw(people_draw(digit), by)
    expected = page.settled()
    vote = expected.vote
    assert page.text("vote-digit") == ("/".join(map(str, vote.candidates)) or "?")
    if vote.candidates:
        assert page.text("vote-words") == f"{vote.summary} · {100 * vote.probability:.1f} % mean confidence"
    rows = page.driver.find_elements(By.CSS_SELECTOR, "#rows tr")
    shown = [[cell.get_attribute("textContent") for cell in row.find_elements(By.TAG_NAME, "td")] for row in rows]
    for card, (title, said, sure, *_) in zip(expected.cards.values(), shown, strict=True):
        prediction = expected.predictions[card.name]
        assert card.title.startswith(title)
        assert said == str(prediction.digits[0])
        assert abs(float(sure.removesuffix("\xa0%")) - 100 * prediction.probabilities.max()) < 0.06
    assert page.find("seen").is_displayed()
    assert page.text("saliency-title").startswith("Evidence for ")
    assert page.driver.execute_script("return document.getElementById('reference').naturalWidth") == 256


def test_what_is_no_digit_is_doubted_in_the_windows_words(page):
    page.open().draw(SCRIBBLE)
    assert page.settled().vote.is_doubtful
    assert page.text("vote-words") == "Not recognised as a single digit"
    assert page.text("vote-digit") == "?"
    assert page.text("sentence") == "Not recognised as a single digit"


@pytest.mark.parametrize("by", ["mouse", "touch"])
def test_only_what_is_on_the_pad_leaves_ink(page, by):
    page.open().trace([[0.4, 0.3], [0.4, 0.6], [1.1, 0.6], [1.1, 0.8], [0.4, 0.8], [0.6, 0.9]], by)
    page.settled()
    strokes = json.loads(page.driver.execute_script("return sent.at(-1)"))["strokes"]
    assert len(strokes) == 2  # it left the pad, and came back
    points = np.concatenate(strokes)
    assert points.min() > 0
    assert points.max() == 1
    assert strokes[0][-1] == pytest.approx([1, 0.6], abs=0.01)  # up to the edge
    assert strokes[1][0] == pytest.approx([1, 0.8], abs=0.01)
    page.find("undo").click()
    assert page.text("hint") == "Draw a digit, and every model answers while you draw."


def test_a_drawing_that_is_refused_is_not_sent_again(page):
    page.open()
    page.driver.execute_script(
        "const send = fetch; window.fetch = (to, how) => how?.body"
        ' ? (sent.push(how.body), Promise.resolve(new Response(\'{"error": "No."}\', { status: 413 }))) : send(to, how)'
    )
    page.draw([np.array([[0, 0], [1, 1.0]])])
    until(lambda: page.text("banner") == "No.")
    count = page.driver.execute_script("return sent.length")
    page.driver.execute_async_script("setTimeout(arguments[0], 1500)")  # three times as long as until a second try
    assert page.driver.execute_script("return sent.length") == count
    page.find("clear").click()
    assert not page.find("banner").is_displayed()


def test_undo_clear_and_examples(page):
    page.open()
    assert not page.find("undo").is_enabled()
    assert page.text("hint") == "Draw a digit, and every model answers while you draw."
    page.draw([np.array([[0, 0], [0, 1.0]]), np.array([[0, 0], [1, 0.5]])])
    page.settled()
    page.find("pad").send_keys(Keys.CONTROL, "z")
    until(lambda: len(json.loads(page.driver.execute_script("return sent.at(-1)"))["strokes"]) == 1)
    page.find("clear").click()
    until(lambda: page.text("hint"))
    assert page.text("vote-digit") == ""
    Select(page.find("example-digit")).select_by_visible_text("5")
    page.find("example").click()
    page.settled()
    page.find("pad").send_keys(Keys.DELETE)
    assert not page.find("clear").is_enabled()


def test_what_is_erased_or_cleared_comes_back_and_goes_again(page):
    page.open()
    page.draw([np.array([[0, 0], [0.5, 0], [1.0, 0]]), np.array([[0, 1], [1, 1.0]])])

    def strokes():
        page.settled()
        return json.loads(page.driver.execute_script("return sent.at(-1)"))["strokes"]

    drawn = strokes()
    page.find("pad").send_keys("e")
    assert page.find("eraser").get_attribute("aria-pressed") == "true"
    box = page.find("pad").rect
    middle = box["x"] + box["width"] / 2
    for step, down in (("begin", 0.05), ("move", 0.3), ("end", 0.3)):  # across the upper stroke
        page.point(step, middle, box["y"] + down * box["height"], "mouse")
    erased = strokes()
    assert len(erased) == 3
    assert erased[2] == drawn[1]
    assert all(abs(x - 0.5) > 0.07 for stroke in erased[:2] for x, _ in stroke)
    page.find("clear").click()
    page.find("undo").click()
    assert strokes() == erased
    page.find("pad").send_keys(Keys.CONTROL, "z")
    assert strokes() == drawn
    page.find("redo").click()
    assert strokes() == erased
    page.find("pad").send_keys("p")
    assert page.find("eraser").get_attribute("aria-pressed") == "false"


def test_a_heading_sorts_the_models_and_only_dissent_is_said(page):
    page.open().draw(people_draw(4))
    vote = page.settled().vote
    heading = page.driver.find_element(By.CSS_SELECTOR, "[data-key=accuracy]")
    for order in ("descending", "ascending"):
        heading.click()
        cells = page.driver.find_elements(By.CSS_SELECTOR, "#rows .accuracy")
        shown = [float(cell.get_attribute("textContent").removesuffix("\xa0%")) for cell in cells]
        assert shown == sorted(shown, reverse=order == "descending")
        assert heading.find_element(By.XPATH, "..").get_attribute("aria-sort") == order
    signs = [cell.text for cell in page.driver.find_elements(By.CSS_SELECTOR, "#rows td:last-child")]
    assert signs.count("") == vote.counts[vote.digit]


def test_the_layers_of_the_model_in_focus_are_shown_when_they_are_opened(page):
    page.open().draw(people_draw(3))
    page.settled()
    assert page.driver.find_elements(By.CSS_SELECTOR, "#outputs canvas") == []
    page.driver.find_element(By.CSS_SELECTOR, "#layers summary").click()

    def titles():
        found = "[...document.querySelectorAll('#outputs figcaption')].map((each) => each.textContent)"
        return page.driver.execute_script(f"return {found}")

    until(titles)
    assert titles()[0] == "Convolution 1: 6 feature maps of 28 × 28"
    assert page.axe() == []
    Select(page.find("model")).select_by_value("small_mlp")
    until(lambda: titles()[:1] == ["Hidden layer: 30 units"])


def test_by_keyboard_another_model_comes_into_focus_and_another_digit_is_explained(page):
    page.open().draw(people_draw(2))
    page.settled()
    row = next(row for row in page.driver.find_elements(By.CSS_SELECTOR, "#rows button") if row.text == "Small MLP")
    row.send_keys(Keys.ENTER)
    assert Select(page.find("model")).first_selected_option.text.startswith("Small MLP")
    page.driver.find_elements(By.CSS_SELECTOR, "#bars button")[6].send_keys(Keys.ENTER)
    assert page.text("saliency-title") == "Evidence for 6"
    until(
        lambda: (
            json.loads(page.driver.execute_script("return sent.at(-1)")).get("saliency")
            == {"model": "small_mlp", "digit": 6}
        )
    )
    reached = set()
    for _ in range(30):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(page.driver.switch_to.active_element.get_attribute("id"))
    assert {"pad", "eraser", "undo", "clear", "example", "model"} <= reached


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_at_every_size_all_fits_and_nobody_is_shut_out(page, width, height, dark):
    page.open(width, height, dark)
    assert page.axe() == []
    page.draw(SCRIBBLE if dark else people_draw(9))
    page.settled()
    assert page.axe() == []
    assert page.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    for name in ("pad", "answer"):  # seen without scrolling
        box = page.find(name).rect
        assert 0 <= box["y"] < height
        assert box["x"] + box["width"] <= width
    assert page.find("pad").rect["height"] + page.find("pad").rect["y"] <= height


def test_two_tabs_keep_to_themselves(page):
    page.open().draw(people_draw(1))
    page.settled()
    first, words = page.driver.current_window_handle, page.text("vote-words")
    page.driver.switch_to.new_window("tab")
    page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": RECORD})
    page.open().draw(people_draw(0))
    page.settled()
    other = page.text("vote-words")
    page.driver.close()
    page.driver.switch_to.window(first)
    assert page.text("vote-words") == words != other


def test_a_server_that_goes_and_comes_back_loses_nothing(driver):
    with running(models=MODELS) as server:
        page = Page(driver, server.address).open()
        page.draw(people_draw(3))
        page.settled()
        port = server.address.rpartition(":")[2]
        server.kill()
        server.wait()
    page.find("clear").click()
    page.draw(people_draw(6))
    until(lambda: "The connection is gone" in page.text("banner") and page.find("banner").is_displayed())
    page.find("clear").click()
    assert page.find("banner").is_displayed()  # whatever is on the pad, as it is not back
    page.find("example").click()
    with running("--port", port, models=MODELS):
        until(lambda: not page.find("banner").is_displayed())  # though nothing is asked
        page.draw(people_draw(6))
        until(lambda: page.text("vote-digit"))
        assert page.settled().verdict == page.text("vote-digit").replace("/", " or ")
    with contextlib.suppress(Exception):
        driver.get_log("browser")  # in which lost requests are errors
