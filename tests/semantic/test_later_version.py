"""A model that is taken over from an earlier version is the one that the text has by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.lint.document import Document
from dflint.text.source import Source

FINE = (
    "FROM a AS b\n", "FROM a as B\n", "FROM b\n", "FROM $c AS b\n", "from $c as b\n",
    "ARG c=d\n", "ARG c\n", "ENV e $c\n", "ENV e=$c\n", "ENV  e=${c:-$f}\n", "ENV f=g e=$f$c\n",
    'ENV e "g"\n', "ENV e='g'\n", "ENV e=\n", "RUN g\n", "RUN g $e\n", "RUN <<E\ng\nE\n",
    "RUN --mount=type=cache,target=/$e g\n", "RUN --network=host g\n", "RUN <<E\nh\nE\n",
    "ADD $e h\n", "COPY $e h\n", 'COPY ["$e", "h"]\n', 'ADD ["$e", "h"]\n',
    "COPY --from=x/y h i\n", "MAINTAINER $e\n", "MAINTAINER j\n", 'LABEL k="j"\n',
    "LABEL k=$e\n", "USER $e\n", "USER l\n", "WORKDIR m\n", "WORKDIR /$e\n",
    'SHELL ["n"]\n', "CMD o\n", "CMD p\n", "EXPOSE 1\n", "ONBUILD RUN q\n", "# t\n", "\n",
)  # fmt: skip
LINES = (
    *FINE, "ENV e\n", "RUN [1]\n", "RUN --network=x g\n", "RUN <<E\n", "COPY h\n", "HUH u\n",
    "COPY --from=1 h i\n", "COPY --from=b h i\n", "EXPOSE x\n", "ENV r=${s\n", "CMD --v=w o\n",
)  # fmt: skip
TOPS = ("", "# syntax=v\n", "# check=skip=w\n", "# check=x\n", "# escape=`\n", "\ufeff")
STAGES = st.lists(st.sampled_from(FINE), max_size=8)
CHANGES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(LINES)), max_size=3)


def document(text, like=None):
    source = Source("Dockerfile", text.encode())
    return Document(source, None if like is None else like.settings, like)


def meaning(doc):
    """All that a model and the problems say, with numbers for instructions and stages."""
    model, instructions = doc.model, doc.instructions
    scopes = [model.global_scope, *(stage.scope for stage in model.stages)]
    names = sorted({name for scope in scopes for name in scope.names()})

    def state(one):
        values = [one.env.get(name) for name in names]
        return values, one.workdir, one.workdir_set, one.user, one.shell, one.os_family

    def number(stage):
        return None if stage is None else stage.index

    return {
        "stages": [
            (
                one.index, one.name, one.image, one.platform, number(one.base), one.first, one.last,
                model.order(one.from_instruction), [model.order(each) for each in one.instructions],
                [number(each) for each in model.graph.needs(one)],
            )
            for one in model.stages
        ],
        "names": [number(model.stage_named(name)) for name in ("a", "b", "B")],
        "stage of": [number(model.stage_of(one)) for one in instructions],
        "values": [[model.environment(one).get(name) for name in names] for one in instructions],
        "before": [state(model.state_before(one)) for one in instructions],
        "after": [state(model.state_after(one)) for one in instructions],
        "uses": [
            (model.order(one.instruction), one.name, one.span, one.found, one.modifier)
            for one in model.uses
        ],
        "failures": [(model.order(one.instruction), one.span, one.word) for one in model.failures],
        "references": [
            (one.user.index, model.order(one.instruction), one.span, one.kind, number(one.stage))
            for one in model.references
        ],
        "problems": [(one.kind, one.span, one.reason, one.found) for one in doc.problems],
    }  # fmt: skip


@given(st.sampled_from(TOPS), STAGES, CHANGES, st.one_of(st.none(), st.sampled_from(TOPS)))
def test_it_says_what_the_text_says_by_itself(top, lines, changes, other_top):
    lines = ["ARG c=a\n", "FROM a\n", *lines]
    before = document(top + "".join(lines))
    meaning(before)
    for at, line in changes:
        lines[at : at + 1] = [line]
    text = (top if other_top is None else other_top) + "".join(lines)

    assert meaning(document(text, like=before)) == meaning(document(text))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a", "RUN b"),
        ("ADD a /b", "COPY a /b"),
        ("MAINTAINER a", 'LABEL b="a"'),
        ("ENV A $B", "ENV A=$B"),
    ],
)
def test_what_most_fixes_change_has_no_bearing_on_the_rest(before, after):
    frame = "FROM a AS b\nARG B=1\n{}\nFROM b\nCOPY --from=b c d\n"
    one = document(frame.format(before))
    assert one.problems == ()
    other = document(frame.format(after), like=one)

    assert other.model.stages[1].scope is one.model.stages[1].scope
    assert other.problems == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ENV A 1", "ENV A=2"),
        ("WORKDIR /a", "WORKDIR /b"),
        ("RUN a", "USER a"),
        ("ARG A=1", "ARG A=2"),
        ("LABEL a=b", "LABEL a=$A"),
    ],
)
def test_what_may_have_a_bearing_on_the_rest_is_not_taken_over(before, after):
    one = document(f"FROM a\n{before}\n")
    assert one.problems == ()
    other = document(f"FROM a\n{after}\n", like=one)

    assert other.model.stages[0].scope is not one.model.stages[0].scope


def test_what_is_refused_in_a_changed_instruction_is_told():
    one = document("FROM a\nENV A=1\nRUN b\n")
    assert one.problems == ()

    for line in ("RUN --network=c b", "COPY b", "RUN [1]"):
        other = document(f"FROM a\nENV A=1\n{line}\n", like=one)
        assert len(other.problems) == 1
