"""ShellCheck's codes as rules: which are on, and with which severity.

They are selected, ignored and suppressed as our own rules are: by code (`SC2086`), by the
beginning of codes (`SC3*`), by the category `shell`, or with everything (`ALL`).
"""

from __future__ import annotations

from dflint.lint.names import EVERYTHING, SHELL, takes_code, takes_codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.finding import Severity
    from dflint.lint.select import Selection

WIKI = "https://www.shellcheck.net/wiki/"

_IN_THE_IMAGE = "the file that is sourced is in the image, where ShellCheck cannot read it"
_KNOWN_FILES = (
    "the files of an image are those that its build puts there, with names as they are usual"
)
_NO_ACCENTS = (
    "what a RUN puts into other letters are names of systems and programs, without accents"
)
#: Codes that are off until they are selected, and why; docs/decisions/008-shellcheck.md has more.
DEFAULT_OFF = {
    "SC1001": "a backslash before a letter that needs none changes nothing",
    "SC1090": _IN_THE_IMAGE,
    "SC1091": _IN_THE_IMAGE,
    "SC2012": _KNOWN_FILES,
    "SC2015": "`a && b || c` in a RUN mostly means just that: `c` is for whatever fails",
    "SC2016": "a RUN writes `$` into files and gives it to sed and awk, on purpose",
    "SC2018": _NO_ACCENTS,
    "SC2019": _NO_ACCENTS,
    "SC2035": _KNOWN_FILES,
    "SC2043": "a loop over one word is a list that has one member so far",
    "SC2026": "a word between two quoted ones is mostly meant to be part of them",
    "SC2102": "brackets in a RUN are extras of pip or the text of a file, no range is meant",
    "SC2114": "an image's build may remove the directories of its base",
    "SC2185": "every `find` of a Linux image does without a path",
    "SC2216": "`yes | program` answers a program that may ask, or may not",
    "SC2226": "`ln -s target` makes the link in the working directory, in every Linux image",
    "SC2269": '`PATH="$PATH"` changes nothing and breaks nothing',
}


class ShellCodes:
    """Which of ShellCheck's codes a configuration asks for."""

    __slots__ = ("_known", "_selection")

    def __init__(self, selection: Selection) -> None:
        if selection.select is None and selection.preset != "default":
            selection = _without_preset(selection)
        self._selection = selection
        self._known: dict[str, bool] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no code at all can be asked for."""
        selection = self._selection
        if any(selector in (EVERYTHING, SHELL, "SC*") for selector in selection.ignore):
            return True
        if selection.select is None:
            return False
        return not any(map(takes_codes, (*selection.select, *selection.extend_select)))

    @property
    def is_explicit(self) -> bool:
        """Whether the configuration names ShellCheck's codes itself."""
        selection = self._selection
        named = (*(selection.select or ()), *selection.extend_select)
        return any(selector != EVERYTHING and takes_codes(selector) for selector in named)

    def takes(self, code: str) -> bool:
        """Whether findings with the code are wanted."""
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = self._takes(code)
        return known

    def _takes(self, code: str) -> bool:
        selection = self._selection
        if any(takes_code(selector, code) for selector in selection.ignore):
            return False
        if any(takes_code(selector, code) for selector in selection.extend_select):
            return True
        if selection.select is None:
            return code not in DEFAULT_OFF
        return any(takes_code(selector, code) for selector in selection.select)

    def asks(self, name: str) -> bool:
        """Whether a name in a suppression means codes of which some are wanted."""
        if name.startswith("SC") and not name.endswith("*"):
            return self.takes(name)
        return takes_codes(name)

    def severity(self, code: str, default: Severity) -> Severity:
        """The severity to report for a code, `default` being ShellCheck's own."""
        return self._selection.severity.get(code, default)


def _without_preset(selection: Selection) -> Selection:
    """The same with the codes that its preset takes: those that are on by default, or none."""
    from dflint.lint.presets import WITHOUT_SHELLCHECK
    from dflint.lint.select import Selection

    select = () if selection.preset in WITHOUT_SHELLCHECK else None
    return Selection(select, selection.extend_select, selection.ignore, selection.severity)
