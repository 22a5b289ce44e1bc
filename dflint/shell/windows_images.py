"""Which images are for Windows, told from their names."""

from __future__ import annotations

import re

from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

# Names of Windows' own base images, wherever they stand (also as the ending of a tag, as in
# `golang:1.22-nanoserver`); the releases that tags of such images end with; and repositories that
# hold nothing else. A bare `windows` says nothing: images that compile for it run on Linux.
_MARKS = ("servercore", "nanoserver", "ltsc20", "microsoft", "winamd64")
_WINDOWS = LazyPattern(
    r"""
    (?<! [a-z0-9] )
    (?:
        (?: windows )?+ servercore (?! [a-z] )
      | nanoserver (?! [a-z] )
      | ltsc20 (?: 16 | 19 | 22 | 25 ) (?! [0-9] )
      | mcr\.microsoft\.com/ (?: windows | dotnet/framework ) (?! [a-z0-9] )
      | microsoft/ (?: windows | iis (?! [a-z] ) | dotnet-framework | mssql-server-windows )
      | winamd64/
    )
    """,
    re.VERBOSE,
)


def is_windows_image(name: str) -> bool:
    """Whether an image's name, with its tag, tells that it is for Windows."""
    name = name.lower()
    if not contains_any(name, _MARKS):
        return False
    return _WINDOWS.get().search(name) is not None
