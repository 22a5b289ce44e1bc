"""What `dflint verify` and `dflint equiv` print."""

from __future__ import annotations

import json

from dflint.text.visible import make_visible
from dflint.verify.image.verdict import Difference, ImageVerdict, Level

#: How many lines of one kind are printed before the rest is counted.
_MOST = 20
_SENTENCES = {
    Level.PROVED: "proved: both ask for the same build",
    Level.IDENTICAL: "identical: both make the same layers with the same configuration",
    Level.BUT_TIMES: "identical but for times: both make the same image at other times",
    Level.EQUAL: "equal: both images have the same files and the same configuration",
    Level.DECLARED: "declared: the images are equal but for what may differ",
    Level.DIFFERENT: "different",
    Level.UNVERIFIED: "unverified",
}
#: What `equiv` says.
ANSWERS = {
    Level.PROVED: "proved",
    Level.IDENTICAL: "built-equal",
    Level.BUT_TIMES: "built-equal",
    Level.EQUAL: "built-equal",
    Level.DECLARED: "built-equal",
    Level.DIFFERENT: "different",
    Level.UNVERIFIED: "unknown",
}


def render_verdict(
    verdict: ImageVerdict, names: tuple[str, str], form: str, *, is_short: bool = False
) -> str:
    """A verdict as text or JSON; `is_short` leaves out what does not speak against it."""
    if form == "json":
        return json.dumps(verdict_object(verdict, names), indent=2, ensure_ascii=False) + "\n"
    head = _answer(verdict) if is_short else _SENTENCES[verdict.level]
    if verdict.reason:
        head += f": {verdict.reason}"
    lines = [head, *_listed("", verdict.differences)]
    if not is_short:
        lines += _listed("may differ: ", verdict.declared)
        lines += _listed("differs by itself: ", verdict.masked)
        lines += [f"  taken for granted: {one}" for one in verdict.assumed]
        lines.append(_effort(verdict))
    return "\n".join(make_visible(line) for line in lines) + "\n"


def verdict_object(verdict: ImageVerdict, names: tuple[str, str]) -> dict[str, object]:
    """A verdict as a JSON object."""
    found: dict[str, object] = {
        "before": names[0],
        "after": names[1],
        "verdict": verdict.level.value,
        "answer": _answer(verdict),
        "accepted": verdict.is_accepted,
    }
    if verdict.reason:
        found["reason"] = verdict.reason
    for name in ("differences", "declared", "masked"):
        found[name] = [one.plain() for one in getattr(verdict, name)]
    if verdict.assumed:
        found["assumed"] = list(verdict.assumed)
    found["times"] = verdict.times
    found["builds"] = verdict.builds
    found["seconds"] = round(verdict.seconds, 3)
    return found


def _answer(verdict: ImageVerdict) -> str:
    """What `equiv` says; what is declared is proved where nothing was built for it."""
    return ANSWERS[Level.PROVED if verdict.is_planned else verdict.level]


def _listed(what: str, differences: tuple[Difference, ...]) -> list[str]:
    lines = [f"  {what}{one}{f' ({one.why})' if one.why else ''}" for one in differences[:_MOST]]
    rest = len(differences) - _MOST
    return [*lines, f"  {what}{rest} more"] if rest > 0 else lines


def _effort(verdict: ImageVerdict) -> str:
    if not verdict.builds:
        return "nothing was built"
    builds = f"{verdict.builds} build{'s' if verdict.builds > 1 else ''}"
    return f"{builds} in {verdict.seconds:.1f} s"
