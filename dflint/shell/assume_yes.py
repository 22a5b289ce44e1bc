"""Package managers that ask before they go on, and what spares them the question.

In a build there is nobody to answer: standard input is empty, and the programs take that for no.
"""

from __future__ import annotations

from dflint.shell.hidden_options import may_hide_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.invocation import Invocation

_APT_SILENT = (
    "-s --simulate --just-print --dry-run --recon --no-act --print-uris --trivial-only --assume-no"
    " --no-yes -h --help -v --version -c --config-file"
)
_RPM_SILENT = "-h --help --version --assumeno --downloadonly"
_GROUPS = frozenset(("group", "groups", "grp", "module", "copr"))
_CHANGES = ("install", "upgrade", "remove")


class Questions:
    """When a program asks.

    `silent` are options with which it does not, or with which that cannot be told; `settings`
    are options that hold settings, of which those in `yes` answer.
    """

    __slots__ = ("is_quiet_yes", "settings", "silent", "yes")

    def __init__(self, silent: str, settings: str, yes: str, is_quiet_yes: bool = False) -> None:
        self.silent = frozenset(silent.split())
        self.settings = settings.split()
        self.yes = yes.split()
        #: Whether to be quiet twice is to say yes (apt-get(8), `-q`).
        self.is_quiet_yes = is_quiet_yes


_APT = Questions(_APT_SILENT, "-o --option", "apt::get::assume-yes quiet", True)
_RPM = Questions(_RPM_SILENT, "--setopt", "assumeyes")
_QUESTIONS = {
    "apt-get": _APT,
    "apt": _APT,
    "aptitude": Questions(
        "-s --simulate -h --help --version", "-o", "aptitude::cmdline::assume-yes"
    ),
    "yum": _RPM,
    "dnf": _RPM,
    "microdnf": _RPM,
    "zypper": Questions("-h --help -V --version --dry-run -D", "", ""),
}
_FALSE = ("0", "no", "false", "off", "without", "disable")


def asks(call: Invocation) -> bool:
    """Whether a call asks somebody to confirm, or would if there were something to do.

    False where an option that only a run can tell may answer.
    """
    tool = call.tool
    questions = _QUESTIONS.get(tool.name) if tool is not None else None
    if tool is None or questions is None:
        return False
    verb = call.verb
    if (_grouped(call) if verb in _GROUPS else tool.verbs.get(verb, verb)) not in _CHANGES:
        return False
    for option in call.options:
        if option.name in tool.assume_yes or option.name in questions.silent:
            return False
    if may_hide_options(call):
        return False
    if not call.operands and call.action in ("install", "remove") and not _may_find_work(call):
        return False
    if questions.is_quiet_yes and _loudness(call) >= 2:
        return False
    return not any(
        name.lower() in questions.yes and value.strip("\"'").lower() not in _FALSE
        for name, value in _settings(call, questions)
    )


def _may_find_work(call: Invocation) -> bool:
    """Whether a call that names no package has something to do all the same."""
    return call.verb.startswith("auto") or call.option("-f", "--fix-broken") is not None


def _grouped(call: Invocation) -> str:
    """What a call does by the word behind its verb: `dnf module install`, `dnf copr enable`."""
    verb = call.verb
    if call.operands:
        word = call.operands[0].value or ""
        asked = ("enable", "disable", "reset", "switch-to")
        if word in asked and verb in ("module", "copr"):
            return "install"
        verb = word
    return call.tool.verbs.get(verb, verb) if call.tool else ""


def _loudness(call: Invocation) -> int:
    """How often the call is told to be quiet: `-qq`, `-q=2`, `-q2`."""
    level = 0
    for option in call.options:
        if option.name in ("-q", "--quiet"):
            text = option.argument.prefix
            digits = text.partition("q" if option.name == "-q" else "quiet")[2].strip("=q")
            level = int(digits) if digits[:1].isdigit() and digits.isdigit() else level + 1
    return level


def _settings(call: Invocation, questions: Questions) -> Iterator[tuple[str, str]]:
    for option in call.options:
        if option.name in questions.settings and option.value is not None:
            name, _, value = option.value.partition("=")
            # `quiet` answers from 2 on.
            if name.lower() != "quiet" or value[:1] in "23456789":
                yield name, value
