"""What mends a finding: values only; what chooses and applies them is `dflint.fix`."""

from __future__ import annotations

from enum import IntEnum, IntFlag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.lint.contract import Contract
    from dflint.text.edit import Edit
    from dflint.text.span import Span


class Applicability(IntEnum):
    """What may be done with a fix; greater is more.

    SAFE: the build does what it did but for the declared effect, and every comment stays.
    UNSAFE: valid and probably meant, but it may change the image or how it is built in a way that
    only a build can tell.
    DISPLAY: a suggestion that is never applied by itself.
    """

    DISPLAY = 1
    UNSAFE = 2
    SAFE = 3

    @property
    def label(self) -> str:
        """The name as it is printed: `safe`, `unsafe`, `display`."""
        return self.name.lower()


class Effect(IntFlag):
    """What a fix changes of what would be built; the plan verifier holds it to that.

    NOTHING: the plan of the build is the same.
    METADATA: the image's configuration differs (labels, command, health check, ports …).
    LAYERS: the same commands and file operations in the same order, cut into other layers.
    FILES: the edited instructions themselves do something else: a command has another option,
    cleans up behind itself, COPY stands for ADD.
    """

    NOTHING = 0
    METADATA = 1
    LAYERS = 2
    FILES = 4


class Fix:
    """A change that mends one finding: all of its edits, or none.

    `title` says what it does, in the imperative (`write the author as a label`). `scope` is the
    instruction that the edits belong together in, if that is no longer what it was for other
    fixes once they are made: of the fixes with one scope, one is applied in a pass. Without a
    scope a fix stands in nobody's way but where edits meet. `lost` are the words of commands, and
    the values of labels and ports, that it takes away (`sudo`): any other loss is a mistake.
    `contract` says what of the image it may change; None stands for nothing.
    """

    __slots__ = ("applicability", "contract", "edits", "effect", "lost", "scope", "title")

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    effect: Effect
    scope: Span | None
    lost: tuple[str, ...]
    contract: Contract | None

    def __init__(
        self,
        title: str,
        edits: Iterable[Edit],
        applicability: Applicability = Applicability.SAFE,
        effect: Effect = Effect.NOTHING,
        scope: Span | None = None,
        lost: tuple[str, ...] = (),
        contract: Contract | None = None,
    ) -> None:
        self.title = title
        self.edits = tuple(sorted(edits))
        self.applicability = applicability
        self.effect = effect
        self.scope = scope
        self.lost = lost
        self.contract = contract

    @property
    def is_safe(self) -> bool:
        """Whether it may be applied without being asked for by name."""
        return self.applicability is Applicability.SAFE

    def __repr__(self) -> str:
        return f"Fix({self.title!r}, {self.applicability.label}, {list(self.edits)!r})"
