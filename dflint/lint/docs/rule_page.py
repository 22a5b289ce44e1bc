"""The page of a rule, made of its metadata, its docstring and its examples."""

from __future__ import annotations

import inspect
import re

from dflint.lint.docs.other_tools import link_of, tool_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.lint.options import OptionSpec
    from dflint.lint.rule import Invalid, Meta, Rule, Valid

#: Where the pages of the built-in rules can be read.
_PAGES = "https://github.com/dflint/dflint/blob/main/docs/rules/"
#: Of a longer example only the beginning and the end are shown, in characters.
_LONGEST = 1000
_REFERENCE = "https://docs.docker.com/reference/dockerfile/"
#: How a docstring's last paragraph begins when it says where the rule comes from.
_WORKS = (
    "Dockerfile reference",
    "Dockerfile best practices",
    "Docker documentation",
    "BuildKit check",
    "OCI image specification",
)


def page(rule: type[Rule]) -> str:
    """The rule's page in Markdown."""
    meta = rule.meta
    summary, why, source = _parts(rule)
    state = "on" if meta.default else "off"
    facts = f"{meta.severity.label}, {meta.category.value}, {state} by default, since {meta.since}"
    lines = [f"# {meta.name}", "", summary, "", facts, ""]
    bad = [rule.bad] if rule.bad else [case.code for case in rule.invalid[:1]]
    good = [rule.good] if rule.good else [case.code for case in rule.valid[:1]]
    lines += ["## Bad", "", *_block(*bad), "## Good", "", *_block(*good)]
    if why:
        lines += ["## Why", "", why, ""]
    lines += [*_other_tools(meta.aliases), *_options(meta), *_configuration(meta)]
    lines += _cases("## Reported as well", rule.invalid if rule.bad else rule.invalid[1:])
    lines += _cases("## Not reported", rule.valid if rule.good else rule.valid[1:])
    if source:
        lines += ["## Source", "", _linked(source), ""]
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
    return (summary, rest.strip(), last) if last.startswith(_WORKS) else (summary, why, "")


def _linked(source: str) -> str:
    """The source with links to the Dockerfile reference and to checks of BuildKit."""
    text = re.sub(r'Dockerfile reference(?:(,\s)"([^"]++)")?', _reference, source, count=1)
    return re.sub(
        r"BuildKit check\s(\w++)", lambda found: f"BuildKit check {link_of(found[1])}", text
    )


def _reference(found: re.Match[str]) -> str:
    between, section = found.group(1, 2)
    if not section:
        return f"[Dockerfile reference]({_REFERENCE})"
    anchor = re.sub(r"[^\w-]", "", section.lower().replace(" ", "-"))
    return f'[Dockerfile reference{between}"{section}"]({_REFERENCE}#{anchor})'


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
    lines = [
        "Above an instruction, with the reason behind it; `ignore-file` is for the whole file:",
        "",
        "```dockerfile",
        f"# dflint: ignore={name} why it is right here",
        "```",
        "",
    ]
    hadolint = [alias for alias in meta.aliases if tool_of(alias) == "hadolint"]
    if hadolint:
        lines += [f"`# hadolint ignore={hadolint[0]}` does the same.", ""]
    other = "info" if meta.severity.label == "warning" else "warning"
    selection = "ignore" if meta.default else "extend-select"
    return [
        "## Silence" if meta.default else "## Switch on, silence",
        "",
        *lines,
        "In `dflint.toml`:",
        "",
        "```toml",
        f'{selection} = ["{name}"]',
        f'severity.{name} = "{other}"',
        "```",
        "",
    ]


def _cases(heading: str, cases: Iterable[Valid | Invalid]) -> list[str]:
    lines = []
    for case in cases:
        given = [f"`{name} = {_toml(value)}`" for name, value in sorted(case.options.items())]
        if given:
            lines += [f"With {', '.join(given)}:", ""]
        lines += _block(case.code)
    return [heading, "", *lines] if lines else []


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
