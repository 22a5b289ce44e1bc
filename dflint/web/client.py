"""One client for requests: connections are kept, redirects followed with care, bodies streamed."""

from __future__ import annotations

import ssl
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, LocationValueError

from dflint.web.addresses import is_loopback, origin, redacted
from dflint.web.certificates import tls_context
from dflint.web.errors import WebError
from dflint.web.proxies import proxy_for

#: Headers that are meant for one origin and no other.
_PRIVATE = frozenset(("authorization", "cookie", "proxy-authorization"))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PASSING = frozenset((408, 429, 500, 502, 503, 504))
_CHUNK = 1 << 20


class Resent:
    """A body that gives the same bytes each time it is gone through."""

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, from the first on."""
        raise NotImplementedError


Body = bytes | Resent | IO[bytes] | Iterable[bytes] | None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How requests are made; times in seconds."""

    connect_timeout: float = 20.0
    read_timeout: float = 60.0
    redirects: int = 10
    user_agent: str = "dflint"
    ca_files: tuple[str, ...] = ()
    certificate_directories: tuple[str, ...] = ("/etc/docker/certs.d",)
    #: Whether a redirect may lead from HTTPS to plain HTTP on another machine.
    allows_downgrade: bool = False


def is_passing(status: int) -> bool:
    """Tell whether an answer's status says that the request may succeed later."""
    return status in _PASSING


def is_address(url: str) -> bool:
    """Tell whether a text is a URL that can be asked: http or https, with a host."""
    try:
        scheme, host, _ = origin(url)
    except ValueError:
        return False
    return scheme in ("http", "https") and bool(host)


class Answer:
    """The answer to a request, whose body is still to be read. Close it."""

    __slots__ = ("_response", "headers", "method", "status", "url")

    def __init__(self, response: urllib3.BaseHTTPResponse, method: str, url: str) -> None:
        self._response = response
        self.method = method
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self.url = url

    def chunks(self, size: int = _CHUNK) -> Iterator[bytes]:
        """The body in pieces, as it was sent (no transfer encoding, no decompression)."""
        try:
            yield from self._response.stream(size, decode_content=False)
        except (HTTPError, OSError) as error:
            raise _failure(self.method, self.url, error) from None

    def read(self, limit: int) -> bytes:
        """The whole body; WebError when it is longer than the limit."""
        parts: list[bytes] = []
        left = limit
        for chunk in self.chunks(min(_CHUNK, limit + 1)):
            left -= len(chunk)
            if left < 0:
                raise WebError(
                    f"the answer of {redacted(self.url)} is longer than {limit} bytes",
                    status=self.status,
                    url=redacted(self.url),
                )
            parts.append(chunk)
        return b"".join(parts)

    def close(self) -> None:
        """End the answer; its connection is kept when the body was read to its end."""
        self._response.drain_conn() if self._is_short() else self._response.close()
        self._response.release_conn()

    def _is_short(self) -> bool:
        """Tell whether reading what is left is cheaper than a new connection."""
        length = self._response.headers.get("Content-Length", "")
        return self._response.closed or (length.isdecimal() and int(length) < 1 << 14)

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WebClient:
    """Makes requests; safe for several threads."""

    def __init__(self, settings: WebSettings | None = None) -> None:
        self.settings = settings or WebSettings()
        self._pools: dict[tuple[str, str], urllib3.PoolManager] = {}
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        *,
        follows: bool = True,
    ) -> Answer:
        """Make a request and return its answer, whatever its status.

        Redirects are followed where `follows`; headers that carry credentials go to the first
        origin only. Raises WebError where there is no answer, for a redirect loop, and for one
        to another kind of address.
        """
        headers = {"User-Agent": self.settings.user_agent, **(headers or {})}
        if not is_address(url):
            raise WebError(f"no valid URL: {redacted(url)}", url=redacted(url))
        user = urlsplit(url).netloc.rpartition("@")[0]
        if user and "authorization" not in map(str.lower, headers):
            headers.update(_basic(user))
        for _ in range(self.settings.redirects + 1):
            answer = self._send(method, url, headers, body)
            location = answer.headers.get("Location", "")
            if not (follows and answer.status in _REDIRECTS and location):
                return answer
            with answer:
                target = self._target(url, location)
            if origin(target) != origin(url):
                headers = {k: v for k, v in headers.items() if k.lower() not in _PRIVATE}
            if answer.status == 303 and method != "HEAD":
                method, body = "GET", None
            url = target
        raise WebError(
            f"more than {self.settings.redirects} redirects, the last to {redacted(url)}",
            url=redacted(url),
        )

    def _target(self, url: str, location: str) -> str:
        shown = redacted(url)
        try:
            target = urljoin(url, location)
        except ValueError:
            raise WebError(f"{shown} redirects to what is no URL", url=shown) from None
        if not is_address(target):
            raise WebError(
                f"{shown} redirects to {redacted(target)}, which is no HTTP address", url=shown
            )
        scheme, host, _ = origin(target)
        is_down = urlsplit(url).scheme.lower() == "https" and scheme == "http"
        if is_down and not self.settings.allows_downgrade and not is_loopback(host):
            raise WebError(
                f"{shown} redirects to {redacted(target)}, which is not encrypted", url=shown
            )
        return target

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: Body) -> Answer:
        try:
            response = self._pool(url).request(
                method,
                url,
                headers=headers,
                body=body,
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                timeout=urllib3.Timeout(
                    connect=self.settings.connect_timeout, read=self.settings.read_timeout
                ),
            )
        except LocationParseError:
            raise WebError(f"no valid URL: {redacted(url)}", url=redacted(url)) from None
        except (HTTPError, OSError) as error:
            raise _failure(method, url, error) from None
        return Answer(response, method, url)

    def _pool(self, url: str) -> urllib3.PoolManager:
        """The connections for a URL: those of its proxy, with the certificates of its host."""
        proxy = proxy_for(url)
        parts = urlsplit(url)
        is_secure = parts.scheme.lower() == "https"
        authority = parts.netloc.rpartition("@")[2] if is_secure else ""
        with self._lock:
            pool = self._pools.get((proxy, authority))
            if pool is None:
                pool = self._pools[proxy, authority] = self._new_pool(proxy, authority)
            return pool

    def _new_pool(self, proxy: str, authority: str) -> urllib3.PoolManager:
        context = None
        if authority:
            context = tls_context(
                authority, self.settings.ca_files, self.settings.certificate_directories
            )
        if not proxy:
            return urllib3.PoolManager(maxsize=16, ssl_context=context)
        try:
            user = urllib3.util.parse_url(proxy).auth
            return urllib3.ProxyManager(
                proxy,
                maxsize=16,
                ssl_context=context,
                proxy_headers=urllib3.make_headers(proxy_basic_auth=user) if user else None,
            )
        except (HTTPError, ValueError):
            raise WebError(f"no valid proxy: {redacted(proxy)}", url=redacted(proxy)) from None


def _basic(user: str) -> dict[str, str]:
    """The header for the `user:password` that a URL has."""
    return {"Authorization": "Basic " + b64encode(unquote_to_bytes(user)).decode("ascii")}


def _failure(method: str, url: str, error: Exception) -> WebError:
    shown = redacted(url)
    cause = _cause(error)
    is_passing = not isinstance(cause, (ssl.SSLError, LocationValueError))
    return WebError(f"{method} {shown}: {_reason(cause)}", url=shown, is_passing=is_passing)


def _cause(error: BaseException) -> BaseException:
    """The innermost exception: those of urllib3 hold whole URLs in their texts."""
    cause = error
    while True:
        inner = getattr(cause, "reason", None)
        if not isinstance(inner, BaseException):
            inner = cause.__cause__ or cause.__context__
        if not isinstance(inner, BaseException):
            return cause
        cause = inner


def _reason(cause: BaseException) -> str:
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    name = type(cause).__name__
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.strip().removesuffix(" error")
