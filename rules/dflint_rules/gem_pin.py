"""The rule `gem-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class GemPin(Rule):
    """A gem is installed without saying which version.

    The same Dockerfile gives another image when the gem has been released again, and a new major
    version arrives unannounced.

    Off unless selected: it is among what users of linters switch off most.

    Not reported: `name:version`, `--version`, files, what a Gemfile names, and what only a run can
    tell.

    RubyGems command reference, "gem install".
    """

    meta = Meta(
        "gem-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3028",
            "Gem_Install_Without_Version",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("gem",)
    bad = "FROM ruby:3.4\nRUN gem install rails\n"
    good = "FROM ruby:3.4\nRUN gem install rails:8.0.2\n"
    valid = (
        Valid(
            "FROM a\nRUN gem install b:1 'c:~>2' d.gem $E f:$G -- --with h && gem update --system\n"
        ),
        Valid("FROM a\nRUN gem install b -v 1 && gem install -v1 c && gem install -g\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN gem install -N b c:1 d\n", at=("b", "d")),
        Invalid("FROM a\nRUN gem \\\n  # new\n  i b -- --with c\n", at="b"),
        Invalid("ONBUILD RUN sudo gem install -s c b\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "gem"):
            message = (
                f"`{package.value}` is installed in the version that is newest at build time; "
                f"write `{package.value}:version`"
            )
            yield self.finding(doc, package.span, message)
