"""The fix of an installation that brings what packages recommend."""

from __future__ import annotations

from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.fixing import SAME_IMAGE
from dflint.lint.program_fixes import option_edits, program_of
from dflint.semantic.base_systems import release_of
from dflint.semantic.recommended_packages import recommending_installs
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

_OPTION = "--no-install-recommends"
# Who writes them all writes these first: `install -y --no-install-recommends`.
_ANSWERS = ("-y", "--yes", "--assume-yes", "-q", "--quiet")
#: What trusts servers by certificates that it only recommends.
_TRUSTING = frozenset(("curl", "wget", "git"))
#: Official images that have them, unless they are slim.
_HAVE_CERTIFICATES = frozenset(
    ("buildpack-deps", "gcc", "golang", "node", "perl", "php", "python", "ruby", "rust")
)
_ADDS_ARCHIVE = LazyPattern(r"\badd-apt-repository\b[^;&|\n]*\bppa:")
#: What needs GnuPG's programs; `dirmngr` only recommends them.
_CALLS_GPG = LazyPattern(r"\b(?:apt-key[ \t]|gpg[ \t]+-)")
#: What stands before a package on a line of its own.
_BREAK = LazyPattern(r"[ \t]*+[\\`]\r?\n[ \t]*+\Z")


def without_recommended(doc: Document, call: Invocation) -> Fix | None:
    """The option that leaves them out, and the names of those that the file is seen to use."""
    edits = option_edits(doc, (call,), _OPTION, behind=_ANSWERS)
    if edits is None:
        return None
    title = f"add `{_OPTION}`"
    used = " ".join(_used(doc, call))
    if used:
        named = _named(doc, call, used)
        if named is None:
            return None
        edits = (*edits, named)
        title = f"{title} and name `{used.replace(' ', '`, `')}`"
    return Fix(title, edits, Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE)


def _used(doc: Document, call: Invocation) -> list[str]:
    """The recommended packages that something needs and nobody names."""
    packages = {operand.value for operand in call.operands}
    text = doc.text
    found = []
    if not _TRUSTING.isdisjoint(packages) and "ca-certificates" not in text:
        is_used = "https:" in text or "git" in packages
        if is_used and _brings_certificates(doc, call):
            found.append("ca-certificates")
    if "software-properties-common" in packages and _ADDS_ARCHIVE.get().search(text) is not None:
        is_named = "gpg-agent" in text or "gnupg" in text
        if not is_named and _has_agent(program_of(doc, call.command)):
            found.append("gpg-agent")
    if "dirmngr" in packages and "gnupg" not in text and _CALLS_GPG.get().search(text) is not None:
        found.append("gnupg")
    return found


def _brings_certificates(doc: Document, call: Invocation) -> bool:
    """Whether an installation is the first of its stage that brings certificates."""
    own = program_of(doc, call.command)
    name, _, tag = own.base_image.partition(":")
    if name in _HAVE_CERTIFICATES and "slim" not in tag:
        return False
    for program in doc.programs:
        if program.stage_number == own.stage_number:
            for other in recommending_installs((program,), doc.tree):
                if any(operand.value in _TRUSTING for operand in other.operands):
                    return other.span == call.span
    return False


def _has_agent(program: Program) -> bool:
    """Whether the base is an Ubuntu that has the agent of GnuPG in a package of its own."""
    release = release_of(program.base_image)
    return release is not None and release.family == "Ubuntu" and release.version >= (18, 4)


def _named(doc: Document, call: Invocation, names: str) -> Edit | None:
    """Packages put in front of the first, each on a line of its own where that is on one."""
    first = call.operands[0].word
    start = first.span.start
    if program_of(doc, call.command).is_exec_form or first.span.slice(doc.text) != first.text:
        return None
    found = _BREAK.get().search(doc.text[max(start - 80, 0) : start])
    gap = found[0] if found is not None else " "
    return Edit.insertion(start, names.replace(" ", gap) + gap)
