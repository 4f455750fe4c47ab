import io
import os
import shutil
import subprocess
import sys
import tempfile
import tkinter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

import zoo
from gui.system import clipboard
from gui.system.drop import dropped_paths, enable_drop
from gui.system.opening import (
    SHOWN_SIDE,
    open_picture,
    paths_from_uris,
)
from gui.worker.link import Model, WorkerLink
from gui.worker.messages import Answer, Refused
from tests.gui_support import LOADER
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("no_collection")


def a_one(size=(300, 200), ink="black", paper="white"):
    picture = Image.new("RGB", size, paper)
    x = size[0] // 2
    ImageDraw.Draw(picture).line((x, size[1] // 5, x, size[1] * 4 // 5), ink, width=size[1] // 12)
    return picture


def png(picture):
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def root(display, monkeypatch):
    monkeypatch.setattr(clipboard, "SECONDS", PATIENCE)  # what a busy machine takes is no failure
    root = tkinter.Tk()
    root.update()  # learns who has the clipboard now
    yield root
    root.destroy()


def test_a_picture_is_read_as_the_library_reads_it(tmp_path):
    path = tmp_path / "my one.png"
    a_one().save(path)
    picture = open_picture(path)
    np.testing.assert_array_equal(picture.image, zoo.image_from_picture(path))
    assert picture.title == "my one.png"


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_large_picture_is_shown_small_and_upright(tmp_path, suffix):
    path = tmp_path / f"photo{suffix}"
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera turned by a quarter
    a_one((3000, 2000)).rotate(90, expand=True).save(path, exif=exif)
    picture = open_picture(path)
    assert picture.shown.size == (SHOWN_SIDE, SHOWN_SIDE * 2 // 3)
    assert picture.image.any(axis=0).sum() < 8  # upright


@pytest.mark.parametrize("ink", ["black", "white"])
def test_ink_on_nothing_is_shown_on_paper(ink):
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line((50, 20, 50, 80), ink, width=8)
    shown = np.asarray(open_picture(picture, "Pasted").shown)
    assert {int(shown[50, 50, 0]), int(shown[50, 5, 0])} == {0, 255}


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "F", "CMYK"])
def test_every_kind_of_pixel_can_be_shown(mode):
    if mode in ("I;16", "F"):
        levels = np.asarray(a_one().convert("L"))
        picture = Image.fromarray(levels.astype(np.uint16) * 200 if mode == "I;16" else levels / np.float32(7))
    else:
        picture = a_one().convert(mode)
    shown = open_picture(picture).shown
    assert shown.mode == "RGB"
    assert shown.getpixel((150, 100))[0] < 20
    assert shown.getpixel((10, 10))[0] > 200


def test_what_is_no_picture_of_a_digit_is_explained(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    for name, error in (("text", zoo.ImageError), ("blank", zoo.BlankImageError), ("none", zoo.ImageError)):
        with pytest.raises(error, match="Expected"):
            open_picture(tmp_path / f"{name}.png")


def test_the_worker_opens_a_picture_and_says_why_it_cannot(tmp_path, quick_workers):
    a_one().save(tmp_path / "one.png")
    link = WorkerLink(["says_1"], loader=LOADER)
    link.start()
    try:

        def end():
            return next((message for message in link.poll() if isinstance(message, Answer | Refused)), None)

        ends = {}
        for name in ("one", "none"):
            number = link.request("picture", path=str(tmp_path / f"{name}.png"))
            ends[name] = until(end)
            assert ends[name].request == number
        np.testing.assert_array_equal(ends["one"].result.image, zoo.image_from_picture(tmp_path / "one.png"))
        np.testing.assert_array_equal(ends["one"].result.shown, np.asarray(a_one()))
        assert ends["one"].result.title == "one.png"
        assert "none.png" in ends["none"].error
        assert link.models["says_1"] is not Model.FAILED
    finally:
        link.close()


# ---- The clipboard


needs_x11 = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="of X11")


def while_serving(root, function):
    """Call a function in a thread, while the window does what others ask of its clipboard."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(function)
        until(future.done, step=root.update)
        return future.result()


@needs_x11
def test_a_picture_that_is_copied_is_pasted(root):
    random = np.random.default_rng(0)
    picture = Image.fromarray(random.integers(0, 256, (150, 200, 3), dtype=np.uint8))  # all bytes, and several parts
    errors = []
    clipboard.copy_image(root, png(picture), errors.append)
    pasted = while_serving(root, clipboard.paste)
    np.testing.assert_array_equal(np.asarray(pasted), np.asarray(picture))
    assert not errors


@needs_x11
@pytest.mark.skipif(shutil.which("xclip") is None, reason="there is no xclip")
def test_other_programs_paste_what_is_copied_and_copy_what_is_pasted(root, tmp_path):
    content = png(a_one())
    clipboard.copy_image(root, content, pytest.fail)
    command = ["xclip", "-selection", "clipboard", "-t", "image/png"]
    assert while_serving(root, lambda: subprocess.run([*command, "-o"], capture_output=True).stdout) == content
    other = png(a_one((90, 90)))
    subprocess.run(command, input=other, stdout=subprocess.DEVNULL, check=True)
    assert clipboard.paste().size == (90, 90)
    path = tmp_path / "a é.png"
    subprocess.run([*command[:-1], "text/uri-list"], input=f"{path.as_uri()}\r\n".encode(), check=True)
    assert clipboard.paste() == path


@needs_x11
def test_nothing_to_paste_is_explained(root, monkeypatch):
    root.clipboard_clear()
    root.clipboard_append("text")
    with pytest.raises(zoo.ImageError, match="No picture on the clipboard"):
        while_serving(root, clipboard.paste)
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(zoo.ImageError, match=r"The clipboard cannot be read \(.*display"):
        clipboard.paste()


@needs_x11
@pytest.mark.parametrize("content", [b"garbage", png(a_one())[:200]])
def test_what_was_copied_and_is_no_whole_picture_is_explained(root, content):
    clipboard.copy_image(root, content, pytest.fail)
    with pytest.raises(zoo.ImageError) as error:
        while_serving(root, clipboard.paste)
    assert str(error.value).startswith("Expected a whole picture on the clipboard, found one that cannot be read:")


class Elsewhere:
    """A root window as copying sees it on another system."""

    def __init__(self, root, winsys):
        self.after = root.after
        self.tk = SimpleNamespace(call=lambda *_words: winsys)


@pytest.mark.skipif(os.name != "posix", reason="runs shell scripts in place of the programs of other systems")
@pytest.mark.parametrize("winsys", ["aqua", "win32"])
def test_programs_that_copy_are_given_the_path_whatever_is_in_it(root, tmp_path, monkeypatch, winsys):
    """Scripts stand in for them. Neither language is given the path within a line, where it would need quotes."""
    folder, copied, lines = tmp_path / "Zoë O'Neill's \"files\"", tmp_path / "copied", tmp_path / "lines"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    name, path = {"aqua": ("osascript", '"$last"'), "win32": ("powershell", '"$DIGIT_ZOO_PICTURE"')}[winsys]
    program = tmp_path / name
    program.write_text(
        f"""#!/bin/sh
        for last; do printf '%s\\n' "$last" >> '{lines}'; done
        cp {path} '{copied}.part' && mv '{copied}.part' '{copied}'
        """
    )
    program.chmod(0o755)
    clipboard.copy_image(Elsewhere(root, winsys), b"png", pytest.fail)
    until(copied.exists, step=root.update)
    assert copied.read_bytes() == b"png"
    named = [line for line in lines.read_text().splitlines() if str(folder) in line]
    assert all(Path(line).name == "picture.png" and line.startswith(str(folder)) for line in named)
    until(lambda: not list(folder.iterdir()), step=root.update)


@pytest.mark.skipif(os.name != "posix", reason="uses cp")
def test_a_program_copies_and_a_failure_is_reported(root, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    errors, copied = [], tmp_path / "copied"
    go_on = tmp_path / "go_on"
    script = f"until [ -e '{go_on}' ]; do sleep 0.01; done; cp \"$1\" '{copied}'"
    clipboard.copy_by_program(root, b"png", ["sh", "-c", script, "sh", clipboard.PATH], errors.append)
    assert not copied.exists()  # it has not been waited for
    go_on.touch()
    until(lambda: copied.exists() and copied.read_bytes() == b"png", step=root.update)
    assert errors == []
    for command in (["false"], ["no-such-program"]):
        clipboard.copy_by_program(root, b"png", command, errors.append)
        until(lambda: errors, step=root.update)
    until(lambda: len(errors) == 2, step=root.update)
    assert sorted(error.split(":")[0] for error in errors) == [
        "The picture could not be copied (false failed)",
        "The picture could not be copied (no-such-program",
    ]
    until(lambda: not list(folder.iterdir()), step=root.update)  # all programs have ended


# ---- Dropping


def test_dropped_files_are_taken_from_every_spelling(root):
    assert dropped_paths(root, "/a.png") == [Path("/a.png")]
    assert dropped_paths(root, "{/my pictures/a b.png} /c.png") == [Path("/my pictures/a b.png"), Path("/c.png")]
    assert dropped_paths(root, "file:///my%20pictures/%C3%A9.png") == [Path("/my pictures/é.png")]
    assert dropped_paths(root, "{/odd") == [Path("{/odd")]
    assert dropped_paths(root, "file://[bad/x file:///a.png") == [Path("/a.png")]
    assert paths_from_uris("# comment\r\nfile:///a.png\r\nhttp://elsewhere/b.png\r\n") == [Path("/a.png")]


def test_a_drop_on_a_widget_is_received(root):
    pad, dropped = tkinter.Canvas(root), []
    pad.pack()
    root.update()
    if not enable_drop(pad, dropped.append):
        pytest.skip("tkdnd has no library for this system")
    # What tkdnd calls when something was dropped, with the files in place of %D.
    function, _ = str(root.tk.call("bind", pad, "<<Drop>>")).split()
    assert str(root.tk.call(function, "{/a b.png} /c.png")) == "copy"
    assert dropped == [[Path("/a b.png"), Path("/c.png")]]
    for elsewhere in ("https://elsewhere/b.png", "file://[bad/x"):
        dropped.clear()
        root.tk.call(function, elsewhere)
        assert dropped == [[]]


def test_where_tkdnd_cannot_be_loaded_nothing_is_dropped(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "tkinterdnd2", None)
    assert not enable_drop(root, print)
