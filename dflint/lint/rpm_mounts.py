"""A cache mount for the packages that yum and dnf fetch, and what has them kept there.

Without `keepcache` both remove a package once it is installed.
"""

from __future__ import annotations

from dflint.lint.program_fixes import option_edits
from dflint.semantic.image_users import is_run_by_root
from dflint.semantic.known_images import repository_of
from dflint.semantic.mounted_caches import is_in_mount, is_touched, version_of
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.text.edit import Edit

#: The version of each system from which on dnf is there, and that from which on it is dnf 5.
_DNF = {
    "almalinux": ((8,), (99,)),
    "amazonlinux": ((2022,), (9999,)),
    "centos": ((8,), (99,)),
    "fedora": ((22,), (41,)),
    "oraclelinux": ((8,), (99,)),
    "redhat/ubi8": ((0,), (99,)),
    "redhat/ubi9": ((0,), (99,)),
    "registry.access.redhat.com/ubi8/ubi": ((0,), (99,)),
    "registry.access.redhat.com/ubi9/ubi": ((0,), (99,)),
    "rockylinux": ((8,), (99,)),
}
_YUM = "/var/cache/yum"
#: The first version of a system whose yum knows `--setopt`.
_WITH_SETOPT = {"centos": (6,), "fedora": (14,), "oraclelinux": (6,)}
_FILLING = frozenset(("install", "upgrade", "update", "builddep"))
#: What says by itself what becomes of the packages.
_SAID = ("keepcache", "cachedir")


class RpmMount:
    """The mount for the packages of a RUN: its `path`, and `edits` that have them kept."""

    __slots__ = ("edits", "path")

    def __init__(self, path: str, edits: tuple[Edit, ...]) -> None:
        self.path = path
        self.edits = edits


def rpm_mount(doc: Document, programs: list[Program]) -> RpmMount | None:
    """The mount that a RUN can have, `programs` being all of it.

    None where it is not known where the packages are, and in a RUN that cleans up.
    """
    run = programs[0]
    calls = [call for program in programs for call in program.invocations_of("yum", "dnf")]
    calls = [call for call in calls if call.action in _FILLING]
    path = _directory(run.base_image)
    if not calls or path is None or is_run_by_root(run, doc.model) is not True:
        return None
    if path == _YUM and any(call.name == "dnf" for call in calls):
        return None
    text = run.script.text
    if contains_any(text, ("clean", "sudo", "cacheonly", "download")):
        return None
    if contains_any(doc.text, _SAID) or is_in_mount(run, path) or is_touched(programs, path):
        return None
    if any(call.option("-C", "--installroot") is not None for call in calls):
        return None
    edits = option_edits(doc, calls, "--setopt=keepcache=1")
    return RpmMount(path, edits) if edits is not None else None


def _directory(image: str) -> str | None:
    since = _DNF.get(repository_of(image))
    version = version_of(image)
    if since is None or (version == (99,) and since[0] != (0,)):
        return None  # nobody knows what is the latest
    if version < since[0]:
        return _YUM if version >= _WITH_SETOPT.get(repository_of(image), ()) else None
    return "/var/cache/dnf" if version < since[1] or since[0] == (0,) else "/var/cache/libdnf5"
