"""What programs print: one plain word, lines that are a list, or what they are given, cut."""

from __future__ import annotations

from dflint.shell.shapes import EMPTY, LIST, UNKNOWN, WORD, shape_of_text
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: What prints nothing that a substitution would see.
SILENT = frozenset((
    "[", "[[", "((", "test", "true", ":", "false", "cd", "pushd", "export", "set", "local",
    "readonly", "declare", "typeset", "unset", "source", ".", "exit", "mkdir", "rm", "touch",
    "sleep", "shift", "return", "trap", "umask", "ulimit", "chmod", "chown",
))  # fmt: skip
#: What prints the paths that it is given, or a part of them.
PATH_PRINTERS = frozenset(("basename", "dirname", "readlink", "realpath"))
#: What prints nothing but lines, or parts of lines, that it reads.
_CUTTERS = frozenset(("cut", "sort", "uniq", "tac", "rev", "tee", "head", "tail"))
_GREPS = frozenset(("grep", "egrep", "fgrep"))
_AWKS = frozenset(("awk", "gawk", "mawk"))
FILTERS = _CUTTERS | _GREPS | _AWKS | {"tr", "sed", "wc", "xargs"}

# A command with its arguments, quotes removed and one blank between them; `\S+` is an argument
# that does not matter, `.*` any of them.
_ONE_WORD = LazyPattern(
    r"""(?x:
      nproc (?:[ ].*)? | arch | hostname (?:[ ]-[sf])? | whoami | logname | tty | pwd (?:[ ]-[PL])?
    | uname (?:[ ]-[mnsrip] | [ ]--(?:machine|nodename|kernel-name|kernel-release))?
    | id [ ] -(?:u|g|un|gn|nu|ng) (?:[ ]\S+)? | id [ ] -[ug] [ ] -n (?:[ ]\S+)?
    | getconf [ ] [A-Z_]+
    | dpkg [ ] --print-architecture | dpkg-architecture [ ] (?:-q|--query[ =])\s?\w+
    | apk [ ] --print-arch | rpm [ ] (?:-E|--eval) [ ] %\S+
    | lsb_release [ ] (?:-[csri]{2} | --short[ ]--(?:codename|release|id)
                        | --(?:codename|release|id)[ ]--short | -[cri][ ]-s | -s[ ]-[cri])
    | go [ ] env [ ] (?!\w*FLAGS)[A-Z0-9_]+ | go [ ] list [ ] -m [ ] -f[ =]\S+ [ ] \S+
    | xx-info (?:[ ][a-z-]+)?
    | mktemp (?:[ ].*)? | date [ ] (?:-u[ ])? \+(?!.*%c)\S+
    | expr [ ] (?:[^:*?\[\\]|\\?\*[ ])++ | wc [ ] -[lcmw]
    | stat [ ] (?:-L[ ])? -c[ ]?%[aghiuGUs] [ ] \S+
    | (?:which|command[ ]-v|type[ ]-[pP]) [ ] \S+ | e?grep [ ] -\w*c\w* [ ] \S+ [ ] \S+
    | git [ ] (?:.*[ ])? (?:rev-parse [ ] (?:--short[ ])? \S+ | describe (?:[ ].*)?
        | rev-list [ ] (?:.*[ ])? (?:-1|-n[ ]?1|--max-count=1) (?:[ ].*)?
        | branch [ ] --show-current)
    | git [ ] log [ ] (?:-1|-n[ ]?1) [ ] (?:--pretty=format:|--format=)%[hH] (?:[ ]--)? (?:[ ]\S+)?
    | (?:gcc|g\+\+|cc|c\+\+|clang) [ ] -(?:dumpmachine|dumpversion|dumpfullversion|print-multiarch)
    | rustc [ ] --print [ ] (?:sysroot|host-tuple) | (?:node|npm|yarn|pnpm) [ ] (?:-v|--version)
    | npm [ ] (?:root|prefix|bin)[ ](?:-g|--global) | yarn [ ] global [ ] (?:bin|dir)
    | pg_config [ ] --\w*dir | php-config\S* [ ] --(?:extension-dir|phpapi|prefix|version)
    | llvm-config\S* [ ] --(?:version|prefix|bindir|libdir|includedir|src-root|host-target)
    | python[\d.]*-config [ ] --(?:prefix|exec-prefix|configdir|extension-suffix)
    | python[\d.]* [ ] -m [ ] site [ ] --user-(?:site|base)
    | php\S* [ ] (?:-\w[ ])* -r [ ] echo \s* (?: [ .] | PHP_[A-Z_]+ | [A-Z]+_VERSION | -
        | ini_get\(.extension_dir.\) )+ ;?\s*
    | python\S* [ ] -c [ ] [^"]* \bprint\((?:(?:os\.path\.)?dirname\()?(?:
        [\w.]+\.__(?:path__\[0\]|file__|version__) | site\.get\w+\(\)(?:\[\d\])?
        | (?:distutils\.)?sysconfig\.get_\w+\((?:['"]\w+['"])?\)
        | sys\.(?:prefix|base_prefix|executable)
        | f?['"](?:[{.}]|sys\.version_info(?:\.\w+|\[\d\]))+['"])\)?\) ;?
    | jupyter [ ] --(?:data|config|runtime)-dir | (?:stack[ ])? ghc [ ] (?:--[ ])? --print-libdir
    | stack [ ] path [ ] --\S+ | openssl [ ] passwd [ ] .* | mkpasswd [ ] .*
    | conda [ ] info [ ] --base | opam [ ] var [ ] \S+ | brew [ ] --prefix (?:[ ]\S+)?
    | openssl [ ] rand [ ] -hex [ ] \d+ | uuidgen | (?:java_home|/usr/libexec/java_home)
    )\Z"""
)
#: Pipelines whose last program takes the first field of a line, or another that has no blanks.
_FIELDS = LazyPattern(
    r"""(?x:
      (?:md5|sha\d*|b2)sum \b [^|]* \| \s* (?:cut\s+-d\s?(?:'[ ]'|"[ ]"|\\[ ])\s+-f\s?1
        | awk\s+'\{\s*print\s+\$1;?\s*\}' | head\s+-c\s?\d+)
    | shasum \b [^|]* \| \s* (?:cut\s+-d\s?'[ ]'\s+-f\s?1 | awk\s+'\{\s*print\s+\$1;?\s*\}')
    | getent \s+ (?:passwd|group) \s [^|]* \| \s* cut \s+ -d\s?["']?:["']? \s+ -f\s?[1-467]
    )\s*\Z"""
)
_LISTS = LazyPattern(
    r"""(?xs:
      find (?!.*[ ]-quit\b) .* | ls (?:[ ].*)? | ldd [ ] .* | seq [ ] .* | xargs .*
    | (?:\S*-config|pkg-config|pkgconf|pkg-config-\S+) [ ] (?:.*[ ])? --\w*(?:libs|flags)\b .*
    | python[\d.]*-config [ ] .* | git [ ] (?:.*[ ])? (?:ls-files|diff) \b .* | go [ ] list \b .*
    | e?grep [ ] (?:.*[ ])? (?:-\w*[lLv]\w*|--files-with(?:out)?-match(?:es)?|--invert-match) [ ] .*
    | apt-mark [ ] show\w+ .* | dpkg-query [ ] .* | dpkg [ ] (?:-L|-l|--get-selections) \b .*
    | rpm [ ] -q[al] .* | pip3? [ ] (?:list|freeze) .* | apk [ ] info .* | scanelf [ ] .*
    | gem [ ] list .* | compgen [ ] .* | dpkg [ ] --print-foreign-architectures
    | (?:sort|uniq|comm|tac) [ ] .* | uname [ ] -(?:[avo]|[mnsripvoa]{2,})
    )\Z""",
)
_SUBSTITUTE = LazyPattern(
    r"s([,/|#@:!+_%])(?:\\.|\[\^?\]?[^\]]*+\]|(?!\1).)*+\1((?:\\.|(?!\1).)*+)\1[gpIi0-9]*\Z"
)
_PRINT_FIELD = LazyPattern(r"\s*\{\s*print\s*\$(?:\d|NF|\{NF\}|\(NF(?:-\d)?\))\s*;?\s*\}\s*\Z")


def printed_shape(line: str) -> int:
    """The shape of what a command prints that reads nothing, by the text of its words."""
    if _ONE_WORD.get().match(line):
        return WORD
    return LIST if _LISTS.get().match(line) else UNKNOWN


def is_one_field(pipeline: str) -> bool:
    """Whether a pipeline, by its text, prints one field that never has blanks in it."""
    return _FIELDS.get().match(pipeline) is not None


def filtered_shape(program: str, arguments: Sequence[str | None], shape: int) -> int:
    """The shape of what a filter makes of what has a shape; None is an argument not known."""
    if None in arguments:
        return UNKNOWN
    words = [word for word in arguments if word is not None]
    if program not in FILTERS:
        return WORD if _ONE_WORD.get().match(" ".join((program, *words))) else UNKNOWN
    if program == "wc":
        return WORD if len(words) == 1 else UNKNOWN
    if program == "xargs":
        return LIST if not words or shape & (LIST | UNKNOWN) == LIST else UNKNOWN
    if shape & UNKNOWN:
        return UNKNOWN
    if program in _GREPS:
        return WORD if "-c" in words else shape | EMPTY
    if program == "sed":
        return _edited(words, shape)
    if program == "tr":
        return _translated(words, shape)
    if program in _AWKS:
        return shape if shape or _PRINT_FIELD.get().match(words[-1] if words else "") else UNKNOWN
    return _cut(program, words, shape)


def _cut(program: str, words: list[str], shape: int) -> int:
    """Of a list, a single line is one name, and that may be any."""
    is_single = program in ("head", "tail") and " ".join(words) in ("-1", "-n1", "-n 1")
    if is_single and shape & LIST:
        return UNKNOWN
    return UNKNOWN if any(word.startswith("--output") for word in words) else shape


def _translated(words: list[str], shape: int) -> int:
    operands = [word for word in words if not word.startswith("-") or word == "-"]
    if len(operands) < 2:
        return shape
    new = operands[-1]
    if new in ("[:lower:]", "[:upper:]"):
        return shape
    return shape | (LIST if new == "\\n" else shape_of_text(new.replace("[", "").replace("]", "")))


def _edited(words: list[str], shape: int) -> int:
    """Follow substitutions alone, each in an argument of its own or parted by `;`."""
    programs = [word for word in words if not word.startswith("-")]
    for program in programs:
        for command in program.split(";"):
            match = _SUBSTITUTE.get().match(command.strip())
            if match is None:
                return shape if shape & LIST else UNKNOWN
            new = match[2]
            if new:
                shape |= shape_of_text(new.replace("\\", "")) & ~EMPTY
    return shape if programs else UNKNOWN
