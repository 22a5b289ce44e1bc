"""The shell that reads a shell form, told from FROM and SHELL alone (reference, "SHELL")."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From, Shell
from dflint.shell.dialect import Dialect, dialect_of
from dflint.shell.windows_images import is_windows_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction


class StageShell:
    """The shell of a shell form: its `words`, and whether SHELL or the platform gives them."""

    __slots__ = ("_dialect", "is_explicit", "words")

    words: tuple[str, ...]
    is_explicit: bool

    def __init__(self, words: tuple[str, ...], is_explicit: bool) -> None:
        self.words = words
        self.is_explicit = is_explicit
        self._dialect: Dialect | None = None

    @property
    def dialect(self) -> Dialect:
        """The language that it reads."""
        if self._dialect is None:
            self._dialect = dialect_of(self.words)
        return self._dialect

    @property
    def text(self) -> str:
        """The words as one writes them in a sentence."""
        return " ".join(self.words)


LINUX_SHELL = StageShell(("/bin/sh", "-c"), False)
WINDOWS_SHELL = StageShell(("cmd", "/S", "/C"), False)


def stage_shells(tree: Dockerfile) -> dict[Instruction, StageShell]:
    """The shell of every instruction of a stage.

    A stage that is built on another goes on with its shell. An image whose name tells nothing
    of Windows counts as one for Linux.
    """
    if isinstance(tree.memo, dict):
        return tree.memo
    shells: dict[Instruction, StageShell] = {}
    by_name: dict[str, StageShell] = {}
    defaults: list[Instruction] = []
    shell = LINUX_SHELL
    name = ""
    is_global = True
    for instruction in tree.instructions:
        kind = type(instruction)
        if kind is From:
            is_global = False
            words = instruction.reading.arguments
            image = words[0].lower() if words else ""
            # A name is known from the stage's end on, with the shell that it ends with.
            if name:
                by_name[name] = shell
            shell = by_name.get(image) or _platform_shell(instruction, image, defaults)
            name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else ""
        elif kind is Shell:
            if instruction.reading.is_json:
                shell = StageShell(instruction.reading.arguments, True)
        elif is_global and kind is Arg:
            defaults.append(instruction)
        shells[instruction] = shell
    tree.keep(shells)
    return shells


def _platform_shell(stage: Instruction, image: str, defaults: list[Instruction]) -> StageShell:
    """Tell the shell of an image; with variables in its name, of what their defaults may name."""
    reading = stage.reading
    if reading.flags and (reading.flag("platform") or "").lower().startswith("windows"):
        return WINDOWS_SHELL
    if "$" in image:
        image = " ".join((image, *(word for arg in defaults for word in arg.reading.arguments)))
    return WINDOWS_SHELL if is_windows_image(image) else LINUX_SHELL
