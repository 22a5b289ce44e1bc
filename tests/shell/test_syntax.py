"""What no shell can read, and that nothing else is called so."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import time

import pytest

from dflint.shell import parser
from dflint.shell.syntax import find_fault

FAULTS = [
    ("a &&", 2, "nothing follows `&&`"),
    ("a && # b", 2, "nothing follows `&&`"),
    ("a ||\n", 2, "nothing follows `||`"),
    ("a |", 2, "nothing follows `|`"),
    ("&& a", 0, "`&&` cannot stand here"),
    ("a; && b", 3, "`&&` cannot stand here"),
    ("a && && b", 5, "`&&` cannot stand here"),
    ("a;; b", 1, "`;;` cannot stand here"),
    ("; a", 0, "`;` cannot stand here"),
    ("a & ; b", 4, "`;` cannot stand here"),
    ("if a; then b", 0, "`if` is without its `fi`"),
    ("if a; then b; else", 0, "`if` is without its `fi`"),
    ("if a; b; fi", 9, "`fi` cannot stand here"),
    ("if a; then fi", 11, "no command stands after `then`"),
    ("if a; then b; done", 14, "`done` cannot stand here"),
    ("if a then b; fi", 13, "`fi` cannot stand here"),
    ("if a; then b; fi c", 17, "`c` cannot stand here"),
    ("while a; do b", 0, "`while` is without its `done`"),
    ("while do b; done", 6, "no command stands after `while`"),
    ("for i in a b; do c; fi", 20, "`fi` cannot stand here"),
    ("for i in a b", 0, "`for` is without its `do`"),
    ("for; do a; done", 0, "nothing that fits follows `for`"),
    ("case x in a) b", 0, "`case` is without its `esac`"),
    ("case x in a) b;; ", 0, "`case` is without its `esac`"),
    ("case x a) b;; esac", 7, "`a` cannot stand here"),
    ("(a", 0, "`(` is without its `)`"),
    ("a)", 1, "`)` cannot stand here"),
    ("()", 0, "nothing stands between `(` and `)`"),
    ("(a) b", 4, "`b` cannot stand here"),
    ("{ a; ", 0, "`{` is without its `}`"),
    ("a; }", 3, "`}` cannot stand here"),
    ("echo a(b)", 6, "`(` cannot stand here"),
    ("echo 'a", 5, "`'` is never closed"),
    ('echo "a', 5, '`"` is never closed'),
    ('echo "$(a', 6, "`$(` is without its `)`"),
    ("echo `a", 5, "a backquote is never closed"),
    ("echo ${a", 5, "`${` is never closed"),
    ("a >", 2, "nothing follows `>`"),
    ("a > && b", 2, "nothing follows `>`"),
    ("f() ", 2, "the text ends where a command must follow"),
    ("cat <<X\n'\nX\nfi", 12, "`fi` cannot stand here"),
    ("a\n| b", 2, "`|` cannot stand here"),
]
PROGRAMS = [
    "",
    "# only this",
    "a; b & c && ! d || time -p e | f |& g",
    "if a; then if b; then c; fi fi; (a) > x 2>&1 && { b; } < y",
    "if a\nthen\n\n b\nelif c; then d; else e; fi && f",
    "for i; do a; done; for i in; do a; done; for ((i=0; i<3; i++)); do a; done",
    "for i in a b; { c; }; select i in a; do b; done",
    "while a; b; do c; done < x; until a; do b; done | c",
    "case $x in (a|'b c') d;; e*) ;; *) f; esac",
    "case x in esac; case x in a) b;& c) d;;& esac",
    "f() { a; }; function g { a; }; function h() (a); i () if a; then b; fi",
    "x=(a 'b c' $(d)); x+=(e); declare -a y=(1); ls !(a|b) @(c)",
    "echo $((1 + (2 * 3))) $(( $(a) )) $((a); (b)) $(case a in b) c;; esac)",
    'echo "${a:-"b c"}" "${a#\'}\'}" ${a:-\'}\'} $\'it\\\'s\' $"a" ${#a} $# $$ "it\'s"',
    'echo `a \\`b\\`` "`c`" a#b # it\'s a comment',
    "[[ a =~ (b|c) && ( -f d ) ]] && [ a ] || test b",
    "diff <(a) <(b) > >(tee c) 3<&0 {fd}>x &>y",
    "cat <<A <<-'B' && c\n$(\nA\n\t(\n\tB\nd <<<'e'",
    "a=$(cat <<X\n(\nX\n)",
    "echo then if fi done } { in",
    "a \\\n  && b",
    "coproc a { b; }; c",
    "! a; !; time",
]


@pytest.mark.parametrize(("text", "start", "reason"), FAULTS, ids=[one[0] for one in FAULTS])
def test_fault_is_found_at_its_place(text, start, reason):
    fault = find_fault(text)

    assert fault is not None
    assert (fault.start, str(fault)) == (start, reason)
    assert fault.start < fault.end <= len(text)


@pytest.mark.parametrize("text", PROGRAMS)
def test_programs_of_either_shell_are_without_fault(text):
    assert find_fault(text) is None


@pytest.mark.parametrize("unit", ["(", "((", "$((", "$(", "${", '"$(', "{ ", "if ", "<(", "x=("])
def test_depth_costs_no_time(unit):
    start = time.process_time()

    find_fault(unit * (8_000 // len(unit)))

    assert time.process_time() - start < 1


def test_a_long_text_is_tried_again_where_the_clock_has_run_on(monkeypatch):
    times = iter([0.0])  # the first try is late as soon as it has begun
    monkeypatch.setattr(parser, "thread_time", lambda: next(times, 1e9))
    monkeypatch.setattr(parser, "_PATIENCE", 1e12)

    assert parser.parse("echo a b c\n" * 1_000) is not None


def test_a_long_text_is_given_up_where_the_clock_runs_on_and_on(monkeypatch):
    monkeypatch.setattr(parser, "thread_time", map(float, range(0, 10**9, 10**6)).__next__)

    assert parser.parse("echo a b c\n" * 1_000) is None


# Without `((`, where bash makes a guess.
BASES = [one for one in PROGRAMS[2:-3] if "((" not in one]
TOKENS = re.compile(r"\b(?:if|then|fi|do|done|esac|in)\b|&&|\|\||;;|[;&|(){}\"'`]")


def refuses(shell, text):
    return subprocess.run([shell, "-n"], input=text.encode(), capture_output=True).returncode != 0


@pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("dash")), reason="needs bash and dash"
)
def test_fault_of_a_changed_program_is_one_for_bash_and_few_are_missed():
    rng = random.Random(5)
    found = missed = 0
    for _ in range(150):
        text = rng.choice(BASES)
        match = rng.choice(list(TOKENS.finditer(text)))
        changed = text[: match.start()] + rng.choice(["", match[0] * 2]) + text[match.end() :]
        if find_fault(changed) is not None:
            assert refuses("bash", changed), changed
            found += 1
        else:
            missed += refuses("bash", changed) and refuses("dash", changed)

    assert found > 50
    assert missed <= found // 20


_OTHER_BLANKS = [chr(code) for code in range(0x3001) if chr(code).isspace()]
_OTHER_BLANKS = [one for one in _OTHER_BLANKS if one not in " \t\n"]


@pytest.mark.parametrize("blank", _OTHER_BLANKS)
def test_other_blanks_than_the_shells_are_letters(blank):
    assert find_fault(f"echo a{blank}b {blank} c") is None
