"""The rule `yum-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class YumPin(Rule):
    """A package is installed with `yum` without saying which version.

    The same Dockerfile gives another image when the repositories have moved on, and a cached
    layer keeps what was new when it was made.

    Off unless selected: distributions keep one version of a package and drop the others, so
    that a pinned version soon cannot be installed any more; it is what users of linters switch
    off most.

    Not reported: names with a version (`name-1.2`), streams of modules (`name:stream`), files,
    URLs and groups, and what only a run can tell.

    yum(8), "SPECIFYING PACKAGE NAMES".
    """

    meta = Meta(
        "yum-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3033",
            "Yum_install_Without_Version",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("yum",)
    bad = "FROM amazonlinux:2\nRUN yum install -y git && yum clean all\n"
    good = "FROM amazonlinux:2\nRUN yum install -y git-2.40.1 && yum clean all\n"
    valid = (
        Valid(
            "FROM a\nRUN yum install -y b-1.2 c-1:2 https://d/e.rpm ./f.rpm @g h-$I; yum update\n"
        ),
        Valid(
            "FROM a\nENV P='b-1 c-2'\nRUN yum --enablerepo d install $P && yum module install e:1\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN yum install -y b-devel c-1 && yum module install d\n", ("b-devel", "d")
        ),
        Invalid("FROM a\nARG P='b c-1'\nRUN yum \\\n  # -y\n  install $P d-1\n", at="$P"),
        Invalid("ONBUILD RUN sudo yum -x c install b\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "yum"):
            message = (
                f"`{package.value}` is installed in the version that is newest at build time; "
                f"write `{package.value}-version`"
            )
            yield self.finding(doc, package.span, message)
