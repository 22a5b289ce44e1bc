import pytest

from dflint.cst.parser.build import parse
from dflint.cst.parser.json_diagnosis import FaultKind
from dflint.semantic.exec_form import command_fault, list_fault, misread_array


@pytest.mark.parametrize(
    "text",
    [
        "[ -f x ] && y",
        '[ "$A" ] || exit 1',
        '[ "$A" = 1 ]',
        '[ "$(find / | wc -l)" == "2" ]',
        "[ ! -d /x ] && mkdir /x",
        "[ ${X},${Y} = a,b ]",
        "[ $(ls [ab]*) = x ]",
        "[[ -n $A ]]",
        "[ 'a' ] && b",
        "[$A]",
        "[Net.X]::Y = [Net.Z]::T",
        "[Enum]::Parse(a, b)",
        '"a" "b"',
        "'./run.sh'",
    ],
)
def test_tests_and_other_shell_forms_are_not_taken_for_arrays(text):
    assert command_fault(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[node]", FaultKind.UNQUOTED),
        ("[ node, app.js ]", FaultKind.UNQUOTED),
        ("[ 'a' ]", FaultKind.SINGLE_QUOTE),
        ('[ "a" "b" ]', FaultKind.MISSING_COMMA),
        ('["a"] && b', FaultKind.TEXT_AFTER),
        ('"a", "b"', FaultKind.NO_BRACKET),
        ("'[\"a\"]'", FaultKind.QUOTED_ARRAY),
    ],
)
def test_what_makes_no_sense_to_a_shell_is_taken_for_an_array(text, kind):
    fault = command_fault(text)

    assert fault is not None
    assert fault.kind is kind


def test_patterns_of_copy_are_not_taken_for_arrays():
    assert list_fault("[Gg]emfile* ./") is None
    assert list_fault("[--chown=a:b] . /x") is None
    assert list_fault("[a, b]") is not None


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("[node, app.js]", "[node,"),
        ("['/opt/x y', 'z']", "[/opt/x y,"),
        ("[ “a”, “b” ]", "["),
        ('["a", "b]', ""),
        ('["a"] # don\'t', "[a]"),
    ],
)
def test_the_program_is_what_a_shell_looks_for(text, program):
    (_, cmd) = parse(f"FROM a\nCMD {text}\n").instructions
    array = misread_array(cmd)

    assert array is not None
    assert array.program == program


def test_a_path_whose_backslash_begins_an_escape_is_found():
    (cmd,) = parse('CMD ["a", "C:\\temp"]\n').instructions
    array = misread_array(cmd)

    assert array is not None
    assert array.fault.kind is FaultKind.PATH
    assert cmd.line.text[slice(*array.place)] == "\\t"
