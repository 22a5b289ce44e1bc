"""The rule `yum-clean`."""

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


class YumClean(Rule):
    """`yum` leaves the metadata of the repositories in the layer.

    Packages are removed after they are installed, but not what `yum` downloads to know them: the
    metadata in `/var/cache/yum` often takes more than a hundred megabytes. It has to go in the
    same `RUN`, since a layer keeps what a later one removes.

    `yum clean all`, `clean metadata` and removing the directory do; `clean packages` leaves the
    metadata. Not reported where the directory is a cache mount or a tmpfs, and in stages that do
    not end up in the image.

    yum(8), "CLEAN OPTIONS".
    """

    meta = Meta(
        "yum-clean",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3032",
            "no_yum_clean_all",
            "yumInstallRmVarCacheYum",
            "DS-0015",
            "Yum_Clean_All_Missing",
            "remove-package-cache",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("yum",)
    bad = "FROM amazonlinux:2\nRUN yum install -y git\n"
    good = "FROM amazonlinux:2\nRUN yum install -y git && yum clean all\n"
    valid = (
        Valid("FROM a\nRUN yum -y update && yum install -y b && yum clean all\n"),
        Valid(
            "FROM a\nRUN yum clean all; yum -y install b; yum -y clean all; rm -rf /var/cache/yum\n"
        ),
        Valid("FROM a\nRUN --mount=type=cache,target=/var/cache/yum yum install -y b\n"),
        Valid("FROM a AS b\nRUN yum install -y c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN yum install -y b\nRUN yum clean all\n",
            at="yum install",
            fixed="FROM a\nRUN yum install -y b && yum clean all\nRUN yum clean all\n",
        ),
        Invalid(
            "FROM a\nRUN yum clean all; yum \\\n  # -y\n  -y update; yum install -y b\n",
            at="yum \\\n  # -y\n  -y update",
            fixed=(
                "FROM a\nRUN yum clean all; yum \\\n  # -y\n  -y update; yum install -y b \\\n"
                "  && yum clean all\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN yum group install -y b && yum clean packages\n",
            at="yum group",
            fixed=("ONBUILD RUN yum group install -y b && yum clean all && yum clean packages\n"),
        ),
        Invalid("FROM a\nRUN yum install --installroot /b -y c\n", at="yum install"),
        Invalid("FROM a\nRUN yum install -y b\nRUN yum -C install -y c\n", at="yum install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves metadata."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "yum"):
            message = (
                "the metadata of the repositories stays in the layer; end this RUN with "
                f"`{leftover.first.name} clean all`"
            )
            fix = partial(_fix, doc, leftover)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover) -> Fix | None:
    from dflint.lint.cleanup_fixes import clean_up

    return clean_up(doc, leftover)
