"""Where a RUN gets a cache mount for what its package manager keeps."""

from __future__ import annotations

from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.package_caches import Leftover


def mount_edits(leftover: Leftover, model: SemanticModel) -> tuple[Edit, ...] | None:
    """The edit that gives the mount of a cache to its RUN, before all other flags.

    None for ONBUILD, where another user than root runs it or may have another home, and where
    the cache is told to be elsewhere.
    """
    program, cache = leftover.programs[0], leftover.cache
    if not cache.mount or program.occurrence.is_trigger or program.stage_number < 0:
        return None
    state = model.state_before(program.instruction)
    if (state.user or "root").partition(":")[0] not in ("root", "0"):
        return None
    names = ["HOME", cache.elsewhere_variable]
    if any(name and program.variables.value(name, 0) for name in names):
        return None
    for call in leftover.calls:
        if call.option(*cache.root, *cache.elsewhere) is not None or call.command.assignments:
            return None
        if any("=" in word.text or word.text == "sudo" for word in call.command.leading_words):
            return None
    target = cache.mount.partition(",")[0].partition("=")[2]
    if any(target in mount for mount in program.occurrence.reading.flag_values("mount")):
        return None
    end = program.occurrence.keyword.end
    return (Edit.insertion(end, f" --mount=type=cache,{cache.mount}"),)
