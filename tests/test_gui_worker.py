import itertools
import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

import zoo
from gui.worker import deaths
from gui.worker import link as worker_link
from gui.worker.link import Model, Worker, WorkerLink
from gui.worker.messages import Answer, Answered, Died, Loading, Progress, Refused, Result
from gui.worker.requests import DEATHS_PER_REQUEST
from tests.gui_support import LOADER
from tests.waiting import PATIENCE, is_running, until

UPRIGHT = np.zeros((28, 28), np.uint8)
UPRIGHT[4:24, 13:15] = 255
WIDE = UPRIGHT.T.copy()


@pytest.fixture
def open_link(tmp_path, monkeypatch, quick_workers):
    """Return a function that starts a worker; its models talk with the test through files in the folder of the test."""
    links = []
    monkeypatch.setattr(worker_link, "HANG_SECONDS", PATIENCE)  # a busy machine is no hanging model

    def open_link(*names):
        links.append(WorkerLink(list(names), root=str(tmp_path), loader=LOADER))
        links[-1].start()
        return links[-1]

    yield open_link
    for link in links:
        link.close()


def poll_until(link, condition):
    """Poll the link until the condition holds, which is given all messages; return these."""
    messages = []

    def step():
        messages.extend(link.poll())

    until(lambda: condition(messages), lambda: (messages, link.worker, link.models), step)
    return messages


def settled(link):
    return lambda _messages: not {Model.WAITING, Model.LOADING} & set(link.models.values())


def has(kind, **about):
    """Return a condition: that there is a message of a kind that says all this."""
    return lambda messages: any(
        isinstance(message, kind) and all(getattr(message, name) == value for name, value in about.items())
        for message in messages
    )


def results(messages):
    return [
        (message.generation, message.model, int(np.argmax(message.probabilities)))
        for message in messages
        if isinstance(message, Result)
    ]


def ask(link, generation, image):
    """Ask all models and return their results once the answer is complete."""
    link.ask(generation, image, link.names)
    messages = poll_until(link, has(Answered, generation=generation))
    return [result for result in results(messages) if result[0] == generation]


def test_models_are_loaded_and_answer_and_a_broken_one_leaves_the_rest_working(open_link):
    link = open_link("reads", "broken", "odd", "says_7")
    poll_until(link, settled(link))
    assert link.models["broken"] is link.models["odd"] is Model.FAILED
    assert link.errors["broken"] == "The artifact broken is damaged: build it again."
    assert link.errors["odd"] == "KeyError: 'weights'"
    assert ask(link, 5, UPRIGHT) == [(5, "reads", 1), (5, "says_7", 7)]
    assert ask(link, 6, WIDE) == [(6, "reads", 0), (6, "says_7", 7)]


def test_a_drawing_made_while_loading_is_answered_by_each_model_as_it_is_loaded(open_link, tmp_path):
    link = open_link("says_1", "slow_to_load")
    link.ask(3, UPRIGHT, link.names)
    messages = poll_until(link, has(Loading, model="slow_to_load"))
    if not results(messages):
        messages += poll_until(link, has(Answered))
    assert results(messages) == [(3, "says_1", 1)]
    (tmp_path / "go_on").touch()
    assert results(poll_until(link, results)) == [(3, "slow_to_load", 1)]
    assert link.models["slow_to_load"] is Model.READY


def test_only_the_newest_drawing_waits(open_link, tmp_path):
    link = open_link("slow")
    poll_until(link, settled(link))
    for generation in range(10):
        link.ask(generation, UPRIGHT, ["slow"])
    (tmp_path / "go_on").touch()
    messages = poll_until(link, has(Answered, generation=9))
    assert [generation for generation, *_ in results(messages)] == [0, 9]


def test_a_forgotten_drawing_is_not_asked(open_link, tmp_path):
    link = open_link("slow")
    for generation in (1, 2):  # the second waits for the answer to the first
        link.ask(generation, UPRIGHT, ["slow"])
    link.forget()
    (tmp_path / "go_on").touch()
    assert results(poll_until(link, has(Answered))) == [(1, "slow", 1)]
    assert not link.is_busy


def test_a_killed_worker_is_restarted_and_asked_again(open_link):
    link = open_link("reads", "says_7")
    poll_until(link, settled(link))
    assert ask(link, 1, UPRIGHT)
    first = link.pid
    os.kill(first, signal.SIGKILL)
    poll_until(link, has(Died))
    assert link.worker is Worker.RESTARTED
    assert link.pid != first
    messages = poll_until(link, lambda messages: len(results(messages)) == 2)
    assert {name for _, name, _ in results(messages)} == {"reads", "says_7"}
    assert link.worker is Worker.RUNNING


@pytest.mark.parametrize("culprit", ["crashes_loading", "crashes_reading"])
def test_a_model_that_crashes_the_worker_is_set_aside(open_link, culprit):
    link = open_link("says_7", culprit, "says_2")
    link.ask(1, UPRIGHT, link.names)
    poll_until(link, lambda _messages: link.models[culprit] is Model.FAILED)
    assert "crashed" in link.errors[culprit]
    poll_until(link, settled(link))
    assert ask(link, 2, UPRIGHT) == [(2, "says_7", 7), (2, "says_2", 2)]


def test_a_worker_that_keeps_dying_is_given_up_and_can_be_started_again(open_link, monkeypatch):
    monkeypatch.setattr(deaths, "RESTARTS", 1)
    link = open_link("says_7")
    for _ in range(2):
        poll_until(link, settled(link))
        os.kill(link.pid, signal.SIGKILL)
        poll_until(link, has(Died))
    assert link.worker is Worker.GIVEN_UP
    assert link.pid is None
    assert link.poll() == []
    link.start()
    poll_until(link, settled(link))
    assert ask(link, 4, UPRIGHT) == [(4, "says_7", 7)]


def test_close_ends_the_worker(open_link):
    link = open_link("slow_to_load")
    pid = link.pid
    assert is_running(pid)
    link.close()
    assert not is_running(pid)
    link.close()  # twice is once


@pytest.mark.slow
def test_the_worker_leaves_when_its_parent_is_killed():
    script = (
        "import time\n"
        "from gui.worker.link import WorkerLink\n"
        "if __name__ == '__main__':\n"
        f"    link = WorkerLink(['slow_to_load'], loader={LOADER!r})\n"
        "    link.start()\n"
        "    print(link.pid, flush=True)\n"
        "    time.sleep(3600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    until(lambda: not is_running(pid))


@pytest.mark.slow
def test_real_models_answer_as_the_library_does_and_write_nothing_to_the_terminal(models, tmp_path):
    image = zoo.image_from_strokes([np.array([(0.0, 0.0), (1.0, 0.0), (0.4, 1.5)])])
    expected = {name: zoo.load(name, root=models).predict(image).probabilities[0] for name in ("small_mlp",)}
    script = (
        "import json, sys, time\n"
        "import numpy as np\n"
        "from gui.worker.link import WorkerLink\n"
        "from gui.worker.messages import Result\n"
        "if __name__ == '__main__':\n"
        f"    link = WorkerLink(['small_mlp'], {str(models)!r})\n"
        "    link.start()\n"
        "    image = np.array(json.loads(sys.stdin.read()), np.uint8)\n"
        "    link.ask(1, image, ['small_mlp'])\n"
        "    while True:\n"
        "        for message in link.poll():\n"
        "            if isinstance(message, Result):\n"
        "                print(json.dumps(message.probabilities))\n"
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
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    np.testing.assert_allclose(json.loads(done.stdout), expected["small_mlp"], atol=1e-5)


# ---- Requests


def answer_to(link, number):
    """Return the messages of a request, up to its last."""

    def is_answered(messages):
        return any(isinstance(message, Answer | Refused) for message in about(messages))

    def about(messages):
        return [message for message in messages if getattr(message, "request", None) == number]

    return about(poll_until(link, is_answered))


def test_a_request_tells_its_progress_and_waits_for_the_model_it_names_alone(open_link):
    link = open_link("slow_to_load", "says_7")  # the first is still to be loaded when the other has counted
    *progress, answer = answer_to(link, link.request("count_up", names=["says_7"], to=3))
    assert [message.done for message in progress] == pytest.approx([0, 0, 1 / 3, 2 / 3], abs=1e-4)
    assert answer.task == "count_up"
    assert answer.result == {"counted": 3, "models": ["says_7"]}  # which was loaded first, out of turn
    assert not link.is_requested


def test_a_drawing_is_answered_between_two_steps(open_link, tmp_path):
    link = open_link("says_7")
    number = link.request("count_until", names=["says_7"], path=str(tmp_path / "there_is_never"))
    poll_until(link, has(Progress, request=number))
    for generation in range(5):
        assert ask(link, generation, UPRIGHT) == [(generation, "says_7", 7)]
    assert link.is_requested
    link.cancel("count_until")
    assert not link.is_requested
    messages = poll_until(link, has(Answer)) if link.request("count_up", names=["says_7"], to=3) else []
    assert not [message for message in messages if getattr(message, "request", None) == number]


def test_the_newest_request_of_a_task_replaces_the_one_before(open_link):
    link = open_link("says_7")
    numbers = [link.request("count_up", names=["says_7"], to=to) for to in (1000, 2000, 5)]
    messages = answer_to(link, numbers[-1])
    assert messages[-1].result["counted"] == 5
    assert {message.request for message in messages + link.poll()} == {numbers[-1]}


def test_the_newest_task_goes_first(open_link, tmp_path):
    link = open_link("says_7")
    long = link.request("count_until", names=["says_7"], path=str(tmp_path / "go_on"))
    poll_until(link, has(Progress, request=long))
    answer_to(link, link.request("examples", source="generated", count=1))
    (tmp_path / "go_on").touch()
    assert isinstance(answer_to(link, long)[-1], Answer)


def test_a_request_that_cannot_be_done_is_refused_in_a_sentence(open_link):
    link = open_link("says_7")
    for task, arguments, sentence in (
        ("explain", {"model": "says_9", "image": UPRIGHT}, "found 'says_9': choose another"),
        ("disagreements", {"source": "generated", "names": ["says_7"]}, "two models or more to differ, found 1"),
        ("examples", {"sauce": 1}, "TypeError: examples"),
    ):
        [*_, refused] = answer_to(link, link.request(task, **arguments))
        assert isinstance(refused, Refused)
        assert sentence in refused.error


def test_requests_made_before_the_start_wait_and_those_after_the_end_are_refused(quick_workers):
    link = WorkerLink(["says_7"], loader=LOADER)
    number = link.request("count_up", names=["says_7"], to=1)
    assert link.poll() == []
    link.start()
    assert isinstance(answer_to(link, number)[-1], Answer)
    link.close()
    link.request("count_up", names=["says_7"], to=1)
    [refused] = link.poll()
    assert refused.error == "Expected models that run, found none: start them again, or build some."


def test_a_request_is_made_again_after_a_restart(open_link, tmp_path):
    link = open_link("says_7")
    number = link.request("count_until", names=["says_7"], path=str(tmp_path / "go_on"))
    poll_until(link, has(Progress, request=number))
    os.kill(link.pid, signal.SIGKILL)
    poll_until(link, has(Died))
    (tmp_path / "go_on").touch()
    assert isinstance(answer_to(link, number)[-1], Answer)


def test_a_request_that_crashes_the_worker_is_refused_the_second_time(open_link):
    link = open_link("says_7")
    [*_, refused] = answer_to(link, link.request("crash", names=["says_7"]))
    assert refused.error == "The process that runs the models stopped twice over this; it was given up."
    poll_until(link, settled(link))
    assert ask(link, 1, UPRIGHT) == [(1, "says_7", 7)]


def test_results_tell_how_long_the_model_took(open_link, tmp_path):
    link = open_link("slow", "says_7")
    poll_until(link, settled(link))
    link.ask(1, UPRIGHT, link.names)
    until((tmp_path / "reads").exists)
    seen = time.perf_counter()
    seen_for = until(lambda: (time.perf_counter() - seen) // 0.1) * 0.1
    (tmp_path / "go_on").touch()
    messages = poll_until(link, has(Answered))
    took = {message.model: message.milliseconds for message in messages if isinstance(message, Result)}
    assert took["slow"] >= 1000 * seen_for
    assert took["says_7"] >= 0


# ---- Those that hang


@pytest.fixture
def long_ago(monkeypatch, tmp_path):
    """Return a function that waits until something hangs, has a clock go faster until the worker is ended, and returns
    the last messages.

    Nothing else can be taken for hanging on a busy machine, as the clock goes fast only while something does hang.
    """

    def wait(link):
        pid = link.pid
        until((tmp_path / "hangs").exists, lambda: (link.worker, link.models), link.poll)
        (tmp_path / "hangs").unlink()
        with monkeypatch.context() as patch:
            ticks = itertools.count(time.monotonic())
            patch.setattr(worker_link, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
            while link.pid == pid:
                messages = link.poll()
        return messages

    return wait


@pytest.mark.parametrize("culprit", ["hangs_loading", "hangs_reading"])
def test_a_model_that_hangs_is_set_aside(open_link, long_ago, culprit):
    link = open_link("says_7", culprit)
    link.ask(1, UPRIGHT, link.names)
    for _ in range(deaths.CRASHES_PER_MODEL):
        assert link.models[culprit] is not Model.FAILED
        long_ago(link)
    assert link.errors[culprit] == "This model did not answer any more; it was set aside."
    poll_until(link, settled(link))
    assert ask(link, 2, UPRIGHT) == [(2, "says_7", 7)]


def test_a_request_that_hangs_is_refused(open_link, long_ago, tmp_path):
    link = open_link("says_7")
    number = link.request("hang", names=["says_7"], folder=str(tmp_path))
    for _ in range(DEATHS_PER_REQUEST):
        messages = long_ago(link)
    assert has(Refused, request=number)(messages)
    assert link.models["says_7"] is not Model.FAILED


def test_a_window_that_slept_takes_no_worker_for_hanging(open_link, monkeypatch, tmp_path):
    link = open_link("slow")
    poll_until(link, settled(link))
    pid = link.pid
    link.ask(1, UPRIGHT, ["slow"])
    until((tmp_path / "reads").exists)
    now = time.monotonic()
    with monkeypatch.context() as patch:  # as the clock of some systems goes on while a laptop sleeps
        patch.setattr(worker_link, "time", SimpleNamespace(monotonic=lambda: now + 3600))
        link.poll()
    (tmp_path / "go_on").touch()
    messages = poll_until(link, has(Answered))
    assert not has(Died)(messages)
    assert link.pid == pid


def test_the_worker_computes_with_one_thread_and_the_window_keeps_its_variables(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    link = WorkerLink(["says_7"], loader=LOADER)
    link.start()
    poll_until(link, settled(link))
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    assert psutil.Process(link.pid).num_threads() == 2  # its own, and the one that watches the window
    link.close()


def test_the_model_in_focus_is_loaded_first_also_after_a_crash(open_link):
    link = open_link("says_1", "says_2", "says_3")
    link.first = "says_3"
    os.kill(link.pid, signal.SIGKILL)
    messages = poll_until(link, lambda messages: Died() in messages and settled(link)(messages))
    after = [message for message in messages[messages.index(Died()) :] if isinstance(message, Loading)]
    assert after[0].model == "says_3"
