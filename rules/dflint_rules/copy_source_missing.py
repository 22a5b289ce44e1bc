"""The rule `copy-source-missing`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_FILES: dict[str, object] = {
    "files": {"Dockerfile": "", "package.json": "", "src/main.py": "", "src/a[b].txt": ""},
    "gitignored": ("target", "dist"),
}


class CopySourceMissing(Rule):
    """A source of `COPY` or `ADD` is not in the build context.

    A file or directory that is named is not found, and the build stops. A source with wildcards
    that matches nothing is left out without a word by BuildKit and ends a build with the classic
    builder; it is reported where it is the only source of its instruction.

    The context is what `--context` or the key `context` names, else the Dockerfile's folder if a
    `.dockerignore` is there; where none is known, nothing is reported. What git ignores is made by
    something else before the build, so that its absence tells nothing; what `.dockerignore` keeps
    out is reported by `copy-ignored`. Names are compared as on Linux: `readme.md` is not
    `README.md`. `ONBUILD` is about another context, and paths that a variable without a value is
    part of are not known.

    Dockerfile reference, "COPY", "ADD"; Go's `filepath.Match` for the wildcards.
    """

    meta = Meta("copy-source-missing", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    on = (Copy, Add)
    given = (("files", {"package.json": "", "src/main.js": ""}),)
    bad = "FROM node:24.1.0\nWORKDIR /app\nCOPY package.json yarn.lock ./\n"
    good = "FROM node:24.1.0\nWORKDIR /app\nCOPY package.json ./\n"
    valid = (
        Valid("FROM a\nCOPY src package.json /src/main.py ./src/ /b/\nCOPY . /b/\n", _FILES),
        Valid("FROM a\nCOPY s*/[a-m]*.py pack*.json yarn.lock* /b/\n", _FILES),
        Valid("FROM a AS b\nFROM b\nCOPY --from=b no /c\nONBUILD COPY no /c\n", _FILES),
        Valid("FROM a\nCOPY <<no /c\nno\nADD https://b.c/no $X/no /e/\n", _FILES),
        Valid("FROM a\nCOPY target/app.jar dist .git/HEAD /c/\nCOPY target/*.jar /c/\n", _FILES),
        Valid("FROM a\nCOPY no /c\n", _FILES | {"dockerignore": "no\n"}),
        Valid(
            "FROM a\nCOPY src/a[[]b].txt ../src /c/\nCOPY --parents ./src/./main.py /c/\n", _FILES
        ),
        Valid("FROM a\nCOPY no /c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY sRc ./src/main.c /c/\nADD --link /b/a.log /d\n",
            at=("sRc", "./src/main.c", "/b/a.log"),
            options=_FILES,
        ),
        Invalid(
            "FROM a\nARG D=lib\nCOPY \\\n  # comment\n  $D \\\n  src /c/\n",
            at="$D",
            options=_FILES,
        ),
        Invalid('FROM a\nCOPY ["*.js", "/"]\n', at='"*.js"', options=_FILES),
        Invalid("FROM a\nCOPY src/a[b].txt src/main.py/x /\n", at="src/main.py/x", options=_FILES),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the source, with what resembles it."""
        context = doc.settings.context
        if context is None or not context.knows_files:
            return
        from dflint.semantic.missing_sources import missing_sources

        for instruction in (*doc.all(Copy), *doc.all(Add)):
            for missing in missing_sources(doc.model, instruction, context):
                if missing.has_wildcards:
                    text = (
                        f"{quoted(missing.source)} matches nothing in the build context: BuildKit "
                        "copies nothing, the classic builder stops; name what is there"
                    )
                else:
                    hint = f"; did you mean {quoted(missing.meant)}?" if missing.meant else ""
                    text = (
                        f"{quoted(missing.source)} is not in the build context: it is not found, "
                        f"the build stops{hint}"
                    )
                yield self.finding(doc, missing.span, text)
