"""Pipelines in which a command may fail without anybody noticing.

The status of a pipeline is that of its last command (POSIX.1-2017, Shell Command Language,
2.9.2); with `pipefail` it is that of the last one that failed.
"""

from __future__ import annotations

from dflint.shell.commands import Command
from dflint.shell.inner_scripts import inner_scripts
from dflint.shell.statements import Construct, Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.statements import Statement

# These cannot fail, or their failure is an answer (`grep`), or they list what is there: nothing
# to list is nothing to do.
_HARMLESS = frozenset((
    "echo", "printf", "yes", "true", "false", ":", "pwd", "date", "uname", "id", "whoami",
    "hostname", "arch", "nproc", "seq", "sleep", "dirname", "basename", "set", "shift", "grep",
    "egrep", "fgrep", "test", "[", "[[", "command", "which", "type", "diff", "cmp", "ls", "find",
    "ldd", "dpkg", "dpkg-query", "ps", "df", "du", "mount", "env", "printenv", "scanelf", "readelf",
    "objdump", "nm", "file", "stat", "getent", "apt-cache", "apt-mark", "update-alternatives",
    "lsb_release", "getconf", "history", "alias", "export", "read", "readlink", "realpath",
    "tee",
))  # fmt: skip
# These read what they are given: without a file they do not fail either.
_FILTERS = frozenset((
    "tr", "cut", "sort", "uniq", "wc", "rev", "tac", "head", "tail", "fold", "fmt", "nl", "column",
    "paste", "expand", "cat",
))  # fmt: skip
# Verbs of package managers and others that list (`apk info`).
_LISTING = ("info", "list", "show", "freeze", "search", "query")
_SCRIPTED_FILTERS = frozenset(("sed", "awk", "gawk", "mawk", "xargs"))
# These fail when they are given nothing to read, and so notice.
_NOTICING = frozenset((
    "tar", "bsdtar", "grep", "egrep", "fgrep", "rg", "unzip", "funzip", "gunzip", "bunzip2", "unxz",
    "unlzma", "zcat", "xzcat", "bzcat", "zstdcat", "gpg", "gpg2", "gpgv", "apt-key", "cpio", "read",
    "git", "kubectl", "docker",
))  # fmt: skip
_DECOMPRESSORS = frozenset(("gzip", "pigz", "xz", "bzip2", "lbzip2", "zstd", "lzma", "lz4"))
_CHECKSUMS = frozenset((
    "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum", "shasum",
))  # fmt: skip
# These stop reading early, and so end the ones before them; then `pipefail` would do harm.
_CUTTING = frozenset(("head", "true", ":"))


_NOT_FOR_NOTHING = ("-r", "--no-run-if-empty", "-I", "-i", "--replace")
# These fail when `xargs` runs them without an argument, as it does once where it reads nothing.
_NEEDING_OPERANDS = frozenset((
    "wget", "curl", "pip", "pip3", "chmod", "chown", "cp", "mv", "ln", "rmdir", "mkdir", "touch",
))  # fmt: skip


def unnoticed_failures(program: Program) -> Iterator[tuple[Construct, Command]]:
    """The pipelines of a program with the first command in each that may fail unnoticed."""
    for pipeline in program.script.pipelines:
        if not _is_status_used(pipeline) or "pipefail" in program.options_at(pipeline):
            continue
        members = pipeline.statements
        if _notices(members[-1]) or any(map(_cuts, members)) or _is_verified(program, members[-1]):
            continue
        for member in members[:-1]:
            command = failing(member)
            if command is not None and not _runs_what_cannot_fail(program, command):
                yield pipeline, command
                break


def is_checked(program: Program, pipeline: Construct) -> bool:
    """Whether the RUN ends when the pipeline fails."""
    statement: Statement = pipeline
    while statement.parent is not None and statement.parent.kind in _ENDED_BY_LAST:
        if statement.index + 1 < len(statement.parent.statements):
            break
        statement = statement.parent
    after = statement.operator_after
    return after in (None, "&&") or "errexit" in program.options_at(pipeline)


# The status of these is that of their last statement.
_ENDED_BY_LAST = (Kind.BRANCH, Kind.IF, Kind.GROUP, Kind.SUBSHELL, Kind.CASE)


def _is_status_used(pipeline: Construct) -> bool:
    """Whether the status is more than a condition, and not thrown away on purpose."""
    if pipeline.is_negated or pipeline.operator_after in ("||", "&"):
        return False
    for outer in pipeline.ancestors:
        kind = outer.kind
        if kind is Kind.CONDITION or kind is Kind.PROCESS:
            return False
        if kind is Kind.SUBSTITUTION:
            return is_lone_value(outer)
        if outer.is_negated or outer.operator_after == "||":
            return False
    return True


def is_lone_value(substitution: Construct) -> bool:
    """Whether a substitution is the value of an assignment: elsewhere its status is lost."""
    if substitution.parent is None:
        return False
    for statement in substitution.parent.statements:
        if statement.start <= substitution.start < statement.end:
            is_plain = isinstance(statement, Command) and not statement.words
            return is_plain and statement.operator_after != "||"
    return False


def _runs_what_cannot_fail(program: Program, command: Command) -> bool:
    """Whether it is a shell that is given nothing but that: `sh -c "echo x"`."""
    found = [one.script for one in inner_scripts(program.script) if one.command is command]
    return bool(found) and all(
        script.error is None and all(failing(one) is None for one in script.commands)
        for script in found
    )


def failing(member: Statement) -> Command | None:
    """The first command of a pipeline's member that may fail for reasons from outside."""
    if isinstance(member, Construct):
        for inner in member.statements:
            found = failing(inner)
            if found is not None:
                return found
        return None
    assert isinstance(member, Command)
    program = member.program
    if program in _HARMLESS or not member.words:
        return None
    words = [word.prefix for word in member.operands]
    operands = len(words)
    if words and words[0] in _LISTING:
        return None
    if program in _FILTERS and (operands == 0 or program == "tr"):
        return None
    if program in _SCRIPTED_FILTERS and operands <= 1:
        return None
    if program == "cat" and any(word.startswith("/proc/") for word in words):
        return None
    if program in _FILTERS and any(one.operator.startswith("<<") for one in member.redirects):
        return None
    return member


def _notices(last: Statement) -> bool:
    """Whether the last command of a pipeline fails when it is given nothing."""
    if not isinstance(last, Command):
        return False
    program = last.program
    is_run = _is_run_once(last)
    if is_run is not None:
        return is_run and (program in _NEEDING_OPERANDS or program in _NOTICING)
    if program in _DECOMPRESSORS:
        return last.find_option("-d", "--decompress", "--uncompress") is not None
    if program in _CHECKSUMS:
        return _compares(last)
    if program == "dpkg":
        return last.find_option("-i", "--install") is not None
    return program in _NOTICING


def _is_run_once(last: Command) -> bool | None:
    """Whether `xargs` runs the program although it reads nothing; None where there is no `xargs`.

    It does, without an argument, unless it is told not to or puts what it reads in a place.
    """
    words = last.leading_words
    for at, word in enumerate(words):
        if word.text.rpartition("/")[2] == "xargs":
            own = [one.text for one in words[at + 1 : -1]]
            return not any(one.startswith(_NOT_FOR_NOTHING) for one in own)
    return None


def _is_verified(program: Program, last: Statement) -> bool:
    """Whether a later command compares what a pipeline writes with a checksum."""
    if not isinstance(last, Command):
        return False
    written = [
        redirect.target.text
        for redirect in last.redirects
        if redirect.target is not None and redirect.operator in (">", ">|")
    ]
    for command in program.script.commands:
        if command.start > last.start and _compares(command):
            pipeline = command.parent
            text = pipeline.text if pipeline and pipeline.kind is Kind.PIPELINE else ""
            if not set(written).isdisjoint(text.replace('"', " ").replace("'", " ").split()):
                return True
    return False


def _compares(command: Command) -> bool:
    return command.program in _CHECKSUMS and command.find_option("-c", "--check") is not None


def _cuts(member: Statement) -> bool:
    if not isinstance(member, Command):
        return False
    if member.program in ("grep", "egrep", "fgrep"):
        return member.find_option("-q", "-m", "--quiet", "--max-count") is not None
    return member.program in _CUTTING
