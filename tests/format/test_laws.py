"""Formatting changes nothing that is read, and nothing the second time."""

from __future__ import annotations

import random
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dflint.cst.instructions import Run
from dflint.format.options import FormatOptions
from dflint.format.shfmt import find_shfmt
from dflint.lint.document import Document
from dflint.text.source import Source
from tests.cst.strategies import dockerfiles
from tests.cst.test_roundtrip import AWKWARD
from tests.format.laws import check_laws, source_of

OPTIONS = (
    FormatOptions(),
    FormatOptions(indent="\t", line_length=40, keyword_case="lower"),
    FormatOptions(indent="  ", line_length=0, keyword_case="keep", align="keep"),
)
SHELL_PIECES = (
    "apt-get install -y a b c", "cd /x", "make", "&&", "||", "|", ";", "&", "(", ")", "{", "}",
    "if a; then", "else", "fi", "for x in a b; do", "done", "case $x in", "a)", ";;", "esac",
    '"a  b"', "'c  d'", "$(echo  a)", '"$(', ')"', "`x  y`", "> f", "2>&1", "<<< x", "A=b", "\\\n",
    "\\\n    ", "\\\n# c\n", "\\\n  \\\n", "\\\n\n", "  ", "\t", "\\ ", "#", "[[ a = b ]]", "!",
    "$((1 +  2))", "${x:-  }", "f() {", "a=(x  y)", "é", "\\;", "function g {", "[ -f  x ]",
)  # fmt: skip


@st.composite
def scripts(draw):
    """A RUN of pieces of shell language in any order."""
    pieces = draw(st.lists(st.sampled_from(SHELL_PIECES), max_size=14))
    return f"FROM a\nRUN {draw(st.sampled_from(('', ' '))).join(pieces)}\nCMD b\n"


ALMOST_DIRECTIVES = (
    " # escape=`\nFROM a", "\n# escape=`\nRUN a `\n b", "# syntax=a\n\t# Escape = `\nRUN a",
    "\n\n\n#check=skip=all\n\n", "# a\n  # syntax=b\nFROM c", "\ufeff\n\n# escape=`\nRUN a",
)  # fmt: skip


#: Empty lines that meet, a mark that is none of byte order, blanks that words end with.
MEETING = (
    "RUN a\\\n\\\n&&\\\n\\\n  b", "RUN a \\\n \\\n  && \\\n  \\\n b | \\\n\n c\n", "\n\ufeffFROM a",
    "RUN a \\\n && b c \\ && d\n", "FROM a\nHEALTHCHECK  cmd [\"a\",\"b\"]\n",
)  # fmt: skip
FLAGS_OF_NOBODY = ("LABEL --flag=v a \\\n a\n", "ENV --flag=v a \\\n b\n")


@pytest.mark.parametrize(
    "text", (*AWKWARD, *ALMOST_DIRECTIVES, *MEETING, *FLAGS_OF_NOBODY), ids=repr
)
def test_awkward_texts_keep_every_law(text):
    for options in OPTIONS:
        check_laws(text, options)


@given(dockerfiles(), st.sampled_from(OPTIONS))
@settings(max_examples=400, deadline=None)
def test_generated_files_keep_every_law(text, options):
    check_laws(text, options)


@given(scripts(), st.sampled_from(OPTIONS))
@settings(max_examples=600, deadline=None)
def test_generated_scripts_keep_every_law(text, options):
    check_laws(text, options)


def corpus(shared, *, count):
    files = sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))
    return random.Random(7).sample(files, count)


def test_real_files_keep_every_law_and_are_understood(shared):
    for file in corpus(shared, count=400):
        result = check_laws(Source.read(str(file)).text)

        assert result.notes == (), file


def test_real_files_keep_every_law_with_other_options(shared):
    for file in corpus(shared, count=150):
        check_laws(Source.read(str(file)).text, OPTIONS[1])
        check_laws(Source.read(str(file)).text, OPTIONS[2])


def test_hostile_files_keep_every_law(shared):
    for file in sorted((shared / "corpus" / "hostile").rglob("*")):
        if file.is_file() and file.stat().st_size < 200_000:
            check_laws(Source.read(str(file)).text)


def test_the_parser_of_the_classic_builder_reads_real_files_as_before(shared):
    dockerfile = pytest.importorskip("dockerfile")

    for file in corpus(shared, count=300):
        source = Source.read(str(file))
        try:
            before = dockerfile.parse_string(source.text)
        except (dockerfile.GoParseError, UnicodeEncodeError):
            continue
        after = dockerfile.parse_string(check_laws(source.text).text)
        assert [one.cmd.lower() for one in after] == [one.cmd.lower() for one in before], file


def test_another_reader_of_shells_reads_the_scripts_as_before(shared):
    shfmt = find_shfmt()
    if shfmt is None:
        pytest.skip("there is no shfmt on this machine")
    for file in corpus(shared, count=60):
        source = Source.read(str(file))
        before = runs(source)
        after = runs(source_of(check_laws(source.text).text))
        for old, new in zip(before, after, strict=True):
            if old != new:
                assert normalised(shfmt, new) == normalised(shfmt, old), (file, new)


@given(scripts())
@settings(max_examples=150, deadline=None)
def test_another_reader_of_shells_reads_generated_scripts_as_before(text):
    shfmt = find_shfmt()
    if shfmt is None:
        pytest.skip("there is no shfmt on this machine")
    after = check_laws(text).text
    if after != text:
        for old, new in zip(runs(source_of(text)), runs(source_of(after)), strict=True):
            assert normalised(shfmt, new) == normalised(shfmt, old)


def runs(source):
    """The scripts of a file as its shells read them."""
    return [
        run.reading.arguments[0]
        for run in Document(source).all(Run)
        if run.reading.arguments and not run.reading.is_json and not run.line.bodies
    ]


def normalised(shfmt, script):
    """A script as shfmt writes it with as few characters as possible; None for what is none."""
    done = subprocess.run(
        [shfmt, "-ln", "bash", "-mn"], input=script.encode("utf-8", "replace"), capture_output=True
    )
    return done.stdout if done.returncode == 0 else None
