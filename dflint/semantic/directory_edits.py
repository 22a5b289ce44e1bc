"""Edits that let WORKDIR do what a `cd` of a RUN does."""

from __future__ import annotations

from dflint.cst.instructions import Add, Arg, Copy, Env, OnBuild, Run, Workdir
from dflint.semantic.state import join_workdir
from dflint.text.contains import contains_any
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.directory_changes import DirectoryChange
    from dflint.semantic.model import SemanticModel
    from dflint.shell.statements import Statement

#: A path that WORKDIR reads as a shell does, variables included.
_READ_ALIKE = LazyPattern(r"(?:[\w./@%+=:,~-]|\$\w+|\$\{\w+\})++")
_NAMES = LazyPattern(r"\$\{?(\w+)")
#: What tells of the directory before.
_OF_BEFORE = LazyPattern(r"OLDPWD|(?<!\S)~-|\bdirs\b|\bpopd\b")
_BACK = LazyPattern(r"cd(?<!\wcd)[ \t]++-(?![\w-])")
#: Directories that are links to others in usual images.
_LINKS = frozenset(
    ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "var/run", "var/lock", "var/mail", "usr/tmp")
)


def workdir_of(change: DirectoryChange, model: SemanticModel) -> str | None:
    """What WORKDIR has to name, in full: one after the other would lead on from there.

    None where nobody knows where a relative directory leads.
    """
    directory = change.directory.replace('"', "").replace("'", "")
    if directory.startswith(("/", "$")):
        return directory
    if not model.state_before(change.run).workdir_set:
        return None
    if model.environment(change.run).get("CDPATH"):
        return None  # `cd` looks there
    from dflint.semantic.directory_reliance import written_directory

    before = written_directory(change, model)
    if before is None:
        return None
    if "$" in before:
        return f"{before.rstrip('/')}/{directory}"
    return join_workdir(before, directory, "linux")


def removed_change(change: DirectoryChange) -> Edit | None:
    """The removal of a `cd` that others follow, and of the `mkdir` of its directory before it."""
    if _may_be_link(change):
        return None
    steps = change.script.steps
    at = next(at for at, step in enumerate(steps) if step is change.command)
    first: Statement = steps[at]
    before = steps[at - 1] if at else None
    if before is not None and getattr(before, "name_value", "") == "mkdir":
        if any(word.text != "-p" for word in before.options):  # type: ignore[attr-defined]
            return None
        first = before
    return _without(change, first, steps[at], steps[at + 1])


def is_made_by_user(change: DirectoryChange, removed: Edit, model: SemanticModel) -> bool:
    """Whether a `mkdir` that goes was another user's than root: some builders make it as root."""
    user = model.state_before(change.run).user
    is_root = user is None or user.partition(":")[0] in ("", "root", "0")
    return not is_root and removed.span.start < change.command.span.start


def removed_needless(change: DirectoryChange) -> Edit | None:
    """The removal of the `cd` alone."""
    if _may_be_link(change) or _may_begin_elsewhere(change):
        return None
    steps = change.script.steps
    at = next(at for at, step in enumerate(steps) if step is change.command)
    return _without(change, steps[at], steps[at], steps[at + 1])


def _may_begin_elsewhere(change: DirectoryChange) -> bool:
    """Whether an argument of the build, or the base image, may have put WORKDIR elsewhere."""
    before = change.tree.instructions[: change.order]
    paths = [one.line.text for one in before if type(one) is Workdir and "$" in one.line.text]
    if not paths:
        return False
    if any(type(one) is Arg for one in before):
        return True
    settings = " ".join(one.line.text for one in before if type(one) is Env)
    return any(name not in settings for path in paths for name in _NAMES.get().findall(path))


def _may_be_link(change: DirectoryChange) -> bool:
    """Whether a link leads there: behind `cd` a shell is where it says, behind WORKDIR at its end.

    `pwd` and `cd ..` tell them apart.
    """
    parts = change.directory.replace('"', "").replace("'", "").strip("/").split("/")
    paths = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    if not _LINKS.isdisjoint(paths):
        return True
    for link in change.script.commands_named("ln"):
        operands = [word.text.strip("\"'/") for word in link.operands]
        if link.start < change.command.start and not set(operands).isdisjoint(paths):
            return True
    for instruction in change.tree.instructions[: change.order]:
        if isinstance(instruction, Run) and "ln " in instruction.line.text:
            words = instruction.line.text.split()
            if "ln" in words and any(word.strip("\"';&/)") in paths for word in words):
                return True
    return False


def _asks_for_before(change: DirectoryChange) -> bool:
    """Whether the script of a `cd` goes back, or has another use for the directory before."""
    text = change.script.text
    if _BACK.get().search(text) is not None:
        return True
    marks = ("OLDPWD", "~-", "dirs", "popd")
    return contains_any(text, marks) and _OF_BEFORE.get().search(text) is not None


def _is_like_array(text: str) -> bool:
    """Whether a script may be an array by itself, for a builder: `RUN [ "$A" ]`."""
    return text[:1] == "[" and text[1:].lstrip(" \t")[:1] in ('"', "]")


def _without(
    change: DirectoryChange, first: Statement, last: Statement, following: Statement
) -> Edit | None:
    line = change.run.line
    source = line.source
    start, end = first.span.start, following.span.start
    gap = source[last.span.end : end]
    if _asks_for_before(change) or "#" in source[start : last.span.end]:
        return None
    if not line.markers and _is_like_array(source[end:]):
        return None
    if change.command.redirects or change.command.assignments:
        return None
    if "#" not in gap:
        return Edit(Span(start, end), "")
    rows = gap.split("\n")
    comments = [row for row in rows[1:-1] if row.lstrip(" \t").startswith("#")]
    if "".join(comments).count("#") != gap.count("#"):
        return None
    # The comments stay, so the line goes on.
    newline = "\r\n" if rows[0].endswith("\r") else "\n"
    begin = "" if line.markers else line.escape + newline
    indent = rows[-1][: len(rows[-1]) - len(rows[-1].lstrip(" \t"))]
    return Edit(Span(start, end), begin + "".join(f"{row}\n" for row in comments) + indent)


def removed_end(change: DirectoryChange) -> Edit | None:
    """The removal of a `cd` that a RUN ends with, and of what joins it to the step before."""
    steps = change.script.steps
    line = change.run.line
    source = line.source
    before = steps[-2]
    start, end = before.span.end, steps[-1].span.end
    if "#" in source[start:end] or source[end : line.end].strip(" \t\r;"):
        return None
    if line.markers:
        return None
    return Edit(Span(start, end), "")


def parted(change: DirectoryChange, workdir: str) -> Edit | None:
    """The WORKDIR in the place of a `cd` in the midst of a RUN, which becomes two."""
    steps = change.script.steps
    at = next(at for at, step in enumerate(steps) if step is change.command)
    line = change.run.line
    source = line.source
    start, end = steps[at - 1].span.end, steps[at + 1].span.start
    gap = source[start:end]
    if line.markers or _is_like_array(change.script.text) or _is_like_array(source[end:]):
        return None
    if _asks_for_before(change) or _may_be_link(change):
        return None
    comments = [row.strip() for row in gap.split("\n") if row.lstrip(" \t").startswith("#")]
    if "".join(comments).count("#") != gap.count("#"):
        return None
    newline = "\r\n" if "\r\n" in source[line.start : line.stop] else "\n"
    run, keyword = _keywords(change.run)
    rows = ["", *comments, f"{keyword} {workdir}", f"{run} "]
    return Edit(Span(start, end), newline.join(rows))


def instruction_above(change: DirectoryChange, workdir: str) -> Edit:
    """A WORKDIR above the RUN, below the comments there."""
    line = change.run.line
    source = line.source
    # A last line may have no end of its own.
    newline = "\r\n" if "\r\n" in source[max(line.start - 2, 0) : line.stop] else "\n"
    _, keyword = _keywords(change.run)
    return Edit.insertion(line.start, f"{keyword} {workdir}{newline}")


def workdir_instruction(change: DirectoryChange, workdir: str) -> str:
    """The WORKDIR as an instruction, in the RUN's case."""
    return f"{_keywords(change.run)[1]} {workdir}"


def is_read_alike(workdir: str) -> bool:
    """Whether WORKDIR makes of the text what a shell made of it."""
    return _READ_ALIKE.get().fullmatch(workdir) is not None and "~" not in workdir[:1]


def is_certain_to_lead_there(change: DirectoryChange) -> bool:
    """Whether the RUN does what follows there, or fails."""
    parent = change.command.parent
    operators = [step.operator_after for step in getattr(parent, "statements", ())]
    directory = change.directory.strip("\"'")
    if parent is None or parent is not change.script.root.statements[-1]:
        return False  # what stands behind the list runs wherever the shell is then
    if parent.operator_after == "&":
        return False  # nobody waits for it to fail
    return (
        change.command.operator_after == "&&"
        and "||" not in operators
        and directory.startswith("/")
        and "$" not in directory
    )


def is_continued_from_before(change: DirectoryChange, model: SemanticModel) -> bool:
    """Whether a RUN before begins with the same `cd`, so that a WORKDIR there holds here."""
    stage = model.stage_of(change.run)
    first = 0 if stage is None else stage.first
    for instruction in reversed(model.tree.instructions[first : change.order]):
        if isinstance(instruction, Run):
            return _begins_with(change, instruction)
        if isinstance(instruction, (Workdir, OnBuild)) or _is_copied_relative(instruction):
            return False
    return False


def is_set_anew(change: DirectoryChange, model: SemanticModel) -> bool:
    """Whether a WORKDIR of the stage follows, and nothing up to it depends on the directory."""
    for instruction in _following(change, model):
        if isinstance(instruction, Workdir):
            arguments = instruction.reading.arguments
            return bool(arguments) and arguments[0].startswith("/")
        if isinstance(instruction, Run) and not _begins_with(change, instruction, True):
            return False
        if isinstance(instruction, OnBuild) or _is_copied_relative(instruction):
            return False
    return False


def is_written_next(change: DirectoryChange, full: str, model: SemanticModel) -> bool:
    """Whether the next WORKDIR of the stage says the same to the letter."""
    following = _following(change, model)
    after = next((one for one in following if isinstance(one, Workdir)), None)
    return after is not None and after.reading.arguments[:1] == (full,)


def former_directory(change: DirectoryChange, model: SemanticModel) -> str | None:
    """The directory to go back to behind the RUN, for what the stage leaves to others.

    None where the base image alone knows it, and where later RUNs go to the same one.
    """
    if not model.state_before(change.run).workdir_set:
        return None
    later = (one for one in _following(change, model) if isinstance(one, Run))
    if any(_begins_with(change, run) for run in later):
        return None
    from dflint.semantic.directory_reliance import written_directory

    return written_directory(change, model)


def leads_back_at_once(change: DirectoryChange, back: Edit, model: SemanticModel) -> bool:
    """Whether a WORKDIR that is put in stands right below, and an earlier one said where."""
    is_below = change.run.line.start < back.span.start <= change.run.line.stop
    return is_below and model.state_before(change.run).workdir_set


def _following(change: DirectoryChange, model: SemanticModel) -> Iterator[Instruction]:
    stage = model.stage_of(change.run)
    last = len(model.tree.instructions) if stage is None else stage.last
    yield from model.tree.instructions[change.order + 1 : last]


def _is_copied_relative(instruction: Instruction) -> bool:
    """Whether it copies to a directory that the one set by WORKDIR may decide."""
    if not isinstance(instruction, (Copy, Add)):
        return False
    arguments = instruction.reading.arguments
    return not arguments or not arguments[-1].startswith("/")


def _begins_with(change: DirectoryChange, run: Instruction, or_fails: bool = False) -> bool:
    """Whether a RUN begins with the same `cd`; with `or_fails`, and does nothing without it."""
    words = run.line.text.split(None, 4)
    if words[1:2] != ["cd"] or len(words) < 4 or words[2].rstrip(";") != change.directory:
        return False
    return words[3] == "&&" or not or_fails


def _keywords(run: Instruction) -> tuple[str, str]:
    word = run.line.text[:3]
    return word, "workdir" if word.islower() else "WORKDIR"
