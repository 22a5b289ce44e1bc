"""The rule `invalid-mount`."""

from __future__ import annotations

from functools import partial

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.mount_reasons import explain_mount, option_span
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.mount_reasons import MountFault


class InvalidMount(ProblemRule):
    """A `RUN --mount` has options that BuildKit does not take.

    The value is a row of `key=value`, with commas and no blanks between them. Which keys there
    are depends on the type.

    The fix writes the key, type or `sharing` that is a slip of the pen away, or takes out the
    blanks behind a comma.

    Dockerfile reference, "RUN --mount".
    """

    meta = Meta("invalid-mount", Category.CORRECTNESS, Severity.ERROR, since="0.1", fix="unsafe")
    bad = (
        "FROM debian:12-slim\n"
        "RUN --mount=type=cache,target=/root/.cache,shared=locked pip install flask\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN --mount=type=cache,target=/root/.cache,sharing=locked pip install flask\n"
    )
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/b,sharing=locked,id=$C x\n"),
        Valid(
            "FROM a\nRUN --mount=type=secret,id=b,required --mount=target=c --mount=type=ssh x\n"
        ),
        Valid("FROM golang\nRUN --mount=target=. x\nFROM a\nRUN --mount=target=. x\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN --mount=type=foo,target=/b x\n", at="type=foo"),
        Invalid("FROM a\nRUN --mount=type=ssh \\\n  # comment\n  --mount=type=cache,trget=/b x\n",
                at="trget=/b",
                fixed="FROM a\nRUN --mount=type=ssh \\\n  # comment\n"
                "  --mount=type=cache,target=/b x\n", unsafe=True),
        Invalid("FROM a\nRUN --mount=type=cahce,target=/b x\n", at="type=cahce",
                fixed="FROM a\nRUN --mount=type=cache,target=/b x\n", unsafe=True),
        Invalid("FROM a\nRUN --mount=type=cache,target=/b,sharing=lockd x\n", at="sharing=lockd",
                fixed="FROM a\nRUN --mount=type=cache,target=/b,sharing=locked x\n", unsafe=True),
        Invalid("FROM a\nRUN --mount=type=cache,target=/b,dest=/c x\n", at="dest=/c"),
        Invalid("FROM a\nRUN --mount=type=cache, target=/b x\n", at="--mount=type=cache,",
                fixed="FROM a\nRUN --mount=type=cache,target=/b x\n", unsafe=True),
        Invalid("FROM alpine AS a\nFROM a\nRUN --mount=target=. x\n", at="target=."),
        Invalid("FROM a\nRUN --mount=type=cache, x=y\n", at="--mount=type=cache,"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the option at fault, or the whole mount."""
        for problem in doc.problems_of(self.meta.name):
            fault = explain_mount(problem.reason)
            span = problem.span
            value = span.slice(doc.text).partition("=")[2]
            is_plain = fault.key and value == problem.found
            option = option_span(value, fault.key) if is_plain else None
            if option is not None:
                start = span.end - len(value)
                span = Span(start + option.start, start + option.end)
            message = f"the mount is refused, the build stops: {fault.advice}"
            yield self.finding(doc, span, message, fix=partial(_fix, doc, problem, fault))


def _fix(doc: Document, problem: SyntaxProblem, fault: MountFault) -> Fix | None:
    """The slip of the pen mended, where the mount is one that BuildKit takes then."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix
    from dflint.lint.markup import MARKUP
    from dflint.semantic.mount_options import parse_mount

    value, end = problem.found, problem.span.end
    if problem.span.slice(doc.text) != f"--mount={value}" or MARKUP.get().search(doc.text):
        return None
    blanks = 0
    found = _corrected(value, fault) if fault.key else None
    if found is None and value.endswith(","):
        behind = doc.text[end:].split("\n", 1)[0]
        blanks = len(behind) - len(behind.lstrip(" \t"))
        rest = behind[blanks:].split()[:1]
        found = (len(value), len(value), "") if rest and blanks else None
        value += rest[0] if rest else ""
    if found is None:
        return None
    begin, close, text = found
    whole = value[:begin] + text + value[close:]
    if parse_mount(whole).problem is not None or _repeats(whole):
        return None
    start = end - len(problem.found)
    edit = (
        Edit(Span(end, end + blanks), "")
        if blanks
        else Edit(Span(start + begin, start + close), text)
    )
    title = f"write `--mount={whole}`"
    return Fix(title, (edit,), Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE)


def _corrected(value: str, fault: MountFault) -> tuple[int, int, str] | None:
    """What is to stand in the place of a part of a mount: its begin, its end, and the text."""
    from dflint.semantic.mount_options import MOUNT_KEYS, MOUNT_TYPES, SHARING_MODES, parse_mount
    from dflint.text.nearest import nearest

    words = {"type": MOUNT_TYPES, "sharing": SHARING_MODES}
    for option in parse_mount(value).options:
        if option.key != fault.key.lower():
            continue
        if option.key in words and option.value:
            meant = nearest(option.value, words[option.key])
            place = option.value_span
        elif option.key in MOUNT_KEYS:
            return None
        else:
            meant = nearest(option.key, MOUNT_KEYS)
            place = Span(option.span.start, option.span.start + len(option.key))
        return None if meant is None else (place.start, place.end, meant)
    return None


def _repeats(value: str) -> bool:
    """Whether a mount has an option twice, by whatever names."""
    from dflint.semantic.mount_options import ALIASES, parse_mount

    keys = [ALIASES.get(one.key, one.key) for one in parse_mount(value).options]
    return len(set(keys)) < len(keys)
