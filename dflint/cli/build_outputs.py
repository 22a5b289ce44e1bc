"""`--output` of `dflint build`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dflint.build.request import Output
from dflint.cli.build_values import annotation_at, check_epoch, fields_of, pairs_of, read_tag
from dflint.cli.docker_flags import read_bool
from dflint.errors import UsageError

_OPTION = "--output"
_STDOUT = "-"
_COMPRESSIONS = ("uncompressed", "gzip", "zstd")
_IMAGES = ("image", "oci", "docker")
_SWITCHES = {
    "force-compression": "force_compression",
    "oci-mediatypes": "oci_media_types",
    "rewrite-timestamp": "rewrite_timestamp",
    "platform-split": "platform_split",
    "push": "is_pushed",
    "push-by-digest": "is_pushed_by_digest",
    "registry.insecure": "is_insecure",
    "store": "is_stored",
    "name-canonical": "has_canonical_names",
}
_OF_IMAGES = (
    "name", "compression", "compression-level", "force-compression", "oci-mediatypes",
    "rewrite-timestamp", "source-date-epoch",
)  # fmt: skip
_OF_STORED = (
    "push", "push-by-digest", "registry.insecure", "store", "unpack", "name-canonical",
    "dangling-name-prefix",
)  # fmt: skip
#: The fields that each type knows, beside annotations of images.
_FIELDS = {
    "image": (*_OF_IMAGES, *_OF_STORED),
    "oci": ("dest", "tar", *_OF_IMAGES),
    "docker": ("dest", "tar", *_OF_IMAGES),
    "tar": ("dest", "platform-split", "source-date-epoch"),
    "local": ("dest", "platform-split", "source-date-epoch"),
    "cacheonly": (),
}
#: Fields that BuildKit knows, and why they are not here.
_ABSENT = {
    "context": "there is no daemon to load the image into",
    "attestation-prefix": "attestations are not made",
    "oci-artifact": "attestations are not made",
    "buildinfo": "it is not made any more, by BuildKit neither",
    "buildinfo-attrs": "it is not made any more, by BuildKit neither",
}
#: The levels of each compression; gzip's -1 is its usual one.
_LEVELS = {"": (-1, 9), "gzip": (-1, 9), "zstd": (0, 22), "uncompressed": (-1, 22)}


def read_outputs(
    texts: Iterable[str], tags: tuple[str, ...], *, is_loaded: bool, is_pushed: bool
) -> tuple[Output, ...]:
    """Where the results go: the store unless something is asked for, nowhere by `cacheonly` alone.

    Tags name every image; outputs of file systems have no names.
    """
    asked = [read_output(text) for text in texts]
    outputs = [one for one in asked if one.type != "cacheonly"]
    if is_pushed and not any(output.is_pushed for output in outputs):
        pushed = [output for output in outputs if output.type == "image"]
        if pushed:
            outputs = [replace(one, is_pushed=True) if one in pushed else one for one in outputs]
        else:
            outputs.append(Output("image", is_pushed=True))
    if is_loaded and not any(output.type == "image" for output in outputs):
        outputs.append(Output("image"))
    if not asked:
        outputs = outputs or [Output("image")]
    if tags:
        outputs = [
            replace(output, names=tags) if output.type in _IMAGES else output for output in outputs
        ]
    _check(outputs)
    return tuple(outputs)


def _check(outputs: Sequence[Output]) -> None:
    if sum(output.destination == _STDOUT for output in outputs) > 1:
        raise UsageError(f"{_OPTION}: expected one that goes to standard output, found several")
    for output in outputs:
        if output.is_pushed and not output.names:
            raise UsageError("--push: expected a name for the image (`--tag`), found none")
        if output.is_pushed_by_digest:
            for name in output.names:
                if not name.endswith(":latest"):
                    raise UsageError(f"{_OPTION} push-by-digest: expected no tag, found `{name}`")


def read_output(text: str) -> Output:
    """One `--output`: fields, or the short form, which is a directory or `-`."""
    fields = fields_of(text, _OPTION)
    if len(fields) == 1 and "=" not in fields[0]:
        is_stdout = fields[0] == _STDOUT
        return Output("tar", _STDOUT) if is_stdout else Output("local", fields[0])
    given = dict(pairs_of(text, _OPTION))
    kind = given.pop("type", "")
    if not kind:
        raise UsageError(f"{_OPTION}: expected `type=…`, found `{text}`")
    if kind == "registry":
        kind, given["push"] = "image", "true"
    if kind not in _FIELDS:
        expected = "oci, docker, tar, local, cacheonly or image"
        raise UsageError(f"{_OPTION}: expected the type {expected}, found `{kind}`")
    return _check_destination(_check_level(_with_fields(Output(kind), given)))


def _with_fields(output: Output, given: dict[str, str]) -> Output:
    for key, value in given.items():
        _require_known(output.type, key)
        if key in _SWITCHES:
            switch: dict[str, Any] = {_SWITCHES[key]: read_bool(value, f"{_OPTION} {key}")}
            output = replace(output, **switch)
        elif key.startswith("annotation"):
            output = _with_annotation(output, key, value)
        else:
            output = _with_value(output, key, value)
    return output


def _require_known(kind: str, key: str) -> None:
    """Raise UsageError for a field that a type of output does not know."""
    is_annotation = key.partition(".")[0].partition("[")[0].partition("-")[0] == "annotation"
    if key in _FIELDS[kind] or (is_annotation and kind in _IMAGES):
        return
    where = f"{_OPTION} type={kind}"
    if key == "dest" and kind == "image":
        raise UsageError(f"{where}: expected no destination, found `dest`")
    if key in _ABSENT and (kind == "docker" or key != "context"):
        raise UsageError(f"{where}: the field `{key}` is not supported: {_ABSENT[key]}")
    annotations = ", annotation.*" if kind in _IMAGES else ""
    known = ", ".join(_FIELDS[kind])
    if not known:
        raise UsageError(f"{where}: expected no more fields, found `{key}`")
    raise UsageError(f"{where}: unknown field `{key}`: expected one of {known}{annotations}")


def _with_value(output: Output, key: str, value: str) -> Output:
    match key:
        case "dest":
            return replace(output, destination=value)
        case "name":
            names = tuple(read_tag(name, f"{_OPTION} name") for name in value.split(",") if name)
            return replace(output, names=names)
        case "unpack":
            # What is built here is unpacked as it is.
            read_bool(value, f"{_OPTION} unpack")
            return output
        case "dangling-name-prefix":
            prefix = read_tag(value, f"{_OPTION} dangling-name-prefix").rpartition(":")[0]
            return replace(output, dangling_prefix=prefix)
        case "tar":
            return replace(output, is_directory=not read_bool(value, f"{_OPTION} tar"))
        case "compression":
            return replace(output, compression=_compression(value))
        case "compression-level":
            return replace(output, compression_level=_level(value))
        case "source-date-epoch":
            if value:
                check_epoch(value, f"{_OPTION} source-date-epoch")
            return replace(output, source_date_epoch=value)
    raise AssertionError(key)


def _check_level(output: Output) -> Output:
    level, (lowest, highest) = output.compression_level, _LEVELS[output.compression]
    if level is not None and not lowest <= level <= highest:
        kind = output.compression or "gzip"
        raise UsageError(
            f"{_OPTION} compression-level: expected {lowest} to {highest} for {kind}, "
            f"found `{level}`"
        )
    return output


def _compression(value: str) -> str:
    if value not in _COMPRESSIONS:
        expected = "uncompressed, gzip or zstd"
        raise UsageError(f"{_OPTION} compression: expected {expected}, found `{value}`")
    return value


def _level(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        problem = f"{_OPTION} compression-level: expected a number, found `{value}`"
        raise UsageError(problem) from None


def _with_annotation(output: Output, key: str, value: str) -> Output:
    """`annotation.KEY`, `annotation-LEVEL.KEY` or `annotation-LEVEL[PLATFORM].KEY`."""
    level, dot, name = key.partition("].") if "[" in key.partition(".")[0] else key.partition(".")
    level = level + "]" if dot == "]." else level
    level = level.removeprefix("annotation").removeprefix("-")
    if level.startswith("["):
        level = "manifest" + level
    if not dot or not name:
        raise UsageError(f"{_OPTION}: expected `annotation.KEY=VALUE`, found `{key}={value}`")
    found = annotation_at(level or "manifest", name, value, _OPTION)
    return replace(output, annotations=(*output.annotations, found))


def _check_destination(output: Output) -> Output:
    """Complete the destination: images of `docker` stay in the store, other archives go out."""
    place = output.destination
    if output.type == "docker" and not place and not output.is_directory:
        return replace(output, type="image")
    if output.type in ("image", "cacheonly"):
        return output
    is_folder = output.type == "local" or output.is_directory
    if is_folder and place in ("", _STDOUT):
        raise UsageError(f"{_OPTION} type={output.type}: expected a directory in `dest=`")
    if is_folder and os.path.lexists(place) and not os.path.isdir(place):
        raise UsageError(f"{_OPTION} dest: expected a directory, found a file at `{place}`")
    if not is_folder and os.path.isdir(place):
        raise UsageError(f"{_OPTION} dest: expected a file, found a directory at `{place}`")
    return output if place else replace(output, destination=_STDOUT)
