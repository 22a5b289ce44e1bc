"""The rule `apk-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class ApkPin(Rule):
    """A package is installed with `apk` without saying which version.

    The same Dockerfile gives another image when the repositories have moved on, and a cached
    layer keeps what was new when it was made.

    Off unless selected: distributions keep one version of a package and drop the others, so
    that a pinned version soon cannot be installed any more; it is what users of linters switch
    off most.

    Not reported: `name=1`, `name~1`, `name>1`, files, the name after `--virtual`, and names that
    only a run can tell.

    apk-world(5).
    """

    meta = Meta(
        "apk-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3018",
            "Unpinned_Package_Version_in_Apk_Add",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("apk",)
    bad = "FROM alpine:3.22\nRUN apk add --no-cache curl\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl~8.14\n"
    valid = (
        Valid("FROM a\nRUN apk add -t .b c=1 d~2 'e>3' ./f.apk !g $H i=$J && apk del k\n"),
        Valid("FROM a\nENV P='b=1 c=2'\nRUN apk add --repository d -X e $P\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apk add --virtual .b c d=1 e@edge\n", at=("c", "e@edge")),
        Invalid("FROM a\nARG P='b c=1'\nRUN apk \\\n  # new\n  add $P d=1\n", at="$P"),
        Invalid("ONBUILD RUN sudo apk --no-cache add b\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "apk"):
            name = quoted(package.value or "")
            message = (
                f"{name} is installed in the version that is newest at build time; write "
                "`=version` or `~version` behind it"
            )
            yield self.finding(doc, package.span, message)
