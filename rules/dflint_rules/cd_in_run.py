"""The rule `cd-in-run`."""

from __future__ import annotations

from functools import cache, partial

from dflint.cst.instructions import Run, Workdir
from dflint.lint.finding import Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.cd_hints import may_begin_with_cd, may_have_middle_cd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.directory_changes import DirectoryChange
    from dflint.semantic.directory_reliance import Reliance
    from dflint.semantic.model import SemanticModel
    from dflint.text.edit import Edit


class CdInRun(Rule):
    """`cd` in a `RUN` does what `WORKDIR` is there for.

    A `cd` is known to one shell only. `WORKDIR` makes the directory, is there for the
    instructions that follow, for the container and for whoever reads the file; relative paths in
    `COPY` and `CMD` start there too. It holds until the next `WORKDIR`.

    Reported is a `cd` that a RUN begins with, and the only one of a RUN that does all the rest of
    its work there (`git clone … && cd app && make`): there the RUN can be parted. Only where a
    `WORKDIR` can serve:

    - not in a subshell, a condition, a loop or `bash -c`, from where the RUN comes back by itself;
    - not for directories below `/tmp` or that the RUN removes, nor where the second part removes
      or cleans up what the first has brought, which has to happen in one layer;
    - not for a RUN that goes to several places, nor for a directory that only a run can tell;
    - not where later instructions may rely on the directory from before that `WORKDIR` has set,
      nor where they plainly do on the base image's (`COPY x .`, `RUN ./y`, `RUN cd z`);
    - not for a directory that only a mount of this RUN brings.

    A `cd` to the directory that `WORKDIR` has set already is reported as needless.

    The fix writes the `WORKDIR`. There is none where a link may lead there (`/lib`, or what the
    file makes with `ln`): behind `cd` a shell is where the link is, behind `WORKDIR` at its end;
    nor for a RUN whose parts belong together (`ulimit`, functions, services, `/etc/hosts`). Where
    something that follows seems to work in the directory from before (`RUN npm ci`, `CMD ["python",
    "app.py"]`, stages built on this one), a `WORKDIR` leads back first; there is no fix where
    nobody knows that directory, as for an unknown base image. It is unsafe where the directory
    holds on, so that containers start there, and where `WORKDIR` may make a directory that the `cd`
    would have missed. It is safe where a `WORKDIR` follows before anything depends on it, where it
    can lead back to a known directory, and for a needless `cd`.

    Dockerfile best practices, "WORKDIR": instead of `RUN cd … && do-something`, which are hard to
    read, troubleshoot and maintain.
    """

    meta = Meta(
        "cd-in-run",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3003",
            "DS-0013",
            "RUN_Instruction_Using_cd_Instead_of_WORKDIR",
            "use-workdir",
        ),
        fix="safe",
    )
    on = (Run,)
    mentions = ("cd",)
    bad = 'FROM buildpack-deps:bookworm\nCOPY . /app\nRUN cd /app && make\nCMD ["/app/server"]\n'
    good = 'FROM buildpack-deps:bookworm\nWORKDIR /app\nCOPY . .\nRUN make\nCMD ["/app/server"]\n'
    valid = (
        Valid("FROM a\nRUN (cd /app && make); x; cd app && make\nRUN cd app && make\nRUN y\n"),
        Valid("FROM a\nRUN git clone u && cd u && make && rm -rf x\nRUN V=1 && cd v && make $V\n"),
        Valid("FROM a\nRUN cd /tmp/x && make\nRUN cd /x && make && rm -rf /x\nRUN cd $X && make\n"),
        Valid(
            "FROM a\nRUN cd /x && make && cd - && make\nRUN cd /app || exit 1; make\nRUN cd /x\n"
        ),
        Valid("FROM a\nWORKDIR /a\nRUN cd /b && make\nRUN make\n"),
        Valid("FROM a\nRUN cd /b && make\nRUN cd c && make\nRUN cd /b && make\nCMD ./c/x\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/c cd /c/d && curl -O u && ./x\n"),
        Valid("FROM a\nRUN cd /b/c && make && cd .. && rm -r c\nRUN cd /d && x && mv /d /e\n"),
        Valid(
            "FROM a\nRUN cd /x && make\nRUN mv /x /y\nFROM a\nRUN cd /x && make\nRUN y; rmdir /x\n"
        ),
        Valid("FROM a\nRUN for d in a b; do cd /$d; make; done\nRUN sh -c 'cd /a && make'\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN cd /app && npm ci\n",
            at="cd /app",
            fixed="FROM a\nWORKDIR /app\nRUN npm ci\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN set -e; \\\n  # there\n  mkdir /b && cd /b && make\n",
            at="cd /b",
            fixed="FROM a\nWORKDIR /b\nRUN set -e; \\\n  # there\n  make\n",
            unsafe=True,
        ),
        Invalid(
            'FROM a\nENV X=/x\nRUN <<E\ncd "$X"/y\n# why\nmake\nE\n',
            at='cd "$X"/y',
            fixed="FROM a\nENV X=/x\nWORKDIR $X/y\nRUN <<E\n# why\nmake\nE\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nWORKDIR /v\nRUN git clone u && \\\r\n # c\r\n  cd u && make\r\nWORKDIR /x\n",
            at="cd u",
            fixed="FROM a\nWORKDIR /v\nRUN git clone u\r\n# c\r\nWORKDIR /v/u\r\n"
            "RUN make\r\nWORKDIR /x\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN git clone u && \\\n  cd u && make\nWORKDIR /x\nRUN y\n", at="cd u"),
        Invalid(
            "FROM a\nWORKDIR /a\nRUN cd /a && make\nRUN make\n",
            at="cd /a",
            fixed="FROM a\nWORKDIR /a\nRUN make\nRUN make\n",
        ),
        Invalid(
            "FROM a\nWORKDIR /a\nRUN <<E\ncd /a\nmake\nE\n",
            at="cd /a",
            fixed="FROM a\nWORKDIR /a\nRUN <<E\nmake\nE\n",
        ),
        Invalid(
            "FROM a\nWORKDIR /a\nrun cd /b \\\n  # c #\n  && make \\\n",
            at="cd /b",
            fixed="FROM a\nWORKDIR /a\nworkdir /b\nrun \\\n  # c #\n  make\nworkdir /a\n",
        ),
        Invalid(
            "FROM a\n# x\nRUN cd /b && make\nRUN cd /b && y\nWORKDIR /c\nRUN z\n",
            at=("cd /b", "cd /b"),
            fixed="FROM a\n# x\nWORKDIR /b\nRUN make\nRUN y\nWORKDIR /c\nRUN z\n",
        ),
        Invalid(
            "FROM a\nWORKDIR /a\nRUN cd /b; make\nRUN cd /b; x\n",
            at=("cd /b", "cd /b"),
            fixed="FROM a\nWORKDIR /a\nWORKDIR /b\nRUN make\nRUN x\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN cd /b && make; x\nWORKDIR /c\n",
            at="cd /b",
            fixed="FROM a\nWORKDIR /b\nRUN make; x\nWORKDIR /c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM gcc:14\nRUN cd /b && make\nRUN cd /c && x\n# y\nRUN tar xf /z\n",
            at=("cd /b", "cd /c"),
            fixed="FROM gcc:14\nWORKDIR /b\nRUN make\nWORKDIR /c\nRUN x\nWORKDIR /\n# y\n"
            "RUN tar xf /z\n",
            unsafe=True,
        ),
        Invalid('FROM a\nRUN cd /b && make\nCMD ["npm", "start"]\n', at="cd /b"),
        Invalid(
            "FROM a\nARG D=/a\nWORKDIR $D\nRUN cd b && make\nRUN cd b && x\nWORKDIR /c\n",
            at=("cd b", "cd b"),
            fixed="FROM a\nARG D=/a\nWORKDIR $D\nWORKDIR $D/b\nRUN make\nWORKDIR $D\n"
            "WORKDIR $D/b\nRUN x\nWORKDIR /c\n",
            unsafe=True,
        ),
        Invalid("FROM gcc:14\nARG D=/b\nRUN cd $D && make\nWORKDIR $D\nRUN x\n", at="cd $D"),
        Invalid("FROM a\nARG D=/b\nRUN cd /c && make\nWORKDIR $D\nRUN x\n", at="cd /c"),
        Invalid(
            "FROM gcc:14\nENV D=x.py\nRUN cd /b && make\nRUN y $D\n",
            at="cd /b",
            fixed="FROM gcc:14\nENV D=x.py\nWORKDIR /b\nRUN make\nWORKDIR /\nRUN y $D\n",
            unsafe=True,
        ),
        Invalid(
            "FROM gcc:14 AS g\nWORKDIR /x\nONBUILD WORKDIR /q\nFROM g\nRUN cd /x && make\n"
            "RUN cd /q && x\nRUN make\n",
            at="cd /q",
            fixed="FROM gcc:14 AS g\nWORKDIR /x\nONBUILD WORKDIR /q\nFROM g\nRUN cd /x && make\n"
            "RUN x\nRUN make\n",
        ),
        Invalid(
            'FROM gcc:14\nRUN cd /root && make\nUSER b\nCMD ["x"]\nFROM gcc:14\n'
            "RUN cd /b && make\nRUN mv /c /b\n",
            at=("cd /root", "cd /b"),
            fixed='FROM gcc:14\nWORKDIR /root\nRUN make\nWORKDIR /\nUSER b\nCMD ["x"]\n'
            "FROM gcc:14\nWORKDIR /b\nRUN make\nRUN mv /c /b\n",
            unsafe=True,
        ),
        Invalid("FROM a\nENV PYTHONPATH=/x:.\nRUN cd /b && make\n", at="cd /b"),
        Invalid("FROM a\nRUN ulimit -n 9 && cd /b && make\n", at="cd /b"),
        Invalid("FROM a\nUSER b\nRUN mkdir -p /b/c && cd /b/c && make\n", at="cd /b/c"),
        Invalid('FROM a\nRUN cd /b && [ "$A" ]\n', at="cd /b"),
        Invalid("FROM a\nRUN service b start && cd /b && x\n", at="cd /b"),
        Invalid("FROM a\n# hadolint ignore=DL3008\nRUN cd /b && make\n", at="cd /b"),
        Invalid("FROM a\nRUN cd /b && x && cp $OLDPWD/c .\n", at="cd /b"),
        Invalid("FROM a\nWORKDIR /b\nRUN cd /b >/dev/null && x\n", at="cd /b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The `cd` of each RUN that a WORKDIR can stand for."""
        runs = [run for run in doc.all(Run) if "cd" in run.line.text or run.line.markers]
        may_lead, may_part = any(map(may_begin_with_cd, runs)), any(map(may_have_middle_cd, runs))
        if not may_lead and not may_part:
            return
        import dflint.semantic.directory_changes as changes

        find_reliance = cache(partial(_reliance, doc))
        leading: set[Instruction] = set()
        for change in changes.leading_changes(doc.tree) if may_lead else ():
            leading.add(change.run)
            directory = change.directory.strip("\"'")
            model = _model(doc, directory)
            if model is not None and changes.is_needless(change, model):
                message = f"WORKDIR is `{directory}` already: the `cd` is not needed"
                fix = partial(_fix_needless, doc, change)
                yield self.finding(doc, change.span, message, fix=fix)
            elif changes.suits_workdir(change, model):
                message = (
                    f"`cd` holds for this RUN alone: {_workdir(doc, change)} says the same to "
                    "builder and reader, and holds until the next WORKDIR"
                )
                fix = partial(_fix_leading, doc, change, find_reliance)
                yield self.finding(doc, change.span, message, fix=fix)
        for change in changes.middle_changes(doc.tree) if may_part else ():
            if change.run not in leading and changes.suits_workdir(change, doc.model):
                message = (
                    f"the rest of this RUN works here: part it with {_workdir(doc, change)}, which "
                    "builder and reader see"
                )
                fix = partial(_fix_middle, doc, change, find_reliance)
                yield self.finding(doc, change.span, message, fix=fix)


def _model(doc: Document, directory: str) -> SemanticModel | None:
    """The model where it is needed to judge a directory."""
    is_plain = directory.startswith("/") and "$" not in directory
    return None if is_plain and not doc.has((Workdir,)) else doc.model


def _workdir(doc: Document, change: DirectoryChange) -> str:
    """The WORKDIR to write, in full: one after the other would lead from there."""
    import dflint.semantic.directory_edits as edits  # costs less each time than a name of it

    full = edits.workdir_of(change, doc.model)
    if full is None:
        directory = change.directory.strip("\"'")
        return f"a WORKDIR that names `{directory}` in full"
    return f"`WORKDIR {full}`"


def _fix_needless(doc: Document, change: DirectoryChange) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.lint.program_fixes import words_taken
    from dflint.semantic.directory_edits import removed_needless

    edit = removed_needless(change)
    if edit is None:
        return None
    lost = (*words_taken(doc, [edit]), change.directory)  # which may have blanks within quotes
    level, effect = Applicability.SAFE, Effect.FILES
    return Fix("remove the `cd`", [edit], level, effect, lost=lost, contract=SAME_IMAGE)


def _fix_leading(
    doc: Document, change: DirectoryChange, find_reliance: Callable[[], Reliance]
) -> Fix | None:
    # Modules cost less each time than names of theirs.
    import dflint.lint.edits as whole
    import dflint.lint.fixing as fixing
    import dflint.lint.program_fixes as fixes
    import dflint.semantic.directory_edits as edits
    import dflint.semantic.directory_reliance as reliance

    full = edits.workdir_of(change, doc.model)
    removed = edits.removed_change(change)
    if full is None or removed is None or not edits.is_read_alike(full):
        return None
    if reliance.has_relative_mounts(change.run.reading) or whole.has_suppression(doc, change.run):
        return None
    if edits.is_continued_from_before(change, doc.model):
        return None  # it is needless when the one before is mended
    made = [edits.instruction_above(change, full), removed]
    effect = fixing.Effect.FILES | fixing.Effect.LAYERS
    back = _way_back(doc, change, full, find_reliance)
    if back is None or edits.is_made_by_user(change, removed, doc.model):
        return None
    if back and "$" in full and edits.is_written_next(change, full, doc.model):
        return None  # the same words need not lead to the same directory
    made += back
    leads_back = bool(back) and edits.leads_back_at_once(change, back[0], doc.model)
    holds_on = not leads_back and not edits.is_set_anew(change, doc.model)
    is_safe = edits.is_certain_to_lead_there(change) and not holds_on
    is_safe = is_safe and removed.span.start == change.command.span.start
    level = fixing.Applicability.SAFE if is_safe else fixing.Applicability.UNSAFE
    if not is_safe:
        effect |= fixing.Effect.METADATA
    line = change.run.line
    scope = fixing.Span(line.start, line.stop)
    lost = fixes.words_taken(doc, [removed])
    title, contract = f"write `WORKDIR {full}`", fixing.SAME_IMAGE
    return fixing.Fix(title, made, level, effect, scope, lost, contract)


def _reliance(doc: Document) -> Reliance:
    from dflint.semantic.directory_reliance import Reliance

    return Reliance(doc.model)


def _way_back(
    doc: Document, change: DirectoryChange, full: str, find_reliance: Callable[[], Reliance]
) -> list[Edit] | None:
    """The WORKDIR that leads back for what follows, if any has to; None where nobody knows it."""
    import dflint.lint.edits as whole
    import dflint.semantic.directory_edits as edits
    import dflint.semantic.directory_reliance as module

    below = find_reliance().last_undisturbed(change)
    former = None
    if below is not None:
        former = module.known_before(change, doc.model)
        if former is None:
            return None
    elif not edits.is_set_anew(change, doc.model):
        former = edits.former_directory(change, doc.model)
        below = change.run
    if former is None or below is None or former == (full.rstrip("/") or "/"):
        return []
    return [whole.insertion_below(below, edits.workdir_instruction(change, former))]


def _fix_middle(
    doc: Document, change: DirectoryChange, find_reliance: Callable[[], Reliance]
) -> Fix | None:
    from dflint.lint.edits import has_suppression
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix, Span
    from dflint.semantic.directory_edits import is_read_alike, parted, workdir_of
    from dflint.shell.composition import belongs_together, may_start_service

    full = workdir_of(change, doc.model)
    if full is None or not is_read_alike(full) or has_suppression(doc, change.run):
        return None
    edit = parted(change, full)
    if edit is None or belongs_together(change.script, change.command):
        return None
    if may_start_service(change.script, change.command):
        return None
    back = _way_back(doc, change, full, find_reliance)
    if back is None:
        return None
    line = change.run.line
    return Fix(
        f"part the RUN with `WORKDIR {full}`",
        [edit, *back],
        Applicability.UNSAFE,
        Effect.FILES | Effect.LAYERS | Effect.METADATA,
        Span(line.start, line.stop),
        contract=SAME_IMAGE,
    )
