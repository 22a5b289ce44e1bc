"""The rule `rails-health`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import HealthCheck
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


class RailsHealth(Rule):
    """The health check of a Rails application asks for a page.

    Rails 7.1 and later answer at `/up` as soon as the application has started, without a look at
    the database or the session. A page of the application is slower, and may be a redirect or
    need a login.

    Off unless selected: whether an image is for production is not in the file. The fix proposes the
    path, which older Rails do not have.

    bundle-config(1).
    """

    meta = Meta(
        "rails-health",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/healthcheck-rails-up-endpoint",),
        default=False,
        fix="display",
    )
    on = (HealthCheck,)
    mentions = ("rails",)
    bad = (
        "FROM ruby:3.4\n"
        "HEALTHCHECK CMD curl -f http://localhost:3000/\n"
        'CMD ["bin/rails", "server"]\n'
    )
    good = (
        "FROM ruby:3.4\n"
        "HEALTHCHECK CMD curl -f http://localhost:3000/up\n"
        'CMD ["bin/rails", "server"]\n'
    )
    valid = (
        Valid("FROM a\nHEALTHCHECK CMD curl http://localhost/\n"),
        Valid("FROM a\nRUN rails\nHEALTHCHECK CMD curl http://localhost/health\n"),
    )
    invalid = (
        Invalid(
            ("FROM a\nRUN rails\nHEALTHCHECK CMD curl http://localhost:3000 || exit 1\n"),
            at="http://localhost:3000",
        ),
        Invalid(
            ("FROM a\nENV RAILS_ENV=b\nHEALTHCHECK --interval=5s CMD curl -f http://127.0.0.1/\n"),
            at="http://127.0.0.1/",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if "rails" not in doc.text.lower():
            return
        for instruction in doc.all(HealthCheck):
            for at, word in enumerate(instruction.reading.arguments):
                found = re.search(
                    r"https?://(?:localhost|127\.0\.0\.1)(?::\d++)?+(?:/(?=[\s\"'|]|$)|(?=[\s\"'|]|$))",
                    word,
                )
                if found is not None and instruction.reading.arguments[0].lower() == "cmd":
                    begin = instruction.reading.places[at][0] + found.start()
                    place = doc.place(instruction, begin, begin + len(found[0]))
                    yield self.finding(
                        doc,
                        place,
                        "for this there is `/up`, where Rails answers; a page may redirect or "
                        "need more",
                        fix=partial(_fix, found[0], place),
                    )


def _fix(url: str, place: Span) -> Fix | None:
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix, may_set

    edit = Edit.insertion(place.end, "up" if url.endswith("/") else "/up")
    level, contract = Applicability.DISPLAY, may_set("healthcheck")
    return Fix("ask for `/up`", [edit], level, Effect.METADATA, contract=contract)
