"""/etc/hosts and /etc/resolv.conf as a step sees them."""

from __future__ import annotations

_RESOLV_CONF = "/etc/resolv.conf"
_PUBLIC = b"nameserver 8.8.8.8\nnameserver 8.8.4.4\nnameserver 2001:4860:4860::8888\n"


def hosts_file(hostname: str, extra_hosts: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The lines that BuildKit writes: localhost with the host's name, IPv6, the extra hosts."""
    lines = [
        f"127.0.0.1\tlocalhost {hostname}",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        *(f"{address}\t{name}" for name, address in extra_hosts),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def resolv_conf(path: str = _RESOLV_CONF) -> bytes:
    """The host's resolv.conf; where it has none, the public servers that BuildKit falls back on."""
    try:
        with open(path, "rb") as opened:
            text = opened.read()
    except OSError:
        return _PUBLIC
    return text or _PUBLIC
