"""What `uv-over-conda` proposes in the place of a call of conda."""

from __future__ import annotations

import pytest

from dflint.semantic.conda_packages import requirement
from tests.rules.test_proposals import proposed

UV = "COPY --from=ghcr.io/astral-sh/uv:0.9.0 /uv /bin/\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("RUN conda install -y -c pytorch numpy pytorch==2.1\n",
         "RUN pip install uv && uv pip install --system numpy torch==2.1\n"),
        (f"{UV}RUN a && \\\n  mamba install \\\n    -yq \\\n    --channel=b \\\n    Pillow=10 \\\n"
         "    opencv && \\\n  conda clean -ay\n",
         f"{UV}RUN a && \\\n  uv pip install --system \\\n    'pillow==10.*' \\\n"
         "    opencv-python && \\\n  conda clean -ay\n"),
        ('RUN pip install uv && conda install "c::scipy>=1.2" || b\n',
         "RUN pip install uv && uv pip install --system 'scipy>=1.2' || b\n"),
        ("RUN conda install python=3.12\nRUN conda install tqdm; b\n",
         "RUN conda install python=3.12\nRUN pip install uv && uv pip install --system tqdm; b\n"),
    ],
)  # fmt: skip
def test_packages_are_named_as_on_pypi(text: str, made: str) -> None:
    assert proposed("uv-over-conda", f"FROM a\n{text}") == f"FROM a\n{made}"


@pytest.mark.parametrize(
    "text",
    [
        "RUN conda install -n b numpy\n",
        "RUN conda install --prefix=/b numpy\n",
        "RUN conda create -n b numpy\n",
        "RUN conda install numpy cudatoolkit=11\n",
        "RUN conda install numpy=1.2=py310_0\n",
        "RUN conda install 'numpy>=1,<2'\n",
        "ARG V=1\nRUN conda install numpy=$V\n",
        "RUN conda install numpy\nRUN conda install ffmpeg\n",
        "RUN sudo conda install numpy\n",
        "RUN A=b conda install numpy\n",
        "RUN /opt/conda/bin/conda install numpy\n",
        "RUN b || conda install numpy\n",
        "RUN if b; then conda install numpy; fi\n",
        "RUN bash -c 'conda install numpy'\n",
        'RUN ["conda", "install", "numpy"]\n',
        "ONBUILD RUN conda install numpy\n",
        "RUN conda install \\\n  # c\n  -y numpy\n",
        "RUN conda install numpy >b\n",
        "# {{ if b }}\nRUN conda install numpy\n",
    ],
)
def test_nothing_is_proposed_in_doubt(text: str) -> None:
    assert proposed("uv-over-conda", f"FROM a\n{text}") is None


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("numpy", "numpy"),
        ("numpy=1.26", "numpy==1.26.*"),
        ("numpy=1.26.*", "numpy==1.26.*"),
        ("numpy==1.26", "numpy==1.26"),
        ("pytorch::pytorch=2.1", "torch==2.1.*"),
        ("numpy!=1.26", "numpy!=1.26"),
        ("numpy<2.*", None),
        ("numpy 1.2", None),
        ("numpy|scipy", None),
        ("python", None),
    ],
)
def test_versions_are_those_that_conda_would_take(spec: str, wanted: str | None) -> None:
    assert requirement(spec) == wanted
