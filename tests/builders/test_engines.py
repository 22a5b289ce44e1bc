"""The same Dockerfiles by every engine that is installed, and what they make of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import mounts_are_possible

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("buildx", "docker", "podman", "buildah")
BASE = "FROM scratch AS base\nCOPY root /\nENV PATH=/bin:/sbin\n"
TEXTS = {
    "files": BASE + "RUN mkdir -m 750 /d && echo x > /d/f && ln /d/f /d/g && ln -s f /d/l\n",
    "stages": BASE + "FROM base AS made\nARG WHAT=none\nRUN echo $WHAT > /what\nFROM base\n"
    "COPY --from=made --chown=33:44 /what /here/\n",
    "settings": BASE + 'WORKDIR /w\nLABEL a="b c"\nEXPOSE 80 53/udp\nSTOPSIGNAL INT\nUSER 7:8\n'
    'HEALTHCHECK --interval=5s --retries=2 CMD true\nENTRYPOINT ["sh", "-c"]\nCMD ["true"]\n',
    "removed": BASE + "RUN rm /etc/group && rm -r /home && mkdir /home && touch /home/new\n",
    "secret": BASE + "RUN --mount=type=secret,id=s cat /run/secrets/s > /told\n",
}
#: What engines are known to make otherwise, as a place begins; dflint does as BuildKit does.
KNOWN = {
    "buildah": ("Labels.io.buildah.version", "ArgsEscaped", "/etc/hosts", "/etc/resolv.conf",
                "/run", "/dev", "/proc", "/sys", "/etc/hostname", "OnBuild", "WorkingDir", "/w"),
}  # fmt: skip
KNOWN["podman"] = KNOWN["buildah"]


class Engine:
    """One engine that builds a context."""

    def __init__(self, name, place):
        self.name = name
        self.place = place
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "DFLINT_STORE": str(place / "store"),
            "BUILDAH_ISOLATION": "chroot",
        }

    def __call__(self, *words):
        return subprocess.run(
            [sys.executable, "-m", "dflint", *words], capture_output=True, text=True, check=False,
            env=self.environment, cwd=self.place, timeout=120,
        )  # fmt: skip


@pytest.fixture(scope="module")
def place(busybox, tmp_path_factory):
    import shutil

    if not mounts_are_possible():
        pytest.skip("comparing images needs root with CAP_SYS_ADMIN")
    made = tmp_path_factory.mktemp("engines")
    shutil.copytree(busybox, made / "context/root", symlinks=True)
    (made / "secret").write_text("told\n")
    for name, text in TEXTS.items():
        (made / name).write_text(text)
    (made / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{made}/graph"\nrunroot = "{made}/run"\n'
    )
    return made


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, place):
    from dflint.builders.choose import choose

    made = Engine(request.param, place)
    if request.param in ("podman", "buildah"):
        made.environment["CONTAINERS_STORAGE_CONF"] = str(place / "storage.conf")
    status = choose(request.param).status()
    if status.problem:
        pytest.skip(f"{request.param} cannot be used here: {status.problem}")
    return made


COMPARE = """
import json, sys
from contextlib import closing
from dflint.builders.choose import choose
from dflint.builders.session import EngineSession
from dflint.builders.taking import TakenImage, unpacked
from dflint.build.builder import build
from dflint.build.request import BuildRequest, Output, Secret
from dflint.cli.build import enter_namespace
from dflint.content.store import ContentStore
from dflint.executor.choose import choose as choose_executor
from dflint.verify.image.compare import ImageState, differences
from dflint.verify.image.verifier import silence
from dataclasses import replace
store, engine, text = sys.argv[1:]
enter_namespace()
request = BuildRequest(
    context="context", dockerfile=text, store=store, network="host",
    build_args=(("WHAT", "given"),), secrets=(Secret("s", file="secret"),),
    entitlements=frozenset({"network.host"}),
)
own = replace(request, outputs=(Output("image", names=("docker.io/library/own:latest",)),))
with closing(choose_executor("auto")) as executor:
    result = build(own, silence(), executor)
with EngineSession(choose(engine), request) as session:
    theirs = session.build(open(text).read())
    opened = ContentStore(store)
    with opened.lease():
        ours = unpacked(opened, result)
        states = [ImageState.of_taken(one) for one in (ours, theirs)]
        print(json.dumps([one.plain() for one in differences(*states)]))
"""


#: What the runtime of buildah says when a process is started while it copies itself to memory.
BUSY = "sealing memfd copy: Device or resource busy"


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_an_engine_makes_the_image_that_dflint_makes(engine, name):
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", COMPARE, str(engine.place / "store"), engine.name, name],
            capture_output=True, text=True, check=False, env=engine.environment, cwd=engine.place,
            timeout=120,
        )  # fmt: skip
        if BUSY not in done.stderr:
            break
    assert done.returncode == 0, done.stderr

    found = json.loads(done.stdout.splitlines()[-1])
    known = KNOWN.get(engine.name, ())
    unknown = [one for one in found if not one["place"].startswith(tuple(known))]
    assert unknown == [], json.dumps(unknown)


def test_the_verdict_on_a_change_is_that_of_dflint(engine):
    text = (engine.place / "files").read_text()
    (engine.place / "same").write_text(text.replace("echo x", "echo   x"))
    (engine.place / "other").write_text(text.replace("echo x", "echo y"))
    words = ("--network", "host", "--context", "context", "files")

    same = engine("verify", "--no-plan", "--engine", engine.name, *words, "same")
    other = engine("equiv", "--engine", engine.name, "--format", "json", *words, "other")

    assert same.returncode == 0, same.stdout + same.stderr
    assert other.returncode == 1, other.stdout + other.stderr
    assert "/d/f" in other.stdout


def test_what_does_not_build_is_told(engine):
    (engine.place / "bad").write_text(TEXTS["files"] + "RUN false\n")

    done = engine("build", "--network", "host", "--engine", engine.name, "-f", "bad", "context")

    assert done.returncode == 1
    assert f"{'docker' if engine.name == 'buildx' else engine.name}" in done.stderr
    assert "ended with status" in done.stderr
    assert "Traceback" not in done.stderr
