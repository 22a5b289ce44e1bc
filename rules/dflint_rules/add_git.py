"""The rule `add-git`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class AddGit(Rule):
    """A repository is cloned by `git` where `ADD` does it.

    `ADD https://github.com/acme/app.git#v1 /src` brings the files of a repository at a tag or a
    commit; git need not be in the image, its history is not in the layer, and the builder asks
    whether the tag has moved.

    Off unless selected: branches, submodules and credentials may need more.

    Dockerfile reference, "ADD".
    """

    meta = Meta(
        "add-git",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-add-git",),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("git",)
    bad = "FROM buildpack-deps:bookworm\nRUN git clone https://example.org/app.git /src\n"
    good = "FROM buildpack-deps:bookworm\nADD https://example.org/app.git#v1.2.3 /src\n"
    valid = (
        Valid("FROM a\nRUN --mount=type=ssh git clone git@b.org:c\n"),
        Valid("FROM a\nRUN git pull\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN git clone --depth 1 https://b.org/c\n", at="git clone"),
        Invalid(
            "FROM a\nRUN cd b && git -C c clone $X && git clone http://d.org/e\n", at="git clone"
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if program.occurrence.reading.flag_values("mount"):
                continue
            for call in program.invocations_of("git"):
                if (
                    call.verb == "clone"
                    and call.operands
                    and call.operands[0].prefix.startswith("http")
                ):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "`ADD` brings the files of a repository too, without git and its history; "
                        "name a "
                        "tag or a commit behind `#`",
                    )
