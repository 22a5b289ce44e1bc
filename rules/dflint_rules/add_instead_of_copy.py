"""The rule `add-instead-of-copy`."""

from __future__ import annotations

from dflint.cst.instructions import Add, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class AddInsteadOfCopy(Rule):
    """`ADD` is used where `COPY` does the same.

    `ADD` fetches what is a URL, clones what is a Git repository and unpacks what is a tar archive.
    Whoever reads it has to find out which it is, and a file that becomes an archive one day is
    unpacked one day. `COPY` copies.

    Only reported where no source can be one of those: not for URLs, Git references, names of
    archives and of compressed files (their content decides), variables of unknown value,
    wildcards at the end of a name, and not with `--checksum`, `--keep-git-dir` or `--unpack`.
    Archives inside of a directory are not unpacked, and neither is a `.zip` or `.jar`.

    Dockerfile best practices, "ADD or COPY".
    """

    meta = Meta(
        "add-instead-of-copy",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3020",),
    )
    on = (
        Add,
        OnBuild,
    )
    mentions = ("add",)
    bad = "FROM node:22-slim\nWORKDIR /app\nADD server.js ./\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY server.js ./\n"
    valid = (
        Valid("FROM a\nADD https://a/b git@github.com:a/b.git x.tar.zst y.gz /c/\n"),
        Valid("FROM a\nARG U\nADD $U /b\nADD c* /d/\nADD --unpack=false e /f\n"),
        Valid("FROM a\nARG U=https://a\nADD $U/b /c\nCOPY d /e\n"),
    )
    invalid = (
        Invalid("FROM a\nADD . /app\nADD b.tar.gz c.jar /d/\nADD c.jar.asc /e\n", ("ADD", "ADD")),
        Invalid("FROM a\nARG J=x/*.jar\nADD --chown=b \\\n  # comment\n  $J /c/\n", at="ADD"),
        Invalid("FROM a\nONBUILD add <<E /b\nx\nE\n", at="add"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each ADD that does not make use of being one."""
        from dflint.semantic.add_sources import adds_like_copy

        for found in doc.occurrences(Add):
            if adds_like_copy(found, doc.model.environment(found.instruction)):
                yield self.finding(
                    doc,
                    found.keyword,
                    "`ADD` here does what `COPY` does, but would unpack or fetch its sources if "
                    "they were archives or URLs; write `COPY`",
                )
