"""The rule `exec-form-quoting`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import (
    Add,
    Cmd,
    Copy,
    Entrypoint,
    HealthCheck,
    OnBuild,
    Run,
    Shell,
    Volume,
)
from dflint.lint.finding import Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.exec_form import MisreadArray
    from dflint.semantic.stage_shell import StageShell

_OUTCOMES = {
    "run": "the command is not run",
    "cmd": "the program does not start",
    "entrypoint": "the program does not start",
    "healthcheck": "nothing is checked",
}


class ExecFormQuoting(Rule):
    r"""An array that is not JSON is silently read as shell form.

    The exec form is a JSON array of strings: double quotes, a comma between two strings and none
    after the last, `\\` for a backslash, nothing behind `]`. Text that misses one of these is no
    error to a builder: it runs `/bin/sh -c "[node, app.js]"`, and the shell finds no command
    `[node,`. In COPY, ADD and VOLUME the pieces become paths; SHELL is refused. See "Shell and
    exec form" in the Dockerfile reference.

    The fix puts in what misses: quotes, a comma, a bracket. It is unsafe, for what is run then is
    not what was run before. Without it where there is doubt, as with a string that nothing closes.

    hadolint and BuildKit see a plain shell form in such a CMD or ENTRYPOINT.
    """

    meta = Meta(
        "exec-form-quoting",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3025",
            "JSONArgsRecommended",
            "tally/invalid-json-form",
            "S7030",
            "JSON_IN_SINGLE_QUOTES",
        ),
        fix="unsafe",
    )
    on = (Run, Cmd, Entrypoint, HealthCheck, Shell, Volume, Copy, Add, OnBuild)
    mentions = ("[", ",")
    bad = "FROM node:22-slim\nCMD ['node', 'server.js']\n"
    good = 'FROM node:22-slim\nCMD ["node", "server.js"]\n'
    valid = (
        Valid('FROM a\nCMD ["node", "app.js"]\nCMD ["C:\\\\temp\\\\x.exe"]\n'),
        Valid('FROM a\nRUN [ -f x ] && rm x\nRUN [[ -n "$A" ]]\nRUN [ "$A" ] || exit 1\n'),
        Valid('FROM a\nCMD [ "$A" = 1 ] && exec one || exec two\nCOPY [Gg]emfile* ./\n'),
        Valid('FROM a\nSHELL ["powershell"]\nRUN [Net.X]::Y = [Net.Z]::T; [Enum]::Parse(a, b)\n'),
    )
    invalid = (
        Invalid("FROM a\nCMD ['node', 'app.js']\n", at="'",
                fixed='FROM a\nCMD ["node", "app.js"]\n', unsafe=True),
        Invalid("FROM a\nENTRYPOINT [node, app.js]\n", at="node",
                fixed='FROM a\nENTRYPOINT ["node", "app.js"]\n', unsafe=True),
        Invalid("FROM a\nENTRYPOINT [ “node”, “app.js” ]\n", at="“",
                fixed='FROM a\nENTRYPOINT [ "node", "app.js" ]\n', unsafe=True),
        Invalid('FROM a\nRUN ["C:\\path"]\nCMD ["a", "b",]\nVOLUME ["/a" "/b"]\n',
                at=("\\p", ",", '"'),
                fixed='FROM a\nRUN ["C:\\\\path"]\nCMD ["a", "b"]\nVOLUME ["/a", "/b"]\n',
                unsafe=True),
        Invalid('FROM a\nCMD ["node", \\\n  # the file\n  "app.js"\n', at="[",
                fixed='FROM a\nCMD ["node", \\\n  # the file\n  "app.js"]\n', unsafe=True),
        Invalid('FROM a\nCMD ["node", "app.js]\nHEALTHCHECK CMD ["true"] # fine\n',
                at=('"', "# fine")),
        Invalid('FROM a\nONBUILD COPY ["a";\\\n "b"]\nCMD "node", "app.js"\n', at=(";", '"'),
                fixed='FROM a\nONBUILD COPY ["a";\\\n "b"]\nCMD ["node", "app.js"]\n', unsafe=True),
        Invalid('FROM a\nCMD ["C:\\temp"]\n', at="\\t",
                fixed='FROM a\nCMD ["C:\\\\temp"]\n', unsafe=True),
        Invalid('FROM a\nSHELL [bash, -c]\nCMD \'["node", "app.js"]\'\n', at=("bash", "'"),
                fixed='FROM a\nSHELL ["bash", "-c"]\nCMD ["node", "app.js"]\n', unsafe=True),
        Invalid("FROM a\nCMD ['a',, 'b']\nFROM a\nCMD ['a\\n', 'b']\n", at=("'", "'")),
        Invalid("FROM a\nCMD ['node', \\\n  # the file\n  app.js \\\n  ,]\nCMD [a, $B]\n",
                at=("'", "a"), unsafe=True,
                fixed='FROM a\nCMD ["node", \\\n  # the file\n  "app.js" \\\n  ]\nCMD [a, $B]\n'),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first fault of each array."""
        kinds = frozenset(self.on)
        found = [one for one in doc.instructions if type(one) in kinds and _may_be_array(one)]
        if not found:
            return
        from dflint.semantic.exec_form import misread_array
        from dflint.semantic.stage_shell import stage_shells

        arrays = [(one, array) for one in found if (array := misread_array(one)) is not None]
        shells = stage_shells(doc.tree) if arrays else {}
        for instruction, array in arrays:
            fault = array.fault.kind.value.format(_shown(array.found))
            message = f"{fault}: {_outcome(array, shells[instruction])}"
            fix = partial(_fix, doc, instruction, array)
            yield self.finding(doc, doc.place(instruction, *array.place), message, fix=fix)


def _fix(doc: Document, instruction: Instruction, array: MisreadArray) -> Fix | None:
    from dflint.lint.array_fixes import piece_edits
    from dflint.lint.fixing import Applicability, Effect, Fix, may_set
    from dflint.semantic.array_repair import array_pieces

    edits = piece_edits(doc, instruction, array.start, array_pieces(array.text, array.fault.kind))
    if edits is None:
        return None
    scope = doc.core(instruction)
    effect = Effect.METADATA | Effect.FILES
    return Fix(
        "write it as a JSON array",
        edits,
        Applicability.UNSAFE,
        effect,
        scope,
        contract=may_set(instruction.reading.keyword),
    )


def _may_be_array(instruction: Instruction) -> bool:
    text = instruction.line.text
    at = len(instruction.KEYWORD) + 1
    first = text[at : at + 1]
    if first.isalnum() or first in "./$-":
        is_nested = first == "-" or isinstance(instruction, (HealthCheck, OnBuild))
        return is_nested and ("[" in text or '",' in text or "'," in text)
    return "\\" in text or not instruction.reading.is_json


def _shown(found: str) -> str:
    if len(found) == 1 and not found.isprintable():
        return f"U+{ord(found):04X}"
    found = found if len(found) <= 30 else found[:29] + "…"
    return f"`` {found} ``" if "`" in found else f"`{found}`"


def _outcome(array: MisreadArray, shell: StageShell) -> str:
    keyword = array.keyword
    if array.fault.kind.name == "PATH":
        return "write `\\\\` for the backslash of a path"
    if keyword == "shell":
        return "SHELL is refused without a JSON array"
    if keyword not in _OUTCOMES:
        use = "mount points" if keyword == "volume" else "paths"
        word = " ".join(array.text.replace('"', "").replace("'", "").split()[:2])
        return f"no JSON array, so its words are read as {use}, beginning with {_shown(word)}"
    if not shell.dialect.is_posix:
        does = "is given it as it stands"
    elif array.program in ("", "["):
        does = "runs `[`, the test command," if array.program else "stops at an unclosed quote"
    else:
        does = f"finds no command {_shown(array.program)}"
    return f"no exec form, so `{shell.text}` {does} and {_OUTCOMES[keyword]}"
