"""The table `format`: what a configuration file may say of the formatter."""

from __future__ import annotations

from dflint.lint.options import describe_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.config.reader import ConfigReader

KEYWORD_CASES = ("upper", "lower", "keep")
"""How keywords may be written."""

ALIGNMENTS = ("indent", "keep")
"""What may become of blanks by which lines and words are aligned by hand."""

TAB = "tab"
"""The `indent` that is a tab; others are a number of blanks."""

WIDEST_INDENT = 16
KEYS = ("align", "heredocs", "indent", "keyword-case", "line-length")


def read_format(reader: ConfigReader, value: object) -> dict[str, object]:
    """The settings of the table, only those that are set; ConfigError for what cannot be."""
    table = reader.table(value, ("format",))
    settings: dict[str, object] = {}
    for name, given in table.items():
        key = ("format", name)
        if name not in KEYS:
            known = ", ".join(f"`{one}`" for one in KEYS)
            raise reader.problem(key, f"unknown key; known keys are {known}")
        if name == "keyword-case":
            settings[name] = reader.one_of(given, key, KEYWORD_CASES)
        elif name == "align":
            settings[name] = reader.one_of(given, key, ALIGNMENTS)
        elif name == "heredocs":
            settings[name] = reader.boolean(table, name, key)
        else:
            problem = indent_problem(given) if name == "indent" else length_problem(given)
            if problem is not None:
                raise reader.problem(key, problem)
            settings[name] = given
    return settings


def indent_problem(value: object) -> str | None:
    """What is wrong with a value of `indent`; None if nothing is."""
    if value == TAB or (type(value) is int and 1 <= value <= WIDEST_INDENT):
        return None
    return f"expected `{TAB}` or 1 to {WIDEST_INDENT} blanks, found {describe_value(value)}"


def length_problem(value: object) -> str | None:
    """What is wrong with a value of `line-length`; None if nothing is."""
    if type(value) is int and value >= 0:
        return None
    return f"expected a number of columns, 0 for no limit, found {describe_value(value)}"
