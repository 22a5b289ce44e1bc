from __future__ import annotations

import pytest

from dflint_lsp.features.hierarchy import (
    call_item,
    incoming,
    outgoing,
    stage_at,
    stage_of_item,
    type_item,
)
from tests.lsp.versions import at, marked, version_of

TEXT = (
    "FROM a AS base\n"
    "USER a\n"
    "FROM base AS build\n"
    "RUN --mount=from=base,target=/x ls\n"
    "FROM c\n"
    "COPY --from=build x y\n"
    "COPY --from=0 x y\n"
    "COPY --from=other x y\n"
)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("FROM a AS |b\n", 0),
        ("FR|OM a\n", 0),
        ("FROM a AS b\nFROM |b\n", 0),
        ("FROM a AS b\nFROM c\nCOPY --from=|0 x y\n", 0),
        ("FROM a AS b\nFROM |c\n", 1),
        ("FROM a\nUSER |b\n", None),
        ("|", None),
    ],
)
def test_which_stage_is_meant(text: str, index: int | None):
    stage = stage_at(*marked(text))
    assert (stage and stage.index) == index


def test_who_needs_whom():
    version = version_of(TEXT)
    base, build, last = version.document.model.stages
    calls = [(one.from_.name, one.from_ranges) for one in incoming(version, base)]
    assert calls == [
        ("build", [at(2, 5, 2, 9), at(3, 17, 3, 21)]),
        ("c", [at(6, 12, 6, 13)]),
    ]
    assert [one.to.name for one in outgoing(version, last)] == ["base", "build"]
    assert outgoing(version, base) == []
    assert [one.from_.name for one in incoming(version, build)] == ["c"]


def test_items_have_the_place_of_the_stage_and_of_its_name():
    version = version_of(TEXT)
    base, _, last = version.document.model.stages
    assert call_item(version, base).range == at(0, 0, 1, 6)
    assert call_item(version, base).selection_range == at(0, 10, 0, 14)
    assert type_item(version, last).selection_range == at(4, 0, 4, 6)
    assert type_item(version, last).detail == "c"


def test_items_are_found_again_after_an_edit():
    item = call_item(version_of(TEXT), version_of(TEXT).document.model.stages[1])
    changed = version_of("FROM x AS new\n" + TEXT)
    found = stage_of_item(changed, item)
    assert found is not None
    assert found.index == 2
    assert stage_of_item(version_of("FROM x\n"), item) is None
