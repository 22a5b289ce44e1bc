"""The rule `non-numeric-user`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.last_user import last_user
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class NonNumericUser(Rule):
    """The image's user is given by name, not by number.

    Kubernetes starts a pod with `runAsNonRoot: true` only if it knows that the user is not root.
    It looks at the image's configuration alone, where a name says nothing: "image has non-numeric
    user, cannot verify user is non-root". A number says it everywhere: `USER 10001`, with the name
    still to be given to the number in `/etc/passwd`.

    Only the last `USER` of the last stage counts. Variables are taken at their defaults, those
    without one are passed over.

    Off unless selected: not every image is meant for Kubernetes.

    Kubernetes documentation, "Configure a Security Context for a Pod or Container".
    """

    meta = Meta(
        "non-numeric-user",
        Category.PORTABILITY,
        Severity.INFO,
        since="0.1",
        aliases=("DL3066",),
        default=False,
    )
    on = (
        User,
        OnBuild,
    )
    bad = "FROM node:22-slim\nUSER node\n"
    good = "FROM node:22-slim\nUSER 1000\n"
    valid = (
        Valid("FROM a AS b\nUSER app\nFROM c\nUSER 1000:app\n"),
        Valid("FROM a\nARG U\nARG V=5\nUSER app\nUSER $U\nUSER ${V}\n"),
        Valid("FROM a\nARG U\nUSER $U\n"),
    )
    invalid = (
        Invalid("FROM a\nUSER app:1000\n", at="app:1000"),
        Invalid("FROM a\nARG U=app\nUSER \\\n  # comment\n  $U\n", at="$U"),
        Invalid("FROM a AS b\nONBUILD USER app\nFROM b\n", at="app"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the USER that counts."""
        user = last_user(doc.model)
        if user is None or not user.name or (user.name.isascii() and user.name.isdigit()):
            return
        yield self.finding(
            doc,
            user.span,
            f"Kubernetes cannot verify that {quoted(user.name)} is not root and refuses it under "
            "`runAsNonRoot`; write the user's number",
        )
