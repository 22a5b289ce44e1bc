"""The grammar for shells, tree-sitter-bash; the only place that knows where it comes from.

Nothing is loaded before the first text is parsed.
"""

from __future__ import annotations

import sys
from functools import cache
from time import thread_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from tree_sitter import Language, Parser, Point, Tree

# No body written by a person comes near these: the longest of 15,000 has 10,000 characters. A
# pipeline of thousands of commands that is wrong somewhere takes the grammar seconds.
MOST_CHARACTERS = 32_768
_MOST_BARS = _MOST_PARENTHESES = 1_000

# On some texts that are wrong the grammar's time grows with the square of their length: a second
# for 20,000 characters. Above this length the parse is watched, and given up when it has taken
# several times what any right text of its length takes.
_WATCHED_CHARACTERS = 2_048
_SECONDS = 0.03
_SECONDS_PER_CHARACTER = 3e-6
_PATIENCE = 3

# The number of error nodes in every grammar.
_ERROR = 0xFFFF


def parse(text: str) -> Tree | None:
    """Give the grammar's tree of an ASCII text, or None when the text is too much for it.

    Byte offsets in the tree are character offsets in `text`.
    """
    if len(text) <= _WATCHED_CHARACTERS:
        return _parser().parse(text.encode("ascii"))
    if len(text) > MOST_CHARACTERS:
        return None
    if text.count("|") > _MOST_BARS or text.count("(") > _MOST_PARENTHESES:
        return None
    return _parse_watched(text.encode("ascii"))


def parse_nothing() -> Tree:
    """Give the grammar's tree of an empty text."""
    return _parser().parse(b"")


def by_kind_id(values: dict[str, int]) -> dict[int, int]:
    """Key what is known of kinds of nodes by the numbers that the grammar gives them.

    A number is had from a node in half the time that a name takes. A kind may have several.
    """
    language = _language()
    numbered = {_ERROR: values["ERROR"]} if "ERROR" in values else {}
    for number in range(language.node_kind_count):
        name = language.node_kind_for_id(number)
        if name is not None and name in values:
            numbered[number] = values[name]
    return numbered


def _parse_watched(source: bytes) -> Tree | None:
    seconds = _SECONDS + _SECONDS_PER_CHARACTER * len(source)
    tree = _parse_within(source, seconds)
    # On a machine that others work on too, time may have passed in which nothing was done.
    return tree if tree is not None else _parse_within(source, seconds * _PATIENCE)


def _parse_within(source: bytes, seconds: float) -> Tree | None:
    deadline = thread_time() + seconds

    def read(offset: int, _point: Point) -> bytes:
        return source[offset:]

    def is_late(_offset: int, _has_error: bool) -> bool:
        return thread_time() > deadline

    # A parser that has been stopped goes on where it was, so this one is not used again.
    parser = _new_parser()
    try:
        return parser.parse(read, progress_callback=is_late)
    except ValueError:
        return None


@cache
def _parser() -> Parser:
    return _new_parser()


def _new_parser() -> Parser:
    parser: Parser = _binding("tree_sitter").Parser(_language())
    return parser


@cache
def _language() -> Language:
    language: Language = _binding("tree_sitter").Language(_binding("tree_sitter_bash").language())
    return language


def _binding(package: str) -> ModuleType:
    """Load the extension module of a tree-sitter package, without what the package itself imports.

    That would be `typing` and `importlib.resources`, which take many times as long to load as
    the grammar does. The package's place is kept by an empty module while its extension loads.
    """
    name = f"{package}._binding"
    place = None if package in sys.modules else _package_place(package)
    if name not in sys.modules:
        if place is not None:
            sys.modules[package] = place
        try:
            __import__(name)
        finally:
            if place is not None:
                del sys.modules[package]
    return sys.modules[name]


def _package_place(package: str) -> ModuleType | None:
    """Give an empty module that knows where the package's modules are, or None when nobody does."""
    for finder in sys.meta_path:
        spec = finder.find_spec(package, None)
        if spec is not None:
            place = type(sys)(package)
            place.__path__ = spec.submodule_search_locations or []
            return place
    return None
