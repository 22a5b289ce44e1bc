"""Texts for people, as Markdown or plain as the client has it."""

from __future__ import annotations

import re

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_FENCE = re.compile(r"^```.*\n", re.MULTILINE)


def plain(text: str) -> str:
    """Our Markdown without its signs."""
    text = _FENCE.sub("", text)
    text = _LINK.sub(r"\1: \2", text)
    return text.replace("**", "").replace("`", "")


def code(text: str) -> str:
    """A text as code within a line, whatever backticks are in it."""
    longest = max((len(one) for one in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    shown = text.replace("\n", " ")
    return f"{fence}{blank}{shown}{blank}{fence}" if text else "empty"


def markup(text: str, is_markdown: bool) -> types.MarkupContent:
    """A text of ours as the client wants it."""
    if is_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.MarkupContent(types.MarkupKind.PlainText, plain(text))


def documentation(text: str, is_markdown: bool | None) -> types.MarkupContent | str:
    """The same where a string will do: for clients that know no kinds of markup, None."""
    return plain(text) if is_markdown is None else markup(text, is_markdown)


def hover_format(capabilities: types.ClientCapabilities) -> bool:
    """Whether the client shows Markdown when it hovers."""
    document = capabilities.text_document
    hover = document.hover if document is not None else None
    return bool(_is_markdown(hover.content_format if hover is not None else None))


def documentation_format(capabilities: types.ClientCapabilities) -> bool | None:
    """Whether the client shows Markdown beside completions, None if it knows no markup."""
    document = capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    return _is_markdown(item.documentation_format if item is not None else None)


def signature_format(capabilities: types.ClientCapabilities) -> tuple[bool, bool | None]:
    """Whether the client takes places for parameters of signatures, and shows Markdown there."""
    document = capabilities.text_document
    signature = document.signature_help if document is not None else None
    information = signature.signature_information if signature is not None else None
    if information is None:
        return False, None
    parameter = information.parameter_information
    has_offsets = parameter is not None and bool(parameter.label_offset_support)
    return has_offsets, _is_markdown(information.documentation_format)


def _is_markdown(formats: Sequence[types.MarkupKind] | None) -> bool | None:
    return types.MarkupKind.Markdown in formats if formats else None
