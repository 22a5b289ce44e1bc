"""The difference between two texts as a unified diff, as `patch` and `git apply` read it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_RESET = "\x1b[0m"
_STYLES = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}
_HEADER = "\x1b[1m"


def unified_diff(old: str, new: str, path: str, color: bool = False) -> str:
    """What has to be done to `old` to have `new`; empty when they are the same.

    Lines end where a Dockerfile's do: a carriage return is a character of its line.
    """
    if old == new:
        return ""
    from difflib import unified_diff as lines_of_diff

    name = path.replace("\\", "/")
    lines = lines_of_diff(
        _lines(old), _lines(new), _header("a", name), _header("b", name), lineterm="\n"
    )
    return "".join(_styled(lines) if color else map(_ended, lines))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _header(side: str, name: str) -> str:
    # An absolute path stands alone, as `diff` writes it.
    return name if name.startswith("/") else f"{side}/{name}"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _styled(lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        style = _HEADER if number < 2 else _STYLES.get(line[0], "")
        text = _ended(line)
        if not style:
            yield text
            continue
        content = text[:-1]
        yield style + content.replace("\n", _RESET + "\n") + _RESET + "\n"
