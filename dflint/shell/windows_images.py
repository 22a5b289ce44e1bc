"""Which images are for Windows, told from their names."""

from __future__ import annotations

import re

# Names of Windows' own base images, wherever they stand (also as the ending of a tag, as in
# `golang:1.22-nanoserver`); the releases that tags of such images end with; and repositories that
# hold nothing else. A bare `windows` says nothing: images that compile for it run on Linux.
_WINDOWS = re.compile(
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
    return _WINDOWS.search(name.lower()) is not None
