from __future__ import annotations

import pytest
from lsprotocol import types

from dflint.lint.finding import Finding, Severity
from dflint.text.span import Span
from dflint_lsp.features.hover import hover
from tests.lsp.versions import at, marked


def told(text: str, is_markdown: bool = True) -> str | None:
    version, offset = marked(text)
    found = hover(version, offset, is_markdown)
    return None if found is None else found.contents.value


def place(text: str) -> types.Range | None:
    version, offset = marked(text)
    found = hover(version, offset)
    return None if found is None else found.range


def test_an_instruction_says_where_it_works_and_as_whom():
    text = told('FROM a\nWORKDIR /srv\nWORKDIR app\nUSER 7\nSHELL ["bash", "-c"]\nR|UN b\n')
    assert "- working directory: `/srv/app`" in text
    assert "- user: `7`" in text and "- shell: `bash -c`" in text
    assert text.endswith("https://docs.docker.com/reference/dockerfile/#run)")


def test_what_only_the_base_image_knows_is_said_to_be_so():
    text = told("FROM example.test/a\nR|UN b\n")
    assert "working directory: that of the base image" in text


def test_from_tells_of_its_stage():
    text = told("FROM a AS b\nFR|OM b\nFROM c\nCOPY --from=b x y\n")
    assert "- stage: 1 (of 3" in text and "- built on stage: 0 `b`" in text


def test_settings_are_told_after_expansion():
    assert "- `B`: `1x`" in told("FROM a\nENV A=1\nE|NV B=${A}x\n")
    assert "- destination: `/d/e/`" not in told("FROM a\nWORKDIR /d\nCO|PY x /e/\n")
    assert "- destination: `/d/e`" in told("FROM a\nWORKDIR /d\nCO|PY x e/\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ARG A=1\nFROM $|A", "`A` = `1`"),
        ("FROM x\nENV A=1\nENV A=2 B=${|A}", "`A` = `1`"),
        ("FROM x\nENV A=1\nENV |A=2", "`A` = `2`"),
        ("ARG A=1\nFROM x\nARG A\nRUN echo '$|A'", "`A` = `1`"),
        ("FROM x\nENV po\\\n# c\n|rt=1", "`port` = `1`"),
        ("FROM x AS y\nENV A=1\nFROM y\nRUN <<E\necho $|A\nE\n", "`A` = `1`"),
        ("FROM --platform=$|BUILDPLATFORM x", "`BUILDPLATFORM`: The platform of the builder"),
    ],
)
def test_variables_have_values(text, value):
    assert told(text).startswith(value)


@pytest.mark.parametrize(
    "text",
    [
        "# a com|ment",
        "FROM x\nRUN e|cho",
        "FROM x\nUSER \\$|A",
        "ENV A=1\nFROM $|A",
        "FROM x\nARG A=1\nUSER ${A|\n",
        "FROM x\nUSER $|A\n",
        "COPY a --ch|own=b",
        "FR\\|XOM a",
        "FROM x\n|\n",
    ],
)
def test_there_is_nothing_to_say(text):
    assert told(text) is None


def test_flags_mounts_and_directives():
    assert "owner" in told("FROM a\nONBUILD COPY --ch|own=b c d")
    assert "stays between builds" in told("FROM a\nRUN --mount=type=ca|che,target=/x b")
    assert "one after another" in told("FROM a\nRUN --mount=type=cache,sha|ring=locked b")
    assert "front end" in told("# syn|tax=docker/dockerfile:1\nFROM a")


def test_ports_signals_and_labels():
    assert told("FROM a\nEXPOSE 54|32") == "Port 5432 over TCP; usually PostgreSQL."
    assert "core dump" in told("FROM a\nSTOPSIGNAL SIGQ|UIT")
    assert "SPDX" in told("FROM a\nLABEL org.opencontainers.image.lic|enses=MIT")


def test_plain_text_has_no_markup():
    text = told("FROM a\nRU|N b", False)
    assert "`" not in text and "](" not in text


def test_the_range_is_that_of_the_token():
    assert place("FROM a\nUSER ${|B}\nARG C=1") is None
    assert place("FROM a\nARG B=1\nUSER ${|B}") == at(2, 7, 2, 8)
    assert place("FROM a\nCOPY --fr|om=b c d") == at(1, 5, 1, 11)


def test_what_rules_found_is_explained():
    version, offset = marked("FROM a\nMAINT|AINER b\n")
    finding = Finding("maintainer-deprecated", Severity.INFO, Span(7, 17), "…")
    strange = Finding("SC1000", Severity.INFO, Span(7, 17), "…")
    text = hover(version, offset, True, [finding, strange, finding]).contents.value
    assert text.count("**maintainer-deprecated**") == 1
    assert "rules/maintainer-deprecated.md" in text


def test_reasons_go_with_something_else_unless_they_are_wanted_alone():
    version, offset = marked("FROM a\nRUN c|d b\n")
    finding = Finding("cd-without-effect", Severity.INFO, Span(11, 13), "…")
    assert hover(version, offset, True, [finding], findings_alone=False) is None
    assert "cd-without-effect" in hover(version, offset, True, [finding]).contents.value
