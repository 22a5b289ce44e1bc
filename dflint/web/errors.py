"""What goes wrong with a request."""

from __future__ import annotations

from dflint.errors import BuildError


class WebError(BuildError):
    """A request that failed.

    `status` is the answer's status, or 0 where there was none; `url` is redacted; `is_passing`
    tells whether the same request may succeed later.
    """

    def __init__(
        self, message: str, *, status: int = 0, url: str = "", is_passing: bool = False
    ) -> None:
        self.message = message
        self.status = status
        self.url = url
        self.is_passing = is_passing
        super().__init__(message)

    def __str__(self) -> str:
        return self.message
