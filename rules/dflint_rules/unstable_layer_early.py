"""The rule `unstable-layer-early`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.install_hints import installs_system_packages_late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.unrelated_installs import UnrelatedInstall


class UnstableLayerEarly(Rule):
    """Sources copied before system packages are installed make every change install them again.

    What `RUN apt-get install` does is decided by its own words, yet it is repeated as soon as
    anything above it changes, and nothing changes as often as the sources. Above the `COPY` it
    stays cached.

    Only reported where the `RUN` does nothing else, names no file, and where no step between the
    two could use the sources to prepare for it; not for sources copied into system directories.

    Docker documentation, "Optimize cache usage": order your layers.
    """

    meta = Meta("unstable-layer-early", Category.CACHE, Severity.WARNING, since="0.1", fix="unsafe")
    on = (Copy, Add)
    mentions = ("apt", "apk", "yum", "dnf", "zypper", "pacman")
    occasion = "copy before run"
    bad = "FROM alpine:3.22\nWORKDIR /app\nCOPY . .\nRUN apk add --no-cache git\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache git\nWORKDIR /app\nCOPY . .\n"
    valid = (
        Valid("FROM a\nCOPY . /b\nRUN apk add -X file:///b/c git\n"),
        Valid("FROM a\nRUN apt-get install -y git\nCOPY . /app\n"),
        Valid("FROM a\nCOPY . /app\nRUN apt-get install -y /app/x.deb\n"),
        Valid("FROM a\nCOPY . /app\nRUN /app/repository.sh\nRUN apt-get install -y git\n"),
        Valid(
            "FROM a\nCOPY . /\nRUN apk add git\nFROM a\nCOPY keys/ /etc/apk/keys\nRUN apk add x\n"
        ),
        Valid("FROM a\nWORKDIR /a\nCOPY . .\nRUN apk add git && make\nRUN apk add make\n"),
        Valid("FROM a\nWORKDIR /a\nCOPY . .\nRUN apt-get install $(cat packages)\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nWORKDIR /app\n\n# all\nCOPY . .\n# git\nRUN apk add --no-cache git\n",
            at=".",
            fixed="FROM a\nWORKDIR /app\n\n# git\nRUN apk add --no-cache git\n\n# all\nCOPY . .\n",
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY . /b\nCOPY c /b/d\nRUN apk add git\n", at="."),
        Invalid(
            "FROM a\nADD . /app\nENV X=1\nRUN apt-get update && \\\n  # all\n"
            "  apt-get install -y git && rm -rf /var/lib/apt/lists/*\nRUN make\n",
            at=".",
            fixed=(
                "FROM a\nENV X=1\nRUN apt-get update && \\\n  # all\n  apt-get install -y git "
                "&& rm -rf /var/lib/apt/lists/*\nADD . /app\nRUN make\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY src/ /srv/\nRUN <<E\nset -e\ndnf install -y git\nE\n",
            at="src/",
            fixed="FROM a\nRUN <<E\nset -e\ndnf install -y git\nE\nCOPY src/ /srv/\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the sources that are copied before an installation without use for them."""
        if not installs_system_packages_late(doc.instructions):
            return
        from dflint.semantic.unrelated_installs import unrelated_installs

        for found in unrelated_installs(doc.model):
            span = found.command.span
            program = found.command.program
            yield self.finding(
                doc,
                doc.argument(found.copy.instruction, found.copy.at),
                f"each change of the sources repeats the `{program}` installation on line "
                f"{doc.lines.line(span.start)}, which has no use for them: move it above",
                (Related(span, "needs none of the sources"),),
                partial(_fix, doc, found),
            )


def _fix(doc: Document, found: UnrelatedInstall) -> Fix | None:
    from dflint.lint.edits import moved_below
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix, Span
    from dflint.semantic.instruction_at import instruction_at
    from dflint.semantic.late_copies import can_pass

    copy = found.copy.instruction
    run = instruction_at(doc.tree, found.command.span.start)
    if not can_pass(copy, run, doc.model):
        return None
    edits = moved_below(doc, copy, run)
    if edits is None:
        return None
    scope = Span(copy.line.start, run.line.stop)
    effect = Effect.FILES | Effect.LAYERS
    return Fix(
        "copy the sources below it", edits, Applicability.UNSAFE, effect, scope, contract=SAME_IMAGE
    )
