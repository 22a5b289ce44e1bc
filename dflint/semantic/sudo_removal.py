"""Commands without the `sudo` before them, where it makes root of root.

sudo(8) and sudoers(5): without `-E` the command gets an environment of its own, with `secure_path`
for PATH; but for that it runs as it would by itself.
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.first_base import fixed_base
from dflint.semantic.known_images import is_bare_system, is_full_system
from dflint.semantic.scope import DEFAULT_PATH
from dflint.semantic.settable import is_user_settable
from dflint.semantic.tool_settings import source_of
from dflint.shell.inner_scripts import SHELLS
from dflint.shell.statements import Kind
from dflint.text.contains import contains_any
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.sudo_calls import SudoCall
    from dflint.shell.script import Script
    from dflint.shell.words import Word

# Options with which the command is what it is without `sudo`, as letters of a cluster.
_PLAIN_LETTERS = frozenset("EHn")
_PLAIN_OPTIONS = ("--", "--preserve-env", "--set-home", "--non-interactive", "--user=root")
_ROOT = ("root", "0")
# A shell does these by itself, in its own way.
_BUILTINS = frozenset(
    (
        *("echo", "printf", "test", "[", "cd", "kill", "pwd", "read", "ulimit", "umask", "type"),
        *("command", "exec", "export", "unset", "set", "source", ".", "eval", "time", "hash"),
        *("alias", "wait", "exit", "trap", "true", "false", "local", "declare", "let", "shopt"),
        # Reserved words.
        *("!", "{", "}", "[[", "if", "then", "else", "elif", "fi", "do", "done", "case", "esac"),
        *("while", "until", "for", "in", "function", "select", "coproc"),
    )
)
# What runs a command as whom it is run itself.
_KEEPING = ("env", "exec", "nice", "nohup", "time")
# Set by nobody to any effect, or kept by sudo too (sudoers(5), "env_keep").
_HARMLESS = ("DEBIAN_FRONTEND", "TERM", "LANG", "LANGUAGE")


def is_certainly_root(model: SemanticModel, program: Program) -> bool:
    """Whether a RUN is root's, by USER or by an image that is known."""
    if program.occurrence.is_trigger or program.stage_number < 0:
        return False
    outer: Program | None = program
    while outer is not None:
        if outer.caller is not None and outer.caller.program not in (*SHELLS, "eval"):
            return False  # `su`, which makes another user of it
        outer = outer.parent
    user = model.state_before(program.instruction).user
    if user is None:
        base = fixed_base(model.stage_of(program.instruction))
        return is_full_system(base) or is_bare_system(base)
    if is_user_settable(model, program.instruction):
        return False
    name, _, group = user.partition(":")
    return name in _ROOT and group in ("", *_ROOT)


def is_same_environment(model: SemanticModel, call: SudoCall) -> bool:
    """Whether a command sees with `sudo` what it sees without."""
    program = call.program
    stage = model.stage_of(program.instruction)
    if stage is None or not is_bare_system(fixed_base(stage)) or call.command.assignments:
        return False
    if any(_sets_more(one.script) for one in (program, program.parent) if one is not None):
        return False
    if _is_configured(model.tree):
        return False
    # An ARG without a value may be given one.
    order = model.order(program.instruction)
    found = [stage.scope.find(name, order) for name in stage.scope.names()]
    names = [one.name for one in found if one is not None and one.value != DEFAULT_PATH]
    if any("E" in word.text or word.text == "--preserve-env" for word in _options(call)):
        return "PATH" not in names
    return all(name in _HARMLESS or name.startswith("LC_") for name in names)


def _sets_more(script: Script) -> bool:
    """Whether a script may change what its commands find, but for those that `sudo` calls."""
    if contains_any(script.text, ("export", "PATH=", "umask")):
        return True
    return any(one.name_value in (".", "source", "eval") for one in script.commands)


def _is_configured(tree: Dockerfile) -> bool:
    """Whether the file may change what `sudo` is, or where it looks for programs."""
    if "secure_path" in source_of(tree):
        return True
    return any(
        isinstance(one, (Add, Copy)) and "sudo" in one.line.text for one in tree.instructions
    )


def removal_edits(call: SudoCall) -> tuple[Edit, ...] | None:
    """The edits that leave `sudo` and its options out; None if the command is another one then."""
    command, program = call.command, call.program
    name = command.program
    if program.is_exec_form or name is None or name in _BUILTINS:
        return None
    if any(one.kind is Kind.FUNCTION for one in program.script.constructs):
        return None
    if any(one.name_value == "alias" for one in program.script.commands):
        return None
    words = command.leading_words
    at = words.index(call.word)
    kept = _first_kept(words[at + 1 :])
    if kept is None or (at > 0 and kept is not command.program_word):
        return None
    if not all((word.value or "") in _KEEPING or "=" in word.text for word in words[:at]):
        return None  # `gosu` and the like make another user of it
    source = program.instruction.line.source
    gone = words[at : words.index(kept)]
    if any(source[word.span.start : word.span.end] != word.text for word in gone):
        return None
    start, end = call.word.span.start, kept.span.start
    if "#" not in source[start:end]:
        return (Edit(Span(start, end), ""),)
    edits: list[Edit] = []
    for word in gone:  # the lines with comments stay
        end = word.span.end
        while source[end] in " \t":
            end += 1
        edits.append(Edit(Span(word.span.start, end), ""))
    return tuple(edits)


def _options(call: SudoCall) -> tuple[Word, ...]:
    words = call.command.leading_words
    rest = words[words.index(call.word) + 1 :]
    return tuple(word for word in rest if word.prefix.startswith("-"))


def _first_kept(words: tuple[Word, ...]) -> Word | None:
    """The first word that is of the command itself, or sets a variable for it."""
    is_value = False
    for word in words:
        text = word.text
        if is_value:
            if text not in _ROOT:
                return None
            is_value = False
        elif text in ("-u", "--user"):
            is_value = True
        elif text[:1] != "-":
            return word
        elif text not in _PLAIN_OPTIONS and not (
            text[1:2] != "-" and _PLAIN_LETTERS.issuperset(text[1:])
        ):
            return None
    return None
