"""Licence expressions."""

from __future__ import annotations

import pytest

from dflint.semantic.spdx import expression_problem, reason_against


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("MIT", None),
        ("apache-2.0", None),
        ("Apache-2.0+", None),
        ("GPL-2.0+ WITH Classpath-exception-2.0", None),
        ("(MIT OR (ISC AND Zlib))", None),
        ("DocumentRef-a:LicenseRef-b", None),
        ("NOASSERTION", None),
        ("MIT ISC", "ISC"),
        ("MIT Or ISC", "Or"),
        ("MIT WITH GPL-2.0", "GPL-2.0"),
        ("OR MIT", "OR"),
        ("MIT)", ")"),
        ("(MIT", ""),
        ("MIT AND", ""),
        ("MIT WITH", ""),
        ("()", ")"),
        ("Apache", "Apache"),
    ],
)
def test_first_word_that_makes_no_expression(value, word):
    assert expression_problem(value) == word


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("GPL-2.0+", "`GPL-2.0-only` or `GPL-2.0-or-later`"),
        ("LGPL-3.0", "`LGPL-3.0-only`"),
        ("Nunit", "deprecated `Nunit`"),
    ],
)
def test_a_deprecated_identifier_is_held_against_a_value_only_where_asked(value, said):
    assert said in str(reason_against(value, is_strict=True))
    assert reason_against(value, is_strict=False) is None
