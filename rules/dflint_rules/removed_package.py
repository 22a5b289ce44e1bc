"""The rule `removed-package`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.removed_packages import removed_packages
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.programs import Program
    from dflint.semantic.removed_packages import RemovedPackage as Package
    from dflint.text.edit import Edit

_TOOLS = ("apt-get", "apt", "aptitude", "apk")


class RemovedPackage(Rule):
    """A package is installed that the base's release does not have.

    Distributions drop packages (Python 2 and its modules, old Java, PHP and libraries), and have
    one version of those with the version in their names (`python3.6`, `postgresql-9.6`). The
    package manager then finds no such package, and the build stops. With a base that moves on
    (`ubuntu:latest`, `python:3`) that happens some day to a Dockerfile that was right once.

    The release is told by the image's name; without a tag it is the newest that is known. Nothing
    is said where another repository may bring the package: after a change of `sources.list`,
    `add-apt-repository`, a script that is piped to a shell, and with `--repository`. The tables are
    as of 2026-01-01; a package that is not in them is not reported.

    The fix writes what is there instead. Whoever calls it by the old name (`python`) has to call it
    by the new one, too.

    packages.debian.org; packages.ubuntu.com; pkgs.alpinelinux.org.
    """

    meta = Meta(
        "removed-package", Category.CORRECTNESS, Severity.WARNING, since="0.1", fix="unsafe"
    )
    on = (Run,)
    mentions = (
        "python", "py2-", "py-", "openjdk", "libpng", "libjasper", "mysql", "nodejs-", "libssl",
        "libcrypto", "libav-", "mesa-glx", "netcat", "libqt", "libreadline", "tomcat", "ruby",
        "mongodb", "phantomjs", "bzr", "php", "postgresql",
    )  # fmt: skip
    bad = (
        "FROM ubuntu:24.04\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends python-pip \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM ubuntu:24.04\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends python3-pip \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM ubuntu:18.04\nRUN apt-get install -y python-pip python3.6 postgresql-10\n"),
        Valid("FROM debian\nRUN echo x > /etc/apt/sources.list\nRUN apt-get install php7.1\n"),
        Valid("FROM ubuntu\nRUN add-apt-repository -y ppa:a/b && apt-get install python3.6\n"),
        Valid("FROM a\nRUN apt-get install python-pip\nFROM alpine\nRUN apk del python\n"),
        Valid("FROM alpine\nRUN apk add -X https://a.b/v3.11/main python python3 $P\n"),
        Valid("FROM debian:12\nRUN apt-get remove python && apt-get install python-is-python3\n"),
    )
    invalid = (
        Invalid("FROM debian:12\nRUN rm /etc/apt/apt.conf.d/docker-clean\nRUN apt install python\n",
                at="python",
                fixed="FROM debian:12\nRUN rm /etc/apt/apt.conf.d/docker-clean\n"
                "RUN apt install python3\n", unsafe=True),
        Invalid("FROM ubuntu\nRUN apt-get install -y git python-numpy=1 \\\n  openjdk-7-jdk a\n",
                at="openjdk-7-jdk",
                fixed="FROM ubuntu\nRUN apt-get install -y git python-numpy=1 \\\n"
                "  default-jdk-headless a\n", unsafe=True),
        Invalid("FROM alpine:3.12\nRUN apk add --no-cache python py2-pip\n",
                at=("python", "py2-pip"),
                fixed="FROM alpine:3.12\nRUN apk add --no-cache python3 py3-pip\n", unsafe=True),
        Invalid("FROM a:1-bookworm\nRUN apt install -y netcat php7.4-cli php7.4-mcrypt\n",
                at=("netcat", "php7.4-cli", "php7.4-mcrypt"),
                fixed="FROM a:1-bookworm\n"
                "RUN apt install -y netcat-openbsd php-cli php7.4-mcrypt\n", unsafe=True),
        Invalid("FROM ubuntu:16.04 AS a\nFROM a\nRUN apt install python3.6-dev postgresql-9.6\n",
                at=("python3.6-dev", "postgresql-9.6"),
                fixed="FROM ubuntu:16.04 AS a\nFROM a\nRUN apt install python3-dev postgresql\n",
                unsafe=True),
        Invalid("FROM debian:12\nRUN apt-get install -y \\\n    python \\\n    python3 \\\n    b\n",
                at="python",
                fixed="FROM debian:12\nRUN apt-get install -y \\\n    python3 \\\n    b\n",
                unsafe=True),
        Invalid("FROM alpine:3.20\nRUN apk add python2-dev b && c && apk del python2-dev b\n",
                at="python2-dev",
                fixed="FROM alpine:3.20\nRUN apk add python3-dev b && c && apk del python3-dev b\n",
                unsafe=True),
        Invalid("FROM debian:12\nRUN apt-get install -y python || apt-get install -y b\n",
                at="python"),
        Invalid("FROM python\nRUN apt-get install -y python-yaml\n", at="python-yaml",
                fixed="FROM python\nRUN apt-get install -y python3-yaml\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package, with what replaces it."""
        for found in removed_packages(doc.model, doc.programs, doc.text):
            where = f"{found.release.title} {'and later have' if found.is_moving else 'has'}"
            advice = f"; write {quoted(found.instead)}" if found.instead else ""
            yield self.finding(
                doc,
                found.argument.span,
                f"{where} no package {quoted(found.name)}: `{found.call.name}` fails, and with it "
                f"the build{advice}",
                fix=partial(_fix, doc, found) if found.instead else None,
            )


def _fix(doc: Document, found: Package) -> Fix | None:
    """What is there instead, unless that is installed already: then nothing.

    None for an extension that PHP has not any more, and where something else is done if that fails.
    """
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.lint.program_fixes import program_of
    from dflint.lint.step_removal import without_word
    from dflint.semantic.program_edits import replace_word

    word, call = found.argument.word, found.call
    if any(one.operator_after == "||" for one in (call.command, *call.command.ancestors)):
        return None
    if found.instead == "php" and "-" in found.name:
        return None
    program = program_of(doc, call.command)
    if any(one.value == found.instead for one in call.operands):
        edits = without_word(doc, call.command, word)
    else:
        edits = replace_word(program, word, found.instead)
        edits = edits and edits + _removals(doc, program, found)
    if edits is None:
        return None
    title, unsafe = f"write `{found.instead}`", Applicability.UNSAFE
    lost = (found.name,)
    return Fix(title, edits, unsafe, Effect.FILES, lost=lost, contract=SAME_IMAGE)


def _removals(doc: Document, program: Program, found: Package) -> tuple[Edit, ...]:
    """The new name where the package is taken off again: the old one is not known there, either."""
    from dflint.semantic.program_edits import replace_word

    edits: list[Edit] = []
    stage = doc.model.stage_of(program.instruction)
    for other in doc.programs:
        if doc.model.stage_of(other.instruction) is stage:
            for call in other.invocations_of(*_TOOLS):
                for one in call.operands if call.action == "remove" else ():
                    if one.value == found.name:
                        edits += replace_word(other, one.word, found.instead) or ()
    return tuple(edits)
