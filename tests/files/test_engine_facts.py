"""COPY, ADD and WORKDIR against what a real engine made of the same builds."""

from __future__ import annotations

import os

import pytest

from tests.files.playing import DATA, Case, differences, read_cases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

CASES = [case for path in sorted(DATA.glob("*.txt")) for case in read_cases(path)]
#: Docker 28.5 refuses links of an archive that lead out of the destination; the newest BuildKit
#: ends them at it, and so do we (docs/decisions/012-copy.md).
NEWER = ("tar-symlink-out", "tar-up-base")


def is_true_root() -> bool:
    """Whether we are root, and not only that of a user namespace."""
    with open("/proc/self/uid_map") as file:
        return os.geteuid() == 0 and file.read().split() == ["0", "0", "4294967295"]


pytestmark = pytest.mark.skipif(not is_true_root(), reason="owners and devices need root")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_as_the_engine(case: Case, tmp_path: Path) -> None:
    check_case(case, tmp_path)


def check_case(case: Case, place: Path) -> None:
    """Fails where our result is not the engine's."""
    found = differences(case, place)
    if case.name in NEWER:
        assert len(found) == 1 and found[0].startswith("not raised: statat ")
    else:
        assert found == []
