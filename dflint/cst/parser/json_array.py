"""JSON arrays as a builder reads them: exec form, or text that only looks like it."""

from __future__ import annotations

from dflint.cst.parser.patterns import rule

_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


_SPACE = "\t\n\r "


def is_string_array(text: str) -> bool:
    """Whether `text` is an exec form: a JSON array of strings and nothing else."""
    return text.startswith("[") and (
        _plain_places(text) is not None or rule("exec_form").match(text) is not None
    )


def string_places(text: str) -> list[tuple[int, int]] | None:
    """Where the strings of an exec form stand, quotes included; None for another text."""
    if not text.startswith("["):
        return None
    places = _plain_places(text)
    if places is None and rule("exec_form").match(text) is not None:
        places = [found.span() for found in rule("json_string").finditer(text)]
    return places


def _plain_places(text: str) -> list[tuple[int, int]] | None:
    """As `string_places`, where nothing is escaped and all can be printed, else None.

    That is nearly every exec form, and the patterns take long to compile.
    """
    parts = text.split('"')
    if len(parts) < 3 or len(parts) % 2 == 0 or "\\" in text:
        return None
    places: list[tuple[int, int]] = []
    end = len(parts[0])
    for at in range(1, len(parts), 2):
        if parts[at - 1].strip(_SPACE) != ("[" if at == 1 else ","):
            return None
        if not parts[at].isprintable():
            return None
        start, end = end, end + len(parts[at]) + 2
        places.append((start, end))
        end += len(parts[at + 1])
    return places if parts[-1].strip(_SPACE) == "]" else None


def is_foreign_array(text: str) -> bool:
    """Whether `text` is a JSON array that holds something else than strings.

    A builder refuses such an instruction; other text that is no exec form is a shell form.
    """
    if not text.startswith("[") or is_string_array(text):
        return False
    if not text.rstrip("\t\n\r ").endswith("]"):
        return False
    import json

    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except ValueError:
        return False
    except RecursionError:
        return _is_balanced(text)
    return True


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_balanced(text: str) -> bool:
    """Whether the brackets pair up: the judgement on arrays too deep for Python's parser."""
    depth = 0
    for at, character in enumerate(text):
        if character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                return not text[at + 1 :].strip("\t\n\r ")
    return False


def decode_string(quoted: str) -> str:
    """The value of a JSON string that the grammar matched, its quotes included.

    As Go decodes it: a lone surrogate escape becomes U+FFFD.
    """
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    out: list[str] = []
    at = 0
    while True:
        escape = body.find("\\", at)
        if escape < 0:
            out.append(body[at:])
            break
        out.append(body[at:escape])
        letter = body[escape + 1]
        if letter == "u":
            out.append(chr(int(body[escape + 2 : escape + 6], 16)))
            at = escape + 6
        else:
            out.append(_ESCAPES.get(letter, letter))
            at = escape + 2
    joined = "".join(out)
    if any("\ud800" <= character <= "\udfff" for character in joined):
        joined = joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined
