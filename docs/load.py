"""How much the server bears: python docs/load.py starts it on this computer, and measures one thing after the other.

python docs/load.py --workers 2                     # 30 clients that draw, how many there can be, :predict
python docs/load.py --minutes 60 --kill 10          # mixed load for an hour, a worker killed every ten seconds
python docs/load.py --malformed 10000               # requests that are none
"""

import argparse
import asyncio
import contextlib
import json
import math
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

import zoo  # noqa: E402
from zoo.synthetic.digits import draw_digit_on_sheet  # noqa: E402

RATE = 10  # drawings a second of each client
IN_TIME = 100  # milliseconds
MODEL = "two_conv_cnn"


class Connection:
    """One connection that is kept, and opened again where it was lost."""

    def __init__(self, port):
        self.port, self.streams = port, None

    async def post(self, path, body):
        """Return the status of the answer; 0 where the connection was lost."""
        try:
            if self.streams is None:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.streams
            writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
            if b"connection: close" in head:
                self.close()
            return int(head[9:12])
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return 0

    def close(self):
        """Close it until it is needed again."""
        if self.streams:
            self.streams[1].close()
        self.streams = None


@contextlib.contextmanager
def server(workers):
    """Run the server; give its process, and its port once it answers."""
    command = [sys.executable, "-u", "-m", "zoo", "serve", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = int(re.search(r":(\d+)/", process.stdout.readline())[1])
    try:
        while asyncio.run(Connection(port).post("/v1/digits:compare", drawing())) != 200:
            time.sleep(0.2)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


def drawing():
    """Return a question on a synthetic digit."""
    strokes = draw_digit_on_sheet(random.randrange(10), np.random.default_rng(random.getrandbits(32)))
    return json.dumps({"strokes": [stroke.tolist() for stroke in strokes]}).encode()


def batch(count):
    """Return a question on so many images."""
    images = zoo.image_from_strokes([np.array([[0, 0], [3, 9], [9, 2]])])[None].repeat(count, 0)
    return json.dumps({"instances": images.tolist()}, separators=(",", ":")).encode()


async def draw(port, clients, seconds, bodies):
    """Let clients draw; return the milliseconds of each answer, and the statuses of those that are none."""
    took, others = [], []

    async def client():
        connection = Connection(port)
        due = time.perf_counter() + random.random() / RATE
        end = due + seconds
        while due < end:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            status = await connection.post("/v1/digits:compare", random.choice(bodies))
            if status == 200:
                took.append(1000 * (time.perf_counter() - due))  # from when it was due, so that a late one counts
            else:
                others.append(status)
            due = max(due + 1 / RATE, time.perf_counter() - 1)  # as the page: what is too old is dropped
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return np.array(took), others


def measure_drawing(parent, port, clients, seconds, bodies):
    """Let clients draw, print how long answers take, and return what 95 % do not exceed, in milliseconds."""
    before = processor_seconds(parent)
    took, others = asyncio.run(draw(port, clients, seconds, bodies))
    if not len(took):
        print(f"{clients} clients: none of {len(others)} requests was answered", flush=True)
        return math.inf
    each = 1000 * (processor_seconds(parent) - before) / len(took)
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    print(
        f"{clients} clients: {len(took) / seconds:.0f} answers a second of {clients * RATE}, "
        f"{np.mean(took <= IN_TIME):.0%} of them within {IN_TIME} ms, 50 % within {p50:.0f} ms, 95 % {p95:.0f} ms, "
        f"99 % {p99:.0f} ms; not answered {len(others)}; {each:.1f} ms of processor each",
        flush=True,
    )
    return p95 if len(others) <= 0.05 * len(took) else math.inf


def most_clients(measure):
    """Print how many clients there can be, to a tenth, until 5 % of the answers are late."""
    in_time, too_many, clients = 0, None, 30
    while too_many is None or too_many - in_time > max(1, too_many // 10):
        if measure(clients) <= IN_TIME:
            in_time = clients
        else:
            too_many = clients
        clients = 2 * in_time if too_many is None else (in_time + too_many) // 2
    print(f"95 % of the answers are in time for {in_time} clients, and no more for {too_many}", flush=True)


def processor_seconds(parent):
    """Return how long the workers have computed, on all cores together."""
    return sum(sum(worker.cpu_times()[:2]) for worker in workers(parent))


def measure_predict(port):
    """Print how long predictions take over HTTP, and when the model is called directly."""
    model = zoo.load(MODEL)
    connection = Connection(port)

    async def ask(body, times):
        started = time.perf_counter()
        for _ in range(times):
            assert await connection.post(f"/v1/models/{MODEL}:predict", body) == 200
        connection.close()
        return (time.perf_counter() - started) / times

    for count, times in ((1, 200), (32, 50), (1000, 5)):
        body, images = batch(count), np.zeros((count, 28, 28), np.uint8)
        over_http = asyncio.run(ask(body, times))
        started = time.perf_counter()
        for _ in range(times):
            model.predict(images)
        direct = (time.perf_counter() - started) / times
        print(f":predict of {count}: {1000 * over_http:.1f} ms, called directly {1000 * direct:.2f} ms", flush=True)


async def mixed(parent, port, minutes, kill, bodies):
    """Draw, predict and kill; print each minute what was lost, and how much memory there is."""
    predicting, counts = batch(32), {}

    async def predict():
        connection = Connection(port)
        while True:
            status = await connection.post(f"/v1/models/{MODEL}:predict", predicting)
            counts[status] = counts.get(status, 0) + 1
            await asyncio.sleep(0.2)

    async def killing():
        while kill:
            await asyncio.sleep(kill)
            random.choice(workers(parent)).kill()

    others = [asyncio.create_task(predict()), asyncio.create_task(killing())]
    for minute in range(1, minutes + 1):
        took, lost = await draw(port, 5, 60, bodies)
        memory = [f"{worker.memory_info().rss / 1e6:.0f}" for worker in workers(parent)]
        print(
            f"minute {minute}: {len(took)} drawings, 95 % within {np.percentile(took, 95):.0f} ms, lost {len(lost)}; "
            f":predict {counts}; MB {memory}",
            flush=True,
        )
    for task in others:
        task.cancel()


def workers(parent):
    """Return the processes that answer."""
    running = [child for child in parent.children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in running if any("spawn_main" in part for part in child.cmdline())]


async def malformed(port, count, bodies):
    """Send what is no request; print how each was answered."""
    connection, counts = Connection(port), {}
    paths = ["/v1/digits:compare", f"/v1/models/{MODEL}:predict", f"/v1/models/{MODEL}/versions/9:predict", "/v1/%00"]
    seeds = [
        *bodies[:20],
        batch(1),
        b"\x89PNG\r\n\x1a\n" + bytes(60),
        b"\xff\xd8\xff" + bytes(60),
        b"[" * 5000,
        b"[" * 1000 + b"]" * 1000,
    ]
    for _ in range(count):
        body = bytearray(random.choice(seeds))
        for _ in range(random.randrange(1, 8)):
            place = random.randrange(len(body) + 1)
            body[place : place + random.randrange(9)] = random.choice(
                [b"", b'"', b"[", b"}", b"null", b"-1e999", b"\xff"]
            )
        status = await connection.post(random.choice(paths), bytes(body))
        counts[status] = counts.get(status, 0) + 1
    print(f"{count} malformed requests: {counts}")


def main():
    """Measure what the options say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=20, help="of each measurement")
    parser.add_argument("--minutes", type=int, help="of mixed load instead")
    parser.add_argument("--kill", type=int, help="a worker every so many seconds of it")
    parser.add_argument("--malformed", type=int, help="so many requests that are none instead")
    options = parser.parse_args()
    bodies = [drawing() for _ in range(200)]
    with server(options.workers) as (parent, port):
        if options.malformed:
            asyncio.run(malformed(port, options.malformed, bodies))
        elif options.minutes:
            asyncio.run(mixed(parent, port, options.minutes, options.kill, bodies))
        else:
            most_clients(lambda clients: measure_drawing(parent, port, clients, options.seconds, bodies))
            measure_predict(port)


if __name__ == "__main__":
    main()
