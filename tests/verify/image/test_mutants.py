"""Builds tell wrong fixes from rebuilds: a part of what `tests.verify.image_mutants` counts."""

from __future__ import annotations

import pytest

from dflint.build.session import BuildSession
from dflint.verify.image.verifier import ImageVerifier
from tests.verify import image_mutants

MUTANTS = dict(image_mutants.mutants())
SOME = list(MUTANTS)[::15]
REBUILDS = list(image_mutants.rebuilds(8))


@pytest.fixture(scope="module")
def mutant_session(mount_namespace, busybox_layout, tmp_path_factory):
    request = image_mutants.request(tmp_path_factory.mktemp("mutants"), busybox_layout)
    with BuildSession(request) as session:
        yield session


def test_there_are_enough():
    assert len(MUTANTS) >= 500
    assert len({one.kind for one in MUTANTS.values()}) >= 100


@pytest.mark.parametrize("name", SOME)
def test_a_wrong_fix_is_rejected(mutant_session, name):
    one = MUTANTS[name]

    verdict = image_mutants.judged(ImageVerifier(mutant_session), one.before, one.after)

    assert not verdict.is_accepted
    assert not verdict.reason.startswith("before"), verdict.reason


@pytest.mark.parametrize("rebuild", REBUILDS, ids=lambda one: one[0])
def test_a_rebuild_is_no_change(mutant_session, rebuild):
    _, before, after = rebuild

    verdict = image_mutants.judged(ImageVerifier(mutant_session), before, after, uses_plan=False)

    assert verdict.is_accepted, verdict.sentences
