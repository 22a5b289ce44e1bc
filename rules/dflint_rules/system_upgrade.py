"""The rule `system-upgrade`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class SystemUpgrade(Rule):
    """A `RUN` upgrades all packages of the base image.

    `apt-get upgrade`, `apk upgrade` and `dnf update` without a package bring whatever is newest
    when they run: the same Dockerfile makes another image each time, and what the base image has
    stays in its layers besides. A newer base image has the same fixes, tested together.

    Off unless selected: where the base image is built rarely, it brings fixes that matter.

    Docker documentation, "Building best practices".
    """

    meta = Meta(
        "system-upgrade",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "apt-get-upgrade",
            "apt-get-dist-upgrade",
            "DS-0024",
            "Run_Using_Upgrade_Commands",
            "avoid-apt-get-upgrade",
            "DKL-DI-0003",
            "Use_of_Apk_Upgrade",
            "avoid-apk-upgrade",
            "yum_update_all",
            "Yum_Update_Enabled",
            "avoid-yum-update",
            "Run_Using_dnf_Update",
            "avoid-dnf-update",
        ),
        default=False,
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "upgrade",
        "update",
    )
    bad = "FROM alpine:3.22\nRUN apk upgrade --no-cache\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache --upgrade openssl\n"
    valid = (
        Valid("FROM a\nRUN yum update -y openssl && apt-get update\n"),
        Valid("FROM a\nRUN echo apk upgrade\n"),
    )
    invalid = (
        Invalid(
            ("FROM a\nRUN apt-get update && apt-get -y dist-upgrade && yum -y update\n"),
            at=("apt-get -y dist-upgrade", "yum -y update"),
        ),
        Invalid("FROM a\nRUN apk upgrade; dnf upgrade -y\n", at=("apk upgrade", "dnf upgrade")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            for call in program.invocations_of(
                "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf"
            ):
                if call.action == "upgrade" and not call.operands and "downgrade" not in call.verb:
                    yield self.finding(
                        doc,
                        call.call_span,
                        "what this brings depends on the day; take a newer base image, or upgrade "
                        "the "
                        "packages that need it by name",
                    )
