"""The rule `undefined-arg-in-from`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.from_arguments import undeclared_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.from_arguments import UndeclaredArgument


class UndefinedArgInFrom(Rule):
    """`FROM` uses a variable that no `ARG` above the first `FROM` declares.

    `FROM` sees nothing but these arguments and the platform arguments. The variable expands to
    nothing, whatever is given with `--build-arg`: the build stops, or begins with another image
    than meant. A default such as `${BASE:-alpine}` is then all that it can be; the fix declares
    the argument without a value, so that another one can be given.

    Dockerfile reference, "Understand how ARG and FROM interact"; BuildKit check
    UndefinedArgInFrom.
    """

    meta = Meta(
        "undefined-arg-in-from",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "UndefinedArgInFrom",
            "BASE_NAME_EMPTY",
        ),
        fix="unsafe",
    )
    on = (From,)
    mentions = ("$",)
    occasion = "variable in from"
    bad = "FROM alpine:$VERSION\nARG VERSION=3.22\n"
    good = "ARG VERSION=3.22\nFROM alpine:$VERSION\n"
    valid = (
        Valid("ARG A\nFROM b$A\nFROM --platform=$BUILDPLATFORM ${A:-b}:$TARGETARCH\n"),
        Valid("FROM a\n# FROM $B\nRUN $C\nCOPY $D /\n"),
    )
    invalid = (
        Invalid(
            "ARG VARIANT=b\nFROM a$VARIENT\n",
            at="$VARIENT",
            fixed="ARG VARIANT=b\nFROM a$VARIANT\n",
            unsafe=True,
        ),
        Invalid(
            "# x\nFROM a AS b\nARG C=1\nFROM \\\n  # comment\n  a:$C AS d\n",
            at="$C",
            fixed="# x\nARG C=1\nFROM a AS b\nARG C=1\nFROM \\\n  # comment\n  a:$C AS d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM --platform=$P ${A:-b}\nARG A=c\n",
            at=("$P", "${A:-b}"),
            fixed="ARG A\nFROM --platform=$P ${A:-b}\nARG A=c\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the variables; a warning where the build goes on without them."""
        for found in undeclared_arguments(doc.model):
            name = found.use.name
            modifier = found.use.modifier
            if modifier.startswith(":") and modifier[1:] not in ("-", "+", "?"):
                advice = "is it a placeholder that nothing has replaced?"
            elif found.meant is not None:
                advice = f"did you mean `{found.meant}`?"
            elif modifier in (":-", "-"):
                advice = f"write `ARG {name}` there, or `--build-arg {name}=…` does nothing"
            elif found.declaration is not None:
                line = doc.lines.line(found.declaration.line.start)
                advice = f"move `ARG {name}` there from line {line}"
            else:
                advice = f"write `ARG {name}=…` there"
            message = f"no `ARG {name}` stands above the first `FROM`, it has no value; {advice}"
            fix = partial(_fix, doc, found)
            finding = self.finding(doc, found.use.span, message, fix=fix)
            if not found.is_fatal:
                finding.severity = min(self.severity, Severity.WARNING)
            yield finding


def _fix(doc: Document, found: UndeclaredArgument) -> Fix | None:
    """Write the name that was meant, or declare the argument above the first FROM too."""
    from dflint.lint.edits import newline_of
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    name = found.use.name
    modifier = found.use.modifier
    if modifier.startswith(":") and modifier[1:] not in ("-", "+", "?"):
        return None
    if found.meant is not None:
        text = found.use.span.slice(doc.text)
        if text.count(name) != 1:
            return None
        edit = Edit(found.use.span, text.replace(name, found.meant))
        return Fix(
            f"write `{found.meant}`",
            [edit],
            Applicability.UNSAFE,
            Effect.FILES,
            contract=SAME_IMAGE,
        )
    declared = name if modifier in (":-", "-") else _declared(doc, found)
    if declared is None:
        return None
    first = doc.all(From)[0]
    place = first.line.above if doc.instructions[0] is not first else first.line.start
    return Fix(
        f"declare `{name}` above the first FROM",
        [Edit.insertion(place, f"ARG {declared}{newline_of(first)}")],
        Applicability.UNSAFE,
        Effect.FILES,
        contract=SAME_IMAGE,
    )


def _declared(doc: Document, found: UndeclaredArgument) -> str | None:
    """The argument with the value that another ARG gives it; None where there is none to take."""
    if found.declaration is None:
        return None
    words = found.declaration.reading.arguments
    written = next(word for word in words if word.partition("=")[0] == found.use.name)
    if "$" in written or not written.replace("=", "", 1).strip("\"'"):
        return None
    return _as_written(doc, found, written)


def _as_written(doc: Document, found: UndeclaredArgument, word: str) -> str:
    """The pair as it stands in the file, quotes included."""
    declaration = found.declaration
    if declaration is None:
        return word
    at = declaration.reading.arguments.index(word)
    return doc.argument(declaration, at).slice(doc.text)
