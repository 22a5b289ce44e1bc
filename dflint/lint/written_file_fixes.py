"""The fix that makes a `COPY` heredoc of a script that writes a file."""

from __future__ import annotations

import re

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import comments_within, extent, newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.step_fixes import has_front_end, is_lone_step, written_alike
from dflint.semantic.first_base import fixed_base
from dflint.semantic.image_users import is_run_by_root
from dflint.semantic.known_images import short_name
from dflint.semantic.state import join_workdir
from dflint.shell.words import PartKind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.words import Part, Word

_DELIMITERS = ("EOF", "TEXT", "END_OF_TEXT")
#: What a RUN finds in these places is not the image's, or has a mode of its own.
_OTHERS = LazyPattern(
    r"/etc/(?:hosts|resolv\.conf|hostname|sudoers.*|shadow-?|gshadow-?)|/(?:run|var/run|dev|proc|sys)/.*"
)
_OPERATORS = frozenset("*?[{~")
_ESCAPE = LazyPattern(r"\\(.)", re.DOTALL)
_KNOWN_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}
_VARIABLE = LazyPattern(r"\$(?:\w+|\{\w+\})", re.ASCII)
#: Images whose `sh` is dash, in which `echo` reads escapes.
_WITH_DASH = ("debian", "ubuntu", "buildpack-deps")
_MODES = {"+x": "755", "a+x": "755", "u+x": "744", "ugo+x": "755", "a+rx": "755", "+rx": "755"}
_OCTAL = LazyPattern(r"0?[0-7]{3}")


class _Text:
    """The content of a file: what a builder reads, and whether variables stand in it.

    `has_signs` tells of a `$` that is one.
    """

    __slots__ = ("has_signs", "has_variables", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.has_variables = False
        self.has_signs = False

    @property
    def content(self) -> str:
        return "".join(self.pieces)

    def take(self, other: _Text | None) -> bool:
        """Add what another one holds; false if there is none."""
        if other is not None:
            self.pieces += other.pieces
            self.has_variables = self.has_variables or other.has_variables
            self.has_signs = self.has_signs or other.has_signs
        return other is not None


def copied_text(doc: Document, program: Program) -> Fix | None:
    """COPY of the text in the place of a script that `written_file` takes for one file's.

    Unsafe: a file that is there has another mode or owner then. None where the text, its variables
    or its end are not certain.
    """
    if not is_lone_step(doc, program) or not has_front_end(doc, 4):
        return None
    instruction = program.instruction
    line = instruction.line
    if newline_of(instruction) != "\n" or line.escape != "\\" or program.script.comments:
        return None
    written = _copy(doc, program)
    if written is None:
        return None
    comments = "".join(one.lstrip(" \t") for one in comments_within(instruction))
    start = extent(instruction).start if comments else line.start
    end = line.stop if line.markers else line.end
    end -= doc.text[end - 1 : end] == "\n"
    edit = Edit(Span(start, end), comments + written)
    title, effect = "write it with a `COPY` heredoc", Effect.FILES | Effect.LAYERS
    return Fix(title, (edit,), Applicability.UNSAFE, effect, contract=SAME_IMAGE)


def _copy(doc: Document, program: Program) -> str | None:
    """The COPY."""
    text, path, mode = _Text(), "", ""
    for command in program.script.commands:
        if command.assignments or command.is_negated or len(command.leading_words) != 1:
            return None
        name = command.name_value
        if name == "chmod":
            mode = _mode(command)
            if not mode:
                return None
        elif name == "tee":
            path = _path(doc, program, next(iter(command.operands)))
        elif name != "mkdir":
            if not text.take(_text(doc, program, command)):
                return None
            path = _output(doc, program, command) or path
    if not path or not _makes_its_directory(doc, program, path, mode):
        return None
    state = doc.model.state_before(program.instruction)
    where = join_workdir(state.workdir, path, "linux") or ""
    if where.startswith("/home/") and not is_run_by_root(program, doc.model):
        return None  # a user of the base image may be meant to have it
    return _written(text, path, mode)


def _written(text: _Text, path: str, mode: str) -> str | None:
    content = text.content
    if not content.endswith("\n") or not content.replace("\n", "").replace("\t", "").isprintable():
        return None
    lines = content.split("\n")[:-1]
    delimiter = next((one for one in _DELIMITERS if one not in lines), None)
    if delimiter is None:
        return None
    is_literal = not text.has_variables
    if text.has_signs and not is_literal:
        return None
    if is_literal and any(sign in content for sign in "$\\"):
        marker = f"'{delimiter}'"
    elif not is_literal and any(sign in _VARIABLE.get().sub("", content) for sign in "$\\`"):
        return None
    else:
        marker = delimiter
    flag = f"--chmod={mode} " if mode else ""
    return f"COPY {flag}<<{marker} {path}\n{content}{delimiter}"


def _path(doc: Document, program: Program, word: Word) -> str:
    text = written_alike(doc, program, word) or ""
    value = program.value(word) or ""
    if _OTHERS.get().fullmatch(value) is not None or value.startswith(("~", "-")):
        return ""
    return "" if text.startswith(("~", "-", "<<")) or text.endswith("/") else text


def _output(doc: Document, program: Program, command: Command) -> str:
    """The file that a command writes to; empty where it only prints."""
    for redirect in command.redirects:
        if not redirect.operator.startswith("<<") and redirect.target is not None:
            return _path(doc, program, redirect.target)
    return ""


def _mode(command: Command) -> str:
    """The octal mode that a new file has after a `chmod`; empty where that is not known."""
    operands = [one.text for one in command.arguments]
    if len(operands) != 2:
        return ""
    mode = operands[0]
    return mode if _OCTAL.get().fullmatch(mode) else _MODES.get(mode, "")


def _makes_its_directory(doc: Document, program: Program, path: str, mode: str) -> bool:
    """Whether no other directory is made than those that the file stands in.

    COPY gives the directories that it makes the mode of the file.
    """
    for command in program.script.commands_named("mkdir"):
        if any(one.text != "-p" for one in command.options) or mode.lstrip("0") not in ("", "755"):
            return False
        for operand in command.operands:
            made = written_alike(doc, program, operand)
            if made is None or not path.startswith(made.rstrip("/") + "/"):
                return False
    return True


def _text(doc: Document, program: Program, command: Command) -> _Text | None:
    """What a command writes."""
    words = command.arguments
    if command.name_value == "cat":
        return _heredoc(doc, program, command)
    if command.name_value == "printf":
        return _formatted(words)
    if words and words[0].text.startswith("-"):
        return None
    text = _Text()
    for at, word in enumerate(words):
        text.pieces += [" "] if at else []
        if not text.take(_word(doc, program, word)):
            return None
    text.pieces.append("\n")
    if "\\" not in text.content:
        return text
    read = _unescaped(text.content) if _has_dash(doc, program) else None
    if read is None or text.has_variables:
        return None
    text.pieces = [read]
    return text


def _has_dash(doc: Document, program: Program) -> bool:
    stage = doc.model.stage_of(program.instruction)
    if stage is None or program.words[:1] != ("/bin/sh",):
        return False
    if "bin/sh" in doc.text or "dash" in doc.text:  # it may be another shell's name
        return False
    return short_name(fixed_base(stage)).partition(":")[0] in _WITH_DASH


def _unescaped(text: str) -> str | None:
    """A text with its escapes read; None where programs differ in what one is."""
    if any(sign not in _KNOWN_ESCAPES for sign in _ESCAPE.get().findall(text)):
        return None
    return _ESCAPE.get().sub(lambda found: _KNOWN_ESCAPES[found[1]], text)


def _formatted(words: Iterable[Word]) -> _Text | None:
    """What `printf` writes of one text without directives, or of some as lines."""
    values = [word.value if _is_literal(word) else None for word in words]
    text = _Text()
    known = [one for one in values if one is not None]
    if len(known) != len(values) or not known or known[0].startswith("-"):
        return None
    if known[0] == "%s\\n" and len(known) > 1:
        text.pieces = [one + "\n" for one in known[1:]]
        text.has_signs = any("$" in one for one in known)
        return text
    read = _unescaped(known[0])
    if len(known) > 1 or read is None or "%" in known[0].replace("%%", ""):
        return None
    text.pieces = [read.replace("%%", "%")]
    text.has_signs = "$" in read
    return text


def _is_literal(word: Word) -> bool:
    """Whether a shell leaves the unquoted characters of a word as they are."""
    return all(
        part.kind is not PartKind.LITERAL or not _OPERATORS & set(part.text) for part in word.parts
    ) and all(part.kind is not PartKind.ANSI_QUOTED for part in word.parts)


def _word(doc: Document, program: Program, word: Word) -> _Text | None:
    """A word of `echo`: its text, and variables within quotes that a builder knows too."""
    text = _Text()
    if not _is_literal(word):
        return None
    for part in word.parts:
        if part.value is not None:
            text.pieces.append(part.value)
            text.has_signs = text.has_signs or "$" in part.value
            continue
        if part.kind is not PartKind.DOUBLE_QUOTED:
            return None
        for piece in part.parts:
            if piece.value is not None:
                text.pieces.append(piece.value)
                text.has_signs = text.has_signs or "$" in piece.value
            elif _is_known(doc, program, piece):
                text.pieces.append(piece.text)
                text.has_variables = True
            else:
                return None
    return text


def _is_known(doc: Document, program: Program, piece: Part) -> bool:
    """Whether a variable is one of the file's, and has no other shell meaning."""
    return piece.kind is PartKind.VARIABLE and _is_plain(doc, program, piece.text)


def _is_plain(doc: Document, program: Program, text: str) -> bool:
    stage = doc.model.stage_of(program.instruction)
    if stage is None or _VARIABLE.get().fullmatch(text) is None:
        return False
    return stage.scope.find(text.strip("${}"), doc.model.order(program.instruction)) is not None


def _heredoc(doc: Document, program: Program, command: Command) -> _Text | None:
    """The text behind `cat <<EOF`."""
    script = program.script
    found = [one for one in map(script.heredoc_of, command.redirects) if one is not None]
    if len(found) != 1:
        return None
    heredoc = found[0]
    content = script.text[heredoc.start : heredoc.end]
    if heredoc.chomps:
        content = re.sub(r"^\t+", "", content, flags=re.MULTILINE)
    text = _Text()
    text.pieces = [content if content.endswith("\n") or not content else content + "\n"]
    if heredoc.expands:
        names = _VARIABLE.get().findall(content)
        if any(sign in _VARIABLE.get().sub("", content) for sign in "$`\\"):
            return None
        if not all(_is_plain(doc, program, name) for name in names):
            return None
        text.has_variables = bool(names)
    else:
        text.has_signs = "$" in content
    return text
