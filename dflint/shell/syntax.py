"""Why a text is no shell program: what POSIX shells and bash refuse alike.

The grammar for the shell (`parser`) errs on a few valid texts, and does not say what is wrong with
others. This is a second opinion for those: a recursive descent over the shell's own grammar
(POSIX.1-2017, Shell Command Language, 2.10; bash manual, "Shell Syntax") that takes both POSIX's
and bash's forms for valid, so that what it finds is refused by either.
"""

from __future__ import annotations

from dflint.shell.syntax_words import Fault, GaveUp, WordReader

__all__ = ["Fault", "find_fault"]

_REDIRECTS = ("<<<", "<<-", "<<", "<&", "<>", "<", "&>>", "&>", ">>", ">&", ">|", ">")
_CLOSING = frozenset(("then", "elif", "else", "fi", "do", "done", "esac", "}"))
_ENDINGS = {"if": "fi", "while": "done", "until": "done", "for": "done", "select": "done"}


def find_fault(text: str) -> Fault | None:
    """The first place where no shell can go on; None for a program, or for what is too deep."""
    try:
        _Parser(text).parse()
    except Fault as fault:
        return fault
    except GaveUp:
        return None
    return None


class _Parser(WordReader):
    """Reads statements; where one cannot be, it raises a Fault."""

    __slots__ = ()

    def parse(self) -> None:
        self._list(frozenset(), "")
        if self.at < len(self.text):
            raise self._unexpected()

    def substitution(self, opening: int) -> None:
        """Read what stands in `$(…)` or `<(…)` up to the parenthesis."""
        self._list(frozenset(), ")")
        if not self._takes(")"):
            raise self._unexpected_or(opening, 2, ")")

    def _list(self, words: frozenset[str], sign: str) -> int:
        """Read statements up to one of the reserved words or the sign; give their number."""
        self.descend()
        count = 0
        self._skip_newlines()
        while not self._is_list_end(words, sign):
            self._and_or()
            count += 1
            is_ended = self._takes(";") or self._takes_job()
            if self._peek() == "\n":
                self._skip_newlines()
            elif not is_ended:
                break
        self.depth -= 1
        return count

    def _is_list_end(self, words: frozenset[str], sign: str) -> bool:
        if self.skip_blanks() >= len(self.text):
            return True
        if sign and self.text.startswith(sign, self.at):
            return True
        if sign == ";;" and self.text.startswith(";&", self.at):
            return True
        return self.reserved() in words

    def _takes_job(self) -> bool:
        """Take a lone `&`."""
        self.skip_blanks()
        if self.text.startswith("&", self.at) and not self.text.startswith(("&&", "&>"), self.at):
            self.at += 1
            return True
        return False

    def _and_or(self) -> None:
        self._pipeline()
        while True:
            self.skip_blanks()
            start = self.at
            if not self.text.startswith(("&&", "||"), start):
                return
            self.at += 2
            self._skip_newlines()
            if self.skip_blanks() >= len(self.text):
                raise Fault(start, start + 2, f"nothing follows `{self.text[start : start + 2]}`")
            self._pipeline()

    def _pipeline(self) -> None:
        while self.reserved() in ("!", "time"):
            word = self.word()
            if word == "time" and self.reserved() in ("-p", "--"):
                self.word()
            if self._peek() in ("", ";", "\n", ")", "&", "|"):
                return
        self._command()
        while True:
            self.skip_blanks()
            start = self.at
            if not self.text.startswith("|", start) or self.text.startswith("||", start):
                return
            self.at += 2 if self.text.startswith("|&", start) else 1
            self._skip_newlines()
            if self.skip_blanks() >= len(self.text):
                raise Fault(start, self.at, "nothing follows `|`")
            if self.reserved() == "!":
                self.word()
            self._command()

    def _command(self) -> None:
        self.skip_blanks()
        start = self.at
        if self.text.startswith("((", start) and self.arithmetic(start):
            self._redirects_only()
            return
        if self._takes("("):
            self._group(start, "(", ")")
            return
        word = self.reserved()
        if word in _CLOSING:
            raise self._unexpected()
        if word in _ENDINGS or word in ("{", "case", "function", "coproc", "[["):
            self.word()
            self._compound(word, start)
        else:
            self._simple()

    def _compound(self, word: str, start: int) -> None:
        if word == "{":
            self._group(start, "{", "}")
        elif word == "if":
            self._if(start)
        elif word in ("while", "until"):
            self._clause(start, word, "do")
            self._body(start, word)
        elif word in ("for", "select"):
            self._for(start, word)
        elif word == "case":
            self._case(start)
        elif word == "function":
            self._name("function", start)
            if self._takes("(") and not self._takes(")"):
                raise self._unexpected()
            self._skip_newlines()
            self._command()
            return
        elif word == "coproc":
            raise GaveUp  # only bash tells its name from a command
        else:
            self._condition()
        self._redirects_only()

    def _group(self, start: int, opening: str, closing: str) -> None:
        is_brace = closing == "}"
        count = self._list(frozenset(("}",)) if is_brace else frozenset(), "" if is_brace else ")")
        is_closed = self._takes_word("}") if is_brace else self._takes(")")
        if not is_closed:
            raise self._unexpected_or(start, 1, closing)
        if not count:
            raise Fault(start, self.at, f"nothing stands between `{opening}` and `{closing}`")
        self._redirects_only()

    def _if(self, start: int) -> None:
        self._clause(start, "if", "then")
        while True:
            before = self.at
            if not self._list(frozenset(("elif", "else", "fi")), ""):
                raise self._empty(before, start, "if", "then")
            if self._takes_word("elif"):
                self._clause(start, "if", "then")
            elif self._takes_word("else"):
                before = self.at
                if not self._list(frozenset(("fi",)), ""):
                    raise self._empty(before, start, "if", "else")
                break
            else:
                break
        if not self._takes_word("fi"):
            raise self._unexpected_or(start, 2, "fi")

    def _clause(self, start: int, word: str, closing: str) -> None:
        """Read a condition and the word that ends it."""
        before = self.at
        if not self._list(frozenset((closing,)), ""):
            raise self._empty(before, start, word, word)
        if not self._takes_word(closing):
            raise self._unexpected_or(start, len(word), closing)

    def _body(self, start: int, word: str) -> None:
        """Read a loop's body after `do`."""
        before = self.at
        if not self._list(frozenset(("done",)), ""):
            raise self._empty(before, start, word, "do")
        if not self._takes_word("done"):
            raise self._unexpected_or(start, len(word), "done")

    def _for(self, start: int, word: str) -> None:
        self.skip_blanks()
        if self.text.startswith("((", self.at) and self.arithmetic(self.at):
            pass
        else:
            self._name(word, start)
            self._skip_newlines()
            if self._takes_word("in"):
                while self.is_word():
                    self.word()
        self._takes(";")
        self._skip_newlines()
        if self.reserved() == "{":
            brace = self.at
            self.word()
            self._group(brace, "{", "}")
            return
        if not self._takes_word("do"):
            raise self._unexpected_or(start, len(word), "do")
        self._body(start, word)

    def _case(self, start: int) -> None:
        self._name("case", start)
        self._skip_newlines()
        if not self._takes_word("in"):
            raise self._unexpected_or(start, 4, "in")
        self._skip_newlines()
        while not self._takes_word("esac"):
            if self.skip_blanks() >= len(self.text):
                raise Fault(start, start + 4, "`case` is without its `esac`")
            self._takes("(")
            while True:
                if not self.is_word():
                    raise self._unexpected_or(start, 4, "esac")
                self.word()
                if not self._takes("|"):
                    break
            if not self._takes(")"):
                raise self._unexpected_or(start, 4, "esac")
            self._list(frozenset(("esac",)), ";;")
            if not (self._takes(";;&") or self._takes(";;") or self._takes(";&")):
                if not self._takes_word("esac"):
                    raise self._unexpected_or(start, 4, "esac")
                return
            self._skip_newlines()

    def _condition(self) -> None:
        """Read to `]]`; what stands between is bash's own, and other words to POSIX."""
        while self.skip_blanks() < len(self.text):
            if self.text[self.at] in "()<>&|\n;":
                if self.text[self.at] == ";":
                    raise GaveUp
                self.at += 1
            elif self.word() == "]]":
                return
        raise GaveUp

    def _simple(self) -> None:
        start = self.at
        words = 0
        while True:
            self.skip_blanks()
            if self._redirect():
                words += 1
            elif self.is_word():
                self.word()
                words += 1
                if self.at < len(self.text) and self._peek() == "(":
                    if words != 1 or self.at == start:
                        raise self._unexpected()
                    self._function()
                    return
            else:
                break
        if not words:
            raise self._unexpected()

    def _function(self) -> None:
        self._takes("(")
        if not self._takes(")"):
            raise self._unexpected()
        self._skip_newlines()
        if self.skip_blanks() >= len(self.text):
            raise self._unexpected()
        self._command()

    def _redirects_only(self) -> None:
        while self._redirect():
            pass
        # A word that closes needs no separator after one that has closed: `fi fi`.
        if self.is_word() and self.reserved() not in _CLOSING:
            raise self._unexpected()

    def _redirect(self) -> bool:
        self.skip_blanks()
        begin = self.descriptor_end()
        for operator in _REDIRECTS:
            if self.text.startswith(operator, begin):
                break
        else:
            return False
        if self.text.startswith(("<(", ">("), begin):
            return False
        self.at = begin + len(operator)
        self.skip_blanks()
        if not self.is_word():
            raise Fault(begin, begin + len(operator), f"nothing follows `{operator}`")
        target = self.word()
        if operator in ("<<", "<<-"):
            self.await_heredoc(target, operator == "<<-")
        return True

    def _name(self, word: str, start: int) -> None:
        if not self.is_word():
            raise Fault(start, start + len(word), f"nothing that fits follows `{word}`")
        self.word()

    def _peek(self) -> str:
        self.skip_blanks()
        return self.text[self.at : self.at + 1]

    def _skip_newlines(self) -> None:
        while self._peek() == "\n":
            self.newline()

    def _takes(self, sign: str) -> bool:
        self.skip_blanks()
        if not self.text.startswith(sign, self.at):
            return False
        if sign in (";", "|") and self.text.startswith((";;", ";&", "||"), self.at):
            return False
        self.at += len(sign)
        return True

    def _takes_word(self, word: str) -> bool:
        if self.reserved() != word:
            return False
        self.word()
        return True

    def _unexpected(self) -> Fault:
        if self.skip_blanks() >= len(self.text):
            end = len(self.text.rstrip())
            return Fault(max(end - 1, 0), end, "the text ends where a command must follow")
        found = self.token()
        return Fault(self.at, self.at + len(found), f"`{found}` cannot stand here")

    def _unexpected_or(self, start: int, length: int, missing: str) -> Fault:
        """What stands where `missing` should; at the end, what is without it."""
        if self.skip_blanks() < len(self.text):
            return self._unexpected()
        opening = self.text[start : start + length]
        return Fault(start, start + length, f"`{opening}` is without its `{missing}`")

    def _empty(self, before: int, start: int, word: str, after: str) -> Fault:
        if self.skip_blanks() >= len(self.text):
            ending = _ENDINGS[word]
            return Fault(start, start + len(word), f"`{word}` is without its `{ending}`")
        found = self.token()
        return Fault(self.at, self.at + len(found), f"no command stands after `{after}`")
