"""Secrets that their form tells: tokens of well-known services, private keys, passwords in URLs."""

from __future__ import annotations

import re

from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMS = (
    ("an access key of AWS", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a token of GitHub", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})"),
    ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20}"),
    ("a token of Slack", r"\bxox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{12,}"),
    ("a key of Stripe", r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    ("a key of Google", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a token of PyPI", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    ("a token of Docker Hub", r"\bdckr_pat_[A-Za-z0-9_-]{27}"),
    ("a token of Hugging Face", r"\bhf_[A-Za-z]{34}\b"),
    ("a key of SendGrid", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("a token of DigitalOcean", r"\bdop_v1_[a-f0-9]{64}\b"),
    ("a token of Shopify", r"\bshpat_[a-fA-F0-9]{32}\b"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*?PRIVATE KEY(?: BLOCK)?-----"),
)
_TOKEN = re.compile("|".join(f"({form})" for _, form in _FORMS))
_PASSWORD = re.compile(
    r"\b(?:https?|ftps?|git|ssh)://[^\s/:@$\"'<>{}()]*+:(?P<password>[^\s/:@$\"'<>{}()%]{4,})@"
    r"(?P<host>[A-Za-z0-9.-]++)"
)
#: What stands in examples and templates in the place of a secret.
_PLACEHOLDER = re.compile(
    r"example|placeholder|change|dummy|redacted|your|token|pass|secret|xxx|\*\*|\.\.\.|test",
    re.IGNORECASE,
)
_FEWEST = 6
"""A secret has at least so many different characters."""


def secret_literals(text: str) -> Iterator[tuple[Span, str]]:
    """The place of each secret in a text, and what it is."""
    for found in _TOKEN.finditer(text):
        what = _FORMS[(found.lastindex or 1) - 1][0]
        if what == "a private key" and not _is_key(text, found.end()):
            continue
        secret = found[0].rpartition("_")[2]
        if what == "a private key" or not _is_placeholder(secret):
            yield Span(*found.span()), what
    if "://" in text and "@" in text:
        for found in _PASSWORD.finditer(text):
            host = found["host"]
            is_own = "." not in host or host.startswith("127.") or "example" in host
            if not is_own and not _is_placeholder(found["password"]):
                yield Span(*found.span("password")), "a password in an address"


def _is_key(text: str, end: int) -> bool:
    """Whether a key follows, or may: not a pattern that is searched for."""
    before = text.rfind("\n", 0, end) + 1
    return "grep" not in text[before:end]


def _is_placeholder(secret: str) -> bool:
    return len(set(secret)) < min(_FEWEST, len(secret)) or bool(_PLACEHOLDER.search(secret))
