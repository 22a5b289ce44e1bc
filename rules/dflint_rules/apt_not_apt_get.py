"""The rule `apt-not-apt-get`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

# What other programs do in the place of `apt`.
_INSTEAD = {
    "list": "dpkg-query --list",
    "show": "apt-cache show",
    "search": "apt-cache search",
    "policy": "apt-cache policy",
    "depends": "apt-cache depends",
    "rdepends": "apt-cache rdepends",
    "full-upgrade": "apt-get dist-upgrade",
}


class AptNotAptGet(Rule):
    """`apt`, which is made for people, is used where `apt-get` or `apt-cache` should be.

    `apt` says so itself in every build: `WARNING: apt does not have a stable CLI interface. Use
    with caution in scripts.` Its options and output may change with any version, those of
    `apt-get` and `apt-cache` stay.

    apt(8), "Script usage and differences from other APT tools".
    """

    meta = Meta(
        "apt-not-apt-get", Category.CORRECTNESS, Severity.INFO, since="0.1", aliases=("DL3027",)
    )
    on = (Run, OnBuild)
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt update \\\n"
        "  && apt install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid(
            "FROM a\nRUN apt-get update && apt-cache policy apt && dpkg -l apt\nCMD apt update\n"
        ),
        Valid("FROM a\nRUN echo apt install b; ls /var/lib/apt; apt=1; which apt\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt update && apt -y install b\n", at=("apt", "apt")),
        Invalid("FROM a\nRUN set -e; \\\n  # apt\n  sudo /usr/bin/apt list c\n", at="/usr/bin/apt"),
        Invalid("ONBUILD RUN sh -c 'apt-get update; apt install b'\n", at="apt"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call by its name."""
        for program in doc.programs:
            for call in program.invocations_of("apt"):
                instead = _INSTEAD.get(call.verb, f"apt-get {call.verb}".rstrip())
                message = (
                    "`apt` is for people and promises scripts nothing about its options and "
                    f"output; use `{instead}`"
                )
                yield self.finding(doc, call.span, message)
