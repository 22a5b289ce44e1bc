"""The reader of ShellCheck's answers agrees with the module `json`."""

from __future__ import annotations

import json
import sys

import pytest

from dflint.shellcheck.json_reader import read_json

GOOD = [
    '{"comments":[]}\n',
    ' [1, -2.5, true, null, "é\\u00e9\\ud83d\\ude00\\n"] ',
    '{"a":{"b":[{}]}}',
]
BAD = ["", "garbage", "{", '{"a":1} x', "[1,]", '"\n"', "\x00"]


@pytest.fixture(params=["with", "without"])
def scanner(request, monkeypatch):
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "_json", None)


@pytest.mark.parametrize("text", GOOD)
def test_what_is_json(scanner, text):
    assert read_json(text) == json.loads(text)


@pytest.mark.parametrize("text", BAD)
def test_what_is_none(scanner, text):
    with pytest.raises(ValueError):
        read_json(text)
