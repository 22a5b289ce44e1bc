"""What `dflint inspect` says of an image: the object of Docker's Engine API, version 1.50."""

from __future__ import annotations

from dflint.content.catalog import familiar, image_for, repository_of
from dflint.text.go_functions import Fields, NoList

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.catalog import FoundImage
    from dflint.images.sizes import Sizes
    from dflint.oci.image_document import ContainerConfig
    from dflint.oci.platform import Platform

_NEVER = "0001-01-01T00:00:00Z"
#: Members of `Config` that are left out where they hold nothing.
_OMITTED = ("ArgsEscaped", "ExposedPorts", "Healthcheck", "Shell", "StopSignal")


def details(found: FoundImage, sizes: Sizes, platform: Platform | None = None) -> Fields:
    """The object of an image; BuildError when it cannot be read.

    `Size` is that of all files in its layers. `RepoDigests` name the manifests that its names stand
    for, and `Descriptor` is that of the one by which it was found.
    """
    image = found.image
    chosen = image_for(image, platform)
    document = chosen.document
    comment = document.history[-1].comment if document.history else ""
    digests = {f"{familiar(repository_of(name))}@{one.digest}" for name, one in image.names}
    descriptor = found.descriptor.plain()
    descriptor.pop("annotations", None)
    said = Fields(
        Id=image.id,
        RepoTags=[familiar(name) for name in image.tags],
        RepoDigests=sorted(digests),
        Parent="",
        Comment=comment,
        Created=document.created,
        DockerVersion=str(document.extra.get("docker_version") or ""),
        Author=document.author,
        Architecture=document.platform.architecture,
        Variant=document.platform.variant,
        Os=document.platform.os,
        OsVersion=document.platform.os_version,
        Size=sum(sizes.layers(chosen)),
        GraphDriver=Fields(Data=None, Name="overlayfs"),
        RootFS=Fields(Type="layers", Layers=list(document.diff_ids)),
        Metadata=Fields(LastTagTime=_NEVER),
        Descriptor=descriptor,
        Config=_config(document.config),
    )
    said.omitted = frozenset(name for name in ("Variant", "OsVersion") if not said[name])
    return said


def _config(config: ContainerConfig) -> Fields:
    """The configuration, its members sorted."""
    written = config.plain()
    empty: dict[str, object] = {
        "ArgsEscaped": False, "Cmd": NoList(), "Entrypoint": NoList(), "Env": NoList(),
        "ExposedPorts": None, "Healthcheck": None, "Labels": None, "OnBuild": NoList(),
        "Shell": NoList(), "StopSignal": "", "User": "", "Volumes": None, "WorkingDir": "",
    }  # fmt: skip
    said = Fields(sorted({**empty, **written}.items()))
    said.omitted = frozenset(_OMITTED) - written.keys()
    return said
