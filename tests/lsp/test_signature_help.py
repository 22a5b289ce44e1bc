from __future__ import annotations

import pytest

from dflint_lsp.features.signature_help import signature_help
from tests.lsp.versions import marked


def parameters(text: str) -> list[str]:
    """The parameter that is being written, in each signature."""
    version, offset = marked(text)
    found = signature_help(version, offset)
    if found is None:
        return []
    labels = []
    for one in found.signatures:
        begin, end = one.parameters[one.active_parameter].label
        labels.append(one.label[begin:end])
    return labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COPY |", ["source", "["]),
        ("COPY | --from=a b c", ["[flags]", "[flags]"]),
        ("COPY --from=|", ["stage"]),
        ("COPY --link a |b c", ["..."]),
        ("COPY a \\\n # c\n |b", ["dest"]),
        ('COPY ["a", "|"]', ["dest"]),
        ('COPY ["a", |"b", "c"]', ["..."]),
        ('RUN ["a, |b", "c"]', ["command"]),
        ("FROM a:|1", ["tag", "tag"]),
        ("FROM registry.test:5000/a|", ["baseImage"] * 6),
        ("FROM a |", ["AS"] * 3),
        ("FROM a@sha256:1 AS |", ["stage"]),
        ("ENV a=1 b=|", ["value2"]),
        ("LABEL 'a b'=|", ["value", "value"]),
        ("ARG a|", ["name", "name"]),
        ("HEALTHCHECK --retries=|", ["3"]),
        ("HEALTHCHECK n|", ["NONE"]),
        ("USER a:|", ["group", "gid"]),
        ("ONBUILD WORK|", ["INSTRUCTION"]),
        ("onbuild workdir |", ["/the/workdir/path"]),
        ("# escape=|\nFROM a", ["`"]),
    ],
)
def test_the_parameter_that_is_written(text, expected):
    assert parameters(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FR|OM a",
        "FROM a\n|",
        "# a=|",
        "ENV a=1 \\\n# |",
        "UNKNOWN |",
        'SHELL ["a"] |',
        "HEALTHCHECK NONE |",
    ],
)
def test_nothing_is_to_be_written(text):
    assert parameters(text) == []


def test_parameters_are_names_where_places_are_not_known():
    version, offset = marked("WORKDIR |")
    found = signature_help(version, offset, has_offsets=False, is_markdown=False)
    assert found.signatures[0].parameters[0].label == "/the/workdir/path"
    assert "`" not in found.signatures[0].documentation.value
