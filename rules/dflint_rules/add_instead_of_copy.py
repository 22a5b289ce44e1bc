"""The rule `add-instead-of-copy`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.add_sources import adds_like_copy, unpacks_nothing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.occurrences import Occurrence


class AddInsteadOfCopy(Rule):
    """`ADD` is used where `COPY` does the same.

    `ADD` fetches what is a URL, clones what is a Git repository and unpacks what is a tar archive.
    Whoever reads it has to find out which it is, and a file that becomes an archive one day is
    unpacked one day. `COPY` copies.

    Only reported where no source can be one of those: not for URLs, Git references, names of
    archives and of compressed files (their content decides), variables of unknown value,
    wildcards at the end of a name, and not with `--checksum`, `--keep-git-dir` or `--unpack`.
    Archives inside of a directory are not unpacked, and neither is a `.zip` or `.jar`.

    The fix is safe where the build context shows that no source is an archive, and for names of
    directories and of files that are none. A name that tells nothing (`ADD app /app`) may be an
    archive's: there it is unsafe. What a build argument names may be a URL or an archive in another
    build: there it is proposed only.

    Dockerfile best practices, "ADD or COPY".
    """

    meta = Meta(
        "add-instead-of-copy",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3020",
            "DS-0005",
            "Add_Instead_of_Copy",
            "prefer-copy-over-add",
            "S7029",
            "CKV_DOCKER_4",
            "CIS-DI-0009",
        ),
        fix="safe",
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
        Invalid(
            "FROM a\nADD . /app\nADD b.tar.gz c.jar /d/\nADD c.jar.asc /e\n",
            ("ADD", "ADD"),
            fixed="FROM a\nCOPY . /app\nADD b.tar.gz c.jar /d/\nCOPY c.jar.asc /e\n",
        ),
        Invalid(
            "FROM a\nARG J=x/*.jar\nADD --chown=b \\\n  # comment\n  $J /c/\n",
            at="ADD",
        ),
        Invalid(
            "FROM a\nONBUILD add <<E /b\nx\nE\n",
            at="add",
            fixed="FROM a\nONBUILD copy <<E /b\nx\nE\n",
        ),
        Invalid(
            'FROM a\nARG X=1\nADD ["src/*.py", "/b/"]\nADD conf/$X.cfg /d\nADD fs /\n',
            at=("ADD", "ADD", "ADD"),
            fixed='FROM a\nARG X=1\nCOPY ["src/*.py", "/b/"]\nCOPY conf/$X.cfg /d\nCOPY fs /\n',
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each ADD that does not make use of being one."""
        for found in doc.occurrences(Add):
            if adds_like_copy(found, doc.model.environment(found.instruction)):
                yield self.finding(
                    doc,
                    found.keyword,
                    "`ADD` here does what `COPY` does, but would unpack or fetch its sources if "
                    "they were archives or URLs; write `COPY`",
                    fix=partial(_fix, doc, found),
                )


def _fix(doc: Document, found: Occurrence) -> Fix | None:
    environment = doc.model.environment(found.instruction)
    certain = unpacks_nothing(found, environment, doc.settings.context)
    word = found.keyword.slice(doc.text)
    if certain is False or word.upper() != "ADD":
        return None
    import dflint.lint.fixing as fixing  # costs less each time than the names of it

    edit = fixing.Edit(found.keyword, "copy" if word.islower() else "COPY")
    level = fixing.Applicability.SAFE
    if not certain:
        import dflint.semantic.settable as module

        may_be_other = any(
            module.is_settable(doc.model, found.instruction, source)
            for source in found.reading.arguments[:-1]
        )
        level = fixing.Applicability.DISPLAY if may_be_other else fixing.Applicability.UNSAFE
    effect, contract = fixing.Effect.FILES, fixing.SAME_IMAGE
    return fixing.Fix("write `COPY`", [edit], level, effect, contract=contract)
