"""The rule `volatile-metadata-early`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, Label, Run
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.volatile_arguments import VolatileArgument


class VolatileMetadataEarly(Rule):
    """A build argument such as `GIT_COMMIT` above an installation makes every build repeat it.

    From its `ARG` on, the value of a build argument is in the environment of every `RUN` of the
    stage, and so decides whether the step is cached, even of steps that never look at it. A
    commit, a date or a build number is new each time: declared below the installations it costs
    nothing. Only reported for an `apt-get install`, `npm ci` and the like with nothing before it
    that may use the argument.

    For BuildKit, labels cost nothing wherever they stand. The classic builder compares the labels
    too: with `engine = "classic"` a `LABEL` with a variable above a `RUN`, `COPY` or `ADD` is
    reported as well.

    Dockerfile reference, "Impact on build caching".
    """

    meta = Meta(
        "volatile-metadata-early", Category.CACHE, Severity.WARNING, since="0.1", fix="unsafe"
    )
    on = (Arg, Label)
    bad = (
        "FROM alpine:3.22\n"
        "ARG GIT_COMMIT\n"
        "RUN apk add --no-cache curl\n"
        "LABEL org.opencontainers.image.revision=$GIT_COMMIT\n"
    )
    good = (
        "FROM alpine:3.22\n"
        "RUN apk add --no-cache curl\n"
        "ARG GIT_COMMIT\n"
        "LABEL org.opencontainers.image.revision=$GIT_COMMIT\n"
    )
    valid = (
        Valid("FROM a\nRUN apk add git\nARG GIT_COMMIT\nLABEL revision=$GIT_COMMIT\n"),
        Valid("ARG GIT_COMMIT\nFROM a\nRUN apk add git\nARG VERSION\nRUN apk add bash\n"),
        Valid("FROM a\nARG GIT_COMMIT\nRUN git clone x && git checkout $GIT_COMMIT\nRUN npm ci\n"),
        Valid("FROM a\nARG GIT_COMMIT\nRUN make\nRUN apk add git\nARG GIT_SHA=1f3e\nRUN npm ci\n"),
        Valid("FROM a\nARG V\nLABEL version=$V\nRUN make\n"),
        Valid("FROM a\nARG V\nRUN make\nLABEL version=$V\n", {"engine": "classic"}),
    )
    invalid = (
        Invalid("FROM a\n# b\nARG BUILD_DATE\nRUN apt-get update && apt-get install -y d\n",
                at="BUILD_DATE", unsafe=True,
                fixed="FROM a\nRUN apt-get update && apt-get install -y d\n# b\nARG BUILD_DATE\n"),
        Invalid("FROM a\nARG X=1 \\\n  # c\n  GIT_SHA=unknown\nENV C=$GIT_SHA\nRUN npm ci\n",
                at="GIT_SHA"),
        Invalid("FROM a\nARG VCS_REF\nLABEL ref=$VCS_REF\nRUN <<E\npip install -r x\nE\n",
                at="VCS_REF"),
        Invalid('FROM a\nARG V\nLABEL a=b v="$V"\nRUN make\n', '"$V"', {"engine": "classic"}),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the arguments, and the labels for the classic builder, that stand too high."""
        if doc.settings.engine == "classic" and doc.has((Label,)):
            from dflint.semantic.volatile_arguments import volatile_labels

            message = "the classic builder repeats all steps below a changed label: move it down"
            for label, at in volatile_labels(doc.tree):
                yield self.finding(doc, doc.argument(label, at), message)
        if not doc.has((Arg,)) or not doc.has((Run,)):
            return
        import dflint.semantic.volatile_names as module

        words = [word for arg in doc.all(Arg) for word in arg.reading.arguments]
        if not any(map(module.is_volatile, words)):
            return
        from dflint.semantic.volatile_arguments import volatile_arguments

        for found in volatile_arguments(doc.tree):
            begin, _ = found.instruction.reading.places[found.at]
            where = doc.place(found.instruction, begin, begin + len(found.name))
            yield self.finding(doc, where, *_message(doc, found), partial(_fix, doc, found))


def _fix(doc: Document, found: VolatileArgument) -> Fix | None:
    """Declare the argument below the installation, where nothing before it takes it."""
    from dflint.lint.edits import moved_below
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix, Span
    from dflint.semantic.instruction_at import index_at

    arg = found.instruction
    if found.command is None or found.taker is not None or len(arg.reading.arguments) != 1:
        return None
    first = index_at(doc.tree, arg.line.start)
    last = index_at(doc.tree, found.command.span.start)
    between = doc.instructions[first + 1 : last + 1]
    if any(found.is_used(one.line.source[one.line.start : one.line.stop]) for one in between):
        return None
    edits = moved_below(doc, arg, doc.instructions[last])
    if edits is None:
        return None
    scope = Span(arg.line.start, doc.instructions[last].line.stop)
    effect = Effect.FILES | Effect.LAYERS
    title = f"declare `{found.name}` below it"
    return Fix(title, edits, Applicability.UNSAFE, effect, scope, contract=SAME_IMAGE)


def _message(doc: Document, found: VolatileArgument) -> tuple[str, tuple[Related, ...]]:
    command = found.command
    assert command is not None
    line = doc.lines.line(command.span.start)
    related = [Related(command.span, "does not use it")]
    what = "declare it"
    if found.taker is not None:
        related.append(Related(doc.keyword(found.taker), "takes it over"))
        what = "move it, and the ENV with it,"
    message = f"each build with a new `{found.name}` repeats `{command.program}` on line {line}"
    return f"{message}, which does not use it: {what} below", tuple(related)
