"""The scripts of a document: what each RUN gives to a shell, as a file for ShellCheck."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, Env, OnBuild
from dflint.semantic.image_variables import variables_of_image
from dflint.shell.dialect import Dialect
from dflint.shell.shell_options import options_of
from dflint.shellcheck.script_file import ScriptFile
from dflint.shellcheck.system_shell import BASH, BUSYBOX, DASH
from dflint.shellcheck.system_shells import SystemShells
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.lint.document import Document
    from dflint.semantic.made_directories import MadeDirectories
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.scope import Scope, Variable
    from dflint.semantic.stages import Stage

_UPPER_CASE = LazyPattern(r"\$\{?([A-Z_][A-Z_0-9]*+)(?![a-z])")
_NAME = LazyPattern(r"[A-Za-z_][A-Za-z_0-9]*+")
_NAMED = {Dialect.ASH: BUSYBOX, Dialect.BASH: BASH, Dialect.KSH: "ksh"}
#: What a script may set without any instruction that says so ("Predefined ARGs").
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
_ALWAYS_SET = frozenset(name.lower() for name in _PROXIES) | frozenset(_PROXIES)
#: A name is not taken for a slip of another when it is shorter.
_SHORTEST = 5
#: What every container has, a directory with nothing in its name to split or to match.
_PLAIN = frozenset(("HOME",))
#: What a setting would change the meaning of the script by.
_UNTOUCHED = frozenset(("IFS", "_"))


def script_files(doc: Document) -> Iterator[ScriptFile]:
    """Give the scripts that a shell ShellCheck knows will read, in the order of the file."""
    shells: SystemShells | None = None
    for program in doc.all_programs:
        if program.parent is not None or program.is_exec_form:
            continue
        dialect = program.dialect
        script = program.script.shell_text
        if dialect not in _NAMED and dialect is not Dialect.SH:
            continue
        # What is of absurd size or depth nobody has written, and ShellCheck takes minutes for it.
        if not script.text.strip() or not program.script.is_readable:
            continue
        occurrence = program.occurrence
        words: Sequence[str] = program.words
        if script.text.startswith("#!"):
            words = script.text[2:].partition("\n")[0].split()
        name = _directive(doc, occurrence) or _NAMED.get(dialect)
        if name is None:
            is_dash = any(word.rpartition("/")[2] == "dash" for word in words)
            shells = shells or SystemShells(doc)
            name = DASH if is_dash else shells.of(occurrence)
        names = _names(doc, occurrence, script.text)
        made = partial(_made_directories, doc, occurrence)
        yield ScriptFile(program, name, _options(words), names, made)


def _made_directories(doc: Document, occurrence: Occurrence) -> MadeDirectories:
    from dflint.semantic.made_directories import MadeDirectories

    return MadeDirectories(doc.model, lambda: doc.programs, occurrence.instruction)


def _directive(doc: Document, occurrence: Occurrence) -> str | None:
    """The shell that a comment of ShellCheck's above the instruction, or inside it, names.

    ShellCheck itself sees those in heredocs alone: the builder drops the others.
    """
    if "shell=" not in doc.text:
        return None
    line = occurrence.instruction.line
    for text in line.source[line.above : line.end].split("\n"):
        comment, _, words = text.strip().partition("shellcheck ")
        if comment.rstrip() != "#":
            continue
        for word in words.split():
            if word.startswith("shell=") and word[6:].isalnum():
                name = word.removeprefix("shell=")
                return BUSYBOX if name in ("ash", "busybox") else name
    return None


def _options(words: Sequence[str]) -> tuple[str, ...]:
    """The settings that a shell's words make and that change what ShellCheck says."""
    options = options_of(words)
    settings = (("errexit", "set -e"), ("pipefail", "set -o pipefail"))
    return tuple(line for name, line in settings if name in options)


def _names(doc: Document, occurrence: Occurrence, text: str) -> tuple[str, ...]:
    """The variables that the script mentions and that the build has set when it runs."""
    if "$" not in text and "=" not in text:
        return ()
    mentioned = set(_NAME.get().findall(text)) - _UNTOUCHED
    model = doc.model
    instruction = occurrence.instruction
    order = model.order(instruction)
    stage = model.stage_of(instruction)
    scope = model.global_scope if stage is None else stage.scope
    known = mentioned & _ALWAYS_SET | mentioned & _PLAIN
    if stage is not None:
        known |= mentioned & variables_of_image([stage, *stage.ancestors()][-1].image)
    if occurrence.is_trigger:
        known |= mentioned & _set_by_triggers(doc, stage, order)
    for name in mentioned.intersection(scope.names()):
        variable = scope.find(name, order)
        if _is_set(variable, occurrence):
            known.add(name)
    known |= _meant(set(_UPPER_CASE.get().findall(text)) - known, scope, order, occurrence)
    return tuple(sorted(known))


def _is_set(variable: Variable | None, occurrence: Occurrence) -> bool:
    """Whether a variable is one that an instruction sets, for triggers too."""
    if variable is None or variable.order < 0:
        return False
    return variable.is_env or not occurrence.is_trigger


def _meant(unknown: set[str], scope: Scope, order: int, occurrence: Occurrence) -> set[str]:
    """The variables that are nearly called like one that is not set: ShellCheck asks about them."""
    found: set[str] = set()
    if not unknown:
        return found
    from dflint.text.nearest import distance

    for name in unknown:
        if len(name) < _SHORTEST:
            continue
        for other in (*_PROXIES, *scope.names()):
            if abs(len(name) - len(other)) > 1 or other in found or not other.isupper():
                continue
            if distance(name, other, 1) == 1 and (
                other in _PROXIES or _is_set(scope.find(other, order), occurrence)
            ):
                found.add(other)
    return found


def _set_by_triggers(doc: Document, stage: Stage | None, order: int) -> set[str]:
    """The names that earlier triggers of the stage set in the images built on it."""
    found: set[str] = set()
    for other in doc.occurrences(Arg, Env):
        instruction = other.instruction
        if not isinstance(instruction, OnBuild) or doc.model.stage_of(instruction) is not stage:
            continue
        if doc.model.order(instruction) < order:
            step = 3 if other.reading.keyword == "env" else 1
            found.update(word.partition("=")[0] for word in other.reading.arguments[::step])
    return found
