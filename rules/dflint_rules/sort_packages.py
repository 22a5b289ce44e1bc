"""The rule `sort-packages`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_order import first_misplaced, language_lists, package_lists

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.words import Word


class SortPackages(Rule):
    """The packages of an installation stand in no order.

    In a list that is sorted, a package is easy to find, none stands there twice, and two changes
    seldom meet in one line. Package managers are told a set: the order makes no difference to
    what they install.

    Off unless selected: it is a matter of taste. Packages are sorted by name, between comments, and
    those in the line below a comment stay there; only the names change places, everything else
    stays where it is. Nothing is said of lists in which something else stands: a file, a group, a
    variable, `name/release`, a package to remove.

    Dockerfile best practices, "Sort multi-line arguments".
    """

    meta = Meta(
        "sort-packages",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/sort-packages",),
        default=False,
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("install", "add", "require", "npm i", "bun i")
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends \\\n"
        "    make \\\n"
        "    gcc \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends \\\n"
        "    gcc \\\n"
        "    make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid(
            "FROM a\nRUN pip install -r c . b; npm i ./c b; pip install a B c; conda install a=1\n"
        ),
        Valid("FROM a\nRUN apt-get install -y b=2 c d && apk add -t z e f && dnf install b\n"),
        Valid(
            "FROM a\nRUN apk add c \\\n  # d first\n  b d\nRUN yum install -y B a; apt-get x b a\n"
        ),
        Valid("FROM a\nRUN apk add \\\n  # c first\n  c \\\n  b\nRUN apk add c b \\\n\nRUN d\n"),
        Valid("FROM a\nRUN apk add \\\n  # for d\n  d c \\\n  b\n"),
        Valid("FROM a\nRUN apt-get install c ./b.deb\nRUN apt-get install c b/sid; apk add c !b\n"),
        Valid("FROM a\nRUN apt-get install c $B a; apt-get install c b-; dnf install c @b\n"),
        Valid("FROM a\nRUN apk add --unknown z a; apt-get install d 'c>1' b; apt-get remove c b\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN pip install c==1 'b[d]' && npm i @c/d@1 b@2 @a/e; yarn add c b\n",
            at=("'b[d]'", "@a/e", "b"),
        ),
        Invalid(
            "FROM a\nRUN apt-get install -y d b=${V} c -t z && apk add -t .z f g++ e\n",
            ("b=${V}", "e"),
            fixed=("FROM a\nRUN apt-get install -y b=${V} c d -t z && apk add -t .z e f g++\n"),
        ),
        Invalid(
            "FROM a\nRUN apk add \\\n  d \\\n  # c is old\n  c \\\n  b \\\n  a \\\n  && x\n",
            at="a",
            fixed="FROM a\nRUN apk add \\\n  d \\\n  # c is old\n  c \\\n  a \\\n  b \\\n  && x\n",
        ),
        Invalid(
            'ONBUILD RUN ["dnf", "install", "-y", "c", "b"]\n',
            at="b",
            fixed='ONBUILD RUN ["dnf", "install", "-y", "b", "c"]\n',
        ),
        Invalid(
            "FROM a\nRUN <<E\nyum install -y c --enablerepo z b  # all\nE\n",
            at="b",
            fixed="FROM a\nRUN <<E\nyum install -y b --enablerepo z c  # all\nE\n",
        ),
        Invalid(
            "FROM a\r\nRUN apt-get install c \\\r\n  b\r\nCMD x\r\n",
            at="b",
            fixed="FROM a\r\nRUN apt-get install b \\\r\n  c\r\nCMD x\r\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first package of each list that stands in the wrong place."""
        for runs in package_lists(doc.programs):
            misplaced = next((word for run in runs if (word := first_misplaced(run))), None)
            if misplaced is not None:
                message = f"`{misplaced.text}` belongs further up: sort the packages by name"
                yield self.finding(doc, misplaced.span, message, fix=partial(_fix, runs))
        for words in language_lists(doc.programs):
            misplaced = first_misplaced(words)
            if misplaced is not None:
                message = f"`{misplaced.text}` belongs further up: sort the packages by name"
                yield self.finding(doc, misplaced.span, message)


def _fix(runs: list[list[Word]]) -> Fix:
    from dflint.lint.contract import PACKAGE_ORDER
    from dflint.lint.fixing import Edit, Effect, Fix
    from dflint.semantic.package_order import first_misplaced, in_order

    edits = [
        Edit(word.span, other.text)
        for run in runs
        if first_misplaced(run) is not None
        for word, other in zip(run, in_order(run), strict=True)
        if word is not other
    ]
    # Each of them goes from one place, and comes at another.
    lost = tuple(word.text for run in runs for word in run)
    return Fix("sort the packages", edits, effect=Effect.FILES, lost=lost, contract=PACKAGE_ORDER)
