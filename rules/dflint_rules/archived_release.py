"""The rule `archived-release`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.archived_packages import archived_fetches
from dflint.semantic.base_systems import release_of
from dflint.semantic.first_base import first_base
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.releases import Release
    from dflint.shell.invocation import Invocation

#: Where the addresses stand, and what points them to the archive, by family; since which release
#: the keys and the addresses are such that no more is needed.
_POINTERS = {
    "Debian": (
        "/etc/apt/sources.list",
        r"-e 's/\(deb\|security\).debian.org/archive.debian.org/' -e '/-updates/d'",
        (9,),
    ),
    "Ubuntu": (
        "/etc/apt/sources.list",
        r"-e 's/\(archive\|security\).ubuntu.com/old-releases.ubuntu.com/'",
        (12,),
    ),
    "CentOS": (
        "/etc/yum.repos.d/CentOS-*.repo",
        r"-e 's/^mirrorlist/#&/' -e 's/^#baseurl=http:..mirror/baseurl=http:\/\/vault/'",
        (6,),
    ),
}


class ArchivedRelease(Rule):
    """Packages are fetched for a release whose packages were moved to an archive.

    Some time after the end of support the packages of Debian, of Ubuntu and of CentOS go from the
    mirrors to `archive.debian.org`, `old-releases.ubuntu.com` and `vault.centos.org`. The
    addresses in the image lead nowhere since: `apt-get update` ends with `404 Not Found`, `yum`
    with `Cannot find a valid baseurl`, and the build stops. Take a release that is supported; to
    build the old one once more, point `/etc/apt/sources.list` or `/etc/yum.repos.d` to the archive
    first: that is proposed.

    The release is told by the tag of `debian`, `ubuntu` or `centos`, by a code name in the tag of
    any image (`python:3.6-stretch`), and by the version of official images that were last built
    when Debian 10 was the newest (`node:8`, `python:2.7`). It says nothing where the addresses are
    touched before. The table is as of 2026-01-01 and does not look at the clock.

    wiki.debian.org/DebianReleases; wiki.ubuntu.com/Releases; centos.org, "End dates".
    """

    meta = Meta(
        "archived-release", Category.CORRECTNESS, Severity.WARNING, since="0.1", fix="display"
    )
    on = (Run,)
    mentions = ("apt", "yum", "dnf")
    bad = "FROM node:8\nRUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*\n"
    good = "FROM node:24\nRUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*\n"
    valid = (
        Valid("FROM debian:13\nRUN apt-get update\n"),
        Valid("FROM ubuntu:16.04\nRUN apt-get update\n"),
        Valid("FROM debian:8\nRUN sed -i s/deb/archive/ /etc/apt/sources.list\nRUN apt update\n"),
        Valid("FROM debian:8\nCOPY sources.list /etc/apt/\nRUN apt-get update\n"),
        Valid("FROM node:8-alpine\nRUN apk add a\n"),
        Valid("FROM debian:8 AS a\nRUN apt-get clean && dpkg -i a.deb\n"),
        Valid("FROM resin/rpi-raspbian:jessie\nRUN apt-get update\n"),
    )
    invalid = (
        Invalid(
            "FROM debian:7\nRUN rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update\n",
            at="apt-get update",
        ),
        Invalid(
            "FROM debian:jessie-slim\nRUN a && apt-get update; apt-get install -y b\n"
            "RUN apt-get update\n",
            at="apt-get update",
        ),
        Invalid("FROM ubuntu:17.10\nRUN apt-get -y install a\n", at="apt-get -y install"),
        Invalid("FROM node:8 AS a\nFROM a\nRUN apt update && apt install b\n", at="apt update"),
        Invalid("FROM centos:7.9.2009\nRUN yum install -y a\n", at="yum install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first command of a stage that finds nothing."""
        for call, stage, release in archived_fetches(doc.model, doc.programs, doc.text):
            image = first_base(stage)
            title = release.title if release_of(image) else f"the Debian of {quoted(image)}"
            yield self.finding(
                doc,
                call.call_span,
                f"the packages of {title} were moved to {release.archive}: "
                f"`{call.name} {call.verb}` finds none and fails; take a base that is supported",
                fix=partial(_fix, doc, call, release),
            )


def _fix(doc: Document, call: Invocation, release: Release) -> Fix | None:
    """The addresses pointed to the archive, right above; None for releases of which more is old."""
    from dflint.lint.fixing import Applicability, Contract, Effect, Fix
    from dflint.lint.insertions import insertion_above_comments
    from dflint.lint.program_fixes import program_of

    path, script, since = _POINTERS[release.family]
    if release.version < since:
        return None
    run = program_of(doc, call.command).instruction
    edit = insertion_above_comments(run, f"RUN sed -i {script} {path}")
    title, display = f"fetch from {release.archive}", Applicability.DISPLAY
    contract = Contract(changed=((path, "any"),))
    return Fix(title, (edit,), display, Effect.FILES, contract=contract)
