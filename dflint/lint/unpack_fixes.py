"""The fix that lets ADD fetch and unpack an archive."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import comments_lifted, extent, newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.step_fixes import has_front_end, in_place_of, is_lone_step, written_alike
from dflint.semantic.extracted_archives import archive_of
from dflint.shell.commands import Command
from dflint.shell.statements import Construct, Kind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

#: Options of curl and wget that ADD does as well, or that change nothing of the file.
_FETCHING = frozenset((
    "-f", "--fail", "-s", "--silent", "-S", "--show-error", "-L", "--location", "-k", "-o",
    "--output", "-O", "--remote-name", "--retry", "--retry-delay", "--retry-connrefused", "-#",
    "--progress-bar", "-q", "--quiet", "-n", "-v", "--verbose", "--no-verbose", "--progress",
    "--show-progress", "-t", "--tries", "--waitretry", "--output-document", "-c", "--compressed",
    "--connect-timeout", "-m", "--max-time", "-T", "--timeout", "--proto", "--tlsv1.2",
    "--retry-all-errors", "--retry-max-time", "--no-progress-meter", "-4", "-N", "--timestamping",
))  # fmt: skip
_UNPACKING = frozenset((
    "-x", "--extract", "--get", "-z", "--gzip", "-j", "--bzip2", "-J", "--xz", "--zstd", "-v",
    "--verbose", "-f", "--file", "-C", "--directory", "-p", "--preserve-permissions", "-a",
    "--auto-compress",
))  # fmt: skip
_ADDRESS = LazyPattern(r"https?://[^@#]+[^/@#]")
#: What tells the programs, and no builder, how to reach a server.
_SETTINGS = LazyPattern(r"\.curlrc|wgetrc|CURL_HOME|https?_proxy", 2)  # re.IGNORECASE
#: What takes files away again: a layer of their own would keep them.
_REMOVING = LazyPattern(r"\brm\b|\bunlink\b|-delete\b|\b(?:purge|remove)\b")
#: A name with a wildcard that may be the archive's.
_WILD = LazyPattern(r"\*[\w.*-]*(?:tar|gz|tgz|xz|bz2|zip)\b")


class _Unpacking:
    """The steps of a script that bring an archive's files: from `first` to `last`."""

    __slots__ = ("first", "last", "steps", "tar")

    def __init__(self, steps: Sequence[Statement], first: int, last: int, tar: Invocation) -> None:
        self.steps = steps
        self.first = first
        self.last = last
        self.tar = tar


def unpack_by_add(doc: Document, program: Program, url: Argument) -> Fix | None:
    """ADD in the place of the steps that fetch an archive and unpack it.

    Unsafe; proposed where the RUN does more. None where something else comes before them than
    `mkdir -p` and `cd`, where the same RUN removes files again, and where words or settings may be
    others for a builder.
    """
    if not is_lone_step(doc, program) or not has_front_end(doc, 17):
        return None
    instruction = program.instruction
    if _SETTINGS.get().search(doc.text, 0, instruction.line.end) is not None:
        return None
    found = _unpacking(program, url)
    if found is None:
        return None
    target = _target(doc, program, found)
    address = written_alike(doc, program, url.word)
    value = url.value
    if target is None or address is None or value is None:
        return None
    if _ADDRESS.get().fullmatch(value) is None:
        return None
    if target == "/" or _is_wanted(doc, found):
        return None  # `ADD` puts directories in the place of links
    edits = _edits(doc, program, found, f"ADD --unpack=true {address} {target}")
    if edits is None:
        return None
    is_whole = found.last + 1 == len(found.steps)
    applicability = Applicability.UNSAFE if is_whole else Applicability.DISPLAY
    title, effect = "let `ADD` fetch and unpack it", Effect.FILES | Effect.LAYERS
    return Fix(title, edits, applicability, effect, contract=SAME_IMAGE)


def _is_wanted(doc: Document, found: _Unpacking) -> bool:
    """Whether something below may want the archive itself, or remove it."""
    archive = archive_of(found.tar)
    if archive is None or archive.word.text in ("-", "/dev/stdin"):
        return False
    rest = doc.text[found.steps[found.last].span.end :]
    name = archive.word.text.strip("\"'").rpartition("/")[2]
    return name in rest or _WILD.get().search(rest) is not None


def _unpacking(program: Program, url: Argument) -> _Unpacking | None:
    """The steps, where all of the script is joined by `&&` and what comes before is known."""
    statements = program.script.root.statements
    if len(statements) != 1 or statements[0].operator_after not in (None, ";"):
        return None
    whole = statements[0]
    steps: list[Statement] = [whole]
    if isinstance(whole, Construct) and whole.kind is Kind.AND_OR:
        steps = whole.statements
        if {whole.operator(at) for at in range(len(steps) - 1)} != {"&&"}:
            return None
    calls = {call.command: call for call in program.invocations_of("tar", "curl", "wget")}
    for at, step in enumerate(steps):
        members = _members(step)
        fetch = calls.get(members[0]) if members else None
        if fetch is None or not any(one.word is url.word for one in fetch.operands):
            continue
        last = at
        if len(members) == 2:
            tar = calls.get(members[1])
        elif len(members) == 1 and at + 1 < len(steps):
            last = at + 1
            following = _members(steps[last])
            tar = calls.get(following[0]) if len(following) == 1 else None
        else:
            return None
        if tar is None or tar.name != "tar" or not _is_known(fetch, tar):
            return None
        last += _removes(steps, last + 1, tar)
        return _Unpacking(steps, at, last, tar)
    return None


def _members(step: Statement) -> list[Command]:
    """The commands of a pipeline, or the one that a step is; none of what is more than that."""
    if isinstance(step, Command):
        return [step]
    if isinstance(step, Construct) and step.kind is Kind.PIPELINE and not step.redirects:
        return [one for one in step.statements if isinstance(one, Command)]
    return []


def _is_known(fetch: Invocation, tar: Invocation) -> bool:
    """Whether all that the two programs are told is known, and no name is a variable's."""
    for call in (fetch, tar):
        command = call.command
        if command.assignments or command.redirects or command.is_negated:
            return False
        if len(command.leading_words) != 1 or command.leading_words[0].text != call.name:
            return False
    if len(fetch.operands) != 1 or fetch.option("--no-check-certificate", "-k") is not None:
        return False
    if fetch.name == "curl" and fetch.option("-T", "-t", "-c", "-n") is not None:
        return False
    letters = tar.arguments[0].prefix if tar.arguments else ""
    if not letters.startswith("-") and not set(letters) <= set("xzjJvfp"):
        return False
    names = [one.name for one in fetch.options if not one.name.startswith("--progress")]
    return set(names) <= _FETCHING and {one.name for one in tar.options} <= _UNPACKING


def _removes(steps: Sequence[Statement], at: int, tar: Invocation) -> int:
    """1 where the next step removes the archive and nothing else, else 0."""
    archive = archive_of(tar)
    step = steps[at] if at < len(steps) else None
    if archive is None or not isinstance(step, Command) or step.name_value != "rm":
        return 0
    operands = [one.text for one in step.operands]
    return int(operands == [archive.word.text])


def _target(doc: Document, program: Program, found: _Unpacking) -> str | None:
    """The directory that the files come into; None where it is not certain."""
    moved: str | None = None
    made: list[str] = []
    for step in found.steps[: found.first]:
        if not isinstance(step, Command) or step.redirects or step.assignments:
            return None
        operands = list(step.operands)
        path = _path(doc, program, operands[0]) if len(operands) == 1 else None
        if path is None or step.name_value not in ("mkdir", "cd"):
            return None
        if step.name_value == "cd":
            if moved is not None or list(step.options):
                return None
            moved = path
        elif [one.text for one in step.options] != ["-p"] or moved is not None:
            return None
        else:
            made.append(path)
    option = found.tar.option("-C", "--directory")
    target = moved or "."
    if option is not None:
        given = option.given
        if given is None or given.word is option.argument.word:
            return None
        path = _path(doc, program, given.word)
        if path is None or (moved is not None and not path.startswith("/")):
            return None
        target = path
    is_whole = found.last + 1 == len(found.steps)
    return target if not is_whole or set(made) <= {target} else None


def _path(doc: Document, program: Program, word: Word) -> str | None:
    text = written_alike(doc, program, word)
    return None if text is None or text.startswith(("~", "-")) else text


def _edits(
    doc: Document, program: Program, found: _Unpacking, written: str
) -> tuple[Edit, ...] | None:
    """The ADD instead of the RUN, or above it if more is to be done there."""
    instruction = program.instruction
    steps = found.steps
    if found.last + 1 == len(steps):
        if program.script.comments:
            return None
        return in_place_of(doc, instruction, written)
    gone = Span(steps[found.first].span.start, steps[found.last + 1].span.start)
    rest = doc.text[gone.end : instruction.line.end]
    if _REMOVING.get().search(rest) is not None:
        return None
    newline = newline_of(instruction)
    comments = "".join(one.text for one in comments_lifted(instruction, gone))
    above = Edit.insertion(extent(instruction).start, written + newline + comments)
    return (above, Edit(gone, ""))
