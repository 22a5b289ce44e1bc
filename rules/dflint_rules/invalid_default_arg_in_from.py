"""The rule `invalid-default-arg-in-from`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.from_arguments import unusable_defaults
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class InvalidDefaultArgInFrom(Rule):
    """Without `--build-arg` the base of a stage is blank or no image reference.

    An `ARG` in front of the first `FROM` has no default, or one that makes an invalid name of
    the base. The file can only be built by those who know which arguments to give, and cannot
    be checked or built for a test without them. With no such `ARG` at all it cannot be built,
    which `undefined-arg-in-from` reports too; BuildKit has two checks for it as well.

    Dockerfile reference, "Understand how ARG and FROM interact"; BuildKit check
    InvalidDefaultArgInFrom.
    """

    meta = Meta(
        "invalid-default-arg-in-from",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("InvalidDefaultArgInFrom",),
    )
    on = (From,)
    mentions = ("$",)
    occasion = "variable in from"
    bad = "ARG VERSION\nFROM alpine:$VERSION\n"
    good = "ARG VERSION=3.22\nFROM alpine:$VERSION\n"
    valid = (
        Valid("ARG A\nARG B=c\nFROM ${A:-b}\nFROM x$A\nFROM $B:$TARGETARCH\n"),
        Valid("ARG A=b\nFROM c AS b\nFROM $A\nFROM a$B\n"),
    )
    invalid = (
        Invalid("ARG A\nFROM $A\nFROM b:$A AS d\n", at=("$A", "b:$A")),
        Invalid('ARG A=1 \\\n  # comment\n  B="c:"\nFROM a$B\n', at="a$B"),
        Invalid("FROM a:$B\n", at="a:$B"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the bases, with the argument that spoils them."""
        for stage, name, argument in unusable_defaults(doc.model):
            related: tuple[Related, ...] = ()
            lacking = "a declaration"
            advice = f"write `ARG {name}=…` above the first `FROM`"
            if argument is not None:
                related = (Related(doc.keyword(argument), f"`{name}` is declared here"),)
                lacking = f"`--build-arg {name}=…`"
                advice = f"give `ARG {name}` a default"
                variable = doc.model.global_scope.find(name)
                if variable is not None and variable.value:
                    advice = f"correct the default of `ARG {name}`"
            what = f"{quoted(stage.image)}, no image reference" if stage.image else "blank"
            message = f"without {lacking} this base is {what}, the build stops; {advice}"
            yield self.finding(doc, doc.argument(stage.from_instruction, 0), message, related)
