"""The configuration document of an image that was built (OCI image specification, config.md).

Beside what that specification knows it has what Docker adds: `Healthcheck`, `OnBuild`, `Shell`,
`ArgsEscaped`. Keys come in BuildKit's order.
"""

from __future__ import annotations

from dataclasses import dataclass

from dflint.graph.command import Command
from dflint.graph.history import test_of
from dflint.oci.platform import Platform, parse_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from dflint.graph.build import Build
    from dflint.graph.build_graph import StagePlan
    from dflint.graph.image_config import HealthCheck, ImageConfig

_COMMENT = "buildkit.dockerfile.v0"
_EXPORTER_COMMENT = "buildkit.exporter.image.v0"
#: The keys of `config` in the order of BuildKit's structures; others of a base are dropped.
_CONFIG_KEYS = (
    "User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels",
    "StopSignal", "ArgsEscaped", "Healthcheck", "OnBuild", "Shell",
)  # fmt: skip
_HISTORY_KEYS = ("created", "created_by", "author", "comment", "empty_layer")
_PLATFORM_KEYS = ("architecture", "os", "os.version", "os.features", "variant")


@dataclass(frozen=True, slots=True)
class ImageLayer:
    """A layer of the image: its diff ID, and when it was made (RFC 3339), empty for unknown.

    `description` is what a history says of a layer that no instruction has made.
    """

    diff_id: str
    created: str = ""
    description: str = ""


def image_document(
    plan: StagePlan,
    layers: Sequence[ImageLayer],
    build: Build,
    epoch: str = "",
    *,
    is_base_dated: bool = False,
) -> dict[str, Any]:
    """The document of the image that a stage has become.

    `layers` are all of its layers, the base image's included. `epoch` is the time of
    SOURCE_DATE_EPOCH as RFC 3339, empty without one; with `is_base_dated` it is also that of what
    the base image says is later.
    """
    base = plan.document or {}
    history = _history(plan, layers, epoch, is_base_dated)
    config = {name: value for name, value in _config(plan, base, build) if value}
    found: dict[str, Any] = {}
    author = plan.config.author if plan.config.author is not None else base.get("author")
    if author:
        found["author"] = author
    created = _last_created(history)
    if created:
        found["created"] = created
    found["config"] = config
    found["history"] = history
    found["rootfs"] = {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]}
    found |= _platform(base, build)
    return {name: found[name] for name in sorted(found)}


def _config(plan: StagePlan, base: Mapping[str, Any], build: Build) -> Iterator[tuple[str, object]]:
    """The keys of `config` with their values, empty ones included."""
    settings: Mapping[str, Any] = base.get("config") or {}
    found = dict(_settings(plan.config, settings))
    # What CMD leaves behind, be it cleared by an ENTRYPOINT; ENTRYPOINT itself does not.
    is_cmd_set = any(entry.created_by.startswith("CMD ") for entry in plan.history)
    found["ArgsEscaped"] = is_cmd_set or settings.get("ArgsEscaped")
    found["OnBuild"] = list(plan.onbuild)
    found["Labels"] = dict(
        sorted({**(settings.get("Labels") or {}), **plan.config.labels, **build.labels}.items())
    )
    for name in _CONFIG_KEYS:
        yield name, found.get(name)


def _settings(config: ImageConfig, base: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    env = {name: value for name, value, is_env in config.env if is_env}
    yield "Env", [f"{name}={value}" for name, value in env.items()]
    yield "User", config.user
    yield "WorkingDir", config.workdir
    yield "Shell", list(config.shell)
    for name, added in (("ExposedPorts", config.exposed_ports), ("Volumes", config.volumes)):
        names = sorted({*(base.get(name) or ()), *added})
        yield name, {one: {} for one in names}
    yield "StopSignal", config.stop_signal if config.stop_signal else base.get("StopSignal")
    for name, command in (("Cmd", config.cmd), ("Entrypoint", config.entrypoint)):
        kept = list(command.arguments) if isinstance(command, Command) else command
        yield name, base.get(name) if kept is None else kept
    check = config.healthcheck
    yield "Healthcheck", base.get("Healthcheck") if check is None else _healthcheck(check)


def _healthcheck(check: HealthCheck) -> dict[str, object]:
    found: dict[str, object] = {"Test": test_of(check.kind, check.command)}
    for key, value in (
        ("Interval", check.interval),
        ("Timeout", check.timeout),
        ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval),
        ("Retries", check.retries),
    ):
        if value:
            found[key] = value
    return found


def _platform(base: Mapping[str, Any], build: Build) -> dict[str, Any]:
    """Architecture, system and variant under their normal names."""
    found = {name: base[name] for name in _PLATFORM_KEYS if base.get(name)}
    if build.is_platform_given or not found:
        platform = parse_platform(build.platform)
    else:
        names = (found.get("os", "linux"), found.get("architecture", ""), found.get("variant", ""))
        platform = parse_platform("/".join(name for name in names if name))
    if isinstance(platform, Platform):
        for name in ("os", "architecture", "variant"):
            found.pop(name, None)
            if getattr(platform, name):
                found[name] = getattr(platform, name)
    return found


def _history(
    plan: StagePlan, layers: Sequence[ImageLayer], epoch: str, is_base_dated: bool
) -> list[dict[str, Any]]:
    """The base's entries as they are, one for each instruction, and one for each other layer."""
    entries: list[dict[str, Any]] = [
        {key: entry[key] for key in _HISTORY_KEYS if entry.get(key)}
        for entry in (plan.document or {}).get("history") or ()
    ]
    if is_base_dated and epoch:
        for one in entries:
            one["created"] = _earlier(str(one.get("created") or ""), epoch)
    for step in plan.history:
        entry: dict[str, Any] = {"created": epoch, "created_by": step.created_by}
        entry["comment"] = _COMMENT
        if step.vertex is None:
            entry["empty_layer"] = True
        entries.append(entry)
    _count_layers(entries, layers)
    _set_times(entries, layers)
    return [
        {key: value for key, value in entry.items() if value or key != "created"}
        for entry in entries
    ]


def _count_layers(entries: list[dict[str, Any]], layers: Sequence[ImageLayer]) -> None:
    """Make the entries that are no empty layers as many as the layers."""
    count = 0
    for entry in entries:
        if not entry.get("empty_layer"):
            if count >= len(layers):
                entry["empty_layer"] = True
            else:
                count += 1
    for layer in layers[count:]:
        entry = {"created": layer.created}
        if layer.description:
            entry["created_by"] = layer.description
        entries.append({**entry, "comment": _EXPORTER_COMMENT})


def _set_times(entries: list[dict[str, Any]], layers: Sequence[ImageLayer]) -> None:
    """Give each entry a time: its layer's, or that of the first new layer, or of the one before."""
    remaining = iter(layers)
    for entry in entries:
        if not entry.get("empty_layer"):
            layer = next(remaining, None)
            if not entry.get("created") and layer is not None:
                entry["created"] = layer.created
    created = ""
    is_missing = False
    for entry in entries:
        if entry.get("created"):
            created = entry["created"]
            if is_missing:
                break
        else:
            is_missing = True
    is_missing = False
    for entry in entries:
        if entry.get("created"):
            created = entry["created"] if is_missing else created
        else:
            is_missing = True
            entry["created"] = created


def _earlier(created: str, epoch: str) -> str:
    """The earlier of two times; the second where the first cannot be read."""
    from datetime import datetime

    try:
        is_later = datetime.fromisoformat(created) > datetime.fromisoformat(epoch)
    except ValueError:
        return epoch
    return epoch if is_later else created


def _last_created(history: Sequence[Mapping[str, Any]]) -> str:
    times = [str(entry["created"]) for entry in history if entry.get("created")]
    return times[-1] if times else ""
