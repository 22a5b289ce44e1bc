"""Stages, scopes and states."""

from __future__ import annotations

import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.model import SemanticModel
from dflint.semantic.stages import ReferenceKind


def model(text, **options):
    return SemanticModel(parse(text), **options)


def value(text, name, **options):
    """The value of a variable at the end of a file."""
    made = model(text + "\nRUN end\n", **options)
    return made.environment(made.tree.instructions[-1]).get(name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("FROM scratch\nENV X=env\nARG X=arg", "X", "arg"),
        ("FROM scratch\nARG X=arg\nENV X=env", "X", "env"),
        ("ARG X=g\nFROM scratch\nARG X", "X", "g"),
        ("ARG X=g\nFROM scratch", "X", None),
        ("ARG X=g\nFROM scratch\nARG X=d\nARG X", "X", "g"),
        ("FROM scratch\nARG X=d\nARG X", "X", "d"),
        ("FROM scratch AS a\nARG X=d\nFROM a", "X", "d"),
        ("FROM scratch AS a\nENV X=d\nFROM scratch", "X", None),
        ("FROM scratch\nARG X=d Y=$X", "Y", "d"),
        ("FROM scratch\nENV X=d Y=$X", "Y", ""),
        ("FROM scratch\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc", "def", "hello"),
        ("FROM scratch\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc", "ghi", "bye"),
        ("FROM scratch\nARG X\nENV X=1\nARG X", "X", "1"),
        ("FROM scratch\nARG TARGETARCH", "TARGETARCH", "amd64"),
        ("FROM scratch", "TARGETARCH", None),
        ("ARG TARGETARCH=foo\nFROM scratch\nARG TARGETARCH", "TARGETARCH", "foo"),
        ("ARG A=1\nARG B=$A-x\nFROM scratch\nARG B", "B", "1-x"),
        ("FROM scratch\nARG X=d\nENV X=$X-2", "X", "d-2"),
        ("FROM scratch", "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    ],
)
def test_variables_have_the_value_that_buildkit_gives_them(text, name, expected):
    assert value(text, name) == expected


def test_build_arguments_replace_defaults():
    text = "ARG X=g\nFROM scratch\nARG X=d\nARG Y"

    assert value(text, "X", build_args={"X": "given"}) == "given"
    assert value(text, "Y", build_args={"Y": "given"}) == "given"


def test_one_value_per_variable_for_a_whole_instruction():
    made = model("FROM scratch\nENV a=1\nENV a=2 b=$a\n")

    first, second = (made.environment(made.tree.instructions[at]) for at in (1, 2))
    assert first.get("a") is None
    assert second.get("a") == "1"


@pytest.mark.parametrize(
    ("text", "workdir"),
    [
        ("FROM scratch", "/"),
        ("FROM debian", None),
        ("FROM debian\nWORKDIR /a/../b/./c//d", "/b/c/d"),
        ("FROM debian\nWORKDIR /a\nWORKDIR b", "/a/b"),
        ("FROM debian\nWORKDIR b", None),
        ("FROM debian\nENV D=/x\nWORKDIR $D/y", "/x/y"),
        ("FROM debian AS a\nWORKDIR /a\nFROM a\nWORKDIR b", "/a/b"),
    ],
)
def test_workdir_before_an_instruction(text, workdir):
    made = model(text + "\nRUN end\n")

    assert made.state_before(made.tree.instructions[-1]).workdir == workdir


def test_user_and_shell_before_and_after():
    made = model('FROM debian\nUSER app\nSHELL ["/bin/bash", "-c"]\nRUN end\n')
    _, user, shell, end = made.tree.instructions

    assert made.state_before(user).user is None
    assert made.state_after(user).user == "app"
    assert made.state_before(shell).shell is None
    assert made.state_before(end).shell == ("/bin/bash", "-c")


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("debian", "linux"),
        ("mcr.microsoft.com/windows/servercore:ltsc2022", "windows"),
        ("--platform=windows/amd64 x", "windows"),
    ],
)
def test_family_of_the_operating_system(base, family):
    made = model(f"FROM {base}\nRUN end\n")

    assert made.state_before(made.tree.instructions[-1]).os_family == family


def test_stages_and_their_bases():
    made = model("ARG V=1\nFROM a:$V AS Build\nFROM build AS two\nFROM scratch\n")
    build, two, last = made.stages

    assert (build.name, build.image, build.base) == ("build", "a:1", None)
    assert two.base is build
    assert two.ancestors() == [build]
    assert last.is_scratch
    assert made.final_stage is last
    assert made.stage_named("BUILD") is build


@pytest.mark.parametrize(
    ("line", "kind", "stage"),
    [
        ("COPY --from=one a b", ReferenceKind.STAGE, 0),
        ("COPY --from=ONE a b", ReferenceKind.STAGE, 0),
        ("COPY --from=0 a b", ReferenceKind.STAGE, 0),
        ("COPY --from=two a b", ReferenceKind.SELF, 1),
        ("COPY --from=1 a b", ReferenceKind.SELF, 1),
        ("COPY --from=three a b", ReferenceKind.LATER, 2),
        ("COPY --from=7 a b", ReferenceKind.NO_SUCH_INDEX, None),
        ("COPY --from=nginx:1 a b", ReferenceKind.IMAGE, None),
        ("RUN --mount=type=bind,from=one,target=/x a", ReferenceKind.STAGE, 0),
    ],
)
def test_what_a_from_refers_to(line, kind, stage):
    text = f"FROM a AS one\nFROM b AS two\n{line}\nFROM c AS three\n"
    made = model(text)
    (found,) = [one for one in made.references if one.instruction.KEYWORD != "FROM"]

    assert found.kind is kind
    assert (found.stage.index if found.stage else None) == stage
    assert found.span.slice(text) == found.text


def test_graph_tells_what_a_target_needs():
    made = model("FROM a AS one\nFROM b AS two\nFROM c AS three\nCOPY --from=one x y\n")

    assert [stage.name for stage in made.graph.reachable(made.stages[2])] == ["one", "three"]
    assert made.graph.cycle() == []


def test_cycle_is_found():
    made = model("FROM a AS one\nCOPY --from=two x y\nFROM b AS two\nCOPY --from=one x y\n")

    assert [stage.name for stage in made.graph.cycle()] == ["one", "two"]


def test_uses_are_found_with_their_places():
    text = "FROM a\nENV X=1\nLABEL a=$X \\\n  b=${Y:-z}\n"
    made = model(text)

    uses = [(use.name, use.found, use.modifier, use.span.slice(text)) for use in made.uses]
    assert uses == [("X", True, "", "$X"), ("Y", False, ":-", "${Y:-z}")]


def test_word_that_cannot_be_expanded_is_a_failure_not_an_exception():
    made = model('FROM a\nENV X=${Y:i}\nWORKDIR "/a\n')

    assert [failure.word for failure in made.failures] == ["${Y:i}", '"/a']


@pytest.mark.parametrize("text", ["ARG X=${Y Z=1\nFROM a\n", "FROM a\nARG X=${Y Z=1\n"])
def test_default_that_is_not_needed_is_not_read(text):
    assert model(text).failures
    assert model(text, build_args={"Z": "2"}).failures
    assert not model(text, build_args={"X": "2"}).failures


def test_triggers_of_a_base_stage_are_inherited():
    made = model("FROM a AS one\nONBUILD CMD x\nFROM one\n")

    assert [reading.keyword for _, reading in made.stages[1].inherited_triggers()] == ["cmd"]
    assert made.stages[0].inherited_triggers() == []


def test_every_corpus_file_has_a_model(shared):
    for folder in ("dev", "hostile"):
        for file in sorted((shared / "corpus" / folder).glob("*.Dockerfile")):
            made = model(file.read_bytes().decode("utf-8", "surrogateescape"))
            for instruction in made.tree.instructions:
                made.state_before(instruction)
            made.graph.cycle()
