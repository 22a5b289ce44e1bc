"""The rule `composer-dev`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import Copy, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class ComposerDev(Rule):
    """Composer installs what is only for development.

    `composer install` brings `require-dev` too: frameworks for tests, debuggers, generators of
    code, some of which a server should not have (`phpunit` below a web root was a way in for
    years). `--no-dev`, or `COMPOSER_NO_DEV=1`, leaves them out.

    Off unless selected: whether an image is for development is not in the file. Not reported in
    stages that do not end up in the image, and in those whose name says that they are for
    development or tests. The fix adds the option; it is unsafe. There is none where something that
    the option leaves out is called, or Symfony's console that is not told to be in production.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "composer-dev",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/php/composer-no-dev-in-production",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("composer",)
    bad = (
        "FROM composer:2\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN composer install\n"
    )
    good = (
        "FROM composer:2\n"
        "WORKDIR /app\n"
        "COPY composer.json composer.lock ./\n"
        "RUN composer install --no-dev\n"
    )
    valid = (
        Valid("FROM a\nRUN COMPOSER_NO_DEV=1 composer install\n"),
        Valid("FROM a\nRUN export COMPOSER_NO_DEV=1 && composer install\n"),
        Valid("FROM a AS dev\nRUN composer install\n"),
        Valid("FROM a\nENV COMPOSER_NO_DEV=1\nRUN composer install\n"),
        Valid("FROM a AS b\nRUN composer install\nFROM c\nCOPY --from=b d e\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN composer install && vendor/bin/phpunit\n", at="composer install"),
        Invalid(
            "FROM a\nRUN composer install && app/console assets:install\n", at="composer install"
        ),
        Invalid(
            "FROM a\nENV APP_ENV=prod\nRUN composer install && bin/console cache:clear\n",
            at="composer install",
            fixed="FROM a\nENV APP_ENV=prod\n"
            "RUN composer install --no-dev && bin/console cache:clear\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nENV COMPOSER_NO_DEV=0\nRUN composer install --dev\n",
            at="composer install",
            fixed="FROM a\nENV COMPOSER_NO_DEV=0\nRUN composer install --no-dev --dev\n",
            unsafe=True,
        ),
        Invalid(
            "FROM composer AS b\nWORKDIR /c\nRUN composer i\nFROM d\nCOPY --from=b /c /c\n",
            at="composer i",
            fixed="FROM composer AS b\nWORKDIR /c\nRUN composer i --no-dev\nFROM d\n"
            "COPY --from=b /c /c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN composer install --prefer-dist\n",
            at="composer install",
            fixed="FROM a\nRUN composer install --no-dev --prefer-dist\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN php composer.phar install; /usr/bin/composer i\n",
            at="/usr/bin/composer i",
            fixed="FROM a\nRUN php composer.phar install; /usr/bin/composer i --no-dev\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        shipped = shipped_stages(doc.model)
        for program in doc.programs:
            if _is_development(doc.model, program):
                continue
            if program.stage_number not in shipped and not _is_copied(doc.model, program):
                continue
            if _is_without_dev(doc.model, program):
                continue
            for call in program.invocations_of("composer"):
                if call.action == "install" and not call.option("--no-dev", "--dry-run", "--help"):
                    fix = partial(_fix, doc, call)
                    yield self.finding(
                        doc,
                        call.call_span,
                        "this brings the packages of `require-dev` into the image; add `--no-dev`",
                        fix=fix,
                    )


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.fix import Applicability
    from dflint.lint.program_fixes import add_option

    # What is called from there may be of `require-dev`.
    if re.search(r"vendor/bin/|\bphpunit\b|\bcomposer (?:run|test|exec)", doc.text):
        return None
    # Symfony's console loads bundles of `require-dev` where nothing says that this is production.
    if re.search(r"\b(?:app|bin)/console\b", doc.text) and not re.search(
        r"(?:APP_ENV|SYMFONY_ENV)[= ]\"?prod|--env[= ]prod|-e[= ]?prod", doc.text
    ):
        return None
    return add_option(doc, call, "--no-dev", Applicability.UNSAFE)


def _is_development(model: SemanticModel, program: Program) -> bool:
    stage = model.stage_of(program.instruction)
    names = ("dev", "test", "debug", "ci")
    return stage is not None and any(name in stage.name for name in names)


def _is_without_dev(model: SemanticModel, program: Program) -> bool:
    """Whether COMPOSER_NO_DEV is set, in the file or by the script."""
    if re.search(r"COMPOSER_NO_DEV=(?!0|\s|['\"]{2}|['\"]?0)", program.script.text):
        return True
    value = model.environment(program.instruction).get("COMPOSER_NO_DEV")
    return value is not None and value not in ("", "0")


def _is_copied(model: SemanticModel, program: Program) -> bool:
    """Whether another stage copies the directory, or its `vendor`, from the script's stage."""
    directory = model.state_before(program.instruction).workdir
    if directory is None and program.base_image.partition(":")[0] == "composer":
        directory = "/app"
    if directory is None:
        return False
    for reference in model.references:
        copy = reference.instruction
        if reference.stage is None or reference.stage.index != program.stage_number:
            continue
        for source in copy.reading.arguments[:-1] if isinstance(copy, Copy) else ():
            path = "/" + source.strip("/")
            if path in (directory, f"{directory}/vendor") or directory.startswith(path + "/"):
                return True
    return False
