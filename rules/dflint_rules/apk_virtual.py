"""The rule `apk-virtual`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class ApkVirtual(Rule):
    """Packages are added and deleted by name where a group would do.

    `apk add --virtual .build gcc make` gives packages a name; `apk del .build` deletes them and
    what came with them, but for what something else needs. Two lists of names that have to be the
    same grow apart.

    Off unless selected.

    apk(8), `--virtual`.
    """

    meta = Meta(
        "apk-virtual",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("apkadd-missing-virtual",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("apk",)
    bad = "FROM alpine:3.22\nRUN apk add --no-cache gcc && ./b && apk del gcc\n"
    good = (
        "FROM alpine:3.22\nRUN apk add --no-cache --virtual .build gcc && ./b && apk del .build\n"
    )
    valid = (
        Valid("FROM a\nRUN apk add -t .b c && apk del .b\n"),
        Valid("FROM a\nRUN apk add b && apk del c\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN apk add b c && apk del b c\n", at="apk add"),
        Invalid("FROM a\nRUN apk --update add b; x; apk del b\n", at="apk --update add"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            calls = program.invocations_of("apk")
            if not any(call.action == "remove" for call in calls):
                continue
            removed = {
                one.value for call in calls if call.action == "remove" for one in call.operands
            }
            for call in calls:
                is_plain = call.action == "install" and call.option("-t", "--virtual") is None
                if is_plain and any(one.value in removed for one in call.operands if one.value):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "name these packages as a group with `--virtual .build`, and delete them "
                        "with "
                        "`apk del .build`",
                    )
