"""The rule `curl-and-wget`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class CurlAndWget(Rule):
    """A stage downloads with `curl` and with `wget`, where one of them does for all.

    Each of them is a package of its own with its own settings for certificates, proxies, retries
    and credentials: two to install, to update and to configure in the image.

    Off unless selected: an image that has both already loses nothing. Reported once in a stage,
    at the first use of the second one. `wget … || curl …` and the branches of one `if` are a
    choice between the two and are not reported, nor is a package of that name.

    The fix writes every call of the second one in the stage as one of the first, if the options
    of all are known to both; it is unsafe. The package stays in the list of what is installed.

    Dockerfile best practices, "Don't install unnecessary packages".
    """

    meta = Meta(
        "curl-and-wget",
        Category.STYLE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL4001",
            "DS-0014",
            "Run_Using_wget_and_curl",
            "use-either-wget-or-curl",
        ),
        default=False,
        fix="unsafe",
    )
    on = (Run, OnBuild)
    mentions = ("curl",)
    bad = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSL -o /opt/app.jar https://example.org/app.jar\n"
        "RUN wget -q -O /opt/agent.jar https://example.org/agent.jar\n"
    )
    good = (
        "FROM buildpack-deps:bookworm\n"
        "RUN curl -fsSL -o /opt/app.jar https://example.org/app.jar\n"
        "RUN curl -fsSL -o /opt/agent.jar https://example.org/agent.jar\n"
    )
    valid = (
        Valid("FROM a\nRUN curl u\nFROM b\nRUN wget u\n"),
        Valid("FROM a\nRUN apt-get install -y curl wget && wget u && command -v curl\n"),
        Valid("FROM a\nRUN wget u || curl -O u\nRUN if x; then curl u; else wget u; fi\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN curl u\nRUN wget u\nRUN wget u; curl u\n", at="wget"),
        Invalid(
            "FROM debian:12\nRUN wget u && \\\n  # two\n  sudo curl -fsSL -H 'A: b' u | c\n",
            at="curl",
            fixed="FROM debian:12\nRUN wget u && \\\n  # two\n"
            "  sudo wget -q --header 'A: b' -O - u | c\n",
            unsafe=True,
        ),
        Invalid(
            'FROM a\nRUN curl u\nRUN wget -q https://b.org/c.tgz && wget -nv -O $D/e "$U"\n'
            "RUN wget -qO- https://b.org/c?d --tries=3 | e\n",
            at="wget",
            fixed="FROM a\nRUN curl u\nRUN curl -fsSLO https://b.org/c.tgz && "
            'curl -fsSL -o $D/e "$U"\nRUN curl -fsSL --retry 3 https://b.org/c?d | e\n',
            unsafe=True,
        ),
        Invalid("FROM debian:12\nRUN wget u\nRUN curl u | grep b\n", at="curl"),
        Invalid("FROM a\nRUN curl u\nRUN wget -r https://b.org/c.tgz\n", at="wget"),
        Invalid("FROM a\nRUN curl u && apk del curl\nRUN wget -O a https://b.org/c\n", at="wget"),
        Invalid(
            "FROM alpine\nRUN apk add -t .b curl && curl u && apk del .b\n"
            "RUN wget -O a https://b.org/c\n",
            at="wget",
        ),
        Invalid(
            "FROM debian:12\nRUN curl u && apt-get purge -y \\\n  curl\nRUN wget -O a https://b/c\n",
            at="wget",
        ),
        Invalid("FROM a\nRUN curl u\nRUN wget https://b.org/c%20d\n", at="wget"),
        Invalid("FROM a\nRUN curl u\nRUN wget https://b.org\n", at="wget"),
        Invalid("FROM debian:12\nRUN wget u\nRUN curl -o a file:///b\n", at="curl"),
        Invalid("FROM a\nRUN wget u && \\\n  # two\n  /usr/bin/curl u\n", at="/usr/bin/curl"),
        Invalid("FROM a\nONBUILD RUN <<EOF\nx=$(curl u)\nbash -c 'wget u'\nEOF\n", at="wget"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """The first use of the second program in each stage."""
        if "wget" not in doc.text:
            return
        first: dict[int, Invocation] = {}
        done: set[int] = set()
        for program in doc.programs:
            stage = program.stage_number
            for call in program.invocations_of("curl", "wget"):
                other = first.setdefault(stage, call)
                if stage in done or other.name == call.name or _is_choice(program, call):
                    continue
                done.add(stage)
                yield self.finding(
                    doc,
                    call.span,
                    f"`{call.name}` is one more program to install and to configure: this stage "
                    f"downloads with `{other.name}` already",
                    (Related(other.span, f"`{other.name}` is used here"),),
                    partial(_fix, doc, stage, other, call.name or ""),
                )


def _fix(doc: Document, stage: int, other: Invocation, name: str) -> Fix | None:
    import dflint.lint.fetch_fixes as fixes  # costs less each time than a name of it

    return fixes.with_one_program(doc, stage, other, name)


def _is_choice(program: Program, call: Invocation) -> bool:
    """Whether the other one is tried or asked for in its place."""
    from dflint.shell.statements import Kind

    others = program.invocations_of("wget" if call.name == "curl" else "curl")
    around = {id(outer): outer.kind for outer in call.command.ancestors}
    for other in others:
        if "||" in (call.command.operator_before, other.command.operator_before):
            return True
        if any(around.get(id(outer)) is Kind.IF for outer in other.command.ancestors):
            return True
    return False
