"""The rule `apt-not-apt-get`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

# What tells that fetched packages are kept: `apt` throws them away all the same.
_KEEPING = ("docker-clean", "keep-downloaded", "keep-cache")


class AptNotAptGet(Rule):
    """`apt`, which is made for people, is used where `apt-get` or `apt-cache` should be.

    `apt` says so itself in every build: `WARNING: apt does not have a stable CLI interface. Use
    with caution in scripts.` Its options and output may change with any version, those of
    `apt-get` and `apt-cache` stay.

    The fix writes `--with-new-pkgs` for `apt upgrade`, which brings new packages too. It is unsafe
    where the file says that fetched packages are to be kept, and in a system without the hook of
    the official images (`FROM scratch`, `chroot`): `apt` throws them away all the same.
    `apt list`, and what others read of the output, has no fix.

    apt(8), "Script usage and differences from other APT tools".
    """

    meta = Meta(
        "apt-not-apt-get",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3027",
            "Run_Using_apt",
            "prefer-apt-get",
            "CKV_DOCKER_9",
        ),
        fix="safe",
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
        Invalid(
            "FROM a\nRUN apt update && apt -y install b\n",
            at=("apt", "apt"),
            fixed="FROM a\nRUN apt-get update && apt-get -y install b\n",
        ),
        Invalid("FROM a\nRUN set -e; \\\n  # apt\n  sudo /usr/bin/apt list c\n", at="/usr/bin/apt"),
        Invalid(
            "ONBUILD RUN sh -c 'apt-get update; apt install b'\n",
            at="apt",
            fixed="ONBUILD RUN sh -c 'apt-get update; apt-get install b'\n",
        ),
        Invalid(
            "FROM a\nRUN apt upgrade -y && apt full-upgrade -y\n",
            at=("apt", "apt"),
            fixed=("FROM a\nRUN apt-get upgrade --with-new-pkgs -y && apt-get dist-upgrade -y\n"),
        ),
        Invalid(
            "FROM a\nRUN apt search b && apt show c | grep d\n",
            at=("apt", "apt"),
            fixed="FROM a\nRUN apt-cache search b && apt show c | grep d\n",
        ),
        Invalid(
            "FROM a\nRUN rm /etc/apt/apt.conf.d/docker-clean\nRUN $APT update; apt install b\n",
            at="apt",
            fixed=(
                "FROM a\nRUN rm /etc/apt/apt.conf.d/docker-clean\n"
                "RUN $APT update; apt-get install b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM scratch\nADD rootfs.tar /\nRUN apt install b\n",
            at="apt",
            fixed="FROM scratch\nADD rootfs.tar /\nRUN apt-get install b\n",
            unsafe=True,
        ),
        Invalid("FROM a\nARG APT=apt\nRUN $APT update\n", at="$APT"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call by its name."""
        for program in doc.programs:
            for call in program.invocations_of("apt"):
                message = (
                    "`apt` is for people and promises scripts nothing about its options and "
                    f"output; use `{_instead(call)}`"
                )
                fix = partial(_fix, doc, program, call)
                yield self.finding(doc, call.span, message, fix=fix)


def _instead(call: Invocation) -> str:
    from dflint.shell.apt_names import INSTEAD_OF_APT

    if call.verb == "list":
        return "dpkg-query --list"
    name, verb, _ = INSTEAD_OF_APT.get(call.verb, ("apt-get", call.verb, ""))
    return f"{name} {verb}".rstrip()


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.contract import APT_LOGS
    from dflint.lint.fix import Applicability, Effect, Fix
    from dflint.semantic.program_edits import insert_words, replace_word
    from dflint.shell.apt_names import INSTEAD_OF_APT

    word, verb_argument = call.word or call.command.program_word, call.verb_argument
    if word is None or verb_argument is None or call.verb not in INSTEAD_OF_APT:
        return None
    name, verb, option = INSTEAD_OF_APT[call.verb]
    # `apt update` alone says how many packages may be upgraded.
    if (name == "apt-cache" or verb == "update") and not _is_for_the_log(call):
        return None
    made = [replace_word(program, word, word.text.removesuffix("apt") + name)]
    if verb != call.verb:
        made.append(replace_word(program, verb_argument.word, verb))
    if option and call.option(option) is None:
        made.append(insert_words(program, verb_argument.word, option))
    edits = [edit for one in made if one is not None for edit in one]
    if None in made:
        return None
    keeps = _is_own_system(doc, program) or any(mark in doc.text.lower() for mark in _KEEPING)
    applicability = Applicability.UNSAFE if keeps else Applicability.SAFE
    lost = (word.text, call.verb) if program.is_exec_form else ()  # others are in their places
    return Fix(f"write `{name}`", edits, applicability, Effect.FILES, lost=lost, contract=APT_LOGS)


def _is_own_system(doc: Document, program: Program) -> bool:
    """Whether a program runs in a system that the file makes itself, or may change to one."""
    stage = doc.model.stage_of(program.instruction)
    is_made = stage is not None and (stage, *stage.ancestors())[-1].is_scratch
    return is_made or "chroot" in program.instruction.line.text


def _is_for_the_log(call: Invocation) -> bool:
    """Whether nothing but the log gets what a call prints."""
    from dflint.shell.statements import Kind

    kinds = (Kind.PIPELINE, Kind.SUBSTITUTION, Kind.PROCESS)
    outer = list(call.command.ancestors)
    if any(one.kind in kinds for one in outer):
        return False
    return not any(
        redirect.target is not None and redirect.target.text not in ("/dev/null", "1", "2")
        for redirects in (call.command.redirects, *(one.redirects for one in outer))
        for redirect in redirects
    )
