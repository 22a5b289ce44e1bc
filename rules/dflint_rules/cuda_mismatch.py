"""The rule `cuda-mismatch`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.span import Span


#: The version of CUDA that a wheel, an index of wheels or a package of conda is for.
_CUDA = re.compile(r"[/+]cu(\d\d)\d\b|\A(?:cudatoolkit|pytorch-cuda|cuda-toolkit)={1,2}(\d++)")
#: The versions that there are wheels of PyTorch for.
_INDEXES = frozenset(["118", "121", "124", "126", "128", "129", "130"])


class CudaMismatch(Rule):
    """Packages for another CUDA than the base image's are installed.

    Wheels of PyTorch and others are made for a version of CUDA, which their index names
    (`…/whl/cu118`), and bring its libraries. Beside a base image of another major version two
    sets are in the image, and what is compiled with the base image's does not fit.

    The index of wheels for the base image's version is proposed, where there is one.

    Off unless selected: the wheels alone do run.

    Docker documentation, "GPU".
    """

    meta = Meta(
        "cuda-mismatch",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/gpu/cuda-version-mismatch",),
        default=False,
        fix="display",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("nvidia/cuda",)
    bad = (
        "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\n"
        "RUN pip install --no-cache-dir --index-url "
        "https://download.pytorch.org/whl/cu118 torch\n"
    )
    good = (
        "FROM nvidia/cuda:12.8.0-runtime-ubuntu24.04\n"
        "RUN pip install --no-cache-dir --index-url "
        "https://download.pytorch.org/whl/cu128 torch\n"
    )
    valid = (
        Valid("FROM a\nRUN pip install -i https://b.org/whl/cu118 c\n"),
        Valid("FROM nvidia/cuda:11.8.0-base\nRUN pip install -f https://b.org/whl/cu118 c\n"),
    )
    invalid = (
        Invalid(
            "FROM nvidia/cuda:12.1.0-base\nRUN pip install b==2+cu118 && conda install "
            "cudatoolkit=11.8 pytorch-cuda=12.4\n",
            at=("b==2+cu118", "cudatoolkit=11.8"),
        ),
        Invalid(
            ("FROM nvidia/cuda:12.1.0-base\nRUN pip install c -i https://b.org/whl/cu118\n"),
            at="https://b.org/whl/cu118",
        ),
        Invalid(
            (
                "FROM nvidia/cuda:11.8.0-base\n"
                "RUN pip3 install --extra-index-url=https://b.org/cu121 c\n"
            ),
            at="--extra-index-url=https://b.org/cu121",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            found = re.match(r"nvidia/cuda:(\d++)\.(\d++)", program.base_image)
            if found is None:
                continue
            for call in program.invocations_of("pip", "uv pip", "conda", "mamba", "micromamba"):
                for argument in call.arguments:
                    wheel = _CUDA.search(argument.prefix)
                    version = "" if wheel is None else wheel[1] or wheel[2]
                    if version and version != found[1]:
                        yield self.finding(
                            doc,
                            argument.span,
                            f"these packages are for CUDA {version}, and the base image has "
                            f"{found[1]}; take "
                            "both of one version",
                            fix=partial(_fix, doc, argument.span, found[1] + found[2]),
                        )


def _fix(doc: Document, word: Span, version: str) -> Fix | None:
    """The index for another version; whether it has the package, only a build can tell."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span

    places = list(re.finditer(r"(?<=/cu)\d{3}\b", word.slice(doc.text)))
    if len(places) != 1 or version not in _INDEXES:
        return None
    begin, end = places[0].span()
    edit = Edit(Span(word.start + begin, word.start + end), version)
    title, display = f"take the index `cu{version}`", Applicability.DISPLAY
    return Fix(title, (edit,), display, Effect.FILES, contract=SAME_IMAGE)
