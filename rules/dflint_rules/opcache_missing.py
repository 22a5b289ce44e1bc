"""The rule `opcache-missing`."""

from __future__ import annotations

import re

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_DEVELOPMENT = re.compile(r"dev|test|debug")


class OpcacheMissing(Rule):
    """PHP runs without its cache of compiled code.

    Without OPcache PHP reads and compiles every file for every request. The official images leave
    it off; `docker-php-ext-install opcache` (or `docker-php-ext-enable`, where it is built in)
    switches it on.

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
        Invalid("FROM php:8-fpm-alpine AS a\nFROM a\nRUN b\n", at="FROM"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        if stage is None or "opcache" in doc.text.lower() or _DEVELOPMENT.search(stage.name):
            return
        image = (stage, *stage.ancestors())[-1].image.rpartition("/")[2]
        if image.startswith("php:") and ("fpm" in image or "apache" in image):
            yield self.finding(
                doc,
                doc.keyword(stage.from_instruction),
                "PHP compiles every file for every request here; add `docker-php-ext-install "
                "opcache`",
            )
