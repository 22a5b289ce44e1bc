"""Keys and values of numbers, for processes that import nothing else."""

from __future__ import annotations


def key(number):
    return b"key %d" % number


def value(number, length=100):
    """A value from which its number can be told, and no part of which is that of another."""
    return (b"%d-" % number * length)[:length] + b"."
