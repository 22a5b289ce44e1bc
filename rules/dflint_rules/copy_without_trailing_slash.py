"""The rule `copy-without-trailing-slash`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.copy_destination import destination_without_slash, overwrites_itself

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class CopyWithoutTrailingSlash(Rule):
    """Several sources are copied to a path that does not end in a slash.

    BuildKit takes such a destination for the name of a file, unless it is a directory already:
    each source overwrites the one before it, and only the last is in the image. Nothing is said
    of that. The classic builder refuses the instruction, also for the destination `.`.

    Not reported for BuildKit: a destination that is surely a directory (the working directory,
    `/tmp`, a path that an earlier instruction names), and a first source that may be a directory.
    In a part of a file, without `FROM`, nothing tells of directories: all but `.` are reported.

    The fix writes the slash. It is unsafe: where BuildKit builds, a directory takes the place of a
    file.

    Dockerfile reference, "COPY": with several sources the destination must be a directory, and
    must end with a slash.
    """

    meta = Meta(
        "copy-without-trailing-slash",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3021",
            "add_dest_invalid",
            "DS-0011",
            "Copy_With_More_Than_Two_Arguments_Not_Ending_With_Slash",
            "INVALID_DESTINATION",
        ),
        fix="unsafe",
    )
    on = (Copy, Add)
    occasion = "several sources"
    bad = "FROM node:22-slim\nCOPY package.json package-lock.json /app\n"
    good = "FROM node:22-slim\nCOPY package.json package-lock.json /app/\n"
    valid = (
        Valid("FROM a\nCOPY a.c b.c /x/\nADD a.c b.c .\nCOPY *.jar x.jar\nCOPY src lib /x\n"),
        Valid("FROM a\nWORKDIR /x/y\nCOPY a.c b.c /x\nADD a.c b.c /x/y\nCOPY a.c b.c /tmp\n"),
        Valid("FROM a\nARG D\nCOPY a.c b.c $D\nRUN mkdir /z\nCOPY <<A <<B /z\nA\nB\n"),
        Valid("FROM a\nCOPY a.c b.c ./\n", {"engine": "classic"}),
    )
    invalid = (
        Invalid("FROM a\nCOPY a.c b.c /x\n", at="/x",
                fixed="FROM a\nCOPY a.c b.c /x/\n", unsafe=True),
        Invalid("FROM a\nENV D=x\nADD \\\n  # comment\n  a.c b.c /$D\n", at="/$D",
                fixed="FROM a\nENV D=x\nADD \\\n  # comment\n  a.c b.c /$D/\n", unsafe=True),
        Invalid('FROM a\nCOPY <<A <<"B" "/x"\nA\nB\nCOPY ["a.c","b","/y"]\n', ('"/x"', '"/y"'),
                fixed='FROM a\nCOPY <<A <<"B" "/x/"\nA\nB\nCOPY ["a.c","b","/y/"]\n',
                unsafe=True),
        Invalid("COPY a b c\nCOPY a b .\nCOPY a b c/\n", at="c",
                fixed="COPY a b c/\nCOPY a b .\nCOPY a b c/\n", unsafe=True),
        Invalid("FROM a\nCOPY a b .\nADD a b /tmp\n", (".", "/tmp"), {"engine": "classic"},
                fixed="FROM a\nCOPY a b ./\nADD a b /tmp/\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the destinations that are no directory."""
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            text = instruction.line.text
            words = instruction.reading.arguments
            # Blanks in the brackets of a template part words that will be one.
            if len(words) < 3 or words[-1].endswith("/") or "{{" in text:
                continue
            name = destination_without_slash(doc.model, instruction)
            if name is None:
                continue
            if doc.settings.engine != "buildkit" or (name != "." and not doc.has((From,))):
                message = f"several sources need a destination that ends in `/`: write `{name}/`"
            elif overwrites_itself(doc.model, instruction, name):
                message = f"each source becomes the file `{name}` unless that is a directory, "
                message += f"so only the last is kept; write `{name}/`"
            else:
                continue
            place = doc.argument(instruction, len(words) - 1)
            yield self.finding(doc, place, message, fix=partial(_fix, doc, place))


def _fix(doc: Document, place: Span) -> Fix:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    end = place.end - (doc.text[place.end - 1] in "\"'")
    edits = [Edit.insertion(end, "/")]
    return Fix(
        "end the destination in `/`", edits, Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE
    )
