"""Verifying as an ordinary user, in a user namespace."""

from __future__ import annotations

import os

from tests.build.test_rootless import folder, needs_maps, needs_root, user  # noqa: F401
from tests.executor.test_ordinary_user import USER

BEFORE = (
    "FROM scratch\nCOPY --from=busybox . /\n"
    "RUN mkdir /d && chown 33:44 /d && echo x > /d/f && ln /d/f /d/g && rm -r /home\nCMD true\n"
)


@needs_root
@needs_maps
def test_images_are_compared(user):  # noqa: F811
    user.write("context/A", BEFORE)
    user.write("context/B", BEFORE.replace("mkdir /d", "mkdir /d && true"))
    user.write("context/C", BEFORE.replace("33:44", "33:45").replace("ln ", "cp "))
    options = ("--build-context", "busybox=busybox", "--context", "context")

    same = user.dflint("verify", *options, "context/A", "context/B")
    other = user.dflint("verify", *options, "context/A", "context/C")

    assert (same[0], same[1].split(":")[0]) == (0, "equal"), same
    assert other[0] == 1
    assert "/d: owner 33:44 -> 33:45" in other[1]
    assert "/d/f: links /d/f /d/g -> none" in other[1]


@needs_root
@needs_maps
def test_fixes_are_proved_and_written(user):  # noqa: F811
    user.write("context/Dockerfile", BEFORE)

    status, out, err = user.dflint(
        "check", "--fix", "--verify", "--unsafe-fixes", "--no-shellcheck", "--evidence=proof",
        "--build-context", "busybox=busybox", "context/Dockerfile",
    )  # fmt: skip

    path = user.work / "context/Dockerfile"
    assert 'CMD ["true"]' in path.read_text(), (status, out, err)
    assert path.stat().st_uid == USER
    assert any(os.scandir(user.work / "proof"))
