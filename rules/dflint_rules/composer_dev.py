"""The rule `composer-dev`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program


class ComposerDev(Rule):
    """Composer installs what is only for development.

    `composer install` brings `require-dev` too: frameworks for tests, debuggers, generators of
    code, some of which a server should not have (`phpunit` below a web root was a way in for
    years). `--no-dev`, or `COMPOSER_NO_DEV=1`, leaves them out.

    Off unless selected: whether an image is for development is not in the file. Not reported in
    stages that do not end up in the image, and in those whose name says that they are for
    development or tests. The fix adds the option; it is unsafe.

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
        Valid("FROM a AS dev\nRUN composer install\n"),
        Valid("FROM a\nENV COMPOSER_NO_DEV=1\nRUN composer install\n"),
        Valid("FROM a AS b\nRUN composer install\nFROM c\nCOPY --from=b d e\n"),
    )
    invalid = (
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
        from dflint.lint.fix import Applicability
        from dflint.lint.program_fixes import add_option
        from dflint.semantic.shipped_stages import shipped_stages

        shipped = shipped_stages(doc.model)
        for program in doc.programs:
            if program.stage_number not in shipped or _is_development(doc.model, program):
                continue
            if "COMPOSER_NO_DEV" in doc.text:
                continue
            for call in program.invocations_of("composer"):
                if call.action == "install" and not call.option(
                    "--no-dev", "--dev", "--dry-run", "--help"
                ):
                    fix = partial(add_option, doc, call, "--no-dev", Applicability.UNSAFE)
                    yield self.finding(
                        doc,
                        call.call_span,
                        "this brings the packages of `require-dev` into the image; add `--no-dev`",
                        fix=fix,
                    )


def _is_development(model: SemanticModel, program: Program) -> bool:
    stage = model.stage_of(program.instruction)
    names = ("dev", "test", "debug", "ci")
    return stage is not None and any(name in stage.name for name in names)
