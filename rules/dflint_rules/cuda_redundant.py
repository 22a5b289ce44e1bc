"""The rule `cuda-redundant`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CudaRedundant(Rule):
    """CUDA is installed where the base image has it.

    `nvidia/cuda:…-devel-…` holds the whole toolkit, `…-cudnn-…` cuDNN, and all of them the
    runtime and `cuda-compat` of their version. To install them again makes the image some
    gigabytes larger, and may bring another version beside the first. A version that is named is
    left alone: it may be wanted in the place of the image's.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "cuda-redundant",
        Category.SIZE,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/no-redundant-cuda-install",),
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("nvidia/cuda",)
    bad = (
        "FROM nvidia/cuda:12.8.0-cudnn-devel-rockylinux9\n"
        "RUN dnf install -y libcudnn9 && dnf clean all\n"
    )
    good = (
        "FROM nvidia/cuda:12.8.0-cudnn-devel-rockylinux9\nRUN dnf install -y git && dnf clean all\n"
    )
    valid = (
        Valid("FROM nvidia/cuda:12.8.0-base-ubuntu24.04\nRUN apt-get install -y cuda-toolkit\n"),
        Valid("FROM a\nRUN apt-get install -y cuda\n"),
    )
    invalid = (
        Invalid(
            "FROM nvidia/cuda:12.1.0-runtime-ubi9\nRUN yum install cuda-runtime-12-1 b\n",
            at="cuda-runtime-12-1",
        ),
        Invalid(
            "FROM nvidia/cuda:12-devel\nRUN apt install nvidia-cuda-toolkit cuda-nvcc-12-1\n",
            at=("nvidia-cuda-toolkit", "cuda-nvcc-12-1"),
        ),
        Invalid(
            ("FROM nvidia/cuda:12-devel-ubuntu24.04\nRUN apt-get install -y cuda-toolkit-12-8 b\n"),
            at="cuda-toolkit-12-8",
        ),
        Invalid(
            "FROM nvidia/cuda:12-cudnn-runtime-ubi9\nRUN yum install -y libcudnn8\n", at="libcudnn8"
        ),
        Invalid(
            (
                "FROM nvidia/cuda:12.9.1-runtime-ubuntu24.04\n"
                "RUN apt-get install -y cuda-compat-12-9 cuda-compat-12-8\n"
            ),
            at="cuda-compat-12-9",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program, argument in installed_packages(doc.programs):
            image = program.base_image
            name = argument.value or ""
            if not image.startswith("nvidia/cuda:") or "=" in name:
                continue  # another version than the image's may be what is wanted
            has_toolkit = "-devel" in image and re.fullmatch(
                r"(?:nvidia-)?cuda(?:-toolkit|-nvcc)?(?:-\d++(?:-\d++)?+)?+", name
            )
            has_cudnn = "cudnn" in image and re.match(r"(?:libcudnn|cudnn)", name) is not None
            base = re.fullmatch(r"cuda-(compat|cudart|runtime)-(\d++)-(\d++)", name)
            has_base = base is not None and image.partition(":")[2].startswith(
                f"{base[2]}.{base[3]}."
            )
            if base is not None and base[1] == "runtime":
                has_base = has_base and ("-runtime" in image or "-devel" in image)
            if has_toolkit or has_base or (has_cudnn and ("-devel" in image or "-dev" not in name)):
                yield self.finding(
                    doc,
                    argument.span,
                    "the base image has this; leave it out, or take a smaller base image",
                )
