"""`# check=error=true`: what BuildKit's checks find ends the build."""

from __future__ import annotations

import pytest

from dflint.build.frontend import check_directive
from dflint.build.strict import check_strictly
from dflint.cst.parser.build import parse
from dflint.errors import BuildError

FILE = "FROM scratch as a\nMAINTAINER me\nCOPY f /\n"
BOTH = "lint violation found for rules: FromAsCasing, MaintainerDeprecated"


def said(text, argument=""):
    try:
        check_strictly(text, check_directive(parse(text)), argument)
    except BuildError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("directive", "argument", "message"),
    [
        ("# check=error=true\n", "", BOTH),
        ("", "error=true", BOTH),
        ("# check=skip=all\n", "error=true", BOTH),
        ("# check=error=true\n", "skip=all", ""),
        ("# check=skip=FromAsCasing;error=true\n", "", BOTH.replace("FromAsCasing, ", "")),
        ("", "skip=MaintainerDeprecated;error=true", BOTH.partition(",")[0]),
        ("# check=skip=all;error=true\n", "", ""),
        ("# check=error=false\n", "", ""),
        ("", "", ""),
        (
            "# check=error=true\n",
            "foo=true",
            'failed to parse build-arg:BUILDKIT_DOCKERFILE_CHECK: invalid check option "foo"',
        ),
        (
            "# check=error=foo\n",
            "",
            'failed to parse check options: failed to parse check option "error=foo":'
            ' strconv.ParseBool: parsing "foo": invalid syntax',
        ),
        (
            "# check=foo=true\n",
            "",
            'failed to parse check options: invalid check option "foo"',
        ),
    ],
)
def test_a_finding_ends_the_build_where_errors_are_asked_for(directive, argument, message):
    assert said(directive + FILE, argument) == message


def test_other_tools_comments_silence_nothing():
    text = "# check=error=true\nFROM scratch\n# hadolint ignore=DL4000\nMAINTAINER me\n"

    assert said(text) == "lint violation found for rules: MaintainerDeprecated"


def test_the_command_says_so_and_fails(command):
    command.write({"f": "x"})
    built = command.run(dockerfile="# check=error=true\n" + FILE)

    assert built.status == 1
    assert f"failed to solve: {BOTH}" in built.err
    assert command.run(dockerfile=FILE).status == 0


def test_a_stage_that_is_not_built_is_not_converted(command):
    command.write({"f": "x"})
    text = "# check=error=true\nFROM scratch AS u\nCOPY f $x/\nFROM scratch AS last\nCOPY f /\n"

    command.build(dockerfile=text)
    built = command.run("--target=u", dockerfile=text)

    assert "failed to solve: lint violation found for rules: UndefinedVar" in built.err
