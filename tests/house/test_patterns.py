"""No regular expression of a module takes for ever on repeated characters."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import dflint
import dflint_rules
from dflint.text.lazy_pattern import LazyPattern

UNITS = (
    " ", "\\", "a", '"', "'", "=", "[", "$", "#", "<", "-", "0", ".", "/", "a ", "{{", "a.", "@",
    ":", "_", "\n", "A_", "%%",
)  # fmt: skip


def patterns():
    """Every pattern that a module keeps under a name."""
    for package in (dflint, dflint_rules):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, LazyPattern):
                    value = value.get()
                if isinstance(value, re.Pattern):
                    yield pytest.param(value, id=f"{found.name}.{name}")


@pytest.mark.parametrize("pattern", list(patterns()))
def test_pattern_ends_on_long_repetitions(pattern):
    for unit in UNITS:
        for tail in ("", "!", "\n"):
            text = unit * 20_000 + tail
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            found = pattern.match(given)
            assert found is None or found.end() <= len(given)
