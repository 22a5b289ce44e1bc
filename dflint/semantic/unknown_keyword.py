"""What was probably meant by a first word that is no instruction."""

from __future__ import annotations

from dflint.cst.instructions import Instruction, UnknownInstruction, keywords
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_OPERATORS = "&|;<>(){}!$\"'`-+./~[\\*"
_SHELL_WORDS = frozenset((
    "alias", "apk", "apt", "apt-get", "awk", "bash", "break", "bundle", "bunzip2", "cargo", "case",
    "cat", "cd", "chgrp", "chmod", "chown", "cmake", "composer", "cp", "curl", "dnf", "do", "done",
    "dpkg", "echo", "elif", "else", "esac", "eval", "exec", "exit", "export", "fi", "find", "for",
    "function", "gem", "git", "go", "gpg", "grep", "groupadd", "gunzip", "gzip", "if", "in",
    "install", "java", "ldconfig", "ln", "local", "ls", "make", "mkdir", "mv", "node", "npm",
    "perl", "php", "pip", "pip3", "printf", "pwd", "python", "python3", "read", "return", "rm",
    "rmdir", "rpm", "ruby", "sed", "set", "sh", "sleep", "source", "sudo", "tar", "test", "then",
    "touch", "trap", "unset", "unzip", "update-alternatives", "useradd", "usermod", "wget", "while",
    "yarn", "yum", "zypper",
))  # fmt: skip
#: What git leaves in a file for somebody to decide.
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
#: What a command cannot begin with, but what goes on with one does.
#: The instructions of commands, in which an operator or an option goes on, and of pairs.
_OF_SCRIPTS = ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD")
_OF_PAIRS = ("ENV", "LABEL")
_CONTINUING = ("&&", "||", "|", "--")


def glued_keyword(word: str) -> str | None:
    """Find the keyword that a word begins with when no blank parts it from what follows."""
    upper = word.upper()
    for keyword in keywords():
        following = word[len(keyword) :][:1]
        if upper.startswith(keyword) and following and not _is_of_word(following):
            return keyword
    return None


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_-"


def meant_keyword(word: str) -> str | None:
    """Find the keyword that a word was meant to be, None when it is like none.

    Signs in front (`//RUN`, a byte order mark), a slip of the pen, the wide letters of East
    Asian keyboards, and the beginning of a keyword are seen through.
    """
    letters = _letters(word)
    if not letters or len(letters) > 30 or is_shell_word(letters):
        return None
    known = keywords()
    upper = letters.upper()
    if upper in known:
        return upper
    from dflint.text.nearest import nearest

    found = nearest(upper, known)
    if found is None and len(upper) >= 4:
        longer = [keyword for keyword in known if keyword.startswith(upper)]
        found = longer[0] if len(longer) == 1 else None
    return found


def _letters(word: str) -> str:
    if not word.isascii():
        from unicodedata import normalize

        word = normalize("NFKC", word)
    at = 0
    while at < len(word) and not word[at].isalpha():
        at += 1
    return word[at:].rstrip(":")


def is_shell_word(word: str) -> bool:
    """Tell whether a word is likely to begin a line of shell code."""
    return word[:1] in _OPERATORS or word in _SHELL_WORDS or "=" in word


def stray_lines(instructions: tuple[Instruction, ...]) -> Iterator[Instruction]:
    """The unknown instructions that stand right below another one and are like no keyword.

    They are the rest of one text that came to be read as instructions.
    """
    for at, instruction in enumerate(instructions):
        if at and isinstance(instruction, UnknownInstruction):
            line = instruction.line
            between = line.source[line.above : line.start]
            before = isinstance(instructions[at - 1], UnknownInstruction)
            if before and not between.strip() and "\n" not in between:
                word = line.text[: instruction.reading.head.keyword_end]
                if meant_keyword(word) is None and glued_keyword(word) is None:
                    yield instruction


def explain_keyword(word: str, above: Instruction | None) -> str:
    """Say what was meant by an unknown first word, or how it came to be one.

    `above` is the instruction before it.
    """
    if word[:7] in _CONFLICT:
        return "a merge conflict is left in the file"
    if above is not None:
        from dflint.semantic.lost_continuation import broken_end

        broken = broken_end(above)
        if broken:
            return broken
    glued = glued_keyword(word)
    if glued is not None:
        sign = word[len(glued)]
        if sign.isprintable() and not sign.isspace():
            return f"a blank is missing behind `{glued}`"
        return f"behind `{glued}` stands U+{ord(sign):04X}, write a plain blank"
    meant = meant_keyword(word)
    if word.startswith(("//", "/*")):
        return "a comment begins with `#`" + (f"; or did you mean `{meant}`?" if meant else "")
    if meant is not None:
        odd = next((sign for sign in word if not sign.isascii() or not sign.isprintable()), "")
        return f"did you mean `{meant}`?" + (f" It has U+{ord(odd):04X} in it" if odd else "")
    return _explain_place(word, above)


def mended_keyword(instruction: Instruction, above: Instruction | None) -> tuple[str, Edit] | None:
    """What makes an instruction of an unknown one, or a part of the one above; with a title.

    None where nobody can say.
    """
    line = instruction.line
    word = line.text[: instruction.reading.head.keyword_end]
    between = line.source[line.above : line.start]
    is_below = above is not None and not between.strip() and "\n" not in between
    if word[:7] in _CONFLICT or word.startswith("{{") or (above is not None and not above.KEYWORD):
        return None  # several lines that are no instructions are another text
    if len(line.pieces) > 1 and line.pieces[1][0] < len(word):
        return None  # its first word goes on over a line end
    if above is not None and _goes_on(above, word):
        from dflint.semantic.lost_continuation import ends_for_others, mended_end

        # All of the file may be written for another escape character.
        is_other = ends_for_others(above) and ends_for_others(instruction)
        edit = mended_end(above) if is_below and not is_other else None
        return None if edit is None else ("continue the line above", edit)
    glued = glued_keyword(word)
    if glued is not None:
        sign = word[len(glued)]
        at = line.start + len(glued)
        if sign in "[\"'./":
            return f"put a blank behind `{glued}`", Edit.insertion(at, " ")
        is_blank = sign.isspace() or not sign.isprintable()
        return (f"put a blank behind `{glued}`", Edit(Span(at, at + 1), " ")) if is_blank else None
    if word.startswith("//"):
        end = 2 + len(word[2:]) - len(word[2:].lstrip("/"))
        is_code = above is not None and meant_keyword(word) is not None
        # At the top `# syntax=x` would be a parser directive.
        is_directive = above is None and "=" in line.text
        return (
            None
            if is_code or is_directive
            else ("write `#`", Edit(Span(line.start, line.start + end), "#"))
        )
    meant = meant_keyword(word)
    if meant is None or word.startswith("/*"):
        return None
    written = meant.lower() if word.islower() else meant
    return f"write `{written}`", Edit(Span(line.start, line.start + len(word)), written)


def _goes_on(above: Instruction, word: str) -> bool:
    """Whether an instruction was to go on below, in a line with a first word."""
    from dflint.semantic.lost_continuation import broken_end

    if above.KEYWORD in _OF_SCRIPTS and word.startswith(_CONTINUING):
        return True
    is_broken = bool(broken_end(above))
    return is_broken and (above.KEYWORD not in _OF_PAIRS or "=" in word.lstrip("-="))


def _explain_place(word: str, above: Instruction | None) -> str:
    if word.startswith(("{{", "{%", "<%", "%%", "@@", "__", "...")):
        return "is it a placeholder that nothing has replaced?"
    odd = next((sign for sign in word if not sign.isprintable()), "")
    if "\udc80" <= odd <= "\udcff":
        return f"the byte 0x{ord(odd) - 0xDC00:02X} is no UTF-8; is this a text file?"
    if odd:
        return f"U+{ord(odd):04X} does not belong here"
    if above is None:
        return "a command begins with `RUN`" if word in _SHELL_WORDS else "is this a Dockerfile?"
    keyword = above.reading.keyword.upper()
    if not is_shell_word(word) and not word.islower():
        return "a comment begins with `#`, a command with `RUN`"
    if keyword == "FROM" or isinstance(above, UnknownInstruction):
        return "a command begins with `RUN`"
    escape = "`` ` ``" if above.line.escape == "`" else "`\\`"
    if keyword == "RUN" and word[0] not in _OPERATORS:
        return f"put `RUN` before it, or end the `RUN` above with `&&` and {escape}"
    return f"if it belongs to the `{keyword}` above, that line must end in {escape}"
