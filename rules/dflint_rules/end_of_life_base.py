"""The rule `end-of-life-base`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.ended_images import ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage


class EndOfLifeBase(Rule):
    """The base image is of a version that gets no fixes any more.

    When the support of a version has ended, its image is built no more: what is found in it stays
    open. Reported are versions of Node, PHP, PostgreSQL, Python and Ruby whose support had ended
    when this version of dflint was made, and the images `openjdk`, `java` and `adoptopenjdk`, which
    are given up (`eclipse-temurin` and others go on). `eol-base-image` knows the systems.

    Proposed is a version that is supported, of the same variant without the release of its system
    (`ruby:2.5-slim-buster`: `ruby:3.4-slim`), and Temurin for Java's images: what runs on it only a
    build and tests can tell.

    Off unless selected: new versions of dflint know of more that has ended, and a build that was
    quiet yesterday should not fail for it unasked. Support that is paid for (Ubuntu Pro, ELTS) is
    not known.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "end-of-life-base",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/ruby/eol-ruby-version",),
        default=False,
        fix="display",
        options=(
            OptionSpec(
                "only-ruby",
                "bool",
                False,
                "Report images of Ruby alone.",
                exact_for=("tally/ruby/eol-ruby-version",),
            ),
        ),
    )
    on = (From,)
    bad = "FROM python:3.8\nRUN ./make\n"
    good = "FROM python:3.13\nRUN ./make\n"
    valid = (
        Valid("FROM debian:9\nFROM node:22-alpine\nFROM python:3.13\nFROM ubuntu:14.04\n"),
        Valid("FROM corp/debian:8\nFROM node:lts\nFROM python:3\nFROM ruby:3.4.1 AS b\nFROM b\n"),
    )
    invalid = (
        Invalid("FROM node:10\nFROM ruby:2.7\n", at="ruby:2.7", options={"only-ruby": True}),
        Invalid(
            ("FROM node:10-slim\nFROM docker.io/library/python:2.7.18-alpine3.11\n"),
            at=("node:10-slim", "docker.io/library/python:2.7.18-alpine3.11"),
        ),
        Invalid(
            ("FROM openjdk:8-jre\nFROM php:7-apache\n"),
            at=(
                "openjdk:8-jre",
                "php:7-apache",
            ),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        only_ruby = bool(doc.settings.options.get(self.meta.name, {}).get("only-ruby"))
        for stage in doc.model.stages:
            if only_ruby and "ruby:" not in stage.image:
                continue
            when = "" if stage.base is not None else ended(stage.image)
            if when:
                yield self.finding(
                    doc,
                    doc.argument(stage.from_instruction, 0),
                    f"its support ended in {when} at the latest, what is found in it stays open; "
                    "go to a version that is supported",
                    fix=partial(_fix, doc, stage),
                )


def _fix(doc: Document, stage: Stage) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.semantic.succeeding_images import successor

    span = doc.argument(stage.from_instruction, 0)
    image = span.slice(doc.text)
    name = successor(image) if image == stage.image else ""
    if not name:
        return None
    edit, level = Edit(span, name), Applicability.DISPLAY
    return Fix(f"go to `{name}`", (edit,), level, Effect.FILES, contract=SAME_IMAGE)
