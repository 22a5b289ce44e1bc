"""Secrets that their form tells: tokens of well-known services, private keys, passwords in URLs."""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = "a private key"
#: What it is, a text that it has, and its form.
_FORMS = (
    ("an access key of AWS", "AKIA", r"\bAKIA[A-Z2-7]{16}\b"),
    ("an access key of AWS", "ASIA", r"\bASIA[A-Z2-7]{16}\b"),
    ("a token of GitHub", "ghp_", r"\bghp_[A-Za-z0-9]{36}"),
    ("a token of GitHub", "gho_", r"\bgho_[A-Za-z0-9]{36}"),
    ("a token of GitHub", "ghu_", r"\bghu_[A-Za-z0-9]{36}"),
    ("a token of GitHub", "ghs_", r"\bghs_[A-Za-z0-9]{36}"),
    ("a token of GitHub", "ghr_", r"\bghr_[A-Za-z0-9]{36}"),
    ("a token of GitHub", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{60,}"),
    ("a token of GitLab", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20}"),
    ("a token of Slack", "xox", r"\bxox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{12,}"),
    ("a key of Stripe", "k_live_", r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    ("a key of Google", "AIza", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("a token of npm", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a token of PyPI", "pypi-AgE", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    ("a token of Docker Hub", "dckr_pat_", r"\bdckr_pat_[A-Za-z0-9_-]{27}"),
    ("a token of Hugging Face", "hf_", r"\bhf_[A-Za-z]{34}\b"),
    ("a key of SendGrid", "SG.", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("a token of DigitalOcean", "dop_v1_", r"\bdop_v1_[a-f0-9]{64}\b"),
    ("a token of Shopify", "shpat_", r"\bshpat_[a-fA-F0-9]{32}\b"),
    (_KEY, "PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )*?PRIVATE KEY(?: BLOCK)?-----"),
)
#: One of these stands in every token and private key, in lower case.
TOKEN_MARKS = tuple(mark.lower() for _, mark, _ in _FORMS)
_PASSWORD = LazyPattern(
    r"://[^\s/:@$\"'<>{}()]*+:(?P<password>[^\s/:@$\"'<>{}()%]{4,})@(?P<host>[A-Za-z0-9.-]++)"
)
_SCHEMES = ("http", "https", "ftp", "ftps", "git", "ssh")
#: What stands in examples and templates in the place of a secret.
_PLACEHOLDER = LazyPattern(
    r"example|placeholder|change|dummy|redacted|your|token|pass|secret|xxx|\*\*|\.\.\.|test",
    re.IGNORECASE,
)
_FEWEST = 6
"""A secret has at least so many different characters."""


def secret_literals(text: str) -> Iterator[tuple[Span, str]]:
    """The place of each secret in a text, and what it is."""
    yield from token_literals(text)
    yield from password_literals(text)


def token_literals(text: str) -> Iterator[tuple[Span, str]]:
    """The place of each token and private key in a text, and what it is."""
    for what, mark, form in _FORMS:
        for found in re.finditer(form, text) if mark in text else ():
            if what == _KEY and not _is_key(text, found.end()):
                continue
            if what == _KEY or not _is_placeholder(found[0].rpartition("_")[2]):
                yield Span(*found.span()), what


def password_literals(text: str) -> Iterator[tuple[Span, str]]:
    """The place of each password in an address, and what it is."""
    if "://" in text and "@" in text:
        for found in _PASSWORD.get().finditer(text):
            host = found["host"]
            is_own = "." not in host or host.startswith("127.") or "example" in host
            before = re.split(r"[^A-Za-z]", text[max(found.start() - 8, 0) : found.start()])[-1]
            if before in _SCHEMES and not is_own and not _is_placeholder(found["password"]):
                yield Span(*found.span("password")), "a password in an address"


def _is_key(text: str, end: int) -> bool:
    """Whether a key follows, or may: not a pattern that is searched for."""
    before = text.rfind("\n", 0, end) + 1
    return "grep" not in text[before:end]


def _is_placeholder(secret: str) -> bool:
    return len(set(secret)) < min(_FEWEST, len(secret)) or bool(_PLACEHOLDER.get().search(secret))
