"""The configuration of the image that a stage would become."""

from __future__ import annotations

from dflint.graph.ops import Op, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.graph.command import Command
    from dflint.graph.variables import Variables


class HealthCheck(Op):
    """HEALTHCHECK: `kind` is `NONE`, `CMD` or `CMD-SHELL`; times are in nanoseconds."""

    __slots__ = (  # noqa: RUF023 - slots are in the order of meaning
        "kind", "command", "interval", "timeout", "start_period", "start_interval", "retries",
    )  # fmt: skip

    KIND = "healthcheck"

    def __init__(self, kind: str, command: Command | None, times: tuple[int, ...]) -> None:
        self.kind = kind
        self.command = command
        self.interval, self.timeout, self.start_period, self.start_interval, self.retries = times


class ImageConfig:
    """What an image says of the containers that are started from it.

    None stands for what the base image says. `env` holds ENV's variables. An empty tuple as
    `cmd` is one that ENTRYPOINT has cleared. `arguments` are the ARGs of the stage in order,
    which its history names; `onbuild` what each trigger reads.
    """

    __slots__ = (
        "arguments",
        "author",
        "cmd",
        "entrypoint",
        "env",
        "exposed_ports",
        "healthcheck",
        "labels",
        "onbuild",
        "shell",
        "stop_signal",
        "user",
        "volumes",
        "workdir",
    )

    env: Variables
    workdir: str
    user: str
    shell: tuple[str, ...]
    cmd: Command | tuple[()] | None
    entrypoint: Command | None
    healthcheck: HealthCheck | None
    labels: dict[str, str]
    exposed_ports: dict[str, None]
    volumes: dict[str, None]
    stop_signal: str | None
    author: str | None
    onbuild: tuple[object, ...]
    arguments: tuple[tuple[str, str | None], ...]

    def __init__(self, env: Variables, workdir: str, user: str, shell: tuple[str, ...]) -> None:
        self.env = env
        self.workdir = workdir
        self.user = user
        self.shell = shell
        self.cmd = None
        self.entrypoint = None
        self.healthcheck = None
        self.labels = {}
        self.exposed_ports = {}
        self.volumes = {}
        self.stop_signal = None
        self.author = None
        self.onbuild = ()
        self.arguments = ()

    def copy(self) -> ImageConfig:
        """The configuration that a stage built on this one begins with: without triggers."""
        copy = ImageConfig(self.env, self.workdir, self.user, self.shell)
        copy.cmd = self.cmd
        copy.entrypoint = self.entrypoint
        copy.healthcheck = self.healthcheck
        copy.labels = dict(self.labels)
        copy.exposed_ports = dict(self.exposed_ports)
        copy.volumes = dict(self.volumes)
        copy.stop_signal = self.stop_signal
        copy.author = self.author
        return copy

    def fields(self) -> Iterator[tuple[str, object]]:
        """The name and the value of each field."""
        for name in self.__slots__:
            yield name, getattr(self, name)

    @property
    def definition(self) -> tuple[object, ...]:
        """The configuration as nested tuples of plain values."""
        return tuple(
            tuple(sorted(value.items())) if isinstance(value, dict) else plain(value)
            for _, value in self.fields()
        )

    def differing(self, other: ImageConfig) -> list[str]:
        """The names of the fields that differ; commands that do the same do not."""
        return [
            name
            for name, value in self.fields()
            if value is not (theirs := getattr(other, name))
            and value != theirs
            and (name != "env" or self.env.checksum != other.env.checksum)
        ]
