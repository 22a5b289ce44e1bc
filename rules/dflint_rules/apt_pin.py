"""The rule `apt-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class AptPin(Rule):
    """A package is installed with `apt-get` without saying which version.

    The same Dockerfile gives another image when the distribution has moved on, and a cached layer
    keeps what was new when it was made.

    Off unless selected: distributions keep one version of a package and drop the others, so
    that a pinned version soon cannot be installed any more; it is what users of linters switch
    off most.

    Not reported: `name=version`, `name/release`, files, packages to remove (`name-`), and names
    that only a run can tell.

    apt-get(8), "install".
    """

    meta = Meta(
        "apt-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3008",
            "Apt_Get_Install_Pin_Version_Not_Defined",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make=4.3-4.1 \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get install -y -t sid b=1 c/stable ./d.deb e- $F g=$H\n"),
        Valid("FROM a\nENV P='b=1 c=2'\nRUN apt-get install -y $P && apt-get remove d\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y b c:i386=1 d:i386\n", at=("b", "d:i386")),
        Invalid("FROM a\nARG P='b c=1'\nRUN apt \\\n  # -y\n  install $P d=1\n", at="$P"),
        Invalid("ONBUILD RUN sh -c 'apt-get -o A::B=1 install c'\n", at="c"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "apt-get", "apt", "aptitude"):
            message = (
                f"`{package.value}` is installed in the version that is newest at build time; "
                f"write `{package.value}=version`"
            )
            yield self.finding(doc, package.span, message)
