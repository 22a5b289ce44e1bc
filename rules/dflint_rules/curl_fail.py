"""The rule `curl-fail`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.shell.invocation import Invocation
    from dflint.text.edit import Edit

#: Options of curl without a value, and those that may stand last among them.
_FLAGS = frozenset("gGijJkLNOsSv")
_LAST = _FLAGS | {"o"}


class CurlFail(Rule):
    """`curl` takes the page of an error for the file.

    A server that answers `404` sends a page along. Without `-f` curl saves it, or feeds it to the
    next command, and succeeds; what is wrong shows later, somewhere else.

    Off unless selected: where the file is unpacked or its digest checked, it shows soon enough.
    The fix adds the option; it is unsafe.

    curl(1), `--fail`.
    """

    meta = Meta(
        "curl-fail",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("curlUseFlagF",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("curl",)
    bad = "FROM buildpack-deps:bookworm\nRUN curl -sSLo /app https://example.org/app\n"
    good = "FROM buildpack-deps:bookworm\nRUN curl -fsSLo /app https://example.org/app\n"
    valid = (
        Valid("FROM a\nRUN curl -fsSL b && curl --fail c; curl --version\n"),
        Valid("FROM a\nRUN echo curl b\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN until curl b; do c; done\n", at="curl"),
        Invalid(
            "FROM a\nRUN curl b | sh\n",
            at="curl",
            fixed="FROM a\nRUN curl -f b | sh\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN x; curl -sSL $U -o c\n",
            at="curl",
            fixed="FROM a\nRUN x; curl -fsSL $U -o c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN curl --retry 5 -L b | sh; curl -H -L b; curl -o c b; curl -oc b; "
            "curl '-s' b\n",
            at=("curl",) * 5,
            fixed="FROM a\nRUN curl --retry 5 -fL b | sh; curl -f -H -L b; curl -f -o c b; "
            "curl -f -oc b; curl -f '-s' b\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of("curl"):
                names = (
                    "-f",
                    "--fail",
                    "--fail-with-body",
                    "-I",
                    "--head",
                    "-w",
                    "-K",
                    "--version",
                    "-V",
                )
                if call.option(*names) is None and call.operands:
                    yield self.finding(
                        doc,
                        call.span,
                        "the page of an error is taken for the file; add `-f`",
                        fix=partial(_fix, doc, call),
                    )


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.fix import Applicability, Fix
    from dflint.lint.program_fixes import add_option
    from dflint.shell.statements import Kind

    for construct in call.command.ancestors:
        outer = construct.parent
        if construct.kind is Kind.CONDITION and outer is not None and outer.kind is Kind.LOOP:
            return None  # it waits for a server, and may be content with any answer
    fix = add_option(doc, call, "-f", Applicability.UNSAFE, before_verb=True)
    edit = _in_cluster(doc, call)
    if fix is None or edit is None:
        return fix
    return Fix(fix.title, (edit,), fix.applicability, fix.effect, contract=fix.contract)


def _in_cluster(doc: Document, call: Invocation) -> Edit | None:
    """The letter put before others that stand together: `-fsSL` for `-sSL`."""
    from dflint.text.edit import Edit

    for option in call.options:
        word = option.argument.word
        if word.text == option.argument.value == word.span.slice(doc.text) and _is_cluster(
            word.text
        ):
            return Edit.insertion(word.span.start + 1, "f")
    return None


def _is_cluster(text: str) -> bool:
    """Whether letters stand together of which only the last may take a value."""
    letters = text[1:]
    is_bare = letters[:1] in _FLAGS and letters[-1:] in _LAST
    return is_bare and text[:1] == "-" and _FLAGS.issuperset(letters[:-1])
