"""The rule `world-writable`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.file_modes import given_modes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.file_modes import GivenMode


class WorldWritable(Rule):
    """Files are made writable for everybody.

    With `chmod 777` every program in the container, whatever user it runs as, may replace the
    file: a server that somebody has broken into then changes the program that root runs next.
    What a user needs to write is given to that user, with `COPY --chown`, `chown`, or to a group
    (`chmod g+w`, for platforms that choose a user of group 0).

    Reported is a mode in `chmod`, `COPY --chmod`, `install -m` and `mkdir -m` that lets others
    write. Not reported are directories with the sticky bit (`chmod 1777 /tmp`) and devices.

    The fix makes 755 of 777 for scripts and programs, as their names tell; it is unsafe. For what
    else root's `chmod` names it proposes to give it to the user that USER names below.

    chmod(1).
    """

    meta = Meta(
        "world-writable",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "tally/world-writable-state-path-workaround",
            "S2612",
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
        Copy,
        Add,
    )
    mentions = (
        "777",
        "666",
        "667",
        "776",
        "766",
        "767",
        "757",
        "773",
        "733",
        "722",
        "622",
        "a+",
        "o+",
        "go=",
        "o=",
        "a=",
        "--chmod=0777",
    )
    bad = "FROM debian:12-slim\nRUN mkdir /data && chmod 777 /data\n"
    good = "FROM debian:12-slim\nRUN mkdir /data && chown www-data /data\n"
    valid = (
        Valid(
            "FROM a\n"
            "RUN chmod 1777 /b && chmod 755 c && chmod a+rx,u+w d && chmod o-w e && "
            "chmod +w f\n"
        ),
        Valid("FROM a\nCOPY --chmod=755 b c\nRUN chmod 666 /dev/null && chmod g+w d\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY --chmod=0777 b c\nRUN chmod -R 0777 d && chmod a+rwx e\n",
            at=("0777", "0777", "a+rwx"),
        ),
        Invalid(
            (
                "FROM a\n"
                "RUN mkdir -m 777 b; install -m666 c d; find . -exec chmod o=rw {} +; chmod "
                "ugo+w f\n"
            ),
            at=("777", "-m666", "o=rw", "ugo+w"),
        ),
        Invalid(
            "FROM a\nCOPY --chmod=0777 b.sh /\nRUN chmod 777 /c/d.sh /bin/e && chmod a+rwx f.py\n",
            at=("0777", "777", "a+rwx"),
            fixed="FROM a\nCOPY --chmod=0755 b.sh /\n"
            "RUN chmod 755 /c/d.sh /bin/e && chmod a+rx f.py\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN chmod -R 777 /d\nUSER b\n", at="777"),
        Invalid("FROM a\nRUN chmod 777 /d.sh\nRUN echo b >> /d.sh\n", at="777"),
        Invalid("FROM a\nRUN chmod 777 /d.sh\nUSER b\nRUN cp c /d.sh\n", at="777"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for given in given_modes(doc.tree, doc.programs):
            if given.lets_others_write:
                yield self.finding(
                    doc,
                    given.span,
                    f"mode `{given.text}` lets every user in the container change it; give it to "
                    "the user "
                    "who needs it, with `chown` or `--chown`",
                    fix=partial(_fix, doc, given),
                )


def _fix(doc: Document, given: GivenMode) -> Fix | None:
    import dflint.lint.mode_fixes as fixes  # costs less each time than a name of it

    return fixes.without_writing(doc, given)
