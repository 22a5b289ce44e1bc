"""The rule `cuda-redundant`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument


class CudaRedundant(Rule):
    """CUDA is installed where the base image has it.

    `nvidia/cuda:…-devel-…` holds the whole toolkit, `…-cudnn-…` cuDNN, and all of them the
    runtime and `cuda-compat` of their version. To install them again makes the image some
    gigabytes larger, and may bring another version beside the first. A version that is named is
    left alone: it may be wanted in the place of the image's.

    The fix leaves the package out, with the command that installs no other. It is unsafe, for a
    package may hold more than the image has of it.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "cuda-redundant",
        Category.SIZE,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/no-redundant-cuda-install",),
        fix="unsafe",
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
        Invalid("FROM nvidia/cuda:12.1.0-runtime-ubi9\nRUN yum install cuda-runtime-12-1 b\n",
                at="cuda-runtime-12-1",
                fixed="FROM nvidia/cuda:12.1.0-runtime-ubi9\nRUN yum install b\n", unsafe=True),
        Invalid("FROM nvidia/cuda:12-devel\n"
                "RUN b && apt install nvidia-cuda-toolkit cuda-nvcc-12-1 && c\n",
                at=("nvidia-cuda-toolkit", "cuda-nvcc-12-1"),
                fixed="FROM nvidia/cuda:12-devel\nRUN b && c\n", unsafe=True),
        Invalid("FROM nvidia/cuda:12-devel-ubuntu24.04\n"
                "RUN apt-get install -y \\\n  cuda-toolkit-12-8 \\\n  b\n",
                at="cuda-toolkit-12-8",
                fixed="FROM nvidia/cuda:12-devel-ubuntu24.04\n"
                "RUN apt-get install -y \\\n  b\n", unsafe=True),
        Invalid("FROM nvidia/cuda:12-cudnn-runtime-ubi9\nENV P=libcudnn8\nRUN yum install -y $P\n",
                at="$P"),
        Invalid("FROM nvidia/cuda:12-cudnn-runtime-ubi9\nRUN yum install -y libcudnn8; b\n",
                at="libcudnn8"),
        Invalid("FROM nvidia/cuda:12.9.1-runtime-ubuntu24.04\n"
                "RUN apt-get install -y cuda-compat-12-9 cuda-compat-12-8\n",
                at="cuda-compat-12-9",
                fixed="FROM nvidia/cuda:12.9.1-runtime-ubuntu24.04\n"
                "RUN apt-get install -y cuda-compat-12-8\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program, argument in installed_packages(doc.programs):
            image = program.base_image
            if image.startswith("nvidia/cuda:") and _is_in(image, argument.value or ""):
                yield self.finding(
                    doc,
                    argument.span,
                    "the base image has this; leave it out, or take a smaller base image",
                    fix=partial(_fix, doc, program, argument),
                )


def _is_in(image: str, name: str) -> bool:
    """Whether an image of NVIDIA's has a package, which is named without a version."""
    if "=" in name:
        return False  # another version than the image's may be what is wanted
    has_toolkit = "-devel" in image and re.fullmatch(
        r"(?:nvidia-)?cuda(?:-toolkit|-nvcc)?(?:-\d++(?:-\d++)?+)?+", name
    )
    has_cudnn = "cudnn" in image and re.match(r"(?:libcudnn|cudnn)", name) is not None
    base = re.fullmatch(r"cuda-(compat|cudart|runtime)-(\d++)-(\d++)", name)
    has_base = base is not None and image.partition(":")[2].startswith(f"{base[2]}.{base[3]}.")
    if base is not None and base[1] == "runtime":
        has_base = has_base and ("-runtime" in image or "-devel" in image)
    is_cudnn = has_cudnn and ("-devel" in image or "-dev" not in name)
    return bool(has_toolkit or has_base or is_cudnn)


def _fix(doc: Document, program: Program, argument: Argument) -> Fix | None:
    """The package taken out of the list, or the command that installs no other."""
    from dflint.lint.word_fixes import leave_step_out, leave_words_out

    name, image, word = argument.value or "", program.base_image, argument.word
    for call in program.invocations:
        if not any(one.word is word for one in call.operands) or "$" in word.text:
            continue
        if all(_is_in(image, one.value or "") for one in call.operands):
            return leave_step_out(doc, program, call.command, name)
        return leave_words_out(doc, program, call.command, (word,), name)
    return None
