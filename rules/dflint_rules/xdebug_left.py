"""The rule `xdebug-left`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_INSTALLERS = (
    "pecl", "docker-php-ext-enable", "install-php-extensions", "apt-get", "apt", "apk", "yum",
    "dnf",
)  # fmt: skip
_XDEBUG = re.compile(r"(?:php\d*+(?:\.\d++)?+-(?:pecl-)?)?xdebug(?:-[\w.]++)?+")
_DEVELOPMENT = re.compile(r"dev|test|debug|ci\b")


class XdebugLeft(Rule):
    """Xdebug is in the image.

    Xdebug slows PHP down by a multiple, and lets whoever reaches its port, or can have it connect
    back, run code. It belongs into a stage or an image of its own, for development.

    Off unless selected: whether an image is for development is not in the file. Not reported in
    stages that do not end up in the image, and in those whose name says that they are for
    development or tests.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "xdebug-left",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/php/no-xdebug-in-final-image",),
        default=False,
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
        Invalid("FROM a\nRUN apt-get install php-xdebug=3.2\n", at="php-xdebug=3.2"),
        Invalid(
            "FROM a\nRUN pecl install xdebug && docker-php-ext-enable xdebug\n",
            at=("xdebug", "xdebug"),
        ),
        Invalid("FROM a\nRUN apt-get install -y php8.2-xdebug\n", at="php8.2-xdebug"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        shipped = shipped_stages(doc.model)
        for program in doc.programs:
            stage = doc.model.stage_of(program.instruction)
            if stage is None or stage.index not in shipped or _DEVELOPMENT.search(stage.name):
                continue
            for call in program.invocations_of(*_INSTALLERS):
                for argument in call.arguments if call.action != "remove" else ():
                    if _XDEBUG.fullmatch(argument.prefix.partition("=")[0]):
                        yield self.finding(
                            doc,
                            argument.span,
                            "with Xdebug PHP is slow and lets code in; install it in a stage for "
                            "development",
                        )
