"""What rules say of a file that a builder refuses: the cause that the file itself shows."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Severity
from dflint.text.source import Source

RULES = {rule.meta.name: rule for rule in dflint_rules.rules() if issubclass(rule, ProblemRule)}


def findings(name, code):
    doc = Document(Source("Dockerfile", code.encode("utf-8", "surrogateescape")))
    return doc, sorted(RULES[name]().check(doc), key=lambda finding: finding.span)


CAUSES = [
    ("unknown-instruction", "RUN\u00a0x\n", "behind `RUN` stands U+00A0"),
    ("unknown-instruction", "FROM a\nCOPY: a b\n", "a blank is missing behind `COPY`"),
    ("unknown-instruction", "//RUN x\n", "a comment begins with `#`"),
    ("unknown-instruction", "\ufeff\ufeffFROM a\n", "It has U+FEFF in it"),
    ("unknown-instruction", "FR\u041eM a\n", "did you mean `FROM`? It has U+041E in it"),
    ("unknown-instruction", "\uff32\uff35\uff2e x\n", "did you mean `RUN`?"),
    ("unknown-instruction", "FROM a\nHEALTH NONE\n", "did you mean `HEALTHCHECK`?"),
    ("unknown-instruction", "FROM a\nexport A=1\n", "a command begins with `RUN`"),
    ("unknown-instruction", "FROM a\n<<<<<<< HEAD\n", "a merge conflict"),
    ("unknown-instruction", "FROM a\n%%BODY%%\n", "is it a placeholder"),
    ("unknown-instruction", "FROM a\nRUN x\n\x1a\n", "U+001A does not belong here"),
    ("unknown-instruction", "version: 3\n", "is this a Dockerfile?"),
    ("unknown-instruction", "set -e\n", "a command begins with `RUN`"),
    ("unknown-instruction", "FROM a\nRUN x\nmake\n", "end the `RUN` above with `&&` and `\\`"),
    ("unknown-instruction", "# escape=`\nFROM a\nRUN x\n && y\n", "must end in `` ` ``"),
    ("unknown-instruction", "FROM a\nRUN x \\\\\n && y\n", "the two `\\` above"),
    (
        "unknown-instruction",
        "FROM a\nRUN x \\\u00a0\n && y\n",
        "behind the `\\` above stands U+00A0",
    ),
    ("unknown-instruction", "FROM a\nRUN x \\ # c\n && y\n", "a comment behind the `\\` above"),
    ("unknown-instruction", "FROM a\nRUN x `\n && y\n", "with `\\`, not with `` ` ``"),
    ("unknown-instruction", "# escape=`\nFROM a\nRUN x \\\n y\n", "with `` ` ``, not with `\\`"),
    ("unknown-instruction", "FROM a\nCMD <<E\nx\nE\n", "`CMD` takes no heredoc"),
    ("unknown-flag", "FROM a\nCOPY --From=b x y\n", "did you mean `--from`?"),
    ("unknown-flag", "FROM a\nCOPY --mount=x y z\n", "only `RUN` has it"),
    ("unknown-flag", "FROM a\nRUN --chown=x y\n", "only `ADD` and `COPY` have it"),
    ("unknown-flag", "FROM a\nCMD --port 80\n", '`CMD ["--port"]`'),
    ("unknown-flag", "FROM --foo=b a\n", "it has `--platform`"),
    ("unknown-flag", "FROM a\nENV --foo a b\n", "it takes none"),
    ("malformed-from", "FROM a # b\n", "a comment takes a line of its own"),
    ("malformed-from", "FROM a\rRUN x\r", "U+000D ends no line"),
    ("malformed-from", "FROM {{ a }}\n", "a placeholder is left"),
    ("malformed-from", "FROM a as b c\n", "`c` is too much"),
    ("malformed-from", "FROM a: b/c\n", "found `b/c` where `AS` is expected"),
    ("missing-arguments", "FROM a\nHEALTHCHECK --retries=1\nCMD x\n", "has no `CMD`"),
    ("missing-arguments", "FROM a\nHEALTHCHECK --retries=1\n", "has no argument"),
    ("missing-arguments", "FROM a\nADD\n", "found neither"),
    ("missing-arguments", "FROM a\nUSER --x\n", "`--x` is read as a flag"),
    ("blank-name", "ARG A =b\nFROM a\n", "remove the blank behind `A`"),
    ("malformed-pair", 'FROM a\nENV A="b c" D\n', '`A="b c"`'),
    ("invalid-flag-value", "FROM a\nCOPY --from b c d\n", "`--from=b`"),
    ("invalid-flag-value", "FROM a\nCOPY --link= b c\n", "it takes `true` or `false`"),
    ("invalid-flag-value", "FROM a\nRUN --security=x y\n", "`sandbox` or `insecure`"),
    ("invalid-flag-value", "FROM a\nHEALTHCHECK --retries=x CMD y\n", "a number from 0 up"),
    ("invalid-flag-value", "FROM a\nHEALTHCHECK --timeout=1us CMD y\n", "`1ms` or more"),
    ("invalid-flag-value", "FROM a\nADD --checksum=sha256:0 b c\n", "an HTTP(S) URL"),
    ("unterminated-heredoc", "FROM a\nRUN <<E\n\tE\n", "begin the heredoc with `<<-`"),
    ("unterminated-heredoc", "FROM a\nRUN <<E\nE \n", "line 3 does not close"),
    ("json-array-not-strings", 'FROM a\nCMD ["[", {"b": "]"}]\n', "`{` begins an element"),
    ("json-array-not-strings", 'FROM a\nCMD ["a", true]\n', "`true` is no string"),
    ("json-array-not-strings", f"FROM a\nCMD {'[' * 5000}{']' * 5000}\n", "`[` begins"),
    ("shell-not-json", "FROM a\nSHELL ['cmd', '/S']\n", '`SHELL ["cmd", "/S"]`'),
    ("shell-not-json", "FROM a\nSHELL c:\\x\n", '`SHELL ["c:\\\\x"]`'),
    ("failed-expansion", "FROM a\nENV A=b'c\n", "this quote is not closed"),
    ("failed-expansion", "FROM a\nENV A=x${b:c}y\n", "behind the name in `${b:c}`"),
    ("failed-expansion", "FROM a\nENV A=${}\n", "`${}` is not in a form"),
    ("failed-expansion", "FROM a\nENV A=${b:-${c}\n", "a `}` is missing"),
    ("failed-expansion", "FROM a\nENV A=${b:?c}\n", "asks for `b`, which is not set"),
    ("blank-base-name", "FROM $TARGETVARIANT\n", "`${name:-image}`"),
    ("invalid-image-reference", "FROM a AS Bc\nFROM Bc\n", "write `bc`"),
    ("invalid-image-reference", "FROM https://b/c\n", "leave out `https://`"),
    ("invalid-image-reference", "FROM REPLACE-ME\n", "looks like a placeholder"),
    ("invalid-image-reference", "FROM @@A@@\n", "looks like a placeholder"),
    ("invalid-image-reference", "FROM a@sha256:1\n", "a digest is `sha256:`"),
    ("invalid-image-reference", "FROM a:-b\n", "a tag cannot begin with `-`"),
    ("invalid-image-reference", "FROM b.c//d\n", "a part of its path is empty"),
    ("invalid-image-reference", "FROM b:c:d\n", "expected `registry/repository:tag@digest`"),
    ("invalid-port", "FROM a\nEXPOSE 80;90\n", "parted by blanks"),
    ("invalid-port", "FROM a\nEXPOSE tcp/80\n", "write `80/tcp`"),
    ("invalid-port", "FROM a\nEXPOSE 90-80\n", "from a lower to a higher"),
    ("invalid-port", "FROM a\nEXPOSE localhost:80:80\n", "the port of the container only"),
    ("invalid-signal", 'FROM a\nSTOPSIGNAL ["SIGTERM"]\n', "no JSON array"),
    ("invalid-mount", "FROM a\nRUN --mount=type=b,target=/c x\n", "there is no type `b`"),
    ("invalid-mount", "FROM a\nRUN --mount=type=cache x\n", "needs a `target`"),
    ("invalid-mount", "FROM a\nRUN --mount=type=secret x\n", "an `id` or a `target`"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b, x\n", "put no blank behind it"),
    ("invalid-mount", "FROM a\nRUN --mount=type=secret,id x\n", "`id` needs a value"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,tpye=c x\n", "did you mean `type`?"),
    (
        "invalid-mount",
        "FROM a\nRUN --mount=type=cache,target=/b,sharing=c x\n",
        "`sharing` is `shared`, `private` or `locked`",
    ),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,mode=9 x\n", "expected octal digits"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,uid=9 x\n", "for caches, secrets and ssh"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,ro=x y\n", "expected `true` or `false`"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,size=1 x\n", "`bind` takes no `size`"),
    ("invalid-mount", "FROM a\nRUN --mount=target=/b,sharing=locked x\n", "of type `cache`"),
    ("invalid-mount", "FROM a\nRUN --mount=type=secret,id=b,from=c x\n", "remove `from`"),
    ("invalid-mount", "FROM a\nRUN --mount=type=secret,id=b,source=c x\n", "keep one"),
    ("invalid-check-directive", "# check=skip=a;\nFROM a\n", "an option is missing beside `;`"),
]


@pytest.mark.parametrize(("name", "code", "part"), CAUSES)
def test_message_tells_the_cause(name, code, part):
    _, found = findings(name, code)

    assert part in found[0].message
    assert len(found[0].message) <= 200


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("blank-base-name", "ARG A\nFROM $A\n"),
        ("blank-base-name", "FROM $A\n"),
        ("invalid-image-reference", "ARG A\nFROM a:$A\n"),
        ("invalid-image-reference", "ARG A=${b:c}\nFROM a:$A\n"),
        ("invalid-platform", "FROM --platform=$A b\n"),
    ],
)
def test_what_an_argument_spoils_is_left_to_the_rules_on_arguments(name, code):
    doc, found = findings(name, code)

    assert name in doc.problem_kinds
    assert found == []


def test_platform_that_a_build_argument_gives_is_a_warning():
    _, found = findings("invalid-platform", "ARG A\nFROM --platform=$A b\n")

    assert [finding.severity for finding in found] == [Severity.WARNING]


def test_severity_that_the_user_chose_is_not_raised():
    doc = Document(Source("Dockerfile", b"ARG A\nFROM --platform=$A b\n"))

    found = list(RULES["invalid-platform"](Severity.STYLE).check(doc))

    assert [finding.severity for finding in found] == [Severity.STYLE]


@pytest.mark.parametrize(
    ("mount", "option"),
    [
        ("type=tmpfs,size=x,target=/b", "size=x"),
        ("type=cache,Trget=/b", "Trget=/b"),
        ("type=cache", "--mount=type=cache"),
        ("target=/", "target=/"),
        ("\\type=cache", "--mount=\\type=cache"),
    ],
)
def test_option_at_fault_is_pointed_at(mount, option):
    doc, found = findings("invalid-mount", f"FROM a\nRUN --mount={mount} x\n")

    assert [finding.span.slice(doc.text) for finding in found] == [option]


def test_lines_of_one_stray_text_are_reported_once():
    doc, found = findings("unknown-instruction", "FROM a\nfoo\nbar\nRUM x\n\nbaz\n")

    assert [finding.span.slice(doc.text) for finding in found] == ["foo", "RUM", "baz"]


def test_words_of_a_comment_behind_expose_are_reported_once():
    doc, found = findings("invalid-port", "FROM a\nEXPOSE 80 # a b c\nEXPOSE d\n")

    assert [finding.span.slice(doc.text) for finding in found] == ["#", "d"]


def test_long_word_is_shortened_in_the_message():
    _, found = findings("unknown-instruction", "FROM a\n" + "X" * 10000 + "\n")

    assert len(found[0].message) < 150


def test_port_before_any_stage_is_judged_too():
    doc, found = findings("invalid-port", "EXPOSE 80000\n")

    assert [finding.span.slice(doc.text) for finding in found] == ["80000"]
