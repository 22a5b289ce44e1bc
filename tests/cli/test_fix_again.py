"""Fixes of an earlier run: the same files and words for less, and never what no longer holds."""

from __future__ import annotations

import pytest

from dflint.engine.session import Session

BAD = """FROM debian:12
MAINTAINER me
RUN apt-get update && apt-get install -y curl
CMD a
CMD ["b"]
"""
#: Nothing here can be fixed.
GOOD = "FROM debian\nRUN make\n"
FILES = {"Dockerfile": BAD, "good.Dockerfile": GOOD, "nul.Dockerfile": BAD + "# \0\n"}
FILES.update((f"{number}.Dockerfile", f"{BAD}# {number}\n") for number in range(40))


@pytest.fixture
def fixed(monkeypatch):
    """The paths of the sources for which fixes were made, in this process."""
    paths = []
    begin = Session.begin_mending

    def counted(session, source, *others):
        paths.append(source.path)
        return begin(session, source, *others)

    monkeypatch.setattr(Session, "begin_mending", counted)
    return paths


@pytest.fixture
def project(here, cache_of_its_own):
    def write():
        for name, text in FILES.items():
            (here / name).write_bytes(text.encode())

    write()
    return write


def after(here):
    return {name: (here / name).read_text() for name in FILES}


@pytest.mark.parametrize(
    "options",
    [
        ("--fix",),
        ("--fix", "--unsafe-fixes"),
        ("--fix", "--output-format=json"),
        ("--fix", "--fixable=maintainer-deprecated", "--exit-non-zero-on-fix"),
        ("--fix", "--jobs=2"),
        ("--fix-only",),
        ("--diff",),
        ("--diff", "--unsafe-fixes"),
    ],
    ids=" ".join,
)
def test_the_same_files_are_fixed_again_without_a_look(here, dflint, project, fixed, options):
    runs = []
    for cache in (["--no-cache"], [], []):
        project()
        fixed.clear()
        said = dflint("check", "--no-shellcheck", *options, *cache, ".")
        runs.append((said, after(here)))
    assert runs[0] == runs[1] == runs[2]
    # What a NUL occurs in is not kept.
    assert set(fixed) <= {"nul.Dockerfile"}
    changes = "--diff" not in options
    assert (runs[2][1]["7.Dockerfile"] != FILES["7.Dockerfile"]) == changes


def test_what_is_unsafe_is_not_taken_for_safe(here, dflint, project):
    def fix(*options):
        project()
        dflint("check", "--no-shellcheck", "--fix", *options, "Dockerfile")
        return (here / "Dockerfile").read_text()

    safe, unsafe = fix("--no-cache"), fix("--no-cache", "--unsafe-fixes")

    assert safe != unsafe
    assert [fix(), fix("--unsafe-fixes"), fix(), fix("--unsafe-fixes")] == [safe, unsafe] * 2


@pytest.mark.parametrize("first", ["--fix-only", "--diff", "--fix"])
@pytest.mark.parametrize("name", ["Dockerfile", "good.Dockerfile"])
def test_a_run_that_is_silent_on_findings_does_not_hide_them(here, dflint, project, first, name):
    """It had kept a report without any."""
    dflint("check", "--no-shellcheck", first, name)

    for more in (("--fix",), ("--fix", "--unsafe-fixes"), ("--output-format=json",)):
        text = (here / name).read_bytes()
        found = dflint("check", "--no-shellcheck", *more, name)
        (here / name).write_bytes(text)
        assert found == dflint("check", "--no-shellcheck", "--no-cache", *more, name)


def test_a_fix_that_a_file_of_the_context_forbids_is_not_made_again(here, dflint):
    def fix():
        (here / "Dockerfile").write_text("FROM debian:12\nADD a.txt /x/\n")
        dflint("check", "--no-shellcheck", "--fix", "--context", ".", "Dockerfile")
        return (here / "Dockerfile").read_text().split()[2]

    (here / "a.txt").write_text("text")
    assert [fix(), fix()] == ["COPY", "COPY"]

    (here / "a.txt").write_bytes(b"\x1f\x8b\x08" + bytes(600))  # what ADD unpacks
    assert [fix(), fix()] == ["ADD", "ADD"]

    (here / "a.txt").write_text("other text")
    assert fix() == "COPY"


def test_a_file_that_cannot_be_written_says_so_each_time(here, dflint, project, monkeypatch):
    from dflint.errors import SourceError
    from dflint.text.replace import Replacer

    dflint("check", "--no-shellcheck", "--fix", "Dockerfile")
    project()

    def full(self, path, data, expected_old):
        raise SourceError(path, "cannot be replaced: no space left on device")

    monkeypatch.setattr(Replacer, "replace", full)
    status, out, err = dflint("check", "--no-shellcheck", "--fix", "Dockerfile")

    assert status == 2
    assert "Dockerfile: not changed: cannot be replaced: no space left on device" in err
    assert "maintainer-deprecated" in out
    assert (here / "Dockerfile").read_text() == BAD


def test_a_crash_is_told_each_time(here, dflint, project, monkeypatch):
    from dflint_rules.maintainer_deprecated import MaintainerDeprecated

    monkeypatch.setattr(MaintainerDeprecated, "check", lambda rule, doc: 1 // 0)
    runs = [dflint("check", "--no-shellcheck", "--fix-only", "good.Dockerfile")[0]]
    for _ in range(2):
        project()
        status, _, err = dflint("check", "--no-shellcheck", "--fix-only", "Dockerfile")
        runs.append(status)
        assert "crashed" in err

    assert runs == [0, 3, 3]


def test_fixes_of_changed_lines_are_those_of_each_run(here, dflint, project, monkeypatch):
    from dflint.cli import changed

    def fix(*lines):
        project()
        changes = {"Dockerfile": tuple((line, line) for line in lines)}
        found = changed.ChangedLines(str(here), str(here), changes, frozenset())
        monkeypatch.setattr(changed, "changed_lines", lambda base, cwd: found)
        dflint("check", "--no-shellcheck", "--fix-only", "--diff-base", "x", "Dockerfile")
        return (here / "Dockerfile").read_text()

    dflint("check", "--no-shellcheck", "--fix-only", "Dockerfile")
    whole = (here / "Dockerfile").read_text()

    assert fix() == BAD
    assert fix(2) not in (whole, BAD)
    project()
    dflint("check", "--no-shellcheck", "--fix-only", "Dockerfile")
    assert (here / "Dockerfile").read_text() == whole
