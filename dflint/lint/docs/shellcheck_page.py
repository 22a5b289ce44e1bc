"""The page of one of ShellCheck's codes."""

from __future__ import annotations

from dflint.lint.shell_codes import DEFAULT_OFF, WIKI


def shellcheck_page(code: str) -> str:
    """The page in Markdown; the reasons are in ShellCheck's own wiki."""
    lines = [f"# {code}", "", "What ShellCheck says of a script in `RUN`.", ""]
    reason = DEFAULT_OFF.get(code)
    lines += [f"shell, {'off' if reason else 'on'} by default where ShellCheck is installed", ""]
    lines += ["## Why", "", f"<{WIKI}{code}> explains the code.", ""]
    if reason:
        lines += [f"It is off because {reason}.", ""]
    lines += ["## Silence", ""]
    lines += [f"`# dflint: ignore={code}` or `# shellcheck disable={code}` above the instruction."]
    return "\n".join(lines) + "\n"
