"""The rule `sudo`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.shell.commands import Command
    from dflint.shell.words import Word


class Sudo(Rule):
    """`sudo` in a `RUN` does nothing that `USER` does not do better.

    A `RUN` is root's unless `USER` says otherwise; there `sudo` only has to be installed first.
    After `USER app` it works when the image lets `app` become root without a password, and then
    everything in the container may do so too. `sudo` also starts the program with another
    environment (`ENV` and `ARG` are dropped) and stands between it and signals. Write
    `USER root` before what needs root, and `USER app` after it. For a process that has to change
    its user while it runs, there is `gosu` or `setpriv`.

    All `sudo` of one `RUN` are one finding. Installing `sudo`, or asking for it with
    `command -v sudo`, is not reported.

    Dockerfile best practices, "USER": avoid installing or using `sudo`.
    """

    meta = Meta("sudo", Category.SECURITY, Severity.WARNING, since="0.1", aliases=("DL3004",))
    on = (Run, OnBuild)
    mentions = ("sudo",)
    bad = "FROM node:22-slim\nUSER node\nRUN sudo npm install -g serve@14.2.4\n"
    good = "FROM node:22-slim\nUSER root\nRUN npm install -g serve@14.2.4\nUSER node\n"
    valid = (
        Valid("FROM a\nRUN apt-get install -y sudo && echo sudo > /x && command -v sudo\n"),
        Valid("FROM a\nUSER root\nRUN gosu app make && su -c 'echo sudo' app\n"),
        Valid('FROM a\nSHELL ["pwsh", "-Command"]\nRUN sudo x\n'),
    )
    invalid = (
        Invalid("FROM a\nRUN sudo make install\nONBUILD RUN x | sudo tee y\n", ("sudo", "sudo")),
        Invalid(
            "FROM a\nRUN true && \\\n  # as root\n  /usr/bin/sudo -E x; sudo y\n",
            at="/usr/bin/sudo",
        ),
        Invalid("FROM a\nRUN <<EOF\nbash -c 'env A=1 sudo x'\nEOF\n", at="sudo"),
        Invalid('FROM a\nUSER app\nRUN ["sudo", "-u", "root", "x"]\n', at="sudo"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first `sudo` of each RUN."""
        calls: dict[Instruction, list[Word]] = {}
        for program in doc.programs:
            if program.script.mentions("sudo"):
                found = [word for command in program.script.commands for word in _calls(command)]
                if found:
                    calls.setdefault(program.instruction, []).extend(found)
        for instruction, words in calls.items():
            words.sort(key=lambda word: word.span.start)
            others = tuple(Related(word.span, "here too") for word in words[1:])
            message = _message(doc.model.state_before(instruction).user)
            yield self.finding(doc, words[0].span, message, others)


def _calls(command: Command) -> list[Word]:
    """The words of a command that call `sudo`, before the program that runs in the end."""
    words = command.leading_words
    return [word for word in words if (word.value or "").rpartition("/")[2] == "sudo"][:1]


def _message(user: str | None) -> str:
    name = (user or "").partition(":")[0]
    if user is not None and name in ("", "root", "0"):
        return "root runs this already: `sudo` only drops ENV and has to be installed; leave it out"
    if name:
        return (
            "`sudo` needs a user who may become root at any time; write `USER root` before this "
            f"RUN and `USER {name}` after it"
        )
    return (
        "a RUN is root's unless USER says otherwise: leave `sudo` out, and write `USER root` "
        "before it where that is not so"
    )
