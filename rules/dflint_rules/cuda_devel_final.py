"""The rule `cuda-devel-final`."""

from __future__ import annotations

import re

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class CudaDevelFinal(Rule):
    """The image is built on CUDA's tools for development.

    `nvidia/cuda:…-devel-…` has compilers and headers of some gigabytes. What is built with them
    runs on `…-runtime-…` or `…-base-…`: build in a stage of its own, and copy the result.

    Off unless selected: some programs compile for the device when they run.

    Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "cuda-devel-final",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/gpu/prefer-runtime-final-stage",),
        default=False,
    )
    on = (From,)
    mentions = ("nvidia/cuda",)
    bad = "FROM nvidia/cuda:12.8.0-devel-ubuntu24.04\nCOPY src/ /src/\nRUN make -C /src\n"
    good = (
        "FROM nvidia/cuda:12.8.0-devel-ubuntu24.04 AS build\n"
        "COPY src/ /src/\n"
        "RUN make -C /src\n"
        "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\n"
        "COPY --from=build /src/app /app\n"
    )
    valid = (
        Valid("FROM nvidia/cuda:12-runtime-ubuntu24.04\n"),
        Valid("FROM nvidia/cuda:12-devel AS a\nFROM b\n"),
    )
    invalid = (
        Invalid("FROM nvidia/cuda:12-devel-ubuntu24.04\n", at="nvidia/cuda:12-devel-ubuntu24.04"),
        Invalid(
            "FROM nvidia/cuda:12-cudnn-devel-ubi9 AS a\nFROM a\nRUN b\n",
            at="nvidia/cuda:12-cudnn-devel-ubi9",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        bottom = (stage, *stage.ancestors())[-1] if stage is not None else None
        if bottom is not None and re.search(r"nvidia/cuda:[\w.-]*-devel", bottom.image):
            yield self.finding(
                doc,
                doc.argument(bottom.from_instruction, 0),
                "compilers and headers of some gigabytes are in the image; build in a stage of "
                "its own, and "
                "end with `runtime`",
            )
