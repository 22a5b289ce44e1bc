"""Options of rules: what a rule declares, and the check of a configured value against it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    OptionType = Literal["bool", "int", "str", "list[str]"]
    OptionValue = bool | int | str | tuple[str, ...]

_DESCRIPTIONS = {
    "bool": "true or false",
    "int": "an integer",
    "str": "a string",
    "list[str]": "a list of strings",
}


class OptionSpec:
    """One option of a rule.

    `type` says what the configuration must hold; a list becomes a tuple. `choices`, when there are
    any, are the only values of a `str` or of the members of a `list[str]`. `help` is one sentence
    for the rule's documentation. `exact_for` are ids of other tools: a switch is on, unless it is
    configured, where the rule is selected by one of them, and makes it judge as that tool does.
    """

    __slots__ = ("choices", "default", "exact_for", "help", "name", "type")

    name: str
    type: OptionType
    default: OptionValue
    help: str
    choices: tuple[str, ...]
    exact_for: tuple[str, ...]

    def __init__(
        self,
        name: str,
        type: OptionType,
        default: OptionValue,
        help: str = "",
        choices: tuple[str, ...] = (),
        exact_for: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.type = type
        self.default = default
        self.help = help
        self.choices = choices
        self.exact_for = exact_for

    def __repr__(self) -> str:
        return f"OptionSpec({self.name!r}, {self.type!r}, {self.default!r})"


#: The option of the rules on instructions that a later one of their stage replaces.
KEEP = OptionSpec(
    "keep",
    "str",
    "remove",
    "What the fix does with an instruction that has no effect: `remove` it, or `comment` it out.",
    choices=("remove", "comment"),
)


def validate_option(spec: OptionSpec, value: object) -> OptionValue:
    """The value as the rule gets it; raises ValueError with what is allowed when it does not fit.

    A boolean is no integer here, although Python has it so.
    """
    if spec.type == "bool" and isinstance(value, bool):
        return value
    if spec.type == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if spec.type == "str" and isinstance(value, str):
        return _chosen(spec, value)
    if spec.type == "list[str]" and isinstance(value, (list, tuple)):
        return tuple(_chosen(spec, member) for member in value)
    raise ValueError(f"expected {_DESCRIPTIONS[spec.type]}, found {describe_value(value)}")


def describe_value(value: object) -> str:
    """A configured value in the words of TOML, for messages."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, str):
        return f'`"{value}"`' if len(value) <= 60 else f'`"{value[:57]}…"`'
    if isinstance(value, (int, float)):
        return f"`{value}`"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f"a {type(value).__name__}"


def _chosen(spec: OptionSpec, value: object) -> str:
    """A string that is among the choices, if there are any."""
    if not isinstance(value, str):
        raise ValueError(
            f"expected {_DESCRIPTIONS[spec.type]}, found {describe_value(value)} in it"
        )
    if spec.choices and value not in spec.choices:
        allowed = ", ".join(f"`{choice}`" for choice in spec.choices)
        raise ValueError(f"`{value}` is not one of {allowed}")
    return value
