"""The rule `password-in-run`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.set_passwords import set_passwords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class PasswordInRun(Rule):
    """A password is set in a `RUN`, and everybody who has the image can read it.

    What a `RUN` does can be read with `docker history`, and the password's hash in `/etc/shadow`
    of the layer; every container of every copy of the image then has the same one. A container
    needs no password: nobody logs in, and `docker exec` asks for none. Where a server needs one,
    set it when the container starts, from a secret.

    Reported are `chpasswd` and `passwd` fed by `echo`, `printf` or a here string, the options
    `-p` of `useradd` and `usermod`, and `passwd -d`, which makes it empty. Not reported where it
    comes from a file or a command, as from a secret that is mounted.

    chpasswd(8); Docker documentation, "Build secrets".
    """

    meta = Meta(
        "password-in-run",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "CKV2_DOCKER_17",
            "DKL-LI-0001",
        ),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "passw",
        "useradd",
        "usermod",
    )
    bad = "FROM debian:12-slim\nRUN useradd app && echo app:secret | chpasswd\n"
    good = "FROM debian:12-slim\nRUN useradd app\n"
    valid = (
        Valid('FROM a\nRUN chpasswd < /run/secrets/b && useradd -p "$(cat /run/secrets/c)" d\n'),
        Valid(
            "FROM a\n"
            "RUN cat /run/secrets/b | chpasswd; echo b | cat; passwd -l root; adduser "
            "--disabled-password c\n"
        ),
    )
    invalid = (
        Invalid(
            ('FROM a\nRUN echo "root:root" | chpasswd\nRUN printf "b:$C" | chpasswd -e\n'),
            at=('"root:root"', '"b:$C"'),
        ),
        Invalid(
            (
                "FROM a\n"
                'RUN echo b | passwd --stdin root && useradd -m -p "$B" c; usermod '
                "--password=d e; passwd -d f\n"
            ),
            at=("b", '"$B"', "--password=d", "-d"),
        ),
        Invalid("FROM a\nRUN bash -c 'chpasswd <<< root:x'\n", at="root:x"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for span, is_empty in set_passwords(doc.programs):
            if is_empty:
                message = (
                    "without a password anybody in the container becomes this user; use `passwd -l`"
                )
            else:
                message = (
                    "everybody who has the image can read this password, or its hash; set none, "
                    "or set it "
                    "when the container starts"
                )
            yield self.finding(doc, span, message)
