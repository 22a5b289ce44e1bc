"""The options of every verb, as data, and a reader for command lines that are right.

Building an argparse parser takes longer than checking a file; it is left to `dflint.cli.usage`,
which explains what this reader does not understand.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SEVERITIES = ("error", "warning", "info", "style")
FORMATS = (
    "text", "concise", "json", "sarif", "github", "gitlab", "checkstyle", "junit", "azure",
    "rdjson",
)  # fmt: skip


class Option:
    """One option: its name, the placeholder of its value (empty for a switch), and what it does.

    `many` options take comma-separated values and add up; `choices` are the values allowed. The
    value of an `optional` one may be left out, and otherwise stands behind `=`.
    """

    __slots__ = ("choices", "default", "help", "many", "name", "optional", "short", "value")

    def __init__(
        self,
        name: str,
        value: str,
        help: str,
        *,
        short: str = "",
        many: bool = False,
        choices: tuple[str, ...] = (),
        default: object = None,
        optional: bool = False,
    ) -> None:
        self.name = name
        self.value = value
        self.help = help
        self.short = short
        self.many = many
        self.choices = choices
        self.default = default
        self.optional = optional

    @property
    def key(self) -> str:
        """The name under which the value is kept."""
        return self.name.lstrip("-").replace("-", "_")

    @property
    def initial(self) -> object:
        """The value of the option when it is not given."""
        if self.many:
            return None
        return self.default if self.value else False


class Verb:
    """A subcommand: its options and what its positional arguments are."""

    __slots__ = ("help", "name", "options", "positional", "positional_help")

    def __init__(
        self,
        name: str,
        help: str,
        positional: str,
        positional_help: str,
        options: tuple[Option, ...],
    ) -> None:
        self.name = name
        self.help = help
        self.positional = positional
        self.positional_help = positional_help
        self.options = options


_CACHE_DIR = Option("--cache-dir", "FOLDER", "where results are kept between runs (default: "
                    "$DFLINT_CACHE_DIR, else the user's folder for caches)")  # fmt: skip
_COLOR = Option("--color", "WHEN", "colour the output", choices=("auto", "always", "never"),
                default="auto")  # fmt: skip
_STDIN_FILENAME = Option("--stdin-filename", "FILE", "the name of what comes on standard input")
_CONFIG_FILE = Option("--config", "FILE", "use this configuration file for everything")
_NO_CONFIG = Option("--no-config", "", "use no configuration file")
_NO_GITIGNORE = Option("--no-gitignore", "", "look into what .gitignore files exclude, too")
_FORMAT_HELP = "how to print the findings"
CHECK = Verb(
    "check",
    "say what is wrong with Dockerfiles (the default verb)",
    "PATH",
    "files, folders that are searched for Dockerfiles, or `-` for standard input (default: `.`)",
    (
        Option("--preset", "NAME", "begin with this set of rules",
               choices=("default", "strict", "security", "minimal")),
        Option("--select", "RULES", "run exactly these rules (names, aliases, categories, ALL)",
               many=True),
        Option("--extend-select", "RULES", "run these rules too", many=True),
        Option("--ignore", "RULES", "do not run these rules", many=True),
        Option("--severity-threshold", "LEVEL", "report nothing below this level",
               choices=SEVERITIES),
        Option("--fail-on", "LEVEL", "exit with 1 only for findings of this level or above",
               choices=(*SEVERITIES, "never")),
        Option("--fix", "", "apply the safe fixes of what is found, and report what is left"),
        Option("--unsafe-fixes", "verified", "with `--fix` and the like, apply unsafe fixes too; "
               "`=verified` only those that a build proves", optional=True,
               choices=("", "verified")),
        Option("--verify", "", "with `--fix` and the like, keep only fixes that the plan or a "
               "build proves to leave the image as they declare"),
        Option("--evidence", "PLACE", "with `--verify`, write what is proved: into a folder, or "
               "to a file that ends in .json or .jsonl, a statement a line"),
        Option("--build-arg", "NAME=VALUE", "with `--verify`, a build argument", many=True),
        Option("--build-context", "NAME=PLACE", "with `--verify`, another context", many=True),
        Option("--target", "STAGE", "with `--verify`, the stage to build"),
        Option("--fix-only", "", "apply fixes and report nothing of what is left"),
        Option("--diff", "", "print what `--fix` would change, and change nothing"),
        Option("--fixable", "RULES", "apply only fixes of these rules (default: ALL)", many=True),
        Option("--unfixable", "RULES", "apply no fixes of these rules", many=True),
        Option("--exit-non-zero-on-fix", "", "exit with 1 when something was fixed"),
        Option("--add-ignore", "REASON", "write comments that silence what is found, each with "
               "the reason if one is given", optional=True),
        Option("--output-format", "FORMAT", _FORMAT_HELP, choices=FORMATS, default="text"),
        Option("--output-file", "FILE", "write the findings to a file", short="-o"),
        _COLOR,
        Option("--statistics", "", "print how often each rule reports, instead of the findings"),
        Option("--show-suppressed", "", "print what comments in the files silence, too"),
        Option("--diff-base", "REV", "report only what lines changed since this revision bring"),
        _STDIN_FILENAME,
        _CONFIG_FILE,
        _NO_CONFIG,
        Option("--engine", "NAME", "the builder that advice is for",
               choices=("buildkit", "classic", "buildah")),
        Option("--context", "DIR", "the folder that builds get as their context (default: that of "
               "the Dockerfile, if a .dockerignore is there)"),
        Option("--shellcheck", "", "check scripts in RUN with ShellCheck (default: if installed)"),
        Option("--no-shellcheck", "", "do not run ShellCheck"),
        _NO_GITIGNORE,
        Option("--no-cache", "", "check every file anew, and keep nothing for later runs"),
        _CACHE_DIR,
        Option("--jobs", "N", "how many processes check files (default: by the number of files)",
               short="-j"),
        Option("--quiet", "", "print findings only: no notes, no summary", short="-q"),
        Option("--debug", "", "show the traceback when a rule crashes"),
    ),
)  # fmt: skip
FORMAT = Verb(
    "format",
    "lay out Dockerfiles in one style; what is built stays the same",
    "PATH",
    "files, folders that are searched for Dockerfiles, or `-` for standard input (default: `.`)",
    (
        Option("--check", "", "write nothing; name the files that would change, and exit with 1"),
        Option("--diff", "", "write nothing; print what would change, and exit with 1 if anything"),
        Option("--range", "A-B", "format only the instructions on these lines of one file"),
        Option("--line-length", "N", "break lines that are longer, 0 for never (default: 100)"),
        Option("--indent", "N", "how many blanks one level is, or `tab` (default: 4)"),
        Option("--keyword-case", "CASE", "how to write keywords (default: upper)",
               choices=("upper", "lower", "keep")),
        Option("--heredocs", "", "lay out shell scripts in heredocs, too, with shfmt if installed"),
        _COLOR,
        _STDIN_FILENAME,
        _CONFIG_FILE,
        _NO_CONFIG,
        _NO_GITIGNORE,
        Option("--no-cache", "", "look at every file anew, and keep nothing for later runs"),
        _CACHE_DIR,
        Option("--jobs", "N", "how many processes format files (default: by the number of files)",
               short="-j"),
        Option("--quiet", "", "print no notes and no summary", short="-q"),
        Option("--debug", "", "say why there is no cache"),
    ),
)  # fmt: skip
TREE = Verb(
    "tree",
    "print the syntax tree of a Dockerfile",
    "FILE",
    "a Dockerfile, or `-` for standard input",
    (
        Option("--format", "FORMAT", "`text` for the tree, `json` for what a builder reads",
               choices=("text", "json"), default="text"),
    ),
)  # fmt: skip
RULE = Verb(
    "rule",
    "explain a rule",
    "NAME",
    "a rule's name, or another tool's id of it; without one, all rules are listed",
    (),
)
RULES = Verb(
    "rules",
    "list the rules",
    "",
    "",
    (
        Option("--format", "FORMAT", "how to print the list",
               choices=("text", "json", "markdown"), default="text"),
    ),
)  # fmt: skip
CONFIG = Verb(
    "config",
    "print the configuration that holds here, or `config migrate` one of hadolint",
    "ARGUMENT",
    "`migrate [FILE]` reads `.hadolint.yaml` (or FILE) and prints our configuration",
    (Option("--output-file", "FILE", "write to a file", short="-o"),),
)
CACHE = Verb(
    "cache",
    "say where results are kept between runs, or `cache clean` them away",
    "ACTION",
    "`dir` prints the folder, `info` what is in it, `clean` removes it (default: `info`)",
    (_CACHE_DIR,),
)
#: Verbs whose options are read where they are run, those in docker's syntax among them.
BUILD_VERBS = {
    "build": "build an image from a Dockerfile",
    "verify": "build a Dockerfile before and after a change, and say whether the image is the same",
    "equiv": "say whether two Dockerfiles make the same image",
    "audit": "build an image, and look for secrets, what differs each time, or what takes room",
    "report": "write a page on where the bytes and the seconds of an image went",
    "graph": "draw the stages or steps of a Dockerfile, without building it",
    "doctor": "say what this machine can do for a build, and what it lacks",
    "load": "take the images of an archive into the store",
    "images": "list the images of the store",
    "image": "the verbs on images by docker's longer names, as `image ls`",
    "tag": "give an image another name",
    "rmi": "take names of images away, and remove images with the last one",
    "inspect": "tell all of images as JSON, or by a template",
    "history": "tell how an image came about",
    "save": "write images to an archive",
    "diff": "say in what two images differ",
    "prune": "remove images that have no name, or that nobody uses",
    "system": "say what the store takes on disk by kinds (`df`), or make room in it (`prune`)",
    "store": "say whether the store of builds is whole, or mend it",
    "buildcache": "say what the store of builds takes on disk, or make room in it",
    "lsp": "serve an editor (the language server protocol)",
}
VERBS = {verb.name: verb for verb in (CHECK, FORMAT, TREE, RULE, RULES, CONFIG, CACHE)}


class Arguments:
    """What a command line says: the verb, the option values by key, the positional arguments."""

    __slots__ = ("paths", "values", "verb")

    def __init__(self, verb: Verb, values: dict[str, object], paths: list[str]) -> None:
        self.verb = verb
        self.values = values
        self.paths = paths

    def flag(self, key: str) -> bool:
        """Whether a switch is given."""
        return bool(self.values[key])

    def text(self, key: str) -> str | None:
        """The value of an option, or None."""
        value = self.values[key]
        return None if value is None else str(value)

    def many(self, key: str) -> tuple[str, ...] | None:
        """The values of an option that adds up, or None when it is not given."""
        value = self.values[key]
        return None if value is None else tuple(value)  # type: ignore[arg-type]  # of strings


def read_arguments(argv: Sequence[str]) -> Arguments | None:
    """The command line as data, or None when `dflint.cli.usage` has something to say about it."""
    rest = list(argv)
    verb = CHECK
    if rest and rest[0] in VERBS:
        verb = VERBS[rest.pop(0)]
    values = {option.key: option.initial for option in verb.options}
    known = {option.name: option for option in verb.options}
    known |= {option.short: option for option in verb.options if option.short}
    paths: list[str] = []
    while rest:
        word = rest.pop(0)
        if word == "--":
            paths += rest
            break
        if word == "-" or not word.startswith("-"):
            paths.append(word)
            continue
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is None or (equals and not option.value):
            return None
        if not option.value:
            values[option.key] = True
            continue
        if not equals and not option.optional:
            if not rest:
                return None
            value = rest.pop(0)
        if option.choices and value not in option.choices:
            return None
        _add(values, option, value)
    return Arguments(verb, values, paths)


def _add(values: dict[str, object], option: Option, value: str) -> None:
    if option.many:
        earlier = values[option.key]
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        values[option.key] = (*(earlier or ()), *names)  # type: ignore[misc]  # a tuple of strings
    else:
        values[option.key] = value
