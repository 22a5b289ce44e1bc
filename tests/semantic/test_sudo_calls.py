import pytest

from dflint.lint.document import Document
from dflint.semantic.sudo_calls import sudo_calls
from dflint.text.source import Source


def calls(body):
    document = Document(Source("Dockerfile", f"FROM a\nRUN {body}\n".encode()))
    return [call.target for program in document.programs for call in sudo_calls(program)]


@pytest.mark.parametrize(
    "body",
    [
        "sudo -u app x",
        "sudo -uapp x",
        "sudo -H -u app x",
        "sudo -Hu app x",
        "sudo --user=app x",
        "sudo --user app x",
        "y | sudo -E -u app -- x",
    ],
)
def test_the_user_that_sudo_runs_a_command_as(body):
    assert calls(body) == ["app"]


@pytest.mark.parametrize(
    "body", ["sudo x", "sudo -u root x", "sudo -E bash -", "sudo x -u app", "sudo -H x"]
)
def test_no_user_is_named_where_root_runs_the_command(body):
    assert calls(body) == [""]


def test_an_if_that_asks_who_runs_it_may_call_sudo():
    assert calls('if [ "$(id -u)" -ne 0 ]; then sudo x; else x; fi') == []
    assert calls("if command -v sudo; then sudo x; else x; fi") == []
    assert calls("if [ -f y ]; then sudo x; fi") == [""]
    assert calls("if sudo test -f y; then sudo x; fi") == ["", ""]
