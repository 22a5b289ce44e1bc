"""The rule `usr-src-left`."""

from __future__ import annotations

import re
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
    from dflint.shell.invocation import Argument


class UsrSrcLeft(Rule):
    """Sources stay below `/usr/src`.

    Sources that are unpacked below `/usr/src` to be compiled are not needed afterwards. `rm -rf`
    in the same `RUN` removes them; a later one cannot.

    Off unless selected. The fix puts that at the end of the RUN, if it installs what it has made,
    has no link to the sources, and nothing else in the file names the directory; it is unsafe.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "usr-src-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("mkdirUsrSrcThenRemove",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("/usr/src",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN mkdir -p /usr/src/app && tar -xf app.tar -C /usr/src/app && make -C "
        "/usr/src/app install\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN mkdir -p /usr/src/app && tar -xf app.tar -C /usr/src/app && make -C "
        "/usr/src/app install && rm -rf /usr/src/app\n"
    )
    valid = (
        Valid("FROM a\nRUN mkdir /usr/src/b\n"),
        Valid("FROM a\nRUN mkdir /usr/src/b && make && rm -r /usr/src/b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN mkdir -p /usr/src/b && make\n", at="/usr/src/b"),
        Invalid(
            "FROM a\nRUN mkdir -p /usr/src/b \\\n  && make install\n",
            at="/usr/src/b",
            fixed="FROM a\nRUN mkdir -p /usr/src/b \\\n  && make install \\\n"
            "  && rm -rf /usr/src/b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN mkdir -p /usr/src/b && make install\nWORKDIR /usr/src/b\n",
            at="/usr/src/b",
        ),
        Invalid("FROM a\nRUN mkdir /usr/src; cd b; cmake c\n", at="/usr/src"),
        Invalid(
            "FROM a\nRUN mkdir /usr/src/b && cd /usr/src/b && cmake --version && bundle install\n",
            at="/usr/src/b",
        ),
        Invalid(
            "FROM a\nRUN mkdir /usr/src/b && make -C /usr/src/b install && ln -s /usr/src/b/c /c\n",
            at="/usr/src/b",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            text = program.script.text
            if "make" not in text or "rm " in text:
                continue
            for call in program.invocations_of("mkdir"):
                for argument in call.operands:
                    if argument.prefix.startswith("/usr/src"):
                        yield self.finding(
                            doc,
                            argument.span,
                            "the sources stay in the layer; remove them at the end of the RUN",
                            fix=partial(_fix, doc, program, argument),
                        )


#: The step that installs what was made, elsewhere.
_INSTALLATION = re.compile(
    r"\b(?:make|ninja|scons|meson|waf)\b[^;&|\n]*?\binstall(?!-(?:deps|dependencies|tools))\b"
    r"|\bcmake\b[^;&|\n]*?\s--install\b|\bsetup\.py\b[^;&|\n]*?\sinstall\b"
)
#: What leaves a way to the sources themselves.
_LINK = re.compile(
    r"\bln\s|\binstall\s[^;&|\n]*(?<=\s)(?:-e|--editable)\b|\bsetup\.py\s+develop\b"
    r"|\b(?:npm|yarn)\s+link\b"
)


def _fix(doc: Document, program: Program, argument: Argument) -> Fix | None:
    """`rm` behind the last command."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.semantic.cleanups import cleanup_edits

    path, script = argument.value or "", program.script
    line = program.instruction.line
    elsewhere = doc.text[: line.start] + doc.text[line.stop :]
    if path != argument.word.text or path.rstrip("/") == "/usr/src" or path in elsewhere:
        return None
    text = script.text.replace("\\\n", "  ")
    if "/usr/src" in elsewhere or _LINK.search(text) or not _INSTALLATION.search(text):
        return None
    last = script.steps[-1]
    commands = [one for one in script.commands if one is last]
    if not commands or program.occurrence.reading.flag_values("mount"):
        return None
    edits = cleanup_edits([(program, commands[0])], f"rm -rf {path.rstrip('/')}")
    if edits is None:
        return None
    title, unsafe = f"remove `{path}` at the end", Applicability.UNSAFE
    return Fix(title, edits, unsafe, Effect.FILES, contract=SAME_IMAGE)
