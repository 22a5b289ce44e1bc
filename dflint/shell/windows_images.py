"""Which images are for Windows, told from their names."""

from __future__ import annotations

from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

# Names of Windows' own base images, wherever they stand (also as the ending of a tag, as in
# `golang:1.22-nanoserver`); the releases that tags of such images end with; and repositories that
# hold nothing else. A bare `windows` says nothing: images that compile for it run on Linux.
_MARKS = ("servercore", "nanoserver", "ltsc20", "microsoft", "winamd64")
# Most of Microsoft's images are for Linux, and have none of these.
_PARTS = (
    *("servercore", "nanoserver", "ltsc20", "winamd64/", ".com/windows", ".com/dotnet/framework"),
    *("microsoft/windows", "microsoft/iis", "microsoft/dotnet-", "microsoft/mssql-"),
)
_WINDOWS = LazyPattern(
    r"(?<![a-z0-9])(?:"
    r"(?:windows)?+servercore(?![a-z])"
    r"|nanoserver(?![a-z])"
    r"|ltsc20(?:16|19|22|25)(?![0-9])"
    r"|mcr\.microsoft\.com/(?:windows|dotnet/framework)(?![a-z0-9])"
    r"|microsoft/(?:windows|iis(?![a-z])|dotnet-framework|mssql-server-windows)"
    r"|winamd64/)"
)


def is_windows_image(name: str) -> bool:
    """Whether an image's name, with its tag, tells that it is for Windows."""
    name = name.lower()
    if not contains_any(name, _MARKS) or not contains_any(name, _PARTS):
        return False
    return _WINDOWS.get().search(name) is not None
