"""The rule `npm-cache-force`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

# The Node.js that brings npm 5.
_FIRST_TO_REFUSE = 8


class NpmCacheForce(Rule):
    """`npm cache clean` without `--force` cleans nothing and fails.

    Since npm 5 (2017) the cache heals itself, and `npm cache clean` refuses to empty it unless it
    is told `--force`: it prints `As of npm@5, the npm cache self-heals` and ends with 1, which
    fails the build, or leaves the cache in the layer where `|| true` follows.

    Reported in images of Node.js, from 8 on, where it is known that npm is so new; not where a
    variable may hold options, nor with the key of an entry, which needs no `--force`.

    npm documentation, "npm-cache".
    """

    meta = Meta(
        "npm-cache-force",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("npmCacheCleanUseForce",),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("npm",)
    bad = "FROM node:22\nRUN npm install -g serve@14.2.4 && npm cache clean\n"
    good = "FROM node:22\nRUN npm install -g serve@14.2.4 && npm cache clean --force\n"
    valid = (
        Valid("FROM node\nRUN npm cache clean --force && npm cache verify && npm cache clean -f\n"),
        Valid("FROM node:6\nRUN npm cache clean\nFROM a\nRUN npm cache clean\n"),
        Valid("FROM node:22\nRUN npm cache clean $X; npm run cache; npm cache rm x\n"),
        Valid("FROM node:22\nENV npm_config_force=true\nRUN npm cache clean\n"),
    )
    invalid = (
        Invalid(
            "FROM node\nRUN npm ci && npm cache clean\n",
            at="npm cache",
            fixed="FROM node\nRUN npm ci && npm cache clean --force\n",
        ),
        Invalid(
            "FROM node:16-alpine\nRUN npm \\\n  # all\n  cache clear || true; npm cache rm\n",
            at=("npm \\\n  # all\n  cache", "npm cache"),
            fixed=(
                "FROM node:16-alpine\nRUN npm \\\n  # all\n"
                "  cache clear --force || true; npm cache rm --force\n"
            ),
        ),
        Invalid(
            'FROM node:lts\nONBUILD RUN ["npm", "cache", "clean"]\n',
            at='npm", "cache',
            fixed='FROM node:lts\nONBUILD RUN ["npm", "cache", "clean", "--force"]\n',
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each such call."""
        for program in doc.programs:
            for call in program.invocations_of("npm"):
                if _cleans_all(call) and not _is_forced(program, call):
                    message = (
                        f"`npm cache {call.operands[0].value}` refuses to clean since npm 5 and "
                        "fails; add `--force`"
                    )
                    fix = partial(_fix, doc, program, call)
                    yield self.finding(doc, call.call_span, message, fix=fix)


def _cleans_all(call: Invocation) -> bool:
    if call.verb != "cache" or len(call.operands) != 1:
        return False
    return call.operands[0].value in ("clean", "clear", "rm")


def _is_forced(program: Program, call: Invocation) -> bool:
    """Whether `--force` is given, or not needed, or whether that cannot be told."""
    from dflint.shell.hidden_options import may_hide_options

    name, _, tag = program.base_image.partition(":")
    major = tag.partition("-")[0].partition(".")[0]
    if name != "node" or (major.isdecimal() and int(major) < _FIRST_TO_REFUSE):
        return True
    if call.option("--force", "-f") is not None or may_hide_options(call):
        return True
    return bool(program.variables.value("npm_config_force", call.command.start))


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.contract import Contract, cache_paths
    from dflint.lint.fix import Effect, Fix
    from dflint.semantic.program_edits import insert_words

    edits = insert_words(program, call.operands[0].word, "--force")
    if edits is None:
        return None
    contract = Contract(gone=cache_paths("npm"))
    return Fix("add `--force`", edits, effect=Effect.FILES, contract=contract)
