"""The rule `externally-managed-pip`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.managed_python import refused_installations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class ExternallyManagedPip(Rule):
    """The distribution's pip refuses to install into the distribution's Python.

    Debian since 12, Ubuntu since 23.04 and Alpine since 3.19 mark their Python as managed by the
    system's packages. `pip install` then ends with `error: externally-managed-environment`, as
    root too, and the build stops. Make a virtual environment and install into it, take the package
    of the distribution (`python3-NAME`), or begin with the image `python`, whose pip is its own;
    `--break-system-packages` installs all the same.

    The release is told by the image's name, without a tag the newest is meant. It is reported
    where the distribution's pip was installed before and nothing brings another one.

    PEP 668; Debian 12 release notes, "Python interpreters marked externally-managed".
    """

    meta = Meta("externally-managed-pip", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    on = (Run,)
    mentions = ("python3-pip", "py3-pip", "python3-full", "py3-virtualenv")
    bad = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache py3-pip~25 && pip install --no-cache-dir requests==2.32.4\n"
    )
    good = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache py3-pip~25 \\\n"
        "  && python3 -m venv /venv \\\n"
        "  && /venv/bin/pip install --no-cache-dir requests==2.32.4\n"
    )
    valid = (
        Valid("FROM debian:11\nRUN apt-get install -y python3-pip && pip3 install a\n"),
        Valid("FROM debian\nRUN apt-get install python3-pip && pip install --target /b a\n"),
        Valid(
            "FROM debian:12\nENV PIP_BREAK_SYSTEM_PACKAGES=1\n"
            "RUN apt install python3-pip && pip install a\n"
        ),
        Valid("FROM python:3.13-trixie\nRUN pip install a\n"),
        Valid("FROM ubuntu\nRUN apt-get install -y python3-pip\nRUN pip download a && pip list\n"),
        Valid("FROM a:ubuntu22.04\nRUN apt-get install -y python3-pip && pip install a\n"),
        Valid(
            "FROM ubuntu\nRUN apt-get install python3-pip\n"
            "RUN rm /usr/lib/python3.12/EXTERNALLY-MANAGED && pip install a\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-pip\n"
            "RUN pip3 install -r a.txt && python3 -m pip install b\n",
            at=("pip3 install", "python3 -m pip install"),
        ),
        Invalid(
            "FROM node:24-bookworm AS a\nRUN apt-get install -y python3-pip\n"
            "FROM a\nRUN /usr/bin/pip install --user b\n",
            at="/usr/bin/pip install",
        ),
        Invalid("FROM alpine\nRUN apk add py3-pip && pip install -U pip\n", at="pip install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the call, with the release."""
        for call, release in refused_installations(doc.model, doc.programs, doc.text):
            yield self.finding(
                doc,
                call.call_span,
                f"the Python of {release.title} is managed by its packages: `{call.name} "
                f"{call.verb}` refuses to install, the build stops; install into a virtual "
                "environment",
            )
