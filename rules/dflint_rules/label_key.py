"""The rule `label-key`."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.label_keys import key_problem
from dflint.semantic.labels import label_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.labels import LabelPair


class LabelKey(Rule):
    """A label's key is not one that Docker's guidelines allow.

    Keys begin with a small letter, end with a small letter or a digit, and have small letters,
    digits, single periods and single hyphens between; `_` and `/` do no harm. Whoever filters
    images by label writes the key exactly so: `Version` and `version` are two labels.
    `com.docker.*`, `io.docker.*` and `org.dockerproject.*` belong to Docker.

    Not reported are the keys in capitals that `atomic` and `podman container runlabel` prescribe
    (`RUN`, `INSTALL`, …), the labels that Docker asks of extensions, and keys with a variable of
    unknown value.

    The fix writes a key in small letters, where that is all that it lacks and the file has no such
    key yet. It is unsafe: who asks for the label has to ask for the new key.

    Docker documentation, "Docker object labels": key format recommendations.
    """

    meta = Meta(
        "label-key",
        Category.LABELS,
        Severity.STYLE,
        since="0.1",
        aliases=(
            "DL3048",
            "tally/labels/valid-key",
        ),
        fix="unsafe",
        options=(
            OptionSpec(
                "strict",
                "bool",
                False,
                "Report `_` and `/` in keys too, which the guidelines do not name and tools use.",
                exact_for=("tally/labels/valid-key",),
            ),
        ),
    )
    on = (
        Label,
        OnBuild,
    )
    bad = 'FROM alpine:3.22\nLABEL Version="1.2.0"\n'
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.version="1.2.0"\n'
    valid = (
        Valid("FROM a\nLABEL com.example.some-key_2=x io.k8s/name=y RUN='docker run a'\n"),
        Valid("FROM a\nLABEL com.docker=x $K=y com.docker.extension.changelog=z\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b_c=1 d/e=2\n", ("b_c", "d/e"), options={"strict": True}),
        Invalid(
            "FROM a\nLABEL Version=1 \\\n  # comment\n  a..b=2\n",
            ("Version", "a..b"),
            fixed="FROM a\nLABEL version=1 \\\n  # comment\n  a..b=2\n",
            unsafe=True,
        ),
        Invalid("FROM a\nONBUILD LABEL com.docker.x=1\n", at="com.docker.x"),
        Invalid('FROM a\nLABEL "build date"=1 1a=2 a-=3\n', ('"build date"', "1a", "a-")),
        Invalid(
            "FROM a\nLABEL \"A.B\"='$c D' 'versionNumber'=1\nONBUILD LABEL Key Value\n",
            ('"A.B"', "'versionNumber'", "Key"),
            fixed="FROM a\nLABEL \"a.b\"='$c D' 'versionNumber'=1\nONBUILD LABEL key Value\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nARG K=X\nLABEL A=1 a=2 B=3 $K=4 \\C=5 D-=6\nFROM b\nLABEL b=7\n",
            ("A", "B", "$K", "\\C", "D-"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each key that is known and not as it should be."""
        is_strict = bool(doc.settings.options.get(self.meta.name, {}).get("strict"))
        for pair in label_pairs(doc.model):
            problem = key_problem(pair.key, is_strict) if pair.key else None
            if problem is not None:
                yield self.finding(doc, pair.key_span, problem, fix=partial(_fix, doc, pair))


def _fix(doc: Document, pair: LabelPair) -> Fix | None:
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix
    from dflint.semantic.label_keys import key_problem
    from dflint.semantic.labels import label_pairs

    lower = (pair.key or "").lower()
    written = pair.key_span.slice(doc.text)
    is_written_out = written.strip("\"'") == pair.key
    if lower == pair.key or key_problem(lower) is not None or not is_written_out:
        return None
    keys = [one.key and one.key.lower() for one in label_pairs(doc.model)]
    if keys.count(lower) > 1:
        return None
    edit = Edit(pair.key_span, written.lower())
    contract = Contract(keys=((f"Labels.{pair.key}", "moved"), f"Labels.{lower}"))
    title = f"write `{lower}`"
    # A hump parts words, which run together without it: a program of somebody's reads that key.
    has_hump = any(a.islower() and b.isupper() for a, b in pairwise(pair.key or ""))
    level = Applicability.DISPLAY if has_hump else Applicability.UNSAFE
    return Fix(title, [edit], level, Effect.METADATA, contract=contract)
