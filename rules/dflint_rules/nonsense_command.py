"""The rule `nonsense-command`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.pointless_commands import POINTLESS, pointless_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class NonsenseCommand(Rule):
    """A `RUN` calls a command that can do nothing for the image.

    A `RUN` has no terminal, no init system and no processes but its own, and what it leaves is
    files. `service nginx start` starts a server that ends with the `RUN` and that no container
    will find running; where that is done for a directory that only the start script makes
    (`/run/sshd` for `sshd -D`, `/run/php`), `mkdir -p` says so. `kill` finds no process,
    `shutdown` no machine, `vim` nobody who types; `mount` is not permitted; `ssh` has no key
    unless one is left in the image; `top`, `ps` and `free` tell of the machine that builds.

    Only reported where that is so. Not `service x start` when a later command of the same `RUN`
    may use `x`; not `kill` after something was started; not `mount` with `--security=insecure`,
    `ssh` with `--mount=type=ssh`, `vim -c …`; not where something reads what `ps` prints.
    Installing such programs is no defect.

    The fix takes a command away that only prints, or starts a service that leaves nothing, and
    writes `mkdir -p` where a directory is left. It is unsafe: with the command goes its failure.
    It is proposed for servers that may need a directory in `/run`, such as Redis, and there is none
    for other services, whose start may write files, and for commands that end the build. The
    command has to be all of its `RUN`, or one of those that `&&` joins.

    Dockerfile reference, "RUN".
    """

    meta = Meta(
        "nonsense-command",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3001",
            "Run_Utilities_And_POSIX_Commands",
            "nonsensical-command",
        ),
        fix="unsafe",
    )
    on = (Run, OnBuild)
    mentions = POINTLESS
    occasion = "mentioned word"
    bad = "FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\nRUN service nginx start\n"
    good = (
        'FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\nCMD ["nginx", "-g", "daemon off;"]\n'
    )
    valid = (
        Valid("FROM a\nRUN apt-get install -y vim ssh procps && man top; echo free\n"),
        Valid("FROM a\nRUN service mysql start && mysql < x && service mysql stop\n"),
        Valid("FROM a\nRUN x & sleep 1; kill $!\nRUN ps aux | grep -q x && make -j $(free -g)\n"),
        Valid("FROM a\nRUN --mount=type=ssh ssh -T git@a\nRUN --security=insecure mount a b\n"),
        Valid('FROM golang:1-nanoserver\nRUN mount x\nRUN ["mount", "x"]\n'),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN service nginx start\nONBUILD RUN top -b\n",
            at=("service", "top"),
            fixed="FROM a\nONBUILD RUN top -b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN ps && make && \\\n  free -m && make x \\\n  && service ssh start\n"
            "# b\nRUN a2enmod c \\\n  && service apache2 restart\nCMD apachectl -DFOREGROUND\n",
            at=("ps", "free", "service", "service"),
            fixed=(
                "FROM a\nRUN make && \\\n  make x \\\n  && mkdir -p /run/sshd\n"
                "# b\nRUN a2enmod c\nCMD apachectl -DFOREGROUND\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN ps # b\nRUN service cron start && service cron status\n",
            at=("ps", "service"),
        ),
        Invalid("FROM a\nRUN service redis start\nRUN service b start\n", at=("service",) * 2),
        Invalid("FROM a\nRUN make && \\\n  # run it\n  service x restart; rm -f y\n", at="service"),
        Invalid("FROM a\nRUN <<EOF\nkill 1\nvim x\nmount a b\nEOF\n", at=("kill", "vim", "mount")),
        Invalid('FROM a\nRUN ["shutdown", "now"]\nRUN bash -c "ssh a b"\n', at=("shutdown", "ssh")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the name of each such command."""
        for program in doc.programs:
            for call, message in pointless_commands(program):
                fix = partial(_fix, doc, program, call)
                yield self.finding(doc, call.span, message, fix=fix)


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.edits import removal
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.lint.program_fixes import words_taken
    from dflint.semantic.pointless_commands import replacement_of
    from dflint.semantic.program_edits import remove_last_step, remove_step

    command, found = call.command, replacement_of(call, doc.text)
    if found is None or program.is_exec_form or program.parent is not None or command.is_negated:
        return None
    text, is_certain = found
    edits: tuple[Edit, ...] | None = None
    if text:
        edits = (Edit(command.span, text),)
    elif len(program.script.commands) == 1 and program.script.root.statements == [command]:
        is_bare = not program.occurrence.is_trigger and not program.script.comments
        edit = removal(doc, program.instruction) if is_bare else None
        edits = None if edit is None else (edit,)
    else:
        edits = remove_step(program, command) or remove_last_step(program, command)
    if edits is None:
        return None
    lost = words_taken(doc, edits)
    title = f"write `{text}`" if text else "take it away"
    level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
    return Fix(title, edits, level, Effect.FILES, lost=lost, contract=SAME_IMAGE)
