"""The rule `maintainer-deprecated`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Maintainer
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding

_KEYS = ("org.opencontainers.image.authors", "maintainer")


class MaintainerDeprecated(Rule):
    """`MAINTAINER` is deprecated; a label says who maintains the image.

    `MAINTAINER` sets nothing but the author field of the image, which cannot be searched or
    overridden as labels can. The OCI image specification names the label for it:
    `org.opencontainers.image.authors`.

    The fix writes the label, with `$`, quotes and backslashes as they are in the author field; one
    pair of quotes around it all is left out. `MAINTAINER` is only removed where its stage has the
    label already with the same value; where it, or a stage below it, has another, there is no fix.

    Dockerfile reference, "MAINTAINER (deprecated)".
    """

    meta = Meta(
        "maintainer-deprecated",
        Category.DEPRECATION,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL4000",
            "MaintainerDeprecated",
            "deprecated_in_1.13",
            "maintainer_deprecated",
            "DS-0022",
            "MAINTAINER_Instruction_Being_Used",
            "maintainer-is-deprecated",
            "S6586",
            "CKV_DOCKER_6",
            "DEPRECATED_MAINTAINER",
        ),
        options=(
            OptionSpec("key", "str", _KEYS[0], "The label that takes the author.", choices=_KEYS),
        ),
        fix="safe",
    )
    on = (Maintainer,)
    bad = "FROM alpine:3.22\nMAINTAINER Jo Doe <jo@example.org>\n"
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.authors="Jo Doe <jo@example.org>"\n'
    valid = (
        Valid('FROM a\nLABEL org.opencontainers.image.authors="me"\n'),
        Valid("FROM a\n# MAINTAINER me\nLABEL maintainer=me\nRUN echo \\\n  MAINTAINER me\n"),
    )
    invalid = (
        Invalid("FROM a\nMAINTAINER me\n", at="MAINTAINER",
                fixed='FROM a\nLABEL org.opencontainers.image.authors="me"\n'),
        Invalid('FROM a\n  maintainer \\\n  # comment\n  "Jo $X" <jo@x>\n', at="maintainer",
                fixed="FROM a\n# comment\n  label org.opencontainers.image.authors="
                '"\\"Jo \\$X\\" <jo@x>"\n'),
        Invalid('FROM a\r\nMAINTAINER "J\\o"\r\n', at="MAINTAINER", options={"key": "maintainer"},
                fixed='FROM a\r\nLABEL maintainer="J\\\\o"\r\n'),
        Invalid("# escape=`\nFROM a\nMAINTAINER J\\o`s\n", at="MAINTAINER",
                fixed='# escape=`\nFROM a\nLABEL org.opencontainers.image.authors="J\\o``s"\n'),
        Invalid("FROM a\n# c\nMAINTAINER me\nLABEL b=c org.opencontainers.image.authors=me\n",
                at="MAINTAINER",
                fixed="FROM a\n# c\n\nLABEL b=c org.opencontainers.image.authors=me\n"),
        Invalid("FROM a\nLABEL org.opencontainers.image.authors=us\nMAINTAINER me\n",
                at="MAINTAINER"),
        Invalid("FROM a\nMAINTAINER\nFROM b\n# hadolint ignore=DL3048\nMAINTAINER {{ x }}\n",
                at=("MAINTAINER", "MAINTAINER")),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every MAINTAINER, with the label to write instead."""
        options = doc.settings.options.get(self.meta.name, {})
        key = str(options.get("key", _KEYS[0]))
        for instruction in doc.all(Maintainer):
            author = _author(instruction)
            if len(author) > 60 or any(special in author for special in "\"'$\\`"):
                author = "…"
            yield self.finding(
                doc,
                doc.keyword(instruction),
                f'`MAINTAINER` is deprecated; write `LABEL {key}="{author}"`',
                fix=partial(_fix, doc, instruction, key),
            )


def _author(instruction: Maintainer) -> str:
    """The author without quotes around it, which the image would show."""
    author = "".join(instruction.reading.arguments)
    quote = author[:1]
    if quote in ("'", '"') and author.endswith(quote) and author.count(quote) == 2:
        return author[1:-1]
    return author


def _fix(doc: Document, instruction: Maintainer, key: str) -> Fix | None:
    author = _author(instruction)
    if not author or "{{" in author:
        return None
    # Modules cost less each time than names of theirs.
    import dflint.cst.writing as writing
    import dflint.lint.edits as edits
    import dflint.lint.fixing as fixing
    import dflint.semantic.labels as labels

    contract = fixing.Contract(keys=(("author", "moved"), f"Labels.{key}"))
    stage = doc.model.stage_of(instruction)
    values = []
    above = () if stage is None else tuple(stage.ancestors())
    for pair in labels.label_pairs(doc.model):
        if pair.key != key:
            continue
        its_stage = doc.model.stage_of(pair.instruction)
        if its_stage is stage:
            values.append(pair.value)
        elif its_stage in above and pair.value != author:
            return None  # the label of the stage below this one would be another
    if values:
        edit = edits.removal(doc, instruction) if set(values) == {author} else None
        title = "remove `MAINTAINER`, the label says the same"
        if edit is None:
            return None
        return fixing.Fix(title, [edit], effect=fixing.Effect.METADATA, contract=contract)
    value = writing.quoted_value(author, instruction.line.escape)
    label = "label" if instruction.line.text.startswith("maintainer") else "LABEL"
    edit = edits.replacement(doc, instruction, f"{label} {key}={value}")
    scope = doc.core(instruction)
    return fixing.Fix(
        "write the author as a label",
        [edit],
        effect=fixing.Effect.METADATA,
        scope=scope,
        contract=contract,
    )
