import pytest

from dflint.cst.instructions import Cmd, Entrypoint
from dflint.cst.parser.build import parse
from dflint.semantic.shell_form import start_texts


def start_of(text):
    (start,) = start_texts(parse(f"FROM a\nCMD {text}\n"), Cmd)
    return start


@pytest.mark.parametrize(
    ("text", "exec_form"),
    [
        ("npm start", '["npm", "start"]'),
        ("nginx -g 'daemon off;'", '["nginx", "-g", "daemon off;"]'),
        ('"./run" --a=b', '["./run", "--a=b"]'),
        ("run $A", ""),
        ('run "$A"', ""),
        ("A=1 run", ""),
        ("cd /x", ""),
        ("a && b", ""),
        ("ls *.txt", ""),
        ("x --a='b c'", '["x", "--a=b c"]'),
        ("x 'unclosed", ""),
    ],
)
def test_the_exec_form_is_given_where_no_shell_is_needed(text, exec_form):
    assert start_of(text).exec_form == exec_form


@pytest.mark.parametrize(
    ("text", "program"),
    [("A=1 B=2 run $C", "run"), ('"./run"', "./run"), ("a | b", ""), ("$A b", ""), ("cd x", "")],
)
def test_the_program_is_named_where_there_is_one(text, program):
    assert start_of(text).program == program


@pytest.mark.parametrize(
    ("text", "hands_over"),
    [
        ("exec a", True),
        ("cd x && exec a", True),
        ("trap x TERM; a & wait", True),
        ("bundle exec a", False),
        ("exec a; b", True),
        ("exec 2>&1; b", False),
        ("a | bundle exec b", False),
    ],
)
def test_an_exec_of_a_program_hands_signals_over(text, hands_over):
    assert start_of(text).hands_over is hands_over


def test_only_the_last_of_each_stage_counts():
    tree = parse("FROM a\nCMD x\nCMD y\nFROM b\nENTRYPOINT e\nCMD z\nCMD\n")
    found = [(start.text, start.overruling) for start in start_texts(tree, Cmd)]

    assert found == [
        ("y", None),
        ("x", tree.instructions[2]),
        ("z", tree.instructions[6]),
    ]
    assert [start.text for start in start_texts(tree, Entrypoint)] == ["e"]


def test_an_entrypoint_in_shell_form_overrules_cmd():
    tree = parse('FROM a\nENTRYPOINT e\nCMD x\nFROM a\nENTRYPOINT ["e"]\nCMD x\n')
    found = [start.overruling for start in start_texts(tree, Cmd)]

    assert found == [tree.instructions[1], None]


@pytest.mark.parametrize(
    ("text", "exec_form"),
    [("exec npm start", '["npm", "start"]'), ("exec -a x y", ""), ("exec npm $A", "")],
)
def test_an_exec_is_no_word_of_the_exec_form(text, exec_form):
    assert start_of(text).exec_form == exec_form
    assert start_of(text).is_harmless
