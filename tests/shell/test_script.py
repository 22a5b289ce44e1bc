"""Programs: commands, what they stand in, how they are joined."""

from __future__ import annotations

import pytest

from dflint.shell.commands import Command
from dflint.shell.script import read_heredoc, read_shell_form
from dflint.shell.statements import Kind


def names(script):
    return [command.name_value for command in script.commands]


def joints(script):
    return [(step.operator_before, step.text, step.operator_after) for step in script.steps]


def test_commands_come_in_the_order_of_the_text_with_spans_of_the_dockerfile():
    source = "FROM x\nRUN a b \\\n # c\n && d $(e f) | g; (h)\n"
    script = read_shell_form(source[11:], 11)

    assert names(script) == ["a", "d", "e", "g", "h"]
    assert [c.span.slice(source) for c in script.commands] == ["a b", "d $(e f)", "e f", "g", "h"]
    assert script.error is None


def test_a_word_that_goes_on_over_lines_is_one_word_with_its_source():
    source = "apt-get ins\\\n# c\ntall -y fo\\\n   o"
    (command,) = read_shell_form(source).commands

    assert [word.text for word in command.words] == ["apt-get", "install", "-y", "fo", "o"]
    assert command.words[1].span.slice(source) == "ins\\\n# c\ntall"


def test_a_comment_of_the_shell_takes_the_rest_of_the_joined_line():
    source = "a \\\n && b # c \\\n && d"
    script = read_shell_form(source)

    assert names(script) == ["a", "b"]
    assert [span.slice(source) for span in script.comments] == ["# c \\\n && d"]


def test_steps_tell_how_they_are_joined():
    assert joints(read_shell_form("a && b || c; d & e\n")) == [
        (None, "a", "&&"),
        ("&&", "b", "||"),
        ("||", "c", ";"),
        (";", "d", "&"),
        ("&", "e", None),
    ]
    assert joints(read_heredoc("a\nb # x\n\nc;\n")) == [
        (None, "a", "\n"),
        ("\n", "b", "\n"),
        ("\n", "c", ";"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a && b | c > f | d && e",
        "a && b 2>&1 | c | d && e >f",
        "a && b | c >f 2>&1 | d && e",
    ],
)
def test_redirections_do_not_turn_a_list_into_a_pipeline(text):
    script = read_shell_form(text)

    assert [isinstance(step, Command) for step in script.steps] == [True, False, True]
    assert [len(pipeline.statements) for pipeline in script.pipelines] == [3]
    assert [c.is_in_body_shell for c in script.commands] == [True, False, False, False, True]
    assert script.steps[0].operator_after == "&&"


def test_a_redirection_belongs_to_the_command_that_it_stands_behind():
    script = read_shell_form("a 2>&1 >>f b <x | c > $g && d 3>&- <<< 'y'")

    assert [
        [(r.descriptor, r.operator, r.target and r.target.text) for r in command.redirects]
        for command in script.commands
    ] == [
        [(2, ">&", "1"), (None, ">>", "f"), (None, "<", "x")],
        [(None, ">", "$g")],
        [(3, ">&-", None), (None, "<<<", "'y'")],
    ]
    assert [word.text for word in script.commands[0].words] == ["a", "b"]
    assert script.commands[2].span.slice(script.text) == "d 3>&- <<< 'y'"


def test_constructs_have_redirections_of_their_own():
    script = read_shell_form("(a; b) >f; { c; } 2>g | d; while e; do h; done <i")

    assert [
        (construct.kind, redirect.operator, redirect.target.text)
        for construct in script.constructs
        for redirect in construct.redirects
    ] == [(Kind.SUBSHELL, ">", "f"), (Kind.GROUP, ">", "g"), (Kind.LOOP, "<", "i")]


def test_negation_belongs_to_the_whole_pipeline():
    script = read_shell_form("! a | b && ! c; ! { d; }; ! (e)")

    (pipeline,) = script.pipelines
    assert pipeline.is_negated
    assert [c.is_negated for c in script.commands] == [False, False, True, False, False]
    assert [c.kind for c in script.constructs if c.is_negated] == [
        Kind.PIPELINE,
        Kind.GROUP,
        Kind.SUBSHELL,
    ]
    assert script.commands[2].text == "! c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cd /a && b", [True, True]),
        ("(cd /a && b); c", [False, False, True]),
        ("cd /a & b", [False, True]),
        ("cd /a && b & c", [False, False, True]),
        ("{ cd /a; b; }", [True, True]),
        ("cd /a | b", [False, False]),
        ("x $(cd /a) <(b)", [True, False, False]),
        ("f() { cd /a; }; f", [False, True]),
        ("if a; then cd b; else c; fi", [True, True, True]),
        ("for i in a; do cd $i; done", [True]),
        ("case a in b|c) cd d;; esac", [True]),
        ("a=`cd b`", [True, False]),
    ],
)
def test_commands_tell_whether_the_shell_of_the_body_runs_them(text, expected):
    assert [c.is_in_body_shell for c in read_shell_form(text).commands] == expected


def test_constructs_are_nested_as_they_stand():
    text = (
        "if a && b; then c; elif d; then e; else f; fi; while g; do h; done; case i in j) k;; esac"
    )
    script = read_shell_form(text)
    path = {c.name_value: [item.kind for item in c.ancestors] for c in script.commands}

    assert path["b"] == [Kind.AND_OR, Kind.CONDITION, Kind.IF, Kind.SCRIPT]
    assert path["c"] == [Kind.BRANCH, Kind.IF, Kind.SCRIPT]
    assert path["d"] == [Kind.CONDITION, Kind.IF, Kind.SCRIPT]
    assert path["e"] == path["f"] == [Kind.BRANCH, Kind.IF, Kind.SCRIPT]
    assert path["g"] == [Kind.CONDITION, Kind.LOOP, Kind.SCRIPT]
    assert path["h"] == [Kind.BRANCH, Kind.LOOP, Kind.SCRIPT]
    assert path["k"] == [Kind.BRANCH, Kind.CASE, Kind.SCRIPT]
    assert len(script.root.statements) == 3
    branches = [c for c in script.constructs if c.kind is Kind.BRANCH and c.parent.kind is Kind.IF]
    assert len({id(branch) for branch in branches}) == 3


def test_tests_declarations_and_assignments_are_commands():
    text = '[ -f x -a "$y" ] && [[ $a == b* ]] && (( i > 1 )) && export A=b C; unset -f d; '
    text += "E=1 F=; g=$(h) i"
    commands = read_shell_form(text).commands

    assert [[word.text for word in command.words] for command in commands] == [
        ["[", "-f", "x", "-a", '"$y"', "]"],
        ["[[", "$a", "==", "b*", "]]"],
        ["(("],
        ["export", "A=b", "C"],
        ["unset", "-f", "d"],
        [],
        ["i"],
        ["h"],
    ]
    assert [(a.name, a.value and a.value.text) for a in commands[5].assignments] == [
        ("E", "1"),
        ("F", None),
    ]
    assert commands[6].assignments[0].span.slice(text) == "g=$(h)"


def test_a_greater_sign_within_brackets_redirects():
    (command, _) = read_shell_form("[ $(a) > 2 ]").commands

    assert [word.text for word in command.words] == ["[", "$(a)", "]"]
    assert [redirect.target.text for redirect in command.redirects] == ["2"]


def test_heredocs_of_the_instruction_leave_the_rest_of_the_line_in_order():
    source = "5<<A cat <<-B >/x && c | d; e\n$(no)\nA\n\t(\n\tB\n"
    script = read_shell_form(source)
    first, second, third = script.commands[0].redirects

    assert script.error is None
    assert names(script) == ["cat", "c", "d", "e"]
    assert (first.descriptor, first.operator, second.operator) == (5, "<<", "<<-")
    assert script.heredoc_of(third) is None
    heredoc = script.heredoc_of(second)
    assert script.source_span(heredoc.start, heredoc.end).slice(source) == "\t(\n"


def test_what_is_no_program_says_where_and_keeps_its_commands():
    source = "apt-get update && if true; then"
    script = read_shell_form(source, 0)

    assert script.error is not None
    assert script.is_readable
    assert "apt-get" in names(script)
    assert read_shell_form("").error is None
    assert read_shell_form("").commands == ()


@pytest.mark.parametrize(
    "text",
    ["if a; then (b) else c; fi", "while a; do { b; } done", "{ (a) }", "if a; then { b; } fi"],
)
def test_no_separator_is_needed_before_a_reserved_word(text):
    script = read_shell_form(text)

    assert script.error is None
    assert script.commands[-1].operator_after in (None, ";")


@pytest.mark.parametrize("text", ["a && b >$(c)", "a >$(c) && b", "a | b <$(c) && d", "(a) >$(c)"])
def test_what_runs_in_a_redirection_is_a_command_once(text):
    assert names(read_shell_form(text)).count("c") == 1


def test_commands_are_found_by_either_name():
    script = read_shell_form("sudo -E apt-get x; /usr/bin/apt-get y; echo apt-get")

    assert [c.words[-1].text for c in script.commands_named("apt-get")] == ["x", "y"]
    assert [c.words[-1].text for c in script.commands_named("sudo", "apt-get")] == ["x", "y"]
    assert script.commands_named("yum") == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000,
        "$(" * 3_000,
        "(" * 900 + "a" + ")" * 900,
        "a $(" * 900,
        "{ " * 3_000,
        "a && " * 6_000 + "b",
        "a | " * 900 + "b",
        "if a; then " * 1_000,
        "\\" * 60_000,
        "'" * 30_000,
        "x" * 1_000_000,
        "a \\\n" * 250_000,
        "a | " * 6_000,
        "export a=(" * 3_000,
        "\0a\0 \ud800 \x1b[0m",
        '"' * 2_001,
        "<<E\n" * 8_000,
    ],
)
def test_no_text_is_too_much(text):
    for script in (read_shell_form(text), read_heredoc(text, 0, True)):
        assert (script.error is None) <= script.is_readable
        assert script.steps is not None
        assert all(command.span.end <= len(text) for command in script.commands)
        assert script.is_readable or script.commands == ()


def test_absurd_texts_are_not_read():
    assert not read_shell_form("(" * 5_000).is_readable
    assert not read_shell_form("x" * 40_000).is_readable
    assert read_shell_form("echo " + "x" * 9_000).is_readable
