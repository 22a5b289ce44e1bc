"""Evidence as a page: each file before and after side by side, and what is proved of its fixes.

It stands for itself: no script, and nothing is fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from typing import Any

from dflint.text.visible import make_visible

_HEAD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>What is proved of the fixes</title>
<style>
body { font: 15px/1.45 sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
.code td { font: 13px/1.4 monospace; white-space: pre-wrap; overflow-wrap: anywhere; width: 50%;
  vertical-align: top; padding: 0 .6em; border-left: 1px solid #8884; }
.code td.number { width: 3em; color: #777; text-align: right; border: 0; }
.old { background: #f002; } .new { background: #0a02; }
.facts td, .facts th { border: 1px solid #8886; padding: .25em .6em; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
.good { color: #080; } .bad { color: #b00; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; }
  .good { color: #6c6; } .bad { color: #f77; } }
</style></head><body>
<h1>What is proved of the fixes</h1>
"""
_TAIL = "</body></html>\n"
_SAYS = {
    "proved": "the plan of the build is the same, nothing had to be built",
    "identical": "the images are identical",
    "identical-but-for-times": "the images are identical but for times",
    "equal": "the images have the same files and the same configuration",
    "declared": "the images are equal but for what the fix declares",
    "different": "the images differ",
    "unverified": "it could not be found out",
}


def evidence_page(files: Iterable[tuple[str, str, str, Sequence[Any]]]) -> str:
    """The page on some files, each with its path, its text before and after, and its statements."""
    parts = [_HEAD]
    count = 0
    for path, before, after, statements in files:
        count += 1
        parts.append(f"<h2>{_text(path)}</h2>\n")
        parts += _facts(statements)
        parts += _code(before, after)
    if not count:
        parts.append("<p>No fix was made.</p>\n")
    return "".join([*parts, _TAIL])


def _facts(statements: Sequence[Any]) -> Iterator[str]:
    """A row for each statement."""
    yield '<table class="facts"><tr><th>fix<th>verdict<th>images<th>difference<th>masked</tr>\n'
    for one in statements:
        predicate = one["predicate"]
        fix = predicate.get("fix", {})
        title = f"line {fix.get('line', '')}: {fix.get('title', 'a change')}"
        verdict = predicate["verdict"]
        tone = "bad" if verdict in ("different", "unverified") else "good"
        yield "<tr>"
        yield f"<td>{_text(title)}<br><code>{_text(fix.get('rule', ''))}</code> "
        yield f"{_text(fix.get('applicability', ''))}"
        if predicate.get("together"):
            yield f"<br>judged with {_text(', '.join(predicate['together']))}"
        yield f'<td><b class="{tone}">{_text(verdict)}</b><br>{_text(_SAYS.get(verdict, ""))}'
        yield f"<td>{_digest('before', predicate)}<br>{_digest('after', predicate)}"
        difference = predicate["difference"]
        shown = [*difference["undeclared"], *difference["declared"]]
        times = difference["times"]
        notes = [f"{times} times differ"] if times else []
        yield f"<td>{_list(shown, notes)}<td>{_list(predicate['masked'], [])}</tr>\n"
    yield "</table>\n"


def _digest(side: str, predicate: dict[str, Any]) -> str:
    manifest = predicate[side].get("manifest", "")
    return f"{side}: <code>{_text(manifest or 'not built')}</code>"


def _list(differences: Sequence[Any], notes: list[str]) -> str:
    rows = []
    for one in differences:
        field = f" {one['field']}" if one.get("field") else ""
        values = f": {one.get('before', '')} → {one.get('after', '')}" if one.get("after") else ""
        why = f" ({one['why']})" if one.get("why") else ""
        rows.append(f"{one['place']}{field}{values}{why}")
    return "<br>".join(map(_text, [*rows, *notes])) or "none"


def _code(before: str, after: str) -> Iterator[str]:
    """Both texts side by side, line by line."""
    old, new = before.splitlines(), after.splitlines()
    yield '<table class="code">\n'
    for tag, one, one_end, other, other_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        for at in range(max(one_end - one, other_end - other)):
            left, right = one + at, other + at
            yield "<tr>"
            yield _cell(left, old[left] if left < one_end else None, tag != "equal" and "old")
            yield _cell(right, new[right] if right < other_end else None, tag != "equal" and "new")
            yield "</tr>\n"
    yield "</table>\n"


def _cell(at: int, line: str | None, tone: str | bool) -> str:
    if line is None:
        return '<td class="number"><td>'
    kind = f' class="{tone}"' if tone else ""
    return f'<td class="number">{at + 1}<td{kind}>{_text(line)}'


def _text(text: object) -> str:
    return escape(make_visible(str(text)))
