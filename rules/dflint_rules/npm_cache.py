"""The rule `npm-cache`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.cleanup_option import CLEANUP
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class NpmCache(Rule):
    """`npm` leaves a copy of every package in the layer.

    `npm` keeps the archives that it downloads in `~/.npm`, besides the packages in
    `node_modules`. `npm cache clean --force` in the same `RUN` removes them; a layer keeps what a
    later one removes. With `RUN --mount=type=cache,target=/root/.npm` they are kept for the next
    build instead, and are in no image.

    Off unless selected: most images copy `node_modules` from a stage that is thrown away, and for
    others nobody has shown that it is worth a finding. Not reported where the cache is in a mount
    or elsewhere, and in stages that do not end up in the image.

    npm documentation, "npm-cache".
    """

    meta = Meta(
        "npm-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("npmCacheCleanAfterInstall",),
        default=False,
        options=(CLEANUP,),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("npm",)
    bad = "FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n"
    good = (
        "FROM node:22-slim\n"
        "WORKDIR /app\n"
        "COPY package.json package-lock.json ./\n"
        "RUN npm ci && npm cache clean --force\n"
    )
    valid = (
        Valid("FROM a\nRUN npm ci && npm cache clean --force\nRUN npm run install && npm test\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
        Valid("FROM a\nRUN npm i --cache /tmp/c && rm -rf /tmp/c\nRUN npm i && rm -rf ~/.npm\n"),
        Valid("FROM a AS b\nRUN npm install\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN npm install\nRUN npm cache clean --force\n",
            at="npm install",
            fixed=(
                "FROM a\nRUN npm install && npm cache clean --force\nRUN npm cache clean --force\n"
            ),
        ),
        Invalid(
            "FROM a\nRUN npm i \\\n  # all\n  -g b \\\n  && npm ci \\\n  && npm run b\n",
            at="npm i",
            fixed=(
                "FROM a\nRUN npm i \\\n  # all\n  -g b \\\n  && npm ci \\\n  && "
                "npm cache clean --force \\\n  && npm run b\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN sudo npm ci && c\n",
            at="npm ci",
            fixed="ONBUILD RUN sudo npm ci && sudo npm cache clean --force && c\n",
        ),
        Invalid("FROM a\nRUN npm ci\nRUN npm i --offline\n", at="npm ci"),
        Invalid("FROM a\nRUN gosu b npm ci\n", at="npm ci"),
        Invalid(
            "FROM a\nRUN npm ci\nUSER b\nRUN npm i c\n",
            at=("npm ci", "npm i"),
            options={"cleanup": "cache-mount"},
            fixed=(
                "FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\nUSER b\nRUN npm i c\n"
            ),
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves the cache."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "npm"):
            message = (
                "a copy of every package stays in the layer, in `~/.npm`; end this RUN with "
                "`npm cache clean --force`"
            )
            fix = partial(_fix, doc, leftover, self.meta.name)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover, name: str) -> Fix | None:
    from dflint.lint.cleanup_fixes import as_configured, clean_up

    return as_configured(doc, leftover, name, clean_up)
