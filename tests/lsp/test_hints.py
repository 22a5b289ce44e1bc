from __future__ import annotations

from dflint.text.span import Span
from dflint_lsp.features.code_lens import BUILD_STAGE, SHOW_REFERENCES, code_lenses
from dflint_lsp.features.inlay_hints import Wanted, inlay_hints
from tests.lsp.versions import at, version_of


def hinted(text: str, wanted: Wanted | None = None) -> str:
    """The text with its hints in brackets."""
    version = version_of(text)
    hints = inlay_hints(version, Span(0, len(text)), wanted)
    for hint in reversed(hints):
        offset = version.lines.offset(hint.position)
        text = f"{text[:offset]}[{hint.label}]{text[offset:]}"
    return text


def test_values_stand_behind_variables():
    assert hinted("ARG V=1\nFROM a:${V}-x\nARG V\nENV W=$V\nRUN echo $W\n") == (
        "ARG V=1\nFROM a:${V}[= 1]-x\nARG V\nENV W=$V[= 1]\nRUN echo $W\n"
    )


def test_what_the_builder_or_nobody_gives_has_no_hint():
    text = "FROM --platform=$BUILDPLATFORM a\nARG X\nUSER $X\nENV PATH=/a:$PATH\nONBUILD USER $X\n"
    assert hinted(text) == text


def test_long_values_are_cut_and_told_in_full():
    version = version_of("FROM a\nENV A=" + "x" * 60 + "\nUSER $A\n")
    (hint,) = inlay_hints(version, Span(0, 100))
    assert len(hint.label) == 42 and hint.tooltip == "x" * 60


def test_stages_and_directories_when_they_are_wanted():
    text = "FROM a AS b\nWORKDIR /d\nWORKDIR e\nCOPY x y/\nCOPY x /z\n"
    assert hinted(text, Wanted(False, True, False)).startswith("FROM a AS b[stage 0]\n")
    assert hinted(text, Wanted(False, False, True)) == (
        "FROM a AS b\nWORKDIR /d\nWORKDIR e[→ /d/e]\nCOPY x y/[→ /d/e/y]\nCOPY x /z\n"
    )


def test_hints_are_those_of_the_range():
    version = version_of("FROM a\nENV A=1\nUSER $A\nUSER $A\n")
    (hint,) = inlay_hints(version, Span(23, 30))
    assert hint.position.line == 3


def test_a_lens_says_who_uses_a_stage():
    version = version_of(
        "FROM a AS b\nFROM b AS c\nCOPY --from=b x y\nFROM d\nFROM e\nCOPY --from=b x y\n"
    )
    titles = [one.command.title for one in code_lenses(version)]
    assert titles == ["Used by 2 stages", "Used by no stage", "Used by no stage"]


def test_lenses_show_and_build_where_that_can_be_done():
    version = version_of("FROM a AS b\nFROM b\n")
    uses, build, last = code_lenses(version, builds=True, shows=True)
    assert uses.range == at(0, 0, 0, 4)
    assert uses.command.command == SHOW_REFERENCES
    uri, _, locations = uses.command.arguments
    assert [one.range for one in locations] == [at(1, 5, 1, 6)]
    assert build.command.command == BUILD_STAGE and build.command.arguments == [uri, "b"]
    assert last.command.arguments == [uri, "1"]
