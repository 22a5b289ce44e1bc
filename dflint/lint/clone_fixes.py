"""The fix that makes an ADD of a `git clone`."""

from __future__ import annotations

import re

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.step_fixes import (
    has_front_end,
    in_place_of,
    in_place_of_first,
    is_lone_step,
    text_alike,
    written_alike,
)
from dflint.shell.statements import Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation
    from dflint.shell.statements import Statement

#: What ADD does anyway, or what makes no difference to the files.
_KNOWN = (
    "--depth", "-b", "--branch", "--single-branch", "-q", "--quiet", "-v", "--verbose",
    "--progress", "--recursive", "--recurse-submodules", "--shallow-submodules", "-j", "--jobs",
)  # fmt: skip
#: Where an address without `.git` leads to the repository, as it does with it.
_HOSTS = LazyPattern(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)/[^/]+/[^/]+/?+"
)
_ADDRESS = LazyPattern(r"https?://[^@?#]+", re.ASCII)
#: What wants the history, a branch or more than one commit of a clone.
_HISTORY = LazyPattern(
    r"\bgit[ \t]+(?:-C[ \t]+\S+[ \t]+)?(?:-c[ \t]+\S+[ \t]+)*(?:add|am|apply|archive|branch|"
    r"checkout|cherry-pick|clean|commit|describe|diff|fetch|log|ls-files|merge|pull|rebase|remote|reset|"
    r"rev-list|rev-parse|shortlog|show|stash|status|submodule|switch|tag|worktree|lfs)\b"
    r"|\bGIT_DIR\b|setuptools_scm|\bgitversion\b",
    re.IGNORECASE,
)
#: What tells git how to reach a server; a builder knows nothing of it.
_SETTINGS = LazyPattern(
    r"\bgit[ \t]+config\b(?![^\n]*(?:user\.|safe\.|advice\.|core\.|color))|\bGIT_(?:SSL|SSH|PROXY"
    r"|CONFIG|ASKPASS)|\.netrc|\.gitconfig|\.ssh\b|https?_proxy",
    re.IGNORECASE,
)
#: What takes the files away again: a layer of their own would keep them.
_REMOVING = LazyPattern(r"\brm[ \t]+-|\bgit\b|\bunlink\b|-delete\b")
_NAME = LazyPattern(r"\$\{?(\w+)")


def add_repository(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """ADD of the repository in the place of a RUN that clones it, or above its other commands.

    Unsafe: history, branches and submodules are others. None where the clone needs settings of
    git, where something below wants its history, and where files or words may be others.
    """
    if not is_lone_step(doc, program) or not has_front_end(doc, 5):
        return None
    following = _following(program, call)
    if following is None or not _is_plain(call):
        return None
    text = doc.text
    start, end = program.instruction.line.start, call.command.span.end
    if _SETTINGS.get().search(text, 0, start) or _HISTORY.get().search(text, end):
        return None
    written = _written(doc, program, call)
    if written is None:
        return None
    instruction, effect = program.instruction, Effect.FILES | Effect.LAYERS
    if not following:
        if program.script.comments:
            return None
        edits = in_place_of(doc, instruction, written)
    else:
        rest = text[following[0].span.start : instruction.line.end]
        if _REMOVING.get().search(rest):
            return None
        edits = in_place_of_first(program, following[0], written)
    title = "let `ADD` bring the repository"
    return Fix(title, edits, Applicability.UNSAFE, effect, contract=SAME_IMAGE)


def _following(program: Program, call: Invocation) -> list[Statement] | None:
    """The commands that `&&` puts behind a clone that begins a script; none if it is alone.

    None where it does not begin it, or is joined to them otherwise.
    """
    command, statements = call.command, program.script.root.statements
    if len(statements) == 1 and statements[0] is command:
        return [] if command.operator_after is None else None
    first = statements[0] if statements else None
    parent = command.parent
    if parent is None or parent is not first or parent.kind is not Kind.AND_OR or command.index:
        return None
    operators = {parent.operator(at) for at in range(len(parent.statements) - 1)}
    return parent.statements[1:] if operators == {"&&"} else None


def _is_plain(call: Invocation) -> bool:
    """Whether it is `git clone` with an address, perhaps a directory, and no more than ADD does."""
    command = call.command
    if command.assignments or command.redirects or command.is_negated:
        return False
    if len(command.leading_words) != 1 or command.leading_words[0].text != "git":
        return False
    verb = call.verb_argument
    if verb is None or verb is not call.arguments[0] or len(call.operands) not in (1, 2):
        return False
    return all(one.name in _KNOWN for one in call.options)


def _written(doc: Document, program: Program, call: Invocation) -> str | None:
    """The ADD."""
    address = call.operands[0]
    url = written_alike(doc, program, address.word)
    value = address.value
    if url is None or value is None or _ADDRESS.get().fullmatch(value) is None:
        return None
    if "$" in url and not (url.startswith("http") and url.endswith(".git")):
        return None  # a build may give another address, which `ADD` takes for a file
    ref = _ref(doc, program, call)
    if ref is None:
        return None
    if len(call.operands) == 2:
        target = written_alike(doc, program, call.operands[1].word)
    else:
        target = _directory(doc, program, url, value)
    if not target or target.startswith(("~", "-")):
        return None
    if not value.endswith(".git"):
        if _HOSTS.get().fullmatch(value) is None or url.endswith("}") or "$" in url:
            return None
        url = url.rstrip("/") + ".git"
    return f"ADD --keep-git-dir=true {url}{ref} {target}"


def _directory(doc: Document, program: Program, url: str, value: str) -> str | None:
    """The directory that git makes of an address; None where a variable decides."""
    if "/" not in url:
        return None
    name = url.rstrip("/").rpartition("/")[2]
    if "$" not in name or name.endswith(".git"):
        base = name.removesuffix(".git")
    else:
        base = name if not value.endswith(".git") else ""
    values = doc.model.environment(program.instruction)
    if any("/" in (values.get(one) or "/") for one in _NAME.get().findall(base)):
        return None
    return base


def _ref(doc: Document, program: Program, call: Invocation) -> str | None:
    """The tag or branch behind `#`; empty without one, None where it cannot be written."""
    branch = call.option("-b", "--branch")
    if branch is None:
        return ""
    if branch.given is None or not branch.given.value or ":" in branch.given.value:
        return None
    text = branch.given.word.text
    if branch.given.word is branch.argument.word:
        head, sign, rest = text.partition("=")
        text = rest if sign else text[2:]
        if not text or (sign and not head.startswith("--")):
            return None
    ref = text_alike(doc, program, text)
    return None if ref is None else f"#{ref}"
