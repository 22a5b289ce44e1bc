"""The rule `stage-name-casing`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.stage_names import written_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.stages import StageReference
    from dflint.text.span import Span


class StageNameCasing(Rule):
    """A stage's name has capitals, which BuildKit turns into lower case.

    `AS Build` makes a stage `build`. `COPY --from=Build` finds it, `FROM Build` does not: it is
    taken for an image, and the build stops.

    The fix changes what refers to the stage along with its name. For BuildKit and the classic
    builder the name is the same before and after, for `--target` too; Buildah keeps capitals, so
    there the fix is unsafe.

    BuildKit check StageNameCasing.
    """

    meta = Meta(
        "stage-name-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("StageNameCasing",),
        fix="safe",
    )
    on = (From,)
    occasion = "stage name"
    bad = "FROM golang:1.25 AS Build\n"
    good = "FROM golang:1.25 AS build\n"
    valid = (
        Valid("FROM a AS build-1.0_x\nCOPY --from=Build c d\n"),
        Valid("FROM A\n# FROM b AS Build\nRUN echo AS Build\n"),
    )
    invalid = (
        Invalid("FROM a AS Build\n", at="Build", fixed="FROM a AS build\n"),
        Invalid(
            "from a \\\n  # comment\n  as BUILD\nFROM b AS One\n",
            at=("BUILD", "One"),
            fixed="from a \\\n  # comment\n  as build\nFROM b AS one\n",
        ),
        Invalid(
            "FROM a AS Build\nFROM build\nCOPY --from=BUILD c d\nCOPY --from=0 Build e\n"
            "RUN --mount=type=bind,from=Build,target=/Build x\nFROM Build\n",
            at="Build",
            fixed="FROM a AS build\nFROM build\nCOPY --from=build c d\nCOPY --from=0 Build e\n"
            "RUN --mount=type=bind,from=build,target=/Build x\nFROM build\n",
        ),
        Invalid("FROM a AS Build\nFROM b\nCOPY --from=Build c d\n", at="Build",
                fixed="FROM a AS build\nFROM b\nCOPY --from=build c d\n",
                options={"engine": "buildah"}, unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the names with capitals."""
        users = _Users(doc)
        for stage in doc.all(From):
            name = written_name(stage)
            if name != name.lower() and "$" not in name:
                yield self.finding(
                    doc,
                    doc.argument(stage, 2),
                    f"`FROM` finds the stage `{name}` as `{name.lower()}` only; name it so",
                    fix=partial(_fix, doc, users, stage, name.lower()),
                )


class _Users:
    """The references to stages, sorted by what they are to, when a fix first asks."""

    def __init__(self, doc: Document) -> None:
        self._doc = doc
        self._found: tuple[dict[From, list[StageReference]], dict[str, list[StageReference]]] | None
        self._found = None

    def of(self, stage: From, name: str) -> tuple[list[Span], list[Span]]:
        """The places below a stage of that name that find it, and those that mean to."""
        finding, meaning = self._found or self._sorted()
        doc, order = self._doc, self._doc.model.order(stage)
        finds, means = (
            [
                doc.place(one.instruction, *one.place)
                for one in references
                if doc.model.order(one.instruction) > order
            ]
            for references in (finding.get(stage, ()), meaning.get(name, ()))
        )
        return finds, means

    def _sorted(self) -> tuple[dict[From, list[StageReference]], dict[str, list[StageReference]]]:
        finding: dict[From, list[StageReference]] = {}
        meaning: dict[str, list[StageReference]] = {}
        for reference in self._doc.model.references:
            user = reference.instruction
            if reference.stage is not None:
                finding.setdefault(reference.stage.from_instruction, []).append(reference)
            elif isinstance(user, From):
                # FROM with capitals finds no stage: it is meant, and no image can have them.
                written = self._doc.place(user, *reference.place).slice(self._doc.text)
                meaning.setdefault(written.lower(), []).append(reference)
        self._found = finding, meaning
        return self._found


def _fix(doc: Document, users: _Users, stage: From, name: str) -> Fix | None:
    if not name.isascii():
        return None  # a builder knows other small letters than Python
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    finds, means = users.of(stage, name)
    mends = any(_names(place.slice(doc.text), name) for place in means)
    places = [doc.argument(stage, 2), *finds, *means]
    # What is meant is no longer refused then: the FROM does something else.
    effect = Effect.FILES if mends else Effect.NOTHING
    edits = [Edit(place, name) for place in places if _names(place.slice(doc.text), name)]
    is_kept = doc.settings.engine == "buildah"
    applicability = Applicability.UNSAFE if is_kept else Applicability.SAFE
    return Fix(f"name it `{name}`", edits, applicability, effect, contract=SAME_IMAGE)


def _names(written: str, name: str) -> bool:
    return written != name and written.lower() == name
