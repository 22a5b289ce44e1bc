import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from dflint.cli.output import FORMATS
from dflint.cli.output.statistics import render_statistics


class OutputFile(SingleFileSnapshotExtension):
    """One file per output, so that it can be judged as it is printed."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def snapshot(snapshot):
    return snapshot.use_extension(OutputFile)


@pytest.mark.parametrize("format_name", FORMATS)
def test_everything_nasty_in_one_run(format_name, reports, write, snapshot):
    assert write(format_name, reports, width=100) == snapshot


@pytest.mark.parametrize("format_name", ["text", "concise", "sarif", "junit"])
def test_suppressed_findings_are_shown_when_asked_for(format_name, reports, write, snapshot):
    assert write(format_name, reports[:1], show_suppressed=True) == snapshot


@pytest.mark.parametrize("format_name", ["text", "concise"])
def test_colored_output(format_name, reports, write, snapshot):
    assert write(format_name, reports[:1], color=True) == snapshot


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_clean_run(format_name, reports, write, snapshot):
    assert write(format_name, reports[2:3]) == snapshot


def test_statistics(reports, make_context, snapshot):
    assert "".join(render_statistics(reports, make_context())) == snapshot
