"""The values of `RUN --device`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.device import parse_device


@pytest.mark.parametrize(
    ("text", "name", "required"),
    [
        ("vendor1.com/device", "vendor1.com/device", False),
        ("vendor1.com/device=foo,required", "vendor1.com/device=foo", True),
        ("NAME=vendor1.com/device=foo", "vendor1.com/device=foo", False),
        ("required", "", True),
        ("Required=1,a=b", "a=b", True),
        ("a,required=false", "a", False),
        ("required,name", "name", True),
        ("name=,name=b", "b", False),
        ('"a,b"', "a,b", False),
        ("nam=b", "nam=b", False),
    ],
)
def test_devices(text, name, required):
    device = parse_device(text)

    assert (device.name, device.required, device.problem) == (name, required, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "failed to parse csv devices: EOF"),
        ("a,b", "invalid field 'b' must be a key=value pair"),
        ("a,", "invalid field '' must be a key=value pair"),
        ("a,b=c", "unexpected key 'b' in 'b=c'"),
        ("x,Requierd=1", "unexpected key 'requierd' in 'Requierd=1' (did you mean required?)"),
        ("a,name=b", "device name already set to a"),
        ("required=x,a", "invalid value for required: x"),
    ],
)
def test_reasons_of_buildkit(text, problem):
    assert parse_device(text).problem == problem


@given(st.text(st.sampled_from("namerquid=,\"'") | st.characters()))
def test_any_text_is_read(text):
    parse_device(text)
