"""Every fix that changes files or settings says which: see `dflint.lint.contract`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dflint_rules
from dflint.lint.contract import (
    CHECKS,
    KEY_CHECKS,
    SAME_IMAGE,
    TRIGGERS,
    Contract,
    cache_paths,
    key_pattern,
    may_set,
    path_pattern,
)
from dflint.lint.document import Document
from dflint.lint.fix import Effect, Fix
from dflint.lint.rule import Invalid
from dflint.testing.examples import document_of, findings_of
from dflint.text.source import Source

ROOT = Path(__file__).resolve().parents[2]
RULES = dflint_rules.rules()
NEEDS_ONE = Effect.FILES | Effect.METADATA


def fixes_of(rule):
    for case in rule.invalid:
        if isinstance(case, Invalid):
            for finding in findings_of(rule, document_of(case, rule)):
                fix = finding.make_fix() if finding.make_fix is not None else None
                if isinstance(fix, Fix):
                    yield fix


def test_every_fix_of_the_examples_that_changes_files_has_a_contract():
    made = {rule.meta.name: list(fixes_of(rule)) for rule in RULES}

    without = {
        name
        for name, fixes in made.items()
        if any(fix.effect & NEEDS_ONE and fix.contract is None for fix in fixes)
    }
    assert without == set()
    # The examples reach most of the rules that make such fixes.
    assert sum(any(fix.effect & Effect.FILES for fix in fixes) for fixes in made.values()) > 25


@pytest.mark.parametrize(
    "line, log",
    [
        ("dnf install -y b", "/var/log/dnf.log"),
        ("yum install -y b", "/var/log/dnf.log"),
        ("zypper -n install b", "/var/log/zypper.log"),
        ("npm install -g b", None),
    ],
)
def test_what_cleans_up_may_write_its_log(line, log):
    doc = Document(Source("Dockerfile", f"FROM a\nRUN {line}\n".encode()))
    rules = [rule for rule in RULES if rule.meta.name.endswith(("-clean", "npm-cache"))]
    (fix,) = (one.fix() for rule in rules for one in findings_of(rule, doc))
    changed = [path_pattern(path) for path, _ in fix.contract.changed]
    if log is None:
        assert changed == []
    else:
        assert any(one.fullmatch(log) for one in changed)
        assert not any(one.fullmatch("/var/lib/rpm/rpmdb.sqlite") for one in changed)


@pytest.mark.parametrize("folder", ["rules/dflint_rules", "dflint/lint"])
def test_every_fix_that_is_given_an_effect_is_given_a_contract(folder):
    """For fixes that no example makes: what is written where a `Fix` is made."""
    without, count = [], 0
    for file in sorted((ROOT / folder).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            is_fix = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fix"
            if not is_fix:
                continue
            named = {keyword.arg for keyword in node.keywords}
            if len(node.args) > 3 or "effect" in named:
                count += 1
                if "contract" not in named and len(node.args) < 7:
                    without.append(f"{file.name}:{node.lineno}")

    assert without == []
    assert count >= 8


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('ONBUILD RUN ["npm", "cache", "clean"]', "npm-cache-force"),
        ("ONBUILD RUN useradd --uid=100000 x", "useradd-no-log-init"),
        ("ONBUILD ADD . /app", "add-instead-of-copy"),
    ],
)
def test_every_fix_within_a_trigger_may_change_the_triggers(line, rule):
    (rule,) = (one for one in RULES if one.meta.name == rule)
    doc = Document(
        Source("Dockerfile", f"FROM node:22\nRUN useradd -u 200000 y\n{line}\n".encode())
    )
    made = [(one.fix(), one.span.slice(doc.text) in line) for one in findings_of(rule, doc)]

    assert [fix.contract.keys for fix, is_trigger in made if is_trigger] == [TRIGGERS.keys]
    assert all(fix.contract.keys == () for fix, is_trigger in made if not is_trigger)


def test_checks_of_contracts_are_known():
    made = [fix.contract for rule in RULES for fix in fixes_of(rule) if fix.contract]

    assert {check for one in made for _, check in one.changed} <= set(CHECKS)
    assert {check for one in made for _, check in one.keys} <= set(KEY_CHECKS)
    assert all(path.startswith("/") for one in made for path in (*one.gone, *one.new))


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("/var/lib/apt/lists/**", ["/var/lib/apt/lists/a/b"], ["/var/lib/apt/lists", "/x/var"]),
        ("/home/*/.npm/**", ["/home/a/.npm/x"], ["/home/a/b/.npm/x", "/home/.npm/x"]),
        ("/a?c", ["/abc"], ["/a/c", "/abbc"]),
        ("/**/doc/*/ri/**", ["/usr/lib/doc/x-1/ri/a"], ["/usr/lib/doc/x/y/ri", "/doc/x/ri/a"]),
        ("/a.b", ["/a.b"], ["/axb"]),
    ],
)
def test_patterns_of_paths(pattern, yes, no):
    compiled = path_pattern(pattern)

    assert all(compiled.match(one) for one in yes)
    assert not any(compiled.match(one) for one in no)


def test_patterns_of_keys():
    assert key_pattern("Labels.*").match("Labels.org.example.x")
    assert not key_pattern("Labels.a").match("Labels.ab")


def test_contracts_of_several_fixes_add_up():
    both = Contract(gone=("/a",), keys=("Cmd",)) | Contract(gone=("/b", "/a"), new=("/c",))

    assert both.keys == (("Cmd", "any"),)
    assert both == Contract(gone=("/a", "/b"), keys=("Cmd",), new=("/c",))
    assert both | SAME_IMAGE == both


def test_what_is_known_of_caches_and_instructions():
    assert cache_paths("pip") == ("/root/.cache/pip/**", "/home/*/.cache/pip/**")
    assert may_set("cmd").keys == (("Cmd", "words"), ("ArgsEscaped", "any"))
    assert may_set("run") == SAME_IMAGE
