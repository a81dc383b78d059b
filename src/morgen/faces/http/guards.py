"""What stands between the network and the routes: one small ASGI layer per danger."""

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from morgen.faces.http.errors import RETRY_AFTER, problem_body

__all__ = ["API_VERSION", "Guards", "guarded"]

API_VERSION = "1.0.0"
"""Version of the API, by the rules of semantic versioning."""

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_DRAINED = 100_000_000
"""Bytes of a body that is too large that are still taken in, so that the client gets to our answer."""
_log = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "API-Version": API_VERSION,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer. Browsers heed Strict-Transport-Security over https only, so it does no harm on a loopback."""


@dataclass(frozen=True)
class Guards:
    """The limits of a server."""

    hosts: tuple[str, ...] = LOOPBACK_NAMES
    """Names that the header Host may have; a page of another site that points its name here has none."""
    port: int | None = None
    """The port that the header Host must have; None for any."""
    largest_body: int = 1_000_000
    """Bytes."""
    most_requests: int = 256
    """Requests that are answered at one time."""
    writes_per_minute: int = 60
    """Requests other than GET and HEAD, per client."""


def guarded(guards: Guards) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Give the layers from the inside out: (class, arguments)."""
    yield _WithoutTraceback, {}
    yield _HeadAsGet, {}
    yield _LimitedBody, {"largest": guards.largest_body}
    yield _LimitedRate, {"per_minute": guards.writes_per_minute}
    yield _SameOrigin, {}
    yield _KnownHost, {"hosts": guards.hosts, "port": guards.port}
    yield _LimitedCrowd, {"most": guards.most_requests}
    yield _WithHeaders, {}


async def _refuse(send: Send, status: int, detail: str, **headers: str) -> None:
    body = problem_body(status, detail)
    named = {"content-type": "application/problem+json", "content-length": str(len(body)), **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


@dataclass
class _Layer(ABC):
    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.guard(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    @abstractmethod
    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on to ``app``."""


class _WithHeaders(_Layer):
    """Puts the version of the API and the security headers on every answer."""

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


@dataclass
class _LimitedCrowd(_Layer):
    """Refuses requests beyond what can be answered at one time, at once instead of after a long wait."""

    most: int
    now: int = 0

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.now >= self.most:
            sentence = f"{self.most} requests are being answered, which is all this server takes; ask again later"
            await _refuse(send, 503, sentence, retry_after=RETRY_AFTER)
            return
        self.now += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.now -= 1


@dataclass
class _KnownHost(_Layer):
    """Answers only to its own names: a page elsewhere cannot rebind its name to this machine and read along."""

    hosts: tuple[str, ...]
    port: int | None

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "")
        if self._is_known(host):
            await self.app(scope, receive, send)
        else:
            sentence = f"Host is {host[:100]!r}, but this server answers to {' and '.join(self.hosts)} only"
            await _refuse(send, 400, sentence)

    def _is_known(self, host: str) -> bool:
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not name:
            name, port = host, ""
        return name.lower() in self.hosts and (self.port is None or port == str(self.port))


class _SameOrigin(_Layer):
    """Lets no other site's page start or stop anything."""

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        own = f"{scope['scheme']}://{headers.get('host', '')}"
        foreign = origin not in (None, own) or headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if scope["method"] not in SAFE_METHODS and foreign:
            sentence = (
                f"{scope['method']} is for pages of {own} only, not for {(origin or 'another site')[:100]!r}"
            )
            await _refuse(send, 403, sentence)
        else:
            await self.app(scope, receive, send)


@dataclass
class _Bucket:
    tokens: float
    filled: float = field(default_factory=time.monotonic)


@dataclass
class _LimitedRate(_Layer):
    """A token bucket per client for what changes something."""

    per_minute: int
    buckets: dict[str, _Bucket] = field(default_factory=dict)

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope["client"][0] if scope.get("client") else ""
        if scope["method"] in SAFE_METHODS or self._takes(client):
            await self.app(scope, receive, send)
        else:
            sentence = f"more than {self.per_minute} requests in a minute that change something; wait a while"
            await _refuse(send, 429, sentence, retry_after=RETRY_AFTER)

    def _takes(self, client: str) -> bool:
        now = time.monotonic()
        if len(self.buckets) > 10_000:  # noqa: PLR2004 - more clients than any loopback has: forget the old ones
            self.buckets.clear()
        bucket = self.buckets.setdefault(client, _Bucket(self.per_minute))
        bucket.tokens = min(self.per_minute, bucket.tokens + (now - bucket.filled) * self.per_minute / 60)
        bucket.filled = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


class _TooLargeError(Exception):
    pass


@dataclass
class _LimitedBody(_Layer):
    """Lets no route read a body beyond the limit, whatever its Content-Length says."""

    largest: int

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Counted(receive, self.largest)
        try:
            body.expect(Headers(scope=scope).get("content-length", "0"))
            await self.app(scope, body.receive, send)
        except _TooLargeError:
            await body.drain()
            sentence = f"the body is larger than {self.largest} bytes, which is the most that this server takes"
            await _refuse(send, 413, sentence, connection="close")


@dataclass
class _Counted:
    """A body that is counted while it comes in."""

    source: Receive
    largest: int
    read: int = 0
    ended: bool = False

    def expect(self, length: str) -> None:
        if not length.isdecimal() or int(length) > self.largest:
            raise _TooLargeError

    async def receive(self) -> Message:
        message = await self.source()
        self.read += len(message.get("body", b""))
        self.ended = message["type"] != "http.request" or not message.get("more_body", False)
        if self.read > self.largest:
            raise _TooLargeError
        return message

    async def drain(self) -> None:
        """Throw away what still comes, within reason: a client that is still sending would not read our answer."""
        while not self.ended and self.read < _DRAINED:
            with suppress(_TooLargeError):
                await self.receive()


class _WithoutTraceback(_Layer):
    """Answers a fault of Morgen with a sentence; what went wrong goes to the log of the server only."""

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except _TooLargeError:
            raise
        except Exception:
            _log.exception("fault while answering %s %s", scope["method"], scope["path"])
            if started:
                raise
            await _refuse(send, 500, "Morgen made a fault; the log of the server says which: please report it")


class _HeadAsGet(_Layer):
    """Answers HEAD as GET, without the body (RFC 9110, 9.3.2)."""

    async def guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
