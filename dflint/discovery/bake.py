"""The builds of a bake file: targets in HCL or JSON.

Source: Docker documentation, "Bake file reference". Variables have their defaults; of expressions,
names, texts with names in them, lists and objects are followed, and what else there is leaves a
value open. HCL is read by python-hcl2.
"""

from __future__ import annotations

import os
import re
from itertools import islice, product

from dflint.discovery.build_target import (
    BuildFileError,
    BuildTarget,
    InlineText,
    dockerfile_in,
    place_of,
)
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Table = dict[str, dict[str, object]]

_REFERENCE = re.compile(r"\$\{\s*([A-Za-z_][\w-]*)\s*\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*\Z")
_HEREDOC = re.compile(r"<<-?\s*([A-Za-z_]\w*)\n(.*?)\n?[ \t]*\1\s*\Z", re.DOTALL)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
#: So many targets a matrix may make.
_MOST = 200
#: So deep `inherits` and groups may go.
_DEEPEST = 20


def read_bake(path: str) -> list[BuildTarget]:
    """The targets of a bake file that are built: those of its groups, and what nobody inherits."""
    text = Source.read(path).text
    tables = _read_json(path, text) if path.endswith(".json") else _read_hcl(path, text)
    return list(_BakeFile(path, text, tables).targets())


class _BakeFile:
    """A bake file as tables of targets, groups and variables by name."""

    def __init__(self, path: str, text: str, tables: dict[str, Table]) -> None:
        self._path = path
        self._text = text
        self._is_hcl = not path.endswith(".json")
        self._targets = tables.get("target", {})
        self._groups = tables.get("group", {})
        self._variables: dict[str, str] = {}
        for name, body in tables.get("variable", {}).items():
            value = self._value(body.get("default"), self._variables)
            if value is not None:
                self._variables[name] = value

    def targets(self) -> Iterator[BuildTarget]:
        """The builds, in the order of the file."""
        wanted = self._wanted()
        for name in self._targets:
            if name in wanted:
                yield from self._builds(name)

    def _wanted(self) -> set[str]:
        inherited: set[str] = set()
        for body in self._targets.values():
            inherited.update(self._list(body.get("inherits")))
        wanted = {name for name in self._targets if name not in inherited}
        pending = [one for body in self._groups.values() for one in self._list(body.get("targets"))]
        while pending:
            name = pending.pop()
            if name in self._targets:
                wanted.add(name)
        return wanted

    def _builds(self, name: str) -> Iterator[BuildTarget]:
        body = self._whole(name, 0)
        matrix = body.get("matrix")
        if not isinstance(matrix, dict):
            target = self._build(name, body, self._variables)
            if target is not None:
                yield target
            return
        keys = [_plain_key(key) for key in matrix]
        values = [self._list(one) for one in matrix.values()]
        for combination in islice(product(*values), _MOST):
            variables = {**self._variables, **dict(zip(keys, combination, strict=True))}
            target = self._build(name, body, variables)
            if target is not None:
                yield target

    def _whole(self, name: str, depth: int) -> dict[str, object]:
        """The fields of a target with those that it inherits; of `args` and `contexts`, by key."""
        body = self._targets.get(name)
        if body is None:
            raise self._error(f"there is no target `{name}` to inherit from", name)
        if depth > _DEEPEST:
            raise self._error(f"target `{name}` inherits from itself", name)
        whole: dict[str, object] = {}
        for other in self._list(body.get("inherits")):
            _merge(whole, self._whole(other, depth + 1))
        _merge(whole, body)
        return whole

    def _build(
        self, name: str, body: dict[str, object], variables: dict[str, str]
    ) -> BuildTarget | None:
        context = self._field(body, "context", ".", variables)
        dockerfile = self._field(body, "dockerfile", "Dockerfile", variables)
        folder = None if context is None else place_of(context, os.path.dirname(self._path))
        inline = None
        if body.get("dockerfile-inline") is not None:
            text = self._field(body, "dockerfile-inline", "", variables)
            if text is None:
                return None
            inline = self._inline(name, text)
        path = None if dockerfile is None else dockerfile_in(folder, dockerfile)
        if inline is None and path is None:
            return None
        args = body.get("args")
        contexts = body.get("contexts")
        return BuildTarget(
            name,
            self._path,
            self._line(name),
            folder,
            None if inline is not None else path,
            inline,
            dict(self._pairs(args, variables)),
            self._field(body, "target", "", variables) or "",
            tuple(_plain_key(key) for key in contexts) if isinstance(contexts, dict) else (),
        )

    def _inline(self, name: str, text: str) -> InlineText:
        """A Dockerfile in the file, exact where its lines stand in the file just so, and once."""
        at = self._text.find(text)
        if len(text) > 1 and at >= 0 and self._text.count(text) == 1:
            return InlineText(text, list(range(at, at + len(text) + 1)), True, self._path)
        line = self._line(name)
        begin = sum(len(one) + 1 for one in self._text.split("\n")[: max(line - 1, 0)])
        return InlineText(text, [begin] * (len(text) + 1), False, self._path)

    def _field(
        self, body: dict[str, object], key: str, default: str, variables: dict[str, str]
    ) -> str | None:
        return default if body.get(key) is None else self._value(body[key], variables)

    def _pairs(self, table: object, variables: dict[str, str]) -> Iterator[tuple[str, str]]:
        for key, value in table.items() if isinstance(table, dict) else ():
            text = self._value(value, variables)
            if text is not None:
                yield _plain_key(key), text

    def _list(self, value: object) -> list[str]:
        """The known texts of a list."""
        found = value if isinstance(value, list) else []
        texts = (self._value(one, self._variables) for one in found)
        return [text for text in texts if text is not None]

    def _value(self, value: object, variables: dict[str, str]) -> str | None:
        """The text of a value; None for null and for what only bake can tell."""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return str(value)
        if not isinstance(value, str):
            return None
        if not self._is_hcl:
            return _filled(value, variables)
        if value.startswith('"') and value.endswith('"') and len(value) > 1:
            inner = value[1:-1]
            heredoc = _HEREDOC.match(inner)
            if heredoc is not None:
                return _filled(heredoc[2] + "\n", variables)
            return _filled(re.sub(r'\\["\\ntr]', lambda one: _ESCAPES[one[0]], inner), variables)
        if _NAME.match(value):
            return variables.get(value)
        return _filled(value, variables)

    def _line(self, name: str) -> int:
        key = re.escape(name)
        pattern = rf'target\s+"?{key}"?\s*\{{' if self._is_hcl else rf'"{key}"\s*:\s*\{{'
        found = re.search(pattern, self._text)
        return 0 if found is None else self._text.count("\n", 0, found.start()) + 1

    def _error(self, message: str, name: str) -> BuildFileError:
        return BuildFileError(self._path, message, self._line(name))


def _filled(text: str, variables: dict[str, str]) -> str | None:
    """A text with its references filled in; None where it has one that is not known."""
    parts: list[str] = []
    at = 0
    while (begin := text.find("${", at)) >= 0:
        if begin and text[begin - 1] == "$":
            parts += (text[at : begin - 1], "${")
            at = begin + 2
            continue
        found = _REFERENCE.match(text, begin)
        if found is None or found[1] not in variables:
            return None
        parts += (text[at:begin], variables[found[1]])
        at = found.end()
    return "".join(parts) + text[at:]


def _merge(whole: dict[str, object], body: dict[str, object]) -> None:
    for key, value in body.items():
        known = whole.get(key)
        if key in ("args", "contexts") and isinstance(known, dict) and isinstance(value, dict):
            whole[key] = {**known, **value}
        elif key != "inherits":
            whole[key] = value


def _plain_key(key: str) -> str:
    return key.strip('"')


def _read_hcl(path: str, text: str) -> dict[str, Table]:
    import hcl2
    from lark.exceptions import LarkError, UnexpectedInput

    try:
        found = hcl2.loads(text if text.endswith("\n") else text + "\n")
    except UnexpectedInput as error:
        line, column = max(error.line, 0), max(error.column, 0)
        raise BuildFileError(
            path, "no HCL: something else is expected here", line, column
        ) from None
    except (LarkError, RecursionError):
        raise BuildFileError(path, "no HCL") from None
    tables: dict[str, Table] = {}
    for kind in ("target", "group", "variable"):
        for block in found.get(kind, ()):
            for name, body in block.items() if isinstance(block, dict) else ():
                if isinstance(body, dict):
                    tables.setdefault(kind, {})[_plain_key(name)] = body
    return tables


def _read_json(path: str, text: str) -> dict[str, Table]:
    from dflint.discovery.devcontainer import read_json

    found = read_json(path, text)
    if not isinstance(found, dict):
        raise BuildFileError(path, "expected an object", 1, 1)
    tables: dict[str, Table] = {}
    for kind in ("target", "group", "variable"):
        table = found.get(kind, {})
        if not isinstance(table, dict) or not all(isinstance(one, dict) for one in table.values()):
            raise BuildFileError(path, f"`{kind}`: expected an object of objects")
        tables[kind] = table
    return tables
