"""Ports of the host behind which ports of a container are."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence

from dflint.containers.request import ContainerRequest, PublishedPort
from dflint.errors import BuildError
from dflint.kernel.namespaces import CLONE_NEWNET, setns

_CHUNK = 65536
_INSIDE = ("127.0.0.1", "::1")


@contextlib.contextmanager
def listening(request: ContainerRequest) -> Iterator[list[tuple[PublishedPort, socket.socket]]]:
    """A socket for each published port that needs one; BuildError for a port that is taken.

    On the host's network a port that is published as it is needs none: the container itself opens
    it.
    """
    with contextlib.ExitStack() as held:
        found = []
        for port in request.ports:
            opened = held.enter_context(contextlib.closing(_listen(port)))
            if request.network == "none" or port.host != port.container:
                found.append((port, opened))
            else:
                opened.close()
        yield found


def _listen(port: PublishedPort) -> socket.socket:
    family = socket.AF_INET6 if ":" in port.address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((port.address, port.host))
        opened.listen()
    except OSError as error:
        opened.close()
        reason = (error.strerror or str(error)).lower()
        raise BuildError(f"--publish {port}: cannot listen there: {reason}") from None
    return opened


def forward(sockets: Sequence[tuple[PublishedPort, socket.socket]], process: int | None) -> None:
    """Pass on what comes to the sockets until this process ends, in a thread of its own.

    `process` is the descriptor of the process whose network the ports are in, None for this one's.
    """
    if sockets:
        thread = threading.Thread(target=_serve, args=(tuple(sockets), process), daemon=True)
        thread.start()


def _serve(sockets: Sequence[tuple[PublishedPort, socket.socket]], process: int | None) -> None:
    if process is not None:
        setns(process, CLONE_NEWNET)  # of this thread alone
    asyncio.run(_accept(sockets))


async def _accept(sockets: Sequence[tuple[PublishedPort, socket.socket]]) -> None:
    servers = [
        await asyncio.start_server(_Passing(port.container).pass_on, sock=os_socket)
        for port, os_socket in sockets
    ]
    await asyncio.gather(*(one.serve_forever() for one in servers))


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
