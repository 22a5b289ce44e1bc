"""Commands that fetch packages from where a release no longer has any."""

from __future__ import annotations

from dflint.semantic.base_systems import archived_release_of
from dflint.semantic.earlier_text import is_mentioned_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.releases import Release
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation

_FETCHING = {
    "apt-get": ("update", "install", "upgrade", "dist-upgrade", "build-dep", "source"),
    "apt": ("update", "install", "upgrade", "full-upgrade"),
    "aptitude": ("update", "install", "upgrade"),
    "yum": ("install", "update", "upgrade", "makecache", "groupinstall", "localinstall"),
    "dnf": ("install", "update", "upgrade", "makecache"),
}
#: What tells that packages come from elsewhere, or that something was done about the addresses.
_MENDED = (
    "sources.list", "/etc/apt", "archive.debian.org", "old-releases.ubuntu", "snapshot.debian.org",
    "yum.repos.d", "vault.centos", "mirrorlist", "archive.kernel.org", "yum-config-manager",
    "legacy.raspbian", "/etc/yum", "apt-spy", "apt-select", "netselect", "http_proxy", "HTTP_PROXY",
)  # fmt: skip


def archived_fetches(
    model: SemanticModel, programs: Iterable[Program], text: str
) -> Iterator[tuple[Invocation, Stage, Release]]:
    """The first command of each stage that fetches packages which were moved, with the release.

    Nothing of a stage in which, or in one that it is built on, the addresses were touched before
    in any way, nor of one that is built on a stage of which something is told.
    """
    told: set[Stage] = set()
    releases: dict[Stage, Release | None] = {}
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or stage in told or program.occurrence.is_trigger:
            continue
        if stage not in releases:
            releases[stage] = archived_release_of(stage)
        release = releases[stage]
        if release is None:
            continue
        family = ("yum", "dnf") if release.family == "CentOS" else ("apt-get", "apt", "aptitude")
        for call in program.invocations_of(*family):
            if call.verb not in _FETCHING.get(call.tool.name if call.tool else "", ()):
                continue
            is_told = not told.isdisjoint((stage, *stage.ancestors()))
            told.add(stage)
            if not is_told and not is_mentioned_before(stage, call.call_span.end, text, _MENDED):
                yield call, stage, release
            break
