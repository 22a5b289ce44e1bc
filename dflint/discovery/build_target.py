"""What a file that describes builds names: Dockerfiles, with their contexts, arguments, targets.

Such files are those of Compose, of `docker buildx bake`, and `devcontainer.json`. Nothing of the
process' environment is looked at, so that the same files always name the same builds.
"""

from __future__ import annotations

import os
import re

from dflint.errors import SourceError
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.config.schema import Config

COMPOSE = "compose"
BAKE = "bake"
DEVCONTAINER = "devcontainer"
_COMPOSE_NAME = re.compile(r"(?:docker-|podman-)?compose(?:[._-].*)?\.ya?ml\Z")
_BAKE_NAME = re.compile(r"docker-bake(?:\..*)?\.(?:hcl|json)\Z|.*\.bake\.(?:hcl|json)\Z")
_DEVCONTAINER_NAMES = ("devcontainer.json", ".devcontainer.json")
#: What is no folder of this machine.
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|[^/]+@[^/]+:")


class BuildFileError(SourceError):
    """A file that describes builds is wrong: `line` and `column` from 1, 0 where none is known."""

    def __init__(self, path: str, message: str, line: int = 0, column: int = 0) -> None:
        self.line = line
        self.column = column
        place = f"line {line}, column {column}: " if column else f"line {line}: " if line else ""
        super().__init__(path, place + message)


class InlineText:
    """A Dockerfile that stands in another file, that at `path`.

    `origins` has for each character of the text, and for its end, the offset in the other file;
    `is_exact` tells that a character stands there as it is, and that nothing is between two.
    """

    __slots__ = ("is_exact", "origins", "path", "text")

    def __init__(self, text: str, origins: list[int], is_exact: bool, path: str) -> None:
        self.text = text
        self.origins = origins
        self.is_exact = is_exact
        self.path = path

    def outer_span(self, span: Span, outer: str) -> Span:
        """Where a part of the text is in the other file, whose text is `outer`.

        Where the text is not exact it is the line on which it begins.
        """
        start = self.origins[span.start]
        if self.is_exact:
            return Span(start, self.origins[span.end])
        end = outer.find("\n", start)
        end = len(outer) if end < 0 else end
        return Span(start, end - outer.endswith("\r", start, end))


class BuildTarget:
    """One build: `name` is the service or target, `file` where it is described, `line` where there.

    `dockerfile` is a path, or else `inline` is its text. `context` is a folder, None where it is
    none of this machine. `contexts` are the names of further contexts, which are no images then.
    """

    __slots__ = (
        "args", "context", "contexts", "dockerfile", "file", "inline", "line", "name", "target",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        file: str,
        line: int,
        context: str | None,
        dockerfile: str | None,
        inline: InlineText | None = None,
        args: Mapping[str, str] | None = None,
        target: str = "",
        contexts: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.file = file
        self.line = line
        self.context = context
        self.dockerfile = dockerfile
        self.inline = inline
        self.args = dict(args or {})
        self.target = target
        self.contexts = contexts

    def configured(self, config: Config) -> Config:
        """A configuration as it holds for this build."""
        return config.for_build(self.context, self.args, self.target, self.contexts)

    def __repr__(self) -> str:
        return f"BuildTarget({self.name!r}, {self.dockerfile!r}, target={self.target!r})"


def kind_of_build_file(path: str) -> str | None:
    """Which kind of file describes builds under that name; None for another file."""
    name = os.path.basename(path)
    if name in _DEVCONTAINER_NAMES:
        return DEVCONTAINER
    if not name.endswith((".yml", ".yaml", ".hcl", ".json")):
        return None
    if _COMPOSE_NAME.match(name):
        return COMPOSE
    return BAKE if _BAKE_NAME.match(name) else None


def read_build_file(path: str, kind: str) -> list[BuildTarget]:
    """The builds that a file describes, in its order; BuildFileError where it is wrong."""
    if kind == COMPOSE:
        from dflint.discovery.compose import read_compose

        return read_compose(path)
    if kind == BAKE:
        from dflint.discovery.bake import read_bake

        return read_bake(path)
    from dflint.discovery.devcontainer import read_devcontainer

    return read_devcontainer(path)


def place_of(context: str, folder: str) -> str | None:
    """The folder that a context is, relative to where it is named; None for a remote one."""
    if _REMOTE.match(context):
        return None
    return os.path.normpath(os.path.join(folder, os.path.expanduser(context)))


def dockerfile_in(context: str | None, name: str) -> str | None:
    """The path of a Dockerfile that is named relative to its context."""
    return None if context is None else os.path.normpath(os.path.join(context, name))
