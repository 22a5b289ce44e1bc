"""What conda calls packages that are projects of PyPI with wheels, and what it is asked for."""

from __future__ import annotations

from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.shell.invocation import Invocation

#: Packages that are the same project under the same name.
_SAME = frozenset((
    "accelerate", "bokeh", "boto3", "cython", "datasets", "diffusers", "einops", "fastapi", "flask",
    "gensim", "h5py", "imageio", "ipykernel", "ipython", "jax", "jaxlib", "joblib", "jupyter",
    "jupyterlab", "keras", "lightgbm", "lightning", "matplotlib", "networkx", "nltk", "notebook",
    "numba", "numpy", "onnx", "pandas", "pillow", "plotly", "psutil", "pytest", "pytorch-lightning",
    "pyyaml", "requests", "safetensors", "scikit-image", "scikit-learn", "scipy", "seaborn",
    "sentencepiece", "spacy", "sqlalchemy", "statsmodels", "sympy", "tensorboard", "tensorflow",
    "tokenizers", "torchaudio", "torchvision", "tqdm", "transformers", "wandb", "xgboost",
))  # fmt: skip
#: Packages that PyPI has by another name.
_OTHERS = {
    "matplotlib-base": "matplotlib",
    "opencv": "opencv-python",
    "py-opencv": "opencv-python",
    "pytables": "tables",
    "pytorch": "torch",
}
#: What comes with wheels, or is chosen otherwise there: by an index, by `uv python`.
_COMPANIONS = frozenset((
    "cpuonly", "cudatoolkit", "cudnn", "intel-openmp", "mkl", "mkl-include", "pip", "python",
    "pytorch-cuda", "pytorch-gpu", "setuptools", "tensorflow-gpu", "wheel",
))  # fmt: skip
#: A package as conda is asked for it (MatchSpec): a channel, a name and a version.
_SPEC = LazyPattern(
    r"(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)(?:(==|>=|<=|!=|=|<|>)(\d[\w.]*?)(\.?\*)?)?"
)
#: The beginning of one, with whatever version.
_NAME = LazyPattern(r"(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)(?:[=<>!\[ ].*)?")
_FILES = ("-f", "--file", "--clone", "--revision", "--download-only", "-d", "--dry-run")


def asks_for_wheels(call: Invocation) -> bool:
    """Whether all that a call of conda installs is on PyPI, or comes with what is."""
    if call.action not in ("install", "create") or call.option(*_FILES) is not None:
        return False
    names = [_name_of(operand.value) for operand in call.operands]
    known = _SAME | _OTHERS.keys()
    return bool(known.intersection(names)) and (known | _COMPANIONS).issuperset(names)


def may_leave(calls: Iterable[Invocation]) -> bool:
    """Whether all that some calls of conda install is on PyPI, or is Python itself."""
    return all(
        asks_for_wheels(call)
        or _COMPANIONS.issuperset(_name_of(operand.value) for operand in call.operands)
        for call in calls
        if call.action in ("install", "create", "upgrade") and call.operands
    )


def requirement(spec: str) -> str | None:
    """What pip is asked for in the place of a package of conda; None where that is not known.

    `=1.2` takes 1.2 and all that begins with it, `==1.2` nothing else.
    """
    found = _SPEC.get().fullmatch(spec)
    if found is None:
        return None
    name, sign, version, glob = found.groups()
    name = name.lower()
    name = name if name in _SAME else _OTHERS.get(name, "")
    if not name:
        return None
    if sign is None:
        return name
    if glob and sign not in ("=", "=="):
        return None
    if sign == "=" or glob:
        return f"{name}=={version}.*"
    return f"{name}{sign}{version}"


def makes_environment(calls: Iterable[Invocation]) -> bool:
    """Whether conda makes an environment of a file: what is in it nobody sees."""
    for call in calls:
        first = call.operands[0].value if call.operands else None
        if call.verb == "env" and first in ("create", "update"):
            return True
    return False


def _name_of(spec: str | None) -> str:
    found = _NAME.get().fullmatch(spec or "")
    return "" if found is None else found[1].lower()
