"""The rule `relative-workdir`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Workdir
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.workdir import relative_workdirs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class RelativeWorkdir(Rule):
    """A relative `WORKDIR` with none before it leads wherever the base image says.

    It is joined to the working directory of the base image, which a new version of that image
    may change, and with it the place of all that is copied and run later. A relative `WORKDIR`
    after an absolute one is fine, also when a local stage below set that. `ONBUILD WORKDIR` runs
    in the directory that the image ends with, and is judged by it.

    A path that begins with a variable which the base image may set is taken for absolute. BuildKit
    asks the image, or takes the variable for unset where it cannot; so does the option
    `unknown-bases`. In an image for Windows, and with a drive letter anywhere, a path is absolute
    without a leading `/` too. BuildKit's check knows no such paths and reports them even when it
    builds for Windows, where they are right; the option `posix-only` does the same.

    The fix writes the absolute path where it is known in which directory the base begins: safe for
    `scratch`, unsafe for images that many build on, the builders of OSS-Fuzz among them, for which
    that may change. For others a path below `/` is proposed.

    Dockerfile reference, "WORKDIR"; BuildKit check WorkdirRelativePath.
    """

    meta = Meta(
        "relative-workdir",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3000",
            "WorkdirRelativePath",
            "DS-0009",
            "WORKDIR_Path_Not_Absolute",
            "S7021",
            "CKV_DOCKER_10",
            "WORKDIR_IS_NOT_ABSOLUTE",
        ),
        fix="safe",
        options=(
            OptionSpec(
                "unknown-bases",
                "bool",
                False,
                "Take variables that a base image of unknown content may set for unset.",
                exact_for=("WorkdirRelativePath",),
            ),
            OptionSpec(
                "posix-only",
                "bool",
                False,
                "Take no path for absolute but those with a leading `/`, on Windows too.",
                exact_for=("WorkdirRelativePath",),
            ),
        ),
    )
    on = (Workdir, OnBuild)
    occasion = "relative directory"
    bad = "FROM node:22-slim\nWORKDIR app\nCOPY . .\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY . .\n"
    valid = (
        Valid("FROM a AS b\nWORKDIR /x\nWORKDIR y\nFROM b\nWORKDIR z\n"),
        Valid('FROM a\nARG D\nWORKDIR $D\nFROM a\nWORKDIR "/x"\nFROM a\nWORKDIR ${U:-x}/y\n'),
        Valid("# escape=`\nFROM a\nWORKDIR c:\\x\nFROM a\nWORKDIR \\x\n"),
        Valid("FROM a\nONBUILD WORKDIR x\nWORKDIR /y\n"),
        Valid("FROM a\nWORKDIR $D\n"),
    )
    invalid = (
        Invalid(
            "FROM gcr.io/oss-fuzz-base/base-builder-go:v1\nWORKDIR a\n",
            at="a",
            fixed="FROM gcr.io/oss-fuzz-base/base-builder-go:v1\nWORKDIR /src/a\n",
            unsafe=True,
        ),
        Invalid("FROM a\nWORKDIR x\nWORKDIR y\n", at="x"),
        Invalid("FROM golang:1.25 AS b\nONBUILD WORKDIR x\nFROM b\nRUN y\n", at="x"),
        Invalid(
            "FROM scratch\nWORKDIR ./x/$Y\nFROM scratch\nWORKDIR x\n",
            at=("./x/$Y", "x"),
            fixed="FROM scratch\nWORKDIR /x/$Y\nFROM scratch\nWORKDIR /x\n",
            unsafe=True,
        ),
        Invalid(
            'FROM golang:1.25 AS b\nFROM b\nWORKDIR "x"\nFROM node\nWORKDIR ../x\n'
            "FROM nginx\nWORKDIR x/../y\n",
            at=('"x"', "../x", "x/../y"),
            fixed='FROM golang:1.25 AS b\nFROM b\nWORKDIR "/go/x"\nFROM node\nWORKDIR ../x\n'
            "FROM nginx\nWORKDIR x/../y\n",
            unsafe=True,
        ),
        Invalid("FROM a\nARG D=x\nWORKDIR \\\n  # comment\n  $D/y\n", at="$D/y"),
        Invalid('FROM a AS b\nONBUILD WORKDIR x\nFROM scratch\nWORKDIR ""\n', at=("x", '""')),
        Invalid("FROM debian:12\nWORKDIR $APP\n", at="$APP"),
        Invalid("FROM a\nWORKDIR $D\n", at="$D", options={"unknown-bases": True}),
        Invalid("FROM a\nWORKDIR c:/x\n", at="c:/x", options={"posix-only": True}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first relative WORKDIR of each stage that depends on the base image."""
        options = doc.settings.options.get(self.meta.name, {})
        unknown, posix = bool(options.get("unknown-bases")), bool(options.get("posix-only"))
        for found in relative_workdirs(doc.model, unknown, posix):
            base = f"the base image `{found.base}`" if found.base else "the base image"
            if not found.path:
                message = f"an empty path stays where {base} is"
            elif found.base == "scratch":
                message = f"`{found.path}` is relative; write `/{found.path.removeprefix('./')}`"
            else:
                message = (
                    f"`{found.path}` is relative to the working directory of {base}, "
                    "which may change; write an absolute path"
                )
            place = doc.place(found.instruction, *found.place)
            fix = partial(_fix, doc, place, found.instruction)
            yield self.finding(doc, place, message, fix=fix)


def _fix(doc: Document, place: Span, instruction: Instruction) -> Fix | None:
    from dflint.lint.path_fixes import absolute_path

    return absolute_path(doc, place, doc.model.stage_of(instruction), is_destination=False)
