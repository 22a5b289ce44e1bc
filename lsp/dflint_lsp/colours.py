"""What a token may be."""

from __future__ import annotations

from enum import Enum


class Colour(Enum):
    """What a token is: the standard types of the protocol that occur."""

    KEYWORD = "keyword"
    COMMENT = "comment"
    STRING = "string"
    NUMBER = "number"
    OPERATOR = "operator"
    VARIABLE = "variable"
    PARAMETER = "parameter"
    PROPERTY = "property"
    FUNCTION = "function"
    CLASS = "class"
    NAMESPACE = "namespace"
    MACRO = "macro"


Token = tuple[int, int, Colour]
"""The beginning and the end of a piece of a text, and what it is."""
