"""What is offered at a cursor, before it is put as a client wants it."""

from __future__ import annotations

import re

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.text.span import Span
    from dflint_lsp.documents import DocumentVersion

_PLACEHOLDER = re.compile(r"\$\{\d+:([^}]*)\}")
Kind = types.CompletionItemKind


class Abilities:
    """What the client can do with completions."""

    __slots__ = ("insert_replace", "snippets", "tags")

    def __init__(
        self, snippets: bool = False, insert_replace: bool = False, tags: bool = False
    ) -> None:
        self.snippets = snippets
        self.insert_replace = insert_replace
        self.tags = tags


def abilities_of(capabilities: types.ClientCapabilities) -> Abilities:
    """The abilities that a client declares."""
    document = capabilities.text_document
    completion = document.completion if document is not None else None
    item = completion.completion_item if completion is not None else None
    if item is None:
        return Abilities()
    return Abilities(
        bool(item.snippet_support),
        bool(item.insert_replace_support),
        item.tag_support is not None,
    )


class Offer:
    """One thing that could be written.

    `snippet` is what is inserted where the client fills in snippets, `plain` where it does not;
    `label` is the plain text or the snippet's, unless it is given. `span` is what is replaced: it
    lies on one line, with the cursor in it. `about` says where `completionItem/resolve` finds the
    documentation: a table and a name.
    """

    __slots__ = ("about", "detail", "documentation", "is_deprecated", "kind", "label", "match",
                 "plain", "snippet", "span")  # fmt: skip

    def __init__(
        self,
        plain: str,
        span: Span,
        kind: types.CompletionItemKind,
        snippet: str = "",
        label: str = "",
        detail: str = "",
        documentation: str = "",
        about: tuple[str, str] | None = None,
        match: str = "",
    ) -> None:
        self.plain = plain
        self.span = span
        self.kind = kind
        self.snippet = snippet
        self.label = label
        self.detail = detail
        self.documentation = documentation
        self.about = about
        self.match = match
        self.is_deprecated = False

    def label_for(self, abilities: Abilities) -> str:
        """What the client shows."""
        if self.label:
            return self.label
        if self.snippet and abilities.snippets:
            return snippet_text(self.snippet)
        return self.plain


class Offers:
    """What is offered at one cursor; `is_complete` is false where there is more than is told."""

    __slots__ = ("is_complete", "items")

    def __init__(self, items: list[Offer] | None = None, is_complete: bool = True) -> None:
        self.items = items or []
        self.is_complete = is_complete

    def behind(self, first: Iterable[Offer]) -> Offers:
        """These offers with others before them."""
        return Offers([*first, *self.items], self.is_complete)


def snippet_text(snippet: str) -> str:
    """A snippet with its placeholders filled in."""
    return _PLACEHOLDER.sub(r"\1", snippet).replace("\\$", "$").replace("\\}", "}")


def matches(typed: str, candidate: str) -> bool:
    """Whether all that is typed stands in a candidate, in its order, from a word's beginning on.

    Clients choose among what does, each in its way.
    """
    if not typed:
        return True
    typed, candidate = typed.lower(), candidate.lower()
    at = candidate.find(typed[0])
    while at >= 0:
        if not candidate[at - 1 : at].isalnum() and _has_in_order(typed, candidate[at:]):
            return True
        at = candidate.find(typed[0], at + 1)
    return False


def _has_in_order(typed: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in typed)


def completion_list(
    offers: Offers, version: DocumentVersion, offset: int, abilities: Abilities
) -> types.CompletionList:
    """The offers that go with what is typed, as a client wants them."""
    items: list[types.CompletionItem] = []
    seen: set[str] = set()
    for offer in offers.items:
        label = offer.label_for(abilities)
        match = offer.match or label
        typed = version.text[offer.span.start : offset]
        if label in seen or not matches(typed, match):
            continue
        seen.add(label)
        items.append(_item(offer, label, match, f"{len(items):04}", version, offset, abilities))
    return types.CompletionList(not offers.is_complete, items)


def _item(
    offer: Offer,
    label: str,
    match: str,
    sort: str,
    version: DocumentVersion,
    offset: int,
    abilities: Abilities,
) -> types.CompletionItem:
    is_snippet = bool(offer.snippet) and abilities.snippets
    offered = offer.snippet if is_snippet else offer.plain
    text = version.written(offered, is_snippet)
    replaced = version.lines.range(offer.span)
    edit: types.TextEdit | types.InsertReplaceEdit
    if abilities.insert_replace and offset < offer.span.end:
        inserted = types.Range(replaced.start, version.lines.position(offset))
        edit = types.InsertReplaceEdit(text, inserted, replaced)
    else:
        edit = types.TextEdit(replaced, text)
    item = types.CompletionItem(
        label=label,
        kind=offer.kind,
        detail=offer.detail or None,
        documentation=offer.documentation or None,
        sort_text=sort,
        filter_text=match,
        text_edit=edit,
        insert_text_format=(
            types.InsertTextFormat.Snippet if is_snippet else types.InsertTextFormat.PlainText
        ),
        data=list(offer.about) if offer.about is not None else None,
    )
    if "\n" in text and text != offered:
        item.insert_text_mode = types.InsertTextMode.AsIs
    if offer.is_deprecated and abilities.tags:
        item.tags = [types.CompletionItemTag.Deprecated]
    return item
