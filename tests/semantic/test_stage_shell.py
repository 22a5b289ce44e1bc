from dflint.cst.parser.build import parse
from dflint.semantic.stage_shell import stage_shells


def shells_of(text):
    tree = parse(text)
    shells = stage_shells(tree)
    return [shells[one].text for one in tree.instructions if one.KEYWORD == "RUN"]


def test_a_shell_holds_from_its_shell_to_the_end_of_the_stage():
    text = 'FROM a\nRUN x\nSHELL ["bash", "-c"]\nRUN y\nFROM b\nRUN z\n'

    assert shells_of(text) == ["/bin/sh -c", "bash -c", "/bin/sh -c"]


def test_a_stage_goes_on_with_the_shell_of_the_stage_below():
    assert shells_of('FROM a AS One\nSHELL ["pwsh"]\nFROM one\nRUN x\n') == ["pwsh"]


def test_a_shell_in_shell_form_changes_nothing():
    assert shells_of("FROM a\nSHELL bash -c\nRUN x\n") == ["/bin/sh -c"]


def test_windows_is_told_by_image_platform_or_default_argument():
    windows = "cmd /S /C"

    assert shells_of("FROM mcr.microsoft.com/windows/nanoserver:1809\nRUN x\n") == [windows]
    assert shells_of("FROM --platform=windows/amd64 a\nRUN x\n") == [windows]
    assert shells_of("ARG B=nanoserver\nFROM $B\nARG C=nanoserver\nRUN x\n") == [windows]
    assert shells_of("ARG B=alpine\nFROM $B\nRUN x\n") == ["/bin/sh -c"]


def test_they_are_told_once_of_a_tree():
    tree = parse("FROM a\nRUN x\n")

    assert stage_shells(tree) is stage_shells(tree)
