"""What one build says beside its file: arguments, platforms, target, labels, contexts."""

from __future__ import annotations

from dataclasses import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

#: The proxies of the predefined arguments, by the names that the shell's programs read.
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class BaseImage:
    """An image that a stage begins with: its configuration document, and its manifest's digest."""

    document: Mapping[str, Any]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class NamedContext:
    """What `--build-context NAME=` gives: an image by its reference, or files (no reference).

    `scratch` is no image, but the empty file system.
    The reference is handed to `Build.base` as it is; it may be one of a layout on disk.
    """

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """The values of one build of a file.

    `arguments` are those of `--build-arg`. `platform` is what is built for, `build_platform` what
    the build runs on; `is_platform_given` tells that somebody asked for the platform, and
    `is_multi_platform` that several are built. `base` gives an image's configuration by reference
    and platform, None where only the names are wanted. `epoch` is in seconds; None leaves it to
    the argument SOURCE_DATE_EPOCH. `entitlements` are `network.host` and `security.insecure`.
    """

    arguments: Mapping[str, str] = field(default_factory=dict)
    platform: str = "linux/amd64"
    build_platform: str = "linux/amd64"
    is_platform_given: bool = False
    is_multi_platform: bool = False
    target: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    named_contexts: Mapping[str, NamedContext] = field(default_factory=dict)
    base: Callable[[str, str], BaseImage | None] = lambda reference, platform: None
    epoch: int | None = None
    entitlements: frozenset[str] = frozenset()

    def platform_arguments(self, last: str) -> list[tuple[str, str]]:
        """The arguments that every file has before its first FROM, in BuildKit's order.

        `last` is the name of the last stage, which is the target unless another one is named.
        """
        pairs = []
        for side, platform in (("BUILD", self.build_platform), ("TARGET", self.platform)):
            system, _, rest = platform.partition("/")
            architecture, _, variant = rest.partition("/")
            pairs += [
                (f"{side}PLATFORM", platform),
                (f"{side}OS", system),
                (f"{side}OSVERSION", ""),
                (f"{side}ARCH", architecture),
                (f"{side}VARIANT", variant),
            ]
        pairs.append(("TARGETSTAGE", self.target or last or "default"))
        return [(name, self.arguments.get(name, value)) for name, value in pairs]

    @property
    def proxies(self) -> tuple[str, ...]:
        """`NAME=value` of the proxies that RUN has beside its environment, outside the key."""
        given = {name.upper(): value for name, value in self.arguments.items()}
        found = []
        for name in _PROXIES:
            if given.get(name):
                found += [f"{name}={given[name]}", f"{name.lower()}={given[name]}"]
        return tuple(found)

    @property
    def hostname(self) -> str:
        """The host name that RUN sees."""
        return self.arguments.get("BUILDKIT_SANDBOX_HOSTNAME") or "buildkitsandbox"

    @property
    def keeps_git_dir(self) -> bool:
        """Whether a context from git keeps its `.git`."""
        return self._is_on("BUILDKIT_CONTEXT_KEEP_GIT_DIR")

    @property
    def has_inline_cache(self) -> bool:
        """Whether the image carries the keys of its cache."""
        return self._is_on("BUILDKIT_INLINE_CACHE")

    @property
    def is_index(self) -> bool:
        """Whether even one platform makes an image index."""
        return self.is_multi_platform or self._is_on("BUILDKIT_MULTI_PLATFORM")

    @property
    def frontend(self) -> str:
        """The image that takes the place of `# syntax=`, empty for none."""
        return self.arguments.get("BUILDKIT_SYNTAX", "")

    @property
    def checks(self) -> str:
        """The options that take the place of `# check=`, empty for none."""
        return self.arguments.get("BUILDKIT_DOCKERFILE_CHECK", "")

    def _is_on(self, name: str) -> bool:
        from dflint.semantic.truth import parse_truth

        return parse_truth(self.arguments.get(name, "")) is True
