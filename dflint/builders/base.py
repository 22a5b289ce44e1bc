"""What a builder is asked for, and what it tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dflint.build.outcome import BuildResult
from dflint.build.request import BuildRequest


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Whether a builder is there: its version, and why it cannot be used, both empty for neither.

    A program that is not installed has no version.
    """

    name: str
    version: str = ""
    problem: str = ""


class Builder(Protocol):
    """Hands a whole build to an existing builder, as a process of its own."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def problems(self, request: BuildRequest) -> list[str]:
        """What of a request this builder cannot do, a sentence each; nothing is started."""
        ...

    def build(self, request: BuildRequest, progress: str = "auto") -> BuildResult:
        """Build what is asked for; the builder's own output goes on to standard error.

        An output of type `image` is taken into the store of the request, under its names.
        `progress` is a kind that `dflint build` has too. Raises BuildError when it fails, and
        UnsupportedError where the builder is not installed.
        """
        ...

    def status(self) -> EngineStatus:
        """Whether the builder is there, found by asking it; takes ten seconds at most."""
        ...
