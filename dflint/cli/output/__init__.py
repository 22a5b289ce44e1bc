"""What `dflint check` prints, one module per format.

Only the module of the format that was asked for is imported. Every one of them has a function
`render(reports, context)` that yields the output in chunks; those that can be written while
files are still being checked (text, concise, json, github, azure) yield once per file.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dflint.engine.report import FileReport
    from dflint.lint.finding import Severity
    from dflint.lint.rule import Rule

_MODULES = {
    "text": "text",
    "concise": "concise",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "checkstyle": "checkstyle",
    "junit": "junit",
    "azure": "azure",
    "rdjson": "rdjson",
}

FORMATS: tuple[str, ...] = tuple(_MODULES)


class RuleInfo:
    """What a report may say of a rule besides its name.

    `summary` is one line; `help_uri` is where the rule is documented, "" when nowhere. `load`
    gives the rule itself, of which its page is made.
    """

    __slots__ = ("aliases", "category", "help_uri", "load", "name", "severity", "summary")

    name: str
    summary: str
    category: str
    severity: Severity
    aliases: tuple[str, ...]
    help_uri: str
    load: Callable[[], type[Rule]] | None

    def __init__(
        self,
        name: str,
        summary: str,
        category: str,
        severity: Severity,
        aliases: tuple[str, ...] = (),
        help_uri: str = "",
        load: Callable[[], type[Rule]] | None = None,
    ) -> None:
        self.name = name
        self.summary = summary
        self.category = category
        self.severity = severity
        self.aliases = aliases
        self.help_uri = help_uri
        self.load = load


def shellcheck_info(code: str) -> RuleInfo | None:
    """What a report may say of one of ShellCheck's codes; None for what is none."""
    from dflint.lint.finding import Severity
    from dflint.lint.names import SHELL, is_shellcheck_code
    from dflint.lint.shell_codes import WIKI

    if not is_shellcheck_code(code):
        return None
    summary = "What ShellCheck says of a script in `RUN`"
    return RuleInfo(code, summary, SHELL, Severity.WARNING, help_uri=WIKI + code)


class OutputContext:
    """How to print.

    `width` is the number of columns of the terminal, 0 when the output is none. `version` is
    that of dflint. `show_suppressed` prints suppressed findings too, marked as such, where the
    format has a way to say so. `rules` loads what is known of the rules by name; only formats
    that print it call it. `quiet` leaves out the sentence on the whole run, `hint` gives what
    comes behind that, once all reports were taken.
    """

    __slots__ = ("color", "hint", "quiet", "rules", "show_suppressed", "version", "width")

    color: bool
    width: int
    version: str
    show_suppressed: bool
    quiet: bool
    rules: Callable[[], Mapping[str, RuleInfo]]
    hint: Callable[[], str]

    def __init__(
        self,
        version: str,
        rules: Callable[[], Mapping[str, RuleInfo]],
        color: bool = False,
        width: int = 0,
        show_suppressed: bool = False,
        quiet: bool = False,
        hint: Callable[[], str] = str,
    ) -> None:
        self.version = version
        self.rules = rules
        self.color = color
        self.width = width
        self.show_suppressed = show_suppressed
        self.quiet = quiet
        self.hint = hint


def render(
    format_name: str, reports: Iterable[FileReport], context: OutputContext
) -> Iterator[str]:
    """Write the reports in one of the FORMATS, in chunks; UsageError for an unknown format."""
    module_name = _MODULES.get(format_name)
    if module_name is None:
        from dflint.errors import UsageError

        known = ", ".join(FORMATS)
        raise UsageError(f"unknown output format `{format_name}`, expected one of {known}")
    # `importlib` would have to be imported; the statement's own function is there anyway.
    module = __import__(f"{__name__}.{module_name}", fromlist=("render",))
    renderer: Callable[[Iterable[FileReport], OutputContext], Iterator[str]] = module.render
    return renderer(reports, context)
