"""What is proved of fixes, as statements for others to check (in-toto Statement v1).

Source: in-toto Attestation Framework, spec/v1/statement.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from dflint import __version__
from dflint.build.session import BuildSession, BuiltImage
from dflint.graph.ops import ImageSource
from dflint.lint.fix import Effect, Fix
from dflint.verify.image.verdict import Difference, ImageVerdict

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://github.com/dflint/dflint/blob/main/docs/verify.md#evidence"

#: A JSON object.
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved of fixes that were made together: both texts and the verdict on them."""

    path: str
    before: str
    after: str
    verdict: ImageVerdict
    builder: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def statement(
    proof: Proof,
    session: BuildSession | None = None,
    fix: Statement | None = None,
    together: tuple[str, ...] = (),
) -> Statement:
    """The statement on one fix, or on a change that no rule has made.

    The subject is the Dockerfile as it is afterwards and, where it was built, its image. `session`
    keeps images in its store so that they have digests. `together` are the rules whose fixes were
    judged with this one.
    """
    verdict = proof.verdict
    before, after = (_digests(session, one) for one in (verdict.before, verdict.after))
    subject = [{"name": proof.path, "digest": {"sha256": text_digest(proof.after)}}]
    if after:
        subject.append({"name": "image", "digest": _named(after["manifest"])})
    predicate: Statement = {
        "verifier": {"name": "dflint", "version": __version__},
        "builder": proof.builder if verdict.builds else "none",
        "verdict": verdict.level.value,
        "proof": "plan" if verdict.is_planned else "build",
    }
    if fix is not None:
        predicate["fix"] = fix
    if together:
        predicate["together"] = list(together)
    if verdict.reason:
        predicate["reason"] = verdict.reason
    if verdict.assumed:
        predicate["assumed"] = list(verdict.assumed)
    predicate |= {
        "before": {"dockerfile": _named("sha256:" + text_digest(proof.before)), **before},
        "after": {"dockerfile": _named("sha256:" + text_digest(proof.after)), **after},
        "difference": {
            "undeclared": _plain(verdict.differences),
            "declared": _plain(verdict.declared),
            "times": verdict.times,
        },
        "masked": _plain(verdict.masked),
        "bases": list(_bases(verdict)),
        "build": dict(proof.values),
        "effort": {"builds": verdict.builds, "seconds": round(verdict.seconds, 3)},
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    return {
        "_type": STATEMENT,
        "subject": subject,
        "predicateType": PREDICATE,
        "predicate": predicate,
    }


def described(fix: Fix, rule: str, line: int) -> Statement:
    """A fix as a statement tells of it: its rule, place, and what it declares."""
    contract = fix.contract
    found: Statement = {
        "rule": rule,
        "title": fix.title,
        "line": line,
        "applicability": fix.applicability.label,
        "effect": [one.name.lower() for one in Effect if one in fix.effect and one.name],
    }
    if contract is not None:
        found["contract"] = {
            "gone": list(contract.gone),
            "new": list(contract.new),
            "changed": [{"path": path, "check": check} for path, check in contract.changed],
            "keys": [{"key": key, "check": check} for key, check in contract.keys],
        }
    return found


def text_digest(text: str) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _digests(session: BuildSession | None, image: BuiltImage | None) -> dict[str, str]:
    if session is None or image is None:
        return {}
    result = session.export(image)
    return {"manifest": result.digest, "config": result.config_digest}


def _named(digest: str) -> dict[str, str]:
    algorithm, _, value = digest.partition(":")
    return {algorithm: value}


def _plain(differences: tuple[Difference, ...]) -> list[dict[str, str]]:
    return [one.plain() for one in differences]


def _bases(verdict: ImageVerdict) -> Iterator[dict[str, str]]:
    """The base images that were built on, by their digests."""
    if verdict.after is None:
        return
    graph = verdict.after.built.graph
    for vertex in graph.reachable():
        if isinstance(vertex.op, ImageSource):
            image = graph.images.get(vertex)
            yield {"name": vertex.op.reference, "digest": image.digest if image else ""}
