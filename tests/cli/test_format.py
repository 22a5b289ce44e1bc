"""`dflint format` as people run it."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys

import pytest

from dflint.cli.main import main

BAD = "from   debian:12\nrun a   &&   b\n"
GOOD = "FROM debian:12\nRUN a && b\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def run(capfdbinary, *argv):
    status = main(["format", *argv])
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


def test_files_are_written_in_place(here, capfdbinary):
    file = here / "Dockerfile"
    file.write_text(BAD)
    file.chmod(0o640)

    status, out, err = run(capfdbinary)

    assert (status, out, err) == (0, "", "dflint: 1 file formatted\n")
    assert file.read_text() == GOOD
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(here) == ["Dockerfile"]


def test_a_formatted_file_is_not_touched(here, capfdbinary):
    file = here / "Dockerfile"
    file.write_text(GOOD)
    before = file.stat()

    for _ in range(2):
        assert run(capfdbinary)[::2] == (0, "dflint: 1 file unchanged\n")

    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_ino == before.st_ino


def test_check_names_the_files_and_writes_nothing(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)
    (here / "Dockerfile.good").write_text(GOOD)

    for _ in range(2):  # the second time from the cache
        status, out, err = run(capfdbinary, "--check")

        assert (status, out) == (1, "would format Dockerfile\n")
        assert err == "dflint: 1 file would be formatted, 1 file unchanged\n"
    assert (here / "Dockerfile").read_text() == BAD


def test_check_is_content_with_formatted_files(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)

    assert run(capfdbinary, "--check", "--quiet") == (0, "", "")


def test_diff_shows_what_would_change(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)
    run(capfdbinary, "--check")  # what is known by now does not keep it from being shown

    status, out, _ = run(capfdbinary, "--diff", "Dockerfile")

    assert status == 1
    assert out == (
        "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n"
        "-from   debian:12\n-run a   &&   b\n+FROM debian:12\n+RUN a && b\n"
    )
    assert (here / "Dockerfile").read_text() == BAD


def test_standard_input_goes_to_standard_output(here, capfdbinary, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))

    assert run(capfdbinary, "-") == (0, GOOD, "")


def test_settings_for_standard_input_are_those_of_its_name(here, capfdbinary, monkeypatch):
    (here / "sub").mkdir()
    (here / "sub" / "dflint.toml").write_text('format.keyword-case = "lower"\n')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"FROM a\n")))

    status, out, _ = run(capfdbinary, "--stdin-filename", "sub/Dockerfile", "-")

    assert (status, out) == (0, "from a\n")


def test_line_ends_and_the_byte_order_mark_stay(here, capfdbinary):
    (here / "Dockerfile").write_bytes(b"\xef\xbb\xbffrom a\r\nRUN b && \\\r\n c")

    run(capfdbinary)

    assert (here / "Dockerfile").read_bytes() == (b"\xef\xbb\xbfFROM a\r\nRUN b \\\r\n    && c\r\n")


def test_only_instructions_on_the_lines_of_a_range_are_formatted(here, capfdbinary):
    (here / "Dockerfile").write_text("from a\nrun b \\\n  c\nrun  d\n")

    status, _, _ = run(capfdbinary, "--range", "3-3", "Dockerfile")

    assert status == 0
    assert (here / "Dockerfile").read_text() == "from a\nRUN b \\\n    c\nrun  d\n"


@pytest.mark.parametrize("given", ["0-3", "4-3", "a-b", "3", "1-2-3"])
def test_a_wrong_range_is_refused(here, capfdbinary, given):
    (here / "Dockerfile").write_text(GOOD)

    status, _, err = run(capfdbinary, "--range", given, "Dockerfile")

    assert status == 2
    assert "expected lines such as `10-20`" in err


def test_a_range_is_for_one_file(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)
    (here / "Containerfile").write_text(GOOD)

    assert run(capfdbinary, "--range", "1-2")[0] == 2


def test_editorconfig_counts_and_our_configuration_counts_more(here, capfdbinary):
    (here / ".editorconfig").write_text(
        "root = true\n[*]\nindent_style = tab\nmax_line_length = 20\n[Other*]\nindent_size = 2\n"
    )
    file = here / "Dockerfile"
    file.write_text("FROM a\nRUN bbbbbbbbb && ccccccccc\n")
    run(capfdbinary)
    assert file.read_text() == "FROM a\nRUN bbbbbbbbb \\\n\t&& ccccccccc\n"

    (here / "dflint.toml").write_text("[format]\nindent = 2\n")
    run(capfdbinary)
    assert file.read_text() == "FROM a\nRUN bbbbbbbbb \\\n  && ccccccccc\n"

    run(capfdbinary, "--indent", "8")
    assert file.read_text() == "FROM a\nRUN bbbbbbbbb \\\n        && ccccccccc\n"


def test_editorconfig_can_leave_the_end_of_the_file_alone(here, capfdbinary):
    (here / ".editorconfig").write_text("root = true\n[*]\ninsert_final_newline = false\n")
    (here / "Dockerfile").write_text("from a")

    run(capfdbinary)

    assert (here / "Dockerfile").read_text() == "FROM a"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("indent = 0", "expected `tab` or 1 to 16 blanks"),
        ("line-length = -1", "expected a number of columns"),
        ('keyword-case = "title"', "expected one of `upper`, `lower`, `keep`"),
        ("indents = 2", "unknown key; known keys are `align`"),
        ("heredocs = 1", "expected true or false"),
    ],
)
def test_wrong_settings_are_refused_with_their_line(here, capfdbinary, setting, message):
    (here / "Dockerfile").write_text(GOOD)
    (here / "dflint.toml").write_text(f"[format]\n{setting}\n")

    status, _, err = run(capfdbinary)

    assert status == 2
    assert message in err
    assert "(line 2)" in err


def test_a_changed_option_is_no_case_for_the_cache(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)

    assert run(capfdbinary, "--check")[0] == 0
    assert run(capfdbinary, "--check", "--keyword-case", "lower")[0] == 1
    assert run(capfdbinary, "--check")[0] == 0


def test_missing_file_exits_with_2_and_the_others_are_formatted(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)

    status, _, err = run(capfdbinary, "nowhere", "Dockerfile")

    assert status == 2
    assert "nowhere" in err
    assert (here / "Dockerfile").read_text() == GOOD


def test_templates_are_left_with_a_note(here, capfdbinary):
    text = "{{ if a }}\nfrom   b\n{{ end }}\n"
    (here / "Dockerfile").write_text(text)

    status, _, err = run(capfdbinary, "Dockerfile")

    assert status == 0
    assert "template" in err
    assert (here / "Dockerfile").read_text() == text


def test_heredocs_are_laid_out_on_request_only(here, capfdbinary):
    text = "FROM a\nRUN <<EOF\nif b; then\nc\nfi\nEOF\nRUN <<EOF\nEOF\n"
    (here / "Dockerfile").write_text(text)

    run(capfdbinary)
    assert (here / "Dockerfile").read_text() == text

    _, _, err = run(capfdbinary, "--heredocs")
    if "no `shfmt`" in err:
        pytest.skip("there is no shfmt on this machine")
    assert (here / "Dockerfile").read_text() == text.replace("\nc\n", "\n    c\n")


def test_several_processes_do_what_one_does(here, capfdbinary):
    for number in range(80):
        (here / f"Dockerfile.{number:02}").write_text(BAD if number % 2 else GOOD)

    status, out, err = run(capfdbinary, "--check", "--jobs", "2")

    assert status == 1
    assert out == "".join(f"would format Dockerfile.{n:02}\n" for n in range(1, 80, 2))
    assert err == "dflint: 40 files would be formatted, 40 files unchanged\n"
    assert run(capfdbinary, "--check")[:2] == (status, out)


def test_nothing_dear_is_imported_for_files_that_are_known(here, tmp_path):
    (here / "Dockerfile").write_text(GOOD)
    code = (
        "import sys; from dflint.cli.main import main; "
        "main(['format', '--check', '--quiet', 'Dockerfile']); "
        "sys.stderr.write(' '.join(sorted(sys.modules)))"
    )

    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
            capture_output=True,
            text=True,
            cwd=here,
        )

    loaded = set(done.stderr.split())
    assert done.returncode == 0
    assert not {"dflint.cst.parser.build", "dflint.format.layout", "typing", "json"} & loaded
