"""The ports that EXPOSE names, as BuildKit reads them.

The reference knows `port` and `port/protocol`. BuildKit also takes ranges (`3000-3010`) and the
whole form of `docker run --publish`, `ip:host-port:port`, of which it warns and keeps the port.
"""

from __future__ import annotations

_PROTOCOLS = frozenset({"tcp", "udp", "sctp"})
_HIGHEST = 65535


class Ports:
    """A port, or a range of them, both ends included.

    `protocol` is in lower case. `is_lower` is False for a protocol written otherwise, `has_host`
    True where an IP address or a port of the host is named, which has no effect.
    """

    __slots__ = ("first", "has_host", "is_lower", "last", "protocol")

    first: int
    last: int
    protocol: str
    is_lower: bool
    has_host: bool

    def __init__(
        self, first: int, last: int, protocol: str, is_lower: bool = True, has_host: bool = False
    ) -> None:
        self.first = first
        self.last = last
        self.protocol = protocol
        self.is_lower = is_lower
        self.has_host = has_host

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ports) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[int, int, str]:
        return self.first, self.last, self.protocol

    def __repr__(self) -> str:
        return f"Ports({self.first}, {self.last}, {self.protocol!r})"

    @property
    def names(self) -> tuple[str, ...]:
        """Each port as the image's configuration names it: `80/tcp`."""
        return tuple(f"{port}/{self.protocol}" for port in range(self.first, self.last + 1))


class PortProblem:
    """Why BuildKit refuses a port: `message` is its reason."""

    __slots__ = ("message",)

    message: str

    def __init__(self, message: str) -> None:
        self.message = message

    def __repr__(self) -> str:
        return f"PortProblem({self.message!r})"


def parse_expose(text: str) -> Ports | PortProblem:
    """Read one word of EXPOSE, already expanded."""
    host, _, container = text.rpartition(":")
    address, _, host_port = host.rpartition(":")
    port, _, protocol = container.partition("/")
    if not port:
        return PortProblem(f'invalid port: "{text}": no port specified')
    protocol = protocol or "tcp"
    lower = protocol.lower()
    if lower not in _PROTOCOLS:
        return PortProblem(f'invalid port: "{text}": invalid proto: {protocol}')
    reason = _address_reason(address)
    if reason:
        return PortProblem(reason)
    ports = _range(port)
    if ports is None:
        return PortProblem(f"invalid containerPort: {port}")
    reason = _host_port_reason(host_port, port, ports)
    if reason:
        return PortProblem(reason)
    return Ports(*ports, lower, protocol == lower, bool(address or host_port))


def _range(text: str) -> tuple[int, int] | None:
    first, dash, last = text.partition("-")
    begin = _number(first)
    end = _number(last) if dash else begin
    if begin is None or end is None or end < begin:
        return None
    return begin, end


def _number(text: str) -> int | None:
    digits = text[1:] if text.startswith(("+", "-")) else text
    if not (digits.isascii() and digits.isdigit()):
        return None
    digits = digits.lstrip("0")
    if len(digits) > 5:
        return None
    number = int(digits or "0")
    return None if number > _HIGHEST or (number and text[0] == "-") else number


def _host_port_reason(host_port: str, port: str, ports: tuple[int, int]) -> str:
    if not host_port:
        return ""
    host_ports = _range(host_port)
    if host_ports is None:
        return f"invalid hostPort: {host_port}"
    first, last = ports
    # Many ports of the host may stand for a single one of the container, one of which is taken.
    if first != last and last - first != host_ports[1] - host_ports[0]:
        return f"invalid ranges specified for container and host Ports: {port} and {host_port}"
    return ""


def _address_reason(address: str) -> str:
    """Why `address` is no IP address; empty when it is one, or is not there."""
    if not address:
        return ""
    plain = address
    if address.startswith("["):
        reason = _bracket_reason(address)
        if reason:
            return f"invalid IP address {address}: address {address}:: {reason}"
        plain = address[1:-1]
        if not plain:
            return ""
    return "" if _is_address(plain) else f"invalid IP address: {plain}"


def _bracket_reason(address: str) -> str:
    """What Go's `net.SplitHostPort` says of an address in brackets with a `:` behind it."""
    end = address.find("]")
    if end < 0:
        return "missing ']' in address"
    if end + 1 < len(address):
        if address[end + 1] == ":":
            return "too many colons in address"
        return "missing port in address"
    return "unexpected '[' in address" if "[" in address[1:] else ""


def _is_address(text: str) -> bool:
    if "%" in text or not text.isascii():
        return False
    # EXPOSE with an address is rare and importing this takes milliseconds.
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True
