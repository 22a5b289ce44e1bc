"""The tokens of a shell script, for colours.

Unlike the readers in `dflint.shell` this one never gives up: it is asked with every key, in the
middle of words and quotes. What it does not understand has no colour.
"""

from __future__ import annotations

import re

from dflint_lsp.colours import Colour

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint_lsp.colours import Token

_DEEPEST = 30
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|\|&|&>>?|<<<|<<-?|>>|[<>]&|<>|>\||\d+(?=[<>])|[|&;()<>]")
_REDIRECTS = frozenset(("<", ">", ">>", "<<<", "<&", ">&", "<>", ">|", "&>", "&>>", "<<", "<<-"))
_PLAIN = re.compile(r"""[^\s;&|<>()'"`$\\]+""")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]\s]*\])?(\+?=)")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_]\w*|[0-9@*#?$!_-])")
_BRACED = re.compile(r"\$\{[#!]?\w*(?:\[[^\]}]*\])?")
_BRACED_SIGN = re.compile(r":?[-+?=]|##?|%%?|//?|\^\^?|,,?|:|@")
_DELIMITER = re.compile(r"""[ \t]*((["']?)([\w.-]+)\2)""")
#: Reserved words, and whether a command may begin right behind them.
_RESERVED = {
    "if": True, "then": True, "elif": True, "else": True, "fi": False, "while": True,
    "until": True, "do": True, "done": False, "for": False, "select": False, "case": False,
    "esac": False, "!": True, "{": True, "}": False, "[[": False, "function": False, "time": True,
    "return": False, "break": False, "continue": False, "exit": False,
}  # fmt: skip
#: Commands that run the command behind them.
_PREFIXES = frozenset(("sudo", "exec", "env", "command", "nohup", "builtin", "xargs"))


def shell_tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of the script between two offsets of a text, in order, none in another."""
    reader = _Reader(text[:end])
    reader.read(start)
    return reader.tokens


def variable_tokens(text: str, at: int, depth: int = 0) -> Iterator[Token]:
    """The tokens of the variable that begins at `at`; none when no variable does.

    `depth` is how many others it stands in: those that are too deep are one token.
    """
    plain = _VARIABLE.match(text, at)
    if plain is not None:
        yield at, plain.end(), Colour.VARIABLE
        return
    found = _BRACED.match(text, at)
    if found is None:
        return
    close = _closing_brace(text, found.end())
    if text.startswith("}", found.end()):
        yield at, found.end() + 1, Colour.VARIABLE
        return
    if depth > _DEEPEST:
        yield at, close, Colour.VARIABLE
        return
    yield at, found.end(), Colour.VARIABLE
    sign = _BRACED_SIGN.match(text, found.end(), close)
    inner = found.end() if sign is None else sign.end()
    if sign is not None:
        yield found.end(), inner, Colour.OPERATOR
    yield from _inner_variables(text, inner, close, depth + 1)
    if text.startswith("}", close):
        yield close, close + 1, Colour.VARIABLE


def _inner_variables(text: str, at: int, end: int, depth: int = 0) -> Iterator[Token]:
    while (at := text.find("$", at, end)) >= 0:
        tokens = list(variable_tokens(text[:end], at, depth))
        yield from tokens
        at = tokens[-1][1] if tokens else at + 1


def _closing_brace(text: str, at: int) -> int:
    """Where the brace is that closes a variable, or where its line ends."""
    depth = 1
    while at < len(text) and text[at] != "\n":
        if text[at] == "\\":
            at += 1
        elif text.startswith("${", at):
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return min(at, len(text))


class _Reader:
    """Reads a script front to back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self._depth = 0
        self._heredocs: list[tuple[str, bool]] = []
        #: What the enclosing `case` and `for` expect: `in`, or patterns.
        self._expects_in: list[bool] = []
        self._is_pattern = False

    def read(self, at: int, closing: str = "") -> int:
        """Read up to the text `closing` or the end; where that is."""
        text = self.text
        is_command = True
        depth = 0
        while at < len(text):
            character = text[at]
            if closing and character == closing and depth == 0 and not self._is_pattern:
                return at
            if character in "()" and not self._is_pattern:
                depth = max(depth + (1 if character == "(" else -1), 0)
            if character in " \t\r":
                at += 1
            elif character == "\n":
                at = self._end_line(at + 1)
                is_command = True
            elif character == "#":
                at = self._comment(at)
            elif (found := _OPERATOR.match(text, at)) is not None:
                at = self._operator(found)
                is_command = is_command if found[0] in _REDIRECTS else not found[0].isdigit()
            else:
                at, is_command = self._word(at, is_command, closing)
        return at

    def _add(self, begin: int, end: int, colour: Colour) -> None:
        if end > begin:
            self.tokens.append((begin, end, colour))

    def _comment(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        self._add(at, end, Colour.COMMENT)
        return end

    def _operator(self, found: re.Match[str]) -> int:
        self._add(*found.span(), Colour.OPERATOR)
        if found[0] in (";;", ";&", ";;&"):
            self._is_pattern = True
        elif found[0] == ")":
            self._is_pattern = False
        elif found[0] in ("<<", "<<-"):
            name = _DELIMITER.match(self.text, found.end())
            if name is not None:
                self._add(*name.span(1), Colour.MACRO)
                self._heredocs.append((name[3], found[0] == "<<-"))
                return name.end()
        return found.end()

    def _end_line(self, at: int) -> int:
        """Go over the lines of the heredocs that were begun on the line before."""
        text = self.text
        for name, strips in self._heredocs:
            blanks = r"\t*" if strips else ""
            found = re.compile(rf"^{blanks}({re.escape(name)})[ \t\r]*$", re.M).search(text, at)
            if found is None:
                self._add(at, len(text), Colour.STRING)
                at = len(text)
                break
            self._add(at, found.start(), Colour.STRING)
            self._add(*found.span(1), Colour.MACRO)
            at = found.end()
        self._heredocs.clear()
        return at

    def _word(self, at: int, is_command: bool, closing: str) -> tuple[int, bool]:
        """Read a word; where it ends, and whether a command may begin behind it."""
        plain = _PLAIN.match(self.text, at)
        lead = plain[0] if plain is not None else ""
        if closing and closing in lead:
            lead = lead[: lead.index(closing)]
        end = at + len(lead)
        is_whole = not self.text[end : end + 1] or self.text[end] in " \t\r\n;&|<>()" + closing
        if is_whole and self._is_reserved(lead, is_command):
            self._add(at, end, Colour.KEYWORD)
            return end, self._after_reserved(lead)
        colour: Colour | None = None
        if is_command and not self._is_pattern:
            assignment = _ASSIGNMENT.match(self.text, at)
            if assignment is not None:
                self._add(*assignment.span(1), Colour.VARIABLE)
                self._add(*assignment.span(2), Colour.OPERATOR)
                return self._parts(assignment.end(), None, closing), True
            colour = Colour.FUNCTION
        if lead.startswith("-") and len(lead) > 1:
            colour = Colour.PARAMETER
        stays = is_command and (lead in _PREFIXES or colour is Colour.PARAMETER)
        return self._parts(at, colour, closing), stays

    def _is_reserved(self, word: str, is_command: bool) -> bool:
        if word == "in":
            return bool(self._expects_in) and not is_command
        if word == "]]":
            return True
        return word in _RESERVED and (is_command or (self._is_pattern and word == "esac"))

    def _after_reserved(self, word: str) -> bool:
        if word in ("for", "select", "case"):
            self._expects_in.append(word == "case")
        elif word == "in":
            self._is_pattern = self._expects_in.pop()
            return self._is_pattern
        elif word == "esac":
            self._is_pattern = False
        return _RESERVED.get(word, False)

    def _parts(self, at: int, colour: Colour | None, closing: str) -> int:
        """Read the parts of a word up to its end."""
        text = self.text
        start = at
        while at < len(text):
            character = text[at]
            if character in " \t\r\n;&|<>()" or (closing and character == closing):
                break
            if character == "'":
                close = text.find("'", at + 1)
                end = len(text) if close < 0 else close + 1
                self._add(at, end, Colour.STRING)
                at = end
            elif character == '"':
                at = self._string(at)
            elif character in "$`":
                at = self._expansion(at)
            elif character == "\\":
                at += 2
            else:
                end = self._plain_end(at, closing)
                if colour is not None:
                    self._add(at, end, colour)
                at = end
        return max(min(at, len(text)), start + (at == start))

    def _plain_end(self, at: int, closing: str) -> int:
        plain = _PLAIN.match(self.text, at)
        end = at + 1 if plain is None else plain.end()
        stop = self.text.find(closing, at, end) if closing else -1
        return end if stop < 0 else max(stop, at + 1)

    def _string(self, begin: int) -> int:
        """Read a string in double quotes, with what is expanded in it."""
        text = self.text
        at = begin + 1
        while at < len(text) and text[at] != '"':
            if text[at] == "\\":
                at += 2
            elif text[at] in "$`":
                size = len(self.tokens)
                end = self._expansion(at)
                if len(self.tokens) > size:
                    if at > begin:
                        self.tokens.insert(size, (begin, at, Colour.STRING))
                    begin = end
                at = end
            else:
                at += 1
        end = min(at + 1, len(text))
        self._add(begin, end, Colour.STRING)
        return end

    def _expansion(self, at: int) -> int:
        """Read a variable or a substitution; where it ends."""
        text = self.text
        if text.startswith("$((", at):
            close = text.find("))", at)
            end = len(text) if close < 0 else close + 2
            self._add(at, at + 3, Colour.OPERATOR)
            self.tokens += _inner_variables(text, at + 3, max(end - 2, at + 3))
            self._add(max(end - 2, at + 3), end, Colour.OPERATOR)
            return end
        opening = "$(" if text.startswith("$(", at) else "`" if text[at] == "`" else ""
        if opening and self._depth < _DEEPEST:
            self._add(at, at + len(opening), Colour.OPERATOR)
            self._depth += 1
            state = self._expects_in, self._is_pattern, self._heredocs
            self._expects_in, self._is_pattern, self._heredocs = [], False, []
            close = self.read(at + len(opening), ")" if opening == "$(" else "`")
            self._expects_in, self._is_pattern, self._heredocs = state
            self._depth -= 1
            self._add(close, min(close + 1, len(text)), Colour.OPERATOR)
            return min(close + 1, len(text))
        tokens = list(variable_tokens(text, at))
        self.tokens += tokens
        return tokens[-1][1] if tokens else at + 1
