"""The rule `mktemp-left`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class MktempLeft(Rule):
    """A temporary directory stays in the layer.

    What `mktemp -d` makes in a `RUN` is part of the layer when the `RUN` ends, with all that was
    put there. `rm -rf` in the same `RUN` removes it.

    Off unless selected. The fix puts that at the end of a list of `&&`, if a variable has the name
    and neither a `trap` nor a link needs it; it is unsafe.

    mktemp(1).
    """

    meta = Meta(
        "mktemp-left",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("rmRecursiveAfterMktempD",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("mktemp",)
    bad = 'FROM debian:12-slim\nRUN dir="$(mktemp -d)" && make DESTDIR="$dir"\n'
    good = 'FROM debian:12-slim\nRUN dir="$(mktemp -d)" && make DESTDIR="$dir" && rm -rf "$dir"\n'
    valid = (
        Valid("FROM a\nRUN f=$(mktemp) && b\n"),
        Valid("FROM a\nRUN d=$(mktemp -d); rm -r $d\n"),
    )
    invalid = (
        Invalid(
            'FROM a\nRUN export H="$(mktemp -d)" && b\n',
            at="mktemp",
            fixed='FROM a\nRUN export H="$(mktemp -d)" && b && rm -rf "$H"\n',
            unsafe=True,
        ),
        Invalid("FROM a\nRUN d=$(mktemp -d) && trap 'rm -r $d' EXIT && b\n", at="mktemp"),
        Invalid("FROM a\nRUN d=$(mktemp -d) && b $d && ln -s $d/b /bin/\n", at="mktemp"),
        Invalid("FROM a\nRUN cd `mktemp -d` && b\n", at="mktemp"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.invocations_of("rm"):
                continue
            for call in program.invocations_of("mktemp"):
                if call.option("-d", "--directory") is not None:
                    yield self.finding(
                        doc,
                        call.span,
                        "what is put into this directory stays in the layer; remove it at the end "
                        "of the RUN",
                        fix=partial(_fix, doc, program, call),
                    )


#: What cleans up in another way, or leaves a way to the directory.
_OTHERWISE = re.compile(
    r"<<|\btrap\b|\b(?:ln|useradd|adduser)\s|\binstall\s[^;&|]*(?<=\s)(?:-e|--editable)\b"
)
#: The step that gives a variable the name of the directory.
_STEP = re.compile(r"""(?:export\s++)?([A-Za-z_]\w*+)=["']?(?:\$\(|`)mktemp [^)`]*+[)`]["']?""")


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """`rm` of what the variable names, behind the last command."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.shell.statements import Construct, Kind

    statements, text = program.script.root.statements, program.script.text
    whole = statements[0]
    if len(statements) != 1 or program.parent is not None or program.is_exec_form:
        return None
    if not isinstance(whole, Construct) or whole.kind is not Kind.AND_OR or _OTHERWISE.search(text):
        return None
    steps = whole.statements
    if {whole.operator(at) for at in range(len(steps) - 1)} != {"&&"} or call.word is not None:
        return None
    if whole.operator_after not in (None, ";") or program.script.comments:
        return None
    step = next((one for one in steps if one.start <= call.command.start < one.end), steps[0])
    found = _STEP.fullmatch(step.text)
    if (
        found is None
        or step is steps[-1]
        or re.search(rf"\b{found[1]}=", text[step.end :]) is not None
    ):
        return None
    edit = Edit.insertion(steps[-1].span.end, f' && rm -rf "${found[1]}"')
    title, unsafe = "remove the directory at the end", Applicability.UNSAFE
    return Fix(title, (edit,), unsafe, Effect.FILES, contract=SAME_IMAGE)
