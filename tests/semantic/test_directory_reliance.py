import pytest

from dflint.cst.parser.build import parse
from dflint.semantic.directory_changes import leading_changes
from dflint.semantic.directory_reliance import Reliance, known_before
from dflint.semantic.model import SemanticModel


def first_change(text):
    model = SemanticModel(parse(text))
    return next(iter(leading_changes(model.tree))), model


def undisturbed(rest, stage="FROM debian\n"):
    change, model = first_change(f"{stage}RUN cd /b && make\n{rest}")
    found = Reliance(model).last_undisturbed(change)
    return None if found is None else found.line.text


@pytest.mark.parametrize(
    "line",
    [
        "RUN make",
        'RUN ["make"]',
        "RUN --mount=type=bind,target=rel x",
        "COPY x .",
        "ADD x y/",
        'CMD ["npm", "start"]',
        "CMD python app.py",
        'CMD ["app.py"]',
        'ENTRYPOINT ["./x"]',
        "HEALTHCHECK CMD ./x",
        'HEALTHCHECK CMD ["./x"]',
        "ONBUILD COPY . .",
        "ONBUILD RUN make",
        "ONBUILD WORKDIR x",
        "WORKDIR x",
        "ENV D=x\nCOPY y $D/",
        "ENV D=x\nWORKDIR $D",
        "WORKDIR ${D:-x}",
        "COPY y ${D:-x}/",
        "ENV D=./x\nRUN $D",
        'ENV D="-r x.txt"\nCMD node --a=$D',
    ],
)
def test_what_works_in_the_directory_relies_on_it(line):
    assert undisturbed(f"LABEL a=b\n{line}\n") is not None


@pytest.mark.parametrize(
    "line",
    [
        "RUN cd /c && make",
        "RUN x --mount y",
        "COPY x /y",
        "COPY x $D/",
        "COPY x ${D:-/x}/",
        "ENV D=x.py\nRUN y /z/$D",
        "ENV D=/x.py\nRUN y $D",
        'CMD ["docker-entrypoint.sh"]',
        "HEALTHCHECK NONE",
        "HEALTHCHECK CMD curl -f http://x/",
        "ONBUILD RUN x",
        "WORKDIR /x\nRUN make",
        "WORKDIR $X\nRUN make",
        "CMD make\nWORKDIR /x",
        "FROM other\nRUN make",
    ],
)
def test_what_names_places_in_full_does_not_rely(line):
    assert undisturbed(f"{line}\n") is None


def test_it_is_led_back_below_what_does_not_care():
    assert undisturbed("RUN cd /c && make\nLABEL a=b\n# why\nRUN make\n") == "LABEL a=b"
    assert undisturbed("CMD make\nRUN cd /c && make\n") == "RUN cd /b && make"


def test_stages_that_are_built_on_it_rely_as_well():
    start = "FROM debian AS one\n"

    assert undisturbed("LABEL a=b\nFROM one\nRUN make\n", start) == "LABEL a=b"
    assert undisturbed("FROM one AS two\nFROM two\nCMD make\n", start) == "RUN cd /b && make"
    assert undisturbed("FROM one\nWORKDIR /x\nRUN make\n", start) is None
    assert undisturbed("FROM x\nCOPY --from=one /x /y\nRUN make\n", start) is None


def test_a_command_from_before_starts_where_the_stage_ends():
    for start in ("FROM debian\nCMD make\n", "FROM debian AS one\nCMD make\nFROM one\n"):
        assert undisturbed("LABEL a=b\n", start) == "LABEL a=b"
        assert undisturbed("LABEL a=b\nWORKDIR /x\n", start) is None


def before(text):
    return known_before(*first_change(f"{text}RUN cd /b && make\n"))


def test_the_directory_before_is_written_as_it_was_set():
    assert before("FROM a\nWORKDIR /a\nWORKDIR b\n") == "/a/b"
    assert before("FROM a\nWORKDIR $GOPATH/src\nWORKDIR b\n") == "$GOPATH/src/b"
    assert before("FROM a\nARG D=/a\nWORKDIR ${D}\n") == "${D}"
    assert before("FROM a\nARG D=/a\nWORKDIR $D\nENV E=$D/x D2=y\n") == "$D"
    assert before("FROM a\nARG D=/a\nWORKDIR $D\nARG D=/b\n") is None
    assert before("FROM a\nARG D=/a\nWORKDIR $D\nENV X=y D=/b\n") is None
    assert before("FROM a AS b\nARG D=/a\nWORKDIR $D\nFROM b\n") is None


def test_the_directory_of_a_known_base_image_is_known():
    assert before("FROM debian:12\n") == "/"
    assert before("ARG V=12\nFROM debian:${V}\n") == "/"
    assert before("FROM debian AS b\nFROM b\n") == "/"
    assert before("FROM golang\n") == "/go"
    assert before("FROM scratch\n") == "/"
    assert before("FROM mine\n") is None
    assert before("ARG B=debian\nFROM $B\n") is None
    assert before("FROM mine\nWORKDIR x\n") is None
