"""Rules that have something to say only when the configuration gives a setting."""

from __future__ import annotations

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.text.source import Source

TEXT = b"FROM quay.io/a:1\nLABEL version=v1 b=2\n"
NAMES = {"untrusted-registry", "label-semver", "label-superfluous"}


def rules(config):
    return {
        finding.rule for finding in Session().check(Source("Dockerfile", TEXT), config).findings
    }


def test_a_rule_speaks_when_the_configuration_gives_what_it_needs():
    config = Config(
        trusted_registries=("docker.io",),
        label_schema={"version": "semver"},
        strict_labels=True,
    )

    assert rules(config) >= NAMES


def test_a_rule_is_not_even_imported_without_what_it_needs(monkeypatch):
    session = Session()
    for name in NAMES:
        monkeypatch.setattr(session.entries[name], "_load", lambda: 1 / 0)

    report = session.check(Source("Dockerfile", TEXT), Config())

    assert NAMES.isdisjoint(finding.rule for finding in report.findings)
