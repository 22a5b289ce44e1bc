"""The rule `rails-state`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Copy, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.last_user import last_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class RailsState(Rule):
    """Rails cannot write its state as the user of the image.

    Rails writes to `tmp`, `log`, `storage` and `db`. Where the application is copied by root and
    runs as another user, these directories are to be given to that user: `chown -R rails:rails db
    log storage tmp`.

    Off unless selected: whether an image is for production is not in the file. The fix proposes to
    give all to the user: better are the directories alone.

    bundle-config(1).
    """

    meta = Meta(
        "rails-state",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/state-paths-not-writable-as-non-root",),
        default=False,
        fix="display",
    )
    on = (User,)
    mentions = ("rails",)
    bad = 'FROM ruby:3.4\nWORKDIR /rails\nCOPY . .\nUSER 1000\nCMD ["bin/rails", "server"]\n'
    good = (
        "FROM ruby:3.4\n"
        "WORKDIR /rails\n"
        "COPY --chown=1000 . .\n"
        "USER 1000\n"
        'CMD ["bin/rails", "server"]\n'
    )
    valid = (
        Valid("FROM a\nCOPY . .\nRUN rails && chown -R b tmp\nUSER b\n"),
        Valid("FROM a\nCOPY . .\nUSER b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY . /rails\nUSER b\n", at="COPY"),
        Invalid("FROM a\nCOPY --from=b /rails /rails\nUSER 1000:1000\n", at="COPY"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        text = doc.text.lower()
        user = last_user(doc.model)
        name = user.name if user is not None else None
        is_root = name in (None, "", "root", "0")
        stage = doc.model.final_stage
        if stage is None or is_root or "rails" not in text or "chown" in text or "chmod" in text:
            return
        for instruction in stage.instructions:
            arguments = instruction.reading.arguments
            if isinstance(instruction, Copy) and arguments[:1] in ((".",), ("/rails",)):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "what is copied is root's, and Rails writes to `tmp` and `log`; give these to "
                    "the user",
                    fix=partial(_fix, doc, instruction, name),
                )


def _fix(doc: Document, copy: Copy, name: str | None) -> Fix | None:
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix

    if name is None or not name.replace("-", "").replace("_", "").isalnum():
        return None
    edit = Edit.insertion(doc.keyword(copy).end, f" --chown={name}")
    contract = Contract(changed=(("/**", "any"),))
    title = "give what is copied to the user"
    return Fix(title, [edit], Applicability.DISPLAY, Effect.FILES, contract=contract)
