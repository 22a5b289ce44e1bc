"""The rule `node-gyp-cache`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


_COMPILERS = ("g++", "gcc", "build-essential", "build-base", "gcc-c++", "clang")


class NodeGypCache(Rule):
    """node-gyp fetches Node's headers anew by each build.

    `npm rebuild` and `node-gyp` fetch the headers of Node into `~/.cache/node-gyp` before they
    compile. With a cache mount there they are kept between builds and are in no image.

    Off unless selected. The fix adds the mount, unsafe in Node's image from version 12 on, where
    root runs this; a proposal elsewhere, since older versions keep the headers in `~/.node-gyp`.

    Docker documentation, "Optimize cache usage".
    """

    meta = Meta(
        "node-gyp-cache",
        Category.CACHE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/js/node-gyp-cache-mounts",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "rebuild",
        "node-gyp",
        *_COMPILERS,
    )
    bad = "FROM node:22\nRUN npm rebuild\n"
    good = "FROM node:22\nRUN --mount=type=cache,target=/root/.cache/node-gyp npm rebuild\n"
    valid = (
        Valid("FROM a\nRUN apk add g++\nRUN npm ci --ignore-scripts\nFROM b\nRUN npm ci\n"),
        Valid("FROM a\nRUN npm ci && node-gyp --version\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/root/.cache node-gyp rebuild\n"),
    )
    invalid = (
        Invalid(
            "FROM node:22\nRUN npm rebuild\nRUN --network=none npm rebuild b\n",
            at=("npm rebuild", "npm rebuild"),
        ),
        Invalid(
            "FROM node:22\nRUN npm rebuild\nUSER node\nRUN npm rebuild\n",
            at=("npm rebuild", "npm rebuild"),
            fixed=(
                "FROM node:22\n"
                "RUN --mount=type=cache,target=/root/.cache/node-gyp npm rebuild\n"
                "USER node\nRUN npm rebuild\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apk add python3 g++\nRUN yarn; npm ci; npm test\n", ("yarn", "npm ci")
        ),
        Invalid("FROM a\nRUN node-gyp configure\n", at="node-gyp"),
        Invalid("FROM a\nRUN npm rebuild b --build-from-source\n", at="npm rebuild"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        building = {
            program.stage_number
            for program, package in installed_packages(doc.programs)
            if package.prefix.partition("=")[0] in _COMPILERS
        }
        for program in doc.programs:
            mounts = program.occurrence.reading.flag_values("mount")
            if any("node-gyp" in mount or ".cache" in mount for mount in mounts):
                continue
            for call in program.invocations_of("npm", "node-gyp", "yarn", "pnpm"):
                first = call.arguments[0].value if call.arguments else None
                compiles = program.stage_number in building and _installs(call)
                if (
                    compiles
                    or call.verb in ("rebuild", "rb")
                    or (call.name == "node-gyp" and first != "--version")
                ):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "Node's headers are fetched again each time; keep them with "
                        "`--mount=type=cache,target=/root/.cache/node-gyp`",
                        fix=partial(_fix, doc, program, call),
                    )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.mount_fixes import add_mount
    from dflint.semantic.known_images import repository_of
    from dflint.semantic.mounted_caches import NODE_GYP

    is_node = repository_of(program.base_image) == "node"
    return add_mount(doc, program, call, NODE_GYP, is_node)


def _installs(call: Invocation) -> bool:
    """Whether a package manager installs packages, and lets them compile."""
    if call.name == "yarn" and not call.verb and not call.operands:
        return call.option("--version", "-v", "--ignore-scripts") is None
    return call.action == "install" and call.option("--ignore-scripts") is None
