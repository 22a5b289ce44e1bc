"""Which ignore file counts for a Dockerfile."""

from __future__ import annotations

import os

import pytest

from dflint.config.schema import Config
from dflint.engine.context import context_of
from dflint.engine.session import Session
from dflint.text.source import Source

TEXT = "FROM debian:12\nCOPY a b /c/\n"


def ignore_of(path, folder=None, is_stream=False):
    context = context_of(Source(os.fspath(path), TEXT.encode(), is_stream), folder)
    return None if context is None or context.ignore is None else context.ignore.text


def test_the_ignore_file_of_the_dockerfile_comes_before_that_of_the_context(tmp_path):
    assert ignore_of(tmp_path / "app.Dockerfile") is None
    (tmp_path / ".dockerignore").write_text("a\n")
    assert ignore_of(tmp_path / "app.Dockerfile") == "a\n"
    (tmp_path / "app.Dockerfile.dockerignore").write_text("b\n")
    assert ignore_of(tmp_path / "app.Dockerfile") == "b\n"
    assert ignore_of(tmp_path / "Dockerfile") == "a\n"


def test_the_root_of_the_context_may_be_elsewhere(tmp_path):
    (tmp_path / "docker").mkdir()
    (tmp_path / ".dockerignore").write_text("a\n")
    (tmp_path / "docker" / ".dockerignore").write_text("b\n")

    assert ignore_of(tmp_path / "docker" / "Dockerfile", str(tmp_path)) == "a\n"
    assert ignore_of(tmp_path / "docker" / "Dockerfile") == "b\n"


def test_standard_input_has_no_context_unless_it_is_told(tmp_path):
    (tmp_path / ".dockerignore").write_text("a\n")
    (tmp_path / "Dockerfile.dockerignore").write_text("b\n")

    assert ignore_of(tmp_path / "Dockerfile", is_stream=True) is None
    assert ignore_of(tmp_path / "Dockerfile", str(tmp_path), is_stream=True) == "a\n"


@pytest.mark.parametrize("data", [b"\xff\n", b"a\n\xef\xbb\xbf"])
def test_any_bytes_may_be_in_it(tmp_path, data):
    (tmp_path / ".dockerignore").write_bytes(data)

    assert ignore_of(tmp_path / "Dockerfile").encode("utf-8", "surrogateescape") == data


def test_a_folder_of_that_name_is_no_ignore_file(tmp_path):
    (tmp_path / ".dockerignore").mkdir()

    assert ignore_of(tmp_path / "Dockerfile") is None


def test_each_file_is_checked_with_its_own_context(tmp_path):
    session, config = Session(), Config(select=("copy-ignored",))
    for name, ignored in (("x", "a\n"), ("y", "b\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".dockerignore").write_text(ignored)
        report = session.check(Source(str(tmp_path / name / "Dockerfile"), TEXT.encode()), config)

        (finding,) = report.findings
        assert f"`{ignored.strip()}` in `.dockerignore` keeps" in finding.message


def test_the_ignore_file_is_not_looked_for_without_copy_and_add(tmp_path, monkeypatch):
    def fail(path):
        raise AssertionError(path)

    monkeypatch.setattr(os.path, "isfile", fail)
    source = Source(str(tmp_path / "Dockerfile"), b"FROM debian:12\nCMD a\n")

    assert Session().check(source, Config(select=("copy-ignored",))).failure is None
