"""The rule `newest-for-old-language`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.newest_versions import newest_for_others
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class NewestForOldLanguage(Rule):
    """A package without a version is installed into a language that its newest version is not for.

    The pip of Debian 8 and of Ubuntu up to 16.04 is older than 9.0 and does not know which Python a
    version is for: it takes the newest one, and of many well-known packages that is for a later
    Python: setup or import fails. Only such packages are reported.
    `gem` does know, and refuses: the newest `bundler`, `rails`, `jekyll`, `nokogiri` and `sinatra`
    want Ruby 2.7 or later. Name a version that is for the language of the base, or take a newer
    base.

    The first such package of a stage is reported, where the distribution's pip or Ruby was
    installed, or the image is `ruby`, and nothing brings another one.

    pip, "9.0 (2016-11-02)": "`Requires-Python`"; rubygems.org, "Required Ruby Version".
    """

    meta = Meta(
        "newest-for-old-language",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        default=False,
    )
    on = (Run,)
    mentions = ("pip", "gem ")
    bad = "FROM ruby:2.5.9-alpine\nRUN gem install bundler\n"
    good = "FROM ruby:3.4.4-alpine\nRUN gem install bundler:2.6.9\n"
    valid = (
        Valid(
            "FROM ubuntu:16.04\nRUN apt-get install -y python-pip && pip install flask==1 -r b\n"
        ),
        Valid("FROM ubuntu:18.04\nRUN apt-get install -y python-pip && pip install flask\n"),
        Valid("FROM ubuntu:16.04\nRUN curl u/get-pip.py | python\nRUN pip install flask\n"),
        Valid("FROM ruby:2.5\nRUN gem install a bundler:1.17.3 && gem install rails -v 5.2\n"),
        Valid("FROM ruby\nRUN gem install bundler\nFROM ruby:3.3\nRUN gem install rails\n"),
        Valid("FROM python:3.5-jessie\nRUN pip install flask\n"),
    )
    invalid = (
        Invalid(
            "FROM ubuntu:14.04\nRUN apt-get install -y python-pip && pip install a Flask\n"
            "RUN pip install requests\n",
            at="Flask",
        ),
        Invalid("FROM ruby:2.3-slim AS a\nFROM a\nRUN gem install x bundler rails\n", at="bundler"),
        Invalid("FROM debian:9\nRUN apt-get install -y ruby && gem install jekyll\n", at="jekyll"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the package."""
        for argument, title in newest_for_others(doc.model, doc.programs, doc.text):
            yield self.finding(
                doc,
                argument.span,
                f"the newest {quoted(argument.value or '')} is taken, which is not for {title}: "
                "installing or loading it fails; name a version that is",
            )
