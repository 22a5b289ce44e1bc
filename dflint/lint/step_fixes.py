"""What RUNs that become an ADD or a COPY have in common: the rules that propose it share it."""

from __future__ import annotations

import re

from dflint.lint.edits import comments_lifted, extent, has_suppression, newline_of, replacement
from dflint.lint.markup import MARKUP
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

#: A word that a shell and a builder read alike, but for its variables.
_ALIKE = LazyPattern(r"(?:[\w./:@%+,=?&-]|\$\w+|\$\{\w+\})++", re.ASCII)
_NAME = LazyPattern(r"\$\{?(\w+)")
_FRONT_END = LazyPattern(r"docker/dockerfile:(?P<major>\d+)(?:\.(?P<minor>\d+))?(?:[.-].*)?")


def is_lone_step(doc: Document, program: Program) -> bool:
    """Whether a script is a RUN's own, run by root, without flags, in a file for BuildKit."""
    instruction = program.instruction
    occurrence = program.occurrence
    if doc.settings.engine != "buildkit" or program.parent is not None or program.is_exec_form:
        return False
    if occurrence.is_trigger or occurrence.reading.flags:
        return False
    if MARKUP.get().search(doc.text, instruction.line.start, instruction.line.stop):
        return False
    if final_refusal(doc.problems, doc.text) or has_suppression(doc, instruction):
        return False
    return is_root_there(doc, instruction)


def is_root_there(doc: Document, instruction: Instruction) -> bool:
    """Whether root runs commands there, as far as the file tells: what ADD brings is root's."""
    user = (doc.model.state_before(instruction).user or "").partition(":")[0]
    if user not in ("", "root", "0"):
        return False
    return bool(user) or "sudo" not in doc.text


def has_front_end(doc: Document, minor: int) -> bool:
    """Whether the front end that the file names is as new as `1.minor`; if it names none, too."""
    for directive in doc.tree.directives:
        if directive.name.lower() == "syntax":
            found = _FRONT_END.get().fullmatch(directive.value.strip())
            if found is None or "experimental" in directive.value:
                return False
            if found["major"] == "1" and found["minor"] and int(found["minor"]) < minor:
                return False
    return True


def written_alike(doc: Document, program: Program, word: Word) -> str | None:
    """A word of a script as ADD and COPY write it; None where they may read something else."""
    return text_alike(doc, program, word.text)


def text_alike(doc: Document, program: Program, text: str) -> str | None:
    """The same for a text of a script: its quotes go, its variables have to be the builder's."""
    quote = text[:1]
    if quote in ("'", '"') and text.endswith(quote) and len(text) > 2:
        text = text[1:-1]
        if quote == "'" and "$" in text:
            return None
    if _ALIKE.get().fullmatch(text) is None:
        return None
    names = _NAME.get().findall(text)
    if names:
        instruction = program.instruction
        stage = doc.model.stage_of(instruction)
        order = doc.model.order(instruction)
        if stage is None or any(stage.scope.find(name, order) is None for name in names):
            return None
        values = doc.model.environment(instruction)
        if quote != '"' and any(" " in (values.get(name) or "") for name in names):
            return None
    return text


def in_place_of(doc: Document, instruction: Instruction, text: str) -> tuple[Edit, ...]:
    """Other instructions, as lines, in the place of a RUN."""
    return (replacement(doc, instruction, text.replace("\n", newline_of(instruction))),)


def in_place_of_first(program: Program, following: Statement, text: str) -> tuple[Edit, ...]:
    """Other instructions above a RUN, in the place of what stands before one of its statements."""
    instruction = program.instruction
    gone = Span(program.occurrence.arguments.start, following.span.start)
    newline = newline_of(instruction)
    comments = "".join(one.text for one in comments_lifted(instruction, gone))
    above = text.replace("\n", newline) + newline + comments
    return (Edit.insertion(extent(instruction).start, above), Edit(gone, ""))
