"""The rule `configure-build`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class ConfigureBuild(Rule):
    """`./configure` guesses what it builds for.

    On new architectures the `config.guess` of an old package does not know the machine, and the
    build fails. `--build="$(dpkg-architecture --query DEB_BUILD_GNU_TYPE)"` tells it.

    The fix writes `--build="$(gcc -dumpmachine)"` where the file or the base image brings GCC. It
    is unsafe where the same `RUN` makes the script with Autoconf, else a proposal: scripts that are
    made otherwise may refuse the option. There is none for projects known to have such a script
    (nginx, FFmpeg, zlib), and within `sh -c`.

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
        fix="unsafe",
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
        Invalid(
            "FROM gcc\nRUN autoreconf -i && CC=gcc ./configure --prefix=/b && make\n",
            at="./configure",
            fixed=(
                "FROM gcc\nRUN autoreconf -i && "
                'CC=gcc ./configure --build="$(gcc -dumpmachine)" --prefix=/b && make\n'
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN apk add zlib && autoconf && ./configure && make\n", at="./configure"),
        Invalid("FROM gcc\nRUN autoconf && CC='gcc -m32' ./configure\n", at="./configure"),
        Invalid("FROM gcc\nRUN sh -c 'autoconf; ./configure --prefix=/b'\n", at="./configure"),
        Invalid("FROM gcc\nONBUILD RUN autoconf; ./configure\n", at="./configure"),
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
                        fix=partial(_fix, doc, program, call),
                    )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.semantic.configure_scripts import has_gcc, is_of_autoconf
    from dflint.semantic.program_edits import insert_quoted

    word = call.word or call.command.program_word
    is_known = is_of_autoconf(program, call)
    if word is None or is_known is False or call.option("--help", "--version") is not None:
        return None
    if not has_gcc(doc.text[: word.span.start], program.base_image):
        return None
    edits = insert_quoted(program, word, '--build="$(gcc -dumpmachine)"')
    if edits is None:
        return None
    level = Applicability.UNSAFE if is_known else Applicability.DISPLAY
    title = "tell what is built for, as gcc does"
    return Fix(title, edits, level, Effect.FILES, contract=SAME_IMAGE)
