"""Words with variables, quotes and escapes."""

from __future__ import annotations

from tests.conformance.builds.case import Draw

#: Values that modifiers have something to do with.
VALUES = (
    "x", "v1.2.3", "foo/bar/baz", "a-b-c", "tar.gz.bak", "aXbXc", "héllo", "UPPER", "0", "./p/./q",
    "a=b", "a,b", "*", "x*y", "[z]",
)  # fmt: skip
_PATTERNS = ("*.", "*/", "?", "foo", "*", "v*", "a", "X", "\\*", "**/", ".?", "b*")
_TAILS = (".*", "/*", "?", "bar", "*", ".bak", "-*", "c", "\\*", "X*")


class Scope:
    """Names that are known at a place, with values as written (not what they expand to)."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        self.names = list(names)

    def copy(self) -> Scope:
        return Scope(tuple(self.names))

    def add(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)


def name_of(draw: Draw, scope: Scope) -> str:
    """A variable, now and then one that is not set."""
    if not scope.names or draw.chance(0.15):
        return draw.pick(("UNSET", "NOT_SET", "_u1"))
    return draw.pick(scope.names)


def reference(draw: Draw, scope: Scope, depth: int = 0) -> str:
    """A variable in any form."""
    name = name_of(draw, scope)
    form = draw.weighted(
        {"$": 4, "{}": 4, ":-": 3, "-": 2, ":+": 2, "+": 2, ":?": 1, "#": 2, "##": 2, "%": 2,
         "%%": 2, "/": 2, "//": 2}
    )  # fmt: skip
    draw.use(f"variable: {form}")
    if form == "$":
        return f"${name}"
    if form == "{}":
        return f"${{{name}}}"
    if form == ":?":
        known = draw.pick(scope.names) if scope.names else ""
        return f"${{{known or 'PATH'}?must be set}}"
    if form in ("#", "##"):
        return f"${{{name}{form}{draw.pick(_PATTERNS)}}}"
    if form in ("%", "%%"):
        return f"${{{name}{form}{draw.pick(_TAILS)}}}"
    if form in ("/", "//"):
        return f"${{{name}{form}{draw.pick(_PATTERNS[2:])}/{draw.pick(('', 'Z', 'q.r', '-'))}}}"
    word = draw.pick(("word", "w-1", "", "a.b"))
    if depth < 2 and draw.chance(0.4):
        word += reference(draw, scope, depth + 1)
        draw.use("variable: nested")
    return f"${{{name}{form}{word}}}"


def word(draw: Draw, scope: Scope, *, plain: float = 0.4) -> str:
    """One word of an instruction that expands variables, quoted in any way."""
    if draw.chance(plain):
        return draw.pick(("plain", "v1", "a/b", "x.y-z", "1234"))
    form = draw.weighted(
        {"bare": 5, "double": 4, "single": 2, "escaped": 2, "mixed": 2, "blank": 2, "dollar": 1}
    )
    draw.use(f"word: {form}")
    if form == "bare":
        return draw.pick(("", "pre-")) + reference(draw, scope) + draw.pick(("", "/post", ".p"))
    if form == "double":
        return f'"{draw.pick(("", "two words "))}{reference(draw, scope)}{draw.pick(("", " e"))}"'
    if form == "single":
        return f"'single ${name_of(draw, scope)} \"q\"'"
    if form == "escaped":
        return draw.pick((r"a\ b", r"\$HOME", r"a\"b", r"a\\b", r"\a\b", r"x\'y", r"\${A}"))
    if form == "mixed":
        return f"a'b c'{reference(draw, scope)}\"d e\""
    if form == "blank":
        return draw.pick(('""', "''", '"a  b"', '" "'))
    return draw.pick(("a$", "5$", '"$"', "a$.b", "$$x"))


def safe_name(draw: Draw, scope: Scope) -> str:
    """A word that always comes out as part of a path: no blanks, no wildcards, not empty."""
    name = draw.pick(("p", "q", "dir", "x.y", "d-e", "ñ"))
    if "PATHPART" in scope.names and draw.chance(0.3):
        draw.use("variable: in a path")
        return draw.pick(("$PATHPART", "${PATHPART}", "${PATHPART:-z}", f"{name}${{PATHPART#p}}"))
    return name
