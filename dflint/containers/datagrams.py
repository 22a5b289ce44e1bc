"""Passes datagrams on to a port of the loopback device, and the answers back."""

from __future__ import annotations

import asyncio
import contextlib
import socket

Address = tuple[str, int] | tuple[str, int, int, int]

_INSIDE = ("127.0.0.1", "::1")
#: How long a client that says nothing is remembered, in seconds, and how many there may be.
_IDLE = 90.0
_CLIENTS = 1024
#: The most datagrams of a client that wait for its way into the container.
_WAITING = 64


async def pass_datagrams(listener: socket.socket, port: int) -> asyncio.DatagramTransport:
    """Begin to pass on what comes to a socket; the way back to the clients."""
    listener.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Outer(port), sock=listener)
    return transport


class _Outer(asyncio.DatagramProtocol):
    """What clients send: each client has a socket of its own inside, which answers come back to."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._clients: dict[Address, _Client] = {}

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        client = self._clients.pop(addr, None)
        if client is None or client.is_closed:
            client = _Client(self._transport, addr, self._port)
        self._clients[addr] = client  # the last one is the one heard of last
        client.send(data)
        while len(self._clients) > _CLIENTS:
            self._clients.pop(next(iter(self._clients))).close()


class _Client(asyncio.DatagramProtocol):
    def __init__(self, outer: asyncio.DatagramTransport, address: Address, port: int) -> None:
        self._outer, self._address, self._port = outer, address, port
        self._places = list(_INSIDE)
        self._inner: asyncio.DatagramTransport | None = None
        #: What no place has taken yet.
        self._unanswered: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self.is_closed = False
        self._task = asyncio.ensure_future(self._connect())

    def send(self, data: bytes) -> None:
        """Send a datagram into the container, at once or when there is a way."""
        self._rest()
        if self._places and len(self._unanswered) < _WAITING:
            self._unanswered.append(data)
        if self._inner is not None:
            self._inner.sendto(data)

    def close(self) -> None:
        """Forget the client."""
        self.is_closed = True
        self._task.cancel()
        if self._timer is not None:
            self._timer.cancel()
        if self._inner is not None:
            self._inner.close()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_IDLE, self.close)

    async def _connect(self) -> None:
        """Take the next place where the container may listen, and send what waits."""
        loop = asyncio.get_running_loop()
        while self._places and self._inner is None:
            place = (self._places.pop(0), self._port)
            with contextlib.suppress(OSError):
                self._inner, _ = await loop.create_datagram_endpoint(
                    lambda: self, remote_addr=place
                )
        if self._inner is None:
            self.close()
            return
        for data in self._unanswered:
            self._inner.sendto(data)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._places.clear()
        self._unanswered.clear()
        self._rest()
        self._outer.sendto(data, self._address)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: try the next place; the client's next datagram begins anew."""
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.close()
        if self._places:
            self._task = asyncio.ensure_future(self._connect())
        else:
            self.close()
