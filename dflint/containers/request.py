"""What one container is asked to be."""

from __future__ import annotations

from dataclasses import dataclass

from dflint.executor.process import Mount, Ulimit


@dataclass(frozen=True, slots=True)
class AskedPort:
    """A port of the container that is to be published on `address`.

    `hosts` are the ports of the host of which the first free one is taken; none stand for any.
    `protocol` is `tcp` or `udp`.
    """

    address: str
    hosts: range
    container: int
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A port of the host, on `address`, behind which a port of the container is."""

    address: str
    host: int
    container: int
    protocol: str = "tcp"

    def __str__(self) -> str:
        where = f"[{self.address}]" if ":" in self.address else self.address
        return f"{where}:{self.host}->{self.container}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class ContainerRequest:
    """All that a container is asked for.

    `image` is a reference, an id or an `oci-layout://…`; `command` replaces the image's CMD.
    `entrypoint` is None for the image's own and empty for none. `environment` are pairs that go
    over the image's. `user` and `workdir` are empty for the image's. `network` is `host` or
    `none`, a network of its own with nothing but the loopback device. `publishes_all` asks for
    every port that the image exposes, too. A container that is not kept is removed at its end.
    `platform` is empty for the machine's own.
    """

    image: str
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] | None = None
    environment: tuple[tuple[str, str], ...] = ()
    user: str = ""
    workdir: str = ""
    hostname: str = ""
    name: str = ""
    network: str = "host"
    ports: tuple[AskedPort, ...] = ()
    publishes_all: bool = False
    mounts: tuple[Mount, ...] = ()
    extra_hosts: tuple[tuple[str, str], ...] = ()
    ulimits: tuple[Ulimit, ...] = ()
    is_kept: bool = False
    is_read_only: bool = False
    has_init: bool = False
    is_interactive: bool = False
    has_terminal: bool = False
    platform: str = ""
    pulls: bool = False
    store: str = ""
    snapshotter: str = "auto"
