"""The regular expressions that patternmatcher makes of patterns, run in linear time.

Go's engine takes time in proportion to pattern and path, Python's `re` for ever on some; these
expressions have few forms, and are run by following all ways through them at once.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[str], object]
    Step = tuple[int, Test]

_SYNTAX = "syntax error in pattern"
#: What patternmatcher makes of `**/`: some directories or none.
_DIRECTORIES = "(.*/)?"
#: The kinds of steps: one character, any number of them, the beginning of the text, and the choice
#: to leave out the two steps that follow.
_ONE, _MANY, _START, _OPTION = range(4)
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CLASSES = "dDsSwW"
#: Letters that after a backslash mean something that no part of a path is.
_NOTHING = "ABCEPQbpxz"
#: What means something in a class of Python's regular expressions and nothing in one of Go's.
_ESCAPED_IN_CLASS = frozenset("[&~|")


class PatternError(ValueError):
    """A pattern that makes the builder refuse the whole file."""


class Automaton:
    """One expression, anchored at both ends, with the alternatives that a `|` makes."""

    __slots__ = ("_alternatives",)

    def __init__(self, source: str) -> None:
        steps: list[Step] = []
        self._alternatives = [steps]
        at = 0
        while at < len(source):
            if source[at] == "|":
                # The anchors belong to the first and to the last alternative.
                steps.append((_MANY, _is_any))
                steps = [(_MANY, _is_any)]
                self._alternatives.append(steps)
                at += 1
            else:
                at = _read_steps(source, at, steps)

    def matches(self, text: str) -> bool:
        """Whether the whole text is one that the expression stands for."""
        return any(_leads_through(steps, text) for steps in self._alternatives)


def _leads_through(steps: list[Step], text: str) -> bool:
    states: set[int] = set()
    _enter(steps, 0, states, at_start=True)
    for sign in text:
        following: set[int] = set()
        for state in states:
            if state < len(steps):
                kind, test = steps[state]
                if kind in (_ONE, _MANY) and test(sign):
                    _enter(steps, state + (kind == _ONE), following)
        states = following
    return len(steps) in states


def _enter(steps: list[Step], state: int, states: set[int], at_start: bool = False) -> None:
    """Add a state, and those that are reached from it without a character."""
    todo = [state]
    while todo:
        state = todo.pop()
        if state in states:
            continue
        states.add(state)
        kind = steps[state][0] if state < len(steps) else _ONE
        if kind in (_MANY, _OPTION) or (kind == _START and at_start):
            todo.append(state + 1)
        if kind == _OPTION:
            todo.append(state + 3)


def _read_steps(source: str, at: int, steps: list[Step]) -> int:
    """Add the steps for what stands at a place of an expression; gives the place behind it."""
    sign = source[at]
    if source.startswith(_DIRECTORIES, at):
        steps += ((_OPTION, _is_any), (_MANY, _is_no_line_end), (_ONE, "/".__eq__))
        return at + len(_DIRECTORIES)
    if source.startswith(".*", at):
        steps.append((_MANY, _is_no_line_end))
        return at + 2
    if sign == "^":
        steps.append((_START, _is_any))
        return at + 1
    if sign == "\\":
        steps.append((_ONE, _escape(source[at + 1 : at + 2])))
        return at + 2
    if sign != "[":
        steps.append((_ONE, sign.__eq__))
        return at + 1
    end = _class_end(source, at)
    test = _compiled_class(source[at:end])
    is_many = source.startswith("*", end)
    steps.append((_MANY if is_many else _ONE, test))
    return end + is_many


def _is_any(sign: str) -> bool:
    del sign
    return True


def _is_no_line_end(sign: str) -> bool:
    return sign != "\n"


def _escape(letter: str) -> Test:
    """What a backslash and a letter stand for in Go."""
    if letter and letter in _CLASSES:
        return re.compile("\\" + letter, re.ASCII).match
    if letter and letter in _NOTHING:
        return "".__eq__
    if letter.isalnum() and letter not in _CONTROLS:
        raise PatternError(_SYNTAX)
    return _CONTROLS.get(letter, letter).__eq__


def _class_end(source: str, at: int) -> int:
    """The place behind the class that begins at `at`."""
    begin = at + 2 if source.startswith("^", at + 1) else at + 1
    end = begin
    while end < len(source) and (source[end] != "]" or end == begin):
        end += 2 if source[end] == "\\" else 1
    return end + 1


def _compiled_class(source: str) -> Test:
    """A class of Go's as Python reads it."""
    parts: list[str] = []
    at = 2 if source.startswith("[^") else 1
    begin = at
    while at < len(source) - 1:
        sign = source[at : at + 2] if source[at] == "\\" else source[at]
        parts.append("\\" + sign if sign in _ESCAPED_IN_CLASS else sign)
        at += len(sign)
    try:
        return re.compile(source[:begin] + "".join(parts) + "]", re.ASCII).match
    except re.error:
        raise PatternError(_SYNTAX) from None
