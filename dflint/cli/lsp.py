"""`dflint lsp`: the language server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

from dflint import __version__
from dflint.errors import UsageError

_USAGE = """\
usage: dflint lsp [--stdio | --tcp [HOST:]PORT] [--log-level LEVEL] | --version

Serves an editor on standard input and output, or editors that connect to a port.

  --stdio             speak on standard input and output (the default)
  --tcp [HOST:]PORT   listen on a port, of this machine alone unless HOST says otherwise
  --log-level LEVEL   what is logged on standard error: debug, info, warning (the default), error
  --version           say which dflint this is, if it has what it needs to serve
"""
_LEVELS = ("debug", "info", "warning", "error")


def lsp(words: Sequence[str]) -> int:
    """Run the verb; it ends when the editor says so or goes away."""
    if list(words) in (["--help"], ["-h"]):
        sys.stdout.write(_USAGE)
        return 0
    is_asked = list(words) == ["--version"]
    address, level = (None, "") if is_asked else _options(words)
    if find_spec("pygls") is None:
        raise UsageError("lsp: the language server needs pygls: `pip install 'dflint[lsp]'`")
    if is_asked:
        sys.stdout.write(f"dflint {__version__}\n")
        return 0
    from dflint_lsp.start import serve

    return serve(address, level.upper())


def _options(words: Sequence[str]) -> tuple[tuple[str, int] | None, str]:
    address: tuple[str, int] | None = None
    level = "warning"
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if (name == "--stdio" and not equals) or name.startswith("--clientProcessId"):
            continue
        if name not in ("--tcp", "--log-level"):
            raise UsageError(
                f"lsp: unknown option `{name}` (`dflint lsp --help` lists the options)"
            )
        if not equals:
            if not rest:
                raise UsageError(f"lsp: `{name}` needs a value")
            value = rest.pop(0)
        if name == "--tcp":
            address = _address(value)
        elif value in _LEVELS:
            level = value
        else:
            raise UsageError(f"lsp: --log-level: expected {', '.join(_LEVELS)}, found `{value}`")
    return address, level


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"lsp: --tcp: expected a port or HOST:PORT, found `{value}`")
    return host.strip("[]") or "127.0.0.1", int(port)
