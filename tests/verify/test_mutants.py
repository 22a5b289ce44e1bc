"""How many wrong edits the plan verifier catches."""

from __future__ import annotations

from tests.verify.mutants import FILES, UNTELLABLE, only_a_build, own, sampled


def test_wrong_edits_are_rejected_but_those_that_only_a_build_can_tell():
    found = dict(own())
    accepted = {name for name, one in found.items() if one.verdict().is_accepted}

    assert len(found) >= 300
    assert accepted == only_a_build()
    assert all(found[name].effect is FILES for name in accepted)
    assert len(accepted) <= 0.05 * len(found)


def test_wrong_edits_of_real_files_are_rejected(shared):
    counts = {}
    for _, one in sampled(shared / "corpus" / "dev", 120):
        if one.kind in UNTELLABLE:
            continue
        row = counts.setdefault(one.effect, [0, 0])
        row[0] += 1
        row[1] += one.verdict().is_accepted

    # Some edits of a real file change nothing: a second SHELL of the same words, say.
    assert len(counts) == 4
    for number, accepted in counts.values():
        assert accepted <= max(1, 0.03 * number)
