"""Containers of an ordinary user: in a user namespace with subordinate ids."""

from __future__ import annotations

import json
import os
import urllib.request

from tests.build.test_rootless import (  # noqa: F401  # fixtures
    folder,
    mounts_of,
    needs_maps,
    needs_root,
    processes,
    user,
    wait_for,
)
from tests.executor.test_ordinary_user import USER
from tests.registry.server import free_port

TEXT = b'FROM scratch\nCOPY --from=busybox . /\nENV PATH=/bin\nCMD ["sh"]\n'


def build(user, text=TEXT):  # noqa: F811
    words = ("build", "-q", "-t", "app", "--build-context", "busybox=busybox", "-f", "-", "busybox")
    status, _, err = user.dflint(*words, given=text)
    assert status == 0, err


@needs_root
@needs_maps
def test_the_user_is_root_inside_and_itself_outside(user):  # noqa: F811
    build(user)
    user.write("shared/a", "here")

    script = "id -u; cat /v/a; echo made > /v/b; chown 33:44 /etc/group; stat -c %u:%g /etc/group"
    status, out, err = user.dflint("run", "-v", "./shared:/v", "app", "sh", "-c", script)

    assert (status, out.split()) == (0, ["0", "here33:44"]), err
    assert (user.work / "shared/b").stat().st_uid == USER
    status, out, err = user.dflint("run", "-u", "33", "-i", "app", "cat", given=b"text")
    assert (status, out) == (0, "text"), err


@needs_root
@needs_maps
def test_kept_containers_are_listed_measured_and_removed(user):  # noqa: F811
    build(user)
    script = "mkdir -m 700 /d; echo 1234 > /d/f; chown -R 33 /d; exit 3"

    assert user.dflint("run", "--name", "kept", "app", "sh", "-c", script)[0] == 3
    status, shown, err = user.dflint("ps", "-as")
    assert status == 0, err
    assert "Exited (3)" in shown
    assert "5B (virtual" in shown
    assert user.dflint("rm", "kept")[:2] == (0, "kept\n")
    containers = user.work / ".local/share/dflint/store/containers"
    assert [one for one in os.listdir(containers) if one != "names"] == []


@needs_root
@needs_maps
def test_ports_are_published_into_a_network_of_its_own(user):  # noqa: F811
    build(user)
    port = free_port()
    words = ("run", "--network", "none", "-p", f"{port}:8080", "app", "httpd", "-f", "-p", "8080")

    def fetched():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/etc/passwd", timeout=5) as got:
                return got.read()
        except OSError:
            return b""

    with user.start(*words) as running:
        try:
            assert wait_for(lambda: b"root" in fetched())
        finally:
            running.kill()
            running.communicate()


@needs_root
@needs_maps
def test_nothing_is_left_of_a_run_that_is_killed(user):  # noqa: F811
    build(user)
    seconds = "983021"
    with user.start("run", "app", "sh", "-c", f"sleep {seconds} & sleep {seconds}") as running:
        assert wait_for(lambda: len(processes(seconds)) == 2)
        running.kill()
        running.communicate()

    assert wait_for(lambda: not processes(seconds))
    assert wait_for(lambda: not mounts_of(str(user.work)))
    assert user.dflint("ps", "-aq")[:2] == (0, "")
    containers = user.work / ".local/share/dflint/store/containers"
    assert [one for one in os.listdir(containers) if one != "names"] == []


@needs_root
@needs_maps
def test_an_image_is_tried(user):  # noqa: F811
    serve = "trap 'exit 0' TERM; httpd -p 8080; while :; do sleep 0.05; done"
    more = (
        f'CMD ["sh", "-c", "{serve}"]\nUSER 7\nEXPOSE 8080\n'
        "HEALTHCHECK --interval=100ms CMD wget -q -O - 127.0.0.1:8080/etc/passwd\n"
    )
    build(user, TEXT + more.encode())

    status, out, err = user.dflint("smoke", "--format", "json", "app")

    found = {one["name"]: one["status"] for one in json.loads(out)["checks"]}
    assert (status, set(found.values())) == (0, {"ok"}), (out, err)
