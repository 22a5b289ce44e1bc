"""Starting the server: on standard input and output, or on a port of this machine."""

from __future__ import annotations

import gc
import logging
import os
import sys

from dflint_lsp.departure import QuietDepartures
from dflint_lsp.quick_types import import_types

#: How many more objects there are to be before cycles are looked for.
_NEW_OBJECTS = 200_000


def _import_asyncio() -> None:
    """Import asyncio without TLS, which no client speaks: it takes a twentieth of the start."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # what Python knows for not there
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]


def serve(address: tuple[str, int] | None = None, log_level: str = "WARNING") -> int:
    """Serve one client on stdio, or clients at an address, until they leave.

    What is printed by mistake must not reach the protocol's stream: `sys.stdout` is standard
    error from here on.
    """
    gc.disable()
    _import_asyncio()
    import_types()
    from dflint_lsp.server import DflintServer

    # What is there for good is not looked through again.
    gc.freeze()
    # Trees have no cycles: they go with their last name, and looking for more takes a third of a
    # check.
    gc.set_threshold(_NEW_OBJECTS, 50, 100)
    gc.enable()
    # A request waits for at most this long behind a check in another thread.
    sys.setswitchinterval(0.001)
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="dflint: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(QuietDepartures())
    logging.getLogger("dflint_lsp").setLevel(log_level)
    if log_level == "DEBUG":
        logging.getLogger("pygls").setLevel(log_level)
    server = DflintServer()
    if address is not None:
        server.start_tcp(*address)
        return 0
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    server.start_io(incoming, outgoing)
    return server.status
