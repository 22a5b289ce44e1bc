"""The rule `gem-no-document`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


# What brings a RubyGems before 2.
_OLD_RUBY = LazyPattern(r"ruby\D{0,12}1\.[89]|gem update --system [01]\.", re.IGNORECASE)
#: A command that reads the documentation.
_READER = LazyPattern(r"(?:[;&|(\n]|RUN)[ \t]*+(?:ri|gem[ \t]++server)[ \t]")


class GemNoDocument(Rule):
    """`gem install` without `--no-document` makes documentation that nobody reads in an image.

    `gem install` and `gem update` write the documentation of what they install for `ri`, in
    `doc/` beside the gems. That takes time, often more than the installation, and room in the
    layer. `--no-document` (`-N`) leaves it out.

    Off unless selected: nobody has shown that it is worth a finding. Not reported in the official
    images of Ruby and JRuby, whose `gemrc` says so for all; where a `gemrc` of the Dockerfile
    does; where a variable may hold options; and in stages that do not end up in the image. No fix
    where Ruby is so old that its `gem` only knows `--no-rdoc --no-ri`.

    RubyGems command reference, "gem install".
    """

    meta = Meta(
        "gem-no-document",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("gemUpdateNoDocument",),
        default=False,
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("gem",)
    bad = (
        "FROM fedora:42\nRUN dnf install -y rubygems && dnf clean all && gem install rake:13.2.1\n"
    )
    good = (
        "FROM fedora:42\n"
        "RUN dnf install -y rubygems && dnf clean all && gem install --no-document rake:13.2.1\n"
    )
    valid = (
        Valid("FROM a\nRUN gem install -N b && gem install c --no-document && gem list\n"),
        Valid("FROM a\nRUN gem install --no-ri --no-rdoc b && gem update $X && gem i -d c\n"),
        Valid("FROM ruby:3.4\nRUN gem install b\n"),
        Valid("FROM a\nRUN echo 'gem: --no-document' > ~/.gemrc && gem install b\n"),
        Valid("FROM a AS b\nRUN gem install c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN gem install b && gem update --system\n",
            ("gem install", "gem update"),
            fixed=(
                "FROM a\nRUN gem install --no-document b && gem update --no-document --system\n"
            ),
        ),
        Invalid(
            "FROM a\nRUN gem \\\n  # new\n  i b -- --with c\n",
            at="gem \\\n  # new\n  i",
            fixed="FROM a\nRUN gem \\\n  # new\n  i --no-document b -- --with c\n",
        ),
        Invalid("FROM ubuntu:14.04\nRUN sudo gem install b\n", at="gem install"),
        Invalid("FROM a\nENV RUBY_VERSION=1.9.3\nRUN gem install b\n", at="gem install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each installation with documentation."""
        shipped: frozenset[int] | None = None
        for program in doc.programs:
            for call in program.invocations_of("gem"):
                if not _writes_documentation(call) or _is_configured(doc, program):
                    continue
                if shipped is None:
                    from dflint.semantic.shipped_stages import shipped_stages

                    shipped = shipped_stages(doc.model)
                if program.stage_number < 0 or program.stage_number in shipped:
                    message = (
                        f"`gem {call.verb}` writes documentation that nobody reads in an image; "
                        "add `--no-document`"
                    )
                    fix = partial(_fix, doc, program, call)
                    yield self.finding(doc, call.call_span, message, fix=fix)


_TOLD = (
    "-N", "--no-document", "--document", "-d", "--no-ri", "--no-rdoc", "--ri", "--rdoc",
    "--explain", "--help", "-h",
)  # fmt: skip


def _writes_documentation(call: Invocation) -> bool:
    from dflint.shell.hidden_options import may_hide_options

    if call.action not in ("install", "upgrade") or call.option(*_TOLD) is not None:
        return False
    return not may_hide_options(call)


def _is_configured(doc: Document, program: Program) -> bool:
    """Whether a `gemrc` leaves documentation out, that of the image or one of the Dockerfile."""
    name = program.base_image.partition(":")[0]
    return name in ("ruby", "jruby") or "gemrc" in doc.text


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.contract import GEM_DOCUMENTS
    from dflint.lint.program_fixes import add_option
    from dflint.semantic.old_pip import OLD_RELEASES

    image = program.base_image
    if OLD_RELEASES.get().search(image) is not None or image.startswith("centos:6"):
        return None
    if _OLD_RUBY.get().search(doc.text) is not None:
        return None
    if _READER.get().search(doc.text) is not None:
        return None
    return add_option(doc, call, "--no-document", contract=GEM_DOCUMENTS)
