import io
import os
import subprocess
import sys

import pytest

from dflint.cli.output import FORMATS, render
from dflint.cli.output.color import wants_color
from dflint.cli.output.fingerprints import FileFingerprints
from dflint.cli.output.paths import repository_path
from dflint.engine.report import FileReport, Place, ReportedFinding
from dflint.errors import UsageError
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible, replace_surrogates


class Terminal(io.StringIO):
    def isatty(self):
        return True


def finding(line_number, source_line, rule="a-rule"):
    place = Place(line_number, 1, line_number, 2)
    return ReportedFinding(rule, Severity.ERROR, place, "m", source_line)


@pytest.mark.parametrize(
    ("environ", "on_terminal", "elsewhere"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": ""}, True, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR": "0"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_color_depends_on_the_environment_and_the_stream(environ, on_terminal, elsewhere):
    assert wants_color("auto", Terminal(), environ) is on_terminal
    assert wants_color("auto", io.StringIO(), environ) is elsewhere


def test_the_choice_on_the_command_line_stands_over_all():
    assert wants_color("always", io.StringIO(), {"NO_COLOR": "1", "TERM": "dumb"})
    assert not wants_color("never", Terminal(), {"FORCE_COLOR": "1"})


def test_a_stream_that_is_closed_or_missing_gets_no_color():
    closed = io.StringIO()
    closed.close()

    assert not wants_color("auto", closed, {})
    assert not wants_color("auto", None, {})


def test_ordinary_text_stays_as_it_is():
    for text in ("plain", "é漢😀", "## heading", "a::b", "[x]", ""):
        assert make_visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[0m", "\\x1b[0m"),
        ("a\tb\r\nc", "a\\tb\\r\\nc"),
        ("\u202e\u2066", "\\u202e\\u2066"),
        ("\u200b\ufeff\xad", "\\u200b\\ufeff\\xad"),
        ("\udc80\ud800", "\\x80\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("a ##vso[b", "a #\\x23vso[b"),
        ("####[b", "###\\x23[b"),
        ("  ::error::", "  \\x3a:error::"),
        ("\n::error::", "\\n::error::"),
    ],
)
def test_what_could_harm_is_escaped(text, shown):
    assert make_visible(text) == shown


@pytest.mark.parametrize("piece", ["#", "##", "##vso", "::", ":", "\x1b", "\ud800", " ", "é"])
def test_long_texts_are_made_visible_in_linear_time(piece):
    text = piece * 100_000

    assert make_visible(text)
    assert replace_surrogates(text)


def test_only_lone_surrogates_are_replaced():
    assert replace_surrogates("é😀\udcff\ud800x") == "é😀\ufffd\ufffdx"


def test_paths_below_the_working_directory_are_relative_to_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert repository_path("./a/b") == "a/b"
    assert repository_path(os.path.join(tmp_path, "a", "b")) == "a/b"
    assert repository_path("../b") == "../b"
    assert repository_path(f"{tmp_path}-other/b").endswith("-other/b")
    assert os.path.isabs(repository_path(f"{tmp_path}-other/b"))


@pytest.mark.skipif(sys.platform == "win32", reason="absolute paths have a drive there")
def test_a_path_elsewhere_is_a_file_uri_in_sarif(tmp_path, monkeypatch, write):
    monkeypatch.chdir(tmp_path)
    text = write("sarif", [FileReport("/else where/Dockerfile", failure="gone")])

    assert '"file:///else%20where/Dockerfile"' in text


@pytest.mark.skipif(sys.platform == "win32", reason="a directory in use stays there")
def test_a_missing_working_directory_leaves_paths_alone(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert repository_path("/a/b") == "/a/b"


def test_fingerprints_survive_a_move_and_tell_findings_apart():
    before = FileFingerprints()
    after = FileFingerprints()
    first = [before.next(finding(n, "RUN cd /a")) for n in (1, 2)]
    moved = [after.next(finding(n, "  RUN cd /a")) for n in (7, 9)]

    assert first == moved
    assert len({*first, before.next(finding(3, "RUN cd /b"))}) == 3
    assert FileFingerprints().next(finding(1, "RUN cd /a", rule="other")) not in first
    assert FileFingerprints("path").next(finding(1, "RUN cd /a")) not in first


def test_an_unknown_format_is_refused(make_context):
    with pytest.raises(UsageError, match="unknown output format `xml`, expected one of text, "):
        render("xml", [], make_context())


def test_commands_in_a_file_stay_text_for_github_and_azure(write):
    attack = "::error file=a::pwned%0A::set-output name=x::y;]"
    place = Place(2, 1, 2, 4)
    reported = ReportedFinding(attack, Severity.ERROR, place, f"unknown `{attack}`", attack)
    reports = [FileReport("Dockerfile", (reported,))]

    assert write("github", reports) == (
        "::error file=Dockerfile,line=2,endLine=2,col=1,endColumn=4,title=dflint "
        "%3A%3Aerror file=a%3A%3Apwned%250A%3A%3Aset-output name=x%3A%3Ay;]"
        "::Dockerfile:2:1: unknown `::error file=a::pwned%250A::set-output name=x::y;]`\n"
    )
    assert write("azure", reports) == (
        "##vso[task.logissue type=error;sourcepath=Dockerfile;linenumber=2;columnnumber=1;"
        "code=\\x3a:error file=a::pwned%AZP250A::set-output name=x::y%3B%5D;]"
        "unknown `::error file=a::pwned%AZP250A::set-output name=x::y;]`\n"
    )


@pytest.mark.parametrize("format_name", ["text", "concise", "github", "azure"])
def test_findings_are_printed_while_files_are_still_checked(format_name, make_context):
    checked = []

    def check():
        for path in ("a", "b"):
            checked.append(path)
            yield FileReport(path, (finding(1, "RUN"),))

    chunks = render(format_name, check(), make_context())

    assert "a" in next(chunks)
    assert checked == ["a"]


@pytest.mark.parametrize(
    ("format_name", "unwanted"),
    [
        ("text", "json typing dataclasses pathlib colorama hashlib unicodedata logging inspect"),
        ("concise", "json typing dataclasses pathlib colorama hashlib unicodedata logging"),
        ("github", "json typing dataclasses pathlib hashlib unicodedata logging inspect"),
    ],
)
def test_formats_for_every_day_import_little(format_name, unwanted):
    program = f"""
import sys
from dflint.cli.output import OutputContext, render
from dflint.engine.report import FileReport, Place, ReportedFinding
from dflint.lint.finding import Severity
finding = ReportedFinding("r", Severity.ERROR, Place(1, 1, 1, 2), "m", "\\tRUN")
context = OutputContext("1", dict, color=True)
list(render({format_name!r}, [FileReport("/a", (finding,))], context))
ours = [name for name in sys.modules if name.startswith("dflint.cli.output.")]
formats = {{"dflint.cli.output." + name for name in {FORMATS!r}}}
print(*(formats.intersection(ours) - {{"dflint.cli.output.{format_name}"}}))
print(*sorted(set({unwanted!r}.split()) & set(sys.modules)))
"""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # -S keeps out what the site packages of this environment load by themselves.
    run = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == "\n\n"
