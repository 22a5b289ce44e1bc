"""A second run gives what the first gave, for less; whatever changes, no old result is given."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from dflint.cli.main import main
from dflint.engine.session import Session

BAD = 'FROM debian:12\nMAINTAINER me\nCMD a\n# dflint: ignore=multiple-cmd why\nCMD ["b"]\n'
GOOD = 'FROM debian:12\nCMD ["b"]\n'
TEMPLATE = "FROM {{ base }}\n{% if x %}\nRUN a\n{% endif %}\n"
MAINTAINER = "maintainer-deprecated"


@pytest.fixture
def here(tmp_path, monkeypatch):
    place = tmp_path / "project"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("NO_COLOR", "1")
    return place


@pytest.fixture
def cache(cache_of_its_own):
    return cache_of_its_own


def run(capfdbinary, *argv):
    status = main(list(argv))
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


@pytest.fixture
def checked(monkeypatch):
    """The paths of the sources that rules have looked at, in this process."""
    paths = []
    begin = Session.begin

    def counted(session, source, config, alone=False):
        paths.append(source.path)
        return begin(session, source, config, alone)

    monkeypatch.setattr(Session, "begin", counted)
    return paths


def project(here):
    (here / "Dockerfile").write_text(BAD)
    (here / "good.Dockerfile").write_text(GOOD)
    (here / "template.Dockerfile").write_text(TEMPLATE)
    (here / "nul.Dockerfile").write_bytes(b"FROM a\0b\nMAINTAINER x\n")
    (here / "latin.Dockerfile").write_bytes("FROM a\nMAINTAINER é\n".encode("latin-1"))
    for number in range(40):
        (here / f"{number}.Dockerfile").write_text(BAD + f"# {number}\n")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--output-format", "json"),
        ("--output-format", "sarif"),
        ("--output-format", "concise", "--show-suppressed"),
        ("--show-suppressed",),
        ("--statistics",),
        ("--select", "ALL"),
        ("--severity-threshold", "warning"),
        ("--fail-on", "error"),
        ("--jobs", "2"),
        ("--quiet",),
    ],
    ids=" ".join,
)
def test_a_second_run_gives_the_same_bytes(here, capfdbinary, checked, options):
    project(here)
    without = run(capfdbinary, "check", "--no-cache", *options, ".")
    first = run(capfdbinary, "check", *options, ".")
    checked.clear()
    second = run(capfdbinary, "check", *options, ".")

    assert first == second == without
    # A report that quotes a NUL is not kept; no other file is looked at again.
    assert set(checked) <= {"nul.Dockerfile"}


def test_a_run_in_several_processes_keeps_what_they_found(here, capfdbinary, checked):
    project(here)
    run(capfdbinary, "check", "--jobs", "2", ".")
    checked.clear()
    run(capfdbinary, "check", ".")

    assert set(checked) <= {"nul.Dockerfile"}


def test_a_run_in_several_processes_takes_what_is_known(here, capfdbinary, checked):
    project(here)
    first = run(capfdbinary, "check", ".")
    (here / "7.Dockerfile").write_text(GOOD)
    (here / "8.Dockerfile").write_text(GOOD)

    second = run(capfdbinary, "check", "--jobs", "2", ".")

    assert second == run(capfdbinary, "check", "--no-cache", ".") != first


@pytest.mark.parametrize(
    "change",
    [
        lambda here: (here / "Dockerfile").write_text(BAD.replace("me", "you")),
        lambda here: (here / "dflint.toml").write_text(f'ignore = ["{MAINTAINER}"]\n'),
        lambda here: (here / "dflint.toml").write_text(f'severity.{MAINTAINER} = "error"\n'),
        lambda here: (here / "dflint.toml").write_text('severity-threshold = "error"\n'),
        lambda here: (here / "dflint.toml").write_text('per-file-ignores."Dock*" = ["ALL"]\n'),
    ],
)
def test_a_change_of_file_or_configuration_is_seen(here, capfdbinary, change):
    (here / "Dockerfile").write_text(BAD)
    old = run(capfdbinary, "check", "Dockerfile")
    change(here)

    new = run(capfdbinary, "check", "Dockerfile")

    assert new == run(capfdbinary, "check", "--no-cache", "Dockerfile") != old


def test_options_of_one_run_are_not_those_of_the_next(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)
    runs = [(), ("--select", MAINTAINER), ("--ignore", MAINTAINER), ("--select", "DL4003"), ()]
    for options in runs:
        with_cache = run(capfdbinary, "check", *options, "Dockerfile")
        assert with_cache == run(capfdbinary, "check", "--no-cache", *options, "Dockerfile")


def test_exit_status_follows_the_levels_of_the_run(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)
    options = ("check", "--select", MAINTAINER)

    statuses = [
        run(capfdbinary, *options, *more, "Dockerfile")[0]
        for more in ((), ("--fail-on", "error"), (), ("--fail-on", "never"))
    ]

    assert statuses == [1, 0, 1, 0]


def test_standard_input_is_known_by_content_and_name(here, capfdbinary, monkeypatch, checked):
    def check(text, name):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return run(capfdbinary, "check", "--output-format=concise", "--stdin-filename", name, "-")

    first = check(BAD, "a/Dockerfile")
    assert check(BAD, "a/Dockerfile") == first
    assert checked == ["a/Dockerfile"]

    assert check(BAD, "b/Dockerfile")[1] == first[1].replace("a/Dockerfile", "b/Dockerfile")
    assert check(GOOD, "a/Dockerfile")[1] == ""


def test_files_that_cannot_be_read_are_reported_each_time(here, capfdbinary):
    first = run(capfdbinary, "check", "gone", "here")
    (here / "gone").write_text(GOOD)

    assert first[0] == 2
    assert "gone" in first[1]
    assert run(capfdbinary, "check", "gone")[0] == 0
    (here / "gone").unlink()
    assert run(capfdbinary, "check", "gone", "here") == first


def test_a_crash_is_not_kept(here, capfdbinary, monkeypatch):
    from dflint_rules.maintainer_deprecated import MaintainerDeprecated

    (here / "Dockerfile").write_text(BAD)
    with monkeypatch.context() as patch:
        patch.setattr(MaintainerDeprecated, "check", lambda rule, doc: 1 // 0)
        for _ in range(2):
            status, out, _ = run(capfdbinary, "check", "Dockerfile")
            assert status == 3
            assert "crashed" in out

    status, out, _ = run(capfdbinary, "check", "Dockerfile")
    assert status == 1
    assert MAINTAINER in out


def test_changed_lines_are_those_of_each_run(here, capfdbinary, monkeypatch):
    from dflint.cli import changed

    def diff(*lines):
        changes = {"Dockerfile": tuple((line, line) for line in lines)}
        found = changed.ChangedLines(str(here), str(here), changes, frozenset())
        monkeypatch.setattr(changed, "changed_lines", lambda base, cwd: found)
        return run(capfdbinary, "check", "--diff-base", "x", "--select=ALL", "Dockerfile")[1]

    (here / "Dockerfile").write_text(BAD)
    whole = run(capfdbinary, "check", "--select=ALL", "Dockerfile")[1]
    second_line, no_line, again = diff(2), diff(), diff(2)

    assert "Dockerfile:2:" in second_line
    assert "Dockerfile:3:" not in second_line
    assert "no findings" in no_line
    assert again == second_line
    assert run(capfdbinary, "check", "--select=ALL", "Dockerfile")[1] == whole


def test_no_cache_neither_reads_nor_writes(here, capfdbinary, cache, checked):
    (here / "Dockerfile").write_text(BAD)
    run(capfdbinary, "check", "--no-cache", "Dockerfile")
    assert not cache.exists()

    run(capfdbinary, "check", "Dockerfile")
    run(capfdbinary, "check", "--no-cache", "Dockerfile")

    assert checked == ["Dockerfile"] * 3


def test_the_folder_of_the_option_comes_before_that_of_the_environment(here, capfdbinary, cache):
    (here / "Dockerfile").write_text(GOOD)
    run(capfdbinary, "check", "--cache-dir", "mine", "Dockerfile")

    assert (here / "mine" / "CACHEDIR.TAG").exists()
    assert not cache.exists()


def test_without_a_home_there_is_no_cache_and_no_error(here, capfdbinary, monkeypatch):
    (here / "Dockerfile").write_text(GOOD)
    for name in ("DFLINT_CACHE_DIR", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)

    assert run(capfdbinary, "check", "Dockerfile")[::2] == (0, "")
    assert "no home" in run(capfdbinary, "check", "--debug", "Dockerfile")[2]
    assert run(capfdbinary, "cache")[0] == 2


def test_a_folder_that_cannot_be_written_is_told_with_debug_only(here, capfdbinary, cache):
    (here / "Dockerfile").write_text(GOOD)
    cache.write_text("a file in the way")

    assert run(capfdbinary, "check", "Dockerfile")[::2] == (0, "")
    status, _, err = run(capfdbinary, "check", "--debug", "Dockerfile")
    assert (status, err.startswith("dflint: no cache: ")) == (0, True)
    assert cache.read_text() == "a file in the way"


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"x" * 99])
def test_a_damaged_cache_is_no_trouble(here, capfdbinary, cache, damage):
    project(here)
    first = run(capfdbinary, "check", ".")
    for file in cache.iterdir():
        if file.name != "CACHEDIR.TAG":
            file.write_bytes(damage(file.read_bytes()))

    assert run(capfdbinary, "check", ".") == first
    assert run(capfdbinary, "check", ".") == first


def test_two_runs_at_once_give_what_one_gives(here, cache):
    project(here)
    command = [sys.executable, "-m", "dflint", "check", "--select=ALL"]
    alone = subprocess.run([*command, "--no-cache", "."], capture_output=True).stdout
    for _ in range(2):
        both = [subprocess.Popen([*command, "."], stdout=subprocess.PIPE) for _ in range(2)]
        assert [process.communicate()[0] for process in both] == [alone, alone]


def test_cache_says_where_it_is_what_it_holds_and_goes(here, capfdbinary, cache):
    project(here)
    assert run(capfdbinary, "cache", "dir") == (0, f"{cache}\n", "")
    assert run(capfdbinary, "cache")[1].startswith(f"{cache}: 0 results in 0 bytes, at most 64.0")
    run(capfdbinary, "check", ".")

    assert run(capfdbinary, "cache", "info")[1].startswith(f"{cache}: 44 results in ")
    status, out, _ = run(capfdbinary, "cache", "clean")

    assert status == 0
    assert out.endswith("KiB freed\n")
    assert not cache.exists()
    assert run(capfdbinary, "cache", "clean") == (0, f"{cache}: 0 bytes freed\n", "")


def test_clean_touches_no_folder_that_is_no_cache(here, capfdbinary):
    (here / "thesis.txt").write_text("mine")

    status, _, err = run(capfdbinary, "cache", "clean", "--cache-dir", ".")

    assert status == 2
    assert "no cache of dflint's" in err
    assert os.listdir(here) == ["thesis.txt"]


def test_other_words_behind_cache_are_refused(here, capfdbinary):
    status, _, err = run(capfdbinary, "cache", "remove")

    assert status == 2
    assert "`info`, `dir`, `clean`" in err


RULE = """
from dflint.lint.rule import Category, Meta, Rule, Severity
from dflint.lint.finding import Finding
from dflint.cst.instructions import From
API_VERSION = 1
class AcmeRule(Rule):
    '''Mine.'''
    meta = Meta("acme-rule", Category.STYLE, Severity.WARNING, since="1")
    on = (From,)
    def check(self, doc):
        for one in doc.all(From):
            yield self.finding(doc, one, "{message}")
def rules():
    return [AcmeRule]
"""


def test_a_changed_plug_in_of_the_same_version_gives_no_old_results(here, tmp_path):
    site = tmp_path / "site"
    info = site / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text("[dflint.rules]\nacme = acme_cached_rules\n")
    module = site / "acme_cached_rules.py"
    (here / "Dockerfile").write_text(GOOD)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(site), *sys.path])}

    def check():
        command = [sys.executable, "-m", "dflint", "--output-format=concise", "Dockerfile"]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.stderr == ""
        return done.stdout

    module.write_text(RULE.format(message="one"))
    assert "one [acme-rule]" in check()
    assert "one [acme-rule]" in check()
    module.write_text(RULE.format(message="another"))
    assert "another [acme-rule]" in check()
    (info / "entry_points.txt").unlink()
    assert check() == ""


def test_a_changed_ignore_file_is_another_question(here, cache, capfdbinary):
    (here / "Dockerfile").write_text("FROM debian:12\nCOPY a.txt /\n")
    first = run(capfdbinary, "check", "Dockerfile")
    (here / ".dockerignore").write_text("*.txt\n")
    second = run(capfdbinary, "check", "Dockerfile")

    assert "copy-ignored" not in first[1]
    assert "copy-ignored" in second[1]
