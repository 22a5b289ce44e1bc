"""The rule `required-instruction`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class RequiredInstruction(Rule):
    """The image lacks an instruction that the project asks for.

    Which instructions the last stage has to have is in the option `instructions`: `CMD` for
    images that are to be started, `USER`, `HEALTHCHECK` or `EXPOSE` where a platform relies on
    them. What the stages below it have counts.

    Off unless selected: an image inherits them from its base.

    Dockerfile reference, "CMD".
    """

    meta = Meta(
        "required-instruction",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=("required_instructions",),
        default=False,
        options=(
            OptionSpec(
                "instructions", "list[str]", ("CMD",), "The keywords that have to be there."
            ),
        ),
    )
    on = (From,)
    bad = "FROM debian:12-slim\nCOPY app /app\n"
    good = 'FROM debian:12-slim\nCOPY app /app\nCMD ["/app"]\n'
    valid = (
        Valid('FROM a\nENTRYPOINT ["b"]\n'),
        Valid("FROM a AS b\nUSER c\nFROM b\n", {"instructions": ("user",)}),
    )
    invalid = (
        Invalid('FROM a\nCMD ["b"]\nFROM c\n', at="FROM"),
        Invalid("FROM a\n", at=("FROM", "FROM"), options={"instructions": ("USER", "EXPOSE")}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        wanted = doc.settings.options.get(self.meta.name, {}).get("instructions", ("CMD",))
        if stage is None or not isinstance(wanted, (tuple, list)):
            return
        present = {one.KEYWORD for each in (stage, *stage.ancestors()) for one in each.instructions}
        if "ENTRYPOINT" in present:
            present.add("CMD")
        for keyword in wanted:
            if keyword.upper() not in present:
                yield self.finding(
                    doc,
                    doc.keyword(stage.from_instruction),
                    f"the last stage has no {keyword.upper()}, which this project asks for; add it",
                )
