"""Quick looks at a document that tell which rules have nothing to say of it.

A rule names one of these as its `occasion`; where it is not given, the rule is not asked, and not
even imported. Each takes less than an import does: nothing is read of a document that is not read
anyway.
"""

from __future__ import annotations

from dflint.cst.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    HealthCheck,
    Label,
    OnBuild,
    Run,
    Workdir,
)
from dflint.cst.parser.logical_lines import SPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document


def _stage_name(doc: Document) -> bool:
    """A FROM with more than an image, which may name its stage."""
    for stage in doc.all(From):  # noqa: SIM110 - a generator costs more
        if len(stage.reading.arguments) > 2:
            return True
    return False


def _variable_in_from(doc: Document) -> bool:
    for stage in doc.all(From):  # noqa: SIM110 - a generator costs more
        if "$" in stage.line.text:
            return True
    return False


def _lower_case_keyword(doc: Document) -> bool:
    """A keyword that is not in upper case, or not known."""
    for one in doc.instructions:  # noqa: SIM110 - a generator costs more
        if not one.line.text.startswith(one.KEYWORD):
            return True
    return False


def _line_within_instruction(doc: Document) -> bool:
    """A blank line in an instruction that goes on below it."""
    for instruction in doc.instructions:
        line = instruction.line
        more = len(line.pieces) - 1
        if not more:
            continue
        source, start, last = line.source, line.start, line.pieces[-1][1]
        # Most lines that are not read are comments.
        if source.count("\n", start, last) > more:
            lines = source[start : last - 1].split("\n")
            if "" in [one.strip(SPACE) for one in lines]:
                return True
    return False


def _ignore_file(doc: Document) -> bool:
    context = doc.settings.context
    return context is not None and context.ignore is not None


def _several_sources(doc: Document) -> bool:
    """A COPY or ADD that may have more than one source."""
    for one in (*doc.all(Copy), *doc.all(Add)):
        text = one.line.text
        if "[" in text or len(text.split(None, 3)) > 3:
            return True
    return False


def _copy_before_run(doc: Document) -> bool:
    return doc.has_after(Run, (Copy, Add))


def _relative_destination(doc: Document) -> bool:
    """A relative destination with no WORKDIR before it in its stage, or a trigger."""
    if doc.all(OnBuild):
        return True
    is_set = False
    for one in doc.instructions:
        kind = type(one)
        if kind is Run:  # by far the most
            continue
        if kind is From or kind is Workdir:
            is_set = kind is Workdir
        elif not is_set and (kind is Copy or kind is Add):
            last = one.reading.arguments[-1:]
            if last and last[0][:1] != "/":
                return True
    return False


def _relative_directory(doc: Document) -> bool:
    """A WORKDIR that is not plainly absolute, or a trigger."""
    if doc.all(OnBuild):
        return True
    for one in doc.all(Workdir):  # noqa: SIM110 - a generator costs more
        if one.line.text[8:9] != "/":
            return True
    return False


def _port_of_host(doc: Document) -> bool:
    for one in doc.all(Expose):
        text = one.line.text
        if ":" in text or "$" in text:
            return True
    return False


def _protocol_in_capitals(doc: Document) -> bool:
    for one in doc.all(Expose):
        text = one.line.text
        if "$" in text or ("/" in text and text[6:] != text[6:].lower()):
            return True
    return False


def _pair_without_sign(doc: Document) -> bool:
    """A key and a value in ENV or LABEL that a blank separates."""
    for one in (*doc.all(Env), *doc.all(Label)):
        words = one.line.text.split(None, 2)
        if len(words) > 2 and "=" not in words[1]:
            return True
    return False


def _blank_beside_sign(doc: Document) -> bool:
    return _pair_without_sign(doc) or any(
        "= " in one.line.text or "=\t" in one.line.text for one in doc.all(Arg)
    )


def _variable_among_pairs(doc: Document) -> bool:
    """An ENV of more than one pair with a variable in it, or a trigger."""
    return doc.has((OnBuild,)) or any(
        "$" in one.line.text and len(one.reading.arguments) > 5 for one in doc.all(Env)
    )


def _mentioned_word(doc: Document, mentions: tuple[str, ...]) -> bool:
    """One of the mentions as a word of its own, in lower case."""
    text = doc.text
    for name in doc.occurring.those_of(mentions):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not _is_in_word(text[at - 1 : at]) and not _is_in_word(text[end : end + 1]):
                return True
            at = text.find(name, end)
    return False


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in ("-", ".")


def _shell_form(kind: type[Instruction]) -> Callable[[Document], bool]:
    return lambda doc: not all(one.reading.is_json for one in doc.all(kind))


def _repeated(kind: type[Instruction]) -> Callable[[Document], bool]:
    return lambda doc: len(doc.all(kind)) > 1 or len(doc.all(OnBuild)) > 1


OCCASIONS: dict[str, Callable[[Document], bool]] = {
    "blank beside sign": _blank_beside_sign,
    "copy before run": _copy_before_run,
    "ignore file": _ignore_file,
    "line within instruction": _line_within_instruction,
    "lower-case keyword": _lower_case_keyword,
    "pair without sign": _pair_without_sign,
    "port of host": _port_of_host,
    "protocol in capitals": _protocol_in_capitals,
    "relative destination": _relative_destination,
    "relative directory": _relative_directory,
    "repeated cmd": _repeated(Cmd),
    "repeated entrypoint": _repeated(Entrypoint),
    "repeated healthcheck": _repeated(HealthCheck),
    "several sources": _several_sources,
    "shell-form cmd": _shell_form(Cmd),
    "shell-form entrypoint": _shell_form(Entrypoint),
    "stage name": _stage_name,
    "variable among pairs": _variable_among_pairs,
    "variable in from": _variable_in_from,
}


_MENTIONED_WORD = "mentioned word"


def is_known(occasion: str) -> bool:
    """Whether there is an occasion of this name."""
    return occasion == _MENTIONED_WORD or occasion in OCCASIONS


def occasion_of(occasion: str, mentions: tuple[str, ...]) -> Callable[[Document], bool]:
    """What tells whether a document gives a rule with these mentions its occasion."""
    if occasion == _MENTIONED_WORD:
        return lambda doc: _mentioned_word(doc, mentions)
    return OCCASIONS[occasion]
