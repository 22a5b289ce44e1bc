"""Authorization at a registry: anonymous, Basic, and tokens (Docker's token specification)."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from dflint.registry.challenges import read_challenges
from dflint.registry.credentials import Credentials, Found
from dflint.registry.errors import RegistryError, said
from dflint.web.addresses import is_loopback, redacted
from dflint.web.errors import WebError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.web.client import Answer, WebClient

_LONGEST_ANSWER = 1 << 20
#: How long a token counts that does not say (Docker's token specification), in seconds.
_USUAL_LIFE = 60
#: A token is no longer used when less of its life is left than this, in seconds.
_MARGIN = 5


@dataclass(slots=True)
class _Token:
    value: str = field(repr=False)
    expires: float


class Authorizer:
    """What one registry is told about who asks. Safe for several threads."""

    def __init__(self, web: WebClient, host: str, find: Callable[[str], Found]) -> None:
        self._web = web
        self._host = host
        self._find = find
        self._found: Found | None = None
        self._challenges: dict[str, dict[str, str]] = {}
        self._tokens: dict[tuple[str, ...], _Token] = {}
        self._lock = threading.Lock()

    @property
    def problem(self) -> str:
        """Why there are no credentials, when that is odd."""
        return self._found.problem if self._found else ""

    def header(self, scopes: tuple[str, ...]) -> str:
        """The Authorization header for requests of the scopes, or ""."""
        with self._lock:
            if "bearer" in self._challenges:
                return f"Bearer {self._token(scopes)}"
            if "basic" in self._challenges:
                credentials = self._credentials()
                return credentials.basic if credentials and credentials.secret else ""
            return ""

    def learn(self, answer: Answer, scopes: tuple[str, ...], sent: str) -> bool:
        """Take in a 401; tells whether asking again may help.

        `sent` is the header with which was asked.
        """
        challenges = read_challenges(answer.headers.get("WWW-Authenticate", ""))
        with self._lock:
            self._challenges = challenges
            token = self._tokens.get(scopes)
            if sent and (token is None or sent != f"Bearer {token.value}"):
                # Another thread has fetched a newer one, or it is Basic, which stays what it is.
                return sent.startswith("Bearer ")
            if "bearer" in challenges:
                self._tokens.pop(scopes, None)
                return True
            return "basic" in challenges and self._credentials() is not None

    def _credentials(self) -> Credentials | None:
        if self._found is None:
            self._found = self._find(self._host)
        return self._found.credentials

    def _token(self, scopes: tuple[str, ...]) -> str:
        token = self._tokens.get(scopes)
        if token is None or token.expires < time.monotonic():
            token = self._tokens[scopes] = self._fetch(scopes)
        return token.value

    def _fetch(self, scopes: tuple[str, ...]) -> _Token:
        challenge = self._challenges["bearer"]
        realm = challenge.get("realm", "")
        parts = urlsplit(realm)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            shown = redacted(realm)
            raise RegistryError(f"{self._host} names no token server: {shown!r:.200}", url=shown)
        credentials = self._credentials()
        if credentials and credentials.registry_token:
            return _Token(credentials.registry_token, float("inf"))
        if credentials and parts.scheme == "http" and not is_loopback(parts.netloc):
            raise RegistryError(
                f"{self._host} wants credentials sent to {redacted(realm)}, which is not encrypted"
            )
        wanted = challenge.get("scope", "").split() if not scopes else list(scopes)
        with self._ask(realm, challenge.get("service", ""), wanted, credentials) as answer:
            return self._read(answer)

    def _ask(
        self, realm: str, service: str, scopes: list[str], credentials: Credentials | None
    ) -> Answer:
        # A redirect would carry credentials in a body, so none is followed.
        try:
            if credentials and credentials.identity_token:
                form = {
                    "grant_type": "refresh_token",
                    "service": service,
                    "client_id": "dflint",
                    "scope": " ".join(scopes),
                    "refresh_token": credentials.identity_token,
                }
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                body = urlencode(form).encode()
                return self._web.request("POST", realm, kind, body, follows=False)
            query = [("service", service)] if service else []
            query += [("scope", scope) for scope in scopes]
            headers = {}
            if credentials:
                query.append(("account", credentials.user))
                headers["Authorization"] = credentials.basic
            separator = "&" if "?" in realm else "?"
            url = realm + (separator + urlencode(query) if query else "")
            return self._web.request("GET", url, headers, follows=not credentials)
        except WebError as error:
            raise RegistryError(
                f"no token for {self._host}: {error}", url=error.url, is_passing=error.is_passing
            ) from None

    def _read(self, answer: Answer) -> _Token:
        body = answer.read(_LONGEST_ANSWER)
        if answer.status != 200:
            code, message = said(body)
            shown = redacted(answer.url)
            reason = " ".join(part for part in (code, message) if part)
            raise RegistryError(
                f"no token for {self._host}: {shown} answered {answer.status}"
                + (f": {reason}" if reason else "")
                + (f" ({self.problem})" if self.problem else ""),
                status=answer.status,
                code=code,
                url=shown,
                is_passing=answer.status >= 500 or answer.status == 429,
            )
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        document = document if isinstance(document, dict) else {}
        value = document.get("token") or document.get("access_token")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise RegistryError(f"{redacted(answer.url)} answered without a token")
        life = document.get("expires_in")
        seconds = life if isinstance(life, int) and life > 0 else _USUAL_LIFE
        return _Token(value, time.monotonic() + max(seconds - _MARGIN, 1))
