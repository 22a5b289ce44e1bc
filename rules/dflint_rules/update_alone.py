"""The rule `update-alone`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
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
            "FROM a\n"
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n"
            "RUN apt-get install -y b\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apt-get update -y\nRUN b\nRUN sudo apt-get install -y c\n",
            at="apt-get update",
        ),
        Invalid(
            ("FROM a\nRUN apt-get -qq update && c\nRUN apt install d && apt-get update\n"),
            at="apt-get -qq update",
        ),
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
                        )
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
