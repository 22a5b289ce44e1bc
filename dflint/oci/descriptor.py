"""Descriptors: the type, digest and size of content elsewhere.

Source: OCI image-spec, descriptor.md; the platform of one in image-index.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dflint.errors import BuildError
from dflint.oci.digest import check_grammar, shorten
from dflint.oci.members import Members
from dflint.oci.platform import Platform, normal_platform

#: The longest `data` that is read, in characters of base64.
_LONGEST_DATA = 8 << 20
_TYPE_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"{_TYPE_NAME}/{_TYPE_NAME}")


@dataclass(frozen=True, slots=True)
class PlatformFields:
    """What an index or a configuration says of the platform of an image, as it is written."""

    architecture: str
    os: str
    os_version: str = ""
    os_features: tuple[str, ...] = ()
    variant: str = ""

    @property
    def platform(self) -> Platform:
        """The platform by its normal names."""
        return normal_platform(self.os, self.architecture, self.variant)

    def plain(self) -> dict[str, object]:
        """The JSON object, its keys in the order of Go's struct."""
        written: dict[str, object] = {"architecture": self.architecture, "os": self.os}
        if self.os_version:
            written["os.version"] = self.os_version
        if self.os_features:
            written["os.features"] = list(self.os_features)
        if self.variant:
            written["variant"] = self.variant
        return written


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Where content is to be found: by its digest.

    `data` is the content itself in base64, where it is embedded. The digest has the right form,
    though its algorithm may be one that we do not know.
    """

    media_type: str
    digest: str
    size: int
    urls: tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    data: str = ""
    platform: PlatformFields | None = None
    artifact_type: str = ""

    def plain(self) -> dict[str, object]:
        """The JSON object, its keys in the order of Go's struct."""
        written: dict[str, object] = {
            "mediaType": self.media_type,
            "digest": str(self.digest),
            "size": self.size,
        }
        if self.urls:
            written["urls"] = list(self.urls)
        if self.annotations:
            written["annotations"] = dict(sorted(self.annotations.items()))
        if self.data:
            written["data"] = self.data
        if self.platform is not None:
            written["platform"] = self.platform.plain()
        if self.artifact_type:
            written["artifactType"] = self.artifact_type
        return written


def read_descriptor(members: Members) -> Descriptor:
    """The descriptor that a JSON object is; BuildError when it is none."""
    media_type = members.text("mediaType")
    if _MEDIA_TYPE.fullmatch(media_type) is None:
        raise BuildError(
            f"{members.what}: expected a media type as `mediaType`, found `{shorten(media_type)}`"
        )
    digest = members.text("digest")
    try:
        check_grammar(digest)
    except BuildError as error:
        raise BuildError(f"{members.what}: {error}") from None
    data = members.text("data")
    if len(data) > _LONGEST_DATA:
        raise BuildError(f"{members.what}: `data` is longer than {_LONGEST_DATA} characters")
    platform = members.members("platform")
    return Descriptor(
        media_type,
        digest,
        members.size("size"),
        members.texts("urls"),
        members.mapping("annotations"),
        data,
        None if platform is None else read_platform(platform),
        members.text("artifactType"),
    )


def read_platform(members: Members) -> PlatformFields:
    """The platform that an object says; names that are missing are empty."""
    return PlatformFields(
        members.text("architecture"),
        members.text("os"),
        members.text("os.version"),
        members.texts("os.features"),
        members.text("variant"),
    )
