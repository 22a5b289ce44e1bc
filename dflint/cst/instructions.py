"""Instructions."""

from __future__ import annotations

from dflint.cst.node import Node
from dflint.cst.reading import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar

    from dflint.cst.forms import ExecForm, HealthCheckForm, PairList, ShellForm, WordList
    from dflint.cst.heredocs import HeredocBody
    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint.cst.reading import Reading
    from dflint.cst.trivia import Comment, Continuation, EmptyLine, Whitespace
    from dflint.cst.words import Flag, Word

_new = object.__new__
_set = object.__setattr__


class _Field:
    """A field of instructions, made with the others when one is first asked for.

    It is found in the instruction itself from then on, without anybody being called.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instruction: Instruction | None, owner: type[Instruction]) -> object:
        if instruction is None:
            return self
        return _expand(instruction, self._name)


class _Reading:
    """The same for what a builder reads."""

    __slots__ = ()

    def __get__(self, instruction: Instruction | None, owner: type[Instruction]) -> object:
        if instruction is None:
            return self
        reading = read(instruction)
        _set(instruction, "reading", reading)
        return reading


class Instruction(Node, slots=False):
    """One instruction with all that belongs to it.

    It owns the blank lines and comments above it, its continuations with the comment lines in
    them, and its heredoc bodies. What the parser makes is expanded into fields when a field is
    first asked for; until then it is a piece of text, which is all that most rules need.
    """

    # `__dict__` is for the fields and the reading, which are made when they are first asked for.
    __slots__ = ("__dict__", "line")

    #: The keyword in upper case; empty for UnknownInstruction and BadInstruction.
    KEYWORD: ClassVar[str] = ""

    leading: tuple[Comment | EmptyLine, ...]
    indent: str
    keyword: Word
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    flags: tuple[Flag, ...]
    arguments: ShellForm | ExecForm | WordList | PairList | HealthCheckForm | Instruction | None
    trailing: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    newline: str
    heredocs: tuple[HeredocBody, ...]

    if not TYPE_CHECKING:

        def __init__(self, *values: object, **named: object) -> None:
            from dflint.cst.parser.logical_lines import line_of_nodes

            super().__init__(*values, **named)
            _set(self, "line", line_of_nodes(self))

    @classmethod
    def from_line(cls, line: LogicalLine) -> Instruction:
        """The instruction on a logical line that the parser cut; fields follow when asked for."""
        self = _new(cls)
        _set(self, "line", line)
        return self

    def moved(self, source: str, above: int) -> Instruction:
        """The same instruction in another text, where all that it owns begins at `above`."""
        made = _new(type(self))
        _set(made, "line", self.line.moved(source, above))
        reading = self.__dict__.get("reading")
        if reading is not None:
            _set(made, "reading", reading)
        return made

    if TYPE_CHECKING:

        @property
        def line(self) -> LogicalLine:
            """The logical line: the text that a builder reads, and where it stands."""

        @property
        def reading(self) -> Reading:
            """What a builder reads: flags and arguments as plain strings."""

    @property
    def is_read(self) -> bool:
        """Whether `reading` was asked for."""
        return "reading" in self.__dict__

    @property
    def is_expanded(self) -> bool:
        """Whether the fields exist; a node that is not expanded has handed out no child."""
        return "keyword" in self.__dict__

    def _collect(self, pieces: list[str]) -> None:
        if self.is_expanded:
            super()._collect(pieces)
        else:
            pieces.append(self.line.whole)


def _expand(instruction: Instruction, name: str) -> object:
    from dflint.cst.parser.builder import fields_of

    fields = dict(zip(instruction._fields, fields_of(instruction.line), strict=True))
    for field, value in fields.items():
        _set(instruction, field, value)
    return fields[name]


for _name in Instruction._fields:
    setattr(Instruction, _name, _Field(_name))
Instruction.reading = _Reading()  # type: ignore[assignment,method-assign]  # it makes one


class From(Instruction):
    """`FROM [--platform=…] image [AS name]`: begins a build stage ("FROM")."""

    KEYWORD = "FROM"


class Run(Instruction):
    """`RUN`: executes a command and commits what it changed ("RUN")."""

    KEYWORD = "RUN"


class Cmd(Instruction):
    """`CMD`: the default command or default arguments of a container ("CMD")."""

    KEYWORD = "CMD"


class Label(Instruction):
    """`LABEL`: metadata as pairs ("LABEL")."""

    KEYWORD = "LABEL"


class Maintainer(Instruction):
    """`MAINTAINER`: the author, deprecated ("MAINTAINER")."""

    KEYWORD = "MAINTAINER"


class Expose(Instruction):
    """`EXPOSE`: ports that the container listens on ("EXPOSE")."""

    KEYWORD = "EXPOSE"


class Env(Instruction):
    """`ENV`: environment variables that stay in the image ("ENV")."""

    KEYWORD = "ENV"


class Add(Instruction):
    """`ADD`: copies files, URLs, git repositories and archives ("ADD")."""

    KEYWORD = "ADD"


class Copy(Instruction):
    """`COPY`: copies files from the context or another stage ("COPY")."""

    KEYWORD = "COPY"


class Entrypoint(Instruction):
    """`ENTRYPOINT`: the executable of a container ("ENTRYPOINT")."""

    KEYWORD = "ENTRYPOINT"


class Volume(Instruction):
    """`VOLUME`: mount points ("VOLUME")."""

    KEYWORD = "VOLUME"


class User(Instruction):
    """`USER`: the user and group of what follows ("USER")."""

    KEYWORD = "USER"


class Workdir(Instruction):
    """`WORKDIR`: the working directory of what follows ("WORKDIR")."""

    KEYWORD = "WORKDIR"


class Arg(Instruction):
    """`ARG`: build arguments ("ARG")."""

    KEYWORD = "ARG"


class OnBuild(Instruction):
    """`ONBUILD`: an instruction for builds that use this image; it is in `arguments`."""

    KEYWORD = "ONBUILD"


class StopSignal(Instruction):
    """`STOPSIGNAL`: the signal that stops a container ("STOPSIGNAL")."""

    KEYWORD = "STOPSIGNAL"


class HealthCheck(Instruction):
    """`HEALTHCHECK`: how to tell whether a container still works ("HEALTHCHECK")."""

    KEYWORD = "HEALTHCHECK"


class Shell(Instruction):
    """`SHELL`: the shell of the shell form ("SHELL")."""

    KEYWORD = "SHELL"


class UnknownInstruction(Instruction):
    """A line whose first word is no instruction's name."""


class BadInstruction(Instruction):
    """A known instruction whose arguments no builder can read; `arguments` is their text."""


_ALL: tuple[type[Instruction], ...] = (
    From, Run, Cmd, Label, Maintainer, Expose, Env, Add, Copy, Entrypoint, Volume, User,
    Workdir, Arg, OnBuild, StopSignal, HealthCheck, Shell,
)  # fmt: skip
_CLASSES = {cls.KEYWORD.lower(): cls for cls in _ALL} | {cls.KEYWORD: cls for cls in _ALL}


def take_readings(known: Iterable[Instruction], instructions: Iterable[Instruction]) -> None:
    """Give instructions what was read already of others that are written alike.

    A reading is a value: it holds nothing of where the instruction stands. What the line keeps
    does, so that only one in the same place gets it.
    """
    by_text = {one.line.text: one for one in known if one.is_read}
    for instruction in instructions:
        line = instruction.line
        other = by_text.get(line.text)
        if (
            other is not None
            and type(other) is type(instruction)
            and other.line.escape == line.escape
        ):
            _set(instruction, "reading", other.reading)
            is_there = line.start == other.line.start and not line.markers
            if is_there and line.pieces == other.line.pieces:
                line.memo = other.line.memo


def class_of(keyword: str) -> type[Instruction] | None:
    """The class of a keyword in lower or in upper case, or None for an unknown one."""
    return _CLASSES.get(keyword)


def keywords() -> tuple[str, ...]:
    """The keywords of the reference, in upper case."""
    return tuple(cls.KEYWORD for cls in _ALL)
