"""The rule `undefined-variable`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import (
    Add,
    Arg,
    Copy,
    Env,
    Expose,
    Label,
    Run,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.unset_reasons import reason_of
from dflint.semantic.unset_variables import HARMLESS, Cause, unset_variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.unset_variables import UnsetVariable


class UndefinedVariable(Rule):
    """A variable is expanded that nothing sets: it gives an empty text.

    The builder expands variables in most instructions, and in heredocs of `COPY` and `ADD` whose
    name has no quotes. It knows what `ENV` and `ARG` set above in the stage and in its base
    image; not the variables of the shell, not the ARGs before the first `FROM`, and platform
    arguments only after `ARG TARGETARCH`. What an `ENV` sets and uses at once is the matter of
    `env-self-ref`.

    A variable that the base image may set is reported only if the file tells otherwise: by a
    declaration at the wrong place, a similar name, or a base known to set none. `${x:-y}` and the
    like say what an unset variable gives, and are reported only where the declaration is out of
    reach; `ARG x=$x`, which takes what `--build-arg x` gives, is not. With the option
    `unknown-bases` all of these are reported, as BuildKit does where it cannot ask the image.

    Dockerfile reference, "Environment replacement"; BuildKit check UndefinedVar.
    """

    meta = Meta(
        "undefined-variable",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "UndefinedVar",
            "S6579",
        ),
        fix="unsafe",
        options=(
            OptionSpec(
                "unknown-bases",
                "bool",
                False,
                "Report also variables that an unknown base image may set, or that may be unset.",
                exact_for=("UndefinedVar",),
            ),
        ),
    )
    on = (Add, Arg, Copy, Env, Label, Run, StopSignal, User, Volume, Workdir, Expose)
    mentions = ("$",)
    bad = "ARG VERSION=1.2\nFROM alpine:3.22\nLABEL version=$VERSION\n"
    good = "ARG VERSION=1.2\nFROM alpine:3.22\nARG VERSION\nLABEL version=$VERSION\n"
    valid = (
        Valid("FROM a\nARG B\nENV C=$B D=$PATH\nCOPY ${E:-x} $F /\nRUN $G\nUSER $NB_UID\n"),
        Valid("ARG NODE_VERSION\nFROM node:$NODE_VERSION\nLABEL v=$NODE_VERSION\n"),
        Valid("FROM debian\nENV A='$b' C=\\$d\nCOPY <<'E' /e\n$f\nE\nONBUILD COPY $g /\n"),
    )
    invalid = (
        Invalid(
            "ARG B=1\nFROM a\nCOPY $B \\\n  # $B\n  ${TARGETARCH:-x} /\n",
            ("$B", "${TARGETARCH:-x}"),
            fixed=(
                "ARG B=1\nFROM a\nARG B\nARG TARGETARCH\nCOPY $B \\\n  # $B\n  ${TARGETARCH:-x} /\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "ARG B=1\nFROM $B\nLABEL c=$B\nENV D=$B\n",
            ("$B", "$B"),
            fixed="ARG B=1\nFROM $B\nARG B\nLABEL c=$B\nENV D=$B\n",
            unsafe=True,
        ),
        Invalid("FROM scratch\nENV A=1 B=$A\nLABEL c=$D\nENV D=$D\n", at=("$D", "$D")),
        Invalid(
            "FROM a AS b\nARG DIRS=1\nUSER $DIR\nFROM c\nUSER $DIRS\n",
            at=("$DIR", "$DIRS"),
            fixed="FROM a AS b\nARG DIRS=1\nUSER $DIRS\nFROM c\nUSER $DIRS\n",
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY --chown=$e <<E /e\n$1 \\$2\nE\n", at=("$e", "$1")),
        Invalid(
            "FROM a\nUSER $NB_UID\nARG B=$B\nLABEL c=${D:-e}\n",
            at=("$NB_UID", "$B", "${D:-e}"),
            options={"unknown-bases": True},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each name once in an instruction."""
        # What an `ENV` sets and uses at once is `env-self-ref`'s.
        options = doc.settings.options.get(self.meta.name, {})
        for found in unset_variables(doc.model):
            if found.cause is Cause.SAME:
                continue
            if found.cause in HARMLESS and not options.get("unknown-bases"):
                continue
            related: tuple[Related, ...] = ()
            line = 0
            if found.instruction is not None:
                setter = doc.keyword(found.instruction)
                related = (Related(setter, f"`{found.use.name}` is set here"),)
                line = doc.lines.line(setter.start)
            reason = reason_of(found, doc.text, line)
            fix = partial(_fix, doc, found)
            yield self.finding(doc, found.use.span, reason, related, fix)


def _fix(doc: Document, found: UnsetVariable) -> Fix | None:
    """Declare the argument in the stage, or write the name that was meant."""
    from dflint.lint.edits import has_suppression, newline_of
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.semantic.unset_variables import Cause

    use = found.use
    effect = Effect.FILES | Effect.METADATA
    if found.cause is Cause.MISSPELT and found.meant:
        text = use.span.slice(doc.text)
        if text.count(use.name) != 1:
            return None
        edit = Edit(use.span, text.replace(use.name, found.meant))
        title = f"write `{found.meant}`"
        return Fix(title, [edit], Applicability.UNSAFE, effect, contract=SAME_IMAGE)
    stage = doc.model.stage_of(use.instruction)
    if found.cause not in (Cause.GLOBAL, Cause.PREDEFINED) or stage is None:
        return None
    # The first instruction of the stage that uses it: one declaration does for all.
    model = doc.model
    begin = model.order(use.instruction)
    for one in model.uses:
        if one.name == use.name and stage.first < model.order(one.instruction) < stage.last:
            begin = min(begin, model.order(one.instruction))
    first = doc.instructions[begin]
    if has_suppression(doc, first):
        return None
    edit = Edit.insertion(first.line.start, f"ARG {use.name}{newline_of(first)}")
    title = f"write `ARG {use.name}`"
    return Fix(title, [edit], Applicability.UNSAFE, effect, contract=SAME_IMAGE)
