"""The rule `sudo`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.sudo_calls import sudo_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.sudo_calls import SudoCall
    from dflint.text.edit import Edit


class Sudo(Rule):
    """`sudo` in a `RUN` does nothing that `USER` does not do better.

    A `RUN` is root's unless `USER` says otherwise; there `sudo` only has to be installed first.
    After `USER app` it works when the image lets `app` become root without a password, and then
    everything in the container may do so too. `sudo` also starts the program with another
    environment (`ENV` and `ARG` are dropped) and stands between it and signals. Write
    `USER root` before what needs root, and `USER app` after it. Where root gives up its rights with
    `sudo -u app`, `USER app` before a `RUN` of its own does it, or `su app -c`, which every image
    has. For a process that has to change its user while it runs, there is `gosu` or `setpriv`.

    All `sudo` of one `RUN` are one finding, those with `-u app` another. Not reported are
    installing `sudo`, asking for it with `command -v sudo`, and what stands in an `if` that asks
    who runs it (`[ "$(id -u)" -ne 0 ]`).

    The fix leaves `sudo` out of all of a `RUN`, where the user certainly is root. It is safe where
    the environment without `sudo` is the one with it; elsewhere the commands see `ENV`, `ARG`
    and another `PATH` then.

    Dockerfile best practices, "USER": avoid installing or using `sudo`.
    """

    meta = Meta(
        "sudo",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3004",
            "sudo_usage",
            "DS-0010",
            "Run_Using_Sudo",
            "no-sudo-in-dockerfile",
            "CKV2_DOCKER_1",
            "DKL-DI-0001",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("sudo",)
    bad = "FROM node:22-slim\nUSER node\nRUN sudo npm install -g serve@14.2.4\n"
    good = "FROM node:22-slim\nUSER root\nRUN npm install -g serve@14.2.4\nUSER node\n"
    valid = (
        Valid("FROM a\nRUN apt-get install -y sudo && echo sudo > /x && command -v sudo\n"),
        Valid("FROM a\nUSER root\nRUN gosu app make && su -c 'echo sudo' app\n"),
        Valid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN sudo x\n'),
        Valid('FROM a\nRUN if [ "$(id -u)" -ne 0 ]; then sudo x; else x; fi\n'),
    )
    invalid = (
        Invalid("FROM a\nRUN sudo make install\nONBUILD RUN x | sudo tee y\n", ("sudo", "sudo")),
        Invalid(
            "FROM a\nRUN true && \\\n  # as root\n  /usr/bin/sudo -E x; sudo y\n",
            at="/usr/bin/sudo",
        ),
        Invalid("FROM a\nRUN <<EOF\nbash -c 'env A=1 sudo x'\nEOF\n", at="sudo"),
        Invalid('FROM a\nUSER app\nRUN ["sudo", "-u", "root", "x"]\n', at="sudo"),
        Invalid("FROM a\nRUN if x; then sudo -Hu app y; fi\n", at="sudo"),
        Invalid("FROM a\nRUN sudo x; sudo -u app y; sudo z\n", at=("sudo", "sudo")),
        Invalid(
            "FROM debian:12\nRUN sudo -E apt-get update; cat a | \\\n  # b\n  sudo -- tee c\n",
            at="sudo",
            fixed="FROM debian:12\nRUN apt-get update; cat a | \\\n  # b\n  tee c\n",
        ),
        Invalid(
            "FROM debian:12\nENV A=1\nRUN sudo B=2 make && sudo -n -u root c\n",
            at="sudo",
            fixed="FROM debian:12\nENV A=1\nRUN B=2 make && c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN sudo \\\n  -H \\\n  make\n",
            at="sudo",
            fixed="FROM debian:12\nRUN make\n",
        ),
        Invalid(
            "FROM golang:1.24\nUSER root\nRUN bash -c 'sudo make'\n",
            at="sudo",
            fixed="FROM golang:1.24\nUSER root\nRUN bash -c 'make'\n",
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN sudo make && sudo echo -e a\nRUN sudo -i x\n", ("sudo", "sudo")
        ),
        Invalid("FROM debian:12\nUSER app\nRUN sudo make\n", at="sudo"),
        Invalid("FROM debian:12\nRUN sudo ! true\n", at="sudo"),
        Invalid("FROM debian:12\nRUN su a -c 'b && sudo c'\n", at="sudo"),
        Invalid("FROM debian:12\nRUN gosu a sudo b\n", at="sudo"),
        Invalid(
            "FROM debian:12\nRUN env sudo b\n",
            at="sudo",
            fixed="FROM debian:12\nRUN env b\n",
        ),
        Invalid("FROM debian:12\nONBUILD RUN sudo make\n", at="sudo"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first `sudo` of each RUN that raises rights, and the first that lowers them."""
        calls: dict[tuple[Instruction, bool], list[SudoCall]] = {}
        for program in doc.programs:
            for call in sudo_calls(program):
                calls.setdefault((program.instruction, bool(call.target)), []).append(call)
        for (instruction, _), found in calls.items():
            found.sort(key=lambda call: call.word.span.start)
            others = tuple(Related(call.word.span, "here too") for call in found[1:])
            message = _message(doc.model.state_before(instruction).user, found[0].target)
            fix = partial(_fix, doc, found)
            yield self.finding(doc, found[0].word.span, message, others, fix)


def _fix(doc: Document, calls: list[SudoCall]) -> Fix | None:
    """The RUN without any of its `sudo`."""
    from dflint.lint.contract import SUDO_FILES
    from dflint.lint.fix import Applicability, Effect, Fix
    from dflint.lint.program_fixes import words_taken
    from dflint.semantic.sudo_removal import is_certainly_root, is_same_environment, removal_edits

    program = calls[0].program
    if calls[0].target or not is_certainly_root(doc.model, program):
        return None
    line = program.instruction.line
    if "SUDO_" in line.source[line.start : line.stop]:
        return None  # it asks who called it
    edits: list[Edit] = []
    for call in calls:
        made = removal_edits(call)
        if made is None:
            return None
        edits += made
    # A word of another shell's script cannot be told to be the only one that goes.
    is_safe = all(
        call.program.parent is None and is_same_environment(doc.model, call) for call in calls
    )
    applicability = Applicability.SAFE if is_safe else Applicability.UNSAFE
    lost = words_taken(doc, edits)
    return Fix(
        "leave `sudo` out", edits, applicability, Effect.FILES, lost=lost, contract=SUDO_FILES
    )


def _message(user: str | None, target: str) -> str:
    name = (user or "").partition(":")[0]
    is_root = user is not None and name in ("", "root", "0")
    if target:
        named = "" if any(mark in target for mark in "$`\"'") else f" {target}"
        inside = f", and inside of one `su{named} -c`" if is_root or user is None else ""
        return (
            f"`sudo` has to be installed for this: `USER{named}` before a RUN of its own does the "
            f"same{inside}"
        )
    if is_root:
        return (
            "root runs this already: `sudo` has to be installed for it, and drops ENV without "
            "`-E`; leave it out"
        )
    if name:
        return (
            "`sudo` needs a user who may become root at any time; write `USER root` before this "
            f"RUN and `USER {name}` after it"
        )
    return (
        "a RUN is root's unless USER says otherwise: leave `sudo` out, and write `USER root` "
        "before it where that is not so"
    )
