"""The signals of STOPSIGNAL."""

from __future__ import annotations

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.signals import is_signal, signal_names


@pytest.mark.parametrize(
    "text",
    ["SIGTERM", "TERM", "term", "SigKill", "15", "015", "+15", "-1", "99", "RTMIN", "SIGRTMIN+3",
     "rtmin+15", "RTMAX-14", "CLD", "IOT", "STKFLT", "ſIGTERM", "9223372036854775807"],
)  # fmt: skip
def test_signals(text):
    assert is_signal(text)


@pytest.mark.parametrize(
    "text",
    ["", "SIG", "0", "-0", "00", "+", "0x9", "1_5", "1 5", " TERM", "SIGSIGTERM", "SIG15", "EXIT",
     "UNUSED", "EMT", "RTMIN+16", "RTMIN+01", "RTMIN-1", "RTMAX-15", "RTMAX-0", "ﬆop", "１５",
     "9223372036854775808", "-9223372036854775809", "SIGKILL\n"],
)  # fmt: skip
def test_no_signals(text):
    assert not is_signal(text)


def test_every_signal_of_linux_that_python_knows_is_known():
    known = signal_names()

    for member in signal.Signals:
        assert member.name.removeprefix("SIG") in known


@given(st.text())
def test_any_text_is_judged(text):
    assert is_signal(text) in (True, False)
