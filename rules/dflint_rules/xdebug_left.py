"""The rule `xdebug-left`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.text.edit import Edit


_INSTALLERS = (
    "pecl", "docker-php-ext-enable", "install-php-extensions", "apt-get", "apt", "apk", "yum",
    "dnf",
)  # fmt: skip
_XDEBUG = re.compile(r"(?:php\d*+(?:\.\d++)?+-(?:pecl-)?)?xdebug(?:-[\w.]++)?+")
_DEVELOPMENT = re.compile(r"dev|test|debug|ci\b")
#: What may need Xdebug, to tell which lines have run.
_USERS = re.compile(r"phpunit|coverage|infection|codecept|behat|\bpest\b|\btests?\b", re.I)


class XdebugLeft(Rule):
    """Xdebug is in the image.

    Xdebug slows PHP down by a multiple, and lets whoever reaches its port, or can have it connect
    back, run code. It belongs into a stage or an image of its own, for development.

    Off unless selected: whether an image is for development is not in the file. Not reported in
    stages that do not end up in the image, and in those whose name says that they are for
    development or tests.

    The fix leaves it out, in all of its places at once. There is none where the file says more of
    Xdebug, such as its settings, and where it runs tests.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "xdebug-left",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/php/no-xdebug-in-final-image",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("xdebug",)
    bad = "FROM php:8.4-fpm\nRUN pecl install xdebug-3.4.0\n"
    good = "FROM php:8.4-fpm AS base\nFROM base AS dev\nRUN pecl install xdebug-3.4.0\nFROM base\n"
    valid = (
        Valid("FROM a\nRUN apt-get purge -y php-xdebug\n"),
        Valid("FROM a AS test\nRUN pecl install xdebug\n"),
        Valid("FROM a\nRUN rm xdebug.ini && pecl install redis\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install php-xdebug=3.2 b\n", at="php-xdebug=3.2",
                fixed="FROM a\nRUN apt-get install b\n", unsafe=True),
        Invalid("FROM a\n# b\nRUN pecl install xdebug && docker-php-ext-enable xdebug\n",
                at=("xdebug", "xdebug"), fixed="FROM a\n# b\n", unsafe=True),
        Invalid("FROM a\nRUN b && \\\n  pecl install c xdebug && \\\n  d && \\\n"
                "  docker-php-ext-enable \\\n    xdebug\n",
                at=("xdebug", "xdebug"),
                fixed="FROM a\nRUN b && \\\n  pecl install c && \\\n  d\n", unsafe=True),
        Invalid("FROM a\nRUN apt-get update && apt-get install -y php8.2-xdebug\n",
                at="php8.2-xdebug", fixed="FROM a\nRUN apt-get update\n", unsafe=True),
        Invalid("FROM a\nRUN pecl install xdebug && echo xdebug.mode=debug >>b\n", at="xdebug"),
        Invalid("FROM a\nRUN pecl install xdebug\nRUN composer test\n", at="xdebug"),
        Invalid("FROM a\nRUN yes | pecl install xdebug\n", at="xdebug"),
        Invalid("FROM a\nRUN b && docker-php-ext-enable --ini-name 5.ini xdebug\n", at="xdebug",
                fixed="FROM a\nRUN b\n", unsafe=True),
        Invalid("FROM a\nRUN pecl install xdebug # b\n", at="xdebug"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for _, _, argument in _uses(doc):
            yield self.finding(
                doc,
                argument.span,
                "with Xdebug PHP is slow and lets code in; install it in a stage for development",
                fix=partial(_fix, doc),
            )


def _uses(doc: Document) -> Iterator[tuple[Program, Invocation, Argument]]:
    """Where it is installed, or switched on."""
    shipped = shipped_stages(doc.model)
    for program in doc.programs:
        stage = doc.model.stage_of(program.instruction)
        if stage is None or stage.index not in shipped or _DEVELOPMENT.search(stage.name):
            continue
        for call in program.invocations_of(*_INSTALLERS):
            for argument in call.arguments if call.action != "remove" else ():
                if _XDEBUG.fullmatch(argument.prefix.partition("=")[0]):
                    yield program, call, argument


def _fix(doc: Document) -> Fix | None:
    """All of them left out; None where the file says more of it, or may run tests."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.lint.markup import MARKUP
    from dflint.lint.program_fixes import words_taken

    uses = list(_uses(doc))
    rows = [row for row in doc.text.split("\n") if not row.lstrip(" \t").startswith("#")]
    text = "\n".join(rows)
    named = sum(argument.span.slice(doc.text).lower().count("xdebug") for _, _, argument in uses)
    if text.lower().count("xdebug") != named or _USERS.search(text) or MARKUP.get().search(text):
        return None
    edits: list[Edit] = []
    for program in dict.fromkeys(program for program, _, _ in uses):
        made = _without(doc, program, [use[1:] for use in uses if use[0] is program])
        if made is None:
            return None
        edits += made
    unsafe, lost = Applicability.UNSAFE, words_taken(doc, edits)
    return Fix("leave Xdebug out", edits, unsafe, Effect.FILES, lost=lost, contract=SAME_IMAGE)


def _without(
    doc: Document, program: Program, uses: list[tuple[Invocation, Argument]]
) -> list[Edit] | None:
    """The arguments taken out of a RUN, with the commands that have no others."""
    from dflint.lint.step_removal import without_steps, without_word

    edits: list[Edit] = []
    steps = []
    for call in dict.fromkeys(call for call, _ in uses):
        mine = [argument for one, argument in uses if one is call]
        others = [one for one in call.operands if one not in mine and one.prefix != "install"]
        if all(_is_setting(call, one) for one in others):
            steps.append(call.command)
            continue
        for argument in mine:
            made = without_word(doc, call.command, argument.word)
            if made is None:
                return None
            edits += made
    if steps:
        taken = without_steps(doc, program, steps)
        if taken is None:
            return None
        edits += taken
    return edits


def _is_setting(call: Invocation, argument: Argument) -> bool:
    """Whether an argument is the file that `docker-php-ext-enable` is to write."""
    at = call.arguments.index(argument)
    return at > 0 and call.arguments[at - 1].prefix == "--ini-name"
