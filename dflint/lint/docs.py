"""The page of a rule, made of its metadata, its docstring and its examples."""

from __future__ import annotations

import inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.lint.rule import Rule

#: Of a longer example only the beginning and the end are shown, in characters.
_LONGEST = 1000


def page(rule: type[Rule]) -> str:
    """The rule's page in Markdown."""
    meta = rule.meta
    text = inspect.cleandoc(rule.__doc__ or "")
    summary, _, body = text.partition("\n")
    state = "on" if meta.default else "off"
    lines = [f"# {meta.name}", "", summary, ""]
    facts = f"{meta.severity.label}, {meta.category.value}, {state} by default, since {meta.since}"
    lines += [facts, ""]
    if meta.aliases:
        lines += [f"Also known as {', '.join(f'`{alias}`' for alias in meta.aliases)}.", ""]
    if body.strip():
        lines += ["## Why", "", body.strip(), ""]
    lines += ["## Reported", "", *_blocks(case.code for case in rule.invalid)]
    lines += ["## Not reported", "", *_blocks(case.code for case in rule.valid)]
    if meta.options:
        lines += ["## Options", ""]
        for option in meta.options:
            lines.append(f"- `{option.name}` ({option.type}, {option.default!r}): {option.help}")
        lines.append("")
    lines += ["## Silence", "", f"`# dflint: ignore={meta.name}` above the instruction.", ""]
    return "\n".join(lines)


def _shown(code: str) -> str:
    """An example as it can be printed: control characters visible, a huge one cut."""
    if len(code) > _LONGEST:
        code = f"{code[: _LONGEST // 2]}…{code[-20:]}"
    return "".join(
        character if character.isprintable() or character in "\n\t" else f"\\x{ord(character):02x}"
        for character in code
    )


def _blocks(examples: Iterable[str]) -> list[str]:
    lines = []
    for code in examples:
        fence = "````" if "```" in code else "```"
        lines += [f"{fence}dockerfile", _shown(code.rstrip("\n")), fence, ""]
    return lines
