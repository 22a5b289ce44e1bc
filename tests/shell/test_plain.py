"""What is read without the grammar is what the grammar reads."""

from __future__ import annotations

import pytest

from dflint.shell.outline import Outline
from dflint.shell.plain import is_plain
from dflint.shell.plain_outline import PlainOutline
from dflint.shell.script import Script, read_heredoc, read_shell_form
from dflint.shell.words import PartKind
from tests.shell.bodies import shell_bodies


def by_grammar(script):
    return Outline(script._parse(), script.shell_text)


def dump(outline):
    constructs = [
        (one.kind, one.start, one.end, one.is_negated, [place(s) for s in one.statements],
         [one.operator(at) for at in range(len(one.statements))])
        for one in outline.constructs
    ]  # fmt: skip
    return constructs, [command(one) for one in outline.commands]


def place(statement):
    return statement.start, statement.end, statement.is_in_body_shell, statement.operator_before


def command(one):
    return (
        one.start, one.end, one.name_value, one.program, one.operator_after,
        one.operator_after_span,
        [word(each) for each in one.words],
        [(each.name, each.value and word(each.value), each.span) for each in one.assignments],
        [
            (each.operator, each.descriptor, each.start, each.end, each.target and each.target.text)
            for each in one.redirects
        ],
    )  # fmt: skip


def word(one):
    return (one.text, one.value, one.prefix, one.variables, one.is_quoted,
            parts(one.parts))  # fmt: skip


def parts(them):
    """The parts, neighbouring literal ones as one: the grammar cuts `a=b` into three."""
    found = []
    for one in them:
        last = found[-1] if found else None
        if last and last[0] is one.kind is PartKind.LITERAL and last[2] == one.start:
            found[-1] = (one.kind, last[1], one.end, last[3] + one.value, (), [])
        else:
            found.append((one.kind, one.start, one.end, one.value, one.names, parts(one.parts)))
    return found


def assert_same(script):
    grammar = by_grammar(script)
    assert not script._parse().has_error
    assert dump(PlainOutline(script.shell_text)) == dump(grammar), script.text


TEXTS = (
    "a", " a b\n", "a && b || c; d | e\nf", "a;b ; c ;\n", "a\n\n\nb", "a &&\n b |\n\n c",
    "A=1", "A=1 B= c D=2", "A=$B; export C=$A D='x' E", 'A="$B"c', "A+=x b",
    "a 2>&1 >b 3> c <d", ">a b", "2>a b", "a>b;c", "a 2 >b", "a b2>c", "a >> $X\"y\"",
    "a '' \"\" \"b c\" 'd'e\"f\"$g${h}i\\ j\\$k", 'a "$b ${c} \\$d \\" \\\\${e} x"', "a \\\\ \\;b",
    "[ -f a ] && b", "[ a = b ] || c", "test $A = \"\" && b", "a b=c --d=e -f=$G",
    "a ~/b *.c ?[d]e %f +g ^h @i,j", "sudo -u x env A=b /usr/bin/c d", "$A b", "${A} b", "\"a\" b",
    "a ${2} $b.c ${d}e", "a 'é' \"ü\"", "set -e\na\tb\n",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_plain_texts_are_read_as_the_grammar_reads_them(text):
    script = read_shell_form(text) if "\n" not in text else read_heredoc(text)

    assert is_plain(script.text)
    assert_same(script)


@pytest.mark.parametrize(
    "text",
    [
        "", "if a; then b; fi", "(a)", "{ a; }", "a &", "a & b", "! a", "a $(b)", "a `b`",
        'a "$(b)"',
        "a <<E\nE", "a <<< b", "a #b", "# a", "a ${b:-c}", "[[ a ]]", "a 'b", 'a "b',
        "a \\", "a;;b",
        "a &&", "&& a", "a || ; b", "a()", "for a in b; do c; done", "a {b,c}", "a >", "a >&-",
        "a $'b'", "é", "$@", "a[0]=1", "a $1", 'a "$"', "while", "a && done", "b; then c",
    ],
)  # fmt: skip
def test_other_texts_are_left_to_the_grammar(text):
    assert not is_plain(text)


def test_plain_bodies_are_read_as_the_grammar_reads_them(shared):
    count = 0
    refused = []
    for body in shell_bodies(shared, every=3):
        if not body.dialect.is_posix:
            continue
        script = body.read()
        if is_plain(script.text):
            count += 1
            again = Script(script.shell_text)
            if again._parse().has_error:
                refused.append(script.text)
            else:
                assert_same(again)

    assert count > 4_000
    # A `[` without its `]` is the command's fault, and no error of syntax.
    assert all(text.startswith("[") for text in refused)
