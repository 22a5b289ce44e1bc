"""Starting the server: on standard input and output, or on a port of this machine."""

from __future__ import annotations

import logging
import os
import sys

from dflint_lsp.server import DflintServer


def serve(address: tuple[str, int] | None = None, log_level: str = "WARNING") -> int:
    """Serve one client on stdio, or clients at an address, until they leave.

    What is printed by mistake must not reach the protocol's stream: `sys.stdout` is standard
    error from here on.
    """
    # A request waits for at most this long behind a check in another thread.
    sys.setswitchinterval(0.001)
    logging.basicConfig(stream=sys.stderr, level=log_level, format="dflint: %(message)s")
    server = DflintServer()
    if address is not None:
        server.start_tcp(*address)
        return 0
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    server.start_io(incoming, outgoing)
    return 0
