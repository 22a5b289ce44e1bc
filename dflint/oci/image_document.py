"""The image configuration: what an image's layers are, how it was made and is to be run.

Source: OCI image-spec, config.md; `Healthcheck`, `OnBuild` and `Shell` are Docker's additions
(Docker image specification 1.3). Keys are written in BuildKit's order: sorted in the document,
that of Go's struct below `config`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dflint.errors import BuildError
from dflint.oci.descriptor import PlatformFields, read_platform
from dflint.oci.digest import parse_digest, shorten
from dflint.oci.json_text import write_compact
from dflint.oci.members import Members

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """HEALTHCHECK as the configuration has it: times in nanoseconds, 0 for the default."""

    test: tuple[str, ...] = ()
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0

    def plain(self) -> dict[str, object]:
        """The JSON object."""
        return _without_empty(
            Test=list(self.test),
            Interval=self.interval,
            Timeout=self.timeout,
            StartPeriod=self.start_period,
            StartInterval=self.start_interval,
            Retries=self.retries,
        )


@dataclass(frozen=True, slots=True)
class ContainerConfig:
    """How containers of an image are run. An empty value is one that is not set.

    `extra` holds keys that BuildKit does not know, such as `Hostname`.
    """

    user: str = ""
    exposed_ports: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    workdir: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    stop_signal: str = ""
    args_escaped: bool = False
    healthcheck: Healthcheck | None = None
    onbuild: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

    def plain(self) -> dict[str, object]:
        """The JSON object, its keys in BuildKit's order, unknown ones after them."""
        written = _without_empty(
            User=self.user,
            ExposedPorts={port: {} for port in sorted(self.exposed_ports)},
            Env=list(self.env),
            Entrypoint=list(self.entrypoint),
            Cmd=list(self.cmd),
            Volumes={volume: {} for volume in sorted(self.volumes)},
            WorkingDir=self.workdir,
            Labels=dict(sorted(self.labels.items())),
            StopSignal=self.stop_signal,
            ArgsEscaped=self.args_escaped,
        )
        if self.healthcheck is not None:
            written["Healthcheck"] = self.healthcheck.plain()
        written.update(_without_empty(OnBuild=list(self.onbuild), Shell=list(self.shell)))
        written.update(self.extra)
        return written


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of an image's history. `created` is a time of RFC 3339, or empty."""

    created: str = ""
    created_by: str = ""
    author: str = ""
    comment: str = ""
    is_empty_layer: bool = False

    def plain(self) -> dict[str, object]:
        """The JSON object."""
        return _without_empty(
            created=normal_time(self.created),
            created_by=self.created_by,
            author=self.author,
            comment=self.comment,
            empty_layer=self.is_empty_layer,
        )


@dataclass(frozen=True, slots=True)
class ImageDocument:
    """An image configuration.

    `diff_ids` are the digests of the layers' tars, bottom to top. `extra` holds keys that
    BuildKit does not know, such as `docker_version`; `plainly` is the document without them.
    """

    platform: PlatformFields
    config: ContainerConfig = field(default_factory=ContainerConfig)
    diff_ids: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    created: str = ""
    author: str = ""
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

    def encode(self) -> bytes:
        """The document as BuildKit writes it, but never with `null` for no layers or no time."""
        written: dict[str, object] = dict(self.extra)
        written.update(self.platform.plain())
        written["config"] = self.config.plain()
        written["rootfs"] = {"type": "layers", "diff_ids": [str(each) for each in self.diff_ids]}
        written.update(_without_empty(created=normal_time(self.created), author=self.author))
        if self.history:
            written["history"] = [entry.plain() for entry in self.history]
        return write_compact(dict(sorted(written.items())))

    def plainly(self) -> ImageDocument:
        """The document as BuildKit takes it over from a base image: without unknown keys."""
        return replace(self, extra={}, config=replace(self.config, extra={}))


def read_image_document(data: bytes, what: str = "image configuration") -> ImageDocument:
    """Read an image configuration; BuildError when it is none."""
    members = Members.of(data, what)
    rootfs = members.members("rootfs")
    diff_ids: tuple[str, ...] = ()
    if rootfs is not None:
        kind = rootfs.text("type", "layers")
        if kind != "layers":
            raise BuildError(f"{what}: expected `layers` as type of `rootfs`, found `{kind}`")
        diff_ids = tuple(parse_digest(each) for each in rootfs.texts("diff_ids"))
    config = members.members("config")
    return ImageDocument(
        read_platform(members),
        ContainerConfig() if config is None else _read_config(config),
        diff_ids,
        tuple(_read_entry(each) for each in members.objects("history")),
        _read_time(members, "created"),
        members.text("author"),
        members.unknown(),
    )


def _read_config(members: Members) -> ContainerConfig:
    healthcheck = members.members("Healthcheck")
    return ContainerConfig(
        members.text("User"),
        members.keys("ExposedPorts"),
        members.texts("Env"),
        members.texts("Entrypoint"),
        members.texts("Cmd"),
        members.keys("Volumes"),
        members.text("WorkingDir"),
        members.mapping("Labels"),
        members.text("StopSignal"),
        members.flag("ArgsEscaped"),
        None if healthcheck is None else _read_healthcheck(healthcheck),
        members.texts("OnBuild"),
        members.texts("Shell"),
        members.unknown(),
    )


def _read_healthcheck(members: Members) -> Healthcheck:
    return Healthcheck(
        members.texts("Test"),
        members.number("Interval"),
        members.number("Timeout"),
        members.number("StartPeriod"),
        members.number("StartInterval"),
        members.number("Retries"),
    )


def _read_entry(members: Members) -> HistoryEntry:
    return HistoryEntry(
        _read_time(members, "created"),
        members.text("created_by"),
        members.text("author"),
        members.text("comment"),
        members.flag("empty_layer"),
    )


def _read_time(members: Members, name: str) -> str:
    written = members.text(name)
    if written and _TIME.fullmatch(written) is None:
        raise BuildError(
            f"{members.what}: expected a time of RFC 3339 as `{name}`, found `{shorten(written)}`"
        )
    return normal_time(written)


def normal_time(written: str) -> str:
    """A time of RFC 3339 as Go writes it: no zeros at the end of the seconds, `Z` for UTC."""
    found = _TIME.fullmatch(written)
    if found is None:
        return written
    fraction = (found[2] or "")[:9].rstrip("0")
    zone = "Z" if found[3].upper() == "Z" or found[3][1:] == "00:00" else found[3]
    return found[1].upper() + ("." + fraction if fraction else "") + zone


def _without_empty(**members: object) -> dict[str, object]:
    """The members that Go's `omitempty` leaves."""
    return {name: value for name, value in members.items() if value}
