"""The rule `uv-over-conda`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.conda_packages import asks_for_wheels, makes_environment
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

#: What the name of an image for work on GPUs has in it.
_GPU = LazyPattern(
    r"(?:\A|[/:._-])(?:cuda|cudagl|gpu|nvidia|rocm)(?:\d[\w.]*)?(?=[/:._-]|\Z)"
    r"|\Apytorch/pytorch(?::|\Z)"
)


class UvOverConda(Rule):
    """conda installs what PyPI has as wheels.

    Of numpy, PyTorch and most of what data science is made of there are wheels with all that
    they need, for GPUs too. `uv pip install` has them installed in a fraction of the time that
    conda takes to solve and unpack, into the Python that is there, and can keep to a lock file.

    Off unless selected: this is a matter of taste, and a tool's. conda brings other compilers, BLAS
    and drivers' libraries than wheels do, and whoever relies on these should stay with it. Reported
    is a call that installs nothing but packages of a table of PyPI's, and what comes with them
    (`python`, `cudatoolkit`, `mkl`): not beside a package that is conda's own (`r-base`,
    `ffmpeg`), and in no file that makes an environment of a file.

    Proposed is the same list for uv, where every package is known and none goes to an environment
    by name. Channels are dropped: which CUDA a wheel is for says `--index`, or PyPI's choice. conda
    has a Python with it; another has to be there before its image is left.

    uv documentation, "Using uv with PyTorch"; PEP 440; conda documentation, "Package match
    specifications".
    """

    meta = Meta(
        "uv-over-conda",
        Category.POLICY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/gpu/prefer-uv-over-conda",),
        default=False,
        options=(
            OptionSpec(
                "only-gpu",
                "bool",
                False,
                "Leave images alone whose base image is not one for work on GPUs.",
                exact_for=("tally/gpu/prefer-uv-over-conda",),
            ),
        ),
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("conda", "mamba")
    bad = "FROM nvidia/cuda:12.8.0-base-ubuntu24.04\nRUN conda install -y numpy pytorch=2.1\n"
    good = (
        "FROM nvidia/cuda:12.8.0-base-ubuntu24.04\n"
        "COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /usr/local/bin/\n"
        "RUN uv pip install --system numpy==2.3.0 'torch==2.1.*'\n"
    )
    valid = (
        Valid("FROM a\nRUN conda install -y numpy r-base && conda update numpy\n"),
        Valid("FROM a\nRUN conda install -y python=3.12 cudatoolkit\n"),
        Valid("FROM a\nRUN conda env create -f b.yml && conda install numpy\n"),
        Valid("FROM a\nRUN conda install --file b.txt numpy\n"),
        Valid("FROM a\nRUN conda install -y numpy\n", {"only-gpu": True}),
    )
    invalid = (
        Invalid("FROM a\nRUN mamba install numpy=1 python && b\n", at="mamba install"),
        Invalid("FROM a\nRUN micromamba create -yn b c::pytorch>=2\n", at="micromamba create"),
        Invalid(
            "FROM nvcr.io/nvidia/pytorch:25.01-py3 AS a\nFROM a\nRUN conda install -c b Pillow\n",
            at="conda install",
            options={"only-gpu": True},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each call."""
        only_gpu = bool(doc.settings.options.get(self.meta.name, {}).get("only-gpu"))
        calls = [
            (one, call) for one in doc.programs for call in one.invocations_of("conda", "mamba")
        ]
        if makes_environment(call for _, call in calls):
            return
        for program, call in calls:
            if only_gpu and _GPU.get().search(program.base_image) is None:
                continue
            if asks_for_wheels(call):
                yield self.finding(
                    doc,
                    call.call_span,
                    "PyPI has wheels of all these packages, which uv installs in a fraction of "
                    "the time; write `uv pip install`",
                    fix=partial(_fix, doc, program, call),
                )


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """The same list for uv."""
    from dflint.lint.conda_fixes import install_with_uv

    return install_with_uv(doc, program, call)
