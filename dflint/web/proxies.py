"""The proxy for a URL, by the environment: HTTP_PROXY, HTTPS_PROXY, NO_PROXY."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from dflint.web.addresses import host_of, is_loopback


def proxy_for(url: str) -> str:
    """The URL of the proxy that a request goes through, or "".

    Requests to this machine never go through one.
    """
    parts = urlsplit(url)
    authority = parts.netloc.rpartition("@")[2]
    proxies = getproxies_environment()
    if is_loopback(authority) or is_direct(authority, proxies.get("no", "")):
        return ""
    proxy = proxies.get(parts.scheme.lower(), "")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def is_direct(authority: str, no_proxy: str) -> bool:
    """Tell whether a list like that of NO_PROXY has `host[:port]`.

    Its entries are `*`, domains (which cover what is below them, with or without a dot before
    them), addresses, and networks (`10.0.0.0/8`).
    """
    authority = authority.lower()
    host = host_of(authority)
    for entry in no_proxy.lower().split(","):
        name = entry.strip()
        if name == "*" or (name and name in (host, authority)):
            return True
        if name and host.endswith("." + name.lstrip(".")):
            return True
        if "/" in name and _is_in(host, name):
            return True
    return False


def _is_in(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
