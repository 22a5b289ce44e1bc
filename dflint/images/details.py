"""What `dflint inspect` says of an image: the object of Docker's Engine API, version 1.50."""

from __future__ import annotations

from dflint.content.catalog import image_for, repository_of
from dflint.oci.reference import familiar
from dflint.text.go_functions import Fields, NoList, NoMap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.catalog import FoundImage
    from dflint.images.sizes import Sizes
    from dflint.oci.image_document import ContainerConfig
    from dflint.oci.platform import Platform

_NEVER = "0001-01-01T00:00:00Z"
#: Members of `Config` that are left out where they hold nothing.
_OMITTED = ("ArgsEscaped", "ExposedPorts", "Healthcheck", "Shell", "StopSignal")


def details(
    found: FoundImage, sizes: Sizes, platform: Platform | None = None, is_typed: bool = False
) -> Fields:
    """The object of an image; BuildError when it cannot be read.

    As JSON, `Config` has its members sorted and some of them even if they hold nothing;
    `is_typed`, for templates, it has them in the order of the specification, and none of those.

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
        Config=_typed(document.config) if is_typed else _config(document.config),
    )
    said.omitted = frozenset(name for name in ("Variant", "OsVersion") if not said[name])
    return said


def _config(config: ContainerConfig) -> Fields:
    """The configuration, its members sorted."""
    written = config.plain()
    said = Fields(sorted({**_empty(), **written}.items()))
    said.omitted = frozenset(_OMITTED) - written.keys()
    return said


def _typed(config: ContainerConfig) -> Fields:
    """The configuration as its structure in Go prints it."""
    written = config.plain()
    said = Fields({**written, **{k: v for k, v in _empty().items() if k not in written}})
    said.omitted = frozenset(said.keys() - written.keys())
    for name in ("ExposedPorts", "Volumes"):
        if name in written:
            said[name] = {key: Fields() for key in sorted(written[name])}  # type: ignore[call-overload] # a mapping
    return said


def _empty() -> dict[str, object]:
    """What members hold that are not set."""
    return {
        "User": "", "ExposedPorts": NoMap(), "Env": NoList(), "Entrypoint": NoList(),
        "Cmd": NoList(), "Volumes": NoMap(), "WorkingDir": "", "Labels": NoMap(), "StopSignal": "",
        "ArgsEscaped": False, "Healthcheck": None, "OnBuild": NoList(), "Shell": NoList(),
    }  # fmt: skip
