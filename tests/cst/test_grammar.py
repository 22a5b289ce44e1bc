"""The compiled patterns are the grammar of record."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dflint.cst.parser.build import parse
from dflint.cst.parser.compiled import RULES
from dflint.cst.parser.compiler import compiled_source, grammar, lower
from tests.cst.peg import interpreting
from tests.cst.strategies import dockerfiles


def trees(text):
    """The tree of a text by the compiled patterns, then by the interpreted grammar."""
    return _expanded(text), _interpreted(text)


def _expanded(text):
    tree = parse(text)
    for node in tree.instructions:
        assert node.keyword is not None
        assert node.reading is not None
    return tree


def _interpreted(text):
    with interpreting():
        return _expanded(text)


def same(text):
    compiled, interpreted = trees(text)
    readings = zip(compiled.instructions, interpreted.instructions, strict=True)
    return compiled.deep_equals(interpreted) and all(
        one.reading.arguments == other.reading.arguments
        and one.reading.flags == other.reading.flags
        for one, other in readings
    )


def test_compiled_module_is_up_to_date():
    import dflint.cst.parser.compiled as compiled

    with open(compiled.__file__, encoding="utf-8") as stream:
        assert stream.read() == compiled_source()


def test_compiled_patterns_and_grammar_give_the_same_tree_on_real_files(shared):
    files = sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))

    different = [
        file.name
        for file in files
        if not same(file.read_bytes().decode("utf-8", "surrogateescape"))
    ]

    assert len(files) > 5000
    assert different == []


@given(dockerfiles())
@settings(max_examples=300, deadline=None)
def test_compiled_patterns_and_grammar_give_the_same_tree_on_generated_files(text):
    assert same(text)


@given(st.text(alphabet="RUNENV=[]\"'\\` \t\n#<-$ab,{}\r\xa0\ufeff", max_size=80))
@settings(max_examples=300, deadline=None)
def test_compiled_patterns_and_grammar_give_the_same_tree_on_random_text(text):
    assert same(text)
    assert same("# escape=`\n" + text)


def test_compiler_refuses_a_recursive_rule():
    from parsimonious.grammar import Grammar

    recursive = Grammar('nested = "(" nested? ")"')

    with pytest.raises((ValueError, RecursionError)):
        lower(recursive["nested"])


@pytest.mark.parametrize("escape", sorted(RULES))
@pytest.mark.parametrize("name", sorted(RULES["\\"]))
def test_no_pattern_blows_up_on_repeated_characters(name, escape):
    pattern = re.compile(RULES[escape][name])
    for unit in (" ", "\\", "`", '"', "'", "a", "=", "[", '"a",', "\\a", " a", "<", "#", "--", "$"):
        text = unit * 50_000
        for head in ("", "# a =", '["', "--", "<<", '"', "'"):
            for tail in ("", "\n", "\x00", '"', "]"):
                found = pattern.match(head + text + tail)
                assert found is None or found.end() <= len(head + text + tail)


def test_grammar_knows_every_compiled_rule():
    assert sorted(grammar("\\")) == sorted(RULES["\\"]) == sorted(RULES["`"])
