"""The rule `add-git`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.shell.conditions import is_optional

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


#: The addresses that ADD takes for those of a repository (reference, "ADD").
_REMOTE = re.compile(r"https?://|git://|ssh://|[\w.-]+@[\w.-]+:")


class AddGit(Rule):
    """A repository is cloned by `git` where `ADD` does it.

    `ADD https://github.com/acme/app.git#v1 /src` brings the files of a repository at a tag or a
    commit; git need not be in the image, its history is not in the layer, and the builder asks
    whether the tag has moved.

    Off unless selected: branches, submodules and credentials may need more. Not reported are
    clones under a condition, mirrors, and those with `--mount=type=secret` or `ssh`.

    The fix is for clones by root, of a server that needs no password, in a RUN of their own or at
    its beginning; `--keep-git-dir=true` leaves `.git`, with one commit in it. It is unsafe: ADD
    brings submodules too, the history is not there, and no branch is checked out. There is none
    where a command below wants a history or another branch (`git checkout`, `git describe`), where
    git has settings, and where the same RUN removes files again.

    Dockerfile reference, "ADD".
    """

    meta = Meta(
        "add-git",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/prefer-add-git",),
        default=False,
        fix="unsafe",
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
        Valid("FROM a\nRUN if b; then git clone https://c.org/d; fi\n"),
        Valid("FROM a\nRUN git clone https://b.org/c || git clone https://d.org/c\n"),
        Valid("FROM a\nRUN git clone --mirror https://b.org/c && git clone /d\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN git clone git@b.org:c/d.git /e\n", at="git clone"),
        Invalid(
            "FROM a\nRUN git clone git://b.org/c\nONBUILD RUN git clone ssh://git@b/c\n",
            at=("git clone",) * 2,
        ),
        Invalid("FROM a\nRUN git clone --depth 1 https://b.org/c\n", at="git clone"),
        Invalid("FROM a\nRUN git clone https://b.org/c.git /d # e\n", at="git clone"),
        Invalid("FROM a\nARG B=https://b.org/c.git\nRUN git clone $B /d\n", at="git clone"),
        Invalid(
            'FROM a\nARG V=1\nRUN git clone -b "v$V" --depth 1 https://b.org/c.git && \\\n'
            "  # build\n  cd c && make\n",
            at="git clone",
            fixed="FROM a\nARG V=1\nADD --keep-git-dir=true https://b.org/c.git#v$V c\n"
            "# build\nRUN cd c && make\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN git clone https://github.com/b/c /d\n",
            at="git clone",
            fixed="FROM a\nADD --keep-git-dir=true https://github.com/b/c.git /d\n",
            unsafe=True,
        ),
        Invalid("FROM a\nUSER b\nRUN git clone https://github.com/b/c\n", at="git clone"),
        Invalid(
            "FROM a\nRUN git clone https://b.org/c.git && cd c && make && rm -r /c\n",
            at="git clone",
        ),
        Invalid(
            "FROM a\nRUN git clone https://b.org/c.git\nRUN cd c && git checkout d\n",
            at="git clone",
        ),
        Invalid(
            "FROM a\nRUN cd b && git -C c clone $X && git clone http://d.org/e\n", at="git clone"
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            mounts = program.occurrence.reading.flag_values("mount")
            if any("secret" in mount or "ssh" in mount for mount in mounts):
                continue
            for call in program.invocations_of("git"):
                if (
                    call.verb == "clone"
                    and call.operands
                    and _REMOTE.match(call.operands[0].prefix)
                    and call.option("--mirror", "--bare") is None
                    and not is_optional(call.command)
                ):
                    yield self.finding(
                        doc,
                        call.call_span,
                        "`ADD` brings the files of a repository too, without git and its history; "
                        "name a "
                        "tag or a commit behind `#`",
                        fix=partial(_fix, doc, program, call),
                    )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    import dflint.lint.clone_fixes as fixes  # costs less each time than a name of it

    return fixes.add_repository(doc, program, call)
