"""The build of a `devcontainer.json`: JSON with comments.

Source: Development Container Specification, "Dev Container metadata reference".
"""

from __future__ import annotations

import json
import os
import re

from dflint.discovery.build_target import BuildFileError, BuildTarget, place_of
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS = re.compile(
    r'"(?:[^"\\\n]|\\.)*+"|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/|,(?=(?:\s|//[^\n]*+\n|/\*.*?\*/)*[\]}])',
    re.DOTALL,
)
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def read_devcontainer(path: str) -> list[BuildTarget]:
    """The build of the container, and those of the Compose files that it names."""
    text = Source.read(path).text
    found = read_json(path, text)
    if not isinstance(found, dict):
        raise BuildFileError(path, "expected an object", 1, 1)
    folder = os.path.dirname(path)
    compose = found.get("dockerComposeFile")
    if compose is not None:
        return list(_composed(path, folder, compose))
    build = found.get("build", {})
    if not isinstance(build, dict):
        line = _line(text, "build")
        raise BuildFileError(path, "`build`: expected an object", line)
    name = build.get("dockerfile", found.get("dockerFile"))
    if name is None:
        return []
    context = build.get("context", found.get("context", "."))
    if not isinstance(name, str) or not isinstance(context, str):
        key = "context" if isinstance(name, str) else "dockerfile"
        raise BuildFileError(path, f"`{key}`: expected a text", _line(text, key))
    if _VARIABLE.search(name) or _VARIABLE.search(context):
        return []
    args = build.get("args") or {}
    if not isinstance(args, dict):
        raise BuildFileError(path, "`build.args`: expected an object", _line(text, "args"))
    known = {
        key: value
        for key, value in args.items()
        if isinstance(value, str) and not _VARIABLE.search(value)
    }
    target = build.get("target", "")
    return [
        BuildTarget(
            str(found.get("name", "devcontainer")),
            path,
            _line(text, "dockerfile") or _line(text, "dockerFile"),
            place_of(context, folder),
            os.path.normpath(os.path.join(folder, name)),
            args=known,
            target=target if isinstance(target, str) else "",
        )
    ]


def _composed(path: str, folder: str, value: object) -> Iterator[BuildTarget]:
    from dflint.discovery.compose import read_compose

    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str):
            raise BuildFileError(path, "`dockerComposeFile`: expected a text or a list of texts")
        if not _VARIABLE.search(one):
            yield from read_compose(os.path.normpath(os.path.join(folder, one)))


def read_json(path: str, text: str) -> object:
    """The value of a JSON text that may have comments and commas at the end of lists."""
    plain = _TOKENS.sub(_plain, text.removeprefix("\ufeff"))
    try:
        return json.loads(plain)
    except json.JSONDecodeError as error:
        raise BuildFileError(path, f"no JSON: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise BuildFileError(path, "no JSON: it is nested too deeply") from None


def _plain(found: re.Match[str]) -> str:
    """A string as it is, blanks of the same shape for anything else."""
    text = found[0]
    return text if text.startswith('"') else re.sub(r"[^\n]", " ", text)


def _line(text: str, key: str) -> int:
    """The line in which a key stands first; 0 for none."""
    at = text.find(f'"{key}"')
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
