"""The rule `command-not-found`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_SYSTEMS = ("alpine", "debian", "ubuntu")


def _name(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[0]


class CommandNotFound(Rule):
    """A command is run that the base image does not have and nothing has installed.

    The images of Debian, Ubuntu and Alpine have little more than a shell, the tools of coreutils
    or BusyBox, and a package manager: no `curl`, `git`, `make` or `python`, in Alpine no `bash`,
    and in none of them the package manager of another. The shell ends with `not found`, status
    127, and the build stops.

    It is said of those three images alone, of commands that are in none of their releases, and
    only while it is known all through what was installed: not after a package that may bring
    others, after files are copied where programs are, nor behind a question whether the command is
    there.

    POSIX.1-2017, Shell Command Language, 2.8.2; the packages of the images.
    """

    meta = Meta("command-not-found", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    on = (Run,)
    mentions = ("debian", "ubuntu", "alpine")
    bad = "FROM alpine:3.22\nRUN curl -fsSL https://example.org/tool.conf > /etc/tool.conf\n"
    good = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache curl~8 \\\n"
        "  && curl -fsSL https://example.org/tool.conf > /etc/tool.conf\n"
    )
    valid = (
        Valid("FROM debian\nRUN apt-get update && apt-get install -y curl && curl a && wget b\n"),
        Valid("FROM debian\nRUN apt-get install -y mercurial\nRUN git clone a\n"),
        Valid("FROM a\nRUN curl b\nFROM alpine\nRUN wget a && unzip b && useradd || adduser c\n"),
        Valid("FROM alpine\nCOPY --from=a /b /c\nRUN git d\n"),
        Valid("FROM alpine\nCOPY curl /usr/bin/\nRUN curl a\nRUN /bin/bash -c a\n"),
        Valid("FROM debian\nRUN if command -v curl; then curl a; fi; git b || true\n"),
        Valid("FROM ubuntu:14.04\nRUN locale-gen en_US.UTF-8\n"),
    )
    invalid = (
        Invalid("FROM debian:12\nRUN mkdir a && curl b | sh && git c\n", at="curl"),
        Invalid(
            "FROM ubuntu AS a\nRUN apt-get update && apt-get install -y wget\nRUN sudo git a\n",
            at="sudo",
        ),
        Invalid("FROM alpine:3.22\nRUN apk add git && bash -c a\n", at="bash"),
        Invalid(
            "FROM alpine\nRUN apt-get update\nFROM debian\nRUN apk add a\n", at=("apt-get", "apk")
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first such command of a stage."""
        if not any(_name(stage.image) in _SYSTEMS for stage in doc.model.stages):
            return
        import dflint.semantic.missing_commands as module

        for found in module.missing_commands(doc.model, doc.programs):
            advice = "take the package manager that it has"
            if found.package:
                advice = f"install {quoted(found.package)} first"
            yield self.finding(
                doc,
                found.word.span,
                f"{quoted(found.image)} has no {quoted(found.name)}, and nothing has installed it: "
                f"the step fails with `not found`; {advice}",
            )
