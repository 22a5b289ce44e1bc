"""The rule `container-runtime-in-image`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_NAMES = (
    "nvidia-container-toolkit", "nvidia-container-toolkit-base", "nvidia-container-runtime",
    "nvidia-docker", "nvidia-docker2", "libnvidia-container1", "libnvidia-container-tools",
)  # fmt: skip


class ContainerRuntimeInImage(Rule):
    """What starts containers is installed within one.

    The NVIDIA container toolkit belongs to the host: the engine there calls it when a container
    starts. In the image it does nothing but take place.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "container-runtime-in-image",
        Category.SIZE,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/no-container-runtime-in-image",),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "nvidia-docker",
        "nvidia-container",
    )
    bad = "FROM rockylinux:9\nRUN dnf install -y nvidia-container-toolkit && dnf clean all\n"
    good = "FROM rockylinux:9\nRUN dnf install -y make && dnf clean all\n"
    valid = (
        Valid("FROM a\nRUN apt-get remove -y nvidia-docker2\n"),
        Valid("FROM a\nRUN apt-get install -y nvidia-cuda-toolkit\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN dnf install libnvidia-container1\n", at="libnvidia-container1"),
        Invalid("FROM a\nRUN apt-get install -y b nvidia-docker2=1\n", at="nvidia-docker2=1"),
        Invalid(
            "FROM a\nRUN yum install -y nvidia-container-runtime\n", at="nvidia-container-runtime"
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for _, argument in installed_packages(doc.programs):
            if argument.prefix.partition("=")[0] in _NAMES:
                yield self.finding(
                    doc,
                    argument.span,
                    "the engine of the host calls this when a container starts; in the image it "
                    "does nothing; "
                    "leave it out",
                )
