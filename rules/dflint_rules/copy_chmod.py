"""The rule `copy-chmod`."""

from __future__ import annotations

from dflint.cst.instructions import Copy
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.copied_modes import copied_modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CopyChmod(Rule):
    """A file is copied, and its mode changed in a `RUN`.

    The `RUN` writes the file a second time into its own layer, only for the mode. `COPY
    --chmod=755` sets it when the file is copied.

    Off unless selected: the classic builder does not know the flag. Reported is a file that is
    copied by its name or written by a heredoc, and a `chmod` that names it where it was copied to.

    Dockerfile reference, "COPY --chmod".
    """

    meta = Meta(
        "copy-chmod",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-copy-chmod",),
        default=False,
    )
    on = (Copy,)
    mentions = ("chmod",)
    bad = "FROM debian:12-slim\nCOPY start.sh /start.sh\nRUN chmod 755 /start.sh\n"
    good = "FROM debian:12-slim\nCOPY --chmod=755 start.sh /start.sh\n"
    valid = (
        Valid("FROM a\nCOPY b /c/\nRUN chmod 755 /d\n"),
        Valid("FROM a\nCOPY --chmod=755 b /c\nFROM e\nRUN chmod 1 /c\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --chmod=644 b /c\nRUN chmod 755 /c\n", at="/c"),
        Invalid("FROM a\nCOPY <<E /c\nb\nE\nRUN chmod 755 /c\n", at="/c"),
        Invalid("FROM a\nCOPY b /c\nRUN chmod +x /c && d\n", at="/c"),
        Invalid("FROM a\nCOPY x/b.sh /c/\nENV A=b\nRUN chmod 755 /c/b.sh\n", at="/c/b.sh"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for argument, copy in copied_modes(doc.model, doc.programs):
            yield self.finding(
                doc,
                argument.span,
                "this writes the file a second time, for its mode alone; add `--chmod` to the COPY",
                (Related(doc.keyword(copy), "copied here"),),
            )
