"""The rules that come with dflint: one module, one rule."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.rule import Rule

    Names = tuple[str, ...]
    Row = tuple[str, str, int, bool, Names, Names, Names, str, str, bool, str, str]

#: The version of the rule API that these rules are written for.
API_VERSION = 1


def index() -> tuple[Row, ...]:
    """What is known of the rules without importing them, by name."""
    from dflint_rules._index import ROWS

    return ROWS


def rules() -> list[type[Rule]]:
    """Every rule, by name."""
    import os
    from importlib import import_module

    from dflint.lint.rule import Rule

    found: list[type[Rule]] = []
    for entry in sorted(os.listdir(os.path.dirname(__file__))):
        name, extension = os.path.splitext(entry)
        if extension != ".py" or name.startswith("_"):
            continue
        module = import_module(f"{__name__}.{name}")
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, Rule)
            and value.__module__ == module.__name__
        ]
    return found
