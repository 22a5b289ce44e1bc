"""The rule `eol-base-image`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

#: One of these stands in the name of every image that is old, and in few others; the tables are
#: loaded for those alone.
_OLD = (
    "debian:4", "debian:5", "debian:6", "debian:7", "debian:8", "debian:9", "debian:10", "minideb",
    "etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "centos", "ubuntu:0",
    "ubuntu:1", "ubuntu:20", "ubuntu:21", "ubuntu:22.10", "ubuntu:23", "ubuntu:24.10", "ubuntu1",
    "ubuntu-1", "ubuntu2", "ubuntu-2", "bootstrap:1", "upstart:1", "hardy", "lucid", "maverick",
    "natty", "oneiric", "precise", "quantal", "raring", "saucy", "trusty", "utopic", "vivid",
    "wily", "xenial", "yakkety", "zesty", "artful", "bionic", "cosmic", "disco", "eoan", "focal",
    "groovy", "hirsute", "impish", "kinetic", "lunar", "mantic", "oracular", "alpine:2",
    "alpine:3.0", "alpine:3.1", "alpine:3.2.", "alpine:3.2,", "alpine:3.3", "alpine:3.4",
    "alpine:3.5", "alpine:3.6", "alpine:3.7", "alpine:3.8", "alpine:3.9", "alpine2", "alpine3.0",
    "alpine3.1", "alpine3.2.", "alpine3.2,", "alpine3.2-", "alpine3.3", "alpine3.4", "alpine3.5",
    "alpine3.6", "alpine3.7", "alpine3.8", "alpine3.9", "alpine:v", "fedora:2", "fedora:3",
    "fedora:40",
)  # fmt: skip


class EolBaseImage(Rule):
    """The base image is built on a release that gets no security updates any more.

    What is found in its packages stays open, and the image is not built anew. Some time later the
    packages go from the mirrors, too (`archived-release`). The release is told by the tag of an
    operating system's image (`ubuntu:14.04`, `centos:7`), or by a code name or release in the tag
    of any image (`python:3.6-stretch`, `node:10-alpine3.9`). `centos` without a tag is CentOS 8;
    other images without a tag, or with one that moves on, are not old.

    The table is as of 2026-01-01 and does not look at the clock; the dates are those of support
    for everybody: paid support may go on.

    wiki.debian.org/LTS; wiki.ubuntu.com/Releases; alpinelinux.org/releases; Fedora documentation,
    "End of Life Releases"; centos.org, "End dates".
    """

    meta = Meta("eol-base-image", Category.SECURITY, Severity.WARNING, since="0.1", default=False)
    on = (From,)
    bad = "FROM debian:10-slim\n"
    good = "FROM debian:13-slim\n"
    valid = (
        Valid("FROM debian:13\nFROM ubuntu\nFROM alpine:3.22\nFROM fedora:latest\n"),
        Valid("FROM python:3.13-trixie\nFROM a/b:14.04\nFROM debian:sid\nFROM scratch\n"),
        Valid("FROM alpine:3.22 AS jessie\nFROM jessie\n"),
        Valid("ARG V\nFROM debian:$V\n"),
    )
    invalid = (
        Invalid(
            "FROM ubuntu:14.04\nFROM a/b:1-stretch AS c\n", at=("ubuntu:14.04", "a/b:1-stretch")
        ),
        Invalid(
            "ARG V=3.9\nFROM --platform=$BUILDPLATFORM node:10-alpine$V\n", at="node:10-alpine$V"
        ),
        Invalid("FROM centos\n", at="centos"),
        Invalid("FROM docker.io/library/fedora:30\n", at="docker.io/library/fedora:30"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the image, with the day that support ended."""
        for stage in doc.model.stages:
            is_image = stage.base is None and stage.image not in doc.model.contexts
            if not is_image or not contains_any(stage.image + ",", _OLD):
                continue
            from dflint.semantic.base_systems import release_of

            release = release_of(stage.image)
            if release is not None and release.ended:
                yield self.finding(
                    doc,
                    doc.argument(stage.from_instruction, 0),
                    f"{release.title} gets no security updates since {release.ended}; take a "
                    "release that is supported",
                )
