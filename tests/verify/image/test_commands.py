"""`dflint verify` and `dflint equiv` as commands."""

from __future__ import annotations

import json
import subprocess

import pytest

BEFORE = "FROM busybox\nRUN echo 1 > /one && rm -rf /none\nLABEL role=web\n"


@pytest.mark.parametrize(
    ("after", "answer", "verdict", "status"),
    [
        (BEFORE.replace("RUN", "run").replace("FROM", "# base\nFROM"), "proved", "proved", 0),
        (BEFORE.replace("RUN echo", "RUN true && echo"), "built-equal", "equal", 0),
        (BEFORE.replace("echo 1", "echo 2"), "different", "different", 1),
        (BEFORE.replace("web", "db"), "different", "different", 1),
        ("FROM localhost:1/missing\n", "unknown", "unverified", 4),
    ],
    ids=["plan", "build", "file", "label", "base"],
)
def test_answers(dflint, after, answer, verdict, status):
    equiv = dflint("equiv", "A", "B", A=BEFORE, B=after)
    verify = dflint("verify", "A", "B", "--format=json")

    assert (equiv.status, equiv.out.split(":")[0].split("\n")[0]) == (status, answer)
    assert (verify.status, verify.json["verdict"]) == (status, verdict)
    assert verify.json["answer"] == answer
    assert (verify.json["builds"] == 0) is (answer == "proved")
    if status == 1:
        assert verify.json["differences"][0]["place"] in equiv.out


def test_the_plan_may_be_left_out(dflint):
    done = dflint("verify", "A", "B", "--no-plan", A=BEFORE, B=BEFORE.replace("RUN", "run"))

    assert done.status == 0
    assert "1 build" in done.out or "2 builds" in done.out


def test_what_may_differ(dflint):
    after = BEFORE.replace("web", "db").replace("/one", "/two")
    allowed = ("--may-set", "Labels.role", "--may-go=/one", "--may-come=/two")

    done = dflint("verify", "A", "B", *allowed, A=BEFORE, B=after)
    less = dflint("verify", "A", "B", *allowed[:3])

    assert (done.status, less.status) == (0, 1)
    assert done.out.startswith("declared")
    assert "/two: absent -> file" in less.out


def test_a_statement_on_a_change(dflint, tmp_path):
    after = BEFORE.replace("echo 1", "echo 2")

    dflint("verify", "A", "B", "--evidence=one.json", "--build-arg=X=1", A=BEFORE, B=after)
    dflint("verify", "A", "A", "--evidence=proved")

    (line,) = (tmp_path / "one.json").read_text().splitlines()
    predicate = json.loads(line)["predicate"]
    assert predicate["verdict"] == "different"
    assert predicate["difference"]["undeclared"][0]["place"] == "/one"
    assert predicate["before"]["manifest"] != predicate["after"]["manifest"]
    assert predicate["build"]["arguments"] == {"X": "1"}
    assert "different" in (tmp_path / "one.json").read_text()
    statement = json.loads((tmp_path / "proved" / "001-change.json").read_text())
    assert [one["name"] for one in statement["subject"]] == ["A"]
    assert "proved" in (tmp_path / "proved" / "index.html").read_text()


def test_target_and_arguments(dflint):
    before = "FROM busybox AS a\nARG V\nRUN echo $V > /v\nFROM a\nRUN false\n"
    after = before.replace("echo $V", "echo x")
    options = ("--target=a", "--build-arg=V=x")

    assert dflint("equiv", "A", "B", *options, A=before, B=after).status == 0
    assert dflint("equiv", "A", "B", "--target=a", "--build-arg=V=y").status == 1
    assert dflint("equiv", "A", "B", "--build-arg=V=x").status == 4


def test_a_revision_and_the_work_tree(dflint, tmp_path):
    def git(*words):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "a@example.com")
    git("config", "user.name", "a")
    (tmp_path / "Dockerfile").write_text(BEFORE)
    git("add", "Dockerfile")
    git("commit", "-qm", "one")
    (tmp_path / "Dockerfile").write_text(BEFORE.replace("echo 1", "echo 2"))

    done = dflint("verify", "--base", "HEAD", "--format", "json")
    missing = dflint("verify", "--base", "HEAD", "other", other=BEFORE)
    unknown = dflint("verify", "--base", "nothing")

    assert (done.status, done.json["before"]) == (1, "HEAD:Dockerfile")
    assert done.json["differences"][0]["place"] == "/one"
    assert (missing.status, "has no file `other`" in missing.err) == (2, True)
    assert (unknown.status, "git knows no commit" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("A",), "expected two Dockerfiles, or `--base`, found `A`"),
        (("A", "missing"), "missing"),
        (("A", "A", "--format=xml"), "expected one of text, json, found `xml`"),
        (("A", "A", "--contex=x"), "did you mean `--context`?"),
        (("A", "A", "--platform=linux/amd64,linux/arm64"), "expected one platform"),
    ],
)
def test_usage(dflint, words, text):
    done = dflint("verify", *words, builds=False, A=BEFORE)

    assert done.status == 2
    assert text in done.err


def test_help(dflint):
    done = dflint("equiv", "--help", builds=False)

    assert done.status == 0
    assert "usage: dflint equiv" in done.out
    assert "--may-go PATTERN" in done.out
