"""Whether a configuration says no less than another, perhaps in other words."""

from __future__ import annotations

from dflint.graph.command import Command
from dflint.graph.symbols import of_base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.graph.image_config import HealthCheck, ImageConfig

#: What a text that was meant as an array may have too much or too little of.
_ARRAY_MARKS = str.maketrans("", "", " \t\"'[],\\\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`")
#: What a shell takes for more than a letter, if perhaps not in quotes.
_SPECIAL = frozenset("$`*?[]~#!{}&|;()<>\n\\=")


def says_no_less(
    field: str, before: ImageConfig, after: ImageConfig, lost: frozenset[str] = frozenset()
) -> bool:
    """Whether a field of the configuration kept all that it said, but for what may be `lost`.

    Of labels and the author the values have to be kept, under whatever name; of a command its
    words, whether a shell parts them or not; of ports, volumes and times all that there were.
    """
    if field in ("labels", "author"):
        return _keeps_labels(before, after, lost)
    if field == "cmd":
        return before.cmd is None or _same_command(before.cmd, after.cmd)
    if field == "entrypoint":
        return _same_command(before.entrypoint, after.entrypoint)
    if field == "healthcheck":
        return before.healthcheck is None or _keeps_check(before.healthcheck, after.healthcheck)
    if field == "exposed_ports":
        return before.exposed_ports.keys() - lost <= after.exposed_ports.keys()
    if field == "volumes":
        return before.volumes.keys() <= after.volumes.keys()
    if field == "onbuild":
        return _without_overridden(before.onbuild) == _without_overridden(after.onbuild)
    if field == "stop_signal":
        return before.stop_signal is None or _signal(before) == _signal(after)
    return False


def _without_overridden(triggers: tuple[object, ...]) -> list[object]:
    """The triggers but those that set what a later one sets again."""
    kept: list[object] = []
    last: set[object] = set()
    for trigger in reversed(triggers):
        keyword = trigger[0] if isinstance(trigger, tuple) else None
        if keyword not in last:
            kept.append(trigger)
        if keyword in ("cmd", "entrypoint", "healthcheck"):
            last.add(keyword)
    return kept


def sets_no_less(field: str, before: ImageConfig, after: ImageConfig) -> bool:
    """Whether a setting that is another one is still set: what was given is not left out."""
    if field == "env":
        names = dict(after.env.pairs())
        return all(name in names for name, _ in before.env.pairs())
    if field == "arguments":
        declared = dict(after.arguments)
        return all(name in declared for name, _ in before.arguments)
    if field == "onbuild":
        return len(before.onbuild) <= len(after.onbuild)
    if field in ("user", "workdir"):
        is_left_out = getattr(after, field) == of_base(field)
        return not is_left_out
    if field == "shell":
        return bool(after.shell)
    return True


def _keeps_labels(before: ImageConfig, after: ImageConfig, lost: frozenset[str]) -> bool:
    """Whether each label is there with its value, or its value under a new name."""
    new = [value for name, value in after.labels.items() if name not in before.labels]
    for name, value in before.labels.items():
        if value in lost:
            continue
        if name in after.labels:
            if after.labels[name] != value:
                return False
        elif value not in new:
            return False
    if before.author is None or before.author == after.author:
        return True
    written = _unquoted(before.author)
    return after.author is None and written in map(_unquoted, after.labels.values())


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'")


def _same_command(before: object, after: object) -> bool:
    """Whether two commands start the same program with the same words."""
    if not isinstance(before, Command) or not isinstance(after, Command):
        return False
    if before == after:
        return True
    if before.is_shell and after.is_shell:
        return before.shell == after.shell and after.text == "exec " + before.text
    if not before.is_shell and not after.is_shell:
        return False
    form, array = (before, after) if before.is_shell else (after, before)
    text = form.text
    if before.is_shell and text[:1] in ("[", "'", '"', "\u201c"):
        letters = "".join(array.arguments).translate(_ARRAY_MARKS)
        return text.translate(_ARRAY_MARKS) == letters
    if not form.is_posix or not _SPECIAL.isdisjoint(text):
        return False
    return _words(text.removeprefix("exec ")) == array.arguments


def _words(text: str) -> tuple[str, ...] | None:
    """The words of a plain command; None when it is none."""
    from dflint.shell.script import Script
    from dflint.shell.shell_text import ShellText

    commands = Script(ShellText(text, [0], [0])).commands
    if len(commands) != 1:
        return None
    values = tuple(word.value for word in commands[0].words)
    known = tuple(value for value in values if value is not None)
    return known if len(known) == len(values) else None


def _keeps_check(before: HealthCheck, after: HealthCheck | None) -> bool:
    if after is None or (before.kind == "NONE") != (after.kind == "NONE"):
        return False
    if before.command != after.command and not _same_command(before.command, after.command):
        return False
    times = ("interval", "timeout", "start_period", "start_interval", "retries")
    return all(getattr(before, one) in (0, getattr(after, one)) for one in times)


def _signal(config: ImageConfig) -> str:
    """A signal by its name without SIG, or by its number, as all of Linux' first ones have it."""
    text = (config.stop_signal or "").upper().removeprefix("SIG")
    return _NUMBERS.get(text, text)


_NUMBERS = {
    "1": "HUP", "2": "INT", "3": "QUIT", "6": "ABRT", "9": "KILL", "14": "ALRM", "15": "TERM",
}  # fmt: skip
