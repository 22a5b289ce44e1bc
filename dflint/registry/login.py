"""Whether a registry takes credentials."""

from __future__ import annotations

from dataclasses import replace

from dflint.registry.credentials import Credentials, Found
from dflint.registry.host import RegistryHost
from dflint.registry.options import RegistryOptions


def check_credentials(host: str, credentials: Credentials, options: RegistryOptions) -> bool:
    """Whether the registry has asked for the credentials; RegistryError when it refuses them.

    A registry that answers everybody takes any.
    """
    asked: list[str] = []

    def find(domain: str) -> Found:
        asked.append(domain)
        return Found(credentials)

    registry = RegistryHost(host, replace(options, find_credentials=find))

    def ping() -> None:
        answer = registry.request("GET", "/v2/", ())
        if answer.status != 200:
            raise registry.error(answer, f"{host}: login attempt failed")
        answer.close()

    registry.patiently(ping)
    return bool(asked)
