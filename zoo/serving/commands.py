"""The command ``python -m zoo serve``."""

import argparse
import contextlib
import io
import ipaddress
import socket
import sys

from zoo import artifacts
from zoo._support.command_line import FAILURE, WrongUseError
from zoo._support.processes import install_command
from zoo._support.progress import say
from zoo.errors import ZooError

_ANYWHERE = ("0.0.0.0", "::", "")
_NOWHERE = "192.0.2.1"  # an address of nobody (RFC 5737): nothing is sent there, only the way to it is asked for


def serve_command(options: argparse.Namespace) -> int:
    """Serve models and the page until somebody ends it."""
    try:
        from zoo.serving.server import Options, listen, serve
    except ModuleNotFoundError as error:
        raise ZooError(
            f"The server needs {error.name}, which is not installed: install it with `{install_command('serve')}`."
        ) from None
    if options.workers < 1:
        raise WrongUseError(f"Expected 1 worker or more, found {options.workers}: give --workers 1.")
    if not 0 <= options.port <= 65535:
        raise WrongUseError(f"Expected a port from 0 to 65535, found {options.port}: give --port 8501.")
    for name in options.models:
        artifacts.find(name, root=options.root)
    listening = listen(options.host, options.port)
    port = listening.getsockname()[1]
    wanted = Options(tuple(options.models), options.root, options.workers, tuple(options.allow_origin))
    with listening:
        announce(options.host, port)
        if not serve(wanted, listening):
            return FAILURE
    say("The server has ended.")
    return 0


def announce(host: str, port: int) -> None:
    """Print where the page is, and for other devices as a QR code too."""
    if is_loopback(host):
        say(f"Digit Zoo is at {address(host, port)}, for this computer alone. Ctrl+C ends it.")
    else:
        import segno

        url = address(own_address() if host in _ANYWHERE else host, port)
        say(f"Digit Zoo is at {url}. Everybody in this network can reach it. Ctrl+C ends it.")
        picture = io.StringIO()
        segno.make(url).terminal(picture, compact=True)
        with contextlib.suppress(UnicodeEncodeError):  # where the terminal has letters alone
            say(picture.getvalue())
    if sys.stdout is not None:
        sys.stdout.flush()  # whoever started this may read it through a pipe


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(host: str, port: int) -> str:
    """Return the address of the page."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def own_address() -> str:
    """Return the address by which others in the network reach this computer, or its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((_NOWHERE, 9))
            return way.getsockname()[0]
        except OSError:  # in no network
            return socket.gethostname()
