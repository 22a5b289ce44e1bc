"""Loading a configuration file."""

from __future__ import annotations

import os

from dflint.config.reader import ConfigReader
from dflint.errors import ConfigError
from dflint.lint.options import describe_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dflint.config.schema import Config
    from dflint.lint.names import RuleNames

TABLE = ("tool", "dflint")
"""The table of a `pyproject.toml` that holds our settings."""


def load_config(path: str, known: Callable[[], RuleNames] | None = None) -> Config:
    """The configuration in the file at `path`; raises ConfigError when anything in it is wrong.

    Without `known`, names of rules and their options are taken as they are.
    """
    text = read_text(path)
    table = table_of(path, text)
    if table is None:
        raise ConfigError(path, "tool.dflint", "there is no such table")
    prefix = TABLE if is_pyproject(path) else ()
    return ConfigReader(path, text, known, prefix).config(table)


def read_text(path: str) -> str:
    """The text of a configuration file; raises ConfigError if there is none to be had."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(path, "", f"cannot be read: {(error.strerror or '').lower()}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(path, "", f"is not UTF-8: byte {error.start} {error.reason}") from None


def table_of(path: str, text: str) -> Mapping[str, object] | None:
    """Our table in the text of a configuration file; None if a `pyproject.toml` has none."""
    import tomli

    try:
        data: Mapping[str, object] = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message = str(error)
        raise ConfigError(path, "", f"not TOML: {message[:1].lower()}{message[1:]}") from None
    except RecursionError:
        raise ConfigError(path, "", "not TOML: nested too deeply") from None
    if not is_pyproject(path):
        return data
    tool = data.get("tool")
    table = tool.get("dflint") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise ConfigError(path, "tool.dflint", f"expected a table, found {describe_value(table)}")


def is_pyproject(path: str) -> bool:
    """Whether our settings stand in a table of the file, by its name."""
    return os.path.basename(path) == "pyproject.toml"
