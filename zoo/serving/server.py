"""The server: uvicorn with its limits, in workers that share a socket."""

import functools
import logging
import os
import socket
import sys
import tempfile
import warnings
from asyncio import TimerHandle
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from zoo._support.processes import end_with_parent
from zoo._support.progress import note
from zoo.errors import ZooError
from zoo.serving import measuring
from zoo.serving.app import application
from zoo.serving.guard import LOG, SECONDS, Guard
from zoo.serving.models import Models

MOST_CONNECTIONS = 1000
"""Of each worker."""
_MOST_REQUESTS = 25
"""On one connection. The next one goes to the worker that has the least to do: at first one may have had them all."""
_TURN = 0.001  # seconds until a thread that computes in Python lets another
_LEAVE = 20  # seconds that requests have to end after SIGTERM

_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 55\r\n\r\n"
    b'{"error": "Expected the head of the request in time."}\n'
)


@dataclass(frozen=True)
class Options:
    """What is served, and to whom.

    Attributes:
        models: names; none for all.
        root: folder of models; None for the usual ones.
        workers: processes, each with models of its own.
        origins: see ``zoo.serving.app.application``.
    """

    models: tuple[str, ...] = ()
    root: Path | None = None
    workers: int = 1
    origins: tuple[str, ...] = ()


class Protocol(HttpToolsProtocol):
    """Reads requests, and closes connections on which the head of one does not arrive in time, or that had many."""

    _late: TimerHandle | None = None
    _requests = 0

    def connection_made(self, transport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on, where a head is not whole yet."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no longer; after many requests, say that this is the last one."""
        self._stop_waiting()
        super().on_headers_complete()
        self._requests += 1
        if self._requests >= _MOST_REQUESTS and self.cycle is not None:
            self.cycle.keep_alive = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(SECONDS, self._refuse)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_LATE)
            self.transport.close()


class Workers(Multiprocess):
    """The processes that answer. When they are to end, nobody is let in any more: not here either."""

    def terminate_all(self) -> None:
        """Tell them all to end."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def create(options: Options) -> Guard:
    """Return the application of one worker, its models loaded, and log from now on."""
    sys.setswitchinterval(_TURN)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    # Whoever sends images of 0..1 would have a warning here for each.
    warnings.filterwarnings("ignore", "The images hold no value above 1")
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # what is too large is refused
    threads = max(1, (os.cpu_count() or 1) // options.workers)
    return application(Models(options.models, options.root), options.origins, threads)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        ZooError: it cannot, as somebody else does, or the address is not one of this computer.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()  # whoever comes before the models are loaded waits
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ZooError(
            f"Nobody can listen at {host}, port {port} ({reason}): choose others with --host and --port."
        ) from None
    listening.set_inheritable(True)
    return listening


def serve(options: Options, listening: socket.socket) -> bool:
    """Serve until this process is told to end; return whether workers could begin to.

    The workers are processes of their own, also where there is one: what ends by accident is begun again.
    """
    config = Config(
        functools.partial(_create_in_worker, options),
        factory=True,
        http=Protocol,
        ws="none",
        workers=options.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=_LEAVE,
        proxy_headers=False,
    )
    with tempfile.TemporaryDirectory(prefix="digit-zoo-") as folder:
        # Networks in NumPy have small matrices: threads of BLAS would only be in each other's way.
        os.environ |= {measuring.FOLDER: folder, "OPENBLAS_NUM_THREADS": "1"}
        supervisor = Workers(config, sockets=[listening])
        supervisor.run()
    return all(process.exitcode != STARTUP_FAILURE for process in supervisor.processes)


def _create_in_worker(options: Options) -> Guard:
    end_with_parent()
    try:
        return create(options)
    except ZooError as error:
        note(str(error))
        sys.exit(STARTUP_FAILURE)  # which ends the others too
