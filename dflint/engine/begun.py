"""Sources that are begun and not finished: what is known of each, and what it waits for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.engine.fixing import Mended
    from dflint.engine.session import Rules
    from dflint.lint.document import Document
    from dflint.lint.runner import Result, Runner
    from dflint.shellcheck.checker import Ticket


class Begun:
    """A source that our rules look at, and whose scripts ShellCheck may still be reading.

    `asked` is what our rules find, None until they were asked. `key` is what its report is kept by,
    None if it is not to be kept. `mended` is None, or what fixes did to it.
    """

    __slots__ = ("asked", "codes", "config", "doc", "key", "mended", "runner", "ticket")

    asked: Result | None

    def __init__(
        self, doc: Document, rules: Rules, asked: Result | None, ticket: Ticket | None
    ) -> None:
        self.doc = doc
        self.config, self.runner, _, self.codes = rules
        self.asked = asked
        self.ticket = ticket
        self.key: bytes | None = None
        self.mended: Mended | None = None

    @property
    def is_done(self) -> bool:
        """Whether it can be finished without waiting."""
        return self.ticket is None or self.ticket.is_done


def ask_rules(waiting: Iterable[Begun]) -> None:
    """Have our rules look at sources, those with the same rules together."""
    by_runner: dict[Runner, list[Begun]] = {}
    for begun in waiting:
        by_runner.setdefault(begun.runner, []).append(begun)
    for runner, same in by_runner.items():
        results = runner.ask_all([begun.doc for begun in same])
        for begun, result in zip(same, results, strict=True):
            begun.asked = result
