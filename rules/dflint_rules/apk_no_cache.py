"""The rule `apk-no-cache`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class ApkNoCache(Rule):
    """`apk` without `--no-cache` leaves the package index in the layer.

    The index of the repositories goes to `/var/cache/apk` with `apk add`, `apk upgrade` and
    `apk update`, and stays there. With `--no-cache` `apk` fetches it for the one call and keeps
    nothing; `apk update` is not needed then, but leaves the index if it is there.

    Not reported where the same `RUN` empties `/var/cache/apk` later, where that is a cache mount
    or a tmpfs, where a variable may hold options, and in stages that do not end up in the image.

    apk(8), `--no-cache`.
    """

    meta = Meta(
        "apk-no-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3019",
            "apkadd-missing_nocache_or_updaterm",
            "apkAddUseNoCache",
            "DS-0025",
            "Apk_Add_Using_Local_Cache_Path",
            "missing-apk-no-cache",
            "DKL-DI-0004",
        ),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("apk",)
    bad = "FROM alpine:3.22\nRUN apk add curl\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl\n"
    valid = (
        Valid("FROM a\nRUN apk add --no-cache b && apk --no-cache upgrade && apk del c\n"),
        Valid("FROM a\nRUN apk add --update b && rm -rf /var/cache/apk/*\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/var/cache/apk apk add b\nRUN apk add $X\n"),
        Valid("FROM a AS b\nRUN apk add c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apk add b\nRUN rm -rf /var/cache/apk/*\n",
            at="apk add",
            fixed="FROM a\nRUN apk add --no-cache b\nRUN rm -rf /var/cache/apk/*\n",
        ),
        Invalid(
            "FROM a\nRUN apk \\\n  # the index\n  update && apk add --no-cache b\n",
            at="apk \\\n  # the index\n  update",
            fixed=(
                "FROM a\nRUN apk \\\n  # the index\n  update --no-cache && apk add --no-cache b\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN sh -c 'apk -U upgrade'\n",
            at="apk -U upgrade",
            fixed="ONBUILD RUN sh -c 'apk --no-cache upgrade'\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apk update && \\\n    apk add b\n",
            at="apk update",
            fixed="FROM a\nRUN apk add --no-cache b\n",
        ),
        Invalid(
            "FROM a\n# tools\nRUN apk update\n\nRUN apk add --no-cache b\n",
            at="apk update",
            fixed="FROM a\n# tools\n\nRUN apk add --no-cache b\n",
        ),
        Invalid(
            "FROM a\n# tools\nRUN apk update\nRUN apk add --update-cache b\n",
            at=("apk update", "apk add"),
            fixed="FROM a\n# tools\nRUN apk add --no-cache b\n",
        ),
        Invalid("FROM a\nRUN apk update\nRUN apk add $B\n", at="apk update"),
        Invalid(
            "FROM a\nRUN apk add -U b\nRUN ./c.sh\n",
            at="apk add",
            fixed="FROM a\nRUN apk add --no-cache b\nRUN ./c.sh\n",
            unsafe=True,
        ),
        Invalid("FROM alpine:3.2\nRUN apk add b\n", at="apk add"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves the index."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "apk"):
            call = leftover.first
            advice = "add `--no-cache`"
            if call.verb == "update":
                advice = "leave it out: with `--no-cache` the other calls fetch it themselves"
            message = f"`apk {call.verb}` leaves the package index in `/var/cache/apk`; {advice}"
            fix = partial(_fix, doc, leftover)
            yield self.finding(doc, call.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover) -> Fix | None:
    from dflint.lint.cleanup_fixes import keep_no_index

    return keep_no_index(doc, leftover)
