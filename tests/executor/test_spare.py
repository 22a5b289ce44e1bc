"""The process that waits for the next step has what a new one gets, and keeps nothing of others."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time

import pytest

from dflint.executor import helper
from dflint.executor.namespaces import NamespacesExecutor
from dflint.executor.process import BindMount, FileMount, Resources, TmpfsMount
from dflint.kernel import call_list
from dflint.kernel.call_list import is_possible
from dflint.kernel.mounts import MNT_DETACH, mount, unmount
from tests.executor.test_cgroups import groups_are_possible
from tests.running import run

_LOOK = """
cut -d' ' -f4- /proc/self/mountinfo | sed 's/ - .*//' | sort
ls -ln /dev | awk '{print $1, $3, $4, $NF}'
grep -E 'Cap|NoNew|Seccomp|Umask|SigIgn|SigBlk|Groups' /proc/self/status
ls /proc/self/fd /proc/self/task; hostname; pwd; cat /etc/hosts; env; ls /sys/class/net
"""


@pytest.fixture(params=["quick", "forked"])
def executor(request, mount_namespace, monkeypatch):
    """One that waits with a process of either kind; with the second on other machines, too."""
    if request.param == "forked":
        monkeypatch.setattr(helper, "can_start", lambda: False)
    made = NamespacesExecutor()
    yield made
    made.close()


@pytest.fixture
def quick_executor(mount_namespace):
    if not is_possible():
        pytest.skip("not on this machine")
    made = NamespacesExecutor()
    yield made
    made.close()


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as opened:
        return [int(one) for one in opened.read().split()]


def spare_of(executor):
    """The process that waits; found when it has let go of the host's root."""
    (inner,) = children(executor._helper)
    for _ in range(500):
        waiting = children(inner)
        if waiting and " /files /shown " in mounts_of(waiting[0]):
            return waiting[0]
        time.sleep(0.01)
    raise AssertionError("no process waits for a step")


def mounts_of(pid):
    with open(f"/proc/{pid}/mountinfo") as opened:
        return opened.read()


def test_steps_see_the_same_one_after_the_other(executor, root):
    first = run(executor, root, _LOOK)
    spare = spare_of(executor)
    second = run(executor, root, _LOOK)

    assert first.status == 0
    assert "/proc/sys ro" in first.stdout
    assert second.stdout == first.stdout
    assert not os.path.exists(f"/proc/{spare}")


def test_a_step_that_differs_is_a_new_process(executor, root, tmp_path):
    run(executor, root, "true")
    spare = spare_of(executor)
    (tmp_path / "shown").mkdir()
    for changed, look, seen in (
        ({"is_privileged": True}, "grep -c ' /proc/sys ' /proc/self/mountinfo", "0\n"),
        ({"network": "none"}, "ls /sys/class/net", "lo\n"),
        ({"shm_size": 1 << 20}, "df -k /dev/shm | awk 'NR == 2 {print $2}'", "1024\n"),
        ({"mounts": (BindMount(str(tmp_path), "/mnt"),)}, "ls -d /mnt/shown", "/mnt/shown\n"),
        ({"mounts": (TmpfsMount("/proc/sys"),)}, "ls /proc/sys", ""),
    ):
        assert run(executor, root, look, **changed).stdout == seen
        assert spare_of(executor) == spare


def test_a_step_with_limits_is_a_new_process(executor, root):
    if not groups_are_possible():
        pytest.skip("control groups cannot be made here")
    run(executor, root, "true")
    spare = spare_of(executor)
    limits = {"resources": Resources(parent="/dflint-tests", pids=100)}
    look = "grep -c dflint-tests/dflint- /proc/self/cgroup"

    assert run(executor, root, look, **limits).stdout == "1\n"
    assert spare_of(executor) == spare


def test_files_and_memory_are_mounted_in_a_step_that_follows(executor, root):
    run(executor, root, "true")
    spare_of(executor)
    mounts = (FileMount("/dev/pipes/x", b"text", mode=0o755), TmpfsMount("/new"))
    ran = run(executor, root, "cat /dev/pipes/x; touch /new/file; ls /new", mounts=mounts)

    assert ran.stdout == "textfile\n"


def test_what_waits_holds_no_root_of_another_step(executor, busybox, tmp_path):
    place = tmp_path / "mounted root"
    place.mkdir()
    mount("tmpfs", str(place), "tmpfs")
    try:
        shutil.copytree(busybox, place, symlinks=True, dirs_exist_ok=True)
        run(executor, place, "true")
        assert "mounted\\040root" in mounts_of("self")
        assert "mounted\\040root" not in mounts_of(spare_of(executor))
    finally:
        unmount(str(place), MNT_DETACH)


def test_a_step_does_without_a_spare_that_has_ended(executor, root):
    run(executor, root, "true")
    spare = spare_of(executor)
    os.kill(spare, signal.SIGKILL)
    for _ in range(500):
        with open(f"/proc/{spare}/stat") as opened:
            if opened.read().rpartition(")")[2].split()[0] == "Z":
                break
        time.sleep(0.01)

    assert run(executor, root, "echo here").stdout == "here\n"
    assert run(executor, root, "echo here").stdout == "here\n"


def test_nothing_waits_when_the_executor_is_closed(mount_namespace, root):
    executor = NamespacesExecutor()
    run(executor, root, "true")
    spare = spare_of(executor)
    executor.close()

    assert not os.path.exists(f"/proc/{spare}")


def is_quick(spare):
    """Whether a process that waits shares the memory of the helper."""
    with open(f"/proc/{spare}/stat") as opened:
        parent = opened.read().rpartition(")")[2].split()[1]
    maps = []
    for pid in (spare, parent):
        with open(f"/proc/{pid}/smaps") as opened:
            maps.append([line for line in opened if line.startswith(("Private_Dirty", "Rss"))])
    return maps[0] == maps[1]


def test_the_next_step_of_root_copies_no_memory(quick_executor, root):
    run(quick_executor, root, "true")
    assert is_quick(spare_of(quick_executor))


def test_who_becomes_another_user_shares_no_memory(quick_executor, root):
    run(quick_executor, root, "true")
    spare_of(quick_executor)
    ran = run(quick_executor, root, "id -u; id -g", user="1000:100")

    assert ran.stdout == "1000\n100\n"
    assert not is_quick(spare_of(quick_executor))
    assert run(quick_executor, root, "id -u; id -g", user="1000:100").stdout == "1000\n100\n"
    assert run(quick_executor, root, "id -u").stdout == "0\n"
    assert is_quick(spare_of(quick_executor))


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (("not-there",), {}),
        (("/not/there",), {}),
        (("/etc",), {}),
        (("no-program",), {}),
        (("no-interpreter",), {}),
        (("true",), {"workdir": "/etc/passwd"}),
        (("true",), {"environment": ()}),
    ],
)
def test_a_command_that_cannot_be_started_says_why(executor, root, arguments, changed):
    for name, text in (("no-program", "text"), ("no-interpreter", "#!/not/there\n")):
        path = root / "bin" / name
        path.write_text(text)
        path.chmod(0o755)
    changed = {"environment": ("PATH=/bin",), **changed}
    first = run(executor, root, arguments, **changed)
    assert run(executor, root, "true").status == 0
    spare_of(executor)
    second = run(executor, root, arguments, **changed)

    assert second == first
    assert first.status == 1
    assert first.stderr
    assert run(executor, root, "echo here").stdout == "here\n"


def test_a_working_directory_is_made_for_a_step_that_follows(executor, root):
    run(executor, root, "true")
    spare_of(executor)

    assert run(executor, root, "pwd", workdir="/a/b").stdout == "/a/b\n"
    assert (root / "a/b").stat().st_mode & 0o777 == 0o755


def test_a_step_that_follows_can_be_cancelled(executor, root):
    run(executor, root, "true")
    spare_of(executor)
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()

    assert run(executor, root, "sleep 60", cancel=cancel).status == 137


@pytest.mark.parametrize("name", ["close_range", "openat2", "execve"])
def test_steps_are_forked_where_the_kernel_lacks_a_call(mount_namespace, root, monkeypatch, name):
    monkeypatch.setitem(call_list.NUMBERS, name, 9999)
    executor = NamespacesExecutor()
    try:
        run(executor, root, "true")
        ran = [run(executor, root, "echo here; echo there >&2") for _ in range(3)]

        assert [(one.status, one.stdout, one.stderr) for one in ran] == [
            (0, "here\n", "there\n")
        ] * 3
        assert not is_quick(spare_of(executor))
    finally:
        executor.close()
