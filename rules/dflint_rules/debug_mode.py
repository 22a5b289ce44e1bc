"""The rule `debug-mode`."""

from __future__ import annotations

from dflint.cst.instructions import Env, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_YES = ("1", "true", "yes", "on")
_MODES = {
    "FLASK_DEBUG": _YES,
    "FLASK_ENV": ("development",),
    "DJANGO_DEBUG": _YES,
    "APP_DEBUG": _YES,
    "DEBUG": _YES,
    "ASPNETCORE_ENVIRONMENT": ("development",),
}


class DebugMode(Rule):
    """The image runs in a mode for development.

    Debug modes of web frameworks show the sources, settings and variables of a failure to whoever
    asks, and some let them run code (Flask's, Django's with extensions). The image should be
    quiet, and whoever develops sets the variable when the container starts.

    Off unless selected: images for development mean it.

    Dockerfile reference, "ENV".
    """

    meta = Meta(
        "debug-mode",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("S4507",),
        default=False,
    )
    on = (
        Env,
        OnBuild,
    )
    mentions = (
        "debug",
        "_env",
    )
    bad = "FROM python:3.13-slim\nENV FLASK_DEBUG=1\n"
    good = "FROM python:3.13-slim\nENV FLASK_DEBUG=0\n"
    valid = (
        Valid("FROM a\nENV DEBUG=b FLASK_ENV=production\n"),
        Valid("FROM a\nARG DEBUG=1\n"),
    )
    invalid = (
        Invalid('FROM a\nENV A=b DEBUG="True"\n', at="DEBUG"),
        Invalid(
            "FROM a\nENV FLASK_ENV development\nENV APP_DEBUG=true\n", at=("FLASK_ENV", "APP_DEBUG")
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Env):
            arguments = occurrence.reading.arguments
            for at in range(0, len(arguments), 3):
                wanted = _MODES.get(arguments[at])
                if wanted and arguments[at + 1].strip("\"'").lower() in wanted:
                    yield self.finding(
                        doc,
                        occurrence.argument(at),
                        f"`{arguments[at]}` shows the program's insides to whoever asks; set it "
                        "when the "
                        "container starts, where it is wanted",
                    )
