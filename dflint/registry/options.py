"""What pulling and pushing may be told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from dflint.registry.credentials import DockerCredentials, Found

#: Told of what is moved: the blob's digest, the bytes that are done, the bytes in all.
Progress = Callable[[str, int, int], None]


def untold(digest: str, done: int, total: int) -> None:
    """Progress that nobody wants to know."""


def _find_in_docker() -> Callable[[str], Found]:
    return DockerCredentials().find


@dataclass(slots=True)
class RegistryOptions:
    """How registries are spoken with; times in seconds.

    `plain_http` are hosts (`host[:port]`) that are asked without encryption; this machine is
    always. `fetches_foreign` lets layers be fetched from the other places that a manifest names
    (https only) when the registry has none.
    """

    plain_http: frozenset[str] = frozenset()
    ca_files: tuple[str, ...] = ()
    certificate_directories: tuple[str, ...] = ("/etc/docker/certs.d",)
    find_credentials: Callable[[str], Found] = field(default_factory=_find_in_docker)
    parallel: int = 3
    attempts: int = 6
    first_delay: float = 0.25
    longest_delay: float = 8.0
    connect_timeout: float = 20.0
    read_timeout: float = 60.0
    fetches_foreign: bool = True
    cancel: threading.Event = field(default_factory=threading.Event)
