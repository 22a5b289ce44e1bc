"""One registry: where it is, its authorization, and requests that are tried again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from dflint.registry.auth import Authorizer
from dflint.registry.errors import RegistryError, said
from dflint.registry.options import RegistryOptions
from dflint.web.addresses import is_loopback, redacted
from dflint.web.client import Answer, Body, Resent, WebClient, WebSettings, is_passing
from dflint.web.errors import WebError

_HUB = "docker.io"
_HUB_HOST = "registry-1.docker.io"
_LONGEST_ERROR = 64 << 10
_LONGEST_WAIT = 60.0

_Value = TypeVar("_Value")


class RegistryHost:
    """A registry by its domain: `docker.io`, `ghcr.io`, `localhost:5000`.

    Safe for several threads.
    """

    def __init__(self, domain: str, options: RegistryOptions) -> None:
        self.domain = domain
        self.options = options
        self.host = _HUB_HOST if domain == _HUB else domain
        self._web = WebClient(
            WebSettings(
                connect_timeout=options.connect_timeout,
                read_timeout=options.read_timeout,
                ca_files=options.ca_files,
                certificate_directories=options.certificate_directories,
                allows_downgrade=domain in options.plain_http,
            )
        )
        self._auth = Authorizer(self._web, domain, options.find_credentials)
        self._base = ""
        self._lock = threading.Lock()

    @property
    def base(self) -> str:
        """The URL that paths are appended to: `https://registry-1.docker.io`."""
        with self._lock:
            self._base = self._base or f"{self._scheme()}://{self.host}"
            return self._base

    def _scheme(self) -> str:
        """Plain HTTP only where it is allowed, and where the registry speaks it."""
        if self.domain in self.options.plain_http:
            return "http"
        if not is_loopback(self.host) or self.host.endswith(":443"):
            return "https"
        try:
            with self._web.request("GET", f"http://{self.host}/v2/", follows=False) as answer:
                # Servers of Go answer so to plain HTTP at a port of TLS.
                is_tls = answer.status == 400 and b"HTTPS server" in answer.read(_LONGEST_ERROR)
                return "https" if is_tls else "http"
        except WebError:
            return "https" if self._speaks_tls() else "http"

    def _speaks_tls(self) -> bool:
        try:
            self._web.request("GET", f"https://{self.host}/v2/", follows=False).close()
        except WebError as error:
            return "certificate" in str(error)
        return True

    def request(
        self,
        method: str,
        path: str,
        scopes: tuple[str, ...],
        headers: Mapping[str, str] | None = None,
        body: Body = None,
        *,
        follows: bool = True,
    ) -> Answer:
        """One request with authorization; `path` is a path or a URL of this registry's choice.

        A URL of another origin is asked without credentials. Raises RegistryError where there is
        no answer; an answer of any status is returned.
        """
        url = path if "://" in path else self.base + path
        is_ours = url.startswith(self.base + "/")
        sent = self._auth.header(scopes) if is_ours else ""
        while True:
            asked = dict(headers or {})
            if sent:
                asked["Authorization"] = sent
            try:
                answer = self._web.request(method, url, asked, body, follows=follows)
            except WebError as error:
                raise _of_web(error) from None
            if answer.status != 401 or not is_ours:
                return answer
            can_retry = self._auth.learn(answer, scopes, sent)
            again = self._auth.header(scopes) if can_retry else ""
            if not again or again == sent or not _is_again(body):
                return answer
            answer.close()
            sent = again

    def error(self, answer: Answer, what: str) -> RegistryError:
        """The error that an answer is; reads and closes it. `what` begins its message."""
        with answer:
            try:
                code, message = said(answer.read(_LONGEST_ERROR))
            except WebError:
                code, message = "", ""
        shown = redacted(answer.url)
        reason = ": ".join(part for part in (code, message) if part)
        text = f"{what}: {answer.method} {shown} answered {answer.status}"
        text += f": {reason}" if reason else ""
        if answer.status in (401, 403) and self._auth.problem:
            text += f" ({self._auth.problem})"
        error = RegistryError(
            text, status=answer.status, code=code, url=shown, is_passing=is_passing(answer.status)
        )
        error.wait = _wait(answer.headers.get("Retry-After", ""))
        return error

    def patiently(self, action: Callable[[], _Value]) -> _Value:
        """What an action returns, tried again with growing delays while its errors may pass."""
        delay = self.options.first_delay
        for attempt in range(1, self.options.attempts + 1):
            if self.options.cancel.is_set():
                raise RegistryError("cancelled")
            try:
                return action()
            except RegistryError as error:
                if not error.is_passing or attempt == self.options.attempts:
                    raise
                seconds = max(delay * random.uniform(0.5, 1.0), error.wait)
            self.options.cancel.wait(min(seconds, _LONGEST_WAIT))
            delay = min(delay * 2, self.options.longest_delay)
        raise RegistryError("cancelled")


def _of_web(error: WebError) -> RegistryError:
    return RegistryError(
        str(error), status=error.status, url=error.url, is_passing=error.is_passing
    )


def _is_again(body: Body) -> bool:
    """Tell whether a body can be sent a second time."""
    return body is None or isinstance(body, bytes | Resent)


def _wait(header: str) -> float:
    """The seconds of a Retry-After header, which is a number of them or a date (RFC 9110)."""
    if header.isdecimal():
        return float(header) if len(header) < 6 else _LONGEST_WAIT
    try:
        when = parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return 0.0
    return max(when - time.time(), 0.0)
