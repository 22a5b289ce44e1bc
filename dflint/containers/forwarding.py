"""Passes on what comes to ports of the host to ports of a container."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Sequence

from dflint.containers.datagrams import pass_datagrams
from dflint.containers.published import HeldPort
from dflint.containers.request import PublishedPort
from dflint.kernel.namespaces import CLONE_NEWNET, setns

_CHUNK = 65536
_INSIDE = ("127.0.0.1", "::1")


def forward(ports: Sequence[HeldPort], process: int | None) -> None:
    """Pass on what comes to the ports until this process ends, in a thread of its own.

    `process` is the descriptor of the process whose network the ports are in, None for this one's.
    """
    sockets = [(one.port, one.socket) for one in ports if one.socket is not None]
    if sockets:
        thread = threading.Thread(target=_serve, args=(sockets, process), daemon=True)
        thread.start()


def _serve(sockets: list[tuple[PublishedPort, socket.socket]], process: int | None) -> None:
    if process is not None:
        setns(process, CLONE_NEWNET)  # of this thread alone
    asyncio.run(_accept(sockets))


async def _accept(sockets: list[tuple[PublishedPort, socket.socket]]) -> None:
    serving: list[object] = []
    for port, opened in sockets:
        if port.protocol == "udp":
            serving.append(await pass_datagrams(opened, port.container))
        else:
            passing = _Passing(port.container)
            serving.append(await asyncio.start_server(passing.pass_on, sock=opened))
    await asyncio.Event().wait()  # as long as this process lives


class _Passing:
    """Passes connections on to a port of the loopback device."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect both ways, until both have ended; close at once where nobody listens."""
        inner = await self._connect()
        if inner is None:
            writer.close()
            return
        await asyncio.gather(_copy(reader, inner[1]), _copy(inner[0], writer))
        for one in (writer, inner[1]):
            one.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for address in _INSIDE:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(address, self._port)
        return None


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
