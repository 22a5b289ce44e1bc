"""Words, quotes and heredocs for the search of faults in `syntax`."""

from __future__ import annotations

from dflint.text.lazy_pattern import LazyPattern

_BLANK = LazyPattern(r"(?:[ \t]|\\\n)*+")
_COMMENT = LazyPattern(r"#[^\n]*+")
# What a word may hold without a second look.
_LETTERS = LazyPattern(r"[^ \t\n;&|<>()\\'\"`$]++")
_DESCRIPTOR = LazyPattern(r"(?:[0-9]++|\{[A-Za-z_][A-Za-z0-9_]*+\})(?=[<>])")
_RESERVED = LazyPattern(r"(?:[a-z]++|!|-p|--|\[\[|[{}])(?=[ \t\n;&|<>()]|\Z)")
_TOKEN = LazyPattern(r"&&|\|\||;;&?|;&|\|&|&>>?|<<<|<<-?|>>|[;&|<>()\n]|[^ \t\n;&|<>()]{1,30}")
_ASSIGNED = LazyPattern(r"[A-Za-z_][A-Za-z0-9_]*+(?:\[[^\]\s]*+\])?\+?=\Z")


# Nobody nests as deep.
_DEEPEST = 60


class Fault(Exception):
    """A place in a text where no shell can go on, and what is wrong there."""

    def __init__(self, start: int, end: int, reason: str) -> None:
        super().__init__(reason)
        self.start = start
        self.end = end
        self.reason = reason


class GaveUp(Exception):
    """The text is beyond what is judged here."""


class WordReader:
    """Goes over a text word by word.

    `at` is the place that has been reached, `depth` how many things are open there.
    """

    __slots__ = ("_heredocs", "_not_arithmetic", "at", "depth", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self._not_arithmetic: set[int] = set()
        self._heredocs: list[tuple[str, bool]] = []

    def substitution(self, opening: int) -> None:
        """Read the program in a substitution up to its parenthesis."""
        raise NotImplementedError

    def descend(self) -> None:
        """Count one thing more that is open."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise GaveUp

    def skip_blanks(self) -> int:
        """Go over blanks, and a comment where one can begin; give the place."""
        match = _BLANK.get().match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.text.startswith("#", self.at) and self._begins_word():
            match = _COMMENT.get().match(self.text, self.at)
            self.at = match.end() if match else self.at
        return self.at

    def newline(self) -> None:
        """Go over a newline, and the heredocs that wait for it."""
        self.at += 1
        waiting, self._heredocs = self._heredocs, []
        for delimiter, chomps in waiting:
            self._skip_heredoc(delimiter, chomps)

    def await_heredoc(self, delimiter: str, chomps: bool) -> None:
        """Note a heredoc, whose text begins after the next newline."""
        for mark in "\\'\"":
            delimiter = delimiter.replace(mark, "")
        self._heredocs.append((delimiter, chomps))

    def reserved(self) -> str:
        """The next word if it may be a reserved one, else an empty text."""
        self.skip_blanks()
        match = _RESERVED.get().match(self.text, self.at)
        return match[0] if match else ""

    def token(self) -> str:
        """What stands at the place, for a message."""
        match = _TOKEN.get().match(self.text, self.at)
        found = match[0] if match else self.text[self.at : self.at + 1]
        return "newline" if found == "\n" else found

    def descriptor_end(self) -> int:
        """Where the operator of a redirection would begin: after its number."""
        match = _DESCRIPTOR.get().match(self.text, self.at)
        return match.end() if match else self.at

    def is_word(self) -> bool:
        """Whether a word stands next."""
        self.skip_blanks()
        if self.at >= len(self.text):
            return False
        is_process = self.text.startswith(("<(", ">("), self.at)
        return is_process or self.text[self.at] not in " \t\n;&|<>()"

    def word(self) -> str:
        """Read a word."""
        self.skip_blanks()
        start = self.at
        text = self.text
        while self.at < len(text):
            character = text[self.at]
            match = _LETTERS.get().match(text, self.at)
            if match:
                self.at = match.end()
            elif character == "\\":
                self.at = min(self.at + 2, len(text))
            elif character in "'\"`$":
                self._part(character)
            elif text.startswith(("<(", ">("), self.at):
                self.at += 2
                self.substitution(self.at - 2)
            elif character == "(" and self.at > start and self._opens_list(start):
                self._balanced(self.at)
            else:
                break
        return text[start : self.at]

    def arithmetic(self, start: int) -> bool:
        """Take `((…))`; false, and nothing taken, when it is two parentheses of other kinds."""
        if start in self._not_arithmetic:
            return False
        at, depth = self.at, self.depth
        try:
            self._balanced(start)
        except Fault:
            self.depth = depth
        else:
            if self.text.endswith("))", start, self.at):
                return True
        self._not_arithmetic.add(start)
        self.at = at
        return False

    def _part(self, character: str) -> None:
        if character == "'":
            self._single(self.at)
        elif character == '"':
            self._double(self.at)
        elif character == "`":
            self._backquoted(self.at)
        else:
            self._dollar(is_quoted=False)

    def _opens_list(self, start: int) -> bool:
        """Whether a parenthesis in a word is that of an array or of a pattern."""
        before = self.text[start : self.at]
        return before[-1] in "?*+@!" or _ASSIGNED.get().match(before) is not None

    def _single(self, start: int) -> None:
        end = self.text.find("'", start + 1)
        if end < 0:
            raise Fault(start, start + 1, "`'` is never closed")
        self.at = end + 1

    def _ansi(self, start: int) -> None:
        at = start + 2
        while at < len(self.text) and self.text[at] != "'":
            at += 2 if self.text[at] == "\\" else 1
        if at >= len(self.text):
            raise Fault(start, start + 2, "`$'` is never closed")
        self.at = at + 1

    def _double(self, start: int) -> None:
        self.at = start + 1
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return
            if character == "\\":
                self.at += 2
            elif character == "`":
                self._backquoted(self.at)
            elif character == "$":
                self._dollar(is_quoted=True)
            else:
                self.at += 1
        raise Fault(start, start + 1, '`"` is never closed')

    def _backquoted(self, start: int) -> None:
        at = start + 1
        while at < len(self.text) and self.text[at] != "`":
            at += 2 if self.text[at] == "\\" else 1
        if at >= len(self.text):
            raise Fault(start, start + 1, "a backquote is never closed")
        self.at = at + 1

    def _dollar(self, is_quoted: bool) -> None:
        start = self.at
        self.descend()
        self._expansion(start, is_quoted)
        self.depth -= 1

    def _expansion(self, start: int, is_quoted: bool) -> None:
        following = self.text[start + 1 : start + 2]
        if following == "(":
            if self.text.startswith("((", start + 1) and self.arithmetic(start + 1):
                return
            self.at = start + 2
            waiting, self._heredocs = self._heredocs, []
            self.substitution(start)
            self._heredocs = waiting + self._heredocs
        elif following == "{":
            self._braced(start, is_quoted)
        elif following == "'" and not is_quoted:
            self._ansi(start)
        else:
            self.at = start + 1
            if following == "#":
                self.at += 1

    def _braced(self, start: int, is_quoted: bool) -> None:
        self.at = start + 2
        has_pattern = False
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "}":
                self.at += 1
                return
            has_pattern = has_pattern or character in "#%/"
            if character == "\\":
                self.at += 2
            elif character in '"`' or (character == "'" and (has_pattern or not is_quoted)):
                self._part(character)
            elif character == "$":
                self._dollar(is_quoted=is_quoted)
            else:
                self.at += 1
        raise Fault(start, start + 2, "`${` is never closed")

    def _balanced(self, start: int) -> None:
        """Go over parentheses and all within, of an array, a pattern or arithmetic."""
        depth = 0
        self.at = start
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\\":
                self.at += 2
            elif character in "'\"`$":
                self._part(character)
            else:
                depth += (character == "(") - (character == ")")
                self.at += 1
                if not depth:
                    return
        raise Fault(start, start + 1, "`(` is without its `)`")

    def _begins_word(self) -> bool:
        return self.at == 0 or self.text[self.at - 1] in " \t\n;&|<>()"

    def _skip_heredoc(self, delimiter: str, chomps: bool) -> None:
        while self.at < len(self.text):
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            line = self.text[self.at : end]
            self.at = min(end + 1, len(self.text))
            if (line.lstrip("\t") if chomps else line) == delimiter:
                return
