"""Limits of a step's resources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dflint.errors import UnsupportedError
from dflint.executor.cgroups import control_groups
from dflint.executor.process import Resources
from tests.running import run


def groups_are_possible():
    try:
        with control_groups(Resources(pids=10)):
            return True
    except UnsupportedError:
        return False


def test_nothing_wanted_makes_no_group():
    with control_groups(Resources()) as groups:
        assert groups == ()


def test_processes_are_limited(namespaces, root):
    if not groups_are_possible():
        pytest.skip("control groups cannot be made here")
    resources = Resources(parent="/dflint-tests", pids=5, memory=64 << 20)

    ran = run(
        namespaces,
        root,
        "grep -c dflint-tests/dflint- /proc/self/cgroup;"
        "for n in 1 2 3 4 5 6 7 8; do sleep 1 & done 2>&1; wait",
        resources=resources,
    )

    assert int(ran.stdout.split()[0]) >= 1
    assert "can't fork" in ran.stdout + ran.stderr
    assert not any(
        name.startswith("dflint-tests")
        for folder in ("/sys/fs/cgroup", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/memory")
        if os.path.isdir(folder)
        for name in os.listdir(folder)
    )


def test_settings_of_version_2_are_written(tmp_path):
    (tmp_path / "cgroup.controllers").touch()
    wanted = Resources(
        memory=100, memory_swap=150, pids=7, cpu_quota=50_000, cpu_shares=1024, cpuset_cpus="0"
    )

    with control_groups(wanted, str(tmp_path)) as (group,):
        written = {path.name: path.read_text() for path in Path(group).iterdir()}
        for name in written:
            os.remove(f"{group}/{name}")

    assert written == {
        "memory.max": "100",
        "memory.swap.max": "50",
        "pids.max": "7",
        "cpu.max": "50000 100000",
        "cpu.weight": "39",
        "cpuset.cpus": "0",
    }
    assert not os.path.exists(group)


def test_what_cannot_be_limited_is_an_error(tmp_path):
    with (
        pytest.raises(UnsupportedError, match=r"cannot limit the resources of a step: .*memory"),
        control_groups(Resources(memory=1), str(tmp_path)),
    ):
        pass
