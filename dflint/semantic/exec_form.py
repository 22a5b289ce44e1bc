"""Text that is meant as exec form but is read as something else (reference, "Shell and exec form").

A builder takes text that is no JSON array of strings for the shell form; in COPY, ADD and VOLUME,
for plain words. Whether an array was meant is judged here.
"""

from __future__ import annotations

from dflint.cst.parser.json_diagnosis import Fault, FaultKind, closing_quotes, elements, find_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction

_LISTS = ("copy", "add", "volume")
_KEYWORDS = ("run", "cmd", "entrypoint", "healthcheck", "shell", *_LISTS)
_SPACE = " \t\n\r"
_BINARY = frozenset(
    ("=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-nt", "-ot",
     "-ef", "-a", "-o", "&&", "||")
)  # fmt: skip
_WHITE_ESCAPES = ("\\b", "\\f", "\\n", "\\r", "\\t")


class MisreadArray:
    """An array that a builder does not read as one.

    `keyword` is the instruction's that has it, in lower case: for a trigger that behind ONBUILD.
    `text` begins with the array, at `start` of the instruction's joined text.
    """

    __slots__ = ("fault", "keyword", "start", "text")

    def __init__(self, keyword: str, text: str, start: int, fault: Fault) -> None:
        self.keyword = keyword
        self.text = text
        self.start = start
        self.fault = fault

    @property
    def place(self) -> tuple[int, int]:
        """The fault's place in the joined text."""
        return self.start + self.fault.start, self.start + self.fault.end

    @property
    def found(self) -> str:
        """The characters at fault."""
        return self.text[self.fault.start : self.fault.end]

    @property
    def program(self) -> str:
        """What a POSIX shell takes for the command: `[` is the test command.

        Empty when an unclosed quote lets the shell give up.
        """
        word: list[str] = []
        quote = ""
        is_over = False
        for escape, character in zip(" " + self.text, self.text, strict=False):
            if character == quote and escape != "\\":
                quote = ""
            elif not quote and character in "\"'":
                quote = character
            elif character == "#" and is_over and not quote:
                break
            else:
                is_over = is_over or (not quote and character in _SPACE + ";&|")
                if not is_over and (character != "\\" or quote != '"'):
                    word.append(character)
        return "" if quote else "".join(word)


def misread_array(instruction: Instruction) -> MisreadArray | None:
    """The array that the instruction seems to be meant to have, and what is wrong with it."""
    text = instruction.line.text
    reading = instruction.reading
    if reading.trigger is not None:
        reading = reading.trigger
    keyword = reading.keyword
    if keyword not in _KEYWORDS or not reading.places:
        return None
    if reading.is_json:
        return _escaped_path(keyword, text, reading.places) if "\\" in text else None
    start = reading.head.arguments
    if keyword == "healthcheck":
        if len(reading.places) < 2:
            return None
        start = reading.places[1][0]
    array = text[start : reading.head.end]
    fault = list_fault(array) if keyword in _LISTS else command_fault(array)
    return None if fault is None else MisreadArray(keyword, array, start, fault)


def command_fault(text: str) -> Fault | None:
    """What is wrong with a command that is meant as exec form; None for a shell form.

    `[ -f x ] && y`, `[[ … ]]`, `[ "$a" = 1 ]` and PowerShell's `[Type]::Method()` are shell forms.
    """
    if closing_quotes(text[:1]) is not None:
        return _quoted_fault(text)
    if not text.startswith("[") or text.startswith("[["):
        return None
    fault = find_fault(text)
    places = elements(text)
    if fault is None or not places or _has_operator(text, places):
        return None
    start, end = places[0]
    closing = text.find("]", places[-1][1])
    is_alone = not text[closing + 1 :].strip(_SPACE) if closing >= 0 else False
    is_several = len(places) > 1
    is_literal = "$" not in text and "`" not in text
    if closing_quotes(text[start]) is None:
        return fault if is_alone and (is_several or (start == 1 and is_literal)) else None
    if start == 1 or closing < 0 or text[end:].lstrip(_SPACE).startswith(","):
        return fault
    return fault if is_alone and (is_literal or is_several) else None


def list_fault(text: str) -> Fault | None:
    """What is wrong with the arguments of COPY, ADD or VOLUME meant as array, else None.

    `[Gg]emfile* ./` is a pattern with a destination, and no array.
    """
    if not text.startswith("["):
        return None
    first = text[1:].lstrip(_SPACE)[:1]
    if closing_quotes(first) is None and text.find("]") != len(text) - 1:
        return None
    return find_fault(text)


def _escaped_path(
    keyword: str, text: str, places: tuple[tuple[int, int], ...]
) -> MisreadArray | None:
    """The first Windows path in an exec form of which JSON makes something else."""
    for start, end in places:
        backslash = text[start + 3 : start + 5]
        if text[start + 2] == ":" and text[start + 1].isalpha() and backslash in _WHITE_ESCAPES:
            return MisreadArray(keyword, text[start:end], start, Fault(FaultKind.PATH, 3, 5))
    return None


def _quoted_fault(text: str) -> Fault | None:
    """The fault of `"a", "b"`, and of an array within quotes."""
    opening = text[0]
    closing = closing_quotes(opening) or opening
    if opening in "\"'" and text[1:2] == "[" and text.endswith("]" + opening):
        return Fault(FaultKind.QUOTED_ARRAY, 0, 1)
    end = 1
    while end < len(text) and text[end] not in closing:
        end += 1
    rest = text[end + 1 :].lstrip(_SPACE)
    after_comma = rest[1:].lstrip(_SPACE)[:1]
    if rest.startswith(",") and closing_quotes(after_comma) is not None:
        return Fault(FaultKind.NO_BRACKET, 0, 1)
    return None


def _has_operator(text: str, places: list[tuple[int, int]]) -> bool:
    """Whether the elements are those of a test such as `[ -f x ]` or `[ $a = b ]`."""
    values = [text[start:end].strip("\"'") for start, end in places]
    first = values[0]
    if first == "!" or (len(first) == 2 and first[0] == "-" and len(values) > 1):
        return "," not in text[places[0][1] : places[0][1] + 1]
    return any(value in _BINARY for value in values[1:])
