"""The rule `host-network`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.occurrences import Occurrence


class HostNetwork(Rule):
    """A `RUN` uses the network of the host.

    With `--network=host` a `RUN` sees what listens on the machine that builds, also what listens
    to `localhost` alone: databases, agents with credentials, the address that gives out cloud
    credentials. What it reads there ends up in the image, and the same Dockerfile does something
    else elsewhere. BuildKit refuses it unless the builder and the build allow it (`--allow
    network.host`).

    The fix that leaves the flag out is only proposed: the command may need what it reaches there.

    Dockerfile reference, "RUN --network=host".
    """

    meta = Meta(
        "host-network",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("S6431",),
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("--network",)
    bad = "FROM debian:12-slim\nRUN --network=host ./make\n"
    good = "FROM debian:12-slim\nRUN ./make\n"
    valid = (
        Valid("FROM a\nRUN --network=none b\nRUN docker run --network=host c\n"),
        Valid("FROM a\nRUN --network=default b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN --network=host b\n", at="--network=host"),
        Invalid(
            "FROM a\nONBUILD RUN --mount=type=cache,target=/c --network=host b\n",
            at="--network=host",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Run):
            if (occurrence.reading.flag("network") or "").lower() == "host":
                yield self.finding(
                    doc,
                    occurrence.flag("network"),
                    "this command can reach all that listens on the machine that builds, and needs "
                    "`--allow network.host` there; leave `--network=host` out",
                    fix=partial(_fix, doc, occurrence),
                )


def _fix(doc: Document, occurrence: Occurrence) -> Fix | None:
    import dflint.lint.word_fixes as fixes

    return fixes.leave_flag_out(doc, occurrence, "network")
