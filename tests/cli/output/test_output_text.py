import pytest

from dflint.cli.output.excerpt import make_excerpt
from dflint.engine.report import FileReport, Place, ReportedFinding
from dflint.lint.finding import Severity


def underlined(line, column, end_column, room=80):
    """The characters above the carets; only for lines of narrow characters."""
    excerpt = make_excerpt(line, Place(1, column, 1, end_column), room)
    return excerpt.text[excerpt.indent : excerpt.indent + excerpt.length]


def columns(line, column, end_column, room=80):
    excerpt = make_excerpt(line, Place(1, column, 1, end_column), room)
    return excerpt.text, excerpt.indent, excerpt.length


def report(line, place):
    return FileReport(
        "Dockerfile", (ReportedFinding("a-rule", Severity.ERROR, place, "a message", line),)
    )


def test_a_finding_says_where_what_and_shows_it(write):
    text = write("text", [report("RUN cd /app", Place(12, 5, 12, 7))])

    assert text == (
        "Dockerfile:12:5 error a-rule\n"
        "  a message\n"
        "  12 | RUN cd /app\n"
        "     |     ^^\n"
        "\n"
        "1 finding (1 error) in 1 of 1 file\n"
    )


def test_an_empty_place_gets_one_caret():
    assert columns("RUN", 2, 2) == ("RUN", 1, 1)


def test_a_place_behind_the_line_gets_a_caret_right_after_it():
    assert columns("FROM", 9, 12) == ("FROM", 4, 1)


def test_an_empty_line_gets_a_caret():
    assert columns("", 1, 1) == ("", 0, 1)


def test_a_place_of_more_lines_is_underlined_to_the_end_and_says_how_far(write):
    text = write("text", [report("RUN a \\", Place(3, 5, 7, 4))])

    assert "  3 | RUN a \\\n    |     ^^^ to line 7\n" in text


def test_a_place_that_ends_with_its_newline_is_one_line(write):
    text = write("text", [report("RUN a", Place(3, 1, 4, 1))])

    assert "    | ^^^^^\n" in text


def test_tabs_become_blanks_and_carets_stay_below_the_characters():
    assert columns("\tRUN\tx", 2, 5) == ("    RUN x", 4, 3)
    assert underlined("\t\tapt-get\tupdate", 11, 17) == "update"
    assert columns("\tx", 1, 2) == ("    x", 0, 4)


def test_wide_characters_take_two_columns():
    assert columns("漢字 cd", 4, 6) == ("漢字 cd", 5, 2)
    assert columns("漢字 cd", 2, 3) == ("漢字 cd", 2, 2)
    assert columns("😀 cd", 3, 5) == ("😀 cd", 3, 2)


def test_marks_that_combine_take_no_column():
    assert columns("e\u0301 cd", 4, 6) == ("e\u0301 cd", 2, 2)


def test_a_mark_alone_is_underlined_below_its_base():
    assert columns("xe\u0301", 3, 4) == ("xe\u0301", 1, 1)


def test_an_emoji_selector_widens_a_narrow_symbol():
    assert columns("❤\ufe0f cd", 4, 6) == ("❤\ufe0f cd", 3, 2)
    assert columns("e\ufe0f cd", 4, 6) == ("e\ufe0f cd", 2, 2)


def test_what_cannot_be_seen_is_escaped_and_counted():
    assert columns("a\x1b[0m cd", 7, 9) == ("a\\x1b[0m cd", 9, 2)
    assert columns("\u202ecd", 2, 4) == ("\\u202ecd", 6, 2)
    assert columns("\udcffcd", 2, 4) == ("\\xffcd", 4, 2)
    assert columns("a\rcd", 3, 5) == ("a\\rcd", 3, 2)
    assert columns("\xa0cd", 1, 2) == ("\\xa0cd", 0, 4)


def test_a_pipeline_command_in_a_line_is_broken_up():
    assert columns("##vso[x] cd", 10, 12) == ("#\\x23vso[x] cd", 12, 2)
    assert columns("###[x] cd", 8, 10) == ("##\\x23[x] cd", 10, 2)


@pytest.mark.parametrize("filler", ["x", "é", "漢", "\t", "e\u0301", "\x00"])
@pytest.mark.parametrize("at", [0, 3, 40, 70, 500, 999, 1000])
def test_long_lines_are_cut_around_the_caret(filler, at):
    line = filler * at + "@" + filler * (1000 - at)
    column = line.index("@") + 1
    excerpt = make_excerpt(line, Place(1, column, 1, column + 1), 60)

    assert "@" in excerpt.text
    assert excerpt.text.startswith("…") or at < 40
    assert excerpt.text.endswith("…") or at > 960
    assert excerpt.indent + excerpt.length <= 60
    if filler in "xé\t\x00":
        assert excerpt.text[excerpt.indent] == "@"
        assert len(excerpt.text) <= 60


def test_a_long_place_is_underlined_up_to_the_cut():
    text, indent, length = columns("RUN " + "x" * 500, 5, 505, room=40)

    assert text == "RUN " + "x" * 35 + "…"
    assert (indent, length) == (4, 35)


def test_a_line_that_just_fits_is_not_cut():
    assert columns("x" * 40, 40, 41, room=40) == ("x" * 40, 39, 1)
    assert columns("é" * 40, 40, 41, room=40) == ("é" * 40, 39, 1)


@pytest.mark.parametrize("line", ["x" * 1_000_000, "e\u0301" * 500_000, "\x1b" * 1_000_000])
def test_a_line_of_a_megabyte_is_shown_many_times(line, write):
    place = Place(1, 500_000, 1, 500_001)
    findings = (ReportedFinding("a-rule", Severity.ERROR, place, "m", line),) * 500

    assert len(write("text", [FileReport("Dockerfile", findings)], width=80)) < 500 * 2000


def test_a_path_cannot_pretend_to_be_a_command(write):
    text = write("concise", [FileReport("::error::x", failure="no such file")])

    assert text == "\\x3a:error::x: error: not checked: no such file\n"


@pytest.mark.parametrize(
    ("reports", "sentence"),
    [
        ([], "no files to check\n"),
        ([FileReport("a")], "1 file checked, no findings\n"),
        ([FileReport("a"), FileReport("b")], "2 files checked, no findings\n"),
    ],
)
def test_a_clean_run_says_so(reports, sentence, write):
    assert write("text", reports) == sentence


def test_the_last_line_counts_everything(reports, write):
    assert write("text", reports).splitlines()[-1] == (
        "7 findings (2 errors, 3 warnings, 1 info, 1 style) in 2 of 5 files, "
        "1 suppressed, 2 files could not be checked"
    )
    assert write("text", reports[2:4]).splitlines()[-1] == (
        "1 file checked, no findings, 1 file could not be checked"
    )
