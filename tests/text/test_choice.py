"""Enumerations that are made quickly."""

from __future__ import annotations

import copy
import pickle

from dflint.text.choice import Choice


class Colour(Choice):
    """What it looks like."""

    RED = "red"
    GREEN = "light green"

    @property
    def is_warm(self):
        return self is Colour.RED


def test_members_know_their_names_and_values():
    assert [(one.name, one.value) for one in Colour.__members__.values()] == [
        ("RED", "red"),
        ("GREEN", "light green"),
    ]
    assert Colour.RED.is_warm
    assert not Colour.GREEN.is_warm


def test_members_are_of_their_class_and_told_apart():
    assert isinstance(Colour.RED, Colour)
    assert Colour.RED != Colour.GREEN
    assert {Colour.RED: 1, Colour.GREEN: 2}[Colour.GREEN] == 2
    assert not isinstance(Colour.__doc__, Colour)


def test_a_member_stays_the_same_when_it_is_copied():
    assert copy.deepcopy([Colour.RED])[0] is Colour.RED
    assert pickle.loads(pickle.dumps(Colour.GREEN)) is Colour.GREEN


def test_members_are_printed_by_their_names():
    assert repr(Colour.GREEN) == "<Colour.GREEN: 'light green'>"
    assert str(Colour.RED) == "Colour.RED"
