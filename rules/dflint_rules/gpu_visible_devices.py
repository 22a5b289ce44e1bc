"""The rule `gpu-visible-devices`."""

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
    from dflint.semantic.occurrences import Occurrence


class GpuVisibleDevices(Rule):
    """The image says which GPUs there are.

    Which devices a container sees is a matter of the machine that it runs on: `--gpus`, or what
    Kubernetes allots. A number in `CUDA_VISIBLE_DEVICES` hides all other devices wherever the
    image runs, and every device where that one does not exist.

    The fix leaves the variable out, where nothing else in the file names it. It writes `all` for
    `NVIDIA_VISIBLE_DEVICES` where the base image is not one of NVIDIA's, which say so themselves:
    without the variable the NVIDIA runtime gives the container no device.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "gpu-visible-devices",
        Category.PORTABILITY,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/no-hardcoded-visible-devices",),
        fix="unsafe",
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
        Invalid("FROM a\nENV CUDA_VISIBLE_DEVICES=all\n", at="CUDA_VISIBLE_DEVICES",
                fixed="FROM a\n", unsafe=True),
        Invalid("FROM a\nENV NVIDIA_VISIBLE_DEVICES=GPU-8932f937,MIG-1\n",
                at="NVIDIA_VISIBLE_DEVICES",
                fixed="FROM a\nENV NVIDIA_VISIBLE_DEVICES=all\n", unsafe=True),
        Invalid('FROM a\nENV A=b CUDA_VISIBLE_DEVICES="0,1"\nRUN c\n', at="CUDA_VISIBLE_DEVICES",
                fixed="FROM a\nENV A=b\nRUN c\n", unsafe=True),
        Invalid("FROM nvidia/cuda:12.8.0-base-ubuntu24.04 AS b\nFROM b\n"
                "ENV NVIDIA_VISIBLE_DEVICES 0\n", at="NVIDIA_VISIBLE_DEVICES",
                fixed="FROM nvidia/cuda:12.8.0-base-ubuntu24.04 AS b\nFROM b\n", unsafe=True),
        Invalid("FROM a\nENV CUDA_VISIBLE_DEVICES=0\nENV A=$CUDA_VISIBLE_DEVICES\n",
                at="CUDA_VISIBLE_DEVICES"),
        Invalid("FROM a\nONBUILD ENV CUDA_VISIBLE_DEVICES=0\n", at="CUDA_VISIBLE_DEVICES"),
    )  # fmt: skip

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
                        fix=partial(_fix, doc, occurrence, at),
                    )


def _fix(doc: Document, occurrence: Occurrence, at: int) -> Fix | None:
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix
    from dflint.lint.pair_removal import pair_removal

    name = occurrence.reading.arguments[at]
    stage = doc.model.stage_of(occurrence.instruction)
    if occurrence.is_trigger or stage is None or doc.text.count(name) > 1:
        return None
    title, edit = f"leave `{name}` out", pair_removal(doc, occurrence.instruction, at)
    image = (stage, *stage.ancestors())[-1].image
    if name == "NVIDIA_VISIBLE_DEVICES" and "nvidia/" not in image:
        title, edit = "write `all`", Edit(occurrence.argument(at + 1), "all")
    if edit is None:
        return None
    contract = Contract(keys=(f"Env.{name}",))
    effect = Effect.METADATA | Effect.FILES
    return Fix(title, (edit,), Applicability.UNSAFE, effect, contract=contract)
