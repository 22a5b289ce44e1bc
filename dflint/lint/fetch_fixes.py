"""The fix that calls one program for downloads instead of two."""

from __future__ import annotations

import re

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.semantic.busybox import has_gnu_tools
from dflint.shell.conditions import is_optional
from dflint.shell.statements import Kind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation, Option

#: What the options of wget are for curl; an empty text stands for what it does anyway.
_OF_WGET = {
    "-q": "-s", "--quiet": "-s", "-n": "-s", "-v": "", "--no-verbose": "-s", "--verbose": "",
    "--progress": "", "--show-progress": "", "--no-check-certificate": "-k", "-t": "--retry",
    "--tries": "--retry", "--retry-connrefused": "", "--timeout": "--connect-timeout",
    "-T": "--connect-timeout", "--header": "-H", "-U": "-A", "--user-agent": "-A", "-O": "-o",
    "--output-document": "-o", "--no-hsts": "",
}  # fmt: skip
_OF_CURL = {
    "-s": "-q", "--silent": "-q", "-f": "", "--fail": "", "-S": "", "--show-error": "", "-L": "",
    "--location": "", "-#": "", "--progress-bar": "", "-k": "--no-check-certificate",
    "--insecure": "--no-check-certificate", "--retry": "", "--retry-delay": "",
    "--retry-connrefused": "--retry-connrefused", "--connect-timeout": "--connect-timeout",
    "-H": "--header", "--header": "--header", "-A": "-U", "--user-agent": "-U", "-o": "-O",
    "--output": "-O", "-O": "", "--remote-name": "",
}  # fmt: skip
_MANAGERS = ("apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "zypper")
_VALUED = frozenset(("--retry", "--connect-timeout", "-H", "-A", "--header", "-U", "-o", "-O"))
#: An address that ends in the name of a file, behind that of its host.
_FILE = LazyPattern(r"[^?#]*[^/?#:]/[^/?#*\[\]{}%]*[\w.-]")
#: Where curl fetches from, and wget does not.
_OF_CURL_ALONE = ("file:", "scp:", "sftp:", "smb", "dict:", "ldap", "gopher", "tftp:")
_READERS = ("grep", "egrep", "sed", "awk", "cut", "jq", "head", "tail", "tr", "perl", "python")
_PLAIN = LazyPattern(r"[\w./:@%+,=-]+", re.ASCII)
_VARIABLE = LazyPattern(r"\$\{?\w+\}?")


def with_one_program(doc: Document, stage: int, other: Invocation, name: str) -> Fix | None:
    """All calls of `name` in a stage as calls of the other program; unsafe.

    None where one of them has an option, or a place, that cannot be written so for certain.
    """
    text = doc.text
    if is_optional(other.command) or other.command.program_word is None:
        return None
    to = other.name or ""
    if re.search(rf"\b(?:remove|purge|del|erase|autoremove)\b[^\n;|]*\b{to}\b", text) is not None:
        return None
    if re.search(rf"\b{name}[ \t]*\(\)|alias[ \t]+{name}=", text) is not None:
        return None
    if any(_may_remove(program, to) for program in doc.programs if program.stage_number == stage):
        return None
    edits: list[Edit] = []
    for program in doc.programs:
        for call in program.invocations_of(name) if program.stage_number == stage else ():
            edit = _edit(doc, program, call)
            if edit is None:
                return None
            edits.append(edit)
    lost = tuple(word for one in edits for word in one.span.slice(text).split())
    title, effect = f"download with `{to}` alone", Effect.FILES
    return Fix(title, edits, Applicability.UNSAFE, effect, lost=lost, contract=SAME_IMAGE)


def _may_remove(program: Program, name: str) -> bool:
    """Whether a program may be removed by name, with a group of packages, or by a variable."""
    for call in program.invocations_of(*_MANAGERS):
        if call.action == "remove":
            for one in call.operands:
                if one.value is None or one.value in (name, f"{name}-") or one.value[:1] == ".":
                    return True
    return False


def _edit(doc: Document, program: Program, call: Invocation) -> Edit | None:
    """One call, as the other program is called."""
    command = call.command
    word = command.program_word
    leading = [one.text for one in command.leading_words[:-1]]
    if word is None or word.text != call.name or leading not in ([], ["sudo"]):
        return None
    if program.parent is not None or program.is_exec_form or len(call.operands) != 1:
        return None
    end = max(one.span.end for one in call.arguments)
    span = Span(word.span.start, end)
    if "#" in span.slice(doc.text).replace("-#", "") or command.assignments:
        return None
    if any(span.start < one.start < end for one in command.redirects if one.operator == "<<<"):
        return None
    is_wget = call.name == "wget"
    if not is_wget and not has_gnu_tools(doc.model, doc.programs, program):
        return None
    if "busybox" in doc.text:
        return None
    options = _options(call, _OF_WGET if is_wget else _OF_CURL)
    url = call.operands[0]
    if options is None or set(_VARIABLE.get().sub("", url.word.text)) & set("[]{}*"):
        return None
    rest = span.slice(doc.text)
    if any(mark in rest for mark in (">", "<")):
        return None
    written = _curl(call, options) if is_wget else _wget(call, options)
    return None if written is None else Edit(span, f"{written} {url.word.text}")


def _options(call: Invocation, names: dict[str, str]) -> dict[str, str] | None:
    """The options as the other program has them, each with its value as a word."""
    found: dict[str, str] = {}
    for option in call.options:
        to = names.get(option.name)
        if to is None:
            return None
        if not to:
            continue
        value = _value(option)
        if value is None or (to in _VALUED) != bool(value) or (to in found and to in _VALUED):
            return None
        found[to] = value
    return found


def _value(option: Option) -> str | None:
    """The value of an option as a word; empty without one."""
    given = option.given
    if given is None:
        return ""
    if given.word is not option.argument.word:
        return given.word.text
    value = given.value
    return value if value is not None and _PLAIN.get().fullmatch(value) is not None else None


def _is_named(call: Invocation) -> bool:
    """Whether the name of the file is the end of the address, for both programs."""
    value = call.operands[0].value
    return value is not None and _FILE.get().fullmatch(value) is not None and "://" in value


def _curl(call: Invocation, options: dict[str, str]) -> str | None:
    flags = "-fsSL" if "-s" in options else "-fL"
    output = options.pop("-o", None)
    options.pop("-s", None)
    if output is None:
        if not _is_named(call):
            return None
        flags += "O"
    more = [f"{name} {value}".rstrip() for name, value in options.items()]
    if output is not None and output != "-":
        more.append(f"-o {output}")
    return " ".join(("curl", flags, *more))


def _is_read(call: Invocation) -> bool:
    """Whether the text that arrives is looked at."""
    command = call.command
    if any(one.kind is Kind.SUBSTITUTION for one in command.ancestors):
        return True
    parent = command.parent
    if parent is None or parent.kind is not Kind.PIPELINE:
        return False
    return any(one.text.split()[0] in _READERS for one in parent.statements[command.index + 1 :])


def _wget(call: Invocation, options: dict[str, str]) -> str | None:
    if call.operands[0].prefix.lower().startswith(_OF_CURL_ALONE):
        return None
    is_saved = call.option("-O", "--remote-name") is not None
    if call.option("-L", "--location") is None and _is_read(call):
        return None  # it may be the page that leads elsewhere that is read
    output = options.pop("-O", None)
    if is_saved and (output is not None or not _is_named(call)):
        return None
    quiet = "-q" if "-q" in options else "--progress=dot:giga"
    options.pop("-q", None)
    more = [f"{name} {value}".rstrip() for name, value in options.items()]
    if not is_saved:
        more.append(f"-O {output or '-'}")
    return " ".join(("wget", quiet, *more))
