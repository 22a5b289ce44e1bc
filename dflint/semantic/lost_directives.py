"""Comments that were meant to be parser directives."""

from __future__ import annotations

from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile

#: `# name=value` on a line of its own, with one word as its value.
_FORM = LazyPattern(r"#[ \t]*+(?P<name>[A-Za-z]++)[ \t]*+=[ \t]*+(?P<value>\S++)[ \t\r]*+$")
_VALUES = {
    "syntax": LazyPattern(r"[\w.-]+(?:[/:][\w./:@$-]+)+"),
    "escape": LazyPattern(r"[\\`]"),
}


def lost_directives(tree: Dockerfile, text: str) -> Iterator[tuple[Span, str, str]]:
    """Where the name of each stands, what it is, and what was meant.

    Looked at is what stands before the first instruction.
    """
    at = len(tree.bom)
    known = {one.name.lower() for one in tree.directives if tree.directive(one.name.lower())}
    for directive in tree.directives:
        if directive.is_indented:  # of these some are comments to whom they are meant for
            break
        at += len(directive.code)
    end = tree.instructions[0].line.start if tree.instructions else len(text)
    if "=" not in text[at:end]:
        return
    while at < end:
        close = text.find("\n", at, end)
        close = end if close < 0 else close
        line = text[at:close].lstrip(" \t")
        found = _FORM.get().match(line) if "=" in line else None
        if found is not None:
            wanted = _meant(found["name"].lower(), found["value"])
            if wanted and wanted not in known:
                begin = text.find(found["name"], at)
                yield Span(begin, begin + len(found["name"])), found["name"], wanted
        at = close + 1


def _meant(name: str, value: str) -> str:
    for wanted, form in _VALUES.items():
        if form.get().fullmatch(value) and (name == wanted or _is_near(name, wanted)):
            return wanted
    return ""


def _is_near(name: str, wanted: str) -> bool:
    from dflint.text.nearest import nearest

    return nearest(name, (wanted,)) == wanted
