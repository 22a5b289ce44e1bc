"""The rule `privileged-label`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class PrivilegedLabel(Rule):
    """A label has the image run with the rights of the host.

    The labels `RUN` and `INSTALL` are what `atomic run` and `podman container runlabel` execute.
    With `--privileged` the container has all devices and capabilities of the host and no security
    profile: a break-out is no effort. Name what is needed instead: `--cap-add`, `--device`, a
    single directory with `-v`.

    podman-container-runlabel(1).
    """

    meta = Meta(
        "privileged-label",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("privileged_run_container",),
    )
    on = (
        Label,
        OnBuild,
    )
    mentions = ("--privileged",)
    bad = 'FROM debian:12-slim\nLABEL run="docker run --privileged -d IMAGE"\n'
    good = 'FROM debian:12-slim\nLABEL run="docker run --cap-add NET_ADMIN -d IMAGE"\n'
    valid = (
        Valid('FROM a\nLABEL run="docker run IMAGE" b=--privileged\n'),
        Valid("FROM a\nRUN echo docker run --privileged\n"),
    )
    invalid = (
        Invalid(
            'FROM a\nLABEL b=c RUN="podman run --privileged --rm IMAGE"\n',
            at='"podman run --privileged --rm IMAGE"',
        ),
        Invalid(
            "FROM a\nLABEL INSTALL docker run --privileged IMAGE\n",
            at="docker run --privileged IMAGE",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Label):
            arguments = occurrence.reading.arguments
            for at in range(0, len(arguments), 3):
                value = arguments[at + 1]
                if "--privileged" in value and any(name in value for name in ("docker", "podman")):
                    yield self.finding(
                        doc,
                        occurrence.argument(at + 1),
                        "with `--privileged` the container is as good as root on the host; name "
                        "the "
                        "capabilities and devices that it needs",
                    )
