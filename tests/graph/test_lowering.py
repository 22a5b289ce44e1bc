"""What each instruction becomes in the build graph, as BuildKit makes it."""

from __future__ import annotations

import pytest

from dflint.graph.lower import lower
from dflint.graph.ops import ExecOp, FileOp, ImageSource, MakeDirectory
from dflint.graph.symbols import argument, of_base
from dflint.lint.document import Document
from dflint.text.source import Source


def graph(text, build_args=None):
    doc = Document(Source("Dockerfile", text.encode()))
    return lower(doc.tree, doc.model, build_args)


def stage(text, build_args=None):
    """The last stage of a file that begins with an image unless it says otherwise."""
    if "FROM" not in text:
        text = "FROM debian\n" + text
    return graph(text, build_args).stages[-1]


def ops(text):
    return [step.op for step in stage(text).steps]


def op(text):
    return ops(text)[-1]


def config(text, build_args=None):
    return stage(text, build_args).config


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("debian", "docker.io/library/debian:latest"),
        ("a/b:1", "docker.io/a/b:1"),
        ("ghcr.io/a/b", "ghcr.io/a/b:latest"),
        ("debian@sha256:" + "a" * 64, "docker.io/library/debian@sha256:" + "a" * 64),
    ],
)
def test_an_image_has_everything_that_is_understood_in_its_name(name, reference):
    last = stage(f"FROM {name}\n").last.op

    assert isinstance(last, ImageSource)
    assert last.reference == reference


def test_a_shell_form_is_given_to_the_shell_as_joined_text():
    found = op("RUN a  \\\n  # comment\n   && b\n")

    assert isinstance(found, ExecOp)
    assert found.command.arguments == ("/bin/sh", "-c", "a     && b")


def test_shell_replaces_the_shell_of_what_follows():
    first, last = ops('RUN a\nSHELL ["/bin/bash", "-c"]\nRUN a\n')

    assert first.command.shell == ("/bin/sh", "-c")
    assert last.command.shell == ("/bin/bash", "-c")


def test_an_exec_form_has_no_shell():
    assert op('RUN ["a", "b c"]\n').command.arguments == ("a", "b c")


def test_a_heredoc_alone_is_the_script():
    assert op("RUN <<E\na\nb\nE\n").command.arguments[-1] == "a\nb\n"
    assert op("RUN <<-E\n\ta\n\tE\n").command.arguments[-1] == "a\n"


def test_a_heredoc_beside_a_command_is_left_to_the_shell():
    assert op("RUN cat <<E > x\na\nE\n").command.arguments[-1] == "cat <<E > x\na\nE"


def test_a_heredoc_with_an_interpreter_is_a_file_that_is_started():
    found = op("RUN <<E\n#!/usr/bin/python\nx\nE\n")

    assert found.command.arguments == ("/bin/sh", "-c", "/dev/pipes/E")
    assert found.script_file.content == "#!/usr/bin/python\nx\n"


def test_a_run_sees_variables_and_arguments_in_scope():
    found = op("ARG A=1\nENV B=2\nENV A=3\nARG C\nRUN x\nARG D\n")

    assert found.variables.pairs() == (("A", "3"), ("B", "2"), ("C", argument("C", None)))


def test_arguments_have_the_values_of_a_build_that_is_given():
    found = stage("ARG A=1\nARG B=2\nARG C\nRUN $A\n", {"A": "9"}).steps[-1].op

    assert found.variables.pairs() == (("A", "9"), ("B", "2"))


def test_an_argument_without_default_has_that_of_before_the_first_from():
    found = stage("ARG V=1\nFROM debian\nARG V\nRUN x\n").steps[-1].op

    assert found.variables.find("V") == argument("V", "1")


def test_an_operator_on_what_only_a_build_knows_keeps_the_whole_word():
    one = config("ARG A=1\nENV B=${A:-x}\n").env.find("B")
    other = config("ARG A=1\nENV B=${A:-y}\n").env.find("B")

    assert one != other


def test_a_variable_of_the_base_image_is_a_symbol():
    assert config("ENV PATH=/x:$PATH\n").env.find("PATH") == "/x:" + of_base("variable", "PATH")
    assert config("FROM scratch\nENV A=$B\n").env.find("A") == ""


def test_one_value_of_a_variable_counts_in_one_instruction():
    assert config("ENV A=1\nENV A=2 B=$A\n").env.find("B") == "1"


def test_workdir_makes_its_directory_and_leads_on_from_the_last():
    first, last = ops("WORKDIR /a\nUSER x\nWORKDIR b/../c\n")

    assert isinstance(first, MakeDirectory)
    assert (first.path, last.path, last.owner) == ("/a", "/a/c", "x")
    assert not ops("WORKDIR /\n")


def test_workdir_on_an_image_of_which_nothing_is_known():
    assert config("WORKDIR a\nWORKDIR ./b\n").workdir == of_base("workdir") + "/a/b"
    assert config("WORKDIR a\nWORKDIR /b\n").workdir == "/b"


def test_copy_has_clean_sources_and_an_absolute_destination():
    found = op("WORKDIR /w\nCOPY ./a/ b .\n")

    assert isinstance(found, FileOp)
    assert [(one.source, one.target) for one in found.actions] == [("/a", "/w/"), ("/b", "/w/")]


def test_flags_of_copy():
    action = op("COPY --chown=a:b --chmod=0755 --exclude=*.md --parents ./x/y /d/\n").actions[0]

    assert action.options.owner == "a:b"
    assert action.options.mode == "755"
    assert action.options.excludes == ("*.md",)
    assert action.options.parents
    assert action.source == "./x/y"
    assert op("COPY --link a b\n").link
    assert not op("COPY --link=false a b\n").link


def test_only_add_unpacks_and_fetches():
    assert not op("COPY a.tar /\n").actions[0].unpack
    assert op("ADD a.tar /\n").actions[0].unpack
    assert not op("ADD --unpack=false a.tar /\n").actions[0].unpack
    step = stage("ADD --checksum=sha256:1 https://example.com/a /\n").steps[-1]
    assert step.inputs[1].op.KIND == "http"
    step = stage("ADD --keep-git-dir=true https://example.com/a.git#v1 /\n").steps[-1]
    assert step.inputs[1].op.keeps_git_dir


def test_heredocs_of_copy_have_their_variables_replaced_unless_quoted():
    found = op("ENV A=1\nCOPY <<E <<'F' /d/\n$A \"x\"\nE\n$A\nF\n")

    assert [one.content for one in found.actions] == ['1 "x"\n', "$A\n"]


def test_copy_from_a_stage_has_that_stage_as_input():
    text = "FROM a AS one\nRUN x\nFROM b\nCOPY --from={} x /\n"
    by_name, by_number, image = (stage(text.format(one)).steps[-1] for one in ("ONE", "0", "img"))

    assert by_name.inputs[1].op.KIND == "exec"
    assert by_number.inputs[1].digest == by_name.inputs[1].digest
    assert image.inputs[1].op.reference == "docker.io/library/img:latest"


def test_mounts_have_what_is_understood_where_nothing_is_written():
    (cache,) = op("WORKDIR /w\nRUN --mount=type=cache,target=c x\n").mounts
    (bind,) = op("RUN --mount=target=/t x\n").mounts
    (secret,) = op("RUN --mount=type=secret,id=s x\n").mounts

    assert (cache.id, cache.target, cache.sharing, cache.input) == ("/w/c", "/w/c", "shared", -1)
    assert (bind.type, bind.source, bind.read_only, bind.input) == ("bind", "/", True, 1)
    assert (secret.target, secret.mode) == ("/run/secrets/s", 0o400)


def test_defaults_of_run_flags_are_no_flags():
    assert op("RUN --network=default --security=sandbox x\n") == op("RUN x\n")
    assert op("RUN --network=none x\n").network == "none"


def test_entrypoint_clears_an_inherited_cmd_only():
    assert config("FROM debian AS a\nCMD x\nFROM a\nENTRYPOINT y\n").cmd == ()
    assert config("CMD x\nENTRYPOINT y\n").cmd.text == "x"
    assert config("CMD []\n").cmd.arguments == ()


def test_configuration_is_read_as_the_image_has_it():
    found = config(
        "EXPOSE 80 90-91/UDP\nVOLUME /a /b\nSTOPSIGNAL 9\nMAINTAINER me\nLABEL a=1 a=2\n"
        "HEALTHCHECK --interval=1m --retries=3 CMD x\n"
    )

    assert list(found.exposed_ports) == ["80/tcp", "90/udp", "91/udp"]
    assert list(found.volumes) == ["/a", "/b"]
    assert found.labels == {"a": "2"}
    assert (found.stop_signal, found.author) == ("9", "me")
    assert (found.healthcheck.interval, found.healthcheck.retries) == (60 * 10**9, 3)


def test_triggers_run_in_the_stage_that_is_built_on_theirs():
    text = "FROM debian AS a\nONBUILD ENV X=1\nONBUILD RUN x\nFROM a\nRUN y\n"
    first, last = graph(text).stages

    assert not first.steps
    assert len(first.config.onbuild) == 2
    assert [one.op.command.text for one in last.steps] == ["x", "y"]
    assert last.config.onbuild == ()
    assert last.config.env.find("X") == "1"


def test_the_reachable_vertices_are_those_that_the_target_needs():
    found = graph("FROM a AS one\nRUN x\nFROM b AS two\nRUN y\nFROM c\nCOPY --from=one x /\n")
    texts = [one.op.command.text for one in found.reachable() if isinstance(one.op, ExecOp)]

    assert texts == ["x"]
    assert len(found.vertices) > len(found.reachable())
    order = {id(one): at for at, one in enumerate(found.vertices)}
    assert all(order[id(one)] < order[id(each)] for each in found.vertices for one in each.inputs)


def test_vertices_know_their_instruction_and_stage():
    (step,) = graph("FROM a\n# about x\nRUN x\n").stages[0].steps

    assert step.instruction.KEYWORD == "RUN"
    assert step.stage == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RUN x\n",
        "FROM\n",
        "FROM a AS a\nFROM A\n",
        "FROM a\nCOPY\nCOPY x\nENV\nRUN\nCMD\nCOPY []\n",
        "FROM a\nADD <<E\n",
        "FROM a\nRUN --mount=type=x y\n",
        "FROM $X\nENV A=${B\nEXPOSE x\nONBUILD\n",
        "FROM a AS b\nCOPY --from=b x /\nCOPY --from=7 x /\n",
        "ONBUILD ONBUILD RUN x\nFROM a\n",
        "FROM a\nHEALTHCHECK --retries=x --interval=y CMD\nSHELL x\nWORKDIR\n",
    ],
)
def test_any_tree_has_a_graph(text):
    assert graph(text).digest.startswith("sha256:")


def test_a_long_file_has_a_digest():
    text = "FROM a\n" + "".join(f"ENV A{at}={at}\nRUN x{at}\n" for at in range(3000))

    assert graph(text).digest.startswith("sha256:")


@pytest.mark.parametrize("target", ["/x/", "/x/.", "/y/../x/."])
def test_a_slash_or_dot_at_the_end_makes_the_destination_a_directory(target):
    assert op(f"COPY a {target}\n").actions[0].target == "/x/"


def test_a_destination_that_ends_in_two_dots_may_be_a_file():
    assert op("COPY a /x/y/..\n").actions[0].target == "/x"


def test_link_has_no_effect_with_chmod():
    assert op("COPY --link a /x\n").link
    assert not op("COPY --link --chmod=644 a /x\n").link
