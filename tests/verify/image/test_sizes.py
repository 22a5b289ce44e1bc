"""What an audit of sizes predicts is what a clean-up saves: a part of what `sizes` counts."""

from __future__ import annotations

import pytest

from dflint.build.session import BuildSession
from tests.verify import sizes


@pytest.fixture(scope="module")
def sized(mount_namespace, busybox_layout, tmp_path_factory):
    wanted = sizes.request(tmp_path_factory.mktemp("sizes"), busybox_layout)
    with BuildSession(wanted) as session:
        yield lambda *texts: sizes.judged(session, *texts)


@pytest.mark.parametrize("number", range(0, 20, 3))
def test_all_bytes_have_a_class_and_savings_are_as_predicted(sized, number):
    _, before, after = list(sizes.cases(20, 5))[number]

    old, new, counted, needless = sized(before, after)

    assert counted == old[0]
    assert abs(needless - (old[1] - new[1])) <= 0.02 * (old[1] - new[1])
    assert (needless > 0) == (before != after)
