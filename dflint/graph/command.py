"""Commands: what RUN, CMD, ENTRYPOINT and HEALTHCHECK start."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.graph.state import StageState


class Command:
    """A command in exec form, or a text for a shell.

    `arguments` is the whole argument list: of a shell form the shell's words and the text. Equal
    are two commands that do the same: where a shell of POSIX' language reads the text, blanks
    that do not matter to it may differ. `definition` is exact, as the builder's cache is.
    """

    __slots__ = ("arguments", "is_posix", "is_shell")

    arguments: tuple[str, ...]
    is_shell: bool
    is_posix: bool

    def __init__(self, arguments: tuple[str, ...], is_shell: bool, is_posix: bool) -> None:
        self.arguments = arguments
        self.is_shell = is_shell
        self.is_posix = is_posix

    @property
    def text(self) -> str:
        """The text that a shell reads; the words of an exec form with blanks between them."""
        return self.arguments[-1] if self.is_shell else " ".join(self.arguments)

    @property
    def shell(self) -> tuple[str, ...]:
        """The words of the shell, none for an exec form."""
        return self.arguments[:-1] if self.is_shell else ()

    @property
    def definition(self) -> tuple[object, ...]:
        """What a builder starts, to the letter."""
        return self.arguments

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Command) or self.is_shell != other.is_shell:
            return False
        if self.arguments == other.arguments:
            return True
        if not (self.is_shell and self.is_posix and self.shell == other.shell):
            return False
        import dflint.shell.meaning as module

        return module.means_the_same(self.text, other.text)

    def __hash__(self) -> int:
        if not self.is_shell:
            return hash(self.arguments)
        import dflint.shell.meaning as module

        return hash((self.shell, module.meaning_of(self.text) or self.text))

    def __repr__(self) -> str:
        return f"Command({self.arguments!r})"


def shell_command(text: str, state: StageState) -> Command:
    """The command that a shell form starts at some place of a stage."""
    return Command((*state.shell, text), True, reads_blanks(state.dialect))


def exec_command(arguments: tuple[str, ...]) -> Command:
    """The command of an exec form."""
    return Command(arguments, False, False)


def reads_blanks(dialect: str) -> bool:
    """Whether it is known of a dialect which blanks mean nothing in it."""
    return dialect in ("sh", "ash", "bash")
