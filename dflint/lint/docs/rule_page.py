"""The page of a rule, made of its metadata, its docstring and its examples."""

from __future__ import annotations

import inspect

from dflint.lint.docs.other_tools import link_of, tool_of
from dflint.lint.docs.sources import is_source, linked
from dflint.lint.runner import BANNED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dflint.lint.options import OptionSpec
    from dflint.lint.rule import Invalid, Meta, Rule, Valid

#: Where the pages of the built-in rules can be read.
_PAGES = "https://github.com/dflint/dflint/blob/main/docs/rules/"
#: Of a longer example only the beginning and the end are shown, in characters.
_LONGEST = 1000
#: What the shorter examples are.
_TESTS = "Tests of the rule, in which `a`, `b`, … stand for any image, file or program:"


def page(rule: type[Rule]) -> str:
    """The rule's page in Markdown."""
    summary, why, source = _parts(rule)
    lines = [f"# {rule.meta.name}", "", summary, "", _facts(rule), ""]
    bad = [rule.bad] if rule.bad else [case.code for case in rule.invalid[:1]]
    good = [rule.good] if rule.good else [case.code for case in rule.valid[:1]]
    lines += ["## Bad", "", *_given(dict(rule.given)), *_block(*bad)]
    lines += ["## Good", "", *_block(*good)]
    if why:
        lines += ["## Why", "", why, ""]
    if source:
        lines += ["## Source", "", linked(source), ""]
    lines += [*_other_tools(rule.meta.aliases), *_options(rule.meta), *_configuration(rule.meta)]
    invalid, valid = rule.invalid, rule.valid
    if not rule.bad:
        invalid, valid = invalid[1:], valid[1:]
    lines += _cases("## Reported as well", invalid) + _cases("## Not reported", valid)
    return "\n".join(lines)


def page_url(name: str) -> str:
    """Where the page of a built-in rule can be read."""
    return f"{_PAGES}{name}.md"


def explanation(rule: type[Rule]) -> str:
    """Why the rule is there, in Markdown without headings; its summary if nothing says why."""
    summary, why, _ = _parts(rule)
    return why or summary


def _parts(rule: type[Rule]) -> tuple[str, str, str]:
    """Summary, reasons and source."""
    summary, _, body = inspect.cleandoc(rule.__doc__ or "").partition("\n")
    why = body.strip()
    rest, _, last = why.rpartition("\n\n")
    return (summary, rest.strip(), last) if is_source(last) else (summary, why, "")


def _facts(rule: type[Rule]) -> str:
    """Severity, category and whether the rule is on, in one line."""
    meta = rule.meta
    state = "on by default" if meta.default else "off by default"
    if rule.needs:
        state += f", silent without `{rule.needs}` in the configuration"
    return (
        f"Severity: {meta.severity.label}. Category: {meta.category.value}. "
        f"{state.capitalize()}. {_FIXED[meta.fix]}Since {meta.since}."
    )


#: What `--fix` does, by the best fix that a rule has.
_FIXED = {
    "": "",
    "safe": "Fixed by `--fix`. ",
    "unsafe": "Fixed by `--fix --unsafe-fixes`. ",
    "display": "A fix is proposed, not made. ",
}


def _other_tools(aliases: Sequence[str]) -> list[str]:
    if not aliases:
        return []
    lines = ["## Other tools", ""]
    for alias in aliases:
        tool = tool_of(alias)
        lines.append(f"- {tool}: {link_of(alias)}" if tool else f"- `{alias}`")
    return [*lines, ""]


def _options(meta: Meta) -> list[str]:
    if not meta.options:
        return []
    lines = ["## Options", "", "With their defaults:", "", "```toml", f"[rules.{meta.name}]"]
    for option in meta.options:
        lines += [f"# {text}" for text in (option.help, _values(option)) if text]
        lines.append(f"{option.name} = {_toml(option.default)}")
    return [*lines, "```", ""]


def _values(option: OptionSpec) -> str:
    """Which values there are, where the default does not show it."""
    if option.choices:
        kind = "any of" if option.type == "list[str]" else "one of"
        return f"{kind}: {', '.join(map(_toml, option.choices))}"
    if option.exact_for:
        names = " or ".join(f"`{name}`" for name in option.exact_for)
        return f"true where the rule is selected as {names}, to judge as that tool does"
    return "a list of strings" if option.type == "list[str]" else ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def _configuration(meta: Meta) -> list[str]:
    """How the rule is switched on, silenced, and given another severity."""
    name = meta.name
    hadolint = [alias for alias in meta.aliases if tool_of(alias) == "hadolint"]
    comment = [
        "Above the instruction, with the reason behind it; `ignore-file` instead of `ignore` is",
        "for the whole file:",
        "",
        "```dockerfile",
        f"# dflint: ignore={name} why it is right here",
        "```",
        "",
    ]
    if hadolint:
        comment += [f"`# hadolint ignore={hadolint[0]}` does the same.", ""]
    if name == BANNED:
        comment = ["No comment silences it.", ""]
    other = "info" if meta.severity.label == "warning" else "warning"
    severity = [f'severity.{name} = "{other}"', "```", ""]
    if meta.default:
        switch = "For the whole project, in `dflint.toml`; or give it another severity there:"
        settings = [switch, "", "```toml", f'ignore = ["{name}"]', *severity]
        return ["## Silence", "", *comment, *settings]
    switch = "In `dflint.toml`, perhaps with another severity:"
    settings = [switch, "", "```toml", f'extend-select = ["{name}"]', *severity]
    return ["## Switch on", "", *settings, "## Silence", "", *comment]


def _cases(heading: str, cases: Iterable[Valid | Invalid]) -> list[str]:
    lines = []
    for case in cases:
        lines += [*_given(case.options), *_block(case.code)]
        fixed = getattr(case, "fixed", None)
        if fixed is not None:
            lines += ["is fixed to", "", *_block(fixed)]
    return [heading, "", _TESTS, "", *lines] if lines else []


def _given(options: Mapping[str, object]) -> list[str]:
    """What an example needs in the configuration, or in the ignore file."""
    shown = []
    for name, value in sorted(options.items()):
        if name == "dockerignore":
            patterns = [line for line in str(value).splitlines() if line[:1] not in ("", "#")]
            shown.append(f"{', '.join(f'`{pattern}`' for pattern in patterns)} in `.dockerignore`")
        elif name == "files" and isinstance(value, dict):
            shown.append(_files(value))
        elif name == "gitignored":
            shown.append(f"`{'`, `'.join(map(str, _items(value)))}` ignored by git")
        elif isinstance(value, dict):
            shown += [f"`{name}.{_key(key)} = {_toml(entry)}`" for key, entry in value.items()]
        else:
            shown.append(f"`{name} = {_toml(value)}`")
    return [f"With {', '.join(shown)}:", ""] if shown else []


def _files(texts: Mapping[str, object]) -> str:
    """The files of the context, with what is in them where that matters."""
    names = [
        f"`{name}` (`{_shown(str(text)).strip()}`)" if text else f"`{name}`"
        for name, text in texts.items()
    ]
    return f"{', '.join(names) or 'nothing'} in the build context"


def _items(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _key(text: str) -> str:
    is_bare = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if is_bare else _toml(text)


def _shown(code: str) -> str:
    """An example as it can be printed: control characters visible, a huge one cut."""
    if len(code) > _LONGEST:
        code = f"{code[: _LONGEST // 2]}…{code[-20:]}"
    return "".join(
        character if character.isprintable() or character in "\n\t" else f"\\x{ord(character):02x}"
        for character in code
    )


def _block(code: str = "") -> list[str]:
    fence = "````" if "```" in code else "```"
    return [f"{fence}dockerfile", _shown(code.rstrip("\n")), fence, ""]
