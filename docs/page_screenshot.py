"""Make docs/page.png, the page of the server in a browser with a drawn digit: python docs/page_screenshot.py

It needs Chromium with its driver (Debian: apt install chromium chromium-driver) and Selenium.
"""

import io
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from docs.load import server  # noqa: E402
from zoo.synthetic.digits import draw_digit_on_sheet  # noqa: E402

WIDTH, HEIGHT = 1280, 978
PATIENCE = 120  # seconds


def main() -> None:
    """Start the server, draw on its page, and save what Chromium shows."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    with (
        server(1) as (_, port),
        webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver"))) as page,
    ):
        page.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False},
        )
        page.get(f"http://127.0.0.1:{port}/")
        WebDriverWait(page, PATIENCE).until(lambda page: "ready" in text(page, "state"))
        draw(page, draw_digit_on_sheet(4, np.random.default_rng(9)))  # models differ on it
        WebDriverWait(page, PATIENCE).until(lambda page: text(page, "said"))
        Image.open(io.BytesIO(page.get_screenshot_as_png())).quantize(96).save(
            PROJECT / "docs" / "page.png", optimize=True
        )


def text(page: webdriver.Chrome, name: str) -> str:
    """Return what an element of the page says."""
    return page.execute_script("return document.getElementById(arguments[0]).textContent", name)


def draw(page: webdriver.Chrome, strokes: list[np.ndarray]) -> None:
    """Draw strokes in 0..1 on the pad with the mouse."""
    box = "const box = document.getElementById('pad').getBoundingClientRect(); return [box.left, box.top, box.width]"
    left, top, side = page.execute_script(box)
    for stroke in strokes:
        places = (stroke * side + (left, top)).tolist()
        for kind, (x, y) in zip(
            ["mousePressed", *["mouseMoved"] * (len(places) - 1), "mouseReleased"], [*places, places[-1]], strict=True
        ):
            event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": int(kind != "mouseReleased")}
            page.execute_cdp_cmd("Input.dispatchMouseEvent", event | {"clickCount": 1})


if __name__ == "__main__":
    main()
