"""What must hold for every file that fixes were applied to."""

from __future__ import annotations

import subprocess
from collections import Counter

import dockerfile

from dflint.fix.loop import Loop, Wanted
from dflint.lint.document import Document, Settings
from dflint.lint.edits import comments_within
from dflint.lint.registry import find_rules
from dflint.lint.runner import Runner
from dflint.lint.select import Selection, names_of, select_rules
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.outcome import Outcome
    from dflint.fix.verifier import Verifier
    from dflint.lint.finding import Finding


class Fixer:
    """All fixes of some rules, of all rules that have any by default."""

    def __init__(
        self, verifier: Verifier, rules: tuple[str, ...] = (), unsafe: bool = False
    ) -> None:
        entries = find_rules()
        wanted = rules or tuple(name for name, entry in entries.items() if entry.fix)
        selected = select_rules(entries, Selection(select=wanted))
        self._runner = Runner(selected, lambda: names_of(entries), reraise=True)
        options = {
            name: {spec.name: spec.default for spec in entry.options}
            for name, entry in entries.items()
            if entry.has_options
        }
        self.settings = Settings(options=options)
        self._verifier = verifier
        self._wanted = Wanted(unsafe=unsafe)

    def document(self, path: str, data: bytes) -> Document:
        """The document of a file."""
        return Document(Source(path, data), self.settings)

    def look(self, doc: Document) -> list[Finding]:
        """What the rules find."""
        return self._runner.run(doc).findings

    def fix(self, doc: Document) -> Outcome:
        """What the fixes make of a document."""
        loop = Loop(self._runner.fix, self._verifier, self._wanted)
        return loop.run(doc, self.look)


def faults(fixer: Fixer, outcome: Outcome) -> list[str]:
    """Which laws an outcome breaks; each with what there is to see."""
    before, after = outcome.before, outcome.doc
    found = [f"refused: {skipped}" for skipped in outcome.skipped]
    if outcome.unsettled:
        found.append(f"no end: {', '.join(outcome.unsettled)}")
    if not outcome.is_changed:
        return found
    if fixer.fix(after).is_changed:
        found.append("a second run changes it again")
    return found + harm(before, after)


def harm(before: Document, after: Document) -> list[str]:
    """What is wrong with a text that was well before, to be seen without a builder."""
    found = []
    if after.tree.code != after.text:
        found.append("the tree does not give its text back")
    if len(after.problems) > len(before.problems):
        found.append(f"refused now: {[problem.kind for problem in after.problems]}")
    if accepted(before.source.data) and not accepted(after.source.data):
        found.append("the Go parser refuses it now")
    lost = comments(before) - comments(after)
    if lost:
        found.append(f"comments lost: {sorted(lost)}")
    if before.text.endswith("\n") and not after.text.endswith("\n"):
        found.append("the final newline is lost")
    return found + broken_scripts(before, after)


def accepted(data: bytes) -> bool:
    """Whether the Go parser reads a file."""
    try:
        dockerfile.parse_string(data.decode("utf-8", "replace"))
    except dockerfile.GoParseError:
        return False
    return True


def comments(doc: Document) -> Counter[str]:
    """The comments of a file, but those that silence rules: a fix may be about them."""
    texts: list[str] = []
    end = 0
    for instruction in doc.instructions:
        line = instruction.line
        end = line.stop
        texts += line.source[line.above : line.start].splitlines()
        texts += comments_within(instruction)
        for start, close, _ in line.bodies:  # a script has comments of its own
            texts += line.source[start:close].splitlines()
    texts += doc.text[end:].splitlines()
    return Counter(
        text.strip() for text in texts if text.lstrip().startswith("#") and "ignore" not in text
    )


def broken_scripts(before: Document, after: Document) -> list[str]:
    """The new scripts that `bash -n` refuses in a file whose old ones it accepts."""
    old, new = scripts(before), scripts(after)
    gone = [script for script in old if script not in new]
    if not all(map(_is_bash, gone)):
        return []
    fresh = [script for script in new if script not in old]
    return [f"no script: {script!r}" for script in fresh if not _is_bash(script)]


def scripts(doc: Document) -> list[str]:
    """The scripts of RUN in shell form, without those of heredocs."""
    return [
        one.reading.arguments[0]
        for one in doc.instructions
        if one.KEYWORD == "RUN" and one.reading.arguments and not one.reading.is_json
    ]


def _is_bash(script: str) -> bool:
    data = script.encode("utf-8", "surrogateescape")
    return subprocess.run(["bash", "-n"], input=data, capture_output=True).returncode == 0
