"""What is proved without graphs is what the graphs accept."""

from __future__ import annotations

import pytest

from dflint.lint.fix import Effect, Fix
from dflint.text.edit import Edit
from dflint.text.span import Span
from dflint.verify.plan import PlanVerifier, judge
from dflint.verify.replaced import only_replaces
from tests.verify.mutants import document, own, sampled

FILES, METADATA, NOTHING = Effect.FILES, Effect.METADATA, Effect.NOTHING
AUTHOR = "MAINTAINER a b\n", 'LABEL maintainer="a b"\n'


def is_proved(before, after, effect, lost=()):
    one, other = document("FROM debian\n" + before), document("FROM debian\n" + after)
    spans = [Span(0, len(one.text))], [Span(0, len(other.text))]
    is_sure = only_replaces(one, other, effect, *spans, lost)
    assert not is_sure or judge(one, other, effect, *spans, lost).is_accepted
    return is_sure


def test_the_verifier_says_of_wrong_edits_what_the_graphs_say(shared):
    for name, one in [*own(), *sampled(shared / "corpus" / "dev", 40)]:
        edit = Edit(one.before_span, one.after_span.slice(one.after))
        fix = Fix("", (edit,), effect=one.effect)
        objection = PlanVerifier().judge(document(one.before), document(one.after), [fix])

        assert (objection is None) == one.verdict().is_accepted, name


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("ENV a b\nLABEL c 'd'\n", 'ENV a=b\nLABEL c="d"\n', NOTHING),
        ("ENV a b c\n", 'ENV a="b c"\n', NOTHING),
        ("ENV a $B\n", "ENV a=$B\n", NOTHING),
        ("run a\nFROM b as C\n", "RUN a\nFROM b AS c\n", NOTHING),
        ("RUN a\nRUN b\n", "RUN a -y\nRUN b && c\n", FILES),
        ("RUN --network=none a\nRUN b # c\n", "RUN --network=none a -y\nRUN b # c\n", FILES),
        ("ADD a b\nRUN c\nADD . /\n", "COPY a b\nRUN c -y\nCOPY . /\n", FILES),
        ("COPY a b\nFROM c\nADD a b\n", "COPY a b\nFROM c\nCOPY a b\n", FILES),
        (*AUTHOR, METADATA),
        (f"LABEL c d\n{AUTHOR[0]}FROM e\n", f"LABEL c d\n{AUTHOR[1]}FROM e\n", METADATA),
    ],
)
def test_most_replacements_are_proved(before, after, effect):
    assert is_proved(before, after, effect)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("RUN a\n", "RUN a -y\n", METADATA),
        ("RUN a -y\n", "RUN a\n", FILES),
        ("RUN a && b\n", "RUN a ; b\n", FILES),
        ("RUN --network=none a\n", "RUN a -y\n", FILES),
        ("RUN a\n", "RUN a -y\nRUN b\n", FILES),
        ("RUN a\n", 'RUN ["a", "b"]\n', FILES),
        ("RUN a <<A\nb\nA\n", "RUN a <<A\nc\nA\n", FILES),
        ("ENV a b\n", "ENV a=c\n", FILES),
        ("ENV a b$C\n", 'ENV a="b$C"\n', FILES),
        ("ADD a.tar /\n", "COPY a.tar /\n", FILES),
        ("ADD a.tar/. /\n", "COPY a.tar/. /\n", FILES),
        ("ADD $A /\n", "COPY $A /\n", FILES),
        ("ADD https://a /\n", "COPY https://a /\n", FILES),
        ("ADD --unpack=false a /\n", "COPY --unpack=false a /\n", FILES),
        ("ADD a b\n", "COPY a c\n", FILES),
        ("ONBUILD ADD a b\n", "ONBUILD COPY a b\n", FILES),
        ("ONBUILD RUN b\nRUN a\n", "ONBUILD RUN b\nRUN a -y\n", FILES),
        (*AUTHOR, NOTHING),
        (AUTHOR[0], "LABEL maintainer=c\n", METADATA),
        ("MAINTAINER $A\n", 'LABEL maintainer="$A"\n', METADATA),
        (f"{AUTHOR[0]}LABEL maintainer=c\n", f"{AUTHOR[1]}LABEL maintainer=c\n", METADATA),
        # One step is what another one was, or becomes it: the plans could be matched otherwise.
        ("RUN a\nRUN a -y\n", "RUN a -y\nRUN a -y\n", FILES),
        ("RUN a\nRUN  a\n", "RUN a -y\nRUN  a\n", FILES),
        ("RUN a\nRUN a # b\n", "RUN a -y\nRUN a # b\n", FILES),
        ("ADD a b\nCOPY ./a /c\n", "COPY a b\nCOPY ./a /c\n", FILES),
        ("ADD a b\nCOPY $A /c\n", "COPY a b\nCOPY $A /c\n", FILES),
    ],
)
def test_nothing_is_proved_where_there_is_a_doubt(before, after, effect):
    assert not is_proved(before, after, effect)


def test_what_was_not_to_be_edited_is_not_proved():
    before, after = document("FROM a\nRUN x\nRUN y\n"), document("FROM a\nRUN x -f\nRUN y -f\n")

    assert only_replaces(before, after, FILES, [Span(7, 18)], [Span(7, 22)], ())
    assert not only_replaces(before, after, FILES, [Span(7, 12)], [Span(7, 22)], ())
    assert not only_replaces(before, after, FILES, [Span(7, 18)], [Span(7, 15)], ())


def test_words_that_may_go_are_known():
    before, after = "RUN sudo a b\n", "RUN a b\n"

    assert is_proved(before, after, FILES, ("sudo",))
    assert not is_proved(before, after, FILES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a\nRUN b\n", "RUN a && b\n"),
        ("RUN a;\nRUN b;\n", "RUN a && b\n"),
        ("RUN a; b || c\nRUN d && e\nRUN f\nCMD g\n", "RUN a; b || c && d && e && f\nCMD g\n"),
        ("ENV a b\nRUN a \\\n  b\n# c\nRUN d\n", "ENV a=b\nRUN a \\\n  b \\\n  # c\n  && d\n"),
        ("RUN a\nRUN b\nFROM c\nRUN d\nRUN e\n", "RUN a && b\nFROM c\nRUN d && e\n"),
    ],
)
def test_joined_runs_are_proved(before, after):
    assert is_proved(before, after, Effect.LAYERS | FILES)
    assert not is_proved(before, after, FILES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a\nRUN b; c\n", "RUN a && b; c\n"),
        ("RUN a\nRUN b || c\n", "RUN a && b || c\n"),
        ("RUN a\nRUN b\n", "RUN b && a\n"),
        ("RUN a\nRUN b\n", "RUN a; b\n"),
        ("RUN a\nRUN b\n", "RUN a && b && b\n"),
        ("RUN a\nRUN b\nRUN c\n", "RUN a && b\n"),
        ("RUN a\nRUN b\nRUN c\n", "RUN a && b && d\n"),
        ("RUN cd a\nRUN b\n", "RUN cd a && b\n"),
        ("RUN A=b\nRUN b\n", "RUN A=b && b\n"),
        ("RUN a &\nRUN b\n", "RUN a && b\n"),
        ("RUN a # b\nRUN b\n", "RUN a # b && b\n"),
        ("RUN a\nENV b=c\nRUN d\n", "RUN a && d\nENV b=c\n"),
        ("RUN --network=none a\nRUN b\n", "RUN --network=none a && b\n"),
        ('SHELL ["cmd", "/c"]\nRUN a\nRUN b\n', 'SHELL ["cmd", "/c"]\nRUN a && b\n'),
        ("RUN a\nFROM c\nRUN b\n", "RUN a && b\nFROM c\n"),
        ("ONBUILD RUN a\nRUN a\nRUN b\n", "ONBUILD RUN a\nRUN a && b\n"),
    ],
)
def test_other_runs_are_left_to_the_graphs(before, after):
    assert not is_proved(before, after, Effect.LAYERS | FILES)


def test_joined_runs_are_proved_beside_replaced_steps():
    before = document("FROM debian\nRUN a\nRUN b\nADD c d\nRUN e\n")
    after = document("FROM debian\nRUN a && b\nCOPY c d\nRUN e -y\n")
    spans = [Span(0, len(before.text))], [Span(0, len(after.text))]

    assert only_replaces(before, after, Effect.LAYERS | FILES, *spans, ())
    assert not only_replaces(before, after, FILES, *spans, ())
    assert not only_replaces(before, after, Effect.LAYERS, *spans, ())
