"""The rule `gpu-capabilities`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Env, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


class GpuCapabilities(Rule):
    """The image asks for all capabilities of the driver.

    `NVIDIA_DRIVER_CAPABILITIES=all` has every library of the driver mounted, those for graphics
    and displays among them. Most programs need `compute,utility`, which is
    proposed.

    Off unless selected.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "gpu-capabilities",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/gpu/prefer-minimal-driver-capabilities",),
        default=False,
        fix="display",
    )
    on = (
        Env,
        OnBuild,
    )
    mentions = ("nvidia_driver_capabilities",)
    bad = "FROM debian:12-slim\nENV NVIDIA_DRIVER_CAPABILITIES=all\n"
    good = "FROM debian:12-slim\nENV NVIDIA_DRIVER_CAPABILITIES=compute,utility\n"
    valid = (
        Valid("FROM a\nENV NVIDIA_DRIVER_CAPABILITIES=$A\n"),
        Valid("FROM a\nENV NVIDIA_VISIBLE_DEVICES=all\n"),
    )
    invalid = (
        Invalid('FROM a\nENV b=c NVIDIA_DRIVER_CAPABILITIES="all"\n', at='"all"'),
        Invalid("FROM a\nENV NVIDIA_DRIVER_CAPABILITIES all\n", at="all"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Env):
            arguments = occurrence.reading.arguments
            for at in range(0, len(arguments), 3):
                is_all = arguments[at + 1].strip("\"'") == "all"
                if arguments[at] == "NVIDIA_DRIVER_CAPABILITIES" and is_all:
                    yield self.finding(
                        doc,
                        occurrence.argument(at + 1),
                        "this mounts every library of the driver; most programs need "
                        "`compute,utility`",
                        fix=partial(_fix, occurrence.argument(at + 1)),
                    )


def _fix(value: Span) -> Fix:
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix

    contract = Contract(keys=("Env.NVIDIA_DRIVER_CAPABILITIES",))
    edit = Edit(value, "compute,utility")
    effect = Effect.METADATA
    return Fix("write `compute,utility`", (edit,), Applicability.DISPLAY, effect, contract=contract)
