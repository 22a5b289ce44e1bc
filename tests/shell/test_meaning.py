"""What of a shell text counts: blanks between words and comments do not, all else does."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dflint.shell.meaning import meaning_of, means_the_same

SAME = (
    ("a  b", "a b"),
    ("a b ", "  a b\t"),
    ("a&&b", "a && b"),
    ("a;b", "a ;\tb"),
    ("a | b", "a|b"),
    ("a $(b  c)", "a $(  b c )"),
    ('a "$(b  c)"', 'a "$(b c)"'),
    ("a `b  c`", "a `b c`"),
    ("a # x  y", "a # z"),
    ("a # x", "a"),
    ("a >b", "a > b"),
    ("{ a;  }", "{ a; }"),
    ("if a;  then b; fi", "if a; then b;  fi"),
    ("case x in a)  b ;; esac", "case x in a) b;; esac"),
    ("x=(a  b)", "x=(a b)"),
    ("f() {  a; }", "f() { a; }"),
    ("cat <<E &&  b\nx  y\nE", "cat <<E && b\nx  y\nE"),
    ('"${x:-"a  b"}"  c', '"${x:-"a  b"}" c'),
    ("$((1 +  1))  a", "$((1 +  1)) a"),
)
DIFFERENT = (
    ("a b", "ab"),
    ("'a  b'", "'a b'"),
    ('"a  b"', '"a b"'),
    ("a\\  b", "a\\ b"),
    ("'a'", '"a"'),
    ("'$a'", '"$a"'),
    ("a; b", "a & b"),
    ("a\nb", "a b"),
    ("a;b", "a\nb"),
    ("a 2>b", "a 2 >b"),
    ("a 2>&1", "a 2 >&1"),
    ("a &>b", "a & >b"),
    ("a && b", "a & & b"),
    ("a || b", "a | | b"),
    ("((a) )", "( (a) )"),
    ("a=b c", "a= b c"),
    ("a #b", "a#b"),
    ("a \\#b", "a #b"),
    ("# a\nb", "# a b"),
    ("$'a  b'", "$'a b'"),
    ("$'a\\tb'", "$'a\\ttb'"),
    ('"a `b  c`"', '"a `b cc`"'),
    ("`echo 'a  b'`", "`echo 'a b'`"),
    ("$(echo 'a  b')", "$(echo 'a b')"),
    ("${x:-a  b}", "${x:-a b}"),
    ("{ a; }", "{a; }"),
    ("! a", "!a"),
    ("cat <<E\nx  y\nE", "cat <<E\nx y\nE"),
    ("cat <<E\nx\nE", "cat <<'E'\nx\nE"),
    ("cat <<-E\n\tx\n\tE", "cat <<E\n\tx\n\tE"),
    ("cat <<E\n# x\nE", "cat <<E\n# y\nE"),
    ("[[ a =~ (b  c) ]]", "[[ a =~ (b c) ]]"),
    ("case x in @(a |b)) c;; esac", "case x in @(a|b)) c;; esac"),
    ("m[a  b]=1", "m[a b]=1"),
    ("a <(b)c", "a <(b) c"),
    ("a[0]=1", "a [0]=1"),
    ("$(( 1 + 2 ))", "$(( 1 +2 ))"),
    ("a;;", "a; ;"),
    ("a \\\n b", "a b"),
    ("a \\ <(b)", "a \\  <(b)"),
    ("a \\\n<(b)", "a \\\n <(b)"),
    ("a <(b) #c", "a <(b)#c"),
    ("a <(b)", "a <(b)#c"),
    ("a\r", "a"),
    ("a\xa0b", "a b"),
    ("a\vb", "a b"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_blanks_between_words_and_comments_do_not_count(one, other):
    assert meaning_of(one) is not None
    assert means_the_same(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_everything_else_counts(one, other):
    assert not means_the_same(one, other)


def test_the_words_of_a_substitution_are_unsure_behind_case():
    assert meaning_of("a $(x case y )") is None
    assert meaning_of("a $(x cases y )") is not None


@pytest.mark.parametrize(
    "text",
    [
        "'a",
        '"a',
        "a $(b",
        "`a",
        "${a",
        "cat <<E\nx",
        "$'a\\'b'",
        "a(b c)",
    ],
)
def test_nothing_is_said_of_a_text_whose_words_are_unsure(text):
    assert meaning_of(text) is None
    assert means_the_same(text, text)
    assert not means_the_same(text + "  b", text + " b")


def test_a_text_of_great_depth_is_left_alone():
    assert meaning_of("$(" * 3000 + ")" * 3000) is None
    assert meaning_of("`" * 5000) is not None
    assert meaning_of("(" * 20_000) is None


SCRIPTS = (
    "echo a  b && echo c;echo d|cat",
    "echo 'a  b' \"c  d\" e\\ f",
    'x=\'1  2\'; echo $x "$x" ${x#1} "${x:-a  b}"',
    "echo $(echo a  'b  c') \"$(echo d  'e  f')\" `echo g  h`",
    "echo a 2>/dev/null >&2; echo 2 >&2; echo b 2>&1",
    "if true; then echo a;else echo b; fi",
    "for i in 1 2  3; do echo $i#; done # end",
    "case 'a b' in 'a b' ) echo x ;; *|y) echo z;; esac",
    "{ echo a; echo b; } | cat; ( echo c )",
    'f() { echo "$1" "$2"; }; f a  b; f \'a  b\'',
    "cat <<E && echo after\na  b $((1 + 1))\n # c\nE\necho end",
    "cat <<-'E'; echo x\n\ta  $b\n\tE\n",
    "echo $((1 + 2)) $(( 3*4 )); ! false && echo t",
    "true || echo a && echo b & wait; echo c",
    "a=1 b=2; echo $a$b ${a}b # c 'd",
    "echo \\# a#b '#c' \"#d\" # e",
    'set -- a \'b  c\'; echo "$@" $# "$*"',
    "echo {a,b} [a] ~x *.none ?",
    "echo 1>&2 a; echo \"a\\\"b\" 'c'\\''d'",
    "[ a = a ] && echo y; test ! a = b && echo n",
    'echo "a\n  b" c\\\n  d',
    "x=$(printf 'a\\tb'); echo \"$x\"; echo a;# b\necho c",
    'while read l; do echo "<$l>"; done <<E\n a  b \nE',
    "eval 'echo a  b'; eval echo c  d; echo ${x:+'y  z'}-$$- >/dev/null",
)
SHELLS = [name for name in ("dash", "bash") if shutil.which(name)]


def behaviour(shell, text):
    done = subprocess.run(
        [shell, "-c", text], capture_output=True, stdin=subprocess.DEVNULL, cwd="/", timeout=20
    )
    return done.returncode, done.stdout


def variants(text):
    """The text with a character left out, or one put in, anywhere."""
    for at in range(len(text) + 1):
        yield text[:at] + text[at + 1 :]
        for one in (" ", "\t", "\n"):
            yield text[:at] + one + text[at:]


@pytest.mark.skipif(not SHELLS, reason="neither dash nor bash is on this machine")
@pytest.mark.parametrize("text", SCRIPTS)
def test_texts_of_one_meaning_do_the_same_in_real_shells(text):
    equal = {one for one in variants(text) if one != text and means_the_same(text, one)}

    assert meaning_of(text) is not None
    assert equal
    for shell in SHELLS:
        expected = behaviour(shell, text)
        joined = sorted(equal)
        # One process for a dozen, each in a shell of its own within it.
        for one in joined[:: max(1, len(joined) // 24)]:
            assert behaviour(shell, one) == expected, one


PIECES = st.sampled_from(
    ("a", "b", " ", "  ", "\t", "\n", "'", '"', "\\", "$", "(", ")", "{", "}", "`", "#", ";", "&",
     "|", "<", ">", "<<E", "\nE\n", "=", "[", "]", "x=", "$(", "${", "((", "case", "esac", "in",
     "!", "1", "2", "*", "?", "=~", "[[", "]]", "-")
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=20))
@example(["<<E", "\nE\n"])
@example(["a", "<<E", "<<E", "\nE\n", "\nE\n", "b"])
def test_reading_never_fails_and_keeps_every_letter(pieces):
    text = "".join(pieces)
    meaning = meaning_of(text)

    if meaning is not None and "#" not in text:
        kept = "".join("".join(_flat(meaning)).split())
        letters = "".join(text.split())
        # The lines that end heredocs tell nothing that their operators do not.
        ends = sum(isinstance(one, str) and one.strip() == "<<E" for one in meaning)
        rest = iter(letters)
        assert all(letter in rest for letter in kept), "in their order"
        assert Counter(letters) - Counter(kept) == Counter("E" * ends)


def _flat(token):
    if isinstance(token, str):
        return token.replace("\0", "")
    closing = {"$(": ")", "`": "`"}.get(token[0], "") if token else ""
    return "".join(_flat(one) for one in token) + closing
