import pytest

from dflint.cst.instructions import Run
from dflint.cst.parser.build import parse
from dflint.semantic.run_scripts import run_script
from dflint.semantic.stage_shell import stage_shells


def script_of(text):
    tree = parse(text)
    shells = stage_shells(tree)
    (run,) = [one for one in tree.instructions if isinstance(one, Run)]
    return run_script(run, shells[run])


def test_the_spans_of_a_shell_form_are_offsets_into_the_file():
    text = "FROM a\nRUN --network=none a && \\\n  # b\n  c d\n"
    script = script_of(text)

    spans = [command.span for command in script.commands]
    assert [text[span.start : span.end] for span in spans] == ["a", "c d"]


def test_a_heredoc_is_the_script_where_it_is_all_there_is():
    text = "FROM a\nRUN <<-E\n\ta\n\tb c\n\tE\n"
    script = script_of(text)

    assert script.text == "a\nb c\n"
    assert [text[one.span.start : one.span.end] for one in script.commands] == ["a", "b c"]


def test_a_heredoc_beside_a_command_is_left_to_the_shell():
    script = script_of("FROM a\nRUN cat <<E > x\nrm y\nE\n")

    assert [command.name_value for command in script.commands] == ["cat"]


@pytest.mark.parametrize(
    "text",
    [
        'FROM a\nRUN ["a", "b"]\n',
        'FROM a\nSHELL ["pwsh", "-c"]\nRUN a\n',
        "FROM a\nRUN <<E\n#!/usr/bin/env python\nimport os\nE\n",
        "FROM nanoserver\nRUN dir\n",
        "FROM a\nRUN\n",
    ],
)
def test_what_no_posix_shell_reads_has_no_script(text):
    assert script_of(text) is None
