"""Rewriting a configuration of hadolint as one of ours.

Source: hadolint's README, section "Configure", and what hadolint 2.15 makes of each key.
"""

from __future__ import annotations

from dflint.config.reader import NEVER, SEVERITIES
from dflint.config.schema import LABEL_TYPES
from dflint.config.yaml_subset import Node, read_yaml
from dflint.errors import ConfigError
from dflint.lint.names import is_shellcheck_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.names import RuleNames

_NO_COUNTERPART = {
    "format": "the form of the output is chosen on the command line",
    "no-color": "colour is chosen on the command line, or by the variable NO_COLOR",
    "verbose": "there is nothing more to say",
    "disable-ignore-pragma": "comments that suppress findings are always read",
}

_THRESHOLDS = {**{label: label for label in SEVERITIES}, "ignore": "style", "none": "style"}
"""hadolint's thresholds as ours; with its lowest two, every finding makes a run fail."""

_DEFAULT_THRESHOLD = "info"


def migrate(text: str, path: str = ".hadolint.yaml", known: RuleNames | None = None) -> str:
    """The text of a `dflint.toml` that asks for what hadolint's configuration asks for.

    Codes stay as they are, for they are aliases of our rules; with `known`, a code that is none is
    put in a comment. So is everything that has no counterpart. Comments on ignored rules are kept.
    Raises ConfigError when the text is no configuration of hadolint.
    """
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ConfigError(path, "", "is not UTF-8")
    document = read_yaml(text, path)
    if not isinstance(document.value, dict | None):
        raise ConfigError(path, "", f"line {document.line}: expected `key: value`")
    return _Migration(path, document.value or {}, known).text()


class _Migration:
    """Collects the lines of the new file: settings in front, tables behind, remarks at the end."""

    def __init__(self, path: str, keys: dict[str, Node], known: RuleNames | None) -> None:
        self._path = path
        self._keys = keys
        self._known = known
        self._settings: list[str] = []
        self._tables: list[str] = []
        self._remarks: list[str] = []

    def text(self) -> str:
        """The new file."""
        self._ignored(self._take("ignored"))
        self._threshold(self._take("failure-threshold"), self._take("no-fail"))
        self._registries(self._take("trustedRegistries"))
        self._strict_labels(self._take("strict-labels"))
        self._severities(self._take("override"))
        self._label_schema(self._take("label-schema"))
        for key, node in self._keys.items():
            reason = _NO_COUNTERPART.get(key, "no such key is known of hadolint")
            self._remarks.append(f"# `{key}` (line {node.line}): {reason}")
        if self._remarks:
            self._remarks.insert(0, "\n# What has no counterpart:")
        heading = "# Migrated from a configuration of hadolint"
        lines = [heading, *self._settings, *self._tables, *self._remarks]
        return "\n".join(lines) + "\n"

    def _take(self, key: str) -> Node | None:
        """The value of a key that is dealt with; None if it is not given."""
        node = self._keys.pop(key, None)
        return None if node is None or node.value is None else node

    def _ignored(self, node: Node | None) -> None:
        if node is None:
            return
        self._settings += [f"# {comment}".rstrip() for comment in node.comments]
        self._settings.append("ignore = [")
        for item, code in self._strings(node, "ignored"):
            above, behind = item.comments, ""
            if len(above) == 1:
                above, behind = item.comments[:0], f"  # {above[0]}".rstrip()
            self._settings += [f"    # {comment}".rstrip() for comment in above]
            if self._is_rule(code):
                self._settings.append(f"    {_quoted(code)},{behind}")
            else:
                self._settings.append(f"    # {_quoted(code)}, no rule here is known by it{behind}")
        self._settings.append("]")

    def _threshold(self, threshold: Node | None, no_fail: Node | None) -> None:
        """When a run fails; hadolint's default is stated, because ours is stricter."""
        if no_fail is not None and self._boolean(no_fail, "no-fail"):
            self._settings.append(f"fail-on = {_quoted(NEVER)}")
        elif threshold is not None:
            label = self._one_of(threshold, "failure-threshold", tuple(_THRESHOLDS))
            self._settings.append(f"fail-on = {_quoted(_THRESHOLDS[label])}")
        else:
            self._settings.append(f"fail-on = {_quoted(_DEFAULT_THRESHOLD)}  # hadolint's default")

    def _registries(self, node: Node | None) -> None:
        if node is not None:
            names = [_quoted(name) for _, name in self._strings(node, "trustedRegistries")]
            self._settings.append(f"trusted-registries = [{', '.join(names)}]")

    def _strict_labels(self, node: Node | None) -> None:
        if node is not None:
            strict = self._boolean(node, "strict-labels")
            self._settings.append(f"strict-labels = {'true' if strict else 'false'}")

    def _severities(self, node: Node | None) -> None:
        if node is None:
            return
        severities: dict[str, str] = {}
        for label, codes in self._mapping(node, "override").items():
            key = f"override.{label}"
            if label not in SEVERITIES:
                self._remarks.append(f"# `{key}` (line {codes.line}): hadolint passes over it")
            elif codes.value is not None:
                severities.update((code, label) for _, code in self._strings(codes, key))
        self._tables += ["", "[severity]"] if severities else []
        for code, label in severities.items():
            remark = "" if self._is_rule(code) else "# no rule here is known by it: "
            self._tables.append(f"{remark}{_quoted(code)} = {_quoted(label)}")

    def _label_schema(self, node: Node | None) -> None:
        if node is None:
            return
        self._tables += ["", "[label-schema]"]
        for label, kind in self._mapping(node, "label-schema").items():
            chosen = self._one_of(kind, f"label-schema.{label}", LABEL_TYPES)
            self._tables.append(f"{_quoted(label)} = {_quoted(chosen)}")

    def _is_rule(self, code: str) -> bool:
        """Whether our configuration may name the code."""
        known = self._known
        return known is None or is_shellcheck_code(code) or bool(known.rules(code))

    def _problem(self, node: Node, key: str, expected: str) -> ConfigError:
        return ConfigError(self._path, key, f"line {node.line}: expected {expected}")

    def _strings(self, node: Node, key: str) -> Iterator[tuple[Node, str]]:
        """The members of a list of strings."""
        if not isinstance(node.value, list):
            raise self._problem(node, key, "a list of strings")
        for item in node.value:
            if not isinstance(item.value, str):
                raise self._problem(item, key, "a list of strings")
            yield item, item.value

    def _mapping(self, node: Node, key: str) -> dict[str, Node]:
        if isinstance(node.value, dict):
            return node.value
        raise self._problem(node, key, "keys with values")

    def _one_of(self, node: Node, key: str, allowed: tuple[str, ...]) -> str:
        if isinstance(node.value, str) and node.value in allowed:
            return node.value
        raise self._problem(node, key, "one of " + ", ".join(f"`{name}`" for name in allowed))

    def _boolean(self, node: Node, key: str) -> bool:
        """YAML 1.2 has two booleans; `yes` is a string, and hadolint refuses it as well."""
        if node.value in ("true", "True", "TRUE") and not node.quoted:
            return True
        if node.value in ("false", "False", "FALSE") and not node.quoted:
            return False
        raise self._problem(node, key, "`true` or `false`")


def _quoted(text: str) -> str:
    """The text as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
