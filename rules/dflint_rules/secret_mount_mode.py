"""The rule `secret-mount-mode`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class SecretMountMode(Rule):
    """A secret is mounted so that every user of the container can read it.

    Secrets and SSH sockets are mounted for root alone, with mode `0400` and `0600`. With a `mode`
    that lets others read, every program that the `RUN` starts as another user reads it too: build
    scripts that gave up their rights in order to be harmless. Name the user who needs it instead,
    with `uid=`.

    Dockerfile reference, "RUN --mount=type=secret".
    """

    meta = Meta(
        "secret-mount-mode",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("S6469",),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("mode=",)
    bad = (
        "FROM node:22-slim\n"
        "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0444 npm whoami\n"
    )
    good = "FROM node:22-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm whoami\n"
    valid = (
        Valid(
            "FROM a\n"
            "RUN --mount=type=secret,id=b,mode=0400,uid=1000 c\n"
            "RUN --mount=type=cache,target=/d,mode=0777 e\n"
        ),
        Valid("FROM a\nRUN --mount=type=secret,id=b,mode=$M --mount=type=ssh c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN --mount=type=secret,id=b,mode=0444 c\n",
            at="--mount=type=secret,id=b,mode=0444",
        ),
        Invalid(
            ("FROM a\nONBUILD RUN --mount=type=ssh,mode=666 --mount=type=cache,target=/d c\n"),
            at="--mount=type=ssh,mode=666",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Run):
            reading = occurrence.reading
            for flag, place in zip(reading.flags, reading.head.flags, strict=False):
                name, _, value = flag[2:].partition("=")
                fields = dict(one.partition("=")[::2] for one in value.lower().split(","))
                if name == "mount" and fields.get("type") in ("secret", "ssh") and _is_open(fields):
                    yield self.finding(
                        doc,
                        occurrence.span(place),
                        "every user in the container can read it while this runs; leave `mode` "
                        "out, and "
                        "name who needs it with `uid=`",
                    )


def _is_open(fields: dict[str, str]) -> bool:
    mode = fields.get("mode", "")
    is_octal = bool(mode) and set(mode) <= set("01234567")
    return is_octal and bool(int(mode, 8) & 0o007)
