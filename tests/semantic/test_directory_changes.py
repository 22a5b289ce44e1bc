from dflint.cst.parser.build import parse
from dflint.semantic.directory_changes import final_changes, leading_changes, suits_workdir
from dflint.semantic.model import SemanticModel


def leading(text):
    return [change.directory for change in leading_changes(parse(text))]


def test_a_leading_change_may_follow_set_and_its_own_mkdir():
    assert leading("FROM a\nRUN set -ex; mkdir -p /b && cd /b && make\n") == ["/b"]
    assert leading("FROM a\nRUN mkdir /c && cd /b && make\n") == []
    assert leading("FROM a\nRUN make && cd /b && make\n") == []
    assert leading("FROM a\nRUN cd /b\n") == []


def test_a_change_elsewhere_than_in_the_runs_own_shell_is_none():
    for body in ("(cd /b && make)", "cd /b | make", "if x; then cd /b; make; fi", "cd /b & make"):
        assert leading(f"FROM a\nRUN {body}\n") == []


def test_a_final_change_that_goes_back_is_left_out():
    text = "FROM a\nRUN cd x && make && cd ..\nRUN cd ..\nRUN git clone x && cd x\n"

    assert [change.directory for change in final_changes(parse(text))] == ["..", "x"]


def test_operands_that_cd_does_not_take_are_told():
    (change,) = final_changes(parse("FROM a\nRUN cd /a \\\n  npm install -g b\n"))

    assert (change.directory, change.surplus) == ("/a", "npm install -g b")


def suits(text):
    model = SemanticModel(parse(text))
    change, *_ = leading_changes(model.tree)
    return suits_workdir(change, model)


def test_a_workdir_suits_a_directory_that_stays_and_can_be_named():
    assert suits("FROM a\nRUN cd /b && make\n")
    assert suits("FROM a\nENV D=/d\nRUN cd ${D}/e && make\n")
    assert not suits("FROM a\nRUN cd $D && make\n")
    assert not suits("FROM a\nENV D=/d\nRUN cd ${D%/}/e && make\n")
    assert not suits("FROM a\nENV T=/tmp\nRUN cd $T/x && make\n")
    assert not suits('FROM a\nRUN cd "$(mktemp -d)" && make\n')
    assert not suits("FROM a\nRUN cd /src/x && make && rm -rf /src\n")


def test_a_workdir_before_is_not_disturbed_where_later_instructions_may_rely_on_it():
    start = "FROM a\nWORKDIR /a\nRUN cd /b && make\n"

    assert suits(start)
    assert suits(start + "COPY x /y\nWORKDIR /c\nCMD x\n")
    assert not suits(start + "COPY x y\n")
    assert not suits(start + "RUN make\n")
    assert not suits(start + "WORKDIR c\n")
    assert not suits(start + "CMD x\n")


def test_a_directory_that_a_later_run_removes_does_not_stay():
    start = "FROM a\nRUN cd /b/c && make\n"

    assert not suits(start + "RUN x && rm -rf /b/\n")
    assert not suits("FROM a\nENV B=/b\nRUN cd $B/c && make\nRUN rm -r $B/c/* x\n")
    assert suits(start + "RUN rm -rf /b/d /bc\nRUN make /b\n")
    assert suits(start + "RUN cd /b/c && rm x; make /b && rm y && make /b/c\n")
    assert not suits(start + "RUN make; rm x /b/c;\n")
    assert suits(start + "WORKDIR /d\nRUN rm -r /b\n")
    assert suits(start + "FROM a\nRUN rm -r /b\n")


def test_the_directory_of_the_base_image_is_not_left_where_instructions_work_in_it():
    start = "FROM a\nRUN cd /b && make\n"

    for line in ("COPY x .", "RUN cd c; x", "RUN ./x", "WORKDIR c", "CMD ./x"):
        assert not suits(f"{start}{line}\n"), line
    for line in ("COPY x /y", "RUN make", "RUN cd", "WORKDIR /c\nCOPY x .", "CMD x"):
        assert suits(f"{start}{line}\n"), line


def test_the_directory_of_a_mount_does_not_stay():
    assert not suits("FROM a\nRUN --mount=type=cache,target=/b cd /b/c && make\n")
    assert not suits("FROM a\nRUN --mount=dst=/b/,type=bind cd /b && make\n")
    assert suits("FROM a\nRUN --mount=type=cache,target=/root/.cache cd /b && make\n")


def test_what_plainly_relies_on_the_base_images_directory_is_not_disturbed():
    start = "FROM a\nRUN cd /b && make\n"

    for later in ("COPY x y", "RUN ./x", "RUN cd c && x", "RUN mkdir -p c", "CMD ./x", "WORKDIR c"):
        assert not suits(f"{start}{later}\n")
    for later in ("COPY x /y", "RUN make", "RUN mkdir /c", "CMD x", "WORKDIR /c\nRUN ./x"):
        assert suits(f"{start}{later}\n")


def test_a_directory_of_a_mount_is_there_for_its_run_alone():
    assert not suits("FROM a\nRUN --mount=type=cache,target=/c cd /c && make\n")
    assert not suits("FROM a\nRUN --mount=type=bind,dst=/c/ cd /c/d && make\n")
    assert suits("FROM a\nRUN --mount=type=cache,target=/c cd /cd && make\n")
