"""The rule `copy-ignored`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_IGNORED: dict[str, object] = {
    "dockerignore": "# comment\n/dist/\n**/*.log\nnode_modules\n!node_modules/mine\n"
}


class CopyIgnored(Rule):
    """A source of `COPY` or `ADD` is kept out of the build context by `.dockerignore`.

    What the ignore file excludes is not sent to the builder. A file or directory that is named is
    then not found, and the build stops; a source with wildcards, or a directory with all of its
    files excluded, gives nothing, and the build goes on without the files.

    The ignore file is `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in
    the root of the context. The context is what `--context` or the key `context` names, else the
    Dockerfile's folder if a `.dockerignore` is there; where none is known, nothing is reported.

    A directory of which an exception (`!dir/file`) takes something in again is copied in part,
    and not reported, though BuildKit does; nor are the root of the context, `ONBUILD`, and paths
    that a variable without a value is part of.

    Docker documentation, "Build context"; BuildKit check CopyIgnoredFile.
    """

    meta = Meta(
        "copy-ignored",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("CopyIgnoredFile",),
    )
    on = (Copy, Add)
    occasion = "ignore file"
    given = (("dockerignore", "node_modules\ndist\n"),)
    bad = "FROM nginx:1.29\nCOPY dist/ /usr/share/nginx/html/\n"
    good = "FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\n"
    valid = (
        Valid("FROM a\nCOPY src/x.logs node_modules ./ /b/\nADD distance /b\n", _IGNORED),
        Valid("FROM a AS b\nFROM b\nCOPY --from=b dist /c\nONBUILD COPY dist /c\n", _IGNORED),
        Valid("FROM a\nCOPY <<dist /c\ndist\nADD https://b.c/d.log $X/a.log /e/\n", _IGNORED),
        Valid("FROM a\nCOPY dist /c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY src ./dist/b /c/\nADD --link /b/a.log /d\n",
            at=("./dist/b", "/b/a.log"),
            options=_IGNORED,
        ),
        Invalid(
            "FROM a\nARG D=dist\nCOPY \\\n  # comment\n  $D \\\n  logs/*.log /c/\n",
            at=("$D", "logs/*.log"),
            options=_IGNORED,
        ),
        Invalid('FROM a\nCOPY ["dist/", "/"]\n', at='"dist/"', options=_IGNORED),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the source, with the pattern."""
        context = doc.settings.context
        if context is None or context.ignore is None:
            return
        from dflint.semantic.context_sources import context_sources

        name = quoted(context.ignore.name)
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            for source, span in context_sources(doc.model, instruction):
                found = context.exclusion(source)
                if found is not None:
                    effect = "it is not found, the build stops"
                    if found.finds_nothing:
                        effect = "nothing is copied"
                    yield self.finding(
                        doc,
                        span,
                        f"{quoted(found.pattern)} in {name} keeps {quoted(source)} out of the "
                        f"build context: {effect}; take it in with `!`, or do not copy it",
                    )
