"""The rule `yarn-cache`."""

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


class YarnCache(Rule):
    """`yarn` leaves a copy of every package in the layer.

    Yarn 1 keeps the packages that it downloads in `/usr/local/share/.cache/yarn` (for root) or
    `~/.cache/yarn`, besides the copies in `node_modules`. `yarn cache clean` in the same `RUN`
    removes them; a layer keeps what a later one removes.

    Yarn 2 and later keep packages in the project and need them there. Nothing is reported if the
    file tells of such a Yarn (`.yarnrc.yml`, `.yarn`, `yarn set version`, `--immutable`), or leaves
    it to Corepack which one it is; nor after `git clone`, where the project says it, except of
    `yarn global`, which is of Yarn 1; nor where the cache is in a mount, and in stages that do not
    end up in the image.

    Yarn documentation, "yarn cache".
    """

    meta = Meta(
        "yarn-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3060",
            "yarnCacheCleanAfterInstall",
        ),
        options=(CLEANUP,),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("yarn",)
    bad = (
        "FROM node:22-slim\n"
        "WORKDIR /app\n"
        "COPY package.json yarn.lock ./\n"
        "RUN yarn install --frozen-lockfile\n"
    )
    good = (
        "FROM node:22-slim\n"
        "WORKDIR /app\n"
        "COPY package.json yarn.lock ./\n"
        "RUN yarn install --frozen-lockfile && yarn cache clean\n"
    )
    valid = (
        Valid("FROM a\nRUN yarn install && yarn cache clean\nRUN yarn build && yarn run install\n"),
        Valid("FROM a\nCOPY .yarnrc.yml yarn.lock ./\nRUN yarn install\n"),
        Valid("FROM a\nRUN yarn --cache-folder /c && rm -rf /c && yarn x\n"),
        Valid("FROM a\nRUN yarn && rm -rf $(yarn cache dir)\n"),
        Valid("FROM a AS b\nRUN yarn install\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN yarn install\nRUN yarn cache clean\n",
            at="yarn install",
            fixed="FROM a\nRUN yarn install && yarn cache clean\nRUN yarn cache clean\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN yarn cache clean; \\\n  # now\n  yarn --cwd b install; yarn add c\n",
            at="yarn --cwd b install",
            fixed=(
                "FROM a\nRUN yarn cache clean; \\\n  # now\n"
                "  yarn --cwd b install; yarn add c \\\n  && yarn cache clean\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "ONBUILD RUN yarn --production\n",
            at="yarn",
            fixed="ONBUILD RUN yarn --production && yarn cache clean\n",
            unsafe=True,
        ),
        Invalid(
            "FROM node\nCOPY package.json yarn.lock ./\nRUN yarn && yarn build\n",
            at="yarn",
            fixed=(
                "FROM node\nCOPY package.json yarn.lock ./\nRUN yarn && yarn cache clean && "
                "yarn build\n"
            ),
        ),
        Invalid(
            "FROM a\nCOPY . .\nRUN yarn global add b && yarn cache dir\n",
            at="yarn global",
            fixed=(
                "FROM a\nCOPY . .\nRUN yarn global add b && yarn cache clean && yarn cache dir\n"
            ),
        ),
        Invalid(
            "FROM a\nRUN yarn \\\n  install\n",
            at="yarn \\\n  install",
            options={"cleanup": "cache-mount"},
            fixed=(
                "FROM a\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn \\\n"
                "  install\n"
            ),
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves the cache."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "yarn"):
            message = (
                "a copy of every package stays in the layer, in yarn's cache; end this RUN with "
                "`yarn cache clean`"
            )
            fix = partial(_fix, doc, leftover, self.meta.name)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover, name: str) -> Fix | None:
    from dflint.lint.cleanup_fixes import as_configured, clean_yarn

    return as_configured(doc, leftover, name, clean_yarn)
