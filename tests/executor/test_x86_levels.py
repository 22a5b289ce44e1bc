"""The levels of x86-64, and steps for a processor that is better than this one."""

from __future__ import annotations

import pytest

from dflint.build import platforms
from dflint.build.platforms import require_platform
from dflint.errors import UnsupportedError
from dflint.executor import x86_levels
from dflint.executor.x86_levels import level_of, level_of_variant

V2 = "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3"
V3 = f"{V2} abm avx avx2 bmi1 bmi2 f16c fma movbe xsave"
V4 = f"{V3} avx512f avx512bw avx512cd avx512dq avx512vl"


@pytest.mark.parametrize(
    ("flags", "level"),
    [("sse2", 1), (V2, 2), (V3, 3), (V4, 4), (V4.replace("avx2 ", ""), 2), ("avx512f avx2", 1)],
)
def test_a_level_needs_all_below_it(flags, level):
    assert level_of(flags.split()) == level


def test_variants():
    assert [level_of_variant(one) for one in ("", "v1", "v2", "v4", "v9", "x")] == [
        1,
        1,
        2,
        4,
        9,
        9,
    ]


@pytest.mark.parametrize(("variant", "is_run"), [("", True), ("/v3", True), ("/v4", False)])
def test_steps_for_a_better_processor_do_not_run(monkeypatch, variant, is_run):
    monkeypatch.setattr(platforms, "own_platform", lambda: "linux/amd64")
    monkeypatch.setattr("dflint.executor.emulation.can_run", lambda platform: True)
    monkeypatch.setattr(x86_levels, "own_level", lambda: 3)

    if is_run:
        require_platform(f"linux/amd64{variant}")
        return
    with pytest.raises(UnsupportedError, match=r"linux/amd64/v4 do not run .* level v3 of x86-64"):
        require_platform(f"linux/amd64{variant}")
