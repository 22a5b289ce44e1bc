"""A later version of a text is read as if there had been none before it."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from dflint.cst.parser.again import parse_again
from dflint.cst.parser.build import parse
from dflint.cst.parser.logical_lines import LogicalLine

PIECES = (
    "FROM a\n", "RUN b \\\n", "RUN b\n", "  c && \\\n", "# d\n", "\n", " \n", "COPY <<E /f\n",
    "E\n", "RUN <<'' <<-F\n", "\tF\n", "ENV g=1 h\n", "\r\n", "# escape=`\n", "` \n", "\\", "i",
    "\ufeff",
    "ONBUILD RUN <<E\n", "# syntax=x\n", "nonsense\n", '["', '"]\n',
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
EDITS = st.tuples(st.integers(0, 60), st.integers(0, 12), TEXTS)
ATTRIBUTES = [one for one in LogicalLine.__slots__ if one not in ("source", "memo", "markers")]


def shape(tree):
    """All that is known of a tree without what is made when it is asked for."""
    lines = [one.line for one in tree.instructions]
    return (
        tree.code,
        [one.code for one in (*tree.directives, *tree.footer)],
        [type(one) for one in tree.instructions],
        [[getattr(line, one) for one in ATTRIBUTES] for line in lines],
        [[(one.name, one.chomp, one.expand) for one in line.markers] for line in lines],
    )


def readings(tree):
    found = [one.reading for one in tree.instructions]
    return [(one.keyword, one.flags, one.arguments, one.places, one.is_json) for one in found]


@given(TEXTS, st.lists(EDITS, min_size=1, max_size=4), st.integers(1, 3))
def test_versions_are_read_as_texts_of_their_own(text, edits, asked):
    tree = parse(text)
    for at, gone, added in edits:
        for instruction in tree.instructions[::asked]:
            assert instruction.reading
        text = text[:at] + added + text[at + gone :]
        tree = parse_again(text, tree)
        alone = parse(text)
        assert shape(tree) == shape(alone)
        assert readings(tree) == readings(alone)


def test_what_is_real_is_read_as_a_text_of_its_own(shared):
    """Also where what makes an instruction go on, or end, comes and goes."""
    draw = random.Random(1)
    for path in sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))[::7]:
        text = path.read_bytes().decode("utf-8", "surrogateescape")[:20_000]
        before = parse(text)
        for _ in range(4):
            at, gone = draw.randrange(len(text) + 1), draw.choice((0, 0, 1, 3, 40))
            after = text[:at] + draw.choice(PIECES) + text[at + gone :]
            assert shape(parse_again(after, before)) == shape(parse(after)), (path, at, gone)


def test_only_what_was_edited_is_read_anew():
    before = parse("FROM a\nRUN b \\\n  c\nCOPY d e\n# f\nUSER g\n")
    after = parse_again("FROM a\nRUN b \\\n  c x\nCOPY d e\n# f\nUSER g\n", before)
    pairs = zip(before.instructions, after.instructions, strict=True)
    assert [one.line.text is two.line.text for one, two in pairs] == [True, False, True, True]


def test_what_went_on_to_the_end_of_the_text_may_go_on():
    before = parse("FROM a\nRUN b \\\n")
    assert parse_again("FROM a\nRUN b \\\nc\n", before).instructions[1].line.text == "RUN b c"
    before = parse("FROM a\nRUN <<E\nb\n")
    (_, run) = parse_again("FROM a\nRUN <<E\nb\nUSER c\nE\n", before).instructions
    assert run.line.stop == len(run.line.source)
