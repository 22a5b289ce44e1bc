"""The rule `missing-healthcheck`."""

from __future__ import annotations

from dflint.cst.instructions import From, HealthCheck
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.needed_stages import image_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class MissingHealthcheck(Rule):
    """An image has no `HEALTHCHECK`.

    Without one Docker knows only whether the process runs, not whether it still answers; Compose
    and Swarm can wait for, and replace, a container that says that it is not well. Where that is
    not wanted, `HEALTHCHECK NONE` says so.

    Asked are the stages that give images: the last one, and those that no other stage is built on
    or copies from. A `HEALTHCHECK` of a stage below, and of its triggers, counts. What the base
    image has is not known.

    Off unless selected: Kubernetes has probes of its own and reads no `HEALTHCHECK`, and not
    every image is a service.

    Dockerfile reference, "HEALTHCHECK".
    """

    meta = Meta(
        "missing-healthcheck",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3057",
            "DS-0026",
            "Healthcheck_Instruction_Missing",
            "CKV_DOCKER_2",
            "CIS-DI-0006",
        ),
        default=False,
    )
    on = (From,)
    bad = "FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\n"
    good = (
        "FROM nginx:1.29\n"
        "COPY site/ /usr/share/nginx/html/\n"
        "HEALTHCHECK --interval=30s CMD curl -f http://localhost/\n"
    )
    valid = (
        Valid("FROM a AS b\nHEALTHCHECK CMD x\nFROM b\n"),
        Valid("FROM a AS b\nRUN x\nFROM c\nCOPY --from=b d e\nHEALTHCHECK NONE\n"),
    )
    invalid = (
        Invalid("FROM a AS b\nHEALTHCHECK CMD x\nFROM \\\n  # comment\n  c\n", at="FROM"),
        Invalid("FROM a\nONBUILD HEALTHCHECK CMD x\n", at="FROM"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each stage that gives an image and has none."""
        for stage in image_stages(doc.model):
            stages = (stage, *stage.ancestors())
            if any(
                isinstance(instruction, HealthCheck)
                for one in stages
                for instruction in one.instructions
            ):
                continue
            triggers = (trigger for one in stages for _, trigger in one.inherited_triggers())
            if all(trigger.keyword != "healthcheck" for trigger in triggers):
                yield self.finding(
                    doc,
                    doc.keyword(stage.from_instruction),
                    "nothing tells whether a container of this image still answers; "
                    "add `HEALTHCHECK`, or `HEALTHCHECK NONE` if nothing is to",
                )
