"""What is read of a client's abilities: the parts that somebody here, or the framework, looks at.

An editor tells of some hundred; reading each takes a class that has to be made first, all of them
a fifth of the start.
"""

from __future__ import annotations

import cattrs
from lsprotocol import types
from pygls.protocol import default_converter

#: The parts of `textDocument` that are looked at (LSP 3.17, "ClientCapabilities").
HEEDED = frozenset((
    "codeAction", "completion", "diagnostic", "documentSymbol", "foldingRange", "hover",
    "rename", "signatureHelp", "synchronization",
))  # fmt: skip
#: Parts of the whole that nobody looks at.
_IGNORED = frozenset(("notebookDocument",))


def make_converter() -> cattrs.Converter:
    """A converter of messages that leaves out the abilities that nobody looks at."""
    converter: cattrs.Converter = default_converter()  # type: ignore[no-untyped-call]
    # What is wrong with a message is told by its first mistake: less code for each class.
    converter.detailed_validation = False
    plain = converter.get_structure_hook(types.ClientCapabilities)

    def read(given: object, kind: type) -> object:
        return plain(_heeded(given), kind)

    converter.register_structure_hook(types.ClientCapabilities, read)
    return converter


def _heeded(given: object) -> object:
    if not isinstance(given, dict):
        return given  # the converter says what is wrong with it
    found = {name: value for name, value in given.items() if name not in _IGNORED}
    document = found.get("textDocument")
    if isinstance(document, dict):
        found["textDocument"] = {name: value for name, value in document.items() if name in HEEDED}
    return found
