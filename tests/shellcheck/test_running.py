"""How the program is run: how often, with what, and what happens when it does not do its part."""

from __future__ import annotations

import os
import sys

import pytest

from dflint.cli.main import main
from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.shellcheck import pool as pools
from dflint.shellcheck.pool import Pool
from dflint.shellcheck.process import Process
from dflint.shellcheck.program import Program, find_program
from dflint.shellcheck.store import MemoryStore
from dflint.text.source import Source

NOTHING = '{"comments":[]}'
ANSWER = f"echo '{NOTHING}'"


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NO_COLOR", "1")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    yield folder
    assert os.listdir(temporary) == []


def run(capfdbinary, *argv):
    status = main(["check", *argv])
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


def configure(folder, program):
    (folder / "dflint.toml").write_text(f'shellcheck-path = "{program}"\n')


def counting(fake, tmp_path, answer=ANSWER):
    """A program that writes down what it is called with."""
    log = tmp_path / "log"
    return fake(f'echo "$@" >> {log}\n{answer}'), log


def scripts_in(log):
    lines = log.read_text().splitlines() if log.exists() else []
    return [sum(os.path.basename(word).isdecimal() for word in line.split()) for line in lines]


def test_files_share_a_process_and_equal_scripts_are_checked_once(
    here, capfdbinary, fake, tmp_path
):
    program, log = counting(fake, tmp_path)
    configure(here, program)
    for at in range(10):
        text = f"FROM a\nRUN same $x\nRUN same \\\n  $x\nRUN ls {at % 3}\n"
        (here / f"{at}.Dockerfile").write_text(text)

    status, _, err = run(capfdbinary, "--select", "SC*")

    assert (status, err) == (0, "")
    assert scripts_in(log) == [5]


def test_results_are_kept_by_what_decides_them(fake, tmp_path):
    program, log = counting(fake, tmp_path)
    store = MemoryStore()
    found = find_program(program)
    for script in ("a", "b", "a"):
        one = Pool(found, store, 1)
        answer = one.submit(script)
        one.resolve(answer)
        assert answer.rows == []
    assert scripts_in(log) == [1, 1]

    other = Pool(Program(program, "another version"), store, 1)
    other.resolve(other.submit("a"))
    assert scripts_in(log) == [1, 1, 1]


def test_what_is_kept_comes_back_as_it_was(shellcheck):
    store = MemoryStore()
    script = "#!/bin/sh\necho é $a\n"
    rows = []
    for _ in range(2):
        one = Pool(shellcheck, store, 1)
        answer = one.submit(script)
        one.resolve(answer)
        rows.append([tuple(row) for row in answer.rows])

    assert rows[0] == rows[1] != []


def test_many_scripts_are_several_processes_at_once(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(pools, "MOST_SCRIPTS", 4)
    monkeypatch.setattr(pools, "FEWEST_SCRIPTS", 2)
    program, log = counting(fake, tmp_path)
    one = Pool(find_program(program), MemoryStore(), 2)
    answers = [one.submit(str(at)) for at in range(11)]
    for answer in answers:
        one.resolve(answer)

    assert [answer.rows for answer in answers] == [[]] * 11
    assert sum(scripts_in(log)) == 11
    assert max(scripts_in(log)) <= 4


def test_in_several_processes_of_ours(here, capfdbinary, shellcheck):
    for at in range(70):
        (here / f"{at:02}.Dockerfile").write_text(f"FROM a\nRUN ls {at} $x\n")

    status, out, err = run(
        capfdbinary, "--select", "SC2086", "--output-format", "concise", "-j", "2"
    )

    assert (status, err) == (1, "")
    assert out.count("SC2086") == 70


def test_reports_come_in_the_order_of_the_files(here, capfdbinary, shellcheck):
    names = [f"{at}.Dockerfile" for at in range(9)]
    for name in names:
        (here / name).write_text("FROM a\n" + ("RUN ls $x\n" if name < "5" else "USER x\n"))

    _, out, _ = run(capfdbinary, "--select", "SC2086,SC2154", "--output-format", "concise", *names)

    assert [line.partition(":")[0] for line in out.splitlines() if "SC2086" in line] == names[:5]


def test_our_findings_can_be_had_before_shellchecks(shellcheck):
    session = Session(shellcheck=True)
    source = Source("Dockerfile", b"FROM a\nMAINTAINER me\nRUN ls $a\n")
    begun = session.begin(source, Config(select=("DL4000", "SC2086")))

    first = session.finish(begun, waits=False)
    second = session.finish(begun)

    assert [one.rule for one in first.findings] == ["maintainer-deprecated"]
    assert [one.rule for one in second.findings] == ["maintainer-deprecated", "SC2086"]
    session.close()


def test_a_session_does_not_run_it_unasked(fake, tmp_path):
    program, log = counting(fake, tmp_path)

    Session().check(Source("Dockerfile", b"FROM a\nRUN ls\n"), Config(shellcheck_path=program))

    assert scripts_in(log) == []


def test_where_it_is_not_there_one_note_says_so(here, capfdbinary):
    configure(here, "/nowhere/shellcheck")
    for at in range(3):
        (here / f"{at}.Dockerfile").write_text("FROM a:1\nRUN ls\nUSER a\n")

    status, out, err = run(capfdbinary, "--select", "latest-tag,SC2086", "--output-format", "json")

    assert status == 0
    assert out.startswith("{")
    assert "ShellCheck" not in out
    assert err.count("\n") == 1
    assert "ShellCheck is not at `/nowhere/shellcheck`" in err
    assert "although its codes are selected" in err
    assert "pip install 'dflint[shellcheck]'" in err
    assert "--no-shellcheck" in err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_one_note_from_several_processes(here, capfdbinary, jobs):
    configure(here, "/nowhere/shellcheck")
    for at in range(70):
        (here / f"{at}.Dockerfile").write_text("FROM a:1\nRUN ls\n")

    _, _, err = run(capfdbinary, "--fail-on", "never", "-j", jobs)

    assert err.count("ShellCheck") == 1
    assert "although" not in err


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("FROM a:1\nUSER a\n", ()),
        ("FROM a:1\nRUN ls\n", ("--no-shellcheck",)),
        ("FROM a:1\nRUN ls\n", ("--quiet",)),
        ("FROM a:1\nRUN ls\n", ("--select", "latest-tag")),
        ("FROM a:1\nRUN ls\n", ("--ignore", "SC*")),
    ],
)
def test_where_nobody_misses_it_nothing_is_said(here, capfdbinary, text, options):
    configure(here, "/nowhere/shellcheck")
    (here / "Dockerfile").write_text(text)

    _, _, err = run(capfdbinary, "--fail-on", "never", *options)

    assert err == ""


def test_it_cannot_be_wanted_and_unwanted(here, capfdbinary):
    (here / "Dockerfile").write_text("FROM a\n")

    status, _, err = run(capfdbinary, "--shellcheck", "--no-shellcheck")

    assert status == 2
    assert "expected one of them" in err


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("kill -9 $$", "signal 9 ended it; there are scripts without its findings"),
        ("echo garbage", "what it prints is not what ShellCheck 0.7 and later print"),
        ("true", "what it prints is not what ShellCheck 0.7 and later print"),
        ("echo '{}'", "what it prints is not what ShellCheck 0.7 and later print"),
        ("echo oh no >&2; exit 4", "exit status 4: oh no; its findings are missing"),
        (
            'if [ "$1" = --version ]; then echo ShellCheck; echo version: 0.4.7; else exit 3; fi',
            "it is version 0.4.7, and at least 0.7 is needed",
        ),
    ],
)
def test_a_program_that_fails_costs_its_own_findings_alone(here, capfdbinary, fake, body, reason):
    configure(here, fake(body))
    for at in range(3):
        (here / f"{at}.Dockerfile").write_text(f"FROM a\nMAINTAINER me\nRUN ls {at}\n")

    status, out, err = run(capfdbinary, "--select", "DL4000,SC*", "--output-format", "concise")

    assert status == 1
    assert out.count("DL4000") + out.count("maintainer-deprecated") >= 3
    assert reason in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_program(here, capfdbinary, tmp_path):
    path = tmp_path / "no-program"
    path.write_bytes(b"\x7fELF and nothing more")
    path.chmod(0o755)
    configure(here, path)
    (here / "Dockerfile").write_text("FROM a\nRUN ls\n")

    status, _, err = run(capfdbinary, "--select", "SC*")

    assert status == 0
    assert "failed: " in err
    assert err.count("\n") == 1


def test_one_script_that_hangs_does_not_cost_the_others(fake):
    program = fake(
        "for f do case $f in */*) grep -q hang $f 2>/dev/null && exec sleep 60;; esac; done\n"
        + ANSWER
    )
    one = Pool(find_program(program), MemoryStore(), 1, seconds=(0.5, 0.5))
    answers = [one.submit(script) for script in ("a", "hang", "b")]
    for answer in answers:
        one.resolve(answer)

    assert [answer.rows for answer in answers] == [[], None, []]
    (trouble,) = one.troubles
    assert "it was stopped after 0.5 seconds" in trouble
    assert one.submit("c").is_done is False
    one.close()


def test_one_that_hangs_always_is_given_up(fake):
    one = Pool(find_program(fake("sleep 60 & sleep 60")), MemoryStore(), 1, seconds=(0.3, 0.1))
    answers = [one.submit(str(at)) for at in range(20)]
    for answer in answers:
        one.resolve(answer)

    assert all(answer.rows is None for answer in answers)
    assert one.submit("more").is_done


def test_nothing_is_left_behind_when_a_run_is_interrupted(here, fake, monkeypatch, capfdbinary):
    configure(here, fake("sleep 60"))
    (here / "Dockerfile").write_text("FROM a\nRUN ls\n")

    def interrupted(process, seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(Process, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(capfdbinary, "--select", "SC*")


def test_settings_of_the_user_change_nothing(here, report, shellcheck, monkeypatch):
    monkeypatch.setenv("SHELLCHECK_OPTS", "-e SC2086")
    (here / ".shellcheckrc").write_text("disable=SC2086\n")
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("LC_ALL", "C")

    (finding,) = report("FROM a\nARG x\nRUN echo é $y\n", ignore=("SC2154",)).findings

    assert (finding.rule, finding.place.column) == ("SC2086", 12)


def test_the_program_is_looked_for_beside_the_interpreter_and_on_path(tmp_path, monkeypatch, fake):
    beside = tmp_path / "bin"
    beside.mkdir()
    monkeypatch.setattr(sys, "executable", str(beside / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program() is None
    on_path = fake("true", "shellcheck")
    assert find_program().path == on_path
    (beside / "shellcheck").write_text("#!/bin/sh\n")
    (beside / "shellcheck").chmod(0o755)
    assert find_program().path == str(beside / "shellcheck")
    fake("true", "other")
    assert find_program("other").path == str(tmp_path / "other")
    assert find_program(str(tmp_path)) is None
