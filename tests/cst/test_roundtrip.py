"""No byte is lost, every byte is owned once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dflint.cst.node import Node
from dflint.cst.parser.build import parse
from dflint.cst.positions import SpanMap
from dflint.cst.visitor import NodeTransformer, walk
from dflint.text.source import Source
from tests.cst.strategies import dockerfiles

AWKWARD = (
    "", "\n", "\ufeff", "\ufeff\ufeffFROM a", "FROM a", "FROM a\r", "FROM a\r\n", "FROM a\n\rRUN b",
    "RUN a \\", "RUN a \\\n", "RUN a \\\n# c", "RUN a \\\n# c\r", "RUN a \\\n  \n", "\\\nFROM a",
    "FR\\\nOM a", "RUN a\\\nb", "RUN \\\n\\\n\\\nb", "ENV a=\\\nb", "RUN a\x00b", "#", "# escape=",
    "# escape=``\nRUN a", "RUN <<EOF\na\nEOF", "RUN <<EOF\na\n", "RUN <<A <<-B\na\nA\n\tb\n\tB\n",
    'COPY <<"" /x\na\n\nRUN b', "CMD [ \"a\" , \\\n \"b\" ]", "ONBUILD ONBUILD", "ONBUILD",
    "HEALTHCHECK", "HEALTHCHECK --a CMD", "FROM\xa0a", "\xa0FROM a", "COPY -- a b", "COPY --",
    "COPY --a=\"b c\" d", "RUN\t\x0b\x0ca",
    "RUN a \\ \t\r\r\n b", "RUN a \\\\\n", "ENV \"a b\"=c d='e",
)  # fmt: skip


def check_tree(text):
    """Every law of a tree that holds for any text."""
    tree = parse(text)
    assert tree.code == text
    for node in tree.instructions:
        assert node.keyword is not None
    assert tree.code == text
    nodes = list(walk(tree))
    spans = SpanMap(tree)
    for node in nodes:
        assert spans.span(node).slice(text) == node.code
        at = spans.span(node).start
        for _, value in node.fields():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Node):
                    assert spans.span(item).start == at
                at += len(item) if isinstance(item, str) else len(item.code) if item else 0
        assert at == spans.span(node).end
    assert parse(tree.code).deep_equals(tree)
    assert NodeTransformer().transform(tree) is tree


@pytest.mark.parametrize("text", AWKWARD, ids=repr)
def test_awkward_texts_keep_every_law(text):
    check_tree(text)


@given(dockerfiles())
@settings(max_examples=400, deadline=None)
def test_generated_files_keep_every_law(text):
    check_tree(text)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_random_texts_keep_every_law(text):
    check_tree(text)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_come_back(data):
    source = Source("x", data)

    assert source.data == data
    assert parse(source.text).code.encode("utf-8", "surrogateescape") == data


@pytest.mark.parametrize("folder", ["dev", "hostile"])
def test_real_and_hostile_files_come_back_byte_for_byte(shared, folder):
    files = sorted((shared / "corpus" / folder).rglob("*.Dockerfile"))
    assert files
    for file in files:
        data = file.read_bytes()
        tree = parse(Source(file.name, data).text)
        assert tree.code.encode("utf-8", "surrogateescape") == data, file.name
        for node in tree.instructions:
            assert node.keyword is not None
        assert tree.code.encode("utf-8", "surrogateescape") == data, file.name


def test_mutated_real_files_keep_every_law(shared):
    files = sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))
    chance = random.Random(20)
    for file in chance.sample(files, 150):
        text = file.read_bytes().decode("utf-8", "surrogateescape")[:3000]
        for _ in range(3):
            at = chance.randrange(len(text) + 1)
            noise = chance.choice(
                ["\\\n", '"', "'", "<<E", "\n", "[", "]", "\\", "#", "", "--", "="]
            )
            text = text[:at] + noise + text[at + chance.randrange(4) :]
        check_tree(text)
