"""The values of one build: what a command line, or another caller, asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from dflint.oci.platform import Platform


class Call(Enum):
    """What is to be done with the Dockerfile: built, or only told about."""

    BUILD = "build"
    CHECK = "check"
    OUTLINE = "outline"
    TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class NamedContext:
    """One `--build-context`: `location` is a directory, a URL, `docker-image://…`, `oci-layout://…`.

    The name is written as Docker's users write images: `alpine` for `docker.io/library/alpine`.
    """

    name: str
    location: str


@dataclass(frozen=True, slots=True)
class Secret:
    """One `--secret`: its value comes from a file, or from a variable of the environment."""

    id: str
    file: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class SshAgent:
    """One `--ssh`: the path is the socket of an agent, or the paths are files of keys."""

    id: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ulimit:
    """One `--ulimit`: a resource as in setrlimit(2), in lower case; -1 is unlimited."""

    name: str
    soft: int
    hard: int


@dataclass(frozen=True, slots=True)
class ExtraHost:
    """One `--add-host`: a line of /etc/hosts while a step runs."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation of the image.

    `level` says of which document: `manifest`, `index`, `manifest-descriptor`, `index-descriptor`.
    `platform` is empty where it counts for all.
    """

    level: str
    key: str
    value: str
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One `--output`: where the result goes, and in which form.

    `type` is `image` (the store), `oci`, `docker`, `tar` or `local`. `destination` is a path, or
    `-` for standard output. `names` are whole references. What is None is up to the exporter.

    An image is pushed to `names`, or without a tag (`is_pushed_by_digest`), over plain HTTP where
    `is_insecure`; with `is_stored` it is kept under them, with `has_canonical_names` also under
    each followed by its digest, and under `dangling_prefix@DIGEST` where that is given.
    """

    type: str
    destination: str = ""
    names: tuple[str, ...] = ()
    is_directory: bool = False
    is_pushed: bool = False
    is_pushed_by_digest: bool = False
    is_insecure: bool = False
    is_stored: bool = True
    has_canonical_names: bool = False
    dangling_prefix: str = ""
    compression: str = ""
    compression_level: int | None = None
    force_compression: bool = False
    oci_media_types: bool | None = None
    rewrite_timestamp: bool = False
    source_date_epoch: str | None = None
    platform_split: bool | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class CacheLocation:
    """One `--cache-from` or `--cache-to`.

    `type` is `local` (`place` is a directory that holds an OCI layout), `registry` (`place` is a
    reference) or `inline` (the image that is built). `mode` is `min` (the steps of the result) or
    `max` (all); `tag` and `digest` choose what is read of a directory.
    """

    place: str
    type: str = "local"
    mode: str = "min"
    tag: str = "latest"
    digest: str = ""
    compression: str = ""
    ignore_error: bool = False
    is_image_manifest: bool = True
    has_oci_types: bool = True
    is_insecure: bool = False


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """All that one build is asked for.

    `context` is a directory, a URL, or `-`; `dockerfile` is a path, `-` or a URL, and empty for
    the usual name in the context. `tags` are whole references (`docker.io/library/app:latest`).
    No `platforms` means that of this machine. `build_args` and `labels` are pairs of key and value
    in the order in which they are given. `outputs` holds at least one when `call` is to build. A
    store that has grown over `store_limit` bytes is pruned after the build; None is no limit.
    """

    context: str
    dockerfile: str = ""
    tags: tuple[str, ...] = ()
    build_args: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[Annotation, ...] = ()
    target: str = ""
    platforms: tuple[Platform, ...] = ()
    no_cache: bool = False
    no_cache_filter: tuple[str, ...] = ()
    pull: bool = False
    named_contexts: tuple[NamedContext, ...] = ()
    secrets: tuple[Secret, ...] = ()
    ssh_agents: tuple[SshAgent, ...] = ()
    extra_hosts: tuple[ExtraHost, ...] = ()
    network: str = "default"
    entitlements: frozenset[str] = frozenset()
    shm_size: int | None = None
    ulimits: tuple[Ulimit, ...] = ()
    cgroup_parent: str = ""
    outputs: tuple[Output, ...] = field(default=(Output("image"),))
    cache_from: tuple[CacheLocation, ...] = ()
    cache_to: tuple[CacheLocation, ...] = ()
    call: Call = Call.BUILD
    call_format: str = ""
    store: str = ""
    store_limit: int | None = None
    executor: str = "auto"
    snapshotter: str = "auto"
    jobs: int | None = None
    debug: bool = False
