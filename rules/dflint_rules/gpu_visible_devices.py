"""The rule `gpu-visible-devices`."""

from __future__ import annotations

from dflint.cst.instructions import Env, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class GpuVisibleDevices(Rule):
    """The image says which GPUs there are.

    Which devices a container sees is a matter of the machine that it runs on: `--gpus`, or what
    Kubernetes allots. A number in `CUDA_VISIBLE_DEVICES` hides all other devices wherever the
    image runs, and every device where that one does not exist.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "gpu-visible-devices",
        Category.PORTABILITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/no-hardcoded-visible-devices",),
    )
    on = (
        Env,
        OnBuild,
    )
    mentions = ("visible_devices",)
    bad = "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\nENV CUDA_VISIBLE_DEVICES=0\n"
    good = "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\nENV CUDA_DEVICE_ORDER=PCI_BUS_ID\n"
    valid = (
        Valid("FROM a\nENV NVIDIA_VISIBLE_DEVICES=all CUDA_VISIBLE_DEVICES=\n"),
        Valid("FROM a\nARG CUDA_VISIBLE_DEVICES=0\nENV CUDA_VISIBLE_DEVICES=$X\n"),
    )
    invalid = (
        Invalid("FROM a\nENV CUDA_VISIBLE_DEVICES=all\n", at="CUDA_VISIBLE_DEVICES"),
        Invalid(
            "FROM a\nENV NVIDIA_VISIBLE_DEVICES=GPU-8932f937,MIG-1\n", at="NVIDIA_VISIBLE_DEVICES"
        ),
        Invalid('FROM a\nENV A=b CUDA_VISIBLE_DEVICES="0,1"\n', at="CUDA_VISIBLE_DEVICES"),
        Invalid("FROM a\nENV NVIDIA_VISIBLE_DEVICES 0\n", at="NVIDIA_VISIBLE_DEVICES"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for occurrence in doc.occurrences(Env):
            arguments = occurrence.reading.arguments
            for at in range(0, len(arguments), 3):
                name, value = arguments[at], arguments[at + 1].strip("\"'")
                is_fixed = (name, value) == ("CUDA_VISIBLE_DEVICES", "all") or (
                    bool(value)
                    and all(
                        part.isdecimal() or part.startswith(("GPU-", "MIG-"))
                        for part in map(str.strip, value.split(","))
                    )
                )
                if (
                    name
                    in ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES")
                    and is_fixed
                ):
                    yield self.finding(
                        doc,
                        occurrence.argument(at),
                        "which devices there are is the business of the machine; leave it to "
                        "`--gpus` when "
                        "the container starts",
                    )
