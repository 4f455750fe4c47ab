"""What stands around every request: limits, headers, one line in the log, and counts."""

import asyncio
import codecs
import logging
import time
import zlib

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoo.serving import measuring
from zoo.serving.errors import RequestError

MOST_BYTES = 2 * 2**20
"""Of a body."""
SECONDS = 10.0
"""For a body to arrive; as long as for the head of a request."""
PASSED_OVER = 8 * MOST_BYTES
"""So much of a body that is too large is read, so that its sender hears the answer."""
TOO_MANY = "too_many"
"""The key of a request's state that says whether there are too many connections."""

LOG = logging.getLogger("zoo.serving")

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LATER = JSONResponse(
    {"error": "Expected fewer connections, found too many: try again in a while."}, 503, {"Connection": "close"}
)
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]


async def body_of(request: Request) -> bytes:
    """Return the body of a request, inflated where it comes as gzip, and without a byte order mark.

    Raises:
        RequestError: it is too large, or does not arrive in time.
    """
    is_too_large = int(request.headers.get("content-length", 0)) > MOST_BYTES
    if is_too_large and request.headers.get("expect", "").lower() == "100-continue":
        raise _too_large()
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                size += len(part)
                if size <= MOST_BYTES:
                    body += part
                elif size > PASSED_OVER:
                    break
    except TimeoutError:
        if is_too_large:
            raise _too_large() from None
        raise RequestError(
            f"Expected the body of the request within {SECONDS:g} seconds: send it again.", 408
        ) from None
    if size > MOST_BYTES:
        raise _too_large()
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return bytes(body).removeprefix(codecs.BOM_UTF8)
    if encoding != "gzip":
        raise RequestError(f"Expected a body as it is or as gzip, found {encoding[:20]!r}: send it as it is.", 415)
    return _inflated(body).removeprefix(codecs.BOM_UTF8)


def _inflated(body: bytes | bytearray) -> bytes:
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 16)  # 16: with the header of gzip
    try:
        inflated = inflating.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise RequestError(f"Expected a body as gzip, found a damaged one ({error}): send it again.") from None
    if len(inflated) > MOST_BYTES:
        raise _too_large()
    if not inflating.eof:
        raise RequestError("Expected a body as gzip, found the beginning of one: send it whole.")
    return inflated


def _too_large() -> RequestError:
    return RequestError(f"Expected a body of at most {MOST_BYTES:,} bytes, found more: send it in parts.", 413)


class Guard:
    """The outermost layer of the application: adds headers, logs and counts."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", []), *_RAW_HEADERS]
                # The files of the page are asked for anew each time, so that none is of another version than the rest.
                is_answer = scope["path"].startswith("/v1/")
                headers.append((b"cache-control", b"no-store" if is_answer else b"no-cache"))
                message = {**message, "headers": headers}
            await send(message)

        app = _LATER if scope.get("state", {}).get(TOO_MANY) else self._app
        try:
            await app(scope, receive, send_guarded)
        except Exception:  # the answer says so already, see the application
            LOG.exception("%s %s failed", scope["method"], scope["path"])
        finally:
            took = time.perf_counter() - began
            what = scope.get("state", {}).get("what", "page" if status in (200, 304) else "other")
            measuring.REQUESTS.labels(what, status).inc()
            measuring.SECONDS.labels(what).observe(took)
            client = scope["client"][0] if scope.get("client") else "-"
            path = scope["path"].encode("unicode_escape").decode()[:200]
            LOG.info("%s %s %s %s %.1f ms", client, scope["method"], path, status, took * 1000)
