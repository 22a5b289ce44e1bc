"""Sources that are begun and not finished: what is known of each, and what it waits for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dflint.engine.fixing import Mended, Mender
    from dflint.engine.session import Rules
    from dflint.lint.document import Document
    from dflint.lint.runner import Result, Runner
    from dflint.shellcheck.checker import Ticket

    Then = Callable[["Begun", Mended], Mended]


class Begun:
    """A source that our rules look at, and whose scripts ShellCheck may still be reading.

    `asked` is what our rules find, None until they were asked. `key` is what its report is kept by,
    None if it is not to be kept. `mended` is None, or what fixes did to it; while these are being
    made there is a `mending`.
    """

    __slots__ = (
        "asked", "codes", "config", "doc", "key", "mended", "mending", "runner", "ticket",
    )  # fmt: skip

    asked: Result | None

    def __init__(self, doc: Document, rules: Rules, asked: Result | None = None) -> None:
        self.doc = doc
        self.config, self.runner, _, self.codes = rules
        self.asked = asked
        self.ticket: Ticket | None = None
        self.key: bytes | None = None
        self.mended: Mended | None = None
        self.mending: Mending | None = None

    @property
    def is_done(self) -> bool:
        """Whether it can be finished without waiting, for others to be asked with it either."""
        return self.asked is not None and (self.ticket is None or self.ticket.is_done)


class Mending:
    """The fixes of a source in the making.

    `then` is called once with what they made, and returns what is to be reported of; None where
    it is that.
    """

    __slots__ = ("mender", "then")

    def __init__(self, mender: Mender, then: Then | None) -> None:
        self.mender = mender
        self.then = then


def mend(waiting: Sequence[Begun]) -> None:
    """Fix the sources that are to be fixed, all of them together."""
    from dflint.engine.fixing import mend_all

    mendings = [(begun, begun.mending) for begun in waiting if begun.mending is not None]
    made = mend_all([mending.mender for _, mending in mendings])
    for (begun, mending), mended in zip(mendings, made, strict=True):
        begun.mending = None
        if mending.then is not None:
            mended = mending.then(begun, mended)
        begun.mended = mended
        begun.doc, begun.asked = mended.outcome.doc, mended.asked


def ask_rules(waiting: Iterable[Begun]) -> None:
    """Have our rules look at sources, those with the same rules together."""
    by_runner: dict[Runner, list[Begun]] = {}
    for begun in waiting:
        by_runner.setdefault(begun.runner, []).append(begun)
    for runner, same in by_runner.items():
        results = runner.ask_all([begun.doc for begun in same])
        for begun, result in zip(same, results, strict=True):
            begun.asked = result
