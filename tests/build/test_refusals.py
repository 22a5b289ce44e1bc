"""What BuildKit refuses before anything is run, in its words."""

from __future__ import annotations

import pytest

from dflint.build.excerpt import excerpt
from dflint.errors import BuildError
from dflint.graph.refused import RefusedError
from tests.build.bases import HISTORY, image, plan


def refusal(text, **values):
    with pytest.raises(RefusedError) as caught:
        plan(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# nothing\n", "file with no instructions"),
        ("RUN x\n", "no build stage in current context"),
        (
            "FROM busybox\nRUN echo\nFOO bar\n",
            "dockerfile parse error on line 3: unknown instruction: FOO (did you mean FROM?)",
        ),
        (
            "FROM busybox\nCOPY --chwon=1 a b\n",
            "dockerfile parse error on line 2: unknown flag: --chwon (did you mean chown?)",
        ),
        (
            "FROM busybox\nCOPY --from\n",
            "dockerfile parse error on line 2: COPY requires at least two arguments, but only one"
            " was provided. Destination could not be determined",
        ),
        (
            "FROM busybox\nADD --checksum a b\n",
            "dockerfile parse error on line 2: missing a value on flag: --checksum",
        ),
        (
            "FROM busybox\nSHELL exec -form\n",
            "dockerfile parse error on line 2: SHELL requires the arguments to be in JSON form",
        ),
        (
            "FROM busybox\nHEALTHCHECK --interval=0s --timeout=100us CMD a\n",
            'dockerfile parse error on line 2: Interval "timeout" cannot be less than 1ms',
        ),
        (
            "FROM busybox\nLABEL a=b x y\n",
            'Syntax error - can\'t find = in "x". Must be of the form: name=value',
        ),
        ("FROM busybox\nRUN <<E\necho\n", "unterminated heredoc"),
        ("ARG X\nFROM $X\n", "base name ($X) should not be blank"),
        (
            "FROM Busy*box\n",
            'failed to parse stage name "Busy*box": invalid reference format: repository name'
            " (library/Busy*box) must be lowercase",
        ),
        (
            "FROM --platform=foo/bar/baz/x busybox\n",
            'failed to parse platform foo/bar/baz/x: "foo/bar/baz/x": cannot parse platform'
            " specifier: invalid argument",
        ),
        (
            "FROM busybox AS a\nCOPY --from=a /x /y\n",
            "circular dependency detected on stage: a",
        ),
        (
            "FROM busybox\nCOPY --from=0 /x /y\n",
            "circular dependency detected on stage: stage-0",
        ),
        (
            "FROM busybox AS a\nFROM alt AS a\nCOPY --from=a /x /y\n",
            "circular dependency detected on stage: a",
        ),
        (
            "FROM busybox AS two\nFROM busybox AS one\nCOPY --from=two /x /y\n"
            "FROM two AS two\nCOPY --from=one /x /y\nCOPY --from=two /x /y\n",
            "circular dependency detected on stage: one",
        ),
        ("FROM busybox\nCOPY --from=7 /x /y\n", "invalid stage index 7"),
        (
            "FROM busybox\nCOPY --from=$X /x /y\n",
            "variable expansion is not supported for --from, define a new stage with FROM using"
            " ARG from global scope as a workaround",
        ),
        (
            'FROM busybox\nENV A="x\n',
            'failed to process "\\"x": unexpected end of statement while looking for matching'
            " double-quote",
        ),
        ("FROM busybox\nCOPY <<E /x\n${X:?no}\nE\n", 'failed to process "${X:?no}\\n": X: no'),
        ("FROM busybox\nEXPOSE 99999\n", "invalid containerPort: 99999"),
        ("FROM busybox\nSTOPSIGNAL foo\n", "invalid signal: foo"),
        (
            "FROM busybox\nCOPY --chmod=99 a /x\n",
            "invalid chmod parameter: '99'. it should be octal string and between 0 and 07777",
        ),
        (
            "FROM busybox\nADD --checksum=sha256:11 a /x\n",
            "checksum requires HTTP(S) or Git sources",
        ),
        ("FROM busybox\nRUN --mount=type=foo,target=/x true\n", 'unsupported mount type "foo"'),
        (
            "FROM busybox\nRUN --mount= true\n",
            "dockerfile parse error on line 2: failed to parse csv mounts: EOF",
        ),
        (
            "FROM busybox\nRUN --mount=target=/x,from=$X true\n",
            "dockerfile parse error on line 2: 'from' doesn't support variable expansion, define"
            " alias stage instead",
        ),
        ("FROM busybox\nRUN --mount=type=ssh,target=/ true\n", "invalid mount type SSH for /"),
        (
            "FROM busybox\nRUN --mount=type=secret,id=a,target=/ true\n",
            "invalid mount type SECRET for /",
        ),
        ("FROM busybox\nCOPY --from=-1 /x /y\n", "invalid stage index -1"),
        ("FROM busybox\nRUN --network=host true\n", "network.host is not allowed"),
        ("FROM busybox\nRUN --security=insecure true\n", "security.insecure is not allowed"),
    ],
)
def test_refusal_has_buildkits_words(text, message):
    assert refusal(text).message == message


@pytest.mark.parametrize(
    "text", ["ARG X=${Y?a Z=1\nFROM busybox\n", "FROM busybox\nARG X=${Y?a Z=1\n"]
)
def test_default_of_an_argument_that_is_given_is_not_read(text):
    message = "failed to process \"${Y?a\": syntax error: missing '}'"
    assert refusal(text).message == message
    assert refusal(text, arguments={"Z": "2"}).message == message
    plan(text, arguments={"X": "2"})


def test_entitlement_allows_what_it_names():
    text = "FROM busybox\nRUN --network=host true\n"

    assert plan(text, entitlements=frozenset(("network.host",))).target.last.op.network == "host"


def test_ports_are_known_with_the_variables_of_the_base():
    given = image(HISTORY, Env=["PORT=99999"])
    found = refusal("FROM x\nEXPOSE $PORT\n", base=lambda reference, platform: given)

    assert found.message == "invalid containerPort: 99999"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nope", 'target stage "nope" could not be found'),
        ("1", 'target stage "1" could not be found (did you mean b?)'),
    ],
)
def test_target_that_is_no_stage(target, message):
    assert refusal("FROM busybox AS b\nFROM b AS other\n", target=target).message == message


def test_stages_that_the_target_does_not_need_may_be_wrong():
    text = "FROM busybox AS n\nEXPOSE 99999\nCOPY --from=l /a /b\nFROM busybox AS l\nRUN true\n"

    assert [one.name for one in plan(text).stages] == ["l"]
    assert refusal(text, target="N").message == "invalid containerPort: 99999"


def test_copying_from_a_later_stage():
    text = "FROM busybox AS a\nCOPY --from=b /x /y\nFROM busybox as b\n"
    reason = 'cannot copy from stage "b", it needs to be defined before current stage "a"'

    assert refusal(text, target="a").message == reason
    assert plan(text).target.name == "b"


def test_excerpt_has_the_lines_of_the_instruction_and_some_around():
    text = "ARG G=gval\nARG U\nFROM 127/x AS Base\nCOPY <<E $\nE\nENV x='\nRUN y\n"
    error = refusal(text)

    assert excerpt("Dockerfile", text, error.span) == (
        "Dockerfile:6\n"
        "--------------------\n"
        "   4 |     COPY <<E $\n"
        "   5 |     E\n"
        "   6 | >>> ENV x='\n"
        "   7 |     RUN y\n"
        "   8 |     \n"
        "--------------------\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# one\n", 1),
        ("# one\n# two\n", 2),
        ("# one\n# two", 2),
        ("\n\n", 2),
        ("\n# check=skip=all\n# syntax\n", 3),
    ],
)
def test_a_file_without_instructions_has_none_on_its_last_line(text, line):
    """Docker 28.5 marks these lines."""
    assert excerpt("D", text, refusal(text).span).startswith(f"D:{line}\n")


def test_excerpt_of_a_heredoc_marks_all_of_it():
    text = "FROM busybox\nCOPY <<EOF /x\n${X:?no}\nEOF\n"

    assert excerpt("D", text, refusal(text).span) == (
        "D:2\n"
        "--------------------\n"
        "   1 |     FROM busybox\n"
        "   2 | >>> COPY <<EOF /x\n"
        "   3 | >>> ${X:?no}\n"
        "   4 | >>> EOF\n"
        "   5 |     \n"
        "--------------------\n"
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("FROM busybox\nLABEL \\\n  a\n", "23"),
        ("FROM busybox\nRUN \\\n\n  --nosuch=x true\n", "234"),
        ("FROM busybox \\\n  AS a b\n", "12"),
        ("RUN \\\n  true\nFROM busybox\n", "12"),
        ("FROM busybox\nRUN <<E\necho\nLABEL a=b\n", "234"),
        ("FROM busybox\nHEALTHCHECK \\\n  --interval=x CMD x\n", "23"),
        ("FROM busybox\nRUN []\n", "2"),
        ("FROM busybox AS a\nRUN true\nONBUILD EXPOSE abc\nFROM a \\\n  AS b\n", "45"),
    ],
)
def test_a_refusal_marks_the_whole_instruction(text, lines):
    shown = excerpt("D", text, refusal(text).span).splitlines()

    assert "".join(one.split()[0] for one in shown if ">>>" in one) == lines


def test_triggers_of_an_image_fail_at_the_from_that_brings_them():
    given = image(HISTORY, OnBuild=["RUN <<E\nfalse\nE", "EXPOSE abc"])
    text = "ARG A\n\nFROM x\nRUN true\n"
    found = refusal(text, base=lambda reference, platform: given)

    assert excerpt("D", text, found.span).startswith("D:3\n")


def test_a_stage_that_a_trigger_needs_has_its_own_lines():
    text = "FROM busybox AS a\nEXPOSE abc\nFROM busybox AS b\nONBUILD COPY --from=a x /\nFROM b\n"

    assert excerpt("D", text, refusal(text).span).startswith("D:2\n")


def test_steps_of_triggers_are_placed_at_their_from():
    text = "FROM busybox AS a\nONBUILD RUN true\nFROM a\n"
    graph = plan(text)

    assert excerpt("D", text, graph.spans[graph.target.last]).startswith("D:3\n")


def test_an_image_that_cannot_be_had_is_told_with_its_lines():
    def base(reference, platform):
        raise BuildError("no route")

    text = "FROM busybox\nRUN true\n"
    found = refusal(text, base=base)

    assert found.message == (
        "failed to resolve source metadata for docker.io/library/busybox:latest: no route"
    )
    assert excerpt("D", text, found.span).startswith("D:1\n")


@pytest.mark.parametrize(
    ("flag", "name"),
    [("--network=host", "network.host"), ("--security=insecure", "security.insecure")],
)
def test_what_is_not_granted_says_how(command, flag, name):
    text = f"FROM busybox\nRUN {flag} true\n"
    built = command.run(dockerfile=text)
    assert built.status == 1
    assert f"{name} is not allowed: grant it by `--allow {name}`" in built.err
    assert "Dockerfile:2" in built.err
    command.build("--allow", name, dockerfile=text)


def test_an_error_names_the_path_as_it_was_given(command):
    (command.place / "sub").mkdir()
    for name in ("sub/Dockerfile", "sub/other"):
        (command.place / name).write_text("FROM busybox\nRUN exit 3\n")

    for options, context, shown in (
        ((), "sub", "sub/Dockerfile:2"),
        (("-f", "sub/other"), ".", "sub/other:2"),
        (("-f", "./sub/other"), "sub", "sub/other:2"),
        (("-f", "other"), "sub", "sub/other:2"),
    ):
        built = command.run(*options, context=context)
        assert built.status == 1
        assert f"\n{shown}\n--------------------\n" in built.err
