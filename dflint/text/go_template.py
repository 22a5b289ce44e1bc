"""Templates as `--format` takes them: what of Go's `text/template` is used with docker.

Text, fields (`{{.Config.Env}}`), pipelines, functions, variables, parentheses, comments, trimming
(`{{-`), `if`, `range` and `with`. Values are those of JSON; `Fields` are objects with fixed names.

Source: the documentation of Go's packages text/template and fmt.
"""

from __future__ import annotations

import re

from dflint.text.go_functions import FUNCTIONS, Fields, TemplateProblem, is_true, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import NoReturn

    Function = Callable[..., object]
    #: Gives the value of a part of a template.
    Evaluate = Callable[["_Scope"], object]
    #: Gives the text of a part of a template.
    Render = Callable[["_Scope"], str]

__all__ = ["Fields", "Template", "TemplateProblem"]

_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?P<number>-?\d+(?:\.\d+)?)'
    r"|(?P<variable>\$\w*)|(?P<field>\.[A-Za-z_]\w*)|(?P<dot>\.)|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<mark>:=|[=|(),])"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_DEEPEST = 50
_CONSTANTS = {"true": True, "false": False, "nil": None}


class Template:
    """A template; TemplateProblem says what is wrong with its text.

    `others` are functions that take the place of those of the same names.
    """

    def __init__(self, text: str, others: Mapping[str, Function] | None = None) -> None:
        self._render, end = _Parser(text, {**FUNCTIONS, **(others or {})}).block()
        if end:
            raise TemplateProblem(f"template: :1: unexpected {{{{{end}}}}}")

    def render(self, value: object) -> str:
        """The text for a value; TemplateProblem where something of it is not there."""
        return self._render(_Scope(value, {"$": value}))


class _Scope:
    """What a part of a template sees: the value of the dot, and variables, also those around it."""

    __slots__ = ("dot", "outer", "variables")

    def __init__(
        self, dot: object, variables: dict[str, object], outer: _Scope | None = None
    ) -> None:
        self.dot = dot
        self.variables = variables
        self.outer = outer

    def holder(self, name: str) -> _Scope:
        """The scope that a variable is of."""
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope
            scope = scope.outer
        raise TemplateProblem(f'template: :1: undefined variable "{name}"')


class _Token:
    __slots__ = ("kind", "place", "text")

    def __init__(self, kind: str, text: str, place: str) -> None:
        self.kind = kind
        self.text = text
        self.place = place


def _pieces(text: str) -> Iterator[tuple[str, str, int]]:
    """Texts (`text`, what it is, where) and actions (`action`, what is in the braces, where)."""
    at = 0
    trims = False
    while at < len(text):
        start = text.find("{{", at)
        plain = text[at:] if start < 0 else text[at:start]
        plain = plain.lstrip() if trims else plain
        if start < 0:
            yield "text", plain, at
            return
        end = _end(text, start + 2)
        inner, place = text[start + 2 : end], start + 2
        if inner[:1] == "-" and inner[1:2].isspace():
            plain, inner, place = plain.rstrip(), inner[1:], place + 1
        trims = inner[-1:] == "-" and inner[-2:-1].isspace()
        if plain:
            yield "text", plain, at
        yield "action", inner[:-1] if trims else inner, place
        at = end + 2


def _end(text: str, at: int) -> int:
    """Where the braces close that open before `at`, strings and comments left out."""
    while at < len(text):
        if text.startswith("}}", at):
            return at
        if text.startswith("/*", at):
            at = text.find("*/", at)
            if at < 0:
                break
            at += 2
        elif text[at] in '"`':
            found = _TOKEN.match(text, at)
            if found is None:
                break
            at = found.end()
        else:
            at += 1
    raise TemplateProblem("template: :1: unclosed action")


class _Parser:
    """Makes functions of a template's text."""

    def __init__(self, text: str, functions: Mapping[str, Function]) -> None:
        self._text = text
        self._functions = functions
        self._pieces = _pieces(text)
        self._tokens: list[_Token] = []
        self._depth = 0

    def block(self) -> tuple[Render, str]:
        """The parts up to an `end`, an `else` or the end of the text, and what that is."""
        parts: list[Render] = []
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateProblem("template: :1: nested too deeply")
        end = ""
        for kind, text, place in self._pieces:
            if kind == "text":
                parts.append(lambda scope, text=text: text)  # type: ignore[misc] # scope is unused
                continue
            if text.strip().startswith("/*"):
                continue
            self._tokens = list(self._read(text, place))
            word = self._word()
            if word in ("end", "else"):
                end = word
                break
            parts.append(self._branch(word) if word else self._action())
        self._depth -= 1
        return lambda scope: "".join(part(scope) for part in parts), end

    def _read(self, text: str, place: int) -> Iterator[_Token]:
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise TemplateProblem(f"template: :1: unexpected `{text[at]}` in an action")
            if found.lastgroup != "space":
                yield _Token(found.lastgroup or "", found[0], self._place(place + at))
            else:
                yield _Token("space", " ", "")
            at = found.end()

    def _place(self, at: int) -> str:
        before = self._text[:at]
        return f":{before.count(chr(10)) + 1}:{at - before.rfind(chr(10)) - 1}"

    def _skip(self) -> None:
        while self._tokens and self._tokens[0].kind == "space":
            del self._tokens[0]

    def _word(self) -> str:
        """The keyword that an action begins with, taken off it."""
        self._skip()
        words = ("if", "range", "with", "end", "else")
        if self._tokens and self._tokens[0].kind == "word" and self._tokens[0].text in words:
            return self._tokens.pop(0).text
        return ""

    def _fail(self, problem: str) -> NoReturn:
        raise TemplateProblem(f"template: :1: {problem}")

    def _action(self) -> Render:
        self._skip()
        if not self._tokens:
            self._fail("missing value for command")
        names, mark, value = self._assignment()
        self._finish()
        if len(names) > 1:
            self._fail("expected one variable")
        if mark == "=":
            return lambda scope: _set(scope.holder(names[0]), names[0], value(scope))
        if mark:
            return lambda scope: _set(scope, names[0], value(scope))
        return lambda scope: show(value(scope))

    def _finish(self) -> None:
        self._skip()
        if self._tokens:
            self._fail(f"unexpected `{self._tokens[0].text}` in an action")

    def _branch(self, word: str) -> Render:
        """An `if`, `range` or `with`, which goes on to its `end`."""
        names, _, value = self._assignment()
        self._finish()
        body, end = self.block()
        other: Render = lambda scope: ""  # noqa: E731
        if end == "else":
            other = self._else()
        elif end != "end":
            self._fail(f"unexpected end of the text: expected {{{{end}}}} of `{word}`")
        if word == "range":
            return lambda scope: _range(scope, names, value(scope), body, other)

        def render(scope: _Scope) -> str:
            found = value(scope)
            dot = found if word == "with" else scope.dot
            inner = _Scope(dot, dict.fromkeys(names[:1], found), scope)
            return body(inner) if is_true(found) else other(inner)

        return render

    def _else(self) -> Render:
        word = self._word()
        if word:
            return self._branch(word)
        self._finish()
        body, end = self.block()
        if end != "end":
            self._fail("expected {{end}} after {{else}}")
        return body

    def _assignment(self) -> tuple[list[str], str, Evaluate]:
        """`$a, $b := pipeline`: the names, the mark behind them, and the pipeline."""
        self._skip()
        texts = [token.text for token in self._tokens if token.kind != "space"]
        for mark in (":=", "="):
            if mark in texts[1:4] and texts[0].startswith("$"):
                names = [text for text in texts[: texts.index(mark)] if text.startswith("$")]
                while self._tokens.pop(0).text != mark:
                    pass
                return names, mark, self._pipeline()
        return [], "", self._pipeline()

    def _pipeline(self) -> Evaluate:
        value = self._command(None)
        while self._peek() == "|":
            self._take()
            value = self._command(value)
        return value

    def _peek(self) -> str:
        self._skip()
        return self._tokens[0].text if self._tokens else ""

    def _take(self) -> _Token:
        self._skip()
        if not self._tokens:
            self._fail("missing value for command")
        return self._tokens.pop(0)

    def _command(self, given: Evaluate | None) -> Evaluate:
        """A value or a function with its arguments; `given` is what the pipe brings."""
        token = self._take()
        if token.kind != "word" or token.text in _CONSTANTS:
            if given is not None:
                self._fail(f"expected a function behind `|`, found `{token.text}`")
            return self._operand(token)
        function = self._functions.get(token.text)
        if function is None:
            self._fail(f'function "{token.text}" not defined')
        operands = []
        while self._peek() not in ("", "|", ")"):
            operands.append(self._operand(self._take()))
        if given is not None:
            operands.append(given)

        def call(scope: _Scope) -> object:
            values = [operand(scope) for operand in operands]
            try:
                return function(*values)
            except TypeError:
                reason = f"wrong number or types of arguments ({len(values)})"
            except TemplateProblem as problem:
                reason = str(problem)
            raise TemplateProblem(
                f'template: {token.place}: executing "" at <{token.text}>: {reason}'
            )

        return call

    def _operand(self, token: _Token) -> Evaluate:
        value = self._first(token)
        while self._tokens and self._tokens[0].kind == "field":
            value = _field(value, self._tokens.pop(0))
        return value

    def _first(self, token: _Token) -> Evaluate:
        text = token.text
        if token.kind == "field":
            return _field(lambda scope: scope.dot, token)
        if token.kind == "dot":
            return lambda scope: scope.dot
        if token.kind == "variable":
            return lambda scope: scope.holder(text).variables[text]
        if text == "(":
            value = self._pipeline()
            if self._take().text != ")":
                self._fail("expected `)`")
            return value
        constant: object
        if token.kind == "string":
            constant = _unquoted(text)
        elif token.kind == "number":
            constant = float(text) if "." in text else int(text)
        elif text in _CONSTANTS:
            constant = _CONSTANTS[text]
        elif text in self._functions:
            self._tokens.insert(0, token)
            return self._command(None)
        else:
            self._fail(f'function "{text}" not defined' if token.kind == "word" else
                       f"unexpected `{text}` in an action")  # fmt: skip
        return lambda scope: constant


def _unquoted(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])

    return text[1:-1] if text[0] == "`" else _ESCAPE.sub(character, text[1:-1])


def _set(scope: _Scope, name: str, value: object) -> str:
    scope.variables[name] = value
    return ""


def _field(value: Evaluate, token: _Token) -> Evaluate:
    name = token.text[1:]

    def evaluate(scope: _Scope) -> object:
        found = value(scope)
        if isinstance(found, Fields) and name not in found:
            reason = f"can't evaluate field {name}: expected one of {', '.join(sorted(found))}"
        elif isinstance(found, dict):
            return found.get(name)
        elif found is None:
            return None
        else:
            reason = f"can't evaluate field {name} of `{show(found)}`"
        raise TemplateProblem(f'template: {token.place}: executing "" at <{token.text}>: {reason}')

    return evaluate


def _range(scope: _Scope, names: list[str], value: object, body: Render, other: Render) -> str:
    pairs: list[tuple[object, object]]
    if isinstance(value, dict):
        pairs = sorted(value.items())
    elif isinstance(value, (list, tuple)):
        pairs = list(enumerate(value))
    elif value is None:
        pairs = []
    else:
        raise TemplateProblem(
            f'template: :1: executing "": range can\'t iterate over {show(value)}'
        )
    if not pairs:
        return other(scope)
    parts = []
    for key, each in pairs:
        given = (key, each) if len(names) > 1 else (each,)
        parts.append(body(_Scope(each, dict(zip(names, given, strict=False)), scope)))
    return "".join(parts)
