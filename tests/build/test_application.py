"""A whole application on Debian: apt, pip, several stages, run in the end. Needs a network."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from dflint.testing.images import write_layout

DOCKERFILE = """\
# syntax=docker/dockerfile:1
FROM debian AS base
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get update && apt-get install -y --no-install-recommends python3

FROM base AS build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\
    --mount=type=cache,target=/var/lib/apt,sharing=locked \\
    apt-get install -y --no-install-recommends python3-venv ca-certificates
RUN python3 -m venv /app
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \\
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \\
    --mount=type=cache,target=/root/.cache/pip \\
    --mount=source=requirements.txt,target=/requirements.txt \\
    /app/bin/pip install -r /requirements.txt

FROM base AS app
RUN useradd --system --create-home app
COPY --from=build --link /app /app
COPY --chown=app:app server.py /srv/
USER app
WORKDIR /srv
EXPOSE 8000
ENTRYPOINT ["/app/bin/python", "server.py"]

FROM app AS test
RUN /app/bin/python server.py >/tmp/said
"""
SERVER = """\
import getpass, flask
app = flask.Flask("app")
@app.get("/")
def home():
    return "hello " + getpass.getuser()
print(app.test_client().get("/").text)
"""
SOURCES = "/etc/apt/sources.list.d/debian.sources"
#: Settings of this machine that pip may need to reach its index, by the secret's id.
SETTINGS = {"pip": "/etc/pip.conf", "certificates": "/etc/ssl/certs/ca-certificates.crt"}


@pytest.fixture
def debian(tmp_path):
    """An OCI layout of a small Debian in which apt works."""
    if os.environ.get("DFLINT_TEST_NETWORK") != "1":
        pytest.skip("fetches packages: set DFLINT_TEST_NETWORK=1 to have it")
    if not shutil.which("mmdebstrap") or not os.path.exists(SOURCES):
        pytest.skip(f"needs `mmdebstrap` and {SOURCES} to make a Debian root")
    root = tmp_path / "debian"
    made = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root", "bookworm"]
    subprocess.run([*made, str(root), SOURCES], check=True)
    shutil.rmtree(root / "dev")
    (root / "dev").mkdir()
    write_layout(str(root), str(tmp_path / "debian-layout"))
    return tmp_path / "debian-layout"


def test_a_python_application_runs(command, debian):
    command.write({"Dockerfile": DOCKERFILE, "server.py": SERVER, "requirements.txt": "flask\n"})
    options = [f"--build-context=debian=oci-layout://{debian}", "--network=host"]
    for name, path in SETTINGS.items():
        if os.path.exists(path):
            options.append(f"--secret=id={name},src={path}")

    image = command.image("--target=app", *options, timeout=600)
    assert image.config["User"] == "app"
    assert image.config["Entrypoint"] == ["/app/bin/python", "server.py"]
    folder = command.files("--target=test", *options, timeout=600)
    assert (folder / "tmp/said").read_text() == "hello app\n"
