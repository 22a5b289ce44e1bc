"""The rule `vex-copy`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class VexCopy(Rule):
    """A VEX document is copied into the image.

    A VEX document says which vulnerabilities do not matter in an image. Scanners and registries
    look for it beside the image, as an attestation, where it can be replaced when more is known;
    within the image it is as old as the build, and is found by few.

    Off unless selected: some scanners do read it in the image.

    Docker documentation, "Create exceptions using VEX".
    """

    meta = Meta(
        "vex-copy",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-vex-attestation",),
        default=False,
    )
    on = (
        Copy,
        Add,
        OnBuild,
    )
    mentions = ("vex",)
    bad = "FROM debian:12-slim\nCOPY app.vex.json /usr/share/\n"
    good = "FROM debian:12-slim\nCOPY app.json /usr/share/\n"
    valid = (
        Valid("FROM a\nCOPY vex b\nCOPY convex.txt c\n"),
        Valid("FROM a\nRUN cp a.vex.json b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY b openvex.json c/\n", at="openvex.json"),
        Invalid("FROM a\nONBUILD ADD vex/*.vex.json c/\n", at="vex/*.vex.json"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Copy, Add):
            for at, word in enumerate(occurrence.reading.arguments[:-1]):
                name = word.rpartition("/")[2].lower()
                if "vex" in name and name.endswith(".json"):
                    yield self.finding(
                        doc,
                        occurrence.argument(at),
                        "within the image it cannot be replaced when more is known; attach it to "
                        "the "
                        "image as an attestation",
                    )
