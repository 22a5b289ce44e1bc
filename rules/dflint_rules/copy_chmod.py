"""The rule `copy-chmod`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Copy
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.copied_modes import copied_modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


class CopyChmod(Rule):
    """A file is copied, and its mode changed in a `RUN`.

    The `RUN` writes the file a second time into its own layer, only for the mode. `COPY
    --chmod=755` sets it when the file is copied.

    Off unless selected: the classic builder does not know the flag. Reported is a file that is
    copied by its name or written by a heredoc, and a `chmod` that names it where it was copied to.

    The fix takes it that the source is a file, with the mode 644 where letters change it; it is
    unsafe. It is only proposed where a directory may be meant, for `--chmod` reaches all that is in
    it. There is none where COPY may have to make a directory, which gets the mode as well, unless
    that is 755, nor where a command between the two may put another file there (`mv`, `cp`).

    Dockerfile reference, "COPY --chmod".
    """

    meta = Meta(
        "copy-chmod",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-copy-chmod",),
        default=False,
        fix="unsafe",
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
        Invalid(
            "FROM a\nCOPY --chmod=644 b /c.sh\nRUN chmod 700 /c.sh\n",
            at="/c.sh",
            fixed="FROM a\nCOPY --chmod=700 b /c.sh\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY <<E /c\nb\nE\nRUN chmod 755 /c\n",
            at="/c",
            fixed="FROM a\nCOPY --chmod=755 <<E /c\nb\nE\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY b /c\nRUN chmod +x /c && d\n",
            at="/c",
            fixed="FROM a\nCOPY --chmod=755 b /c\nRUN d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY b /c\nCOPY d.sh /\nRUN chmod +x /c \\\n  /d.sh /e\n",
            at=("/c", "/d.sh"),
            fixed="FROM a\nCOPY --chmod=755 b /c\nCOPY --chmod=755 d.sh /\nRUN chmod +x /e\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY x/b.sh /c/\nENV A=b\nRUN d && \\\n  chmod 755 /c/b.sh\n",
            at="/c/b.sh",
            fixed="FROM a\nCOPY --chmod=755 x/b.sh /c/\nENV A=b\nRUN d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\n# b\nCOPY b.sh /\n\n# for all\nRUN chmod 755 \\\n  # c\n  /b.sh\n\nCMD d\n",
            at="/b.sh",
            fixed="FROM a\n# b\n# for all\n# c\nCOPY --chmod=755 b.sh /\n\nCMD d\n",
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY x/b.sh /c/\nRUN chmod 600 /c/b.sh\n", at="/c/b.sh"),
        Invalid("FROM a\nCOPY b /b\nCOPY d /\nRUN chmod +x /b\n", at="/b"),
        Invalid(
            "FROM a\nCOPY b /b\nRUN chmod g-r /b; if c; then chmod +x /b; fi\n", at=("/b", "/b")
        ),
        Invalid("FROM a\nCOPY b /b\nRUN chmod 755 /b\n", at="/b"),
        Invalid("FROM a\nCOPY b.d /b.d\nRUN chmod 755 /b.d\n", at="/b.d"),
        Invalid(
            "FROM a\nCOPY b.sh /\nRUN sed s/c/d/ /b.sh > /c && mv /c /b.sh && chmod +x /b.sh\n",
            at="/b.sh",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program, call, argument, copy in copied_modes(doc.model, doc.programs):
            yield self.finding(
                doc,
                argument.span,
                "this writes the file a second time, for its mode alone; add `--chmod` to the COPY",
                (Related(doc.keyword(copy), "copied here"),),
                partial(_fix, doc, program, call, argument, copy),
            )


def _fix(
    doc: Document, program: Program, call: Invocation, argument: Argument, copy: Instruction
) -> Fix | None:
    import dflint.lint.copied_mode_fixes as fixes  # costs less each time than a name of it

    return fixes.mode_where_copied(doc, program, call, argument, copy)
