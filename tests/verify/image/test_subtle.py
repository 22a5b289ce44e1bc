"""Wrong fixes that are easily overlooked: a part of what `tests.verify.subtle_mutants` counts."""

from __future__ import annotations

import pytest

from dflint.build.session import BuildSession
from dflint.verify.image.verdict import Level
from dflint.verify.image.verifier import ImageVerifier
from tests.conformance.builds.bases import make_bases
from tests.conformance.builds.builders import ROOT
from tests.verify import subtle_mutants
from tests.verify.subtle_mutants import RIGHT, WRONG


@pytest.fixture(scope="module")
def verifier(mount_namespace, tmp_path_factory):
    place = tmp_path_factory.mktemp("subtle")
    bases = make_bases(str(place / "bases"), str(ROOT / ".cache" / "busybox"))
    with BuildSession(subtle_mutants.request(place, bases)) as session:
        yield ImageVerifier(session)


def test_there_are_enough():
    assert len(WRONG) >= 250
    assert len({name.rpartition(" ")[0] for name, _, _ in WRONG}) >= 80
    assert all(before != after for _, before, after in [*WRONG, *RIGHT])


@pytest.mark.parametrize(("before", "after"), [one[1:] for one in WRONG[::9]])
def test_a_wrong_fix_is_rejected(verifier, before, after):
    assert verifier.compare(before, after).level is Level.DIFFERENT


@pytest.mark.parametrize(("before", "after"), [one[1:] for one in RIGHT[::2]])
def test_a_right_one_is_not(verifier, before, after):
    verdict = verifier.compare(before, after)

    assert verdict.is_accepted, verdict.sentences
