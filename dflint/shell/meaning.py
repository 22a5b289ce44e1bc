"""What of a shell text counts: two texts with the same meaning do the same in sh and bash.

Blanks between words, and comments, are all that two such texts may differ in. The shell reads a
text of joined lines, in which the indentation of each line stands as blanks; whoever changes that
changes the text and not what it does. Where blanks might count, nothing is said: a text then
means no more than itself. A program that looks at its own text (`set -v`, `/proc`) sees blanks too.
"""

from __future__ import annotations

from functools import lru_cache

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    #: Words and operators in order; a word with substitutions is a tuple of its parts.
    Token = str | tuple["Token", ...]

_BLANKS = LazyPattern(r"[ \t]++")
_COMMENT = LazyPattern(r"#[^\n]*+")
_LETTERS = LazyPattern(r"[^ \t\n;&|<>()\\'\"`$]++")
_QUOTED = LazyPattern(r"[^\"\\`$]++")
_OPERATOR = LazyPattern(
    r"&&|\|\||;;&|;;|;&|<<<|<<-|<<|<\(|>\(|<&|<>|>>|>&|>\||&>>|&>|\|&|[;&|()<>]"
)
#: A `${…}` that ends where it seems to, whichever shell reads it and whether it is quoted.
_BRACED = LazyPattern(
    r"""\$\{ (?: [^{}'"\\`$]++ | \\. | "(?:[^"{}'\\`$]|\$[A-Za-z0-9_])*+" | '[^'{}"\\`$]*+'
        | \$ (?: [A-Za-z0-9_@*\#?!-] | \{ [^{}'"\\`$]*+ \} ) )*+ \}""",
    64,  # re.VERBOSE
)
#: Words without anything special, as most are, with blanks around them.
_PLAIN = LazyPattern(r"(?:[ \t]++[A-Za-z0-9_./:@%,+^*?-]++(?=[ \t]))++")
_DELIMITER = LazyPattern(r"""\\?[A-Za-z0-9_.-]++|'[A-Za-z0-9_.-]++'|"[A-Za-z0-9_.-]++\"""")
_ARRAY = LazyPattern(r"[A-Za-z_][A-Za-z0-9_]*+\+?=\Z")
_NAME = LazyPattern(r"[^\s'\"\\$`?*+@!=\[\]{}~#-][^\s'\"\\$`?*+@!=\[\]{}~#]*+\Z")
_OPEN_SUBSCRIPT = LazyPattern(r"[A-Za-z_][A-Za-z0-9_]*+\[[^\]]*+\Z")
_NOT_IN_ARITHMETIC = frozenset("'\"\\#\n`<")
_REDIRECTS = frozenset(("<", ">", "<<", "<<-", "<<<", "<&", "<>", ">>", ">&", ">|", "<(", ">("))
_BEFORE_WORD = frozenset(" \t\n;&|<>()")
#: Nobody nests as deep.
_DEEPEST = 25


class _Unclear(Exception):
    """The text is one of which shells, or versions of a shell, might think differently."""


@lru_cache(maxsize=64)
def meaning_of(text: str) -> tuple[Token, ...] | None:
    """Give the tokens of a text; None when it cannot be said where each of them ends."""
    try:
        return tuple(_Reader(text, 0).program(""))
    except _Unclear:
        return None


def means_the_same(one: str, other: str) -> bool:
    """Tell whether two texts are known to do the same in a POSIX shell and in bash."""
    if one == other:
        return True
    has_comments = "#" in one or "#" in other
    if not has_comments and "".join(one.split()) != "".join(other.split()):
        return False
    meaning = meaning_of(one)
    if meaning is None:  # the grammar may see what goes over a reader of tokens
        from dflint.shell.blanks import differ_in_blanks_only

        return differ_in_blanks_only(one, other)
    return meaning == meaning_of(other)


class _Reader:
    """Goes over a text token by token."""

    __slots__ = ("_awaited", "_word_end", "at", "depth", "text")

    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.at = 0
        self.depth = depth
        self._awaited: list[tuple[str, bool]] = []
        self._word_end = -1
        if depth > _DEEPEST:
            raise _Unclear

    def program(self, stop: str) -> list[Token]:
        """Read up to the closing parenthesis of a substitution, or to the end."""
        text = self.text
        plain = _PLAIN.get()
        tokens: list[Token] = []
        open_groups = 0
        last: Token = ""
        while True:
            match = plain.match(text, self.at)
            if match is not None:
                self.at = self._word_end = match.end()
                words = match[0].split()
                if stop and "case" in words:
                    raise _Unclear
                tokens += words
                last = words[-1]
                continue
            self._skip_blanks()
            if self.at >= len(text):
                if stop or self._awaited:
                    raise _Unclear
                return tokens
            character = text[self.at]
            if character == ")" and stop and not open_groups:
                self.at += 1
                return tokens
            if character == "\n":
                self.at += 1
                tokens.append("\n")
                tokens += self._heredocs()
                last = "\n"
                continue
            if character in "&|;<>()":
                last = self._operator(last, nested=bool(stop) or self.depth > 0)
                open_groups += (last in (" (", "(", "<(", ">(", " <(", " >(")) - (last == ")")
            else:
                if self.at and text[self.at - 1] == ")":
                    tokens.append("\0")
                last = self._word()
                self._word_end = self.at
                self._check_word(last, nested=bool(stop))
            tokens.append(last)

    def _skip_blanks(self) -> None:
        text = self.text
        if text[self.at : self.at + 1] in (" ", "\t"):
            match = _BLANKS.get().match(text, self.at)
            if match:
                self.at = match.end()
        if text[self.at : self.at + 1] != "#":
            return
        if text[self.at - 1 : self.at] == ")":
            raise _Unclear  # a comment behind a group, a letter behind `<(…)`
        if not self.at or text[self.at - 1] in _BEFORE_WORD:
            comment = _COMMENT.get().match(text, self.at)
            self.at = comment.end() if comment else self.at

    def _check_word(self, word: Token, nested: bool) -> None:
        """Give up on words behind which other laws hold."""
        if not isinstance(word, str):
            return
        if word == "case" and nested:
            raise _Unclear  # its patterns end in parentheses that close nothing
        if word == "=~" and "(" in self.text:
            raise _Unclear  # blanks in a group of the expression count
        if "[" in word and _OPEN_SUBSCRIPT.get().match(word):
            raise _Unclear  # bash takes the blanks into the subscript

    def _operator(self, last: Token, nested: bool) -> str:
        """Read an operator; of one before which a blank may count, it says whether there is one."""
        text = self.text
        start = self.at
        match = _OPERATOR.get().match(text, start)
        assert match is not None
        operator = match[0]
        self.at = match.end()
        is_glued = start == self._word_end
        if operator == "(":
            if text.startswith("(", self.at):
                return self._arithmetic(start)
            if is_glued and not self._may_open(last):
                raise _Unclear
        if operator in ("<<", "<<-"):
            if nested:
                raise _Unclear
            return self._await_heredoc(operator, is_glued)
        if operator == "(" or operator in _REDIRECTS:
            return operator if is_glued else " " + operator
        return operator

    def _may_open(self, last: Token) -> bool:
        """Whether a parenthesis right behind a word is that of an array or of a function."""
        if not isinstance(last, str):
            return False
        if _ARRAY.get().match(last):
            return True
        return _NAME.get().match(last) is not None and self.text.startswith(")", self.at)

    def _arithmetic(self, start: int) -> str:
        """Take `((…))` or what looks like it, to the letter."""
        text = self.text
        depth = 0
        for at in range(start, len(text)):
            character = text[at]
            if character in _NOT_IN_ARITHMETIC:
                break
            depth += (character == "(") - (character == ")")
            if not depth:
                if text[at - 1] != ")" or "case" in text:
                    break
                self.at = at + 1
                return text[start : at + 1]
        raise _Unclear

    def _await_heredoc(self, operator: str, is_glued: bool) -> str:
        blanks = _BLANKS.get().match(self.text, self.at)
        begin = blanks.end() if blanks else self.at
        match = _DELIMITER.get().match(self.text, begin)
        following = self.text[match.end() : match.end() + 1] if match else ""
        if match is None or (following and following not in _BEFORE_WORD):
            raise _Unclear
        self.at = match.end()
        self._awaited.append((match[0].strip("'\"\\"), operator == "<<-"))
        return ("" if is_glued else " ") + operator + match[0]

    def _heredocs(self) -> Iterator[str]:
        """Take the bodies of the heredocs that wait for a newline, to the letter."""
        waiting, self._awaited = self._awaited, []
        for at, (delimiter, chomps) in enumerate(waiting):
            if at:
                self.at += 1
            yield self._heredoc(delimiter, chomps)

    def _heredoc(self, delimiter: str, chomps: bool) -> str:
        """Take the lines up to the delimiter, and that line but for its newline."""
        start = self.at
        while self.at < len(self.text):
            begin = self.at
            end = self.text.find("\n", begin)
            end = len(self.text) if end < 0 else end
            line = self.text[begin:end]
            if (line.lstrip("\t") if chomps else line) == delimiter:
                self.at = end
                return self.text[start:begin]
            self.at = end + 1
        raise _Unclear

    def _word(self) -> Token:
        parts: list[Token] = []
        text = self.text
        start = self.at
        while self.at < len(text):
            character = text[self.at]
            match = _LETTERS.get().match(text, self.at)
            if match:
                self._add(parts, match[0])
                self.at = match.end()
            elif character == "\\":
                self._add(parts, text[self.at : self.at + 2])
                self.at = min(self.at + 2, len(text))
            elif character == "'":
                self._add(parts, self._single(self.at, self.at + 1))
            elif character == '"':
                self._double(parts)
            elif character in "`$":
                self._substituted(parts, is_quoted=False)
            else:
                break
        if self.at == start:
            raise _Unclear
        return parts[0] if len(parts) == 1 else tuple(parts)

    def _add(self, parts: list[Token], text: str) -> None:
        if parts and isinstance(parts[-1], str):
            parts[-1] += text
        else:
            parts.append(text)

    def _single(self, start: int, begin: int) -> str:
        end = self.text.find("'", begin)
        if end < 0:
            raise _Unclear
        self.at = end + 1
        return self.text[start : end + 1]

    def _double(self, parts: list[Token]) -> None:
        text = self.text
        self._add(parts, '"')
        self.at += 1
        while self.at < len(text):
            character = text[self.at]
            match = _QUOTED.get().match(text, self.at)
            if match:
                self._add(parts, match[0])
                self.at = match.end()
            elif character == "\\":
                self._add(parts, text[self.at : self.at + 2])
                self.at += 2
            elif character == '"':
                self._add(parts, '"')
                self.at += 1
                return
            else:
                self._substituted(parts, is_quoted=True)
        raise _Unclear

    def _substituted(self, parts: list[Token], is_quoted: bool) -> None:
        text = self.text
        start = self.at
        if text[start] == "`":
            self._backquoted(parts)
        elif text.startswith("$((", start):
            self._add(parts, "$" + self._arithmetic(start + 1))
        elif text.startswith("$(", start):
            self.at += 2
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _Unclear
            outer, self._awaited = self._awaited, []
            parts.append(("$(", *self.program(")")))
            self._awaited = outer
            self.depth -= 1
        elif text.startswith("${", start):
            match = _BRACED.get().match(text, start)
            if match is None:
                raise _Unclear
            self._add(parts, match[0])
            self.at = match.end()
        elif text.startswith("$'", start) and not is_quoted:
            string = self._single(start, start + 2)
            if "\\" in string:
                raise _Unclear  # an escape in bash, a letter in dash
            self._add(parts, string)
        else:
            self._add(parts, "$")
            self.at += 1

    def _backquoted(self, parts: list[Token]) -> None:
        text = self.text
        start = self.at
        end = start + 1
        while end < len(text) and text[end] != "`":
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise _Unclear
        self.at = end + 1
        body = text[start + 1 : end]
        if "\\" in body or "'" in body or '"' in body:
            self._add(parts, text[start : end + 1])
        else:
            parts.append(("`", *_Reader(body, self.depth + 1).program("")))
