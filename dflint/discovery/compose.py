"""The builds of a Compose file: `services.*.build` in its short and its long form.

Source: Compose specification and "Compose Build Specification". `extends`, `include`, merge keys
and variables are followed as far as the files tell; profiles and overrides given on a command line
are not known.
"""

from __future__ import annotations

import os

import yaml

from dflint.discovery.build_target import (
    BuildFileError,
    BuildTarget,
    InlineText,
    dockerfile_in,
    place_of,
)
from dflint.discovery.interpolation import InterpolationError, interpolate, read_env
from dflint.discovery.yaml_nodes import (
    YamlFile,
    entries,
    inline_text,
    is_null,
    kind_of,
    text_of,
    value_of,
)
from dflint.errors import SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.discovery.interpolation import Interpolated

    Fields = dict[str, tuple["ComposeFile", yaml.Node]]

#: So many files and services in a row `include` and `extends` may lead through.
_DEEPEST = 12


class ComposeFile(YamlFile):
    """One Compose file, with the variables of the `.env` beside it."""

    __slots__ = ("env", "folder")

    def __init__(self, path: str, text: str | None = None) -> None:
        super().__init__(path, text)
        self.folder = os.path.dirname(path)
        self.env = read_env(self.folder)
        if self.root is not None and not isinstance(self.root, yaml.MappingNode):
            raise self.error(self.root, "expected a mapping with `services`")

    def filled(self, node: yaml.Node, what: str) -> Interpolated:
        """The text of a scalar with its variables filled in."""
        try:
            return interpolate(text_of(self, node, what), self.env)
        except InterpolationError as error:
            raise self.error(node, f"`{what}`: {error}") from None

    def known(self, node: yaml.Node, what: str) -> str | None:
        """The same as a text; None where a variable has no value."""
        filled = self.filled(node, what)
        return None if filled.unknown else filled.text


def read_compose(path: str) -> list[BuildTarget]:
    """The builds of the services in a Compose file, and in those that it includes."""
    return list(_targets(ComposeFile(path), frozenset()))


def read_inline(path: str, text: str) -> list[BuildTarget]:
    """The builds of services whose Dockerfile stands in the Compose file at `path`.

    `text` is what the file has, whatever the disk has. A service that is wrong is left out;
    BuildFileError where all of the file is.
    """
    file = ComposeFile(path, text)
    found: list[BuildTarget] = []
    for name, service in entries(value_of(file.root, "services")):
        try:
            target = _target(file, name, _fields(file, name, service, 0))
        except SourceError:
            continue
        if target is not None and target.inline is not None and target.inline.path == path:
            found.append(target)
    return found


def _targets(file: ComposeFile, above: frozenset[str]) -> Iterator[BuildTarget]:
    place = os.path.realpath(file.path)
    if place in above or len(above) > _DEEPEST:
        return
    for path in _included(file):
        yield from _targets(ComposeFile(path), above | {place})
    services = value_of(file.root, "services")
    if services is not None and not isinstance(services, yaml.MappingNode):
        raise file.error(services, f"`services`: expected a mapping, found a {kind_of(services)}")
    for name, service in entries(services):
        fields = _fields(file, name, service, 0)
        target = _target(file, name, fields)
        if target is not None:
            yield target


def _included(file: ComposeFile) -> Iterator[str]:
    """The paths of the files that `include` names, those with unknown variables left out."""
    found = value_of(file.root, "include")
    for node in found.value if isinstance(found, yaml.SequenceNode) else ():
        paths = value_of(node, "path") if isinstance(node, yaml.MappingNode) else node
        many = paths.value if isinstance(paths, yaml.SequenceNode) else [paths]
        for one in many:
            text = None if one is None else file.known(one, "include")
            if text is not None and "://" not in text:
                yield os.path.normpath(os.path.join(file.folder, text))


def _fields(file: ComposeFile, name: str, service: yaml.Node, depth: int) -> Fields:
    """The fields of a service's build, each with the file that it stands in."""
    if depth > _DEEPEST:
        raise file.error(service, f"`services.{name}.extends`: it goes in a circle")
    fields: Fields = {}
    extends = value_of(service, "extends")
    if extends is not None:
        fields = _extended(file, name, extends, depth)
    build = value_of(service, "build")
    if isinstance(build, yaml.ScalarNode):
        fields = {**fields, "context": (file, build)}
    elif isinstance(build, yaml.MappingNode):
        fields = {**fields, **{key: (file, value) for key, value in entries(build)}}
        fields.setdefault("", (file, build))
    elif build is not None:
        raise file.error(
            build,
            f"`services.{name}.build`: expected a text or a mapping, found a {kind_of(build)}",
        )
    return fields


def _extended(file: ComposeFile, name: str, extends: yaml.Node, depth: int) -> Fields:
    """The fields that a service takes over from another one."""
    other = file
    wanted: yaml.Node | None = extends
    if isinstance(extends, yaml.MappingNode):
        wanted = value_of(extends, "service")
        path = value_of(extends, "file")
        if path is not None:
            text = file.known(path, "extends.file")
            if text is None:
                return {}
            place = os.path.normpath(os.path.join(file.folder, text))
            if place != os.path.normpath(file.path):
                other = ComposeFile(place)
    if wanted is None:
        raise file.error(extends, f"`services.{name}.extends`: expected a `service`")
    key = text_of(file, wanted, "extends")
    base = value_of(value_of(other.root, "services"), key)
    if base is None:
        raise file.error(wanted, f"`services.{name}.extends`: there is no service `{key}`")
    return _fields(other, key, base, depth + 1)


def _target(file: ComposeFile, name: str, fields: Fields) -> BuildTarget | None:
    """The build that some fields describe; None where there is none, or a variable is open."""
    if not fields:
        return None
    line = next(iter(fields.values()))[1].start_mark.line + 1
    where, context_node = fields.get("context", (file, None))
    context = "." if context_node is None else where.known(context_node, "context")
    folder = None if context is None else place_of(context, where.folder)
    target = ""
    if "target" in fields:
        owner, node = fields["target"]
        target = owner.known(node, "target") or ""
    inline, dockerfile = _dockerfile(fields, folder)
    if inline is None and dockerfile is None:
        return None
    owner, args = fields.get("args", (file, None))
    extra, named = fields.get("additional_contexts", (file, None))
    return BuildTarget(
        name, file.path, line, folder, dockerfile, inline,
        dict(_pairs(owner, args, "args")), target,
        tuple(key for key, _ in _pairs(extra, named, "additional_contexts")),
    )  # fmt: skip


def _dockerfile(fields: Fields, folder: str | None) -> tuple[InlineText | None, str | None]:
    """The text of the Dockerfile if it is inline, else its path."""
    if "dockerfile_inline" in fields:
        owner, node = fields["dockerfile_inline"]
        if "dockerfile" in fields:
            raise owner.error(node, "`dockerfile_inline`: expected no `dockerfile` beside it")
        text_of(owner, node, "dockerfile_inline")
        assert isinstance(node, yaml.ScalarNode)
        raw = inline_text(owner, node)
        filled = owner.filled(node, "dockerfile_inline")
        origins = [raw.origins[at] for at in filled.origins]
        return InlineText(filled.text, origins, raw.is_exact, raw.path), None
    name: str | None = "Dockerfile"
    if "dockerfile" in fields:
        owner, node = fields["dockerfile"]
        name = owner.known(node, "dockerfile")
    return None, None if name is None else dockerfile_in(folder, name)


def _pairs(file: ComposeFile, node: yaml.Node | None, what: str) -> Iterator[tuple[str, str]]:
    """The names and known values of a mapping, or of a list of `NAME=value`."""
    if isinstance(node, yaml.MappingNode):
        for key, value in entries(node):
            text = None if is_null(value) else file.known(value, f"{what}.{key}")
            if text is not None:
                yield key, text
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            name, equals, given = (file.known(one, what) or "").partition("=")
            if equals:
                yield name, given
    elif node is not None and not is_null(node):
        raise file.error(node, f"`{what}`: expected a mapping or a list, found a {kind_of(node)}")


__all__ = ["BuildFileError", "read_compose", "read_inline"]
