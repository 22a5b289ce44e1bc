"""Programs of which it is known that they read what their words name, and run no other program.

Facts from their manuals. Left out is what reads the names of files from files, walks a tree that
no word names, runs hooks or scripts of a project, or tells of the whole file system (`df`).
"""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class PlainTool:
    """What may stand behind a program's name.

    `letters` and `names` are the short and long options that may be given, None for all.
    `is_text` tells that words are no paths, `is_unpacking` that it writes to the working
    directory what no word names.
    """

    __slots__ = ("is_text", "is_unpacking", "letters", "names")

    def __init__(
        self,
        letters: str | None = None,
        names: str = "",
        is_text: bool = False,
        is_unpacking: bool = False,
    ) -> None:
        self.letters = letters
        self.names = frozenset(names.split())
        self.is_text = is_text
        self.is_unpacking = is_unpacking

    def takes(self, options: Sequence[str]) -> bool:
        """Whether all of some options are known to name all that is read, and to run nothing."""
        return self.letters is None or all(map(self._takes, options))

    def _takes(self, option: str) -> bool:
        if option.startswith("--"):
            return option.partition("=")[0] in self.names
        return all(letter in (self.letters or "") for letter in option[1:])


_PATHS = PlainTool()
_TEXTS = PlainTool(is_text=True)
PLAIN_TOOLS = {
    **dict.fromkeys(
        ("cat", "chgrp", "chmod", "chown", "chpasswd", "cp", "date", "groupadd", "head", "hostname",
         "ldconfig", "ln", "locale-gen", "localedef", "mkdir", "mv", "rm", "rmdir", "tail", "tee",
         "test", "[", "touch", "useradd", "usermod"),
        _PATHS,
    ),
    **dict.fromkeys(
        (":", "basename", "dirname", "echo", "exit", "export", "false", "id", "nproc", "pwd",
         "sleep", "tr", "true", "uname", "whoami"),
        _TEXTS,
    ),
    "cd": PlainTool(""),
    "curl": PlainTool(
        "fsSLkOJogv#",
        "--fail --silent --show-error --location --insecure --output --remote-name --retry"
        " --retry-delay --create-dirs --compressed --progress-bar --connect-timeout --max-time"
        " --proto --tlsv1.2",
    ),
    "git": PlainTool(
        "bq", "--depth --branch --single-branch --recursive --recurse-submodules --quiet"
    ),
    "grep": PlainTool("qEFivxnwco"),
    "gunzip": PlainTool("cdfkqvn"),
    "install": PlainTool("dmogDv"),
    # It may give what it prints to a variable.
    "printf": PlainTool("", is_text=True),
    "sed": PlainTool("iErn", "--in-place --regexp-extended"),
    "set": PlainTool("euxo", is_text=True),
    "tar": PlainTool(
        "xzjJvfCpkm",
        "--strip-components --strip --directory --no-same-owner --extract --file --gzip",
        is_unpacking=True,
    ),
    "unzip": PlainTool("qodjn", is_unpacking=True),
    "wget": PlainTool(
        "qOPnvcN",
        "--quiet --no-check-certificate --output-document --progress --show-progress --no-verbose"
        " --tries --timeout --retry-connrefused --directory-prefix --secure-protocol",
    ),
}  # fmt: skip
#: A command of sed that replaces or removes lines: it runs nothing (`e`), and neither reads nor
#: writes another file (`r`, `w`).
_REPLACING = LazyPattern(
    r"/[^/\\\n]*/d"
    r"|s([/|#,@])(?:(?!\1)[^\\\n]|\\[^\n])*\1(?:(?!\1)[^\\\n]|\\[^\n])*\1[gIp0-9]*"
)
#: Variables that make a shell or one of these programs do something else.
_STEERING = LazyPattern(
    r"(?:BASH|LD|GIT|SSH|TAR|GREP|SHELLOPTS|GLOBIGNORE|ENV\Z|PS[0-9]|PROMPT_|CURL_|WGETRC|SYSTEM_WGETRC"
    r"|XDG_CONFIG|GZIP|BZIP|XZ_|UNZIP|ZIPINFO|APT_CONFIG|POSIXLY|CDPATH|IFS\Z)"
)
#: Files that do the same.
_STEERING_FILES = LazyPattern(
    r"ld\.so\.preload|gitconfig|git +config|git[ -]lfs|curlrc|wgetrc|useradd-p|groupadd-p|apt\.conf"
)


def is_replacing(script: str) -> bool:
    """Whether a word is a script of sed that does no more than replace."""
    return _REPLACING.get().fullmatch(script) is not None


def is_local(url: str) -> bool:
    """Whether curl would read a file for it, however that is spelt."""
    return url.lower().startswith("file:")


def clones(operands: Sequence[str]) -> bool:
    """Whether operands make git clone a repository from elsewhere, which runs nothing of it."""
    return operands[:1] == ["clone"] and any(one.startswith("https://") for one in operands)


def steers(name: str) -> bool:
    """Whether a variable may make a plain program do something else."""
    return _STEERING.get().match(name) is not None


def names_steering_file(text: str) -> bool:
    """Whether a text names a file that may make a plain program do something else."""
    return _STEERING_FILES.get().search(text) is not None


#: What other programs may not be called.
NAMES_OF_TOOLS = frozenset((*PLAIN_TOOLS, "sh", "dash", "bash", "apt-get", "apt", "git", "dpkg"))
_NAMES = "|".join(map(re.escape, sorted(NAMES_OF_TOOLS)))
_FOLDERS = LazyPattern(r"/(?:usr/)?(?:local/)?s?bin/?")
_FOLDER = r"/?(?:usr/)?(?:local/)?s?bin"
#: Where a program is made, moved or removed that others find by that name: in its folder, by a
#: name there, from a place where it has that name already, or by a glob.
_PLACES = LazyPattern(
    rf"(?<![\w./-])cd\s+[\"']?{_FOLDER}/?(?![\w./-])"
    r"|(?:>|(?<![\w./-])(?:cp|mv|ln|install|tee|rm|curl|wget|dpkg-divert|update-alternatives)(?![\w-])"
    rf"[^;&|\n]*?[\s\"'=])\s*+[\"']?{_FOLDER}/(?:{_NAMES})(?![\w.-])"
    r"|(?<![\w./-])(?:cp|mv|ln|install)\s[^;&|\n]*?"
    rf"(?:[\s\"'/](?:{_NAMES})|[*?\]])[\"']?\s[^;&|\n]*?{_FOLDER}/?[\"']?(?=[\s;&|]|\Z)"
)


def replaces_tool(text: str) -> bool:
    """Whether a text seems to make another program of a plain one."""
    return _PLACES.get().search(text) is not None


def is_folder_of_tools(path: str) -> bool:
    """Whether a directory is one in which plain programs are."""
    return _FOLDERS.get().fullmatch(path) is not None
