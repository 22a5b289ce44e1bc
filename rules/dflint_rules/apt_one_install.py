"""The rule `apt-one-install`."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class AptOneInstall(Rule):
    """A `RUN` calls `apt-get install` more than once.

    Each call reads the lists and works out anew what is needed. In one call packages are chosen
    that fit together, and it is done once.

    The fix puts the packages into the call before where the two follow one another directly, joined
    with `&&` or under `set -e`, with the same options. It is unsafe, as apt may choose other
    packages to go with all of them; there is none where a package may put one of the first call out
    (`libcurl4-openssl-dev`, `libcurl4-gnutls-dev`).

    Not reported where one of them runs under another condition: behind `||`, in another branch.

    Off unless selected: where the second needs a repository that the first made possible, there
    have to be two.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "apt-one-install",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("ruleMoreThanOneInstall",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && apt-get install -y --no-install-recommends gcc \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends gcc make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get install b || apt-get install c\n"),
        Valid("FROM a\nRUN if x; then apt-get install b; else apt-get install c; fi\n"),
        Valid("FROM a\nRUN (apt-get install b; x) || (apt-get install c; y)\n"),
        Valid("FROM a\nRUN apt-get install b; if x; then apt-get install c; fi\n"),
        Valid("FROM a\nRUN case x in a) apt install b;; *) apt install c;; esac\n"),
        Valid("FROM a\nRUN apt-get install -y b\nRUN apt-get install -y c\n"),
        Valid("FROM a\nRUN apt-get install -y b && apt-get update && apt-get install -y c\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apt-get install -y b; apt install -y c\n", at="apt install"),
        Invalid(
            ("FROM a\nRUN apt-get install b && x && apt-get install c && apt-get install d\n"),
            at=("apt-get install", "apt-get install"),
            fixed="FROM a\nRUN apt-get install b && x && apt-get install c d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get update && apt-get install -y \\\n      b \\\n      c \\\n"
            "  && apt-get install --yes d=1 -q \\\n  && apt-get -y install \\\n      e\n",
            at=("apt-get install", "apt-get -y install"),
            fixed=(
                "FROM a\nRUN apt-get update && apt-get install -y \\\n      b \\\n      c \\\n"
                "      d=1 \\\n      e\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN <<E\nset -e\nDEBIAN_FRONTEND=x apt-get install -y b\n"
            "apt-get install -y c\nif d; then apt-get install e\n fi\nE\n",
            at="apt-get install",
            fixed=(
                "FROM a\nRUN <<E\nset -e\nDEBIAN_FRONTEND=x apt-get install -y b c\n"
                "if d; then apt-get install e\n fi\nE\n"
            ),
            unsafe=True,
        ),
        Invalid(
            f"FROM a\nRUN x \\\n && apt-get install {60 * 'b'} \\\n"
            f" && apt-get install {30 * 'c'}\n",
            at="apt-get install",
            fixed=f"FROM a\nRUN x \\\n && apt-get install {60 * 'b'} \\\n     {30 * 'c'}\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN apt-get install b && apt-get install -y c\n", at="apt-get install"),
        Invalid(
            "FROM a\nRUN apt-get install b && apt-get install c || true\n"
            "RUN (apt-get install b && apt-get install c); exit 0\n",
            at=("apt-get install", "apt-get install"),
        ),
        Invalid("FROM a\nRUN apt-get install b=1 && apt-get install b=2\n", at="apt-get install"),
        Invalid(
            "FROM a\nRUN apt-get install b && \\\n  # c\n  apt-get install d\n",
            at="apt-get install",
        ),
        Invalid(
            "FROM a\nRUN apt-get install libb1-c-dev && apt-get install libb2-dev\n",
            at="apt-get install",
        ),
        Invalid("FROM a\nRUN apt-get install $B && apt-get install c-\n", at="apt-get install"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = [
                call
                for call in program.invocations_of("apt-get", "apt")
                if call.action == "install"
            ]
            for first, second in pairwise(calls):
                from dflint.shell.conditions import are_under_same

                if not are_under_same(first.command, second.command):
                    continue
                between = program.script.text[first.command.end : second.command.start]
                if (
                    "update" not in between
                    and "apt-key" not in between
                    and "sources" not in between
                ):
                    yield self.finding(
                        doc,
                        second.call_span,
                        "name these packages in the call above: one call does for all",
                        fix=partial(_fix, doc, program, first, second),
                    )


def _fix(doc: Document, program: Program, first: Invocation, second: Invocation) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix
    from dflint.lint.program_fixes import words_taken
    from dflint.semantic.joined_installs import joined

    edits = joined(program, first, second)
    if edits is None:
        return None
    title, lost = "install all with one call", words_taken(doc, edits)
    level, effect = Applicability.UNSAFE, Effect.FILES
    return Fix(title, edits, level, effect, lost=lost, contract=SAME_IMAGE)
