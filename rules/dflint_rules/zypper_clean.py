"""The rule `zypper-clean`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.cleanup_option import CLEANUP
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class ZypperClean(Rule):
    """`zypper` leaves the metadata of the repositories in the layer.

    What `zypper` downloads to know the packages is in `/var/cache/zypp` and stays there, tens of
    megabytes. It has to go in the same `RUN`, since a layer keeps what a later one removes.
    `zypper clean --all` removes it; `zypper clean` alone, which removes packages, is not reported.

    Not reported where the directory is removed, where it is a cache mount or a tmpfs, and in
    stages that do not end up in the image.

    zypper(8), "clean".
    """

    meta = Meta(
        "zypper-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3036",
            "DS-0020",
            "Missing_Zypper_Clean",
            "missing-zypper-clean",
        ),
        options=(CLEANUP,),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("zypper",)
    bad = "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install git\n"
    good = (
        "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install git && zypper clean --all\n"
    )
    valid = (
        Valid("FROM a\nRUN zypper -n in b && zypper clean --all\nRUN zypper -n rm c\n"),
        Valid("FROM a\nRUN zypper -n ref && zypper -n up && rm -rf /var/cache/zypp/*\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in b\n"),
        Valid("FROM a AS b\nRUN zypper -n in c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN zypper -n in b\nRUN zypper cc -a\n",
            at="zypper -n in",
            fixed="FROM a\nRUN zypper -n in b && zypper clean --all\nRUN zypper cc -a\n",
        ),
        Invalid(
            "FROM a\nRUN zypper clean; zypper \\\n  # now\n  ref; zypper -n in b\n",
            at="zypper \\\n  # now\n  ref",
            fixed=(
                "FROM a\nRUN zypper clean; zypper \\\n  # now\n  ref; zypper -n in b \\\n  && "
                "zypper clean --all\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN zypper -n dup\n",
            at="zypper -n dup",
            fixed="ONBUILD RUN zypper -n dup && zypper clean --all\n",
        ),
        Invalid(
            "FROM a\nRUN set -e; zypper -n in b; c\n",
            at="zypper -n in",
            fixed="FROM a\nRUN set -e; zypper -n in b; zypper clean --all; c\n",
        ),
        Invalid(
            "FROM a\nRUN zypper -n in b\n",
            at="zypper -n in",
            options={"cleanup": "cache-mount"},
            fixed=(
                "FROM a\n"
                "RUN --mount=type=cache,target=/var/cache/zypp,sharing=locked zypper -n in b\n"
            ),
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves metadata."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "zypper"):
            message = (
                "the metadata of the repositories stays in the layer; end this RUN with "
                f"`{leftover.first.name} clean --all`"
            )
            fix = partial(_fix, doc, leftover, self.meta.name)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover, name: str) -> Fix | None:
    from dflint.lint.cleanup_fixes import as_configured, clean_up

    return as_configured(doc, leftover, name, clean_up)
