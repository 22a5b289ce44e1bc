"""The rule `configure-build`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class ConfigureBuild(Rule):
    """`./configure` guesses what it builds for.

    On new architectures the `config.guess` of an old package does not know the machine, and the
    build fails. `--build="$(dpkg-architecture --query DEB_BUILD_GNU_TYPE)"` tells it.

    Off unless selected: on common machines it guesses right.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "configure-build",
        Category.PORTABILITY,
        Severity.INFO,
        since="0.1",
        aliases=("configureShouldUseBuildFlag",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("configure",)
    bad = "FROM gcc:14\nRUN ./configure && make\n"
    good = 'FROM gcc:14\nRUN ./configure --build="$(gcc -dumpmachine)" && make\n'
    valid = (
        Valid("FROM a\nRUN ./configure --host=b\n"),
        Valid("FROM a\nRUN dpkg --configure -a\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN ./configure --prefix=/b\n", at="./configure"),
        Invalid("FROM a\nRUN ../c/configure\n", at="../c/configure"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("configure"):
                if not any(
                    "--build" in one.prefix or "--host" in one.prefix for one in call.arguments
                ):
                    yield self.finding(
                        doc,
                        call.span,
                        "what it builds for is guessed, wrongly on new machines; tell it with "
                        "`--build=`",
                    )
