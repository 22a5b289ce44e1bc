"""The rule `opcache-missing`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage


_DEVELOPMENT = re.compile(r"dev|test|debug")
#: The version of an official image, as far as its tag says it.
_VERSION = re.compile(r"php:(\d++)(?:\.(\d++))?+(?![\d.]*+-?\d)")


class OpcacheMissing(Rule):
    """PHP runs without its cache of compiled code.

    Without OPcache PHP reads and compiles every file for every request. The official images leave
    it off; `docker-php-ext-install opcache` (or `docker-php-ext-enable`, where it is built in)
    switches it on. PHP 8.5 has it always on.

    The fix installs it with the other extensions, or right below FROM, where the tag says that it
    is PHP 5.5 to 8.4.

    Off unless selected: settings may come with a file that is copied in.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "opcache-missing",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/php/enable-opcache-in-production",),
        default=False,
        fix="unsafe",
    )
    on = (From,)
    mentions = ("php",)
    bad = "FROM php:8.4-fpm\nCOPY src/ /var/www/html/\n"
    good = "FROM php:8.4-fpm\nRUN docker-php-ext-install opcache\nCOPY src/ /var/www/html/\n"
    valid = (
        Valid("FROM php:8.4-fpm AS development\n"),
        Valid("FROM php:8.4-cli\n"),
        Valid("FROM php:8.4-fpm\nCOPY opcache.ini /usr/local/etc/php/conf.d/\n"),
    )
    invalid = (
        Invalid("FROM php:8-apache\n", at="FROM"),
        Invalid("FROM php:8.4-fpm-alpine AS a\nUSER b\nFROM a\nRUN b\n", at="FROM",
                fixed="FROM php:8.4-fpm-alpine AS a\nRUN docker-php-ext-install opcache\nUSER b\n"
                "FROM a\nRUN b\n", unsafe=True),
        Invalid("FROM php:7-apache\nRUN docker-php-ext-install -j $(nproc) gd \\\n    zip && b\n",
                at="FROM", fixed="FROM php:7-apache\n"
                "RUN docker-php-ext-install -j $(nproc) gd \\\n    zip \\\n    opcache && b\n",
                unsafe=True),
        Invalid("FROM php:8.4-fpm\nONBUILD RUN docker-php-ext-install b\n", at="FROM",
                fixed="FROM php:8.4-fpm\nRUN docker-php-ext-install opcache\n"
                "ONBUILD RUN docker-php-ext-install b\n", unsafe=True),
        Invalid("FROM php:5.4-fpm\n", at="FROM"),
        Invalid("ARG V=8.1\nFROM php:$V-fpm\n", at="FROM"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        text = self.text_of(doc).lower()
        if stage is None or "opcache" in text or _DEVELOPMENT.search(stage.name):
            return
        first = (stage, *stage.ancestors())[-1]
        image = first.image.rpartition("/")[2]
        if not image.startswith("php:") or not ("fpm" in image or "apache" in image):
            return
        version = _version(image)
        if version is None or version < (8, 5):
            yield self.finding(
                doc,
                doc.keyword(stage.from_instruction),
                "PHP compiles every file for every request here; add `docker-php-ext-install "
                "opcache`",
                fix=partial(_fix, doc, first, version),
            )


def _version(image: str) -> tuple[int, int] | None:
    """The version that a tag names; the last one of an old series, None of one that goes on."""
    found = _VERSION.match(image)
    if found is None:
        return None
    major, minor = int(found[1]), found[2]
    if minor is not None:
        return major, int(minor)
    return {5: (5, 6), 7: (7, 4)}.get(major)


def _fix(doc: Document, first: Stage, version: tuple[int, int] | None) -> Fix | None:
    from dflint.lint.edits import insertion_below
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Contract, Effect, Fix
    from dflint.lint.insertions import argument_behind
    from dflint.lint.markup import MARKUP
    from dflint.semantic.refusals import final_refusal
    from dflint.shell.statements import Kind

    start = first.from_instruction
    if version is None or not (5, 5) <= version < (8, 5) or "$" in start.line.text:
        return None
    if final_refusal(doc.problems, doc.text) or MARKUP.get().search(doc.text):
        return None
    edit = None
    for program in doc.programs:
        if program.occurrence.is_trigger:
            continue
        for call in program.invocations_of("docker-php-ext-install"):
            is_always = all(
                one.kind in (Kind.AND_OR, Kind.SCRIPT) for one in call.command.ancestors
            )
            if edit is None and is_always and doc.model.stage_of(program.instruction) is first:
                edit = argument_behind(program, call.command.words[-1], "opcache")
    edit = edit or insertion_below(start, "RUN docker-php-ext-install opcache")
    unsafe, contract = Applicability.UNSAFE, Contract(new=("/usr/local/**",))
    return Fix("install OPcache", (edit,), unsafe, Effect.FILES, contract=SAME_IMAGE | contract)
