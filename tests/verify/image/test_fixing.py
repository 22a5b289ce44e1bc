"""Fixes are kept where a build proves them, and the guilty ones are found."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from dflint.cst.instructions import Run
from dflint.errors import UnsupportedError
from dflint.fix.choose import Reason
from dflint.fix.loop import Loop, Wanted
from dflint.lint.contract import Contract, may_set
from dflint.lint.document import Document
from dflint.lint.finding import Finding, Severity
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.text.edit import Edit
from dflint.text.source import Source
from dflint.verify.image.fixes import FixVerifier
from dflint.verify.image.verdict import Level

UNSAFE = Applicability.UNSAFE


def replacing(rule, old, new, contract=None, level=UNSAFE):
    """A rule that wants one text for another in every RUN."""

    def look(doc):
        for instruction in doc.all(Run):
            core = doc.core(instruction)
            at = core.slice(doc.text).find(old)
            if at >= 0:
                span = type(core)(core.start + at, core.start + at + len(old))
                fix = Fix(f"write {new}", [Edit(span, new)], level, Effect.FILES, contract=contract)
                yield Finding(rule, Severity.INFO, span, "wrong", make_fix=lambda fix=fix: fix)

    return look


def mend(text, judge, *looks):
    def look(doc):
        return [finding for one in looks for finding in one(doc)]

    doc = Document(Source("Dockerfile", text.encode()))
    loop = Loop(lambda finding: finding.fix(), judge, Wanted(unsafe=True))
    return loop.run(doc, look)


FIVE = "FROM busybox\n" + "".join(f"RUN echo {n} > /f{n}\n" for n in range(1, 6))


def test_the_guilty_fix_is_found_and_told(verifier):
    good = [replacing(f"good-{n}", f"echo {n} ", f"printf '{n}\\n' ") for n in (1, 2, 4, 5)]

    outcome = mend(FIVE, FixVerifier(lambda: verifier), *good, replacing("bad", "echo 3", "echo 9"))

    assert {one.rule for one in outcome.applied} == {"good-1", "good-2", "good-4", "good-5"}
    (skipped,) = outcome.skipped
    assert (skipped.rule, skipped.line, skipped.reason) == ("bad", 4, Reason.IMAGE)
    assert "/f3: content" in str(skipped)
    assert "echo 3" in outcome.doc.text


def test_two_guilty_fixes_are_found(verifier):
    looks = [replacing(f"bad-{n}", f"echo {n}", f"echo 0{n}") for n in (1, 5)]
    good = replacing("good", "echo 3 ", "printf '3\\n' ")

    outcome = mend(FIVE, FixVerifier(lambda: verifier), *looks, good)

    assert [one.rule for one in outcome.applied] == ["good"]
    assert {one.rule for one in outcome.skipped} == {"bad-1", "bad-5"}


def test_contracts_of_fixes_count_together(verifier):
    looks = [
        replacing("one", "> /f1", "> /g1", Contract(gone=("/f1",), new=("/g1",))),
        replacing("two", "> /f2", "> /g2", Contract(gone=("/f2",))),
    ]

    outcome = mend(FIVE, FixVerifier(lambda: verifier), *looks)

    assert [one.rule for one in outcome.applied] == ["one"]
    assert "/g2: absent -> file" in str(outcome.skipped[0])


def test_what_cannot_be_built_proves_nothing(verifier):
    text = FIVE + "RUN exit 3\n"

    outcome = mend(text, FixVerifier(lambda: verifier), replacing("a", "echo 1 ", "echo  1 "))
    other = mend(text, FixVerifier(lambda: verifier), replacing("b", "echo 1", "true; echo 1"))

    # The first leaves the plan as it is.
    assert [one.rule for one in outcome.applied] == ["a"]
    assert [(one.rule, one.reason) for one in other.skipped] == [("b", Reason.UNPROVED)]
    assert "before does not build: line 7" in str(other.skipped[0])


def test_where_nothing_can_be_built_plans_prove_what_they_can():
    def images():
        raise UnsupportedError("no mounts here")

    outcome = mend(
        FIVE,
        FixVerifier(images),
        replacing("a", "echo 1 ", "echo  1 "),
        replacing("b", "echo 2", "true; echo 2"),
    )

    assert [one.rule for one in outcome.applied] == ["a"]
    assert "could not be proved: no mounts here" in str(outcome.skipped[0])


def test_safe_fixes_need_no_build_where_only_unsafe_ones_do():
    judge = FixVerifier(lambda: pytest.fail("nothing is to be built"), only_unsafe=True)

    outcome = mend(FIVE, judge, replacing("a", "> /f1", "2>&1 >/f1", level=Applicability.SAFE))

    assert [one.rule for one in outcome.applied] == ["a"]
    assert judge.verdicts == {}


@pytest.mark.parametrize(
    ("before", "after", "is_kept"),
    [
        ("CMD sleep 1", 'CMD ["sleep", "1"]', True),
        ("CMD sleep 1", 'CMD ["sleep", "2"]', False),
        ("CMD sleep $A", 'CMD ["sleep", "$A"]', False),
        ("CMD exec sleep 1", 'CMD ["sleep", "1"]', True),
        ('CMD ["a"]', "USER games", False),
    ],
)
def test_a_command_keeps_its_words(verifier, before, after, is_kept):
    texts = (f"FROM busybox\n{one}\n" for one in (before, after))

    assert verifier.compare(*texts, may_set("cmd")).is_accepted is is_kept


def test_a_value_is_moved_to_another_key(verifier):
    before = "FROM busybox\nLABEL Team=blue\n"
    contract = Contract(keys=(("Labels.Team", "moved"), "Labels.team"))

    good = verifier.compare(before, "FROM busybox\nLABEL team=blue\n", contract)
    bad = verifier.compare(before, "FROM busybox\nLABEL team=red\n", contract)

    assert (good.level, bad.level) == (Level.DECLARED, Level.DIFFERENT)


TEXT = """\
from busybox
MAINTAINER me <me@example.com>
RUN mkdir -p /app
RUN cd /app && echo 1 > one
WORKDIR /
RUN wget -q nothing://x | cat > /two
ENV A=1 B=$A
CMD sleep 1
"""


def test_check_keeps_what_is_proved(dflint, tmp_path):
    done = dflint(
        "check", "--fix", "--verify", "--unsafe-fixes", "--no-shellcheck", "Dockerfile",
        Dockerfile=TEXT,
    )  # fmt: skip

    text = (tmp_path / "Dockerfile").read_text()
    assert text.startswith('FROM busybox\nLABEL org.opencontainers.image.authors="me')
    assert 'CMD ["sleep", "1"]' in text
    assert "WORKDIR /app\nRUN echo 1 > one\n" in text
    assert "pipefail" not in text
    assert "ENV A=1 B=$A" in text
    assert "the fix of `env-self-ref` was not applied, it would change the image" in done.err
    assert "configuration `Env.B`" in done.err
    assert "the fix of `pipefail` was not applied, it would change the image" in done.err
    assert "no longer builds" in done.err
    assert "fixes verified:" in done.err


def test_unsafe_fixes_are_taken_where_they_are_verified(dflint, tmp_path):
    done = dflint(
        "check", "--fix", "--unsafe-fixes=verified", "--no-shellcheck", "Dockerfile",
        Dockerfile=TEXT,
    )  # fmt: skip

    text = (tmp_path / "Dockerfile").read_text()
    assert done.status == 1  # `pipefail` is left
    assert "WORKDIR /app\nRUN echo 1 > one\n" in text
    assert "pipefail" not in text


class _Outside(HTMLParser):
    """Collects what a page would fetch, and its text."""

    def __init__(self):
        super().__init__()
        self.fetched, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.fetched += [value for name, value in attrs if name in ("src", "href")]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "img") else []

    def handle_data(self, data):
        self.words.append(data)


def test_evidence(dflint, tmp_path):
    arguments = ("--unsafe-fixes", "--no-shellcheck", "Dockerfile")
    dflint("check", "--fix", "--verify", "--evidence=proof", *arguments,
           Dockerfile=TEXT + "LABEL x=\"<script>alert(1)</script>\"\n")  # fmt: skip

    files = sorted((tmp_path / "proof").glob("*.json"))
    found = [json.loads(one.read_text()) for one in files]
    by_rule = {one["predicate"]["fix"]["rule"]: one for one in found}
    after = (tmp_path / "Dockerfile").read_bytes()

    from hashlib import sha256

    for one in found:
        assert one["_type"] == "https://in-toto.io/Statement/v1"
        assert all(len(each["digest"]["sha256"]) == 64 for each in one["subject"])
        predicate = one["predicate"]
        assert predicate["verdict"] == "declared"
        assert predicate["after"]["manifest"].startswith("sha256:")
        assert predicate["before"]["manifest"] != predicate["after"]["manifest"]
        assert predicate["bases"][0]["digest"].startswith("sha256:")
        assert predicate["difference"]["undeclared"] == []
    assert found[-1]["subject"][0]["digest"]["sha256"] == sha256(after).hexdigest()
    assert by_rule["instruction-casing"]["predicate"]["fix"]["alone"] == "proved"
    assert "alone" not in by_rule["cd-in-run"]["predicate"]["fix"]
    assert by_rule["shell-form-cmd"]["predicate"]["fix"]["contract"]["keys"][0] == {
        "key": "Cmd", "check": "words",
    }  # fmt: skip

    page = _Outside()
    page.feed((tmp_path / "proof" / "index.html").read_text())
    assert page.fetched == []
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert "cd-in-run" in page.words


def test_evidence_in_one_file_and_in_sarif(dflint, tmp_path):
    done = dflint(
        "check", "--fix", "--verify", "--evidence=all.jsonl", "--no-shellcheck",
        "--output-format=sarif", "Dockerfile", Dockerfile=TEXT,
    )  # fmt: skip

    lines = (tmp_path / "all.jsonl").read_text().splitlines()
    (run,) = json.loads(done.out)["runs"]
    assert [json.loads(line) for line in lines] == run["properties"]["evidence"]
    assert len(lines) >= 2


def test_what_plans_prove_is_proved_without_builds(dflint, tmp_path):
    done = dflint(
        "check", "--fix", "--verify", "--evidence=all.json", "--no-shellcheck", "Dockerfile",
        Dockerfile="from localhost:1/missing\nrun true\nFROM localhost:1/missing\n",
    )  # fmt: skip

    (line, *_) = (tmp_path / "all.json").read_text().splitlines()
    predicate = json.loads(line)["predicate"]
    assert (predicate["verdict"], predicate["proof"], predicate["builder"]) == (
        "proved", "plan", "none",
    )  # fmt: skip
    assert "by their plan" in done.err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--verify",), "`--verify` goes with `--fix`"),
        (("--fix", "--evidence=x"), "`--evidence` goes with `--verify`"),
        (("--fix", "--unsafe-fixes=all"), "invalid choice: 'all'"),
    ],
)
def test_usage(dflint, words, text):
    done = dflint("check", *words, "Dockerfile", builds=False, Dockerfile="FROM busybox\n")

    assert done.status == 2
    assert text in done.err
