from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from dflint_lsp.features.outline import flat_outline, outline
from dflint_lsp.features.workspace import WorkspaceFiles, named_stages, search
from tests.lsp.versions import at, version_of

if TYPE_CHECKING:
    from pathlib import Path


def names(symbols: list[types.DocumentSymbol]) -> list[object]:
    return [(one.name, *names(list(one.children))) if one.children else one.name for one in symbols]


TEXT = "# syntax=a\nARG v\nFROM a:$v AS b\nENV v=1 \\\n  w=2\nRUN <<E\nls\nE\nfrom b\nCMD x\n"


def test_instructions_are_below_their_stage():
    found = outline(version_of(TEXT))
    assert names(found) == ["syntax", "ARG", ("FROM", "ENV", "RUN"), ("from", "CMD")]
    stage = found[2]
    assert stage.detail == "a:$v AS b"
    assert stage.kind is types.SymbolKind.Module
    assert stage.range == at(2, 0, 7, 1)
    assert stage.selection_range == at(2, 0, 2, 4)
    assert stage.children is not None
    assert stage.children[0].range == at(3, 0, 4, 5)
    assert stage.children[0].detail == "v=1 w=2"
    assert stage.children[1].range == at(5, 0, 7, 1)


def test_a_client_of_lists_gets_a_list():
    found = flat_outline(version_of(TEXT))
    assert [one.name for one in found] == [
        "syntax", "ARG", "FROM", "ENV", "RUN", "from", "CMD",
    ]  # fmt: skip
    assert [one.container_name for one in found[3:]] == ["a:$v AS b", "a:$v AS b", None, "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\\\n# c\n", []),
        ("# escape=\n", ["escape"]),
        ("\ufeff# syntax=a\r\n#escape=`\r\nRUN a `\r\n b\r\n", ["syntax", "escape", "RUN"]),
        ("# c\n# escape=`\n", []),
        ("RU\\\nN a\n", ["RUN"]),
        ("nonsense\n", ["nonsense"]),
        ("FROM\n", ["FROM"]),
        ("ONBUILD RUN a\n", ["ONBUILD"]),
    ],
)
def test_what_is_odd_or_half_typed_is_in_the_outline(text: str, expected: list[str]):
    assert names(outline(version_of(text))) == expected


def test_long_arguments_are_cut():
    (found,) = outline(version_of("RUN " + "ab " * 100))
    assert found.detail is not None
    assert found.detail.endswith("…")
    assert len(found.detail) == 80


def test_stages_are_found_by_the_letters_of_their_names():
    stages = named_stages(version_of("FROM a/b:1 AS Builder\nUSER a\nFROM debian\n"))
    assert [one.name for one in search(stages, "")] == ["Builder", "debian"]
    (found,) = search(stages, "bldr")
    assert found.name == "Builder"
    assert found.container_name == "Dockerfile"
    assert isinstance(found.location, types.Location)
    assert found.location.range == at(0, 0, 1, 6)
    assert search(stages, "rb") == []


def test_stages_of_files_that_are_not_open(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    one, other = tmp_path / "Dockerfile", tmp_path / "sub" / "Dockerfile"
    one.write_text("FROM a AS b\n")
    other.write_text("FROM a AS c\n")
    files = WorkspaceFiles("utf-16")
    found = files.stages([str(tmp_path)], frozenset())
    assert [stage.name for stage in found] == ["b", "c"]
    assert found[0].location.uri == one.as_uri()
    other.write_text("FROM a AS changed\n")
    assert [s.name for s in files.stages([str(tmp_path)], frozenset([str(one)]))] == ["changed"]
