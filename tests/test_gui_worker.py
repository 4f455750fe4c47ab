import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import zoo
from gui import worker_link
from gui.worker_link import Model, Worker, WorkerLink
from tests.gui_support import LOADER

UPRIGHT = np.zeros((28, 28), np.uint8)
UPRIGHT[4:24, 13:15] = 255
WIDE = UPRIGHT.T.copy()


@pytest.fixture
def open_link():
    links = []

    def open_link(*names):
        links.append(WorkerLink(list(names), loader=LOADER))
        links[-1].start()
        return links[-1]

    yield open_link
    for link in links:
        link.close()


def poll_until(link, condition, seconds=30):
    """Poll the link until the condition holds; return all messages."""
    messages, end = [], time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, (messages, link.worker, link.models)
        messages += link.poll()
        time.sleep(0.005)
    return messages


def settled(link):
    return lambda: not {Model.WAITING, Model.LOADING} & set(link.models.values())


def results(messages):
    return [
        (message["generation"], message["model"], int(np.argmax(message["probabilities"])))
        for message in messages
        if message["kind"] == "result"
    ]


def ask(link, generation, image):
    """Ask all models and return their results once the answer is complete."""
    link.ask(generation, image, link.names)
    messages = poll_until(link, lambda: not link._waiting and not link.is_busy)
    return results(messages)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_models_are_loaded_and_answer_and_a_broken_one_leaves_the_rest_working(open_link):
    link = open_link("reads", "broken", "odd", "says_7")
    poll_until(link, settled(link))
    assert link.models["broken"] is link.models["odd"] is Model.FAILED
    assert link.errors["broken"] == "The artifact broken is damaged: build it again."
    assert link.errors["odd"] == "KeyError: 'weights'"
    assert ask(link, 5, UPRIGHT) == [(5, "reads", 1), (5, "says_7", 7)]
    assert ask(link, 6, WIDE) == [(6, "reads", 0), (6, "says_7", 7)]


def test_a_drawing_made_while_loading_is_answered_by_each_model_as_it_is_loaded(open_link):
    link = open_link("says_1", "slow_to_load")
    link.ask(3, UPRIGHT, link.names)
    messages = poll_until(link, lambda: link.models["slow_to_load"] is Model.LOADING)
    messages += poll_until(link, lambda: not link._waiting and not link.is_busy)
    assert results(messages) == [(3, "says_1", 1)]
    messages = poll_until(link, lambda: link.models["slow_to_load"] is Model.READY)
    messages += poll_until(link, lambda: bool(results(messages)) or messages.extend(link.poll()))
    assert results(messages) == [(3, "slow_to_load", 1)]


def test_only_the_newest_drawing_waits(open_link):
    link = open_link("slow")
    poll_until(link, settled(link))
    for generation in range(10):
        link.ask(generation, UPRIGHT, ["slow"])
    messages = poll_until(link, lambda: not link._waiting and not link.is_busy)
    assert [generation for generation, *_ in results(messages)] == [0, 9]


def test_a_forgotten_drawing_is_not_asked(open_link):
    link = open_link("says_1")
    link.ask(1, UPRIGHT, ["says_1"])
    link.forget()
    assert results(poll_until(link, settled(link))) == []
    assert not link.is_busy


def test_a_killed_worker_is_restarted_and_asked_again(open_link):
    link = open_link("reads", "says_7")
    poll_until(link, settled(link))
    assert ask(link, 1, UPRIGHT)
    first = link.pid
    os.kill(first, signal.SIGKILL)
    messages = poll_until(link, lambda: link.worker is Worker.RESTARTED)
    assert {"kind": "died"} in messages
    assert link.pid != first
    messages = poll_until(link, lambda: settled(link)() and not link._waiting and not link.is_busy)
    assert {name for _, name, _ in results(messages)} == {"reads", "says_7"}
    assert link.worker is Worker.RUNNING


@pytest.mark.parametrize("culprit", ["crashes_loading", "crashes_reading"])
def test_a_model_that_crashes_the_worker_is_set_aside(open_link, culprit):
    link = open_link("says_7", culprit, "says_2")
    link.ask(1, UPRIGHT, link.names)
    messages = poll_until(link, lambda: link.models[culprit] is Model.FAILED)
    assert "crashed" in link.errors[culprit]
    messages = poll_until(link, lambda: settled(link)() and not link._waiting and not link.is_busy)
    assert {name for _, name, _ in results(messages)} == {"says_7", "says_2"}


def test_a_worker_that_keeps_dying_is_given_up_and_can_be_started_again(open_link, monkeypatch):
    monkeypatch.setattr(worker_link, "RESTARTS", 1)
    link = open_link("says_7")
    for _ in range(2):
        poll_until(link, settled(link))
        os.kill(link.pid, signal.SIGKILL)
        poll_until(link, lambda: link.worker is not Worker.RUNNING)
    assert link.worker is Worker.GIVEN_UP
    assert link.pid is None
    assert link.poll() == []
    link.start()
    poll_until(link, settled(link))
    assert ask(link, 4, UPRIGHT) == [(4, "says_7", 7)]


def test_close_ends_the_worker(open_link):
    link = open_link("slow_to_load")
    pid = link.pid
    assert is_alive(pid)
    link.close()
    assert not is_alive(pid)
    link.close()  # twice is once


def test_the_worker_leaves_when_its_parent_is_killed():
    script = (
        "import time\n"
        "from gui.worker_link import WorkerLink\n"
        "if __name__ == '__main__':\n"
        f"    link = WorkerLink(['slow_to_load'], loader={LOADER!r})\n"
        "    link.start()\n"
        "    print(link.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    end = time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_real_models_answer_as_the_library_does_and_write_nothing_to_the_terminal(models, tmp_path):
    image = zoo.image_from_strokes([np.array([(0.0, 0.0), (1.0, 0.0), (0.4, 1.5)])])
    expected = {name: zoo.load(name, root=models).predict(image).probabilities[0] for name in ("small_mlp",)}
    script = (
        "import json, sys, time\n"
        "import numpy as np\n"
        "from gui.worker_link import WorkerLink\n"
        "if __name__ == '__main__':\n"
        f"    link = WorkerLink(['small_mlp'], {str(models)!r})\n"
        "    link.start()\n"
        "    image = np.array(json.loads(sys.stdin.read()), np.uint8)\n"
        "    link.ask(1, image, ['small_mlp'])\n"
        "    while True:\n"
        "        for message in link.poll():\n"
        "            if message['kind'] == 'result':\n"
        "                print(json.dumps(message['probabilities']))\n"
        "                link.close()\n"
        "                assert 'tensorflow' not in sys.modules\n"
        "                sys.exit()\n"
        "        assert not link.errors, link.errors\n"
        "        time.sleep(0.01)\n"
    )
    path = tmp_path / "ask.py"
    path.write_text(script)
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    done = subprocess.run(
        [sys.executable, path],
        input=json.dumps(image.tolist()),
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    np.testing.assert_allclose(json.loads(done.stdout), expected["small_mlp"], atol=1e-5)
