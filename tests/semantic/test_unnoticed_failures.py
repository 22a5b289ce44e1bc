import pytest

from dflint.lint.document import Document
from dflint.semantic.unnoticed_failures import unnoticed_failures
from dflint.text.source import Source


def failing(body):
    document = Document(Source("Dockerfile", f"FROM a\nRUN {body}\n".encode()))
    outer = document.programs[0]
    return [command.program for _, command in unnoticed_failures(outer)]


@pytest.mark.parametrize("last", ["xargs wget", "xargs -n 1 pip3 install", "sudo xargs curl -O -L"])
def test_what_xargs_runs_once_for_no_input_fails_without_an_argument(last):
    assert failing(f"curl u | {last}") == []


@pytest.mark.parametrize("last", ["xargs -r wget", "xargs -I{} wget {}", "xargs echo"])
def test_xargs_that_runs_nothing_for_no_input_notices_nothing(last):
    assert failing(f"curl u | {last}") == ["curl"]


def test_a_file_whose_checksum_is_compared_later_is_not_left_unnoticed():
    pipe = "curl u | sed 1d > f"

    assert failing(f'{pipe} && echo "$SUM  f" | sha256sum -c -') == []
    assert failing(f'{pipe} && echo "$SUM  ff" | sha256sum -c -') == ["curl"]
    assert failing(f'echo "$SUM  f" | sha256sum -c - && {pipe}') == ["curl"]


def test_a_shell_may_be_given_what_cannot_fail():
    assert failing("bash -c 'echo y; yes' | x") == []
    assert failing("bash -c 'echo y; curl u' | x") == ["bash"]
