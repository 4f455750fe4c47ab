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
from http import HTTPStatus
from pathlib import Path

import httptools
import orjson
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
from zoo.serving.guard import LOG, PASSED_OVER, SECONDS, TOO_MANY, Guard
from zoo.serving.models import Models

MOST_CONNECTIONS = 1000
"""Of each worker."""
_MOST_REQUESTS = 25
"""On one connection. The next one goes to the worker that has the least to do: at first one may have had them all."""
_TURN = 0.001  # seconds until a thread that computes in Python lets another
_LEAVE = 20  # seconds that requests have to end after SIGTERM
_MOST_OF_HEAD = 64 * 1024  # bytes
_MOST_OF_REQUEST = 2 * PASSED_OVER  # bytes; of a body fewer are read, but headers may follow one that comes in chunks


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
    """Reads requests, and ends connections: those that had many, and those of clients that do not send or read in time.

    An offer to speak another protocol (``Upgrade``), as Java's client makes one, is passed over: RFC 9110, 7.8.
    """

    _late: TimerHandle | None = None  # until a head has to be there
    _unread: TimerHandle | None = None  # until a part of an answer has to be read
    _is_in_head = True
    _is_offer = False
    _begun = 0  # requests, with the last data
    _received = 0  # bytes of a request
    _requests = 0

    def connection_made(self, transport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._stop_expecting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; wait on, where a head is not whole yet."""
        self._unset_keepalive_if_required()
        was_idle, self._begun = self._is_idle(), 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            if any(name == b"upgrade" for name, _ in self.headers):
                head = self._head_without_offer()
                # A new one, as the old one takes no further request where this is said to be the last.
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
                self.data_received(head + data[offer.args[0] :])
            else:
                self.send_400_response("Expected a request to this server, found CONNECT: it is no proxy.")
            return
        except httptools.HttpParserError:
            self.send_400_response("Expected a request in HTTP/1.1, found something else: send one.")
            return
        if not self._begun:
            self._received += len(data)
        else:  # only where a request begins with the data is it known how much of these is its own
            self._received = len(data) if was_idle and self._begun == 1 else 0
        if self._is_in_head and self._received > _MOST_OF_HEAD:
            self._refuse(431, f"Expected a head of at most {_MOST_OF_HEAD:,} bytes, found more: send fewer headers.")
        elif self._received > _MOST_OF_REQUEST:
            self.transport.abort()
        elif self._is_idle():
            self._wait()

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        super().on_message_begin()
        self._is_in_head = True
        self._begun += 1

    def on_headers_complete(self) -> None:
        """Wait no longer; after many requests, say that this is the last one."""
        self._is_offer = self.parser.should_upgrade()
        if self._is_offer:
            return
        self._is_in_head = False
        self._stop_waiting()
        self.scope["state"][TOO_MANY] = len(self.connections) > MOST_CONNECTIONS
        super().on_headers_complete()
        self._requests += 1
        if self._requests >= _MOST_REQUESTS and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """End a request, but for one that is read again without its offer."""
        if not self._is_offer:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request."""
        self._refuse(400, msg)

    def pause_writing(self) -> None:
        """Begin to wait for the client to read: an answer that nobody reads is not kept."""
        super().pause_writing()
        self._expect_reading(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Wait for it no longer."""
        self._stop_expecting()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing comes, also where its last answer is not read."""
        super().timeout_keep_alive_handler()
        self._expect_reading(self.transport.get_write_buffer_size())

    def _is_idle(self) -> bool:
        """Return whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _head_without_offer(self) -> bytes:
        """Return the head that was read, to be read again."""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    def _expect_reading(self, unread: int) -> None:
        self._stop_expecting()
        self._unread = self.loop.call_later(SECONDS, self._end_if_unread, unread)

    def _stop_expecting(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _end_if_unread(self, unread: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left >= unread:
            self.transport.abort()
        else:
            self._expect_reading(left)

    def _wait(self) -> None:
        if self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(SECONDS, self._end_waiting)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end_waiting(self) -> None:
        if self._is_in_head:
            self._refuse(408, "Expected the head of the request in time: send it again.")
        else:  # the rest of a request that was refused before it was whole
            self.transport.close()

    def _refuse(self, status: int, message: str) -> None:
        """Answer what does not reach the application, and close."""
        if self.transport.is_closing():
            return
        content = orjson.dumps({"error": message})
        phrase = HTTPStatus(status).phrase
        self.transport.write(
            f"HTTP/1.1 {status} {phrase}\r\nconnection: close\r\ncontent-type: application/json\r\n"
            f"content-length: {len(content)}\r\n\r\n".encode()
            + content
        )
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
