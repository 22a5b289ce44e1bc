"""The rule `expose-proto-casing`."""

from __future__ import annotations

from dflint.cst.instructions import Expose
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


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
    )
    on = (Expose,)
    bad = "FROM bind9:9.20\nEXPOSE 53/UDP\n"
    good = "FROM bind9:9.20\nEXPOSE 53/udp\n"
    valid = (
        Valid("FROM a\nEXPOSE 80 81/tcp 82/udp 83-84/sctp\n"),
        Valid("FROM a\nARG P=1/TCP\nEXPOSE $P 80/$PROTO ${A:-1/TCP}\nRUN EXPOSE 80/TCP\n"),
    )
    invalid = (
        Invalid("FROM a\nEXPOSE 80/TCP\n", at="TCP"),
        Invalid("FROM a\nEXPOSE 80/tcp \\\n  # comment\n  $P/Udp 90/SCTP\n", at=("Udp", "SCTP")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the protocols that are written out and have capitals."""
        for instruction in doc.all(Expose):
            text = instruction.line.text
            if "/" not in text or text == text[:6] + text[6:].lower():
                continue
            reading = instruction.reading
            for word, (_, end) in zip(reading.arguments, reading.places, strict=True):
                protocol = word.rpartition("/")[2]
                if protocol != word and protocol.isalpha() and protocol != protocol.lower():
                    yield self.finding(
                        doc,
                        doc.place(instruction, end - len(protocol), end),
                        f"the image records `{word.lower()}`; write `{protocol.lower()}`",
                    )
