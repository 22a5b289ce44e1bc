"""Fixes that keep the caches of package managers out of an image."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy
from dflint.lint.cleanup_option import CLEANUP
from dflint.lint.contract import RPM_LOGS, Contract, directory_paths
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.program_fixes import option_edits, words_taken
from dflint.semantic.cleanups import cleanup_edits
from dflint.semantic.later_runs import has_hidden_script
from dflint.semantic.package_caches import (
    is_bound,
    is_elsewhere,
    is_filled_on_purpose,
    is_for_unseen,
    is_offline_behind,
    users_of_cache,
)
from dflint.semantic.package_lists import (
    are_read_otherwise,
    are_searched,
    are_wanted_unseen,
    serve_later_run,
    users_of_lists,
)
from dflint.semantic.taken_files import are_taken_elsewhere
from dflint.semantic.unseen_calls import (
    are_named_later,
    is_called_at_start,
    is_run_without_net,
)
from dflint.shell.tools import find_tool
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dflint.lint.document import Document
    from dflint.semantic.package_caches import Leftover
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


#: These write a log when they clean up, too.
_LOGGING = frozenset(("dnf", "yum", "zypper"))
#: How package managers are asked where their cache is, and to do with what is there.
_TELLING = ("cache dir", "config get cache", "get cache", "config get global.cache-dir")
_WRITTEN = LazyPattern(r"(?:>|\btee)[ \t]*+\"?+/(?:\w++/)*+(?<=bin/)([\w.-]++)")
_OFFLINE = LazyPattern(r"\b(?:npm|npx|yarn)\b[^;&|\n]*?--(?:prefer-)?offline(?![\w-])")


def clean_up(
    doc: Document, leftover: Leftover, applicability: Applicability = Applicability.SAFE
) -> Fix | None:
    """The command of a package manager that empties its cache, behind the last call of a RUN.

    None where the cache is not where that command looks, and where a later RUN wants it.
    """
    cache = leftover.cache
    users = users_of_cache(leftover)
    if is_elsewhere(leftover) or is_filled_on_purpose(leftover, users):
        return None
    if "keepcache" in doc.text and not _LOGGING.isdisjoint(cache.tools):
        return None
    for call in leftover.calls:
        if call.option(*cache.root, "-c", "--config") is not None:
            return None
    name = _name(leftover.calls[-1])
    own = leftover.programs[0]
    if name is None or is_bound(leftover):
        return None
    if doc.runs.want_after(own, cache.is_read_by, _never, *cache.tools):
        return None
    text = cache.cleaning.format(name=name)
    end = max(command.span.end for _, command in users)
    if is_offline_behind(leftover, end) or _is_used_later(doc, leftover, end):
        return None
    edits = cleanup_edits(users, text)
    if edits is None:
        return None
    contract = Contract(gone=directory_paths(cache.directories))
    if not _LOGGING.isdisjoint(cache.tools):
        contract |= RPM_LOGS
    return Fix(f"end with `{text}`", edits, applicability, Effect.FILES, contract=contract)


def remove_lists(doc: Document, leftover: Leftover) -> Fix | None:
    """The removal of apt's lists behind the last call of a RUN that may need them.

    None where a later RUN needs them, and where the RUN does nothing else. Unsafe where a script
    that the file does not show may need them, and in ONBUILD, after which another file goes on.
    """
    own = leftover.programs[0]
    if is_bound(leftover) or serve_later_run(own, doc.runs):
        return None
    users = users_of_lists(leftover.programs)
    if is_filled_on_purpose(leftover, users) or are_searched(users):
        return None
    end = max(command.span.end for _, command in users)
    if are_read_otherwise(own, end, doc.tree, doc.model):
        return None
    if are_named_later(own, end, leftover.cache.directories, doc.runs):
        return None
    if is_for_unseen(leftover, doc.programs) or are_wanted_unseen(own, doc.programs, doc.runs):
        return None
    text = leftover.cache.cleaning
    edits = cleanup_edits(users, text)
    if edits is None:
        return None
    last = max(command.span.start for _, command in users)
    applicability = _unless_hidden(doc, leftover, last)
    contract = Contract(gone=directory_paths(leftover.cache.directories))
    title = "remove the package lists in the same RUN"
    return Fix(title, edits, applicability, Effect.FILES, contract=contract)


def with_cache_mount(doc: Document, leftover: Leftover) -> Fix | None:
    """A cache mount for the RUN that fills a cache, where builds by root find it.

    Always unsafe: it takes BuildKit, other builds see what this one has left there, and nothing of
    it is in the image for later RUNs.
    """
    from dflint.semantic.cache_mounts import mount_edits

    is_apt = "apt-get" in leftover.cache.tools
    if is_apt and serve_later_run(leftover.programs[0], doc.runs):
        return None
    edits = mount_edits(leftover, doc.model) if doc.settings.engine == "buildkit" else None
    if edits is None:
        return None
    paths = directory_paths(leftover.cache.directories)
    contract = Contract(gone=paths, new=paths)  # the place of a mount stays as a directory
    level = Applicability.UNSAFE
    return Fix("keep the cache in a mount", edits, level, Effect.FILES, contract=contract)


def as_configured(
    doc: Document, leftover: Leftover, rule: str, clean: Callable[[Document, Leftover], Fix | None]
) -> Fix | None:
    """What a rule is configured to do about a cache: to put it into a mount, or to `clean` it."""
    if doc.settings.options.get(rule, {}).get(CLEANUP.name) == "cache-mount":
        return with_cache_mount(doc, leftover)
    return clean(doc, leftover)


def clean_yarn(doc: Document, leftover: Leftover) -> Fix | None:
    """`yarn cache clean`, unsafe where the project may bring a Yarn that needs its cache."""
    from dflint.semantic.yarn_versions import is_classic_yarn

    is_safe = all(is_classic_yarn(doc.model, leftover.programs[0], call) for call in leftover.calls)
    return clean_up(doc, leftover, Applicability.SAFE if is_safe else Applicability.UNSAFE)


def keep_no_cache(doc: Document, leftover: Leftover, option: str) -> Fix | None:
    """An option for every call that leaves a cache, as far as they can be given one."""
    if is_elsewhere(leftover):
        return None
    edits: list[Edit] = []
    for call in leftover.calls:
        edits += option_edits(doc, (call,), option) or ()
    if not edits:
        return None
    # Where there is no cache, there is no directory that it is in.
    directories = [place.rpartition("/")[0] for place in leftover.cache.directories]
    directories.append(f"{leftover.cache.tools[0]} cache ")
    end = leftover.calls[0].command.span.end
    if _is_used_later(doc, leftover, end, directories):
        return None
    contract = Contract(gone=directory_paths(leftover.cache.directories))
    return Fix(f"add `{option}`", edits, effect=Effect.FILES, contract=contract)


def keep_no_index(doc: Document, leftover: Leftover) -> Fix | None:
    """`--no-cache` for every call of apk in a RUN; its `update` goes where that is easy.

    None where another call, of the same RUN or a later one, needs the index that these leave.
    """
    from dflint.semantic import apk_index

    own, calls = leftover.programs[0], leftover.calls
    tools = leftover.cache.tools
    here = (call for one in leftover.programs for call in one.invocations_of(*tools))
    if not any(map(_installs, here)) and not doc.runs.want_after(own, _installs, _never, *tools):
        return None  # the index is what the RUN is for
    if apk_index.has_no_cache_option(own) or apk_index.is_index_needed_at_start(doc.tree):
        return None
    if apk_index.is_index_needed(leftover, doc.programs, doc.runs):
        return None
    if is_elsewhere(leftover) or is_for_unseen(leftover, doc.programs):
        return None
    if _is_used_later(doc, leftover, calls[0].command.span.end):
        return None
    edits: list[Edit] = []
    for program, call in zip(leftover.owners, calls, strict=True):
        made = _without_update(doc, program, call) or _with_no_cache(doc, call)
        if made is None:
            return None
        edits += made
    applicability = _unless_hidden(doc, leftover, calls[0].command.span.start)
    title = "fetch the index for these calls alone"
    lost = words_taken(doc, edits)
    contract = Contract(gone=directory_paths(leftover.cache.directories))
    return Fix(title, edits, applicability, Effect.FILES, lost=lost, contract=contract)


def _is_used_later(
    doc: Document, leftover: Leftover, last: int, places: Sequence[str] = ()
) -> bool:
    """Whether somebody names the cache behind an offset in its RUN, or takes it from its stage."""
    own, tool = leftover.programs[0], leftover.cache.tools[0]
    told = [f"{mark}{tool} {words}" for mark in "(`" for words in _TELLING]
    directories = (*leftover.cache.directories, *told, *places)
    return (
        are_taken_elsewhere(own, directories, doc.model)
        or are_named_later(own, last, directories, doc.runs)
        or is_run_without_net(own, tool, doc.runs)
        or is_called_at_start(doc.tree, _OFFLINE)
    )


def _unless_hidden(doc: Document, leftover: Leftover, start: int) -> Applicability:
    """SAFE unless what the file does not show may need what is taken away after an offset."""
    own = leftover.programs[0]
    is_unsure = (
        own.occurrence.is_trigger
        or has_hidden_script(leftover.programs, start)
        or doc.runs.have_hidden_script_after(own)
        or doc.runs.call_after(own, partial(_own_programs, doc))
    )
    return Applicability.UNSAFE if is_unsure else Applicability.SAFE


def _own_programs(doc: Document) -> frozenset[str]:
    """The names of files that are written, or copied from the context: they may be scripts."""
    copies = (one.reading for one in doc.occurrences(Copy, Add))
    paths = (path for one in copies if one.flag("from") is None for path in one.arguments)
    names = [path.rpartition("/")[2] for path in paths]
    if "bin/" in doc.text:
        names += _WRITTEN.get().findall(doc.text)
    return frozenset(name for name in names if name and find_tool(name) is None)


def _without_update(doc: Document, program: Program, call: Invocation) -> tuple[Edit, ...] | None:
    """The removal of `apk update`, where another command follows after `&&`, or of its RUN."""
    from dflint.lint.edits import removal
    from dflint.semantic.program_edits import remove_step

    if call.action != "update":
        return None
    is_all = program.script.root.statements == [call.command]
    if is_all and program.parent is None and not program.occurrence.is_trigger:
        whole = None if program.is_exec_form else removal(doc, program.instruction, parts=False)
        return None if whole is None else (whole,)
    return remove_step(program, call.command)


def _with_no_cache(doc: Document, call: Invocation) -> tuple[Edit, ...] | None:
    """`--no-cache` for a call of apk, in the place of what fetches the index as that does."""
    old = call.option("-U", "--update", "--update-cache")
    word = old.argument.word if old is not None else None
    if old is not None and word is not None and word.text == old.name == word.span.slice(doc.text):
        return (Edit(word.span, "--no-cache"),)
    return option_edits(doc, (call,), "--no-cache")


def _installs(call: Invocation) -> bool:
    return call.action in ("install", "upgrade")


def _never(call: Invocation) -> bool:
    del call
    return False


def _name(call: Invocation) -> str | None:
    """How to call a program as a call of it does."""
    word = call.word or call.command.program_word
    path = word.value if word is not None and word.value == word.text else None
    if path is not None and "/" in path:
        return path if path.startswith("/") else None
    return call.name
