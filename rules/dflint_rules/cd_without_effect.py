"""The rule `cd-without-effect`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From, OnBuild, Run, Workdir
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.cd_hints import may_end_with_cd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.directory_changes import DirectoryChange
    from dflint.text.edit import Edit


class CdWithoutEffect(Rule):
    """A `cd` that nothing follows in its `RUN` has no effect.

    Each `RUN` starts a shell of its own, in the directory that `WORKDIR` has set. A `cd` lasts as
    long as that shell: after `RUN git clone … app && cd app` the next instruction starts where this
    one did, and a `RUN make` there fails or builds something else. `WORKDIR app` is what lasts. The
    fix writes it, but not where a later instruction shows that it counts on the directory from
    before (`RUN cd app && make`). A `cd` back to where an earlier one came from (`cd ..`, `cd -`)
    is not reported.

    Dockerfile reference, "WORKDIR": it sets the working directory for the instructions after it.
    """

    meta = Meta(
        "cd-without-effect",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3003",
            "DS-0013",
            "RUN_Instruction_Using_cd_Instead_of_WORKDIR",
            "use-workdir",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("cd",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN git clone https://example.org/app.git /src && cd /src\n"
        "RUN make\n"
    )
    good = (
        "FROM buildpack-deps:bookworm\n"
        "RUN git clone https://example.org/app.git /src\n"
        "WORKDIR /src\n"
        "RUN make\n"
    )
    valid = (
        Valid("FROM a\nRUN cd /x && make\nRUN (cd /x) && make\nRUN cd /y && make && cd ..\n"),
        Valid("FROM a\nRUN test -d /x && sh -c 'cd /x'\nRUN make || cd /x\nRUN echo cd\n"),
        Valid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN cd x\nRUN ["cd", "/x"]\n'),
    )
    invalid = (
        Invalid(
            "FROM a\n# b\nRUN cd /x\nRUN make\n",
            at="cd /x",
            fixed="FROM a\n# b\nWORKDIR /x\nRUN make\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nWORKDIR /b\nRUN cd /b\nRUN cd c\nRUN git clone d && \\\n  cd d\nCMD e\n",
            at=("cd /b", "cd c", "cd d"),
            fixed="FROM a\nWORKDIR /b\nWORKDIR /b/c\nRUN git clone d\nWORKDIR /b/c/d\nCMD e\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nWORKDIR /b\nRUN \\\n  # c\n  cd /b\nRUN d && cd /b\nRUN e; cd /b\n",
            at=("cd /b", "cd /b", "cd /b"),
            fixed="FROM a\nWORKDIR /b\n# c\n\nRUN d\nRUN e; cd /b\n",
        ),
        Invalid("FROM a\nRUN git clone b && cd b\n", at="cd b"),
        Invalid("FROM a\nWORKDIR /b\nRUN make c && cd c\nRUN d && make -C c\n", at="cd c"),
        Invalid("FROM a\nRUN mkdir -p x && \\\n  # go there\n  cd \\\n  x\n", at="cd \\\n  x"),
        Invalid("FROM a\nONBUILD RUN make; cd /x\n", at="cd /x"),
        Invalid("FROM a\nRUN <<EOF\nset -e\ngit clone y\ncd y\nEOF\n", at="cd y"),
        Invalid(
            "FROM a\nRUN cd /app npm install\nRUN cd ..\n",
            at=("cd /app npm install", "cd .."),
            fixed="FROM a\nRUN cd /app && npm install\nRUN cd ..\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The last command of each RUN, when it is a `cd`."""
        if not any(map(may_end_with_cd, (*doc.all(Run), *doc.all(OnBuild)))):
            return
        from dflint.semantic.directory_changes import final_changes, is_needless

        before: DirectoryChange | None = None
        for change in final_changes(doc.tree):
            following = _next_instruction(doc, change)
            related: tuple[Related, ...] = ()
            if isinstance(following, Run):
                related = (Related(doc.keyword(following), "starts in the old directory"),)
            is_there = "WORKDIR" in doc.keywords and is_needless(change, doc.model)
            is_set = isinstance(following, Workdir) or is_there
            message = _message(change, is_set)
            leads_on = before is not None and not change.directory.startswith("/")
            # Where it leads is known when the one before is mended.
            fix = None if leads_on else partial(_fix, doc, change, is_set, is_there)
            before = None if is_there else change
            yield self.finding(doc, change.span, message, related, fix)


def _message(change: DirectoryChange, is_set_anyway: bool) -> str:
    directory = change.directory
    if change.surplus:
        return (
            f"`cd` takes `{directory}` alone and `{change.surplus}` is not run: put `&&` between "
            "two commands"
        )
    if is_set_anyway:
        return "no effect: the directory is left when this RUN ends; remove it"
    is_plain = directory and not change.others and not any(mark in directory for mark in "$`*~")
    is_known = directory.startswith("/") or is_plain
    lasting = f"`WORKDIR {directory}`" if is_known else "a `WORKDIR`"
    return f"no effect: the directory is left when this RUN ends; only {lasting} lasts"


def _fix(doc: Document, change: DirectoryChange, is_set: bool, is_there: bool) -> Fix | None:
    """Part two commands; remove a `cd` to where the RUN is; write the WORKDIR that lasts."""
    from dflint.lint.edits import has_suppression
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span
    from dflint.lint.program_fixes import words_taken

    line = change.run.line
    scope = Span(line.start, line.stop)
    if isinstance(change.run, OnBuild) or has_suppression(doc, change.run):
        return None
    if change.surplus:
        operand = next(iter(change.command.operands))
        edit = Edit.insertion(operand.span.end, " &&")
        level, effect = Applicability.UNSAFE, Effect.FILES
        return Fix("put `&&` between", [edit], level, effect, scope, contract=SAME_IMAGE)
    edits = _needless(doc, change) if is_set else _lasting(doc, change)
    if edits is None:
        return None
    if is_set:
        # Where the RUN is not there already, the `cd` may be what fails.
        applicability = Applicability.SAFE if is_there else Applicability.UNSAFE
        effect = Effect.FILES | Effect.LAYERS
        lost = words_taken(doc, edits)
        return Fix("remove the `cd`", edits, applicability, effect, scope, lost, SAME_IMAGE)
    effect = Effect.FILES | Effect.LAYERS | Effect.METADATA
    contract = SAME_IMAGE
    level = Applicability.UNSAFE
    return Fix("write `WORKDIR` for it", edits, level, effect, scope, contract=contract)


def _needless(doc: Document, change: DirectoryChange) -> list[Edit] | None:
    """Without the `cd`, of which nothing comes."""
    from dflint.lint.edits import removal
    from dflint.semantic.directory_edits import removed_end

    if len(change.script.steps) == 1:
        edit = None if change.script.comments else removal(doc, change.run)
    elif change.command.operator_before == "&&" and not change.others:
        edit = removed_end(change)
    else:
        edit = None  # what comes before would decide whether the RUN fails
    return None if edit is None else [edit]


def _lasting(doc: Document, change: DirectoryChange) -> list[Edit] | None:
    from dflint.lint.edits import insertion_below, replacement
    from dflint.semantic import directory_edits as edits
    from dflint.semantic import directory_reliance as reliance

    full = edits.workdir_of(change, doc.model)
    if full is None or change.others or not edits.is_read_alike(full):
        return None
    if reliance.is_named_again(change, full, doc.model):
        return None
    written = edits.workdir_instruction(change, full)
    if len(change.script.steps) == 1:
        return None if change.run.line.markers else [replacement(doc, change.run, written)]
    if change.command.operator_before != "&&":
        return None
    removed = edits.removed_end(change)
    if removed is None or "\n" in doc.text[removed.span.end : change.run.line.end]:
        return None
    return [removed, insertion_below(change.run, written)]


def _next_instruction(doc: Document, change: DirectoryChange) -> Instruction | None:
    """The next instruction of the stage that runs or copies in a directory, or sets it."""
    instructions = doc.instructions
    for order in range(change.order + 1, len(instructions)):
        if isinstance(instructions[order], (From, Run, Workdir)):
            return instructions[order]
    return None
