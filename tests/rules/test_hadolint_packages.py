"""What the rules on package managers say of single instructions, each also behind ONBUILD."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.text.source import Source

RULES = {rule.meta.name: rule for rule in dflint_rules.rules()}
DATA = Path(__file__).parent.parent / "data" / "packages"
_RUN = re.compile(r"^RUN ", re.MULTILINE)


def fragments(file):
    """The fragments of a file under the names of their rules; `\\n` is a new line."""
    table = {}
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            table[line[1:-1]] = []
        elif line:
            table[list(table)[-1]].append(line)
    return table


HITS = fragments("reported.txt")
CLEAN = fragments("not-reported.txt")


def cases(table):
    """Every fragment, by itself and with its RUNs behind ONBUILD."""
    found = []
    for name, lines in table.items():
        for line in lines:
            text = line.replace("\\n", "\n") + "\n"
            behind = _RUN.sub("ONBUILD RUN ", text)
            found.append(pytest.param(name, text, id=f"{name}: {line}"))
            found.append(pytest.param(name, behind, id=f"{name}: {line} *"))
    return found


def findings(name, text):
    """What one rule finds."""
    doc = Document(Source("Dockerfile", text.encode()))
    rule = RULES[name]
    if not any(mention in text.lower() for mention in rule.mentions):
        return []
    return list(rule().check(doc))


@pytest.mark.parametrize(("name", "text"), cases(HITS))
def test_reported(name, text):
    assert len(findings(name, text)) == 1


@pytest.mark.parametrize(("name", "text"), cases(CLEAN))
def test_not_reported(name, text):
    assert findings(name, text) == []


@pytest.mark.parametrize("name", HITS)
def test_heredocs_and_places(name):
    text = HITS[name][0].removeprefix("RUN ")

    (plain,) = findings(name, f"FROM a\nRUN {text}\n")
    (inner,) = findings(name, f"FROM a\nRUN <<EOF\nset -e\n{text}\nEOF\n")

    assert inner.message == plain.message
    assert inner.span.start - plain.span.start == len("<<EOF\nset -e\n")
    assert len(plain.message) <= 200


def test_every_call_that_asks_is_reported():
    text = "RUN apt-get install b && \\\n  apt-get install c; bash -c 'apt-get remove d'\n"

    assert len(findings("apt-no-yes", text)) == 3


def test_every_package_without_a_version_is_reported_where_it_stands():
    text = 'RUN apt-get install -y b=1 c \\\n  d && pip3 install "e" f==1\n'
    found = [*findings("apt-pin", text), *findings("pip-pin", text)]

    assert [text[one.span.start : one.span.end] for one in found] == ["c", "d", '"e"']


def test_trigger_has_the_environment_of_triggers_before_it():
    text = "ONBUILD ENV PIP_NO_CACHE_DIR=1\nONBUILD RUN pip install b\nRUN pip install c\n"
    (found,) = findings("pip-cache", text)

    assert text[: found.span.start].count("\n") == 2


def test_every_rule_has_fragments_of_either_kind():
    assert HITS.keys() == CLEAN.keys()
    assert all(len(HITS[name]) >= 7 and len(CLEAN[name]) >= 7 for name in HITS)


LISTS = "apt-get update && apt-get install -y b"
#: Where hadolint 2.15.1 says something else, and why that is wrong.
DIFFERENCES = {
    "find removes the lists as well as rm": ("apt-lists", f"{LISTS} && find {{}} -delete", 0),
    "a removal before the update removes nothing": ("apt-lists", f"rm -rf {{}}/* && {LISTS}", 1),
    "what comes after the removal stays": ("apt-lists", f"{LISTS}; rm -r {{}}; apt update", 1),
    "a shell within the shell removes them too": ("apt-lists", f"{LISTS}; sh -c 'rm -r {{}}'", 0),
    "cleaning twice is cleaning": ("dnf-clean", "dnf clean all; dnf -y up; dnf clean all", 0),
    "an install after the last clean is not cleaned": (
        "dnf-clean", "dnf install -y b; dnf clean all; dnf install -y c", 1
    ),
    "update fetches metadata as install does": ("dnf-clean", "dnf -y update", 1),
    "groups are packages": ("yum-clean", "yum groupinstall -y b", 1),
    "an index that is removed is not left": ("apk-no-cache", "apk add b; rm /var/cache/apk/*", 0),
    "update keeps what add does not": ("apk-no-cache", "apk update; apk --no-cache add b", 1),
    "pip has no cache with 0 either": ("pip-cache", "PIP_NO_CACHE_DIR=0 pip install b", 0),
    "pip knows abbreviated options": ("pip-cache", "pip install --no-cache b", 0),
    "removed downloads are not left": ("pip-cache", "pip install b && rm -rf ~/.cache", 0),
    "yarn alone installs": ("yarn-cache", "yarn --production", 1),
    "newer yarn needs its cache": ("yarn-cache", "yarn set version 4 && yarn install", 0),
    "a script of the project is no install": ("yarn-cache", "yarn run install", 0),
    "quiet=2 is yes": ("apt-no-yes", "apt-get install --quiet=2 b", 0),
    "a pipe answers": ("apt-no-yes", "yes | apt-get install b", 0),
    "a setting answers": ("apt-no-yes", "apt-get -o APT::Get::Assume-Yes=1 install b", 0),
    "upgrade asks as install does": ("apt-no-yes", "apt-get upgrade", 1),
    "a wrapper hides nothing": ("apt-no-yes", "env A=1 nice sudo apt-get install b", 1),
    "a path hides nothing": ("apt-no-yes", "/usr/bin/apt-get install b", 1),
    "the inner script is a script": ("apt-no-yes", 'bash -c "apt-get install b"', 1),
    "the value of -c is no package": ("apt-pin", "apt-get install -y -c b c=1", 0),
    "a local file is no package of a repository": ("dnf-pin", "dnf install -y ./b.rpm", 0),
    "a variable may hold the pin": ("apt-pin", "B=b=1; apt-get install -y $B", 0),
    "a marker is no version": ("pip-pin", "pip install 'b; python_version > \"3\"'", 1),
    "extras of the local project are local": ("pip-pin", "pip install .[b]", 0),
    "the directory here is no package": ("npm-pin", "npm install .", 0),
    "i is install": ("npm-pin", "npm i -g b", 1),
    "a revision of a shorthand is a version": ("npm-pin", "npm install github:b/c#v1", 0),
    "a gem file is no gem of a repository": ("gem-pin", "gem install b-1.gem", 0),
    "-v1 is a version": ("gem-pin", "gem install b -v1", 0),
    "a file is no module": ("go-pin", "go run main.go", 0),
    "the value of -tags is no package": ("go-pin", "go install -tags b c.d/e@v1", 0),
}  # fmt: skip


@pytest.mark.parametrize("reason", DIFFERENCES)
def test_true_where_hadolint_differs(reason):
    name, script, count = DIFFERENCES[reason]

    assert len(findings(name, f"RUN {script.format('/var/lib/apt/lists')}\n")) == count


def test_lists_that_a_later_run_needs_are_not_called_superfluous():
    alone = "FROM a AS b\nRUN apt-get update\n"
    needed = ["RUN apt-get install -y c\n", "FROM b\nRUN apt-get install -y c\n"]
    not_needed = ["RUN apt-get update && apt-get install -y c\n", "RUN apt-get clean\n", ""]

    assert all("join" in findings("apt-lists", alone + rest)[0].message for rest in needed)
    assert not any("join" in findings("apt-lists", alone + rest)[0].message for rest in not_needed)


def test_a_call_without_recommends_says_what_may_be_missed():
    (found,) = findings("apt-recommends", "RUN apt-get install -y curl\n")

    assert "name" in found.message


@pytest.mark.parametrize(("verb", "when"), [("install b", "if more"), ("upgrade", "before it")])
def test_apt_asks_when_the_message_says(verb, when):
    (found,) = findings("apt-no-yes", f"RUN apt-get {verb}\n")

    assert when in found.message
