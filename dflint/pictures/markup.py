"""Text of other people as it may stand in HTML and SVG."""

from __future__ import annotations

from html import escape

from dflint.text.visible import make_visible


def markup(text: object) -> str:
    """A text on one line with what markup takes for its own as entities, quotes too.

    Characters without a glyph and bytes that are no UTF-8 are written as escapes.
    """
    return escape(make_visible(str(text)))
