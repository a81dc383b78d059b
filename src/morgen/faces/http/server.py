"""A server of one twin: the door opens first, then what is behind it is loaded.

There is no authentication yet, so the server listens on a loopback address only; nobody else on the network can
reach it. Clients that come while the libraries load wait in the queue of the socket.
"""

import ipaddress
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from morgen.core.errors import BusyError, InputError, MorgenError
from morgen.services.lock import serving

__all__ = ["DEFAULT_PORT", "Doorway", "doorway"]

DEFAULT_PORT = 8765
LOOPBACK = "127.0.0.1"
_BACKLOG = 2048
"""Clients that may wait to be let in."""
_PORTS_TRIED = 20
_LAST_ANSWERS = 1
"""Seconds that answers under way get when the server stops."""


@dataclass(frozen=True)
class Doorway:
    """An open socket on a twin that nobody else serves."""

    folder: Path
    socket: socket.socket
    address: str
    """Such as ``http://127.0.0.1:8765/``."""
    port: int

    def serve(self) -> None:
        """Answer until Ctrl-C or SIGTERM; then end the runs of this server and return, within seconds.

        Raises ``StorageError`` when the database of the twin cannot be opened.
        """
        _many_files()
        failures: list[MorgenError] = []
        server = _server(self, failures)
        with _hang_up_as_stop(), suppress(KeyboardInterrupt):
            server.run(sockets=[self.socket])
        if failures:
            raise failures[0]


@contextmanager
def doorway(folder: Path, *, host: str = LOOPBACK, port: int = DEFAULT_PORT) -> Iterator[Doorway]:
    """Open the socket of the only server of a twin; ``port`` 0 takes any that is free.

    Raises ``InputError`` for a host that others can reach, and ``BusyError`` when the twin is served already or
    the port is in use.
    """
    own = _loopback(host)
    with serving(folder) as announce, _listening(own, port) as opened:
        name, number = opened.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        address = f"http://{shown}:{number}/"
        announce(address)
        yield Doorway(folder, opened, address, number)


def _loopback(host: str) -> str:
    """Return the address of a loopback host; raises ``InputError`` for any other."""
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    if host == "localhost":
        return LOOPBACK
    raise InputError(
        f"--host is {host!r}, but this version has no authentication, so it serves this machine only:"
        f" {LOOPBACK}, ::1 or localhost"
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        opened = _bound(host, port)
    except PermissionError:
        raise InputError(f"port {port} is for the administrator of this machine; choose one above 1023") from None
    except OSError as error:
        other = _free_port(host, port)
        raise BusyError(
            f"port {port} of {host} cannot be had ({error.strerror}); choose another, such as --port {other},"
            " or --port 0 for any that is free"
        ) from None
    with opened:
        opened.listen(_BACKLOG)
        yield opened


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only on sockets that name TCP; with it each answer takes 40 ms longer.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port that a server just left may be taken at once; one that is listened on may not.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened


def _free_port(host: str, taken: int) -> int:
    for port in range(taken + 1, min(taken + _PORTS_TRIED, 65_536)):
        with suppress(OSError), _bound(host, port):
            return port
    return 0


def _server(door: Doorway, failures: list[MorgenError]) -> Any:
    import uvicorn
    from starlette.concurrency import run_in_threadpool

    from morgen.faces.http.app import create_app
    from morgen.faces.http.guards import Guards

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # First the runs: whoever waits for one gets an answer, and nothing is left to wait for.
            await run_in_threadpool(app.state.served.stop)
            await super().shutdown(sockets)

    def give_up(error: MorgenError) -> None:
        failures.append(error)
        server.should_exit = True

    app = create_app(door.folder, guards=Guards(port=door.port), on_failure=give_up)
    server = Server(
        uvicorn.Config(
            app,
            access_log=False,
            lifespan="on",
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_LAST_ANSWERS,
        )
    )
    return server


def _many_files() -> None:
    """Allow a connection for each of a thousand clients."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def _hang_up_as_stop() -> Iterator[None]:
    """Let SIGTERM, and a terminal that closes, end the server as Ctrl-C does."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def hang_up(_signal: int, _frame: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    ways = {signal.SIGTERM: stop, signal.SIGHUP: hang_up}
    before = {number: signal.signal(number, way) for number, way in ways.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
