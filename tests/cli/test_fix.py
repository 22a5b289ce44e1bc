"""`dflint check --fix` and what belongs to it, as people run it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from dflint.cli.main import main

BAD = "from debian:12\nRUN chmod 777 /a\nRUN apt-get install curl\n"
FIXED = "FROM debian:12\nRUN chmod 777 /a\nRUN apt-get install -y curl\n"
RULES = "instruction-casing,apt-no-yes,world-writable"
SELECT = f"--select={RULES}"
RISKY = "FROM debian:12\nLABEL a=risky\n"

pytestmark = pytest.mark.usefixtures("fixing_rules")


def write(folder, text=BAD, name="Dockerfile"):
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder / name


def test_a_check_says_how_much_can_be_fixed(here, dflint):
    write(here)

    status, out, _ = dflint("check", SELECT)

    assert status == 1
    assert "Dockerfile:1:1 style instruction-casing\n" in out
    hint = "; up to 2 can be fixed with `--fix`, 3 with `--unsafe-fixes`\n"
    assert out.endswith(f"in 1 of 1 file{hint}")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ((), "; up to 1 can be fixed with `--fix`, 2 with `--unsafe-fixes`\n"),
        (("--unsafe-fixes",), "; up to 2 can be fixed with `--fix`\n"),
        (("--fixable=label-risky",), "; up to 1 can be fixed with `--fix --unsafe-fixes`\n"),
        (("--unfixable=ALL",), " of 1 file\n"),
        (("--fixable=instruction-casing", "--unfixable=STYLE"), None),
    ],
)
def test_unsafe_fixes_are_counted_apart_until_they_are_asked_for(here, dflint, options, hint):
    write(here, "from debian:12\nLABEL a=risky b=nobody\n")

    status, out, err = dflint(
        "check", "--select=instruction-casing,label-risky,label-unowned", *options
    )

    if hint is None:
        assert (status, out) == (2, "")
        assert "--unfixable: unknown rule `STYLE`" in err
    else:
        assert status == 1
        assert out.endswith(hint)


def test_a_suggestion_is_told_and_never_applied(here, dflint):
    file = write(here, "FROM debian:12\nLABEL b=nobody\n")

    _, out, _ = dflint("check", "--select=label-unowned", "--fix", "--unsafe-fixes")

    assert "= suggestion: write =NAME\n" in out
    assert file.read_text() == "FROM debian:12\nLABEL b=nobody\n"


def test_fix_writes_the_file_and_reports_what_is_left(here, dflint):
    file = write(here)

    status, out, err = dflint("check", SELECT, "--fix", ".")

    assert (status, err) == (1, "")
    assert file.read_text() == FIXED
    assert out.startswith("Dockerfile:2:11 warning world-writable\n")
    assert out.endswith("Fixed 2 in 1 file, 1 finding (1 warning) in 1 of 1 file remains\n")


def test_nothing_left_exits_with_0_unless_the_fix_itself_is_to_fail(here, dflint):
    file = write(here)
    status, out, _ = dflint("check", "--select=apt-no-yes", "--fix")
    assert (status, out) == (0, "Fixed 1 in 1 file, no findings remain\n")

    file.write_text(BAD)
    again = ("check", "--select=apt-no-yes", "--fix", "--exit-non-zero-on-fix")
    assert dflint(*again)[0] == 1
    assert dflint(*again)[0] == 0


def test_unsafe_fixes_are_only_applied_with_fix(here, dflint):
    file = write(here, RISKY)

    assert dflint("check", "--select=label-risky", "--unsafe-fixes")[0] == 1
    assert file.read_text() == RISKY

    status, out, _ = dflint("check", "--select=label-risky", "--fix")
    assert (status, file.read_text()) == (1, RISKY)
    assert out.endswith("; 1 can be fixed with `--unsafe-fixes`\n")

    status, out, _ = dflint("check", "--select=label-risky", "--fix", "--unsafe-fixes")
    assert (status, file.read_text()) == (0, RISKY.replace("risky", "bold"))
    assert out == "Fixed 1 (1 unsafe) in 1 file, no findings remain\n"


def test_the_configuration_may_want_unsafe_fixes_and_name_rules(here, dflint):
    file = write(here, "from debian:12\nLABEL a=risky\n")
    (here / "dflint.toml").write_text('unsafe-fixes = true\nunfixable = ["instruction-casing"]\n')

    dflint("check", "--select=label-risky,instruction-casing", "--fix")

    assert file.read_text() == "from debian:12\nLABEL a=bold\n"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--fixable=apt-no-yes",), "from debian:12\nRUN apt-get install -y curl\n"),
        (("--unfixable=DL3014",), "FROM debian:12\nRUN apt-get install curl\n"),
        (("--fixable=ALL", "--unfixable=ALL"), "from debian:12\nRUN apt-get install curl\n"),
        (("--fixable=style",), "FROM debian:12\nRUN apt-get install curl\n"),
    ],
)
def test_selectors_choose_whose_fixes_are_applied(here, dflint, options, text):
    file = write(here, "from debian:12\nRUN apt-get install curl\n")

    status, _, _ = dflint("check", SELECT, "--fix", *options)

    assert file.read_text() == text
    assert status == 1


def test_fix_only_reports_nothing_of_what_is_left(here, dflint):
    file = write(here)

    status, out, err = dflint("check", SELECT, "--fix-only")

    assert (status, out, err) == (0, "", "dflint: Fixed 2 in 1 file\n")
    assert file.read_text() == FIXED
    assert dflint("check", SELECT, "--fix-only", "--quiet") == (0, "", "")


def test_diff_changes_nothing_and_exits_with_1_if_anything_would(here, dflint):
    file = write(here)

    status, out, err = dflint("check", SELECT, "--diff")

    assert status == 1
    assert err == "dflint: Would fix 2 in 1 file\n"
    assert "--- a/Dockerfile\n+++ b/Dockerfile\n" in out
    assert "\n-from debian:12\n+FROM debian:12\n" in out
    assert file.read_text() == BAD

    file.write_text(FIXED)
    assert dflint("check", SELECT, "--diff") == (0, "", "dflint: Nothing to change\n")


def test_diff_of_bytes_that_are_no_utf8_is_one_that_git_applies(here, dflint):
    file = write(here, b"from debian:12\nLABEL a=\xe9\n")
    _, out, _ = dflint("check", SELECT, "--diff")

    patch = out.encode("utf-8", "surrogateescape")
    subprocess.run(["git", "apply", "-"], input=patch, cwd=here, check=True)

    assert file.read_bytes() == b"FROM debian:12\nLABEL a=\xe9\n"


def test_diff_is_coloured_when_that_is_asked_for(here, dflint):
    write(here)

    _, out, _ = dflint("check", SELECT, "--diff", "--color=always")

    assert "\x1b[31m-from debian:12\x1b[0m\n\x1b[32m+FROM debian:12\x1b[0m\n" in out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_shows_a_diff_and_does_not_obey_it(here):
    write(here, "from debian:12\nLABEL a=\x1b[2J\tb\nRUN true\n")
    reading, writing = os.openpty()
    command = [sys.executable, "-m", "dflint", "check", SELECT, "--diff", "--color=never"]
    subprocess.run(command, stdout=writing, stderr=writing)
    os.close(writing)
    shown = os.read(reading, 10000).decode()
    os.close(reading)

    assert "\x1b" not in shown
    assert " LABEL a=\\x1b[2J\tb\r\n" in shown
    assert shown.endswith("dflint: Would fix 1 in 1 file\r\n")


@pytest.mark.parametrize(
    ("option", "out", "err"),
    [
        ("--fix", FIXED, "world-writable"),
        ("--fix-only", FIXED, "Fixed 2"),
        ("--add-ignore", "# dflint: ignore=apt-no-yes\nRUN", "Silenced 3"),
        ("--diff", "+FROM debian:12", "Would fix 2"),
    ],
)
def test_standard_input_goes_to_standard_output(here, dflint, monkeypatch, option, out, err):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))

    _, printed, told = dflint("check", SELECT, option, "-")

    assert out in printed
    assert "world-writable" not in printed or option == "--add-ignore"
    assert err in told
    assert os.listdir(here) == []


@pytest.mark.parametrize("text", [FIXED, "FROM {{ base }}\nRUN apt-get install x\n"])
def test_standard_input_without_anything_to_fix_comes_back(here, dflint, monkeypatch, text):
    for _ in range(2):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert dflint("check", SELECT, "--fix", "-")[1] == text


def test_other_formats_report_what_is_left(here, dflint):
    write(here)

    status, out, err = dflint("check", SELECT, "--fix", "--output-format=json")

    assert status == 1
    (finding,) = json.loads(out)["files"][0]["findings"]
    assert (finding["rule"], finding["fix"]) == ("world-writable", None)
    assert err == "dflint: Fixed 2 in 1 file, 1 finding remains\n"


def test_json_and_sarif_say_what_mends_a_finding(here, dflint):
    write(here, "FROM debian:12\nRUN apt-get install curl\n")

    _, out, _ = dflint("check", SELECT, "--output-format=json")
    (finding,) = json.loads(out)["files"][0]["findings"]
    assert finding["fix"]["applicability"] == "safe"
    (edit,) = finding["fix"]["edits"]
    assert (edit["line"], edit["column"], edit["text"].strip()) == (2, 20, "-y")

    _, out, _ = dflint("check", SELECT, "--output-format=sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert len(result["fixes"]) == 1


def test_a_fix_that_would_do_harm_is_told_and_left_out(here, dflint):
    file = write(here, "FROM debian:12\nLABEL a=harm\nLABEL b=risky\n")

    status, _, err = dflint("check", "--select=label-harm,label-risky", "--fix", "--unsafe-fixes")

    assert file.read_text() == "FROM debian:12\nLABEL a=harm\nLABEL b=bold\n"
    assert status == 1
    assert err.startswith("dflint: Dockerfile: line 2: the fix of `label-harm` was not applied")


def test_a_fix_that_cannot_be_made_is_a_bug_that_is_told(here, dflint):
    write(here, "FROM debian:12\nLABEL a=crash\n")

    assert dflint("check", "--select=label-crash")[0] == 1
    status, _, err = dflint("check", "--select=label-crash", "--fix")

    assert status == 1
    assert "line 2: the fix of `label-crash` was not applied, making it failed" in err


def test_output_goes_to_a_file_beside_the_fixes(here, dflint):
    file = write(here)

    status, out, _ = dflint("check", SELECT, "--fix", "--output-file=out.txt", "Dockerfile")

    assert (status, out) == (1, "")
    assert "world-writable" in (here / "out.txt").read_text()
    assert file.read_text() == FIXED


def test_a_fix_that_another_process_made_meanwhile_is_taken(here, dflint, monkeypatch):
    file = write(here)
    before = os.fsync

    def save(descriptor):
        file.write_text(FIXED)
        before(descriptor)

    monkeypatch.setattr("os.fsync", save)

    assert dflint("check", SELECT, "--fix-only") == (0, "", "dflint: Fixed 2 in 1 file\n")
    assert file.read_text() == FIXED


def test_fixes_that_undo_each_other_end_with_a_warning(here, dflint):
    file = write(here, "FROM debian:12\nLABEL a=flip\n")

    status, out, err = dflint("check", "--select=label-flip,label-flop", "--fix")

    assert status == 1
    assert file.read_text() in ("FROM debian:12\nLABEL a=flip\n", "FROM debian:12\nLABEL a=flop\n")
    assert "the fixes of `label-flip` undo each other" in err or "`label-flop` undo" in err
    assert out.endswith("1 finding (1 warning) in 1 of 1 file\n")


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_many_files_are_fixed_in_several_processes(here, dflint, jobs):
    files = []
    for number in range(70):
        (here / str(number)).mkdir()
        files.append(write(here / str(number), BAD if number % 2 else FIXED))

    status, out, _ = dflint("check", SELECT, "--fix", "--jobs", jobs, "--output-format=concise")

    assert status == 1
    assert out.count("world-writable") == 70
    assert {file.read_text() for file in files} == {FIXED}


def test_a_fixed_file_is_known_in_the_next_run(here, dflint, monkeypatch):
    write(here)
    first = dflint("check", SELECT, "--fix")[1]

    def begin(*_):
        raise AssertionError("it was checked again")

    monkeypatch.setattr("dflint.engine.session.Session.begin", begin)
    monkeypatch.setattr("dflint.engine.session.Session.mend", begin)
    status, out, _ = dflint("check", SELECT, "--fix")

    assert status == 1
    assert out.partition("\n\n")[0] == first.partition("\n\n")[0]


def test_a_known_report_does_not_keep_a_file_from_being_fixed(here, dflint):
    file = write(here)
    for _ in range(2):
        dflint("check", SELECT)

    dflint("check", SELECT, "--fix")

    assert file.read_text() == FIXED


def test_a_suppressed_finding_is_not_fixed(here, dflint):
    text = "FROM debian:12\n# dflint: ignore=apt-no-yes\nRUN apt-get install curl\n"
    file = write(here, text)

    assert dflint("check", SELECT, "--fix")[0] == 0
    assert file.read_text() == text


def test_a_finding_below_the_threshold_is_not_fixed(here, dflint):
    file = write(here)

    dflint("check", SELECT, "--fix", "--severity-threshold=warning")

    assert file.read_text() == FIXED.replace("FROM", "from")


def test_a_template_is_left_as_it_is(here, dflint):
    file = write(here, "from {{ base }}\nRUN apt-get install curl\n")

    status, out, _ = dflint("check", SELECT, "--fix")

    assert status == 0
    assert "a template" in out
    assert file.read_text().startswith("from")


def test_everything_that_is_found_is_silenced_in_many_files(here, dflint):
    for number in range(40):
        write(here, BAD, f"{number}.Dockerfile")

    status, out, err = dflint("check", SELECT, "--add-ignore=for now", "--jobs=2")

    assert (status, out) == (0, "")
    assert err == "dflint: Silenced 120 in 40 files, 0 findings remain\n"
    text = (here / "7.Dockerfile").read_text()
    assert text.startswith("# dflint: ignore=instruction-casing for now\nfrom debian:12\n")
    assert dflint("check", SELECT)[0] == 0


def test_a_diff_shows_the_comments_that_would_silence(here, dflint):
    file = write(here)

    status, out, _ = dflint("check", SELECT, "--add-ignore", "--diff")

    assert status == 1
    assert "\n+# dflint: ignore=apt-no-yes\n RUN apt-get" in out
    assert file.read_text() == BAD


@pytest.mark.parametrize("one", ["--fix", "--fix-only"])
def test_fixing_and_silencing_at_once_is_refused(here, one):
    write(here)

    assert main(["check", one, "--add-ignore"]) == 2


def test_help_names_the_options():
    done = subprocess.run(
        [sys.executable, "-m", "dflint", "check", "--help"], capture_output=True, text=True
    )
    for option in ("--fix", "--fix-only", "--diff", "--add-ignore [REASON]", "--unsafe-fixes"):
        assert option in done.stdout
