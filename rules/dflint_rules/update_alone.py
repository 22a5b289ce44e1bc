"""The rule `update-alone`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


_APT = ("apt-get", "apt", "aptitude")


class UpdateAlone(Rule):
    """`apt-get update` stands in a `RUN` of its own, and a later one installs.

    A `RUN` that has not changed is taken from the cache. When the list of packages changes,
    `apt-get install` runs again, with the lists of the day on which `apt-get update` ran last:
    packages that the mirror has replaced since are not found (`404`), or old versions are
    installed. In one `RUN`, joined with `&&`, both run or neither.

    Not reported where the lists are in a cache mount, and where the later `RUN` updates them
    itself.

    The fix joins the two and the `RUN`s between them, such as `apt-get upgrade`, with `&&`: the
    same commands, in one layer. It is unsafe where others than apt run between them, or several in
    the first. There is none where other instructions or more than three `RUN`s stand between them,
    and where a `RUN` leaves something to the shell that the next would find.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "update-alone",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "apt-get-update_require_install",
            "aptGetUpdatePrecedesInstall",
            "DS-0017",
            "Update_Instruction_Alone",
            "CKV_DOCKER_5",
            "CIS-DI-0007",
        ),
        fix="safe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update\n"
        "RUN apt-get install -y --no-install-recommends make\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get update\nFROM b\nRUN apt-get install -y c\n"),
        Valid(
            "FROM a\n"
            "RUN apt-get update && apt-get install -y b\n"
            "RUN apt-get update; apt-get install -y c\n"
        ),
        Valid(
            "FROM a\nRUN apt-get update\nRUN apt-get update && apt-get install -y b\n"
            "RUN apt-get install -y c\n"
        ),
        Valid(
            "FROM a\n"
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n"
            "RUN apt-get install -y b\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apt-get update -y\nRUN b\nRUN sudo apt-get install -y c\n",
            at="apt-get update",
            fixed=(
                "FROM a\nRUN apt-get update -y \\\n    && b \\\n    && sudo apt-get install -y c\n"
            ),
            unsafe=True,
        ),
        Invalid(
            ("FROM a\nRUN apt-get -qq update && c\nRUN apt install d && apt-get update\n"),
            at="apt-get -qq update",
            fixed=(
                "FROM a\nRUN apt-get -qq update && c \\\n    && apt install d && apt-get update\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get update\nRUN apt-get -y upgrade\n# b\nRUN apt-get install -y b\n",
            at="apt-get update",
            fixed=(
                "FROM a\nRUN apt-get update \\\n    && apt-get -y upgrade \\\n    # b\n"
                "    && apt-get install -y b\n"
            ),
        ),
        Invalid(
            "FROM a\nRUN apt-get update\nENV B=c\nRUN apt-get install -y d\n",
            at="apt-get update",
        ),
        Invalid("FROM a\nRUN apt-get update\nRUN apt-get install -y d || e\n", at="apt-get update"),
        Invalid(
            "FROM a\nRUN apt-get update; exit 0\nRUN apt-get install -y d\n", at="apt-get update"
        ),
        Invalid("FROM a\nRUN cd b && apt update\nRUN apt install -y d\n", at="apt update"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        tops = [
            program
            for program in doc.programs
            if program.parent is None and program.invocations_of(*_APT)
        ]
        if len(tops) < 2:
            return
        for at, program in enumerate(tops):
            update = _lone_update(program)
            if update is None:
                continue
            for later in tops[at + 1 :]:
                if later.stage_number == program.stage_number:
                    install = _stale_install(later)
                    if install is not None:
                        yield self.finding(
                            doc,
                            update.call_span,
                            "the cache keeps these lists while the packages below change, and "
                            "those are "
                            "not found one day; join it to the install with `&&`",
                            (Related(install.call_span, "installed here"),),
                            partial(_fix, doc, program, later),
                        )
                    if install is not None or _updates(later):
                        break


def _lone_update(program: Program) -> Invocation | None:
    """The update of a RUN that installs nothing, and has no mount."""
    reading = program.occurrence.reading
    if (reading.flags and reading.flag_values("mount")) or program.occurrence.is_trigger:
        return None
    update: Invocation | None = None
    for call in program.invocations_of(*_APT):
        action = call.action
        if action == "install" or action == "upgrade":
            return None
        if update is None and action == "update":
            update = call
    return update


def _updates(program: Program) -> bool:
    """Whether a RUN fetches the lists anew: what comes behind it uses those."""
    return any(call.action == "update" for call in program.invocations_of(*_APT))


def _stale_install(program: Program) -> Invocation | None:
    """An installation before which the RUN itself has not fetched the lists."""
    if program.occurrence.is_trigger:
        return None
    for call in program.invocations_of(*_APT):
        if call.action == "update":
            return None
        if call.action == "install" and call.operands:
            return call
    return None


#: So many RUNs are joined with those that stand between them.
_MOST = 5


def _fix(doc: Document, program: Program, later: Program) -> Fix | None:
    import dflint.lint.run_joining as joining  # costs less each time than a name of it

    start, end = program.instruction.line.start, later.instruction.line.start
    steps = [one for one in doc.instructions if start <= one.line.start <= end]
    programs = [one for one in doc.programs if one.parent is None and one.instruction in steps]
    if len(programs) != len(steps) or len(steps) > _MOST:
        return None
    if any(one.occurrence.reading.flags != program.occurrence.reading.flags for one in programs):
        return None
    others = [one for one in programs[1:-1] if not one.runs_any(_APT)]
    if any(len(one.script.commands) > 1 for one in others):
        return None
    return joining.join(doc, programs, "join them with `&&`", lists=True, unsafe=bool(others))
