"""The rule `expose-invalid-format`."""

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


class ExposeInvalidFormat(Rule):
    """`EXPOSE` names an address or a port of the host.

    The image records the port of the container only, the rest is dropped: `EXPOSE 8080:80`
    publishes nothing on port 8080. Which ports of the host are taken is said when the container
    is started.

    Dockerfile reference, "EXPOSE"; BuildKit check ExposeInvalidFormat.
    """

    meta = Meta(
        "expose-invalid-format",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "ExposeInvalidFormat",
            "expose_host_port",
        ),
        fix="safe",
    )
    on = (Expose,)
    occasion = "port of host"
    bad = "FROM nginx:1.29\nEXPOSE 8080:80\n"
    good = "FROM nginx:1.29\nEXPOSE 80\n"
    valid = (
        Valid("FROM a\nEXPOSE 80 443/tcp 3000-3010 :81 $P\nRUN docker run -p 80:80 x\n"),
        Valid("FROM a\nLABEL b=80:80\nONBUILD EXPOSE 80:80\nEXPOSE ${P:-82}\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nEXPOSE 127.0.0.1:80:80 8443:443/tcp\n",
            ("127.0.0.1:80:80", "8443:443/tcp"),
            fixed="FROM a\nEXPOSE 80 443/tcp\n",
        ),
        Invalid("FROM a\nARG P=80:81\nEXPOSE 82 \\\n  # comment\n  $P\n", at="$P"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every word that has more than a port, and that the builder takes."""
        for instruction in doc.all(Expose):
            text = instruction.line.text
            if ":" not in text and "$" not in text:
                continue
            from dflint.semantic.exposed_ports import exposed_ports

            for place, word, ports in exposed_ports(doc.model, instruction):
                if ports.has_host:
                    port = word.rpartition(":")[2]
                    where = doc.place(instruction, *place)
                    is_literal = where.slice(doc.text) == word
                    yield self.finding(
                        doc,
                        where,
                        f"the image records `{port}` only and nothing is published on the host; "
                        f"write `EXPOSE {port}`, and `docker run -p {word}`",
                        fix=partial(_fix, where, port) if is_literal else None,
                    )


def _fix(where: Span, port: str) -> Fix:
    from dflint.lint.fixing import Edit, Fix

    return Fix("leave out the host", [Edit(where, port)])
