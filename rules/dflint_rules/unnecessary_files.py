"""The rule `unnecessary-files`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_NAMES = frozenset((
    ".git", ".gitignore", ".github", "Dockerfile", ".dockerignore", "node_modules", ".venv", "venv",
    "__pycache__", ".DS_Store", "compose.yaml", "compose.yml",
))  # fmt: skip


class UnnecessaryFiles(Rule):
    """A file is copied that no image needs.

    `.git`, `Dockerfile`, `docker-compose.yml` and the like say how the image is made and what was
    there before; in the image they only make it larger, and tell more than is wanted. A directory
    of dependencies from the machine that builds (`node_modules`, `.venv`) may hold what does not
    run in the image.

    Off unless selected. Only what is named is seen: for what `COPY . .` takes there is
    `.dockerignore`.

    Docker documentation, "Build context".
    """

    meta = Meta(
        "unnecessary-files",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("DKL-LI-0003",),
        default=False,
    )
    on = (
        Copy,
        Add,
        OnBuild,
    )
    mentions = (
        ".git",
        "dockerfile",
        "docker-compose",
        "node_modules",
        "venv",
        ".ds_store",
        ".dockerignore",
        "__pycache__",
    )
    bad = "FROM node:22-slim\nWORKDIR /app\nCOPY .git .git\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY src src\n"
    valid = (
        Valid("FROM a\nCOPY --from=b node_modules c\nCOPY . d\n"),
        Valid("FROM a\nCOPY .gitconfig Dockerfiles b/\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY b ./node_modules/ c/\n", at="./node_modules/"),
        Invalid(
            "FROM a\nADD Dockerfile docker-compose.yml c/\n",
            at=("Dockerfile", "docker-compose.yml"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Copy, Add):
            if occurrence.reading.flag("from") is not None:
                continue
            for at, word in enumerate(occurrence.reading.arguments[:-1]):
                name = word.rstrip("/").rpartition("/")[2]
                if name in _NAMES or name.startswith(("Dockerfile.", "docker-compose.")):
                    yield self.finding(
                        doc,
                        occurrence.argument(at),
                        "nothing in the image needs this; leave it out, and write it into "
                        "`.dockerignore`",
                    )
