"""What the vertices of a build do: sources, executions, file operations, merges.

An operation's slots, in order, are its definition: whatever BuildKit's LLB tells apart, and
nothing else. The state that an operation changes is its first input; others are named by their
number among the vertex's `inputs`.
"""

from __future__ import annotations

from dflint.graph.command import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import ClassVar

    from dflint.graph.variables import Variables

#: The number of an input that is not there.
NO_INPUT = -1


class Op:
    """One operation. Two are equal when their definitions are."""

    __slots__: tuple[str, ...] = ()

    KIND: ClassVar[str] = ""

    def fields(self) -> Iterator[tuple[str, object]]:
        """The name and the value of each field, in order."""
        for name in type(self).__slots__:
            yield name, getattr(self, name)

    @property
    def definition(self) -> tuple[object, ...]:
        """The operation as nested tuples of plain values."""
        return tuple(plain(value) for _, value in self.fields())

    def differing(self, other: Op) -> list[str]:
        """The names of the fields in which an operation of the same class differs.

        Commands are compared by what they do: see `Command`.
        """
        return [
            name
            for name in type(self).__slots__
            if not _equal(getattr(self, name), getattr(other, name))
        ]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return False
        for name in type(self).__slots__:  # a comprehension costs more, and would look at all
            if not _equal(getattr(self, name), getattr(other, name)):
                return False
        return True

    def __hash__(self) -> int:
        values = [getattr(self, name) for name in type(self).__slots__]
        return hash((self.KIND, *[getattr(one, "checksum", one) for one in values]))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.fields() if value)
        return f"{type(self).__name__}({shown})"


def plain(value: object) -> object:
    """A field's value as nested tuples of plain values."""
    if isinstance(value, tuple):
        return tuple(plain(one) for one in value)
    if isinstance(value, (Op, Command)):
        return value.definition
    checksum = getattr(value, "checksum", None)
    return value if checksum is None else checksum


def _equal(one: object, other: object) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            return False
        return all(_equal(mine, theirs) for mine, theirs in zip(one, other, strict=True))
    if isinstance(one, (str, Op)):
        return one == other
    if hasattr(one, "checksum"):
        return bool(plain(one) == plain(other))
    return one == other


class ScratchSource(Op):
    """An empty file system: `FROM scratch`."""

    __slots__ = ()

    KIND = "scratch"


class ImageSource(Op):
    """An image of a registry, or a named build context that stands for it."""

    __slots__ = ("reference", "platform")  # noqa: RUF023 - slots are in the order of meaning

    KIND = "image"

    def __init__(self, reference: str, platform: str) -> None:
        self.reference = reference
        self.platform = platform


class ContextSource(Op):
    """The build context."""

    __slots__ = ()

    KIND = "context"


class NamedContextSource(Op):
    """The files of a named build context."""

    __slots__ = ("name",)

    KIND = "named-context"

    def __init__(self, name: str) -> None:
        self.name = name


class HttpSource(Op):
    """A file of a web server."""

    __slots__ = ("url", "checksum_of")  # noqa: RUF023

    KIND = "http"

    def __init__(self, url: str, checksum: str) -> None:
        self.url = url
        self.checksum_of = checksum


class GitSource(Op):
    """A git repository."""

    __slots__ = ("url", "keeps_git_dir", "commit")  # noqa: RUF023

    KIND = "git"

    def __init__(self, url: str, keeps_git_dir: bool, commit: str) -> None:
        self.url = url
        self.keeps_git_dir = keeps_git_dir
        self.commit = commit


class Mount(Op):
    """A mount of a RUN; `input` is what a bind or cache mount begins with."""

    __slots__ = (  # noqa: RUF023
        "type", "input", "source", "target", "read_only", "required", "id", "sharing", "mode",
        "uid", "gid", "size", "env",
    )  # fmt: skip

    KIND = "mount"

    type: str
    input: int
    source: str
    target: str
    read_only: bool
    required: bool
    id: str
    sharing: str
    mode: int | None
    uid: int | None
    gid: int | None
    size: int
    env: str | None

    def __init__(self, **values: object) -> None:
        for name in self.__slots__:
            setattr(self, name, values[name])


class InlineFile(Op):
    """A heredoc that a RUN starts as a program of its own."""

    __slots__ = ("name", "content")  # noqa: RUF023

    KIND = "inline"

    def __init__(self, name: str, content: str) -> None:
        self.name = name
        self.content = content


class ExecOp(Op):
    """A command that is run, on the state that is its first input."""

    __slots__ = (  # noqa: RUF023
        "command", "script_file", "variables", "workdir", "user", "mounts", "network", "security",
        "devices",
    )  # fmt: skip

    KIND = "exec"

    command: Command
    script_file: InlineFile | None
    variables: Variables
    workdir: str
    user: str
    mounts: tuple[Mount, ...]
    network: str
    security: str
    devices: tuple[str, ...]

    def __init__(
        self,
        command: Command,
        script_file: InlineFile | None,
        variables: Variables,
        workdir: str,
        user: str,
    ) -> None:
        self.command = command
        self.script_file = script_file
        self.variables = variables
        self.workdir = workdir
        self.user = user
        self.mounts = ()
        self.network = ""
        self.security = ""
        self.devices = ()


class MakeDirectory(Op):
    """The directory that WORKDIR makes, and those above it."""

    __slots__ = ("path", "owner")  # noqa: RUF023

    KIND = "mkdir"

    def __init__(self, path: str, owner: str) -> None:
        self.path = path
        self.owner = owner


class CopyOptions(Op):
    """What COPY's and ADD's flags say of all their sources.

    `parents` keeps the directories of the sources, `excludes` are patterns.
    """

    __slots__ = ("owner", "mode", "parents", "excludes")  # noqa: RUF023

    KIND = "options"

    def __init__(self, owner: str, mode: str, parents: bool, excludes: tuple[str, ...]) -> None:
        self.owner = owner
        self.mode = mode
        self.parents = parents
        self.excludes = excludes


class CopyAction(Op):
    """One source of a copy.

    `input` is where it comes from, `content` the text of a heredoc, None for files. `unpack`
    tells whether archives are unpacked, None where that is left to what the source is.
    """

    __slots__ = ("input", "source", "content", "target", "unpack", "options")  # noqa: RUF023

    KIND = "copy"

    def __init__(
        self,
        input: int,
        source: str,
        content: str | None,
        target: str,
        unpack: bool,
        options: CopyOptions,
    ) -> None:
        self.input = input
        self.source = source
        self.content = content
        self.target = target
        self.unpack = unpack
        self.options = options


class FileOp(Op):
    """A COPY or ADD: its actions in order, on the state that is the first input.

    A `link` copies into an empty file system, which is laid over the state as a layer of its own.
    """

    __slots__ = ("actions", "link")

    KIND = "file"

    actions: tuple[CopyAction, ...]
    link: bool

    def __init__(self, actions: tuple[CopyAction, ...], link: bool) -> None:
        self.actions = actions
        self.link = link
