"""Why a text is no image reference, in words that say what to write instead."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

_PLACEHOLDERS = frozenset("<>{}%@$")


def explain_reference(text: str, reason: str, stages: Collection[str]) -> str:
    """Say what is wrong with a reference that BuildKit refuses with `reason`.

    `stages` are the names of the file's stages, in lower case.
    """
    scheme, colon, _ = text.partition("://")
    if colon:
        return f"leave out `{scheme}://`"
    if text != text.lower() and text.lower() in stages:
        return f"the stage is found by its name in lower case only, write `{text.lower()}`"
    path, _, digest = text.partition("@")
    name, _, tag = path.rpartition(":") if ":" in path.rpartition("/")[2] else (path, "", "")
    if _looks_unfilled(path) or text.count("@") > 1:
        return "it looks like a placeholder, put the image's name there"
    if digest or text.endswith("@"):
        return "a digest is `sha256:` and 64 hexadecimal digits"
    if name and not tag and text.endswith(":"):
        return "a tag is missing behind the `:`"
    if tag[:1] in ("-", "."):
        return f"a tag cannot begin with `{tag[0]}`"
    if "must be lowercase" in reason:
        return "the name of an image is in lower case"
    if "//" in text or text.startswith("/") or text.endswith("/"):
        return "a part of its path is empty"
    return "expected `registry/repository:tag@digest`"


def _looks_unfilled(path: str) -> bool:
    last = path.rpartition("/")[2].partition(":")[0]
    if not _PLACEHOLDERS.isdisjoint(path):
        return True
    return len(last) > 3 and last.isupper() and ("_" in last or "-" in last or len(last) > 6)
