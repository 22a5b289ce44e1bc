"""What the editor's settings say."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = "dflint"
"""The section of the client's configuration that is ours."""

#: The settings that there are, with the type of each and its default.
_DEFAULTS: dict[str, object] = {
    "enable": True,
    "configuration": "",
    "select": [],
    "extendSelect": [],
    "ignore": [],
    "lint.enable": True,
    "lint.run": "onType",
    "lint.unsafeFixes": True,
    "shellcheck.enable": True,
    "shellcheck.path": "",
    "format.enable": True,
    "folding.stages": True,
    "hover.findings": False,
    "inlayHints.variables": True,
    "inlayHints.stages": False,
    "inlayHints.workdir": False,
    "codeLens.enable": True,
    "trace.server": "off",
}
_CHOICES = {"lint.run": ("onType", "onSave"), "trace.server": ("off", "messages", "verbose")}


class Settings:
    """The settings under `dflint`, by their names (`lint.run`), each with its default.

    What is set wrongly keeps its default; `problems` says what was found and expected.
    """

    __slots__ = ("_values", "problems")

    def __init__(self, given: object = None) -> None:
        self._values = dict(_DEFAULTS)
        self.problems: list[str] = []
        if given is not None:
            self._read(given, "")

    def flag(self, name: str) -> bool:
        """A setting that is on or off."""
        return self._values[name] is True

    def text(self, name: str) -> str:
        """A setting that is a text, empty where nothing is set."""
        value = self._values[name]
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        value = self._values[name]
        return tuple(str(one) for one in value) if isinstance(value, list) else ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self._values == other._values

    __hash__ = None  # type: ignore[assignment]  # settings are replaced, never a key

    def _read(self, given: object, prefix: str) -> None:
        if not isinstance(given, dict):
            self.problems.append(f"{SECTION}{prefix}: expected an object, found {given!r}")
            return
        table: Mapping[str, object] = given
        for key, value in table.items():
            name = f"{prefix}.{key}".lstrip(".")
            if name in _DEFAULTS:
                self._set(name, value)
            elif isinstance(value, dict) and any(one.startswith(f"{name}.") for one in _DEFAULTS):
                self._read(value, f"{prefix}.{key}")
            # Others are the client's own: where its interpreter is, how it starts us.

    def _set(self, name: str, value: object) -> None:
        default = _DEFAULTS[name]
        if value is None:
            return
        choices = _CHOICES.get(name)
        is_right = type(value) is type(default) and (choices is None or value in choices)
        if isinstance(value, list):
            is_right = is_right and all(isinstance(one, str) for one in value)
        if is_right:
            self._values[name] = value
            return
        expected = "one of " + ", ".join(choices) if choices else _TYPE_NAMES[type(default)]
        self.problems.append(f"{SECTION}.{name}: expected {expected}, found {value!r}")


_TYPE_NAMES = {bool: "true or false", str: "a text", list: "a list of texts"}
