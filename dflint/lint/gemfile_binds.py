"""The Gemfile bound to the RUN that reads it, in the place of copies."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import has_suppression, newline_of, removal
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.lint.mount_fixes import takes_mounts
from dflint.semantic.image_users import is_run_by_root
from dflint.semantic.settable import is_settable
from dflint.shell.packages import SYSTEM_MANAGERS
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.gemfile_copies import GemfileCopies
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation

#: What leaves the files of the directory that it runs in alone.
_HARMLESS = frozenset(("gem", "echo", "set", "export", "mkdir", "npm", "yarn", "true", ":"))
#: With these Bundler writes no lock file.
_FROZEN = ("BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN")


def bind(doc: Document, program: Program, call: Invocation, copies: GemfileCopies) -> Fix | None:
    """Bind mounts of the files that are copied for one call, and the copies taken out.

    Unsafe: it takes BuildKit, and what a gem runs as it is compiled finds no other file there. A
    proposal where a wildcard hides which files there are, or another user than root may have to
    write the lock. None where a command may change the files: a mount does not let it.
    """
    if not takes_mounts(doc) or has_suppression(doc, program.instruction):
        return None
    if MARKUP.get().search(doc.text) is not None:
        return None
    if program.parent is not None or not all(
        _leaves_files(program, one) for one in program.script.commands
    ):
        return None
    removals = [removal(doc, copy, parts=False) for copy in copies.copies]
    edits = [edit for edit in removals if edit is not None]
    if len(edits) != len(removals):
        return None
    is_frozen = _is_frozen(doc, program, call)
    flags = [
        f"--mount=type=bind,source={source},target={name}"
        + ("" if is_frozen or name == "Gemfile" else ",rw")
        for name, source in copies.sources.items()
    ]
    edits.append(_insertion(program, flags))
    is_certain = copies.is_exact and is_run_by_root(program, doc.model)
    level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
    scope = Span(copies.copies[0].line.start, program.instruction.line.stop)
    effect = Effect.FILES | Effect.LAYERS
    title = "bind the files in the place of copies"
    return Fix(title, edits, level, effect, scope, contract=SAME_IMAGE)


def _insertion(program: Program, flags: list[str]) -> Edit:
    """Flags behind the keyword; several have a line each, and the command its own."""
    end = program.occurrence.keyword.end
    line = program.instruction.line
    if len(flags) == 1:
        return Edit.insertion(end, f" {flags[0]}")
    follow = f" {line.escape}{newline_of(program.instruction)}    "
    blanks = end
    while line.source[blanks] in " \t":
        blanks += 1
    rest = follow if line.source[blanks] != line.escape else " "
    return Edit(Span(end, blanks), f" {follow.join(flags)}{rest}")


def _leaves_files(program: Program, command: Command) -> bool:
    """Whether a command changes nothing about the files of the directory that it runs in."""
    name = command.program
    words = [program.value(word) for word in command.arguments]
    if name is None:
        return False
    if name == "rm":
        directory = (program.directory_at(command) or "").rstrip("/") + "/"
        return all(word is not None and _is_apart(word, directory) for word in words)
    if name in ("bundle", "bundler"):
        return "exec" not in words or "bootsnap" in words
    return name in _HARMLESS or name in SYSTEM_MANAGERS


def _is_apart(word: str, directory: str) -> bool:
    """Whether an argument of `rm` is an option, or names neither a directory nor what is in it."""
    if word.startswith(("-", "~")):
        return True
    path, is_pattern, _ = word.replace("?", "*").replace("[", "*").partition("*")
    path = path if is_pattern else path.rstrip("/") + "/"
    return path[:1] == "/" and not directory.startswith(path) and not path.startswith(directory)


def _is_frozen(doc: Document, program: Program, call: Invocation) -> bool:
    """Whether the installation is told not to touch the lock file."""
    if call.option("--deployment", "--frozen") is not None:
        return True
    model, run = doc.model, program.instruction
    environment = model.environment(run)
    return any(
        environment.get(name) in ("1", "true") and not is_settable(model, run, f"${name}")
        for name in _FROZEN
    )
