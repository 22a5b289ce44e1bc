"""Fixing may be killed at any moment: every file is the old or the new one."""

from __future__ import annotations

import os
import random
import sys

import pytest

from bench.interrupted import Tree, interrupt, is_ours
from tests.conftest import ROOT


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_runs_leave_files_whole(tmp_path, shared):
    files = sorted((ROOT / "examples").rglob("*Dockerfile*"))
    files += sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))[::200]
    random.seed(os.urandom(8))
    tree = Tree([file for file in files if b"<<" not in file.read_bytes()], tmp_path / "tree")
    assert all(tree.new[name] != old for name, old in tree.old.items())

    amid, _, wrong = interrupt(tree, 30)

    assert wrong == []
    assert amid > 0, "no run was killed while it wrote"


def test_what_is_left_of_a_killed_run_is_not_taken_for_a_dockerfile():
    from dflint.discovery.recognise import Kind, kind_of_name

    name = ".Dockerfile.dflint-0123456789ab.tmp"

    assert is_ours(name)
    assert kind_of_name(name) is Kind.OTHER
    assert kind_of_name(".a.Dockerfile.dflint-0123456789ab.tmp") is Kind.OTHER
