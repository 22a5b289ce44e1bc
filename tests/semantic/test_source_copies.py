import pytest

from dflint.cst.instructions import Copy
from dflint.cst.parser.build import parse
from dflint.semantic.model import SemanticModel
from dflint.semantic.source_copies import CopiedSources, source_copies


def copies_of(text):
    model = SemanticModel(parse(text))
    return [
        (copy.instruction.reading.arguments[copy.at], copy.destination, copy.is_root)
        for one in model.tree.instructions
        if isinstance(one, Copy)
        for copy in source_copies(model, one)
    ]


def test_destinations_are_absolute_and_expanded():
    text = "FROM scratch\nENV D=/srv\nWORKDIR /app\nCOPY . .\nCOPY src/ a.txt $D/x/\n"

    assert copies_of(text) == [(".", "/app", True), ("src/", "/srv/x", False)]


@pytest.mark.parametrize(
    "copy", ["--from=b . .", "Gemfile .", "*.json ./", "a.txt b/", "<<E /x\nE", "x"]
)
def test_files_and_other_stages_are_no_sources(copy):
    assert copies_of(f"FROM a\nCOPY {copy}\n") == []


def sources_of(text):
    model = SemanticModel(parse(text))
    sources = CopiedSources()
    for one in model.tree.instructions:
        if isinstance(one, Copy):
            sources.add(model, one)
    return sources


def test_the_whole_context_holds_files_at_any_depth():
    copy = sources_of("FROM a\nCOPY . /app\n").source_of("/app/web/package.json", ("package.json",))

    assert copy is not None
    assert copy.context_path("/app/web/package.json") == "web/package.json"


def test_a_directory_holds_files_directly_in_it_unless_they_came_by_themselves():
    path, names = "/app/package.json", ("package.json",)

    copy = sources_of("FROM a\nCOPY ./web/ /app\n").source_of(path, names)
    assert copy is not None
    assert copy.context_path(path) == "web/package.json"
    assert sources_of("FROM a\nCOPY web /\n").source_of(path, names) is None
    assert sources_of("FROM a\nCOPY web package*.json /app\n").source_of(path, ("package",)) is None
    assert sources_of("FROM a\nCOPY requirements /app\n").source_of(path, names) is None
