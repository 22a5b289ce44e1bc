"""A command as the program that it runs reads it: verb, options with values, operands."""

from __future__ import annotations

from dflint.shell.tools import Tool, find_tool
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.shell.commands import Command
    from dflint.shell.words import Word


class Argument:
    """What a program gets as one argument.

    `value` is the text after quotes are removed and variables expanded, None when only a run can
    tell it; `prefix` is then what is known of its beginning, else the value. Several may come of
    one word: `$PACKAGES`.
    """

    __slots__ = ("prefix", "value", "word")

    word: Word
    value: str | None
    prefix: str

    def __init__(self, word: Word, value: str | None, prefix: str) -> None:
        self.word = word
        self.value = value
        self.prefix = prefix

    def __repr__(self) -> str:
        return f"Argument({self.prefix!r}{'' if self.value is not None else '…'})"

    @property
    def span(self) -> Span:
        """The word that it comes of."""
        return self.word.span


class Option:
    """An option of a call: its name with its dashes, and its value if it has one.

    One letter of a cluster is an option of its own: `-qqy` gives `-q`, `-q` and `-y`. `given` is
    the argument that holds the value, which may be the option's own.
    """

    __slots__ = ("argument", "given", "name")

    name: str
    argument: Argument
    given: Argument | None

    def __init__(self, name: str, argument: Argument, given: Argument | None) -> None:
        self.name = name
        self.argument = argument
        self.given = given

    def __repr__(self) -> str:
        return f"Option({self.name!r}, {self.given!r})"

    @property
    def value(self) -> str | None:
        """The value's text; None without one, or when only a run can tell it."""
        return None if self.given is None else self.given.value

    @property
    def span(self) -> Span:
        """The word that it stands in."""
        return self.argument.span


class Invocation:
    """A command, read by what is known of its program.

    `name` is the program that runs in the end, wrappers, directories and variables resolved;
    None when only a run can tell. `tool` is what is known of it, None for an unknown program. For
    `python -m pip` it is pip's. `arguments` are those of the program. `word` is the one that names
    it, when that is not the command's own program: `rm` in `find -exec rm {} +`.
    """

    __slots__ = (
        "_arguments",
        "_expand",
        "_is_read",
        "_operands",
        "_options",
        "_verb",
        "command",
        "name",
        "tool",
        "word",
    )  # fmt: skip

    def __init__(
        self,
        command: Command,
        name: str | None,
        expand: Callable[[tuple[Word, ...]], list[Argument]],
        arguments: list[Argument] | None = None,
        word: Word | None = None,
    ) -> None:
        self.command = command
        self.name = name
        self.word = word
        tool = find_tool(name) if name else None
        self.tool: Tool | None = tool
        self._expand = expand
        self._arguments = arguments
        self._is_read = False
        self._options: list[Option] = []
        self._operands: list[Argument] = []
        self._verb: Argument | None = None
        if tool is not None and tool.name in ("python", "pypy"):
            self._enter_module()
        elif name == "uv" and [one.value for one in self.arguments[:1]] == ["pip"]:
            self.tool = find_tool("uv pip")
            self._arguments = self.arguments[1:]

    def __repr__(self) -> str:
        return f"Invocation({self.command.text!r})"

    @property
    def arguments(self) -> list[Argument]:
        """The program's arguments, its verb among them."""
        if self._arguments is None:
            self._arguments = self._expand(self.command.arguments)
        return self._arguments

    @property
    def verb(self) -> str:
        """The verb as it is written (`dist-upgrade`), empty without one."""
        if not self._is_read:
            self._read()
        return self._verb.prefix if self._verb is not None else ""

    @property
    def verb_argument(self) -> Argument | None:
        """The argument that is the verb."""
        if not self._is_read:
            self._read()
        return self._verb

    @property
    def action(self) -> str:
        """What the verb does (`install`, `update`, `upgrade`, `remove`, `clean`), else the verb."""
        if self.tool is None:
            return ""
        if not self._is_read:
            self._read()
        verb = self._verb.prefix if self._verb is not None else ""
        return self.tool.verbs.get(verb, verb)

    @property
    def options(self) -> list[Option]:
        """The options in order, whether they stand before or after the verb."""
        if not self._is_read:
            self._read()
        return self._options

    @property
    def operands(self) -> list[Argument]:
        """What is neither an option, nor an option's value, nor the verb, in order.

        For a tool with verbs, what stands before the verb is not among them.
        """
        if not self._is_read:
            self._read()
        return self._operands

    @property
    def span(self) -> Span:
        """The program's name as it is written."""
        word = self.word or self.command.program_word
        return word.span if word is not None else self.command.span

    @property
    def call_span(self) -> Span:
        """From the program's name to the verb, or the name alone."""
        span = self.span
        verb = self.verb_argument
        if verb is None:
            return span
        return Span(span.start, max(span.end, verb.span.end))

    @property
    def whole_span(self) -> Span:
        """From the program's name to its last argument."""
        span = self.span
        return Span(span.start, max([span.end, *(one.span.end for one in self.arguments)]))

    def option(self, *names: str) -> Option | None:
        """Give the first option with one of the names; a long one matches with a value too."""
        if not self._is_read:
            self._read()
        for option in self._options:
            if option.name in names:
                return option
        return None

    def option_values(self, *names: str) -> list[str | None]:
        """The values of every option with one of the names."""
        return [option.value for option in self.options if option.name in names]

    def _enter_module(self) -> None:
        """`python -m pip …` is pip's invocation."""
        arguments = self.arguments
        for at, argument in enumerate(arguments[:-1]):
            if argument.value == "-m":
                module = arguments[at + 1].value
                tool = find_tool(module) if module else None
                if tool is not None:
                    self.name, self.tool = module, tool
                    self._arguments = arguments[at + 2 :]
                return
            if not argument.prefix.startswith("-"):
                return

    def _read(self) -> None:
        self._is_read = True
        options, operands = self._options, self._operands
        tool = self.tool
        valued = tool.valued if tool is not None else _NONE
        is_single_dashed = tool is not None and tool.is_single_dashed
        # Without a verb to come, what is no option is an operand.
        has_verb = tool is None or not tool.has_verbs
        ended = False
        waiting = iter(self.arguments)
        for argument in waiting:
            text = argument.prefix
            if ended or text[:1] != "-" or text == "-":
                if has_verb:
                    operands.append(argument)
                elif argument.value:
                    # Also a verb that the table lacks: what follows it are its operands.
                    self._verb = argument
                    has_verb = True
            elif text == "--":
                ended = True
            elif text in valued:
                options.append(Option(text, argument, next(waiting, None)))
            elif not (is_single_dashed or text[1] == "-") and (len(text) > 2 or text[1] == "="):
                options += _cluster(argument, waiting, valued)
            else:
                options.append(_option(argument))


_NONE: frozenset[str] = frozenset()


def _option(argument: Argument) -> Option:
    """An option that stands by itself, or with its value behind `=`."""
    text = argument.prefix
    if "=" not in text:
        return Option(text, argument, None)
    name, _, value = text.partition("=")
    known = value if argument.value is not None else None
    return Option(name, argument, Argument(argument.word, known, value))


def _cluster(
    argument: Argument, waiting: Iterator[Argument], valued: frozenset[str]
) -> Iterator[Option]:
    """The options of one letter that stand together; the last one's value may come next."""
    text = argument.prefix
    for at, letter in enumerate(text[1:], 2):
        name = f"-{letter}"
        if name not in valued:
            if letter == "=":
                return
            yield Option(name, argument, None)
            continue
        rest = text[at:].removeprefix("=")
        if rest:
            known = rest if argument.value is not None else None
            yield Option(name, argument, Argument(argument.word, known, rest))
        else:
            yield Option(name, argument, next(waiting, None))
        return
