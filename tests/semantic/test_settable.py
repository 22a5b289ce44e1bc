"""Where a build argument may make something else of what the file says."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.model import SemanticModel
from dflint.semantic.settable import is_user_settable


@pytest.mark.parametrize(
    ("source", "is_settable"),
    [
        ("USER a\n", False),
        ("ENV A=a\nUSER $A\n", False),
        ("ARG A=a\nUSER $A\n", True),
        ("ARG A=a\nENV B=x$A C=$PATH\nUSER ${B}\n", True),
        ("ARG A=a\nENV A=b\nUSER $A\n", False),
        ("ENV A=$PATH A=b\nUSER $A\n", False),
        ("USER $A\n", True),
        ("USER a:${B:-c}\n", True),
        ("ARG A=a\nUSER $A\nUSER b\n", False),
        ("ARG A=a\nUSER $A\nFROM x\n", False),
        ("ARG A=a\nUSER $A\nFROM b\n", True),
    ],
)
def test_user(source, is_settable):
    tree = parse(f"FROM a AS b\n{source}RUN x\n")
    assert is_user_settable(SemanticModel(tree), tree.instructions[-1]) is is_settable
