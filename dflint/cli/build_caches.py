"""The values of `--cache-from` and `--cache-to`, read as buildx reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dflint.build.request import CacheLocation
from dflint.cli.build_values import pairs_of
from dflint.cli.docker_flags import read_bool
from dflint.errors import UsageError
from dflint.oci.reference import ReferenceProblem, parse_reference

_FROM = "--cache-from"
_TYPES = ("local", "registry", "inline")
#: The names of fields that say where something is, by the type.
_PLACES = {"registry": ("ref", "IMAGE"), _FROM: ("src", "DIR"), "--cache-to": ("dest", "DIR")}
_SWITCHES = {
    "ignore-error": "ignore_error",
    "image-manifest": "is_image_manifest",
    "oci-mediatypes": "has_oci_types",
    "registry.insecure": "is_insecure",
}
_COMPRESSIONS = ("gzip", "zstd", "uncompressed")


def read_cache(text: str, option: str) -> CacheLocation:
    """One place of cached steps; a name alone is an image on a registry."""
    if "=" not in text:
        text = f"type=registry,ref={text}"
    given = dict(pairs_of(text, option))
    kind = given.pop("type", "")
    types = _TYPES[:2] if option == _FROM else _TYPES
    if kind not in types:
        wanted = ", ".join(f"`{one}`" for one in types[:-1]) + f" or `{types[-1]}`"
        raise UsageError(f"{option}: expected the type {wanted}, found `{kind}`")
    found = CacheLocation(_place(given, kind, text, option), kind)
    for name, value in given.items():
        found = _with_field(found, name, value, option)
    if not found.has_oci_types and found.is_image_manifest:
        raise UsageError(f"{option}: `oci-mediatypes=false` needs `image-manifest=false`")
    return found


def _place(given: dict[str, str], kind: str, text: str, option: str) -> str:
    if kind == "inline":
        return ""
    key, what = _PLACES.get(kind) or _PLACES[option]
    place = given.pop(key, "")
    if not place:
        raise UsageError(f"{option}: expected `{key}={what}`, found `{text}`")
    if kind == "registry":
        reference = parse_reference(place)
        if isinstance(reference, ReferenceProblem):
            raise UsageError(f"{option} ref: `{place:.300}`: {reference.message}")
    return place


def _with_field(found: CacheLocation, name: str, value: str, option: str) -> CacheLocation:
    if name in _SWITCHES:
        changed: dict[str, Any] = {_SWITCHES[name]: read_bool(value, f"{option} {name}")}
        return replace(found, **changed)
    match name:
        case "mode":
            if value not in ("min", "max"):
                raise UsageError(f"{option} mode: expected `min` or `max`, found `{value}`")
            return replace(found, mode=value)
        case "tag":
            return replace(found, tag=value)
        case "digest":
            return replace(found, digest=value)
        case "compression":
            return replace(found, compression=_compression(value, option))
        case "compression-level" | "force-compression":
            return found
    raise UsageError(f"{option}: unknown field `{name}`")


def _compression(value: str, option: str) -> str:
    if value not in _COMPRESSIONS:
        wanted = "`gzip`, `zstd` or `uncompressed`"
        raise UsageError(f"{option} compression: expected {wanted}, found `{value}`")
    return value
