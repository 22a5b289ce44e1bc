"""The rule `expose-proto-casing`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Expose
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class ExposeProtoCasing(Rule):
    """The protocol of a port is written with capitals.

    `EXPOSE 80/TCP` is recorded in the image as `80/tcp`; tools that read the Dockerfile may not
    take it as the same port.

    Dockerfile reference, "EXPOSE"; BuildKit check ExposeProtoCasing.
    """

    meta = Meta(
        "expose-proto-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("ExposeProtoCasing",),
        fix="safe",
    )
    on = (Expose,)
    occasion = "protocol in capitals"
    bad = "FROM coredns/coredns:1.12.1\nEXPOSE 53/UDP\n"
    good = "FROM coredns/coredns:1.12.1\nEXPOSE 53/udp\n"
    valid = (
        Valid("FROM a\nEXPOSE 80 81/tcp 82/udp 83-84/sctp\n"),
        Valid("FROM a\nARG P=1/tcp\nEXPOSE $P 80/$PROTO ${A:-1/tcp}\nRUN EXPOSE 80/TCP\n"),
    )
    invalid = (
        Invalid("FROM a\nEXPOSE 80/TCP\n", at="TCP", fixed="FROM a\nEXPOSE 80/tcp\n"),
        Invalid(
            "FROM a\nEXPOSE 80/tcp \\\n  # comment\n  $P/Udp 90/SCTP\n",
            at=("Udp", "SCTP"),
            fixed="FROM a\nEXPOSE 80/tcp \\\n  # comment\n  $P/udp 90/sctp\n",
        ),
        Invalid("FROM a\nARG P=1/TCP Q\nEXPOSE $P 80/$Q ${A:-81/TCP}\n", at=("$P", "${A:-81/TCP}")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the protocols with capitals, also those that variables bring in."""
        for instruction in doc.all(Expose):
            text = instruction.line.text
            if "$" not in text and ("/" not in text or text[6:] == text[6:].lower()):
                continue
            from dflint.semantic.exposed_ports import exposed_words

            for (start, end), word in exposed_words(doc.model, instruction):
                protocol = word.rpartition("/")[2]
                if protocol == word or not protocol.isalpha() or protocol.islower():
                    continue
                fix = None
                if text.endswith("/" + protocol, start, end):
                    start = end - len(protocol)
                    advice = protocol.lower()
                    fix = partial(_fix, doc.place(instruction, start, end), advice)
                else:
                    advice = word.lower()
                message = f"the image records `{word.lower()}`; write `{advice}`"
                yield self.finding(doc, doc.place(instruction, start, end), message, fix=fix)


def _fix(place: Span, protocol: str) -> Fix:
    from dflint.lint.fixing import Edit, Fix

    return Fix(f"write `{protocol}`", [Edit(place, protocol)])
