from __future__ import annotations

import re

import pytest

from dflint.cst.instructions import keywords
from dflint.cst.parser.logical_lines import DIRECTIVES
from dflint.semantic.flags import FLAGS, FlagKind
from dflint.semantic.mount_options import MOUNT_KEYS, MOUNT_TYPES, SHARING_MODES, parse_mount
from dflint.semantic.scope import PLATFORM, PREDEFINED
from dflint.semantic.signals import is_signal
from dflint_lsp.completing.offers import snippet_text
from dflint_lsp.features.completion import completions
from dflint_lsp.reference.flags import (
    FLAG_FACTS,
    MOUNT_ALIASES,
    MOUNT_OPTION_FACTS,
    MOUNT_TYPE_FACTS,
)
from dflint_lsp.reference.instructions import INSTRUCTIONS
from dflint_lsp.reference.lookup import about
from dflint_lsp.reference.values import (
    ARGUMENT_FACTS,
    DIRECTIVE_FACTS,
    DIRECTIVE_VALUES,
    SHELLS,
    SIGNAL_FACTS,
)
from dflint_lsp.signatures import Signature
from dflint_lsp.texts import code, plain
from tests.lsp.versions import version_of


def test_every_instruction_and_flag_is_told_of():
    assert set(INSTRUCTIONS) == set(keywords())
    assert {key: set(facts) for key, facts in FLAG_FACTS.items()} == {
        key: set(flags) for key, flags in FLAGS.items()
    }


def test_flags_without_a_value_have_no_example():
    for keyword, flags in FLAGS.items():
        for name, kind in flags.items():
            assert bool(FLAG_FACTS[keyword][name].example) == (kind is not FlagKind.BOOL)


def test_every_option_of_a_mount_is_told_of():
    assert set(MOUNT_OPTION_FACTS) | set(MOUNT_ALIASES) | {"type"} == set(MOUNT_KEYS)
    assert set(MOUNT_TYPE_FACTS) == set(MOUNT_TYPES)
    assert MOUNT_OPTION_FACTS["sharing"][1].values == SHARING_MODES


@pytest.mark.parametrize("name", MOUNT_OPTION_FACTS)
def test_options_are_offered_for_the_types_that_take_them(name):
    kinds, facts = MOUNT_OPTION_FACTS[name]
    for kind in kinds:
        text = f"type={kind},target=/x"
        if name != "target":
            text += f",{name}={facts.example}" if facts.example else f",{name}"
        assert parse_mount(text).problem is None, text


def test_directives_arguments_and_signals_are_those_of_the_builder():
    assert set(DIRECTIVE_FACTS) == set(DIRECTIVE_VALUES) == set(DIRECTIVES)
    given = {name.upper() for name in (*PLATFORM, *PREDEFINED)}
    assert set(ARGUMENT_FACTS) == given
    assert all(is_signal(name) for name in SIGNAL_FACTS)


@pytest.mark.parametrize("keyword", INSTRUCTIONS)
def test_the_ways_to_write_an_instruction_can_be_read(keyword):
    if keyword == "ONBUILD":
        pytest.skip("its placeholder is no instruction")
    for form in INSTRUCTIONS[keyword].forms:
        start = "" if keyword == "FROM" else "FROM a\n"
        text = f"{start}{keyword} {snippet_text(form).replace('signal', 'TERM', 1)}\n"
        text = text.replace("EXPOSE port", "EXPOSE 80").replace("baseImage", "a")
        assert not version_of(text).document.problems, text
    for template in INSTRUCTIONS[keyword].signatures:
        signature = Signature(f"{keyword} {template}")
        assert signature.parameters and "{" not in signature.label


def test_shells_can_be_read():
    for shell in SHELLS:
        assert not version_of(f"FROM a\nSHELL {shell}\n").document.problems


def test_everything_that_is_offered_can_be_looked_up():
    places = ["#|", "FROM a\n|", "FROM a\nRUN --mount=|", "FROM a\nLABEL |", "FROM a\nCOPY |"]
    seen = 0
    for place in places:
        offset = place.index("|")
        for item in completions(version_of(place.replace("|", "")), offset).items:
            if item.data is not None:
                seen += 1
                assert about(*item.data), item.data
    assert seen > 50


def test_texts_say_the_same_plainly():
    text = about("instruction", "ADD")
    assert re.search(r"[`*]|\]\(", plain(text)) is None
    assert "https://docs.docker.com/reference/dockerfile/#add" in plain(text)


def test_code_has_fences_that_are_not_in_it():
    assert code("a") == "`a`" and code("") == "empty"
    assert code("a`b``") == "``` a`b`` ```"
