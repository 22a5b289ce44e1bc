"""The rule `dockerignore-missing`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.install_hints import ROOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_NONE: dict[str, object] = {"files": {"main.py": ""}}


class DockerignoreMissing(Rule):
    """The whole build context is copied, and no `.dockerignore` keeps anything out of it.

    The context holds what nobody wants in an image: `.git`, editors' and tests' files,
    dependencies that are installed on the machine, `.env`. All of it is sent to the builder and
    copied, and each change of any of it makes the step and those after it run anew.

    It is reported where the context is told (`--context`, the key `context`, or a Compose or bake
    file) and has neither a `.dockerignore` nor one of the Dockerfile's own; the first such
    instruction of the file.

    Docker documentation, "Build context", ".dockerignore files".
    """

    meta = Meta("dockerignore-missing", Category.CACHE, Severity.INFO, since="0.1")
    on = (Copy, Add)
    given = (("files", {"main.py": ""}),)
    bad = "FROM python:3.13.3\nWORKDIR /app\nCOPY . .\n"
    good = "FROM python:3.13.3\nWORKDIR /app\nCOPY main.py ./\n"
    valid = (
        Valid("FROM a\nCOPY . /b\n"),
        Valid("FROM a\nCOPY . /b\n", _NONE | {"dockerignore": ".git\n"}),
        Valid("FROM a AS b\nFROM a\nCOPY --from=b . /c\nCOPY main.py /c/\n", _NONE),
    )
    invalid = (
        Invalid("FROM a\nCOPY . /b\nADD ./ /c\n", at=".", options=_NONE),
        Invalid('FROM a\nCOPY x ["./", "/b"]\nCOPY ["./", "/b"]\n', at='"./"', options=_NONE),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first source that is the whole context."""
        context = doc.settings.context
        if context is None or not context.knows_files or context.ignore is not None:
            return
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            reading = instruction.reading
            if reading.flag("from") is not None or reading.flag("exclude") is not None:
                continue
            for at, source in enumerate(reading.arguments[:-1]):
                if source in ROOTS:
                    yield self.finding(
                        doc,
                        doc.argument(instruction, at),
                        "all of the build context is copied, `.git` and local files too: no "
                        "`.dockerignore` keeps anything out; write one",
                    )
                    return
