"""The rule `system-directory`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Volume, Workdir
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_MADE_ANEW = ("proc", "sys")
_PROGRAMS = (
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/boot",
    "/dev",
)
_SYSTEM = (*_PROGRAMS, "/", "/etc", "/usr", "/var")


class SystemDirectory(Rule):
    """A directory of the system itself is made a volume or the working directory.

    A `VOLUME` over `/etc`, `/usr` or `/var` keeps what the image has there in a volume from the
    first start on: a newer image brings newer programs and settings, and the container goes on
    with the old ones. `/proc`, `/sys` and `/dev` are made anew for each container; nothing that
    is put there stays, and a volume hides them. In `WORKDIR`, `/bin` and the like mix files of
    the program with those of the system.

    Dockerfile reference, "VOLUME".
    """

    meta = Meta(
        "system-directory",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DS-0030",
            "DKL-DI-0002",
        ),
    )
    on = (
        Volume,
        Workdir,
        OnBuild,
    )
    mentions = (
        "volume",
        "workdir /bin",
        "workdir /sbin",
        "workdir /lib",
        "workdir /usr",
        "workdir /boot",
        "workdir /dev",
        "workdir /proc",
        "workdir /sys",
        'workdir "',
        "workdir  ",
        "workdir\t",
    )
    bad = "FROM debian:12-slim\nVOLUME /etc\n"
    good = "FROM debian:12-slim\nVOLUME /srv/data\n"
    valid = (
        Valid("FROM a\nVOLUME /etc/b /var/lib/c\nWORKDIR /etc\n"),
        Valid("FROM a\nWORKDIR /\nVOLUME $A\nWORKDIR /usr/local/bin\n"),
    )
    invalid = (
        Invalid('FROM a\nVOLUME ["/b", "/usr/"]\n', at='"/usr/"'),
        Invalid("FROM a\nWORKDIR /bin\nVOLUME /proc/sys /var\n", at=("/bin", "/proc/sys", "/var")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Volume, Workdir):
            is_volume = occurrence.reading.keyword == "volume"
            for at, word in enumerate(occurrence.reading.arguments):
                path = "/" + word.strip("\"'").strip("/")
                if not word.strip("\"'").startswith("/") or "$" in word:
                    continue
                top = path.split("/")[1]
                if path.startswith("/sys/fs/cgroup"):
                    continue  # what systemd in a container needed
                if top in _MADE_ANEW or path in (_SYSTEM if is_volume else _PROGRAMS):
                    does = (
                        "what the image has there is kept in the volume, and newer images change "
                        "nothing"
                        if is_volume
                        else "files of the program mix with those of the system here"
                    )
                    yield self.finding(
                        doc, occurrence.argument(at), f"{does}; use a directory of your own"
                    )
