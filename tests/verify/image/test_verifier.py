"""What the image verifier says of changes whose effect is known."""

from __future__ import annotations

import pytest

from dflint.lint.contract import TRIGGERS, Contract
from dflint.verify.image.verdict import Level

NOISY = """\
FROM busybox
RUN date > /when && mktemp -d && head -c 9 /dev/urandom | base64 > /random
RUN cat /proc/sys/kernel/random/uuid > /id && echo "made at $(date +%s) by pid $$" > /log
COPY a.txt /
"""


def test_the_same_text_is_identical(verifier):
    text = "FROM busybox\nRUN echo one > /one\n"

    verdict = verifier.compare(text, text)

    assert (verdict.level, verdict.builds) == (Level.IDENTICAL, 1)


def test_steps_that_are_cached_are_not_run(verifier):
    before = 'FROM busybox\nRUN echo two > /two\nCOPY a.txt /\nCMD ["sh"]\n'

    verdict = verifier.compare(before, before.replace("a.txt", "./a.txt"))

    # The history has the other name; the layer is the cached one.
    assert verdict.level is Level.EQUAL
    assert verdict.before.layers == verdict.after.layers
    assert verdict.builds == 2


def test_what_only_time_changes(verifier):
    before = "FROM busybox\nRUN echo three > /three\n"

    verdict = verifier.compare(before, before.replace("RUN", "RUN  "))

    assert verdict.is_accepted


def test_other_layers_with_the_same_files_are_equal(verifier):
    before = "FROM busybox\nRUN mkdir /x\nRUN echo 1 > /x/one\n"

    verdict = verifier.compare(before, "FROM busybox\nRUN mkdir /x && echo 1 > /x/one\n")

    assert verdict.level is Level.EQUAL


@pytest.mark.parametrize("text", [NOISY, NOISY.replace("COPY", "USER games\nCOPY")])
def test_what_differs_by_itself_is_no_difference(verifier, text):
    after = text.replace("mktemp -d", "mktemp -d && true").replace("&& echo", "&&  true && echo")

    verdict = verifier.compare(text, after)

    assert verdict.level is Level.EQUAL, verdict.sentences
    assert "/random" in {one.place for one in verdict.masked}


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("date > /when", "date -u +%s > /when", "/when"),
        ("> /random", "> /other", "/random"),
        ("mktemp -d", "mktemp", "/tmp"),
        ("by pid $$", "pid $$", "/log"),
        ("COPY a.txt /", "COPY b.txt /a.txt", "/a.txt"),
        ("head -c 9", "head -c 900", "/random"),
    ],
)
def test_what_differs_by_itself_hides_nothing_else(verifier, old, new, where):
    verdict = verifier.compare(NOISY, NOISY.replace(old, new))

    assert verdict.level is Level.DIFFERENT
    assert any(one.place.startswith(where) for one in verdict.differences)


BASE = """\
FROM busybox
RUN mkdir /d && echo x > /d/file && ln /d/file /d/hard && ln -s file /d/soft && mkfifo /d/pipe
COPY --chown=1:5 --chmod=640 a.txt /d/a
ENV NAME=value
LABEL role=web
USER games
CMD ["sh", "-c", "true"]
"""


@pytest.mark.parametrize(
    ("old", "new", "where", "field", "values"),
    [
        ("echo x", "echo y", "/d/file", "content", None),
        ("mkdir /d", "mkdir -m 700 /d", "/d", "mode", ("0755", "0700")),
        ("--chmod=640", "--chmod=644", "/d/a", "mode", ("0640", "0644")),
        ("--chown=1:5", "--chown=1:1", "/d/a", "owner", ("1:5", "1:1")),
        ("ln -s file", "ln -s hard", "/d/soft", "target", ("file", "hard")),
        ("ln /d/file", "cp /d/file", "/d/file", "links", ("/d/file /d/hard", "none")),
        ("mkfifo", "touch", "/d/pipe", "", ("pipe", "file")),
        (" && mkfifo /d/pipe", "", "/d/pipe", "", ("pipe", "absent")),
        ("NAME=value", "NAME=other", "Env.NAME", "", ("value", "other")),
        ("NAME=value", "OTHER=value", "Env.NAME", "", ("value", "absent")),
        ("role=web", "role=db", "Labels.role", "", ("web", "db")),
        ("USER games\n", "", "User", "", ("games", "absent")),
        ('"true"', '"false"', "Cmd", "", None),
    ],
)
def test_a_difference_is_told_with_its_place_and_both_values(
    verifier, old, new, where, field, values
):
    verdict = verifier.compare(BASE, BASE.replace(old, new))

    assert verdict.level is Level.DIFFERENT
    found = {(one.place, one.field): (one.before, one.after) for one in verdict.differences}
    assert (where, field) in found
    assert values is None or found[where, field] == values


def test_what_builds_no_longer_is_different(verifier):
    before = "FROM busybox\nRUN test -e /bin/sh\n"

    verdict = verifier.compare(before, "FROM busybox\nRUN test -e /bin/nothing\n")

    assert verdict.level is Level.DIFFERENT
    (one,) = verdict.differences
    assert (one.kind, one.place) == ("build", "line 2")
    assert "exit code: 1" in one.after


def test_what_is_refused_is_different(verifier):
    verdict = verifier.compare("FROM busybox\n", "FROM busybox\nRUNN true\n")

    assert verdict.level is Level.DIFFERENT
    assert "unknown instruction" in str(verdict.differences[0])


def test_what_did_not_build_before_is_unverified(verifier):
    before = "FROM busybox\nRUN false\n"

    for after in (before.replace("false", "true"), before + 'CMD ["x"]\n', before):
        verdict = verifier.compare(before, after)

        assert verdict.level is Level.UNVERIFIED
        assert "before does not build: line 2" in verdict.reason


def test_a_base_that_cannot_be_had_is_unverified(verifier):
    missing = "FROM localhost:1/missing\n"

    for texts in ((missing, "FROM busybox\n"), ("FROM busybox\n", missing)):
        verdict = verifier.compare(*texts)

        assert verdict.level is Level.UNVERIFIED
        assert verdict.reason


def test_a_step_that_fails_by_chance_is_unverified(verifier, place):
    # It counts on a cache mount: the first run works, every later one does not.
    step = "RUN --mount=type=cache,target=/c,id=once test ! -e /c/x && echo > /c/x && date > /x"
    before = f"FROM busybox\n{step}\n"

    verdict = verifier.compare(before, before + "RUN false\n")
    other = verifier.compare(before, before.replace("date", "date -u"))

    assert (verdict.level, other.level) == (Level.UNVERIFIED, Level.UNVERIFIED)
    assert "neither builds any more" in verdict.reason


CACHE = (
    "FROM busybox\nRUN mkdir -p /root/.cache/pip/x && echo 1 > /root/.cache/pip/x/y && echo > /z\n"
)
CLEAN = CACHE.replace("echo > /z", "echo > /z && rm -rf /root/.cache")


def test_a_contract_lets_paths_go_and_no_others(verifier):
    allowed = Contract(gone=("/root/.cache/pip/**",))

    verdict = verifier.compare(CACHE, CLEAN, allowed)
    too_much = verifier.compare(CACHE, CLEAN + "RUN rm /z\n", allowed)
    without = verifier.compare(CACHE, CLEAN)

    assert verdict.level is Level.DECLARED, verdict.sentences
    assert {one.place for one in verdict.declared} >= {"/root/.cache", "/root/.cache/pip/x/y"}
    assert [one.place for one in too_much.differences] == ["/z"]
    assert without.level is Level.DIFFERENT


@pytest.mark.parametrize(
    ("made", "allowed"),
    [
        ("/var/cache/apk", True),
        ("/var/cache", True),
        ("/var/cache/apk/a/b", True),
        ("/var/cache/apt", False),
        ("/var/lib/apk", False),
    ],
)
def test_a_contract_lets_empty_directories_go_that_were_for_it(verifier, made, allowed):
    before = f"FROM busybox\nRUN mkdir -p {made}\n"

    for contract in (Contract(gone=("/var/cache/apk/**",)), Contract(new=("/var/cache/apk/**",))):
        texts = (before, "FROM busybox\nRUN true\n")
        verdict = verifier.compare(*(texts if contract.gone else texts[::-1]), contract)
        assert verdict.is_accepted == allowed


def test_a_contract_lets_keys_change_and_no_others(verifier):
    before = "FROM busybox\nLABEL a=1 b=2\nCMD sh\n"
    after = 'FROM busybox\nLABEL a=2 b=2\nCMD ["sh"]\n'

    assert verifier.compare(before, after, Contract(keys=("Cmd", "Labels.a"))).is_accepted
    verdict = verifier.compare(before, after, Contract(keys=("Cmd", "Labels.b")))
    assert [one.place for one in verdict.differences] == ["Labels.a"]


@pytest.mark.parametrize(
    ("check", "is_kept"), [("any", True), ("lines", True), ("fewer-lines", False)]
)
def test_a_contract_says_how_content_may_change(verifier, check, is_kept):
    before = "FROM busybox\nRUN printf '1\\n2\\n3\\n' > /log\n"
    after = before.replace("1\\n2", "2\\n1")

    verdict = verifier.compare(before, after, Contract(changed=(("/log", check),)))

    assert verdict.is_accepted is is_kept


def test_bases_and_steps_are_found_once_per_session(verifier):
    """A second change of the same text builds only what is new."""
    before = "FROM busybox\nRUN date +%N > /n\n"
    verifier.compare(before, before + "LABEL a=1\n")

    verdict = verifier.compare(before, before + "LABEL a=2\n")

    assert verdict.builds == 1


@pytest.mark.parametrize(
    ("triggers", "is_kept"),
    [
        (["COPY . /x", "RUN npm cache clean --force"], True),
        (["COPY . /x"], False),
        (["COPY . /x", "USER root"], False),
        (["RUN npm cache clean", "ADD . /x"], False),
    ],
)
def test_a_contract_lets_triggers_change_and_none_go(verifier, triggers, is_kept):
    before = "FROM busybox\nONBUILD ADD . /x\nONBUILD RUN npm cache clean\n"
    after = "FROM busybox\n" + "".join(f"ONBUILD {one}\n" for one in triggers)

    verdict = verifier.compare(before, after, TRIGGERS)

    assert verdict.level is (Level.DECLARED if is_kept else Level.DIFFERENT)
    assert not verifier.compare(before, after).is_accepted
