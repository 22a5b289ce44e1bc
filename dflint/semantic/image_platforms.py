"""The platforms that FROM asks for, and those that images are known to have."""

from __future__ import annotations

from dflint.oci.platform import Platform, parse_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.oci.reference import ImageReference
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage

_TARGET = "TARGETPLATFORM"
#: The namespaces of Docker Hub that hold the official images of one architecture.
_NAMESPACES = {
    "amd64": "linux/amd64", "arm32v5": "linux/arm/v5", "arm32v6": "linux/arm/v6",
    "arm32v7": "linux/arm/v7", "arm64v8": "linux/arm64", "i386": "linux/386",
    "mips64le": "linux/mips64le", "ppc64le": "linux/ppc64le", "riscv64": "linux/riscv64",
    "s390x": "linux/s390x", "winamd64": "windows/amd64",
}  # fmt: skip
#: What Microsoft publishes for Windows alone.
_WINDOWS = ("windows", "windows/", "dotnet/framework/")


def constant_platform(stage: Stage) -> Platform | None:
    """Give the platform that `FROM --platform` names without any variable."""
    written = stage.from_instruction.reading.flag("platform")
    if not written or "$" in written:
        return None
    platform = parse_platform(stage.platform)
    return platform if isinstance(platform, Platform) else None


def is_target_platform(model: SemanticModel, stage: Stage) -> bool:
    """Tell whether `FROM --platform` asks for the platform that is built for anyway.

    That is so when `TARGETPLATFORM` is its one variable, nothing is added to the value, and no
    ARG gives the variable another value.
    """
    instruction = stage.from_instruction
    if _TARGET not in (instruction.reading.flag("platform") or ""):
        return False
    from dflint.semantic.expand import evaluate_word
    from dflint.semantic.scope import Environment

    env = Environment(model.global_scope, model.order(instruction))
    word = instruction.reading.flag("platform") or ""
    found = evaluate_word(word, env.get, instruction.line.escape)
    names = [reference.name for reference in found.references]
    return found.error is None and names == [_TARGET] and found.text == model.platform


def mismatched_bases(model: SemanticModel) -> Iterator[tuple[Stage, Platform, Platform]]:
    """List the stages whose base is known to be of another platform than `--platform` asks for.

    Given are the stage, the platform asked for and that of the image. Nothing is known where the
    platform depends on the one that is built for.
    """
    from dflint.semantic.base_tags import external_bases

    for stage, image in external_bases(model):
        actual = platform_of(image)
        if actual is None or not stage.platform:
            continue
        expected = parse_platform(stage.platform)
        if not isinstance(expected, Platform) or _depends_on_build(model, stage):
            continue
        if expected.os != actual.os or expected.architecture not in ("", actual.architecture):
            yield stage, expected, actual


def platform_of(image: ImageReference) -> Platform | None:
    """Give the one platform of an image whose name tells it; None for all others."""
    if image.domain == "mcr.microsoft.com":
        if image.repository.startswith(_WINDOWS[1:]) or image.repository == _WINDOWS[0]:
            return Platform("windows")
        return None
    namespace, slash, _ = image.repository.partition("/")
    known = _NAMESPACES.get(namespace) if slash and image.domain == "docker.io" else None
    platform = parse_platform(known) if known else None
    return platform if isinstance(platform, Platform) else None


def _depends_on_build(model: SemanticModel, stage: Stage) -> bool:
    """Tell whether another target platform would give another `--platform`."""
    if "$" not in (stage.from_instruction.reading.flag("platform") or ""):
        return False
    other = type(model)(model.tree, model.build_args, "plan9/loong64")
    return other.stages[stage.index].platform != stage.platform
