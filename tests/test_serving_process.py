"""The server as a process: how it begins and ends, slow senders, and workers that die."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import httpx2
import numpy as np
import psutil
import pytest

from tests.waiting import PATIENCE, is_running, until

DOT = json.dumps({"strokes": [[[0, 0], [1, 5]]]}).encode()


@contextlib.contextmanager
def running(*options, models=("softmax",)):
    """Run ``python -m zoo serve`` and give its process and address once it answers."""
    command = [sys.executable, "-m", "zoo", "serve", "--port", "0", *options, "--models", *models]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    )
    try:
        said = server.stdout.readline()
        server.said = said
        port = int(re.search(r":(\d+)/", said)[1])
        server.address = f"http://127.0.0.1:{port}"
        until(lambda: answers(server.address))
        yield server
    finally:
        if server.poll() is None:
            server.terminate()
        server.log = server.communicate(timeout=PATIENCE)[1]


def answers(address):
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{address}/health", timeout=PATIENCE).status_code == 200
    return False


def raw(address):
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def everything(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_sigterm_ends_it_cleanly_after_what_has_begun():
    with running() as server:
        assert "for this computer alone" in server.said
        with raw(server.address) as connection:
            head = f"POST /v1/digits:compare HTTP/1.1\r\nHost: x\r\nContent-Length: {len(DOT)}\r\n\r\n"
            connection.sendall(head.encode() + DOT[:-1])
            assert answers(server.address)  # so the head has been read
            server.send_signal(signal.SIGTERM)
            until(lambda: not is_listening(server.address))
            connection.sendall(DOT[-1:])
            assert everything(connection).startswith(b"HTTP/1.1 200 ")
        assert server.wait(PATIENCE) == 0
        assert "The server has ended." in server.stdout.read()
    assert "Traceback" not in server.log
    lines = [line for line in server.log.splitlines() if "digits:compare" in line]
    assert len(lines) == 1
    assert re.fullmatch(r"[\d-]+ [\d:]+ 127\.0\.0\.1 POST /v1/digits:compare 200 [\d.]+ ms", lines[0])


def is_listening(address):
    try:
        raw(address).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_a_port_that_is_taken_and_a_model_that_is_not_there_are_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for options, said in (
            (["--port", port], f"port {port}"),
            (["--models", "other"], "No model 'other'"),
            (["--port", "70000"], "found 70000"),
        ):
            done = subprocess.run([sys.executable, "-m", "zoo", "serve", *options], capture_output=True, text=True)
            assert done.returncode in (1, 2)
            assert said in done.stderr
            assert len(done.stderr.splitlines()) == 1


def test_for_everybody_it_says_so(capsys, monkeypatch):
    from zoo.serving import commands

    monkeypatch.setattr(commands, "own_address", lambda: "10.1.2.3")
    commands.announce("0.0.0.0", 8501)
    said = capsys.readouterr().out
    assert "http://10.1.2.3:8501/" in said
    assert "Everybody in this network can reach it" in said
    assert "▀" in said or "█" in said  # the QR code
    commands.announce("::1", 8501)
    assert "http://[::1]:8501/, for this computer alone" in capsys.readouterr().out


@pytest.mark.slow  # ten seconds each, side by side
def test_slow_senders_are_told_so_in_time_and_others_are_answered():
    with running() as server:
        beginnings = {
            "nothing": b"",
            "half a head": b"GET / HTTP/1.1\r\nHost",
            "half a body": b"POST /v1/digits:compare HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{",
        }
        with contextlib.ExitStack() as stack:
            connections = {name: stack.enter_context(raw(server.address)) for name in beginnings}
            for name, connection in connections.items():
                connection.sendall(beginnings[name])
            assert answers(server.address)
            for name, connection in connections.items():
                assert everything(connection).startswith(b"HTTP/1.1 408 "), name


def answer_of(connection):
    """Return head and body of the next answer."""
    with connection.makefile("rb", buffering=0) as answer:
        head = b"".join(iter(answer.readline, b"\r\n"))
        return head, answer.read(int(re.search(rb"content-length: (\d+)", head)[1]))


def request(body, *headers, method="POST", path="/v1/models/softmax:predict"):
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


ZEROS = json.dumps({"instances": [[[0] * 28] * 28]}).encode()


@pytest.fixture(scope="module")
def server():
    with running() as server:
        yield server


@pytest.mark.parametrize("offered", ["h2c", "websocket"])
@pytest.mark.parametrize(
    "cut", [0, 30, -len(ZEROS), -1], ids=["whole", "in the head", "before the body", "in the body"]
)
def test_an_offer_of_another_protocol_is_passed_over(server, offered, cut):
    asked = request(ZEROS, "Connection: Upgrade, HTTP2-Settings", f"Upgrade: {offered}", "HTTP2-Settings: AAMAAABk")
    with raw(server.address) as connection:
        connection.sendall(asked[:cut])
        if cut:
            assert answers(server.address)  # so it has arrived alone
        connection.sendall(asked[cut:])
        connection.sendall(request(b"", "Connection: close", method="GET", path="/health"))
        answered = everything(connection)
    assert answered.count(b"HTTP/1.1 200 OK") == 2
    assert answered.count(b"predictions") == 1


def test_a_request_that_follows_a_large_one_at_once_is_no_large_head(server):
    second = request(ZEROS, "Connection: close")
    with raw(server.address) as connection:
        connection.sendall(request(ZEROS + b" " * 200_000) + second[:30])
        assert answers(server.address)
        connection.sendall(second[30:])
        assert everything(connection).count(b"HTTP/1.1 200 OK") == 2


def test_the_body_of_an_offer_is_never_read_as_a_request(server):
    hidden = b"GET /v1/models/softmax HTTP/1.1\r\nHost: x\r\n\r\n"
    with raw(server.address) as connection:
        asked = request(hidden, "Connection: close, Upgrade", "Upgrade: websocket")
        connection.sendall(asked[: -len(hidden)])
        assert answers(server.address)
        connection.sendall(hidden)
        answered = everything(connection)
    assert answered.startswith(b"HTTP/1.1 400 ")
    assert answered.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("sent", "status", "what"),
    [
        (b"\0garbage\r\n\r\n", 400, "Expected a request in HTTP/1.1"),
        (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "it is no proxy"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000, 431, "at most 65,536 bytes"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 12_000, 431, "at most 65,536 bytes"),
        (
            b"POST /v1/digits:compare HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 7000000\r\n\r\n",
            413,
            "at most 2,097,152 bytes",
        ),
    ],
    ids=["garbage", "connect", "long header", "many headers", "large body announced"],
)
def test_what_never_becomes_a_request_is_refused_as_json(server, sent, status, what):
    with raw(server.address) as connection:
        connection.sendall(sent)
        head, body = answer_of(connection)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert what in json.loads(body)["error"]


@pytest.mark.slow  # ten seconds and more
def test_what_comes_late_of_a_refused_request_is_answered_no_second_time(server):
    with raw(server.address) as connection:
        asked = request(b"x" * 100, path="/v1/models/none:predict")
        connection.sendall(asked[:-90])
        assert answer_of(connection)[0].startswith(b"HTTP/1.1 404 ")
        connection.sendall(asked[-90:])
        assert everything(connection) == b""


@pytest.mark.slow  # ten seconds and more
def test_a_client_that_does_not_read_is_not_waited_for(server):
    images = [[[0] * 28] * 28] * 500  # whose answer, with all layers, has some megabytes
    asked = json.dumps({"instances": images, "signature_name": "activations"}, separators=(",", ":")).encode()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host, port = server.address.removeprefix("http://").split(":")
        connection.connect((host, int(port)))
        mine = connection.getsockname()
        connection.sendall(request(asked))

        def is_open():
            workers = psutil.Process(server.pid).children()
            return any(found.raddr == mine for worker in workers for found in worker.net_connections())

        until(is_open)
        until(lambda: not is_open())


@pytest.mark.slow
def test_a_large_body_is_refused_and_its_sender_hears_it():
    with running() as server:
        for content in (b"x" * 3_000_000, iter([b"x" * 1_000_000] * 4)):
            answer = httpx2.post(f"{server.address}/v1/models/softmax:predict", content=content, timeout=PATIENCE)
            assert answer.status_code == 413


@pytest.mark.slow
def test_a_connection_ends_after_many_requests_so_that_the_next_may_go_to_an_idle_worker():
    with running() as server, httpx2.Client(base_url=server.address, timeout=PATIENCE) as client:
        said = [client.get("/health").headers.get("connection") for _ in range(60)]
    closed = [place for place, word in enumerate(said) if word == "close"]
    assert len(closed) == 2
    assert closed[0] >= 20
    assert closed[1] - closed[0] == closed[0] + 1  # counted anew


def is_worker(process):
    with contextlib.suppress(psutil.Error):  # it has just ended
        return any("spawn_main" in part for part in process.cmdline())
    return False


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_nobody_else_loses_an_answer():
    with running("--workers", "2") as server:
        parent = psutil.Process(server.pid)

        def workers():
            return [child for child in parent.children() if is_running(child.pid) and is_worker(child)]

        # A new connection for each question, so that a lost one was in the worker that died.
        until(lambda: len(workers()) == 2)
        lost, answered, stop = [], [], threading.Event()

        def ask():
            while not stop.is_set():
                try:
                    answer = httpx2.post(f"{server.address}/v1/digits:compare", content=DOT, timeout=PATIENCE)
                    answered.append(answer.status_code)
                except httpx2.TransportError as error:
                    lost.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            victims = workers()
            victims[0].kill()
            count = len(answered)
            until(lambda victims=victims: len(workers()) == 2 and victims[0] not in workers())
            until(lambda count=count: len(answered) > count + 50)
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        assert set(answered) == {200}
        assert len(lost) <= 2 * len(threads)  # those that the killed worker had in hand
        counted = httpx2.get(f"{server.address}/metrics", timeout=PATIENCE).text
        total = re.search(r'zoo_requests_total{status="200",what="compare"} ([\d.]+)', counted)
        assert float(total[1]) >= len(answered) * 0.9  # of all workers together, the dead ones too


@pytest.mark.slow
def test_malformed_requests_never_make_it_fail():
    random = np.random.default_rng(0)
    seeds = [
        b'{"instances": [[[0, 1.5], [2, 3]]], "signature_name": "serve"}',
        b'{"inputs": {"image": [[[0]]]}}',
        DOT,
        b'{"strokes": [[[0, 0]]], "models": ["softmax"], "saliency": {"model": "softmax", "digit": 3}}',
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x00\x00\x00\x00",
    ]
    paths = ["/v1/digits:compare", "/v1/models/softmax:predict", "/v1/models/softmax/versions/2:predict", "/v1/x"]
    with running() as server, httpx2.Client(base_url=server.address, timeout=PATIENCE) as client:
        for _ in range(300):
            body = bytearray(seeds[random.integers(len(seeds))])
            for _ in range(random.integers(1, 6)):
                place = random.integers(len(body) + 1)
                body[place : place + random.integers(3)] = random.choice([b'"', b"[", b"}", b"null", b"1e400", b"\xff"])
            answer = client.post(paths[random.integers(len(paths))], content=bytes(body))
            assert answer.status_code in (200, 400, 404, 413), body
            assert answer.status_code == 200 or answer.json().keys() == {"error"}
