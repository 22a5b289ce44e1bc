"""A progress with a clock that the test sets, whose printer writes into a list."""

from __future__ import annotations

from dflint.build.progress.events import BuildFailure, SourceLines
from dflint.build.progress.progress import Progress

FALSE = 'process "/bin/sh -c false" did not complete successfully: exit code: 1'


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Run:
    """A progress whose printer writes here, with a clock of its own."""

    def __init__(self, printer, *arguments, **options):
        self.written = []
        self.clock = Clock()
        self.printer = printer(self.written.append, *arguments, **options)
        self.printer.interval = 0.0
        self.progress = Progress(self.printer, self.clock)

    @property
    def text(self):
        return "".join(self.written)

    def after(self, seconds):
        self.clock.now += seconds
        return self.progress

    def tick(self, seconds=0.0):
        self.clock.now += seconds
        self.printer.tick(self.clock.now)


def failed():
    source = SourceLines("Dockerfile", "FROM busybox\nRUN false\n", ((2, 2),))
    return BuildFailure(FALSE, "b", source)
