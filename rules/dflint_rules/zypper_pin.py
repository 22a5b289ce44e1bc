"""The rule `zypper-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class ZypperPin(Rule):
    """A package is installed with `zypper` without saying which version.

    The same Dockerfile gives another image when the repositories have moved on, and a cached
    layer keeps what was new when it was made.

    Off unless selected: distributions keep one version of a package and drop the others, so
    that a pinned version soon cannot be installed any more; it is what users of linters switch
    off most.

    Not reported: `name=1`, `name>=1`, files, URLs, patterns, packages to remove, and names that
    only a run can tell.

    zypper(8), "install".
    """

    meta = Meta(
        "zypper-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3037",
            "Zypper_Install_Without_Version",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("zypper",)
    bad = (
        "FROM opensuse/leap:15.6\nRUN zypper --non-interactive install git && zypper clean --all\n"
    )
    good = (
        "FROM opensuse/leap:15.6\n"
        "RUN zypper --non-interactive install 'git>=2.43' && zypper clean --all\n"
    )
    valid = (
        Valid("FROM a\nRUN zypper -n in b=1 'c>=2' ./d.rpm https://e/f.rpm -t pattern g\n"),
        Valid("FROM a\nENV P='b=1 c=2'\nRUN zypper -n in --from d $P e=$F pattern:g\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN zypper -n install b c=1 d-2\n", at=("b", "d-2")),
        Invalid("FROM a\nARG P='b c=1'\nRUN zypper \\\n  # -n\n  in $P d=1\n", at="$P"),
        Invalid("ONBUILD RUN sudo zypper -n in -r c b\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "zypper"):
            message = (
                f"`{package.value}` is installed in the version that is newest at build time; "
                f"write `{package.value}=version`"
            )
            yield self.finding(doc, package.span, message)
