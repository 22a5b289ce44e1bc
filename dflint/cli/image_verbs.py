"""What the verbs on images have in common: their options, the store, and how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.flag_help import flag_lines
from dflint.cli.store_place import require_store, store_path
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UnsupportedError, UsageError
from dflint.text.go_functions import TemplateProblem

FAILED = 1
STORE = Flag("--store", "DIR", "where images are kept, as for `dflint build`")
HELP = Flag("--help", "", "print this", "-h")
FILTER = Flag("--filter", "NAME=VALUE", "only images that are like this", "-f")
FORMAT = Flag("--format", "FORMAT", "`table`, `table TEMPLATE`, `json`, or a Go template")
NO_TRUNC = Flag("--no-trunc", "", "cut nothing")
FORCE = Flag("--force", "", "do not ask", "-f")
PLATFORM = Flag("--platform", "PLATFORM", "which one of an image for several platforms")


@dataclass(frozen=True, slots=True)
class ImageVerb:
    """A verb: its name, what stands behind it, what it does, and its own options.

    It takes at least `least` arguments, and at most `most`, None for any number. `needs_trees`: it
    reads or removes files of layers, which may belong to ids that only a namespace has.
    `makes_room`: it removes something, also where the disk is full. `failed` is the exit status of
    what cannot be done.
    """

    name: str
    usage: str
    about: str
    flags: tuple[Flag, ...]
    least: int = 0
    most: int | None = None
    needs_trees: bool = False
    makes_room: bool = False
    failed: int = FAILED

    def run(
        self,
        words: Sequence[str],
        action: Callable[[Given, ContentStore], int],
        without: Callable[[Given], int] | None = None,
    ) -> int:
        """Run it; the exit status is 1 for what cannot be done.

        `without` is run where there is no store; by default that is a failure.
        """
        flags = (*self.flags, STORE, HELP)
        given = read_flags(words, flags)
        if given.is_on("--help"):
            sys.stdout.write(self._help(flags))
            return 0
        self._check(given.arguments)
        try:
            path = store_path(given)
            if without is not None and not os.path.isdir(path):
                return without(given)
            store = self._store(path)
            try:
                return action(given, store)
            finally:
                store.close()
        except TemplateProblem as problem:
            return self.fail(f"template parsing error: {problem}")
        except (BuildError, UnsupportedError) as error:
            return self.fail(str(error))

    def fail(self, problem: str) -> int:
        """Say what went wrong; the exit status."""
        sys.stderr.write(f"dflint: {self.name}: {problem}\n")
        return self.failed

    def _check(self, arguments: Sequence[str]) -> None:
        count = len(arguments)
        if count < self.least or (self.most is not None and count > self.most):
            found = " ".join(f"`{word}`" for word in arguments) or "nothing"
            raise UsageError(f"{self.name}: expected {self.usage or 'no arguments'}, found {found}")

    def _store(self, path: str) -> ContentStore:
        require_store(path)
        if self.needs_trees:
            from dflint.cli.build import enter_namespace

            enter_namespace()
        return ContentStore(path, makes_room=self.makes_room)

    def _help(self, flags: Iterable[Flag]) -> str:
        words = " ".join(word for word in (self.name, "[OPTIONS]", self.usage) if word)
        lines = [f"usage: dflint {words}", "", self.about, *flag_lines((("options", flags),))]
        if self.failed == FAILED:  # else what it is about tells
            lines += ["", "exit status: 0 done, 1 it could not be done, 2 wrong usage"]
        return "\n".join(lines) + "\n"


def has_agreed(warning: str) -> bool:
    """Ask on the terminal whether to go on, after a warning; only `y` and `yes` agree.

    Without a terminal the answer is read from standard input all the same, as docker does.
    """
    sys.stdout.write(f"{warning}\nAre you sure you want to continue? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
