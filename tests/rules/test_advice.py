"""What messages advise, and how grave a finding is, where the file makes a difference."""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.lint.rule import Severity
from dflint.text.source import Source

RULES = {rule.meta.name: rule for rule in dflint_rules.rules()}
WINDOWS = "FROM mcr.microsoft.com/windows/nanoserver\n"


def finding(name, code):
    (found,) = RULES[name]().check(Document(Source("Dockerfile", code.encode())))
    return found


@pytest.mark.parametrize(
    ("rule", "code", "advice"),
    [
        ("cd-without-effect", "FROM a\nWORKDIR /b\nRUN cd /b\nCOPY c .\n", "remove it"),
        ("cd-without-effect", "FROM a\nWORKDIR /b\nRUN cd /c\nCOPY c .\n", "only `WORKDIR /c`"),
        ("undefined-arg-in-from", "FROM a:${b:c}\n", "is it a placeholder"),
        ("undefined-arg-in-from", "FROM a:${b}\n", "write `ARG b=…` there"),
        (
            "undefined-arg-in-from",
            "FROM a:${b:-c}\n",
            "write `ARG b` there, or `--build-arg b=…` does",
        ),
        ("shell-form-cmd", "FROM a\nCMD b && c\n", "the command that is to stay with `exec`"),
        ("shell-form-cmd", "FROM a\nCMD b $C\n", '`["/bin/sh", "-c", "exec b $C"]`'),
        ("copy-before-install", "FROM a\nCOPY . .\nRUN npm i\n", "copy `package.json` (and"),
        (
            "copy-before-install",
            "FROM a\nCOPY package*.json ./\nCOPY . .\nRUN npm i\n",
            "by themselves: copy the sources after it",
        ),
        (
            "copy-before-install",
            "FROM a\nADD . /b\nWORKDIR /b\nCOPY c/composer* ./\nRUN composer install\n",
            "by themselves: copy the sources after it",
        ),
        (
            "copy-before-install",
            "FROM a\nCOPY . .\nRUN ./gradlew classes\nRUN ./gradlew jar\n",
            "`gradle classes` (line 3)",
        ),
        (
            "relative-copy-destination",
            "ARG V\nFROM ruby:$V-slim\nCOPY a .\n",
            "directory of `ruby:$V-slim`",
        ),
    ],
)
def test_advice_follows_what_the_file_has(rule, code, advice):
    assert advice in finding(rule, code).message


@pytest.mark.parametrize(
    ("rule", "code", "severity"),
    [
        ("relative-copy-destination", "FROM a\nCOPY b c\n", Severity.WARNING),
        ("relative-copy-destination", "FROM scratch\nCOPY b c\n", Severity.INFO),
        ("shell-form-cmd", "FROM a\nCMD b\n", Severity.WARNING),
        ("shell-form-cmd", WINDOWS + "CMD b.exe\n", Severity.INFO),
        ("shell-form-entrypoint", "FROM a\nENTRYPOINT b\n", Severity.WARNING),
        ("shell-form-entrypoint", WINDOWS + "ENTRYPOINT b.exe\n", Severity.INFO),
    ],
)
def test_a_finding_without_harm_is_a_note(rule, code, severity):
    assert finding(rule, code).severity is severity


def test_root_with_a_way_to_give_it_up_is_no_finding_though_hadolint_reports_it():
    code = 'FROM a\nRUN apk add su-exec\nUSER root\nENTRYPOINT ["/start"]\n'
    doc = Document(Source("Dockerfile", code.encode()))

    assert list(RULES["root-user"]().check(doc)) == []
