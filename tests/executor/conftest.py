from __future__ import annotations

import shutil

import pytest

from dflint.executor.namespaces import NamespacesExecutor


@pytest.fixture(scope="session")
def namespaces(mount_namespace):
    executor = NamespacesExecutor()
    yield executor
    executor.close()


@pytest.fixture
def root(busybox, tmp_path):
    """A root file system of the test's own."""
    return shutil.copytree(busybox, tmp_path / "root", symlinks=True)
