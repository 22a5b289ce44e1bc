"""Comments that silence what was found: where they go, and that they do."""

from __future__ import annotations

import pytest

from dflint.cli.main import main
from dflint.fix.ignores import ignore_edits
from dflint.lint.document import Document
from dflint.lint.suppress import suppressions_in
from dflint.text.edit import apply_edits
from dflint.text.source import Source


def silenced(text, *found, reason=""):
    """The text with comments for rules at places, given as pairs of a rule and a text."""
    doc = Document(Source("Dockerfile", text.encode("utf-8", "surrogateescape")))
    places = [(rule, text.index(at) if at else len(text)) for rule, at in found]
    return apply_edits(text, ignore_edits(doc, places, reason))


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        ("FROM a\n RUN b\n", "b", "FROM a\n # dflint: ignore=r\n RUN b\n"),
        ("FROM a\r\nRUN b\r\n", "b", "FROM a\r\n# dflint: ignore=r\r\nRUN b\r\n"),
        ("FROM a", "a", "# dflint: ignore=r\nFROM a"),
        ("\ufeffFROM a\n", "a", "\ufeff# dflint: ignore=r\nFROM a\n"),
        (
            "# syntax=x\n# escape=`\nFROM a\n", "FROM",
            "# syntax=x\n# escape=`\n# dflint: ignore=r\nFROM a\n",
        ),
        (
            "FROM a\n# why\nRUN b \\\n  # more\n  c\n", "c",
            "FROM a\n# why\n# dflint: ignore=r\nRUN b \\\n  # more\n  c\n",
        ),
        (
            "FROM a\nRUN <<E\n# dflint: ignore=x\nb\nE\nRUN c\n", "b",
            "FROM a\n# dflint: ignore=r\nRUN <<E\n# dflint: ignore=x\nb\nE\nRUN c\n",
        ),
        (
            "# build does it\nFROM a AS build\n", "a AS",
            "# dflint: ignore=r\n# build does it\nFROM a AS build\n",
        ),
        (
            "FROM a\n# hadolint ignore=DL3008\n# check=skip=X\nRUN b\n", "b",
            "FROM a\n# dflint: ignore=r\n# hadolint ignore=DL3008\n# check=skip=X\nRUN b\n",
        ),
        (
            "# syntax=x\nFROM a\n# last\n", "# last",
            "# syntax=x\n# dflint: ignore-file=r\nFROM a\n# last\n",
        ),
        ("# escape=\\\n", "escape", "# escape=\\\n# dflint: ignore-file=r\n"),
        ("", "", "# dflint: ignore-file=r\n"),
        ("FROM a\r\n#\r\n", "#", "# dflint: ignore-file=r\r\nFROM a\r\n#\r\n"),
    ],
)  # fmt: skip
def test_the_comment_goes_where_nothing_else_changes(before, at, after):
    assert silenced(before, ("r", at)) == after
    doc = Document(Source("Dockerfile", after.encode()))
    there = Document(Source("Dockerfile", before.encode()))
    assert [one.name for one in doc.tree.directives] == [one.name for one in there.tree.directives]
    assert ("r",) in [one.names for one in suppressions_in(doc.tree, doc.text)]


@pytest.mark.parametrize(
    ("comment", "after"),
    [
        ("# dflint: ignore=x", "# dflint: ignore=x,r"),
        ("# dflint: ignore=x, y  it has to be", "# dflint: ignore=x, y,r  it has to be"),
        ("#dflint ignore = x", "#dflint ignore = x,r"),
        ("# hadolint ignore=x", "# dflint: ignore=r\n# hadolint ignore=x"),
        ("# dflint: ignore-file=x", "# dflint: ignore-file=x\n# dflint: ignore=r"),
    ],
)
def test_a_comment_that_is_there_takes_the_rule(comment, after):
    assert silenced(f"FROM a\n{comment}\nRUN b\n", ("r", "b")) == f"FROM a\n{after}\nRUN b\n"


def test_a_comment_for_the_whole_file_takes_the_rule():
    text = "# dflint: ignore-file=x why\nFROM a\n#\n"

    assert silenced(text, ("r", "#\n")) == text.replace("=x", "=x,r")


def test_each_instruction_gets_one_comment_with_each_rule_once():
    text = "FROM a\nRUN b c\nRUN d\n"

    assert silenced(text, ("r", "b"), ("s", "c"), ("r", "c"), ("r", "d"), reason=", for\n now") == (
        "FROM a\n# dflint: ignore=r,s for now\nRUN b c\n# dflint: ignore=r for now\nRUN d\n"
    )


NASTY = [
    b"from debian\nMAINTAINER me\nRUN apt-get install curl; cd /x\n",
    b"# syntax=docker/dockerfile:1\r\n# escape=`\r\nfrom debian\r\n\r\n"
    b"  RUN cd c:\\ `\r\n  && sudo x\r\n",
    b"\xef\xbb\xbffrom debian\nRUN <<E\napt-get install curl\n# dflint: ignore=x\nE\n"
    b"EXPOSE 99999\n",
    b"from debian as B\n# dflint: ignore=from-as-casing because\nfrom b AS c\n"
    b"COPY --from=x . .\nFOO\n",
    b"# check=skip=all;error=true\nfrom debian\n# unused\n# hadolint ignore=DL3000\nWORKDIR x",
    b"LABEL caf\xe9\nFROM\nONBUILD RUN sudo ls\nENV a b\nCMD a\nCMD b\n"
    b"# dflint: ignore=DL3020\nADD a b\n",
]


@pytest.mark.parametrize("text", NASTY)
def test_a_check_is_clean_afterwards_and_a_second_run_changes_nothing(
    text, tmp_path, monkeypatch, capfd
):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "Dockerfile"
    file.write_bytes(text)
    command = ["check", "--no-shellcheck", "--output-format=concise"]

    main([*command, "--add-ignore=for now"])
    written = file.read_bytes()

    assert main(command) == 0
    assert capfd.readouterr().out == ""
    assert main([*command, "--add-ignore"]) == 0
    assert file.read_bytes() == written
    lines = written.removeprefix(b"\xef\xbb\xbf").splitlines()
    kept = [line for line in lines if b"dflint: ignore" not in line]
    before = text.removeprefix(b"\xef\xbb\xbf").splitlines()
    assert kept == [line for line in before if b"dflint: ignore" not in line]


def test_what_no_comment_silences_is_reported(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian:12\n# dflint: ignore=sudo\nMAINTAINER me\n")

    status = main(["check", "--no-shellcheck", "--output-format=concise", "--add-ignore"])

    out, err = capfd.readouterr()
    assert status == 1
    assert "unused-suppression" in out
    assert "Silenced 1 in 1 file, 1 finding remains\n" in err
    assert "ignore=sudo,maintainer-deprecated" in file.read_text()


def test_where_comments_are_banned_none_is_written(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian:12\nMAINTAINER me\n")

    status = main(["check", "--extend-select=inline-ignore-banned", "--add-ignore"])

    assert status == 2
    assert "not wanted here" in capfd.readouterr().err
    assert file.read_text() == "FROM debian:12\nMAINTAINER me\n"
