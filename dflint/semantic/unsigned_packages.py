"""Where package managers are told not to look at signatures."""

from __future__ import annotations

import re

from dflint.semantic.verified_downloads import verifies
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation, Option
    from dflint.text.span import Span

_APT = (
    "--allow-unauthenticated",
    "--allow-insecure-repositories",
    "--force-yes",
)
_OPTIONS = {
    "apt-get": _APT,
    "apt": _APT,
    "aptitude": ("--allow-untrusted",),
    "apk": ("--allow-untrusted",),
    "yum": ("--nogpgcheck", "--nogpg"),
    "dnf": ("--nogpgcheck", "--no-gpgchecks"),
    "microdnf": ("--nogpgcheck",),
    "rpm": ("--nosignature", "--nodigest"),
    "zypper": ("--no-gpg-checks", "--allow-unsigned-rpm"),
}
#: Settings given with an option: apt's `-o`, yum's `--setopt`.
_SETTING = LazyPattern(
    r"(?:allowunauthenticated|allowinsecurerepositories)\W++(?:1|true|yes)"
    r"|(?<![\w])gpgcheck *+= *+(?:0|false|no)\b"
    r"|\[[^\]]*?trusted=yes",
    re.IGNORECASE,
)
_WRITERS = ("echo", "printf", "sed", "add-apt-repository", "yum-config-manager")
_MARKS = ("gpg", "unauth", "insecure", "force-yes", "untrusted", "nosig", "nodig", "trusted=yes")


def unsigned_packages(
    programs: Iterable[Program],
) -> Iterator[tuple[Invocation, Option | None, Span, str]]:
    """The calls that switch the check off: by which option or text, where, and its name."""
    for program in programs:
        text = program.script.text.lower()
        if not any(mark in text for mark in _MARKS) or verifies(program):
            continue
        for call in program.invocations_of(*_OPTIONS, *_WRITERS):
            found = _found(call)
            if found is not None and not _is_own(program, call):
                yield call, *found


def _setting_in(text: str) -> re.Match[str] | None:
    lower = text.lower()
    if "allow" in lower or "gpgcheck" in lower or "trusted=yes" in lower:
        return _SETTING.get().search(text)
    return None


def _found(call: Invocation) -> tuple[Option | None, Span, str] | None:
    names = _OPTIONS.get(call.tool.name if call.tool is not None else "", ())
    option = call.option(*names)
    if option is not None and not _brings_anything(call, option):
        return None
    if option is not None:
        return option, option.span, option.name
    for option in call.options if names else ():
        setting = _setting_in(option.value or "")
        if setting is not None:
            return option, option.span, setting[0]
    for argument in call.arguments if call.name in _WRITERS else ():
        setting = _setting_in(argument.prefix)
        # Written into repositories that are disabled, or replaced by sed, it may not hold.
        if setting is not None and not argument.prefix.startswith("s/gpgcheck"):
            return None, argument.span, setting[0].lstrip("[")
    return None


def _brings_anything(call: Invocation, option: Option) -> bool:
    """Whether the call installs something, or fetches lists."""
    name = call.tool.name if call.tool is not None else ""
    if name in ("apt-get", "apt", "aptitude"):
        wanted = ("install", "upgrade", "download", "source")
        return call.action in wanted or "insecure" in option.name
    return True


def _is_own(program: Program, call: Invocation) -> bool:
    """Whether the packages are files that this script has not fetched: its project's own."""
    if call.name not in ("apk", "rpm") or program.mentions("curl", "wget"):
        return False
    operands = call.operands
    return bool(operands) and all(
        one.prefix.endswith((".apk", ".rpm")) and "://" not in one.prefix for one in operands
    )
