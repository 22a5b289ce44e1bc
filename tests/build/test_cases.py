"""Builds through the real command, and what it says of those that cannot go on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

if sys.platform != "linux" or os.geteuid() != 0:
    pytest.skip("building mounts file systems, which needs root here", allow_module_level=True)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FIRST = "FROM scratch\n"
REFUSED = [
    (FIRST + "COPY nofile /\n", 'checksum of ref source: "/nofile": not found'),
    (FIRST + "FOO bar\n", "dockerfile parse error on line 2: unknown instruction: FOO"),
    (FIRST + "COPPY a b\n", "unknown instruction: COPPY (did you mean COPY?)"),
    (FIRST + "RUN --mount=type=foo,target=/a true\n", 'unsupported mount type "foo"'),
    (FIRST + "RUN <<EOF\nhello\n", "unterminated heredoc"),
    (FIRST + "ONBUILD FROM x\n", "FROM isn't allowed as an ONBUILD trigger"),
    ("FROM ${none}\n", "base name (${none}) should not be blank"),
]


def build(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`dflint build` of a context, with a store of its own."""
    store = ["--store", str(folder / "store")]
    command = [sys.executable, "-m", "dflint", "build", "--progress=plain", *store, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def context(folder: Path, name: str, dockerfile: str) -> Path:
    place = folder / "context"
    place.mkdir()
    (place / name).write_text(dockerfile)
    return place


@pytest.mark.parametrize(("dockerfile", "said"), REFUSED)
def test_a_build_that_fails_says_why(tmp_path: Path, dockerfile: str, said: str) -> None:
    done = build(tmp_path, str(context(tmp_path, "Dockerfile", dockerfile)))
    assert done.returncode != 0
    assert "failed to solve: " in done.stderr
    assert said in done.stderr


def test_a_missing_dockerfile_is_named_as_the_context_has_it(tmp_path: Path) -> None:
    place = context(tmp_path, "other", FIRST)
    done = build(tmp_path, "-f", str(place / "Dockerfile"), str(place))
    assert done.returncode != 0
    assert "failed to read dockerfile: open Dockerfile: no such file or directory" in done.stderr


@pytest.mark.parametrize("is_named", [False, True])
def test_a_dockerfile_may_be_in_lower_case(tmp_path: Path, is_named: bool) -> None:
    place = context(tmp_path, "dockerfile", FIRST + "COPY dockerfile /copied\n")
    named = ["-f", str(place / "Dockerfile")] if is_named else []
    out = tmp_path / "out"
    done = build(tmp_path, *named, "--output", f"type=local,dest={out}", str(place))
    assert done.returncode == 0, done.stderr
    assert (out / "copied").read_text().startswith(FIRST)
