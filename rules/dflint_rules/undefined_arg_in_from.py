"""The rule `undefined-arg-in-from`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class UndefinedArgInFrom(Rule):
    """`FROM` uses a variable that no `ARG` above the first `FROM` declares.

    `FROM` sees nothing but these arguments and the platform arguments. The variable expands to
    nothing, whatever is given with `--build-arg`: the build stops, or begins with another image
    than meant.

    Dockerfile reference, "Understand how ARG and FROM interact"; BuildKit check
    UndefinedArgInFrom.
    """

    meta = Meta(
        "undefined-arg-in-from",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("UndefinedArgInFrom",),
    )
    on = (From,)
    mentions = ("$",)
    bad = "FROM alpine:$VERSION\nARG VERSION=3.22\n"
    good = "ARG VERSION=3.22\nFROM alpine:$VERSION\n"
    valid = (
        Valid("ARG A\nFROM b$A\nFROM --platform=$BUILDPLATFORM ${A:-b}:$TARGETARCH\n"),
        Valid("FROM a\n# FROM $B\nRUN $C\nCOPY $D /\n"),
    )
    invalid = (
        Invalid("ARG VARIANT=b\nFROM a$VARIENT\n", at="$VARIENT"),
        Invalid("FROM a AS b\nARG C=1\nFROM \\\n  # comment\n  a:$C AS d\n", at="$C"),
        Invalid("FROM --platform=$P ${A:-b}\n", at=("$P", "${A:-b}")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the variables; a warning where the build goes on without them."""
        if not any("$" in stage.line.text for stage in doc.all(From)):
            return
        from dflint.semantic.from_arguments import undeclared_arguments

        for found in undeclared_arguments(doc.model):
            name = found.use.name
            modifier = found.use.modifier
            if modifier.startswith(":") and modifier[1:] not in ("-", "+", "?"):
                advice = "is it a placeholder that nothing has replaced?"
            elif found.meant is not None:
                advice = f"did you mean `{found.meant}`?"
            elif found.declaration is not None:
                line = doc.lines.line(found.declaration.line.start)
                advice = f"move `ARG {name}` there from line {line}"
            else:
                advice = f"write `ARG {name}=…` there"
            message = f"no `ARG {name}` stands above the first `FROM`, it has no value; {advice}"
            finding = self.finding(doc, found.use.span, message)
            if not found.is_fatal:
                finding.severity = min(self.severity, Severity.WARNING)
            yield finding
