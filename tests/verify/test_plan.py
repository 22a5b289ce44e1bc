"""Verdicts of the plan verifier: what each declared effect explains, and how the rest is said."""

from __future__ import annotations

import pytest

from dflint.lint.fix import Fix
from dflint.text.edit import Edit
from dflint.text.span import Span
from dflint.verify.plan import Effect, Outcome, PlanVerifier, judge
from tests.verify.mutants import document

NOTHING, METADATA, LAYERS, FILES = EFFECTS = (
    Effect.NOTHING,
    Effect.METADATA,
    Effect.LAYERS,
    Effect.FILES,
)
SAME, DECLARED, DIFFERENT = Outcome


def verdict(before, after, effect, **more):
    if "FROM" not in before:
        before, after = "FROM debian\n" + before, "FROM debian\n" + after
    return judge(document(before), document(after), effect, **more)


def outcome(before, after, effect, **more):
    return verdict(before, after, effect, **more).outcome


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a \\\n  && b\n", "run a \\\n    # c\n      && b\n"),
        ("RUN a; \\\n b $(c \\\n d)\n", "RUN a; b $(c d) # e\n"),
        ("ENV a b\n", "ENV a=b\n"),
        ("CMD a  b\n", "CMD a b\n"),
        ("ONBUILD RUN a  b\n", "onbuild run a b\n"),
        ("ONBUILD HEALTHCHECK cmd a  b\n", "ONBUILD HEALTHCHECK CMD a b\n"),
        ('ONBUILD HEALTHCHECK cmd ["a","b"]\n', 'ONBUILD HEALTHCHECK CMD ["a", "b"]\n'),
        ("ONBUILD HEALTHCHECK none\n", "ONBUILD HEALTHCHECK NONE\n"),
        ("HEALTHCHECK CMD a  || b\n", "HEALTHCHECK CMD a || b\n"),
        ("RUN <<A\na  b\nA\n", "RUN <<A\na b\nA\n"),
        ("FROM a AS X\nFROM x\n", "FROM a AS x\nFROM x\n"),
    ],
)
def test_what_builds_the_same_is_the_same_whatever_was_declared(before, after, effect):
    assert outcome(before, after, effect) is SAME


@pytest.mark.parametrize(
    ("before", "after", "detail"),
    [
        (
            "\n\nRUN --network=none a\n",
            "RUN a\n",
            "stage 0, RUN at line 4: option `--network=none` is gone",
        ),
        ("RUN a\n", "RUN b\n", "stage 0, RUN at line 2: command is `b`, was `a`"),
        ("RUN a\nRUN b\n", "RUN a\n", "stage 0, RUN at line 3: the step is gone"),
        ("RUN a\n", "RUN a\nRUN b\n", "stage 0, RUN at line 3: the step is new"),
        ("USER x\nRUN a\n", "RUN a\nUSER x\n", "stage 0, RUN at line 3: user is `$user`, was `x`"),
        ("ENV A=1\nRUN a\n", "ENV B=1\nRUN a\n", "stage 0, RUN at line 3: variable `A` is gone"),
        ("ENV A=1\n", "ENV A=2\n", "stage 0, configuration: ENV `A` is `2`, was `1`"),
        ("ARG A=1\n", "", "stage 0, configuration: ARG `A` is gone"),
        (
            "COPY --chown=a x y\n",
            "COPY x y\n",
            "stage 0, COPY at line 2: option `--chown=a` is gone",
        ),
        (
            "COPY --chown=a x y\n",
            "COPY --chown=b x y\n",
            "stage 0, COPY at line 2: option `--chown` is `b`, was `a`",
        ),
        ("COPY a b c/\n", "COPY a c/\n", "stage 0, COPY at line 2: source `/b` is gone"),
        ("ADD a b\n", "COPY a b\n", "stage 0, ADD at line 2: archives are not unpacked"),
        (
            "RUN --mount=type=ssh a\n",
            "RUN a\n",
            "stage 0, RUN at line 2: option `--mount=type=ssh,id=default` is gone",
        ),
        ("CMD a\n", "", "stage 0, configuration: CMD `a` is gone"),
        ("LABEL a=1 b=2\n", "LABEL a=1\n", "stage 0, configuration: LABEL `b` is gone"),
        (
            "FROM a AS x\n",
            "FROM b AS x\n",
            "stage 0, the base is `docker.io/library/b:latest`, was `docker.io/library/a:latest`",
        ),
        ("FROM a AS x\n", "FROM a AS y\n", "stage 0, the name is `y`, was `x`"),
        ("FROM a\n\n# c\nFROM b\n", "FROM a\n", "stage 1, stage 1 is gone"),
        ("ARG A=1\nFROM a\n", "FROM a\n", "ARG `A` is gone"),
        ("# syntax=a\nFROM a\n", "FROM a\n", "`# syntax=` is ``, was `a`"),
        (
            "ONBUILD RUN a\n",
            "ONBUILD RUN b\n",
            "stage 0, configuration: ONBUILD is `run b`, was `run a`",
        ),
    ],
)
def test_a_difference_is_named_by_stage_instruction_and_field(before, after, detail):
    found = verdict(before, after, NOTHING)

    assert found.outcome is DIFFERENT
    assert detail in found.details


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("MAINTAINER A <a@b>\n", 'LABEL maintainer="A <a@b>"\n'),
        ("CMD node app.js\n", 'CMD ["node", "app.js"]\n'),
        ("ENTRYPOINT exec node 'a b'\n", 'ENTRYPOINT ["node", "a b"]\n'),
        ("CMD ['node', 'app.js']\n", 'CMD ["node", "app.js"]\n'),
        ("CMD node\n", "CMD exec node\n"),
        ("EXPOSE 80\n", "EXPOSE 80 81\n"),
        ("LABEL a=b\n", "LABEL c=b\n"),
        ("LABEL a=b\n", "LABEL a=b c=d\n"),
        ("STOPSIGNAL 9\n", "STOPSIGNAL SIGKILL\n"),
        (
            "HEALTHCHECK --interval=1m CMD x y\n",
            'HEALTHCHECK --interval=1m --timeout=3s CMD ["x", "y"]\n',
        ),
        ("", "HEALTHCHECK NONE\n"),
        ("FROM a\n", "FROM a AS name\n"),
    ],
)
def test_metadata_may_be_said_otherwise(before, after):
    assert outcome(before, after, METADATA) is DECLARED
    assert outcome(before, after, NOTHING) is DIFFERENT
    if "FROM" not in before:
        assert outcome(before, after, LAYERS) is DIFFERENT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("MAINTAINER A\n", "LABEL maintainer=B\n"),
        ("MAINTAINER A\n", ""),
        ("CMD echo $HOME\n", 'CMD ["echo", "$HOME"]\n'),
        ("CMD a && b\n", 'CMD ["a", "&&", "b"]\n'),
        ("CMD echo 'a b'\n", 'CMD ["echo", "a", "b"]\n'),
        ("CMD a b\n", 'CMD ["a"]\n'),
        ("CMD A=1 b\n", 'CMD ["A=1", "b"]\n'),
        ('CMD ["a"]\n', 'CMD ["b"]\n'),
        ("EXPOSE 80\n", "EXPOSE 81\n"),
        ("LABEL a=b\n", "LABEL a=c\n"),
        ("ENV a=b\n", "ENV a=c\n"),
        ("USER a\n", "USER b\n"),
        ("HEALTHCHECK --interval=1m CMD x\n", "HEALTHCHECK CMD x\n"),
        ("RUN a\n", "RUN a && b\n"),
        ("CMD a\n", "CMD b\nLABEL c=d\n"),
    ],
)
def test_metadata_may_not_be_lost_or_changed(before, after):
    assert outcome(before, after, METADATA) is DIFFERENT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a\nRUN b\n", "RUN a && b\n"),
        ("RUN a && b\nRUN c\n", "RUN a \\\n  && b \\\n  && c\n"),
        ("RUN a || b\nRUN c\n", "RUN a || b && c\n"),
        ("RUN a; b\nRUN c\n", "RUN a; b && c\n"),
        ("RUN a | b\nRUN (c)\n", "RUN a | b && (c)\n"),
        ("RUN a\nRUN cd b && c\nRUN d\n", "RUN a && cd b && c\nRUN d\n"),
        ("COPY a c/\nCOPY b c/\n", "COPY a b c/\n"),
        ("WORKDIR /a\nWORKDIR b\n", "WORKDIR /a/b\n"),
        (
            "RUN --mount=type=cache,target=/c a\nRUN --mount=type=cache,target=/c b\n",
            "RUN --mount=type=cache,target=/c a && b\n",
        ),
    ],
)
def test_layers_may_be_cut_otherwise(before, after):
    assert outcome(before, after, LAYERS) is DECLARED
    assert outcome(after, before, LAYERS) is DECLARED
    assert outcome(before, after, NOTHING) is DIFFERENT
    assert outcome(before, after, METADATA) is DIFFERENT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN cd a\nRUN b\n", "RUN cd a && b\n"),
        ("RUN export A=1\nRUN b\n", "RUN export A=1 && b\n"),
        ("RUN A=1\nRUN b\n", "RUN A=1 && b\n"),
        ("RUN . ./a\nRUN b\n", "RUN . ./a && b\n"),
        ("RUN ${A:=1} x\nRUN b\n", "RUN ${A:=1} x && b\n"),
        ("RUN a\nRUN cd b && c\nRUN d\n", "RUN a && cd b && c && d\n"),
        ("RUN a\nRUN b || c\n", "RUN a && b || c\n"),
        ("RUN a\nRUN b; c\n", "RUN a && b; c\n"),
        ("RUN a\nRUN b\n", "RUN a; b\n"),
        ("RUN a\nRUN b\n", "RUN a || b\n"),
        ("RUN a\nRUN b\n", "RUN a & b\n"),
        ("RUN a\nRUN b\n", "RUN b && a\n"),
        ("RUN a\nRUN b\n", "RUN a\n"),
        ("RUN a &\nRUN b\n", "RUN a & b\n"),
        ("RUN a # x\nRUN b\n", "RUN a # x && b\n"),
        ("RUN --network=none a\nRUN b\n", "RUN --network=none a && b\n"),
        (
            "RUN --mount=type=tmpfs,target=/t a\nRUN --mount=type=tmpfs,target=/t b\n",
            "RUN --mount=type=tmpfs,target=/t a && b\n",
        ),
        ("USER a\nRUN a\nUSER b\nRUN b\n", "USER b\nRUN a && b\n"),
        ("RUN f() { x; }\nRUN f\n", "RUN f() { x; } && f\n"),
        ("RUN for i in a; do b; done\nRUN c\n", "RUN for i in a; do b; done && c\n"),
        ("COPY a c/\nCOPY b c/\n", "COPY b a c/\n"),
        ("COPY a c/\nCOPY b c/\n", "COPY a b d/\n"),
        ("WORKDIR /a\nWORKDIR /b\n", "WORKDIR /b\n"),
        ("WORKDIR /a\nCOPY x /a\n", "COPY x /a\nWORKDIR /a\n"),
        ("CMD a\n", "CMD b\n"),
        ('RUN a\nRUN ["b"]\n', "RUN a && b\n"),
    ],
)
def test_what_runs_may_not_differ_because_layers_may(before, after):
    assert outcome(before, after, LAYERS) is DIFFERENT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apt-get install a b\n", "RUN apt-get install -y a b\n"),
        ("RUN apt-get install a\n", "RUN apt-get install a && rm -rf /var/lib/apt/lists/*\n"),
        ("RUN echo $a\n", 'RUN echo "$a"\n'),
        ("RUN apt install a\n", "RUN apt-get install a\n"),
        ("ADD a b\n", "COPY a b\n"),
        ("RUN a | b\n", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b\n'),
        ("RUN a\nRUN b\n", "RUN --mount=type=cache,target=/c a\nRUN b\n"),
        ("RUN a\nCMD b\n", "RUN a\nUSER x\nCMD b\n"),
        ("COPY a b\n", "COPY --chown=x a b\n"),
        ("FROM a:latest\n", "FROM a:1\n"),
        ("COPY $foo .\n", "ARG foo\nCOPY $foo .\n"),
        ("ARG V\nFROM a:$V\n", "ARG V=1\nFROM a:$V\n"),
    ],
)
def test_an_edited_step_may_do_more(before, after):
    assert outcome(before, after, FILES) is DECLARED
    assert outcome(before, after, [LAYERS, METADATA, FILES]) is DECLARED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN apt-get install a b\n", "RUN apt-get install -y a\n"),
        ("RUN set -e; a\n", "RUN a\n"),
        ("RUN a && b\n", "RUN a; b\n"),
        ("RUN a 'x$y'\n", 'RUN a "x$y"\n'),
        ("RUN a \\$x\n", "RUN a $x\n"),
        ("RUN a=1:2\n", "RUN a=1\n"),
        ("RUN --network=none a\n", "RUN a && b\n"),
        ("RUN --mount=type=secret,id=x a\n", "RUN a && b\n"),
        ("ADD https://x/y /z\n", "COPY https://x/y /z\n"),
        ("ADD a.tar.gz /z\n", "COPY a.tar.gz /z\n"),
        ("COPY --chown=a x y\n", "COPY x y\n"),
        ("COPY a b c/\n", "COPY a c/\n"),
        ("RUN a\nRUN b\n", "RUN a -y\n"),
        ("RUN a\nUSER x\n", "RUN a -y\n"),
        ("RUN a\nWORKDIR /x\nWORKDIR /y\n", "RUN a -y\nWORKDIR /y\n"),
        ("RUN a\nCMD x\n", "RUN a -y\nCMD y\n"),
        ("ARG A\nRUN a\n", "RUN a -y\n"),
        ("FROM a AS x\n", "FROM a:1 AS y\n"),
        ("RUN <<A\n#!/bin/sh\na -y b\nA\n", "RUN <<A\n#!/bin/sh\na b\nA\n"),
    ],
)
def test_an_edited_step_may_not_do_less_nor_others_change(before, after):
    assert outcome(before, after, FILES) is DIFFERENT


def test_words_that_a_fix_takes_away_are_named():
    before, after = "RUN sudo apt-get update\n", "RUN apt-get update\n"

    assert outcome(before, after, FILES) is DIFFERENT
    assert outcome(before, after, FILES, lost=("sudo",)) is DECLARED


def test_what_differs_outside_of_the_edits_is_reported():
    before = "FROM a\nRUN x\nRUN y\n"
    after = "FROM a\nRUN x -f\nRUN y -f\n"
    edits = {"before_spans": [Span(7, 12)], "after_spans": [Span(7, 15)]}

    assert judge(document(before), document(after), FILES).outcome is DECLARED
    found = judge(document(before), document(after), FILES, **edits)
    assert found.outcome is DIFFERENT
    assert found.details == ("stage 0, RUN at line 3: command is `y -f`, was `y`",)


def test_a_file_that_is_refused_afterwards_is_different():
    found = verdict("RUN a \\\n  && b\n", "RUN a\n  && b\n", FILES)

    assert found.outcome is DIFFERENT
    assert "refused" in found.details[0]


def test_a_refused_file_is_compared_by_what_is_read():
    before = "FOO bar\nFROM a\nRUN a  b\nLABEL c\n"

    assert outcome(before, before.replace("RUN a  b", "run a b"), NOTHING) is SAME
    assert outcome(before, before.replace("RUN a  b", "RUN a c"), NOTHING) is DIFFERENT
    assert outcome(before, before.replace("FOO bar", "FOO baz"), NOTHING) is DIFFERENT
    assert outcome(before, before.replace("LABEL c", "LABEL c=d"), METADATA) is DECLARED
    assert outcome(before, before.replace("LABEL c", "LABEL c=d"), NOTHING) is DECLARED
    assert outcome(before + "RUN d\n", before.replace("a  b", "a b && d"), LAYERS) is DECLARED
    assert outcome(before, before.replace("FOO", "RUN"), LAYERS) is DIFFERENT
    assert outcome(before, before.replace("FOO bar\n", ""), FILES) is DECLARED
    assert outcome("# escape=x\nFROM a\n", "FROM a\n", NOTHING) is DIFFERENT
    assert outcome("FROM a\nCMD --b [ ]\n", "FROM a\nCMD --b []\n", NOTHING) is SAME


def test_quotes_around_an_operator_that_asks_a_base_image_do_not_matter():
    before = "FROM a\nENV B c ${D:-e} ${F:-'g'}\n"

    for quote in ("${D:-e}", "x"):
        one = f"FROM a\nENV B c {quote}\n"
        assert outcome(one, one.replace(f"B c {quote}", f'B="c {quote}"'), NOTHING) is SAME
    assert outcome(before, before.replace("${D:-e}", "${D:-h}"), NOTHING) is DIFFERENT
    assert outcome(before, before.replace("'g'", "g"), NOTHING) is DIFFERENT


def test_a_port_that_is_none_may_go_where_the_fix_says_so():
    before, after = "FROM a:$B\nEXPOSE 80,90\n", "FROM a:$B\nEXPOSE 80 90\n"

    assert outcome(before, after, METADATA) is DIFFERENT
    assert outcome(before, after, METADATA, lost=("80,90",)) is DECLARED


def test_a_later_directory_may_be_one_that_is_there():
    before = "FROM a\nWORKDIR b\nWORKDIR ..\n"

    assert outcome(before, before.replace("WORKDIR b", "WORKDIR /b"), FILES) is DECLARED


def test_a_file_that_needs_an_argument_is_compared_as_a_build():
    before = "ARG X\nFROM $X\nRUN a\n"

    assert outcome(before, before.replace("$X", "${X}"), NOTHING) is SAME
    assert outcome(before, before.replace("RUN a", "RUN b"), NOTHING) is DIFFERENT


def test_powershell_is_compared_to_the_letter():
    shell = 'SHELL ["powershell", "-Command"]\n'

    assert outcome(f"{shell}RUN a  b\n", f"{shell}RUN a b\n", NOTHING) is DIFFERENT
    assert outcome(f"{shell}RUN  a\n", f"{shell}RUN a\n", NOTHING) is SAME


def test_the_verifier_holds_fixes_to_the_effects_that_they_declare():
    before, after = document("FROM a\nRUN b c\n"), document("FROM a\nRUN b -y c\n")
    edits = [Edit.insertion(12, " -y")]

    honest = Fix("add `-y`", edits, effect=FILES)
    mistaken = Fix("add `-y`", edits, effect=METADATA)

    assert PlanVerifier().judge(before, after, [honest]) is None
    objection = PlanVerifier().judge(before, after, [mistaken])
    assert objection is not None
    assert "RUN at line 2" in str(objection)


def test_a_word_that_a_fix_takes_away_has_to_be_declared():
    before, after = document("FROM a\nRUN sudo b c\n"), document("FROM a\nRUN b c\n")
    edits = [Edit(Span(11, 16), "")]

    assert PlanVerifier().judge(before, after, [Fix("x", edits, effect=FILES)]) is not None
    told = Fix("x", edits, effect=FILES, lost=("sudo",))
    assert PlanVerifier().judge(before, after, [told]) is None
