"""What `--publish` says, read as docker reads it."""

from __future__ import annotations

import re

from dflint.containers.request import AskedPort
from dflint.errors import UsageError

_FORM = "[[IP:][HOST[-LAST]]:]CONTAINER[-LAST][/tcp|/udp]"
_RANGE = r"\d+(?:-\d+)?"
_PUBLISHED = re.compile(
    rf"(?:(?:(\[[^]]*\]|[^:/]*):)?({_RANGE}|):)?({_RANGE})(?:/(\w+))?", re.ASCII
)
_PROTOCOLS = ("tcp", "udp")
_LAST_PORT = 65535


def read_ports(text: str) -> tuple[AskedPort, ...]:
    """The ports that one `--publish` asks for; UsageError says what is wrong with it."""
    found = _PUBLISHED.fullmatch(text)
    if found is None:
        raise UsageError(f"--publish: expected `{_FORM}`, found `{text}`")
    address, outer, inner, kind = found.groups()
    protocol = (kind or "tcp").lower()
    if protocol not in _PROTOCOLS:
        raise UsageError(f"--publish: expected the protocol `tcp` or `udp`, found `{kind}`")
    address = _address(address or "127.0.0.1")
    ports = _range(inner)
    if not outer:
        return tuple(AskedPort(address, range(0), one, protocol) for one in ports)
    hosts = _range(outer)
    if len(ports) == 1:
        return (AskedPort(address, hosts, ports[0], protocol),)
    if len(hosts) != len(ports):
        raise UsageError(
            f"--publish: expected as many ports of the host as of the container, found `{text}`"
        )
    return tuple(
        AskedPort(address, range(host, host + 1), port, protocol)
        for host, port in zip(hosts, ports, strict=True)
    )


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    found = range(int(first), int(last or first) + 1)
    if not found:
        raise UsageError(f"--publish: expected a range that goes up, found `{text}`")
    if found.start < 1 or found.stop > _LAST_PORT + 1:
        raise UsageError(f"--publish: expected ports from 1 to {_LAST_PORT}, found `{text}`")
    return found


def _address(text: str) -> str:
    import ipaddress

    address = text.strip("[]")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise UsageError(f"--publish: expected an IP address, found `{address}`") from None
    return address
