"""The rule `git-directory-copied`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_FILES: dict[str, object] = {
    "files": {"main.py": "", ".git/HEAD": ""},
    "dockerignore": "*.log\n",
}
#: What wants to know the revision.
_USERS = ("git ", "GIT_", "setuptools_scm", "setuptools-scm", "versioneer", "goreleaser", "VERSION")


class GitDirectoryCopied(Rule):
    """The whole build context is copied, `.git` too, which `.dockerignore` lets pass.

    Every commit, fetch and switch of branches changes files in `.git`, so that the step and those
    after it run anew though no source changed; and the image holds the whole history, with all
    that was ever removed from it. Add a line `.git` to `.dockerignore`.

    It is reported where the context is known (`--context`, the key `context`, or a
    `.dockerignore` beside the Dockerfile), has a `.git`, and nothing in the file seems to ask git
    for the revision. Without an ignore file it is `dockerignore-missing`.

    Docker documentation, "Build context", ".dockerignore files".
    """

    meta = Meta("git-directory-copied", Category.CACHE, Severity.INFO, since="0.1")
    on = (Copy, Add)
    given = (("files", {"main.py": "", ".git/HEAD": ""}), ("dockerignore", "*.log\n"))
    bad = "FROM python:3.13.3\nWORKDIR /app\nCOPY . .\n"
    good = "FROM python:3.13.3\nWORKDIR /app\nCOPY main.py ./\n"
    valid = (
        Valid("FROM a\nCOPY . /b\n", _FILES | {"dockerignore": ".git\n"}),
        Valid("FROM a\nCOPY . /b\n", {"files": {"main.py": ""}, "dockerignore": "x\n"}),
        Valid("FROM a\nCOPY . /b\nRUN git describe > /version\n", _FILES),
        Valid("FROM a\nCOPY . /b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY . /b\n", at=".", options=_FILES),
        Invalid("FROM a\nCOPY main.py /b/\nADD ./ /c\nCOPY . /d\n", at="./", options=_FILES),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first source that is the whole context."""
        context = doc.settings.context
        if context is None or not context.knows_files or context.ignore is None:
            return
        if contains_any(doc.text, _USERS) or not context.sends(".git"):
            return
        from dflint.semantic.install_hints import ROOTS

        found = [
            (instruction, at)
            for instruction in doc.instructions
            if isinstance(instruction, (Copy, Add))
            and instruction.reading.flag("from") is None
            and instruction.reading.flag("exclude") is None
            for at, source in enumerate(instruction.reading.arguments[:-1])
            if source in ROOTS
        ]
        for instruction, at in found[:1]:
            yield self.finding(
                doc,
                doc.argument(instruction, at),
                "`.git` is copied too: each commit makes this step and those after it run anew, "
                "and the image holds the history; add `.git` to `.dockerignore`",
            )
