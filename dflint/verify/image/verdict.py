"""What the image verifier says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.build.session import BuiltImage

#: The value of what is not there.
ABSENT = "absent"


class Level(Enum):
    """How far two images agree; the first five mean that the change is accepted."""

    #: Nothing was built: the plans of both builds are the same.
    PROVED = "proved"
    #: The same layers with the same configuration and history.
    IDENTICAL = "identical"
    #: The same, but for when files and layers were made.
    BUT_TIMES = "identical-but-for-times"
    #: The same files and configuration; cut into other layers, or with what differs by itself.
    EQUAL = "equal"
    #: Equal but for what the change declares.
    DECLARED = "declared"
    #: Something else differs, or the file builds no longer.
    DIFFERENT = "different"
    #: It could not be found out.
    UNVERIFIED = "unverified"

    @property
    def is_accepted(self) -> bool:
        """Whether the change is no more than what was declared."""
        return self not in (Level.DIFFERENT, Level.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two images, or between two builds.

    `kind` is `path`, `config` or `build`; `place` the path, the key or the step. `field` says what
    differs of it; `before` and `after` are the values as people read them, `absent` for none. `why`
    tells what explains it, where something does.
    """

    kind: str
    place: str
    field: str
    before: str
    after: str
    why: str = ""

    def __str__(self) -> str:
        if self.kind == "build":
            return f"{self.place}: {self.after}"
        if self.field == "name":
            return self.place
        name = self.place if self.kind == "path" else f"configuration `{self.place}`"
        field = f" {self.field}" if self.field and self.kind == "path" else ""
        return f"{name}:{field} {self.before} -> {self.after}"

    def plain(self) -> dict[str, str]:
        """The difference as a JSON object."""
        names = ("kind", "place", "field", "before", "after", "why")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class ImageVerdict:
    """A level, and all that led to it.

    `differences` are those that nothing explains: the witnesses of DIFFERENT. `declared` are those
    that the contract allows, `masked` those that builds of the same file have among themselves,
    `times` how many files differ in nothing but their time. `reason` is why it is UNVERIFIED.
    `is_certain` tells that no other build can change it. `builds` counts the builds, `seconds` what
    they and the comparison took. The images are there if they were built. `assumed` is what the
    plans take for granted of what no Dockerfile shows.
    """

    level: Level
    differences: tuple[Difference, ...] = ()
    declared: tuple[Difference, ...] = ()
    masked: tuple[Difference, ...] = ()
    times: int = 0
    reason: str = ""
    is_certain: bool = True
    builds: int = 0
    seconds: float = 0.0
    before: BuiltImage | None = None
    after: BuiltImage | None = None
    assumed: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the change is no more than what was declared."""
        return self.level.is_accepted

    @property
    def is_planned(self) -> bool:
        """Whether the plans alone have shown it: nothing was built."""
        return self.is_accepted and self.after is None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why it is not accepted."""
        return (self.reason,) if self.reason else tuple(map(str, self.differences))
