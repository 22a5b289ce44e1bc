"""`dflint check` with a build context: findings follow its files, kept results or not."""

from __future__ import annotations

import json

TEXT = "FROM alpine:3.22\nCOPY app.py lib/*.so /app/\n"


def found(dflint, *options):
    status, out, _ = dflint(
        "check", "--output-format", "json", "--select", "copy-source-missing", *options
    )
    assert status in (0, 1)
    return [one["message"].partition(" ")[0] for one in json.loads(out)["files"][0]["findings"]]


def test_findings_follow_the_files_of_the_context(here, dflint):
    (here / "Dockerfile").write_text(TEXT)
    assert found(dflint) == []
    assert found(dflint, "--context", ".") == ["`app.py`"]

    (here / "app.py").write_text("")
    assert found(dflint, "--context", ".") == []

    (here / "app.py").unlink()
    (here / ".dockerignore").write_text("")
    assert found(dflint) == ["`app.py`"]
    assert found(dflint) == ["`app.py`"]

    (here / "app.py").write_text("")
    assert found(dflint) == []


def test_a_kept_result_is_taken_as_long_as_the_answers_are_the_same(here, dflint, monkeypatch):
    from dflint.engine.session import Session

    (here / "Dockerfile").write_text(TEXT)
    assert found(dflint, "--context", ".") == ["`app.py`"]

    def fail(*_, **__):
        raise AssertionError("checked anew")

    monkeypatch.setattr(Session, "begin", fail)
    assert found(dflint, "--context", ".") == ["`app.py`"]


def test_the_context_of_the_configuration_counts(here, dflint):
    (here / "docker").mkdir()
    (here / "docker" / "Dockerfile").write_text(TEXT)
    (here / "dflint.toml").write_text('context = "."\n')
    assert found(dflint, "docker/Dockerfile") == ["`app.py`"]

    (here / "app.py").write_text("")
    assert found(dflint, "docker/Dockerfile") == []
