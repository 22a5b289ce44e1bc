"""What of a script works in the directory that it starts in, as far as its text shows.

Of programs that are not known only a path tells that is plainly a relative one.
"""

from __future__ import annotations

from itertools import pairwise

from dflint.shell.inner_scripts import inner_scripts
from dflint.shell.invocation import Argument, Invocation
from dflint.shell.statements import Kind
from dflint.shell.working_programs import ELSEWHERE, MODULES, WORKING
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.shell.commands import Command
    from dflint.shell.script import Script
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

_PWD = LazyPattern(r"\$\{?PWD(?!\w)")
#: What some do wherever they start, when no operand is a path.
_ANYWHERE = {
    "bundle": ("--system",),
    "cabal": ("update",),
    "cargo": ("install", "login", "search"),
    "go": ("clean", "get", "install"),
    "npm": ("cache", "config", "set"),
    "pnpm": ("config",),
    "pm2": ("install",),
    "stack": ("setup", "update"),
    "yarn": ("cache", "config"),
}
#: Options that name the directory to work in, or the one that is filled.
_DIRECTORY = (
    "--chdir", "--cwd", "--dir", "--directory", "--directory-prefix", "--file", "--git-dir",
    "--manifest-path", "--prefix", "--project", "--working-dir", "-B", "-C", "-P", "-d", "-f", "-p",
)  # fmt: skip
#: Options of programs that write one file, or fill one directory.
_OUTPUT = {
    "wget": ("-O", "--output-document", "-P", "--directory-prefix"),
    "curl": ("-o", "--output", "--output-dir"),
    "tar": ("-C", "--directory"),
    "unzip": ("-d",),
}
#: Programs whose operands are files, with the number of those before that are none.
_FILING = {
    ".": 0, "7z": 0, "bunzip2": 0, "bzip2": 0, "cat": 0, "chgrp": 1, "chmod": 1, "chown": 1,
    "cmp": 0, "cp": 0, "crontab": 0, "diff": 0, "dos2unix": 0, "dpkg": 0, "du": 0, "find": 0,
    "gunzip": 0, "gzip": 0, "head": 0, "install": 0, "ls": 0, "mkdir": 0, "mv": 0, "rm": 0,
    "rmdir": 0, "rsync": 0, "sort": 0, "source": 0, "stat": 0, "tail": 0, "tee": 0, "touch": 0,
    "unrar": 0, "unxz": 0, "wc": 0, "xz": 0, "zip": 0,
}  # fmt: skip
#: Programs of which the first operand is a script.
_INTERPRETING = frozenset((
    "Rscript", "ash", "bash", "dash", "node", "nodejs", "perl", "php", "python", "python2",
    "python3", "ruby", "sh", "ts-node", "zsh",
))  # fmt: skip
#: What these are told is no path.
_TEXTUAL = frozenset(("echo", "expr", "export", "printf", "set", "su", "useradd", "usermod"))
_SUFFIXES = frozenset((
    "7z", "R", "bz2", "cfg", "cnf", "conf", "crt", "csr", "csv", "db", "deb", "diff", "env", "gem",
    "gz", "html", "ini", "ipynb", "jar", "jks", "js", "json", "key", "lock", "log", "lua", "mjs",
    "p12", "patch", "pem", "php", "pl", "properties", "py", "rb", "rpm", "run", "sh", "sql",
    "sqlite", "sqlite3", "tar", "tbz2", "tgz", "toml", "ts", "txt", "war", "whl", "xml", "xz",
    "yaml", "yml", "zip", "zst",
))  # fmt: skip
_TESTING = frozenset(("-d", "-e", "-f", "-r", "-s", "-w", "-x"))
#: What was found of texts: they are asked about for each `cd` above them, and in later versions.
_found: dict[str, bool] = {}
_MOST_FOUND = 1024


def uses_directory(script: Script) -> bool:
    """Whether something of a script plausibly works in the directory that the script starts in."""
    found = _found.get(script.text)
    if found is None:
        if len(_found) == _MOST_FOUND:
            _found.clear()
        found = _found[script.text] = _any_use(script)
    return found


def _any_use(script: Script) -> bool:
    if script.error is not None or _walks(script):
        return True
    left: list[Statement] = []  # what a `cd` has led elsewhere
    for command in script.commands:
        if _is_elsewhere(command, left):
            continue
        if command.name_value in ("cd", "pushd"):
            operand = next(command.operands, None)
            if operand is not None and is_relative(operand.prefix):
                return True
            if _is_certain(command):
                left.append(command.scope)
        elif _uses(command):
            return True
    return any(
        uses_directory(inner.script)
        for inner in inner_scripts(script)
        if not _is_elsewhere(inner.command, left)
    )


def _walks(script: Script) -> bool:
    """Whether a loop goes through files of the directory, before any `cd`."""
    if "for" not in script.text:
        return False
    changes = script.commands_named("cd", "pushd")
    end = changes[0].start if changes else len(script.text)
    loops = [one for one in script.constructs if one.kind is Kind.LOOP and one.start < end]
    headers = [one.header for one in loops]
    words = [word.prefix for header in headers if header is not None for word in header[1] or ()]
    return any(is_plainly_relative(word) or (is_relative(word) and "*" in word) for word in words)


def _is_elsewhere(command: Command, left: list[Statement]) -> bool:
    outer: list[Statement] = [command.scope, *command.ancestors] if left else []
    return any(one is scope for one in left for scope in outer)


def _is_certain(change: Command) -> bool:
    """Whether all that follows in its scope follows a `cd`."""
    parent = change.parent
    while parent is not None and parent is not change.scope:
        if parent.kind not in (Kind.AND_OR, Kind.GROUP):
            return False
        parent = parent.parent
    return True


def is_relative(path: str) -> bool:
    """Whether a path begins where the shell is; false for what begins with an expansion."""
    return path[:1] not in ("", "/", "~", "-") and "://" not in path and path[1:2] != ":"


def is_plainly_relative(path: str) -> bool:
    """Whether a word is a path that begins where the shell is, and not some other name."""
    if path.startswith(("./", "../")) or path in (".", "..", "*"):
        return True
    if not is_relative(path) or ":" in path or "@" in path or "=" in path:
        return False
    if path[-1] == "/":
        return True
    _, dot, suffix = path.rpartition(".")
    return bool(dot) and suffix in _SUFFIXES


def _uses(command: Command) -> bool:
    if _redirects_here(command) or _PWD.get().search(command.text) is not None:
        return True
    word = command.program_word
    if word is None or (is_relative(word.prefix) and "/" in word.prefix):
        return word is not None
    name = command.program or ""
    if name in _TEXTUAL:
        return False
    call = Invocation(command, name, _arguments)
    use = _KNOWN.get(name)
    if use is not None:
        return use(call)
    if call.tool is not None and call.tool.name == "pip":
        return _installs(call)
    if name in WORKING or (call.tool is not None and call.tool.name in WORKING):
        return _works_here(call)
    if name in _FILING:
        return any(is_relative(one.prefix) for one in _files(call, _FILING[name]))
    if name in _INTERPRETING and call.name == name:
        return _interprets(call)
    return any(is_plainly_relative(_path(one)) for one in call.arguments)


def _redirects_here(command: Command) -> bool:
    return any(
        one.target is not None
        and one.operator not in (">&", "<&")
        and not one.operator.startswith("<<")
        and is_relative(one.target.prefix)
        for one in command.redirects
    )


def _arguments(words: Iterable[Word]) -> list[Argument]:
    return [Argument(word, word.value, word.prefix) for word in words]


def _path(argument: Argument) -> str:
    """An argument, or the value that an option is given with `=`."""
    prefix = argument.prefix
    return prefix.partition("=")[2] if prefix[:1] == "-" else prefix


def _files(call: Invocation, skipped: int) -> list[Argument]:
    operands = call.operands
    if call.name == "find":  # the rest is its expression
        for at, one in enumerate(call.arguments):
            if one.prefix[:1] in ("-", "(", "!"):
                return call.arguments[:at]
    if call.name == "dpkg":
        return [one for one in operands if one.prefix.endswith(".deb")]
    return operands[skipped:]


def _works_here(call: Invocation) -> bool:
    arguments = [one.prefix for one in call.arguments]
    paths = any(is_plainly_relative(_path(one)) for one in call.arguments)
    name = call.tool.name if call.tool is not None else call.name or ""
    if name == "git" and call.verb == "clone":
        return _clones_here(call)
    if not ELSEWHERE.isdisjoint(arguments) or call.verb in _ANYWHERE.get(name, ()):
        return paths
    if arguments == [] and name in ("go", "git", "npm", "cargo"):
        return False  # says how it is called
    values = [
        one.prefix.partition("=")[2] if "=" in one.prefix else after
        for one, after in zip(call.arguments, [*arguments[1:], "."], strict=False)
        if one.prefix.partition("=")[0] in _DIRECTORY
    ]
    return paths or not values or any(map(is_relative, values))


def _installs(call: Invocation) -> bool:
    """For pip: names of packages may end as files do (`ruamel.yaml`)."""
    named = ("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t", "--target")
    return any(map(_is_file_here, call.option_values(*named))) or any(
        one.prefix[:1] == "."
        or (one.prefix.endswith((".whl", ".gz", ".zip")) and is_relative(one.prefix))
        for one in call.operands
    )


def _clones_here(call: Invocation) -> bool:
    operands = call.operands
    if any(not is_relative(value or "") for value in call.option_values("-C")):
        return False
    return len(operands) < 2 or is_relative(operands[-1].prefix)


def _downloads(call: Invocation) -> bool:
    """For what wget writes; without an option a file of the same name."""
    values = [one for one in call.options if one.name in _OUTPUT["wget"]]
    if not values:
        return any(one.prefix or one.value is None for one in call.operands)
    return any(_is_file_here(one.value) for one in values)


def _transfers(call: Invocation) -> bool:
    """For what curl writes; without an option its output."""
    if call.option("-O", "--remote-name", "--remote-name-all") is not None:
        into = call.option("--output-dir")
        return into is None or _is_file_here(into.value)
    return any(_is_file_here(value) for value in call.option_values(*_OUTPUT["curl"]))


def _is_file_here(value: str | None) -> bool:
    return value is not None and is_relative(value)


def _unpacks(call: Invocation) -> bool:
    """For `tar` and `unzip`; what is packed or unpacked stands here unless they are told."""
    options = _OUTPUT["tar" if call.name != "unzip" else "unzip"]
    archives = [one.prefix for one in call.arguments]
    if any(is_plainly_relative(one) for one in archives):
        return True
    for at, one in enumerate(archives):
        name, _, value = one.partition("=")
        if name in options or one[:2] == "-C" or one[:2] == "-d":
            value = value or one[2:] or "".join(archives[at + 1 : at + 2])
            return is_relative(value)
    if any(one == "--version" or one == "--help" for one in archives):
        return False
    return bool(archives)


def _links(call: Invocation) -> bool:
    """For `ln`: a symbolic link's target is read from where the link is."""
    operands = call.operands
    into = call.option_values("-t", "--target-directory")
    if into:
        return any(map(_is_file_here, into))
    if len(operands) == 1:
        return True
    is_symbolic = call.option("-s", "--symbolic") is not None
    return any(is_relative(one.prefix) for one in (operands[-1:] if is_symbolic else operands))


def _edits(call: Invocation) -> bool:
    """For `sed` and `grep`: the first operand is what they look for, unless an option says it."""
    is_given = call.option("-e", "-f", "--expression", "--file", "--regexp") is not None
    operands = call.operands if is_given else call.operands[1:]
    return any(is_relative(one.prefix) for one in operands)


def _tests(call: Invocation) -> bool:
    values = [one.prefix for one in call.arguments]
    return any(one in _TESTING and is_relative(after) for one, after in pairwise(values))


def _interprets(call: Invocation) -> bool:
    for at, one in enumerate(call.arguments):
        prefix = one.prefix
        if prefix[:1] != "-":
            return is_relative(prefix)
        if prefix == "-m":
            module = next((after.prefix for after in call.arguments[at + 1 :]), "")
            if module.partition(".")[0] not in MODULES:
                return True
        if prefix == "-m" or prefix[:2] in ("-c", "-e", "-r"):
            return any(is_plainly_relative(_path(rest)) for rest in call.arguments[at:])
    return False


def _fetches(call: Invocation) -> bool:
    """For apt, which downloads packages to where it starts, and installs files by their paths."""
    here = call.verb in ("download", "source")
    return here or any(is_plainly_relative(one.prefix) for one in call.operands)


def _copies(call: Invocation) -> bool:
    """For `dd`."""
    pairs = [one.prefix.partition("=") for one in call.arguments]
    return any(name in ("if", "of") and is_relative(path) for name, _, path in pairs)


def _sums(call: Invocation) -> bool:
    """For `sha256sum` and the like; a list of sums names files."""
    is_list = call.option("-c", "--check") is not None
    named = any(is_relative(one.prefix) for one in call.operands)
    return named or (is_list and not call.operands)


def _starts_java(call: Invocation) -> bool:
    values = [one.prefix for one in call.arguments]
    for name, value in pairwise(values):
        if name in ("-cp", "-classpath", "--class-path"):
            return any(map(is_relative, value.split(":")))
        if name == "-jar":
            return is_relative(value)
    return any(value[:1] not in ("-", "") for value in values)  # looks for classes here


def _tells(call: Invocation) -> bool:
    """For `pwd` in a substitution or written to a file, where something is made of it."""
    return bool(call.command.redirects) or any(
        one.kind is Kind.SUBSTITUTION for one in call.command.ancestors
    )


def _runs_r(call: Invocation) -> bool:
    """For `R CMD INSTALL x`; `R -e …` works on the libraries."""
    first = next((one.prefix for one in call.arguments), "")
    return first == "CMD" and any(is_relative(one.prefix) for one in call.operands[2:])


def _makes_key(call: Invocation) -> bool:
    return any(map(_is_file_here, call.option_values("-f")))


_KNOWN: dict[str, Callable[[Invocation], bool]] = {
    "R": _runs_r,
    "[": _tests,
    "[[": _tests,
    "apt": _fetches,
    "apt-get": _fetches,
    "curl": _transfers,
    "dd": _copies,
    "egrep": _edits,
    "grep": _edits,
    "java": _starts_java,
    "ln": _links,
    "md5sum": _sums,
    "pwd": _tells,
    "sha1sum": _sums,
    "sha256sum": _sums,
    "sha512sum": _sums,
    "sed": _edits,
    "ssh-keygen": _makes_key,
    "tar": _unpacks,
    "test": _tests,
    "unzip": _unpacks,
    "wget": _downloads,
}
