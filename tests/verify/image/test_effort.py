"""How much is built to find something out."""

from __future__ import annotations

import pytest

from dflint.verify.image.verdict import Level

SLOW = "FROM busybox\nRUN echo {} > /first\nRUN sleep 1; echo {} > /second\nCOPY a.txt /\n"


@pytest.mark.parametrize(
    ("after", "builds"),
    [
        ("sleep 1 && echo b", 2),  # equal at once
        ("sleep 1; echo c", 3),  # a program may have made it up: `before` is asked again
    ],
    ids=["equal", "other content"],
)
def test_builds(verifier, after, builds):
    before = SLOW.format("a", "b")

    assert verifier.compare(before, before.replace("sleep 1; echo b", after)).builds == builds


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("COPY a.txt /", "COPY b.txt /a.txt"),
        ("COPY a.txt /", "COPY --chmod=600 a.txt /"),
        ("COPY a.txt /", "COPY a.txt /there"),
        ("/second", "/second && chmod 600 /second"),
        ("COPY", "ENV A=1\nCOPY"),
    ],
)
def test_what_no_build_can_make_up_is_not_built_again(verifier, old, new):
    before = SLOW.format("a", "b")

    verdict = verifier.compare(before, before.replace(old, new))

    assert (verdict.level, verdict.builds) == (Level.DIFFERENT, 2)


def test_what_is_shared_is_not_run_again(verifier):
    """The second build of `before` takes the steps that both have from the cache."""
    step = "RUN cat /proc/sys/kernel/random/uuid > "
    before = f"FROM busybox\n{step}/shared\n{step}/own\n"

    verdict = verifier.compare(before, before.replace("> /own", "> /own && true"))

    assert verdict.level is Level.EQUAL
    assert {one.place for one in verdict.masked} == {"/own"}


def test_only_the_steps_up_to_what_differs_are_run_again(verifier, monkeypatch):
    """A sleep behind the step that made what differs is not slept again."""
    before = "FROM busybox\nRUN echo a > /first-of-three\nRUN sleep 2\nRUN echo > /third\n"
    after = before.replace("echo a", "echo b")
    texts = []
    run = verifier.session.trees_until
    monkeypatch.setattr(
        verifier.session, "trees_until",
        lambda text, *values: texts.append(values[1].instruction.line.text) or run(text, *values),
    )  # fmt: skip

    verdict = verifier.compare(before, after)

    assert (verdict.level, verdict.builds) == (Level.DIFFERENT, 3)
    assert [text.strip() for text in texts] == ["RUN echo a > /first-of-three"]


def test_what_differs_by_itself_in_an_early_step_is_still_learned(verifier):
    step = "RUN cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uu*d"
    before = f"FROM busybox\n{step} > /early\nRUN echo > /late\n"

    same = verifier.compare(before, before.replace("> /early", "> /early && true"))
    other = verifier.compare(before, before.replace("boot_id", "boot_id /etc/group"))

    assert same.level is Level.EQUAL
    assert {one.place for one in same.masked} == {"/early"}
    assert [one.place for one in other.differences] == ["/early"]
