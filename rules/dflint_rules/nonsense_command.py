"""The rule `nonsense-command`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.pointless_commands import POINTLESS, pointless_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


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
        Invalid("FROM a\nRUN service nginx start\nONBUILD RUN top -b\n", at=("service", "top")),
        Invalid("FROM a\nRUN make && \\\n  # run it\n  service x restart; rm -f y\n", at="service"),
        Invalid("FROM a\nRUN <<EOF\nkill 1\nvim x\nmount a b\nEOF\n", at=("kill", "vim", "mount")),
        Invalid('FROM a\nRUN ["shutdown", "now"]\nRUN bash -c "ssh a b"\n', at=("shutdown", "ssh")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the name of each such command."""
        for program in doc.programs:
            for call, message in pointless_commands(program):
                yield self.finding(doc, call.span, message)
