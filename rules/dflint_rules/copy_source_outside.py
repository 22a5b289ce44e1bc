"""The rule `copy-source-outside`."""

from __future__ import annotations

from dflint.context.patterns import clean_path
from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.context_sources import context_sources
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class CopySourceOutside(Rule):
    """A source of `COPY` or `ADD` leads out of the build context with `..`.

    A builder knows only what is in the context that is sent to it. BuildKit takes the leading
    `..` away and looks for the rest from the context's root, where mostly nothing of that name
    is; the classic builder and Buildah refuse the path. Build with the directory above as the
    context (`docker build -f app/Dockerfile .`), or name another context
    (`--build-context lib=../lib` and `COPY --from=lib`).

    Dockerfile reference, "COPY": "The source path must be inside the build context".
    """

    meta = Meta("copy-source-outside", Category.CORRECTNESS, Severity.WARNING, since="0.1")
    on = (Copy, Add)
    mentions = ("..",)
    bad = "FROM node:24.1.0\nWORKDIR /app\nCOPY ../lib lib\n"
    good = "FROM node:24.1.0\nWORKDIR /app\nCOPY lib lib\n"
    valid = (
        Valid("FROM a\nCOPY b/../c d/.. ./... ..e /f/\nCOPY b ../\n"),
        Valid("FROM a AS b\nFROM a\nCOPY --from=b ../c /d\nADD https://a.b/../c /d\n"),
        Valid("FROM a\nCOPY $B/../c /d\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY ../b .. c/../../d /e/\nADD /../f /g\n",
            at=("../b", "..", "c/../../d", "/../f"),
        ),
        Invalid('FROM a\nARG B=..\nCOPY ["$B/c", "/d"]\n', at='"$B/c"'),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the source, with where it is looked for."""
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            for source, span in context_sources(doc.model, instruction):
                if clean_path(source.lstrip("/")).partition("/")[0] == "..":
                    path = clean_path("/" + source)
                    yield self.finding(
                        doc,
                        span,
                        f"{quoted(source)} is outside of the build context: BuildKit looks for "
                        f"{quoted(path)} in it; build from the directory above, or copy with "
                        "`--from` another context",
                    )
