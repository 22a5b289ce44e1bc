"""Text inside XML 1.0 documents.

Source: Extensible Markup Language 1.0, production `Char`, sections 2.2, 2.4 and 3.3.3.
"""

from __future__ import annotations

import re

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

_ILLEGAL = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_MARKUP = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",  # needed in `]]>`, allowed anywhere
        '"': "&quot;",
        # Written as they are, readers turn them into blanks or newlines.
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\x7f": "&#127;",  # allowed as it is, but nothing to send to a terminal
    }
)


def escape_xml(text: str) -> str:
    """Escape the text for a double-quoted attribute or for content, in pure ASCII.

    What XML cannot hold even as a character reference is U+FFFD.
    """
    text = re.sub(_ILLEGAL, "\ufffd", text).translate(_MARKUP)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
