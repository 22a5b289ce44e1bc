import pytest

from dflint.cst.parser.json_array import is_string_array
from dflint.cst.parser.json_diagnosis import FaultKind, elements, find_fault

CASES = [
    ("['a']", FaultKind.SINGLE_QUOTE, "'"),
    ("[`a`]", FaultKind.SINGLE_QUOTE, "`"),
    ("[ “a”, “b” ]", FaultKind.TYPOGRAPHIC_QUOTE, "“"),
    ("[node, app.js]", FaultKind.UNQUOTED, "node"),
    ('["a", $X]', FaultKind.UNQUOTED, "$X"),
    ('["a", 1]', FaultKind.UNQUOTED, "1"),
    ('["C:\\path"]', FaultKind.ESCAPE, "\\p"),
    ('["\\u12G4"]', FaultKind.ESCAPE, "\\u"),
    ('["a\tb"]', FaultKind.CONTROL_CHARACTER, "\t"),
    ('["a", "b]', FaultKind.UNCLOSED_STRING, '"'),
    ('["a\\"]', FaultKind.UNCLOSED_STRING, '"'),
    ('["a", "b"', FaultKind.UNCLOSED_ARRAY, "["),
    ("[", FaultKind.UNCLOSED_ARRAY, "["),
    ('["a" "b"]', FaultKind.MISSING_COMMA, '"'),
    ('["a", "b",]', FaultKind.EXTRA_COMMA, ","),
    ('["a",, "b"]', FaultKind.EXTRA_COMMA, ","),
    ('["a"; "b"]', FaultKind.UNEXPECTED, ";"),
    ('["a"\xa0, "b"]', FaultKind.UNEXPECTED, "\xa0"),
    ('["a"] # x', FaultKind.TEXT_AFTER, "# x"),
    ("[];", FaultKind.TEXT_AFTER, ";"),
]


@pytest.mark.parametrize(("text", "kind", "found"), CASES, ids=[case[0] for case in CASES])
def test_the_first_fault_is_named_with_its_characters(text, kind, found):
    fault = find_fault(text)

    assert fault is not None
    assert (fault.kind, text[fault.start : fault.end]) == (kind, found)


@pytest.mark.parametrize("text", ["[]", '["a"]', '[ "a" ,\t"b\\\\\\u00e4\\n" ] ', '["“", "\'"]'])
def test_an_array_of_strings_has_no_fault(text):
    assert is_string_array(text)
    assert find_fault(text) is None


def test_elements_are_found_whatever_their_quotes():
    text = '[\'a b\', “c”, d "e\\"f", g]'

    assert [text[start:end] for start, end in elements(text)] == [
        "'a b'", "“c”", "d", '"e\\"f"', "g",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ['["a",' * 30_000, "[" * 100_000, '["' + "\\\\" * 50_000, "['" + "," * 100_000]
)
def test_long_texts_take_linear_time(text):
    assert find_fault(text) is not None
    assert elements(text) is not None
