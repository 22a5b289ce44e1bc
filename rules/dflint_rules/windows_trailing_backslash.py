"""The rule `windows-trailing-backslash`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, Env, Run, Volume, Workdir
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.lint.windows_steps import WINDOWS_MARKS, is_windows
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.quoted import quoted
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding

_CORE = "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n"
#: A path with a drive that ends its line with a backslash.
_PATH = LazyPattern(r"(?<![A-Za-z0-9])[A-Za-z]:\\(?:[^\s\\\"]+\\)*(?=[ \t]*\r?\n)")


class WindowsTrailingBackslash(Rule):
    r"""A Windows path at the end of a line ends with a backslash, which goes on with the next line.

    Without `# escape=` the backslash is the Dockerfile's escape character: `COPY app C:\app\` and
    the line after it are one instruction, and mostly one that is refused or copies to a directory
    of another name. Begin the file with the directive ``# escape=` ``, or write the path with
    slashes: `C:/app/`. The fix does that, where the next line begins with a keyword, for a path of
    COPY, ADD, WORKDIR and VOLUME; programs of Windows may take a slash for an option.

    Dockerfile reference, "escape".
    """

    meta = Meta(
        "windows-trailing-backslash",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        fix="unsafe",
    )
    on = (Copy, Add, Workdir, Env, Run, Volume)
    mentions = WINDOWS_MARKS
    bad = _CORE + "WORKDIR C:\\app\\\nRUN app.exe /init\n"
    good = _CORE + "WORKDIR C:/app\nRUN app.exe /init\n"
    valid = (
        Valid("# escape=`\n" + _CORE + "COPY a C:\\b\\\nRUN c\n"),
        Valid(_CORE + "RUN dir C:\\a \\\n  && b\nRUN copy C:\\a\\b \\\n  C:\\c\n"),
        Valid("FROM a\nCOPY a C:\\b\\\nRUN c\n"),
    )
    invalid = (
        Invalid(_CORE + "COPY a C:\\\nRUN c\n", at="C:\\",
                fixed=_CORE + "COPY a C:/\nRUN c\n", unsafe=True),
        Invalid(_CORE + "WORKDIR c:\\a\\b\\ \nRUN c\n", at="c:\\a\\b\\",
                fixed=_CORE + "WORKDIR c:/a/b/ \nRUN c\n", unsafe=True),
        Invalid(_CORE + "COPY a C:\\\n  b\nRUN c\n", at="C:\\"),
        Invalid(_CORE + "RUN dir C:\\a\\\nRUN c\n", at="C:\\a\\"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the path."""
        for instruction in doc.instructions:
            line = instruction.line
            if line.escape != "\\" or not isinstance(instruction, self.on):
                continue
            source = doc.text[line.start : line.end]
            if ":\\" not in source:
                continue
            for found in _PATH.get().finditer(source):
                if line.start + found.end() + 2 >= line.end or not is_windows(doc, instruction):
                    continue
                place = Span(line.start + found.start(), line.start + found.end())
                yield self.finding(
                    doc,
                    place,
                    f"the backslash at the end of {quoted(found[0])} joins the next line to this "
                    "one; write slashes, or the directive `escape` at the top",
                    fix=partial(_fix, doc, instruction, place),
                )


def _fix(doc: Document, instruction: Instruction, place: Span) -> Fix | None:
    """The path with slashes, where the line below it is certainly an instruction of its own."""
    from dflint.cst.instructions import class_of
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix
    from dflint.lint.markup import MARKUP

    line, text = instruction.line, doc.text
    if not isinstance(instruction, (Add, Copy, Volume, Workdir)) or MARKUP.get().search(text):
        return None
    below = text[place.end : line.end].split("\n", 1)[1].lstrip()
    keyword = below.split(None, 1)[0] if below else ""
    if not keyword.isupper() or class_of(keyword.lower()) is None:
        return None
    edit = Edit(place, place.slice(text).replace("\\", "/"))
    contract = Contract(keys=("Volumes.*", "WorkingDir"))
    effect, unsafe = Effect.METADATA | Effect.FILES, Applicability.UNSAFE
    return Fix("write the path with slashes", (edit,), unsafe, effect, contract=contract)
