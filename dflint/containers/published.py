"""Which ports of the host stand for ports of a container, and the sockets that hold them."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dflint.containers.request import AskedPort, ContainerRequest, PublishedPort
from dflint.errors import BuildError
from dflint.oci.image_document import ContainerConfig

PROTOCOLS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
_ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class HeldPort:
    """A published port, and the socket that listens there.

    On the host's network a port that is published as it is has none: the container opens it.
    `is_chosen` tells that nobody named the port of the host.
    """

    port: PublishedPort
    socket: socket.socket | None
    is_chosen: bool


def asked_ports(request: ContainerRequest, config: ContainerConfig) -> tuple[AskedPort, ...]:
    """The ports that are asked for, with all that the image exposes where that is wanted."""
    if not request.publishes_all:
        return request.ports
    named = {(one.container, one.protocol) for one in request.ports}
    found = list(request.ports)
    for text in config.exposed_ports:
        number, _, protocol = text.partition("/")
        key = (int(number) if number.isascii() and number.isdigit() else 0, protocol or "tcp")
        if key not in named and key[0] and key[1] in PROTOCOLS:
            named.add(key)
            found.append(AskedPort(_ADDRESS, range(0), *key))
    return tuple(found)


@contextlib.contextmanager
def holding(ports: Sequence[AskedPort], network: str) -> Iterator[tuple[HeldPort, ...]]:
    """A port of the host for each that is asked for; BuildError where none is free."""
    with contextlib.ExitStack() as held:
        opened = [(one, held.enter_context(contextlib.closing(_open(one)))) for one in ports]
        found = []
        for asked, listener in opened:
            number = listener.getsockname()[1]
            port = PublishedPort(asked.address, number, asked.container, asked.protocol)
            is_needed = network == "none" or number != asked.container
            if not is_needed:
                listener.close()
            found.append(
                HeldPort(port, listener if is_needed else None, len(asked.hosts) != 1),
            )
        yield tuple(found)


def _open(asked: AskedPort) -> socket.socket:
    """A socket at the first port that is free."""
    numbers = asked.hosts or range(1)
    for number in numbers:
        try:
            return _listen(asked, number)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and number != numbers[-1]:
                continue
            port = PublishedPort(asked.address, number, asked.container, asked.protocol)
            reason = (error.strerror or str(error)).lower()
            raise BuildError(f"--publish {port}: cannot listen there: {reason}") from None
    raise AssertionError("a range has a port")


def _listen(asked: AskedPort, number: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in asked.address else socket.AF_INET
    kind = PROTOCOLS[asked.protocol]
    opened = socket.socket(family, kind)
    try:
        if kind == socket.SOCK_STREAM:  # of datagrams it would let two have one port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((asked.address, number))
        if kind == socket.SOCK_STREAM:
            opened.listen()
    except OSError:
        opened.close()
        raise
    return opened
