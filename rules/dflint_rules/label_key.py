"""The rule `label-key`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelKey(Rule):
    """A label's key is not one that Docker's guidelines allow.

    Keys begin with a small letter, end with a small letter or a digit, and have small letters,
    digits, single periods and single hyphens between; `_` and `/` do no harm. Whoever filters
    images by label writes the key exactly so: `Version` and `version` are two labels.
    `com.docker.*`, `io.docker.*` and `org.dockerproject.*` belong to Docker.

    Not reported are the keys in capitals that `atomic` and `podman container runlabel` prescribe
    (`RUN`, `INSTALL`, …), the labels that Docker asks of extensions, and keys with a variable of
    unknown value.

    Docker documentation, "Docker object labels": key format recommendations.
    """

    meta = Meta(
        "label-key",
        Category.LABELS,
        Severity.STYLE,
        since="0.1",
        aliases=("DL3048",),
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
        Invalid("FROM a\nLABEL Version=1 \\\n  # comment\n  a..b=2\n", ("Version", "a..b")),
        Invalid("FROM a\nONBUILD LABEL com.docker.x=1\n", at="com.docker.x"),
        Invalid('FROM a\nLABEL "build date"=1 1a=2 a-=3\n', ('"build date"', "1a", "a-")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each key that is known and not as it should be."""
        from dflint.semantic.label_keys import key_problem
        from dflint.semantic.labels import label_pairs

        for pair in label_pairs(doc.model):
            problem = key_problem(pair.key) if pair.key else None
            if problem is not None:
                yield self.finding(doc, pair.key_span, problem)
