"""The rule `add-extract`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.extracted_archives import CopiedArchive
    from dflint.shell.invocation import Invocation


class AddExtract(Rule):
    """`COPY` brings a tar archive that a `RUN` unpacks, where `ADD` unpacks by itself.

    The archive stays in the layer that `COPY` made, whether or not the `RUN` removes it, and its
    contents are there a second time. `ADD app.tar.gz /opt/` puts the contents there and nothing
    else. `RUN --mount=type=bind,source=app.tar.gz,target=/app.tar.gz` does it for `tar` with
    options that `ADD` has not.

    Only formats that `ADD` unpacks count: tar, plain or with gzip, bzip2, xz or zstd; no zip, no
    `.Z`, no single compressed file. The `RUN` has to be in the same stage and name the path that
    `COPY` gave, and unpack all of it as it is: `--strip-components`, single members and a choice
    by `if` are left alone.

    Dockerfile reference, "ADD"; Dockerfile best practices, "ADD or COPY".
    """

    meta = Meta(
        "add-extract",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("DL3010",),
        fix="unsafe",
    )
    on = (Copy, OnBuild)
    mentions = (".tar", ".tgz", ".tbz", ".tb2", ".txz", ".tzst")
    bad = (
        "FROM debian:12-slim\n"
        "COPY app.tar.gz /tmp/\n"
        "RUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n"
    )
    good = "FROM debian:12-slim\nADD app.tar.gz /opt/\n"
    valid = (
        Valid("FROM a\nADD a.tar /\nCOPY b.tgz c.zip /x/\nRUN unzip /x/c.zip; tar tf /x/b.tgz\n"),
        Valid("FROM a\nCOPY a.tar /x/\nRUN tar xf /x/b.tar; tar xf /y/a.tar; tar cf /x/a.tar b\n"),
        Valid("FROM a AS b\nCOPY a.tar /x/\nFROM a\nCOPY --from=b /a.tar /\nRUN tar xf /a.tar\n"),
        Valid("FROM a\nCOPY a.tar /\nRUN tar xf /a.tar --strip-components=1; tar xf /a.tar b/c\n"),
    )  # fmt: skip
    invalid = (
        Invalid("FROM a\nCOPY a.tar.gz /x/\nRUN tar xzf /x/a.tar.gz -C /y && rm /x/a.tar.gz\n",
                at="a.tar.gz", fixed="FROM a\nADD a.tar.gz /y/\n", unsafe=True),
        Invalid("FROM a\nWORKDIR /b\nCOPY a.tgz .\n# c\nRUN tar -xzf a.tgz\n", at="a.tgz",
                fixed="FROM a\nWORKDIR /b\nADD a.tgz /b/\n# c\n", unsafe=True),
        Invalid("FROM a\nCOPY a.tgz /x/\nRUN tar xzf /x/a.tgz -C /y && make -C /y\n", at="a.tgz"),
        Invalid("FROM a\nWORKDIR /b\nCOPY a.tgz .\nRUN tar -xzf a.tgz\nRUN rm a.tgz\n", at="a.tgz"),
        Invalid("FROM a\nWORKDIR /w\nCOPY d/a.tgz b ./\nRUN x && \\\n  # here\n  tar -x -f a.tgz\n",
                at="d/a.tgz"),
        Invalid("FROM a\nONBUILD COPY a.tar /t\nONBUILD RUN cd /t && tar -xf a.tar\n", at="a.tar"),
        Invalid('FROM a\nCOPY ["a-${V}.txz", "/"]\nRUN <<E\ntar --extract --file="/a-$V.txz"\nE\n',
                at='"a-${V}.txz"'),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """The archives, where COPY names them."""
        copied = " ".join(one.instruction.line.text for one in doc.occurrences(Copy)).lower()
        if not any(mention in copied for mention in self.mentions):
            return
        from dflint.semantic.extracted_archives import extracted_archives

        for archive, call in extracted_archives(doc.model, doc.programs):
            yield self.finding(
                doc,
                archive.occurrence.argument(archive.at),
                "the archive stays in this layer and its contents come again with the RUN; ADD "
                "unpacks it by itself",
                (Related(call.span, "unpacked here"),),
                partial(_fix, doc, archive, call),
            )


def _fix(doc: Document, archive: CopiedArchive, call: Invocation) -> Fix | None:
    """Write ADD, and remove the RUN, where that comes next and does nothing else."""
    from dflint.lint.edits import has_suppression, removal
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix, Span
    from dflint.lint.program_fixes import program_of
    from dflint.semantic.extracted_archives import unpacked_to

    copy = archive.occurrence.instruction
    program = program_of(doc, call.command)
    run = program.instruction
    directory = unpacked_to(program, call, archive)
    if directory is None or doc.model.order(run) != doc.model.order(copy) + 1:
        return None
    names = {path.rpartition("/")[2] for path in archive.paths}
    later = doc.instructions[doc.model.order(run) + 1 :]
    if any(name in one.line.text for one in later for name in names):
        return None  # the archive itself is wanted, or removed
    removed = removal(doc, run)
    keyword = archive.occurrence.keyword
    if removed is None or has_suppression(doc, copy) or keyword.slice(doc.text).upper() != "COPY":
        return None
    target = directory if directory.endswith("/") else directory + "/"
    written = "add" if keyword.slice(doc.text).islower() else "ADD"
    edits = [Edit(keyword, written), Edit(archive.occurrence.argument(1), target), removed]
    scope = Span(copy.line.start, run.line.stop)
    contract = Contract(gone=archive.paths)  # the archive itself does not come into the image
    effect = Effect.FILES | Effect.LAYERS
    return Fix("unpack it with ADD", edits, Applicability.UNSAFE, effect, scope, contract=contract)
