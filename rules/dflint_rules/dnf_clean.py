"""The rule `dnf-clean`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class DnfClean(Rule):
    """`dnf` leaves the metadata of the repositories in the layer.

    Packages are removed after they are installed, but not what `dnf` downloads to know them: the
    metadata in `/var/cache/dnf`, or `/var/cache/libdnf5`, often takes more than a hundred
    megabytes. It has to go in the same `RUN`, since a layer keeps what a later one removes.
    `microdnf` has a cache of its own, which `dnf clean` does not know.

    `dnf clean all`, `clean metadata` and removing the directory do; `clean packages` leaves the
    metadata. Not reported where the directory is a cache mount or a tmpfs, and in stages that do
    not end up in the image.

    dnf(8), "Clean Command".
    """

    meta = Meta(
        "dnf-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3040",
            "no_dnf_clean_all",
            "DS-0019",
            "DS-0027",
            "Missing_Dnf_Clean_All",
            "missing-dnf-clean-all",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("dnf",)
    bad = "FROM fedora:42\nRUN dnf install -y git\n"
    good = "FROM fedora:42\nRUN dnf install -y git && dnf clean all\n"
    valid = (
        Valid("FROM a\nRUN dnf clean all && dnf install -y b && dnf clean all\n"),
        Valid("FROM a\nRUN microdnf install -y b && microdnf clean all; dnf remove -y c\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/var/cache/dnf dnf install -y b\n"),
        Valid("FROM a AS b\nRUN dnf install -y c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN dnf install -y b\nRUN dnf clean all\n",
            at="dnf install",
            fixed="FROM a\nRUN dnf install -y b && dnf clean all\nRUN dnf clean all\n",
        ),
        Invalid(
            "FROM a\nRUN dnf clean all; dnf \\\n  # -y\n  -y upgrade; dnf install -y b\n",
            at="dnf \\\n  # -y\n  -y upgrade",
            fixed=(
                "FROM a\nRUN dnf clean all; dnf \\\n  # -y\n  -y upgrade; dnf install -y b \\\n"
                "  && dnf clean all\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN microdnf install -y b && dnf clean all\n",
            at="microdnf install",
            fixed=("ONBUILD RUN microdnf install -y b && microdnf clean all && dnf clean all\n"),
        ),
        Invalid(
            "FROM a\nRUN dnf install -y b || { echo c; exit 1; }\n",
            at="dnf install",
            fixed="FROM a\nRUN dnf install -y b && dnf clean all || { echo c; exit 1; }\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves metadata."""
        for cache in ("dnf", "microdnf"):
            for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, cache):
                message = (
                    "the metadata of the repositories stays in the layer; end this RUN with "
                    f"`{leftover.first.name} clean all`"
                )
                fix = partial(_fix, doc, leftover)
                yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover) -> Fix | None:
    from dflint.lint.cleanup_fixes import clean_up

    return clean_up(doc, leftover)
