"""What a RUN may try against the machine: each must be refused, or reach nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

from dflint.content.store import ContentStore
from dflint.executor.process import BindMount, FileMount, TmpfsMount, Ulimit
from dflint.kernel.seccomp import load_library
from tests.executor.test_ordinary_user import python_for_others
from tests.running import run

needs_filter = pytest.mark.skipif(
    load_library() is None, reason="libseccomp is not installed: nothing is filtered"
)

REFUSED = {
    "mount": "mount -t tmpfs none /mnt",
    "bind mount": "mount -o bind /etc /mnt",
    "remount of the root": "mount -o remount,dev /",
    "remount of /proc/sys": "mount -o remount,rw /proc/sys",
    "mount of another proc": "mkdir -p /p; mount -t proc proc /p",
    "mount of a cgroup": "mkdir -p /c; mount -t cgroup -o memory cgroup /c",
    "mount of cgroup2": "mkdir -p /c; mount -t cgroup2 none /c",
    "unmount of a mask": "umount /proc/kcore",
    "unmount of /proc/sys": "umount /proc/sys",
    "unmount of /proc": "umount -l /proc",
    "new user namespace": "unshare -U true",
    "new mount namespace": "unshare -m true",
    "new network namespace": "unshare -n true",
    "entering a namespace": "nsenter -t 1 -m true",
    "core_pattern": "echo '|/bin/sh' >/proc/sys/kernel/core_pattern",
    "modprobe path": "echo /bin/sh >/proc/sys/kernel/modprobe",
    "host name by /proc/sys": "echo x >/proc/sys/kernel/hostname",
    "overcommit": "echo 1 >/proc/sys/vm/overcommit_memory",
    "sysrq": "echo h >/proc/sysrq-trigger",
    "binfmt": "echo x >/proc/sys/fs/binfmt_misc/register",
    "irq": "echo 1 >/proc/irq/default_smp_affinity",
    "sysfs": "echo x >/sys/kernel/mm/transparent_hugepage/enabled",
    "uevent helper": "echo /bin/sh >/sys/kernel/uevent_helper",
    "release agent": "echo /bin/sh >/sys/fs/cgroup/release_agent",
    "release agent of a controller": "echo /bin/sh >/sys/fs/cgroup/memory/release_agent",
    "lower oom score": "echo -900 >/proc/self/oom_score_adj",
    "host name": "hostname other",
    "kernel log": "dmesg",
    "reboot": "reboot -f",
    "swap": "dd if=/dev/zero of=/s bs=4096 count=20; mkswap /s; swapon /s",
    "module": "echo x >/m.ko; insmod /m.ko",
    "pivot": "mkdir -p /n/o; pivot_root /n /n/o",
    "memory of the machine": "mknod /mem c 1 1; head -c 1 /mem",
    "ports": "mknod /port c 1 4; head -c 1 /port",
    "disk": "mknod /disk b 254 0; head -c 1 /disk",
    "disk in /dev": "mknod /dev/disk b 8 0; head -c 1 /dev/disk",
    "disk in /tmp": "mknod /dev/shm/disk b 254 0; head -c 1 /dev/shm/disk",
    "kernel messages": "mknod /kmsg c 1 11; head -c 1 /kmsg",
    "terminal of the host": "head -c 1 /dev/tty",
    "writing to a mount that is read-only": "touch /bound/new",
    "removing from a mount that is read-only": "rm /bound/file",
    "changing modes of a mount that is read-only": "chmod 777 /bound/file",
    "remount of a mount that is read-only": "mount -o remount,rw /bound",
    "writing to a secret": "echo x >/run/secrets/s",
    "removing a secret": "rm -f /run/secrets/s",
    "priority": "nice -n -5 true",
    "unlimited files": "ulimit -Hn 2000000",
}


@pytest.fixture
def source(tmp_path):
    """A folder of the host that a step sees, read-only."""
    folder = tmp_path / "bound"
    folder.mkdir()
    (folder / "file").write_text("of the host")
    return folder


@pytest.fixture
def mounts(source):
    """A read-only mount and a secret."""
    return (
        BindMount(str(source), "/bound", is_read_only=True),
        FileMount("/run/secrets/s", b"secret"),
    )


@needs_filter
@pytest.mark.parametrize("command", REFUSED.values(), ids=REFUSED)
def test_what_is_refused(namespaces, root, source, mounts, command):
    before = _machine()

    done = run(namespaces, root, f"{{ {command}; }} >/out 2>&1", mounts=mounts)

    assert done.status, (root / "out").read_text()
    assert _machine() == before
    assert [(one.name, one.read_text()) for one in source.iterdir()] == [("file", "of the host")]


def _machine():
    """What a step might have changed of the machine."""
    names = ("kernel/core_pattern", "kernel/hostname", "kernel/modprobe", "vm/overcommit_memory")
    with open("/proc/self/mountinfo") as file:
        mounts = file.read().count("\n")
    there = [Path("/proc/sys", name) for name in names]
    return [one.read_text() for one in there if one.exists()], os.uname(), mounts


LOOKED_FOR = {
    "processes": ("ls /proc | grep -c '^[0-9]'", "5"),
    "the root of process 1": ("test -e /proc/1/root{canary} && echo seen; true", ""),
    "the folder of process 1": ("test -e /proc/1/cwd/../..{canary} && echo seen; true", ""),
    "chroot twice": (
        "mkdir -p /a/b; cp /bin/busybox /a/; ln -s busybox /a/chroot;"
        "chroot /a /busybox chroot /../../../../../../../.. /bin/true;"
        "test -e /../../../../..{canary} && echo seen; true",
        "",
    ),
    "descriptors": ("ls /proc/self/fd | tr '\\n' ' '", "0 1 2 3 "),
    "descriptors of process 1": (
        "for one in /proc/1/fd/*; do readlink $one; done | grep -v '^pipe:'; true",
        "",
    ),
    "variables of process 1": ("tr '\\0' '\\n' </proc/1/environ | grep -c DFLINT; true", "0\n"),
    "words of process 1": ("tr '\\0' ' ' </proc/1/cmdline | head -c 7", "/bin/sh"),
    "the kernel's memory": ("cat /proc/kcore | wc -c", "0\n"),
    "keys": ("cat /proc/keys | wc -c", "0\n"),
    "firmware": ("ls /sys/firmware | wc -l", "0\n"),
    "mounts of the host": ("grep -c {canary} /proc/self/mountinfo; true", "0\n"),
    "the host's name of the root": ("cut -d' ' -f5 /proc/self/mountinfo | grep -c '^/$'", "1\n"),
    "a link to the host": (
        "ln -s /proc/1/root/../../.. /up; test -e /up{canary} && echo seen; true",
        "",
    ),
    "capabilities": ("grep CapBnd /proc/self/status", "CapBnd:\t00000000a80425fb\n"),
    "capabilities that are kept": ("grep CapAmb /proc/self/status", "CapAmb:\t0000000000000000\n"),
}


@pytest.mark.parametrize(("command", "expected"), LOOKED_FOR.values(), ids=LOOKED_FOR)
def test_what_is_not_seen(namespaces, root, tmp_path, monkeypatch, command, expected):
    monkeypatch.setenv("DFLINT_OF_THE_HOST", "1")
    canary = tmp_path / "canary"
    canary.write_text("of the host")

    done = run(namespaces, root, command.replace("{canary}", str(canary)))

    assert done.status == 0, done.stderr
    if command.startswith("ls /proc |"):
        assert int(done.stdout) < 6
    else:
        assert done.stdout == expected


# Calls of the kernel: a number on x86_64 and on aarch64, and arguments.
CALLS = {
    "keyctl": (250, 219, "0, -3, 1"),
    "add_key": (248, 217, "b'user', b'x', b'y', 1, -3"),
    "request_key": (249, 218, "b'user', b'x', 0, -3"),
    "bpf": (321, 280, "0, 0, 0"),
    "perf_event_open": (298, 241, "0, 0, -1, -1, 0"),
    "userfaultfd": (323, 282, "0"),
    "io_uring_setup": (425, 425, "1, 0"),
    "open_by_handle_at": (304, 265, "0, 0, 0"),
    "setns": (308, 268, "0, 0"),
    "unshare": (272, 97, "0x10000000"),
    "clone of a user namespace": (56, 220, "0x10000011, 0, 0, 0, 0"),
    "clone3": (435, 435, "0, 0"),
    "mount": (165, 40, "b'none', b'/tmp', b'tmpfs', 0, 0"),
    "fsopen": (430, 430, "b'tmpfs', 0"),
    "open_tree": (428, 428, "-100, b'/', 1"),
    "move_mount": (429, 429, "-100, b'/', -100, b'/tmp', 0"),
    "mount_setattr": (442, 442, "-100, b'/', 0, 0, 0"),
    "pivot_root": (155, 41, "b'/', b'/'"),
    "kexec_load": (246, 104, "0, 0, 0, 0"),
    "init_module": (175, 105, "0, 0, b''"),
    "finit_module": (313, 273, "0, b'', 0"),
    "settimeofday": (164, 170, "0, 0"),
    "sethostname": (170, 161, "b'x', 1"),
    "acct": (163, 89, "0"),
    "swapon": (167, 224, "b'/x', 0"),
    "quotactl": (179, 60, "0, 0, 0, 0"),
    "syslog": (103, 116, "10, 0, 0"),
    "socket of the kernel's ciphers": (41, 198, "38, 5, 0"),
    "socket of virtual machines": (41, 198, "40, 1, 0"),
    "process_vm_readv of the starter": (310, 270, "0, 0, 0, 0, 0, 1"),
    "ptrace of a process that is not there": (101, 117, "16, 2, 0, 0"),
}


@needs_filter
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_that_fail(namespaces, root, call):
    numbers = dict(zip(("x86_64", "aarch64"), call[:2], strict=True))
    number = numbers.get(os.uname().machine)
    python = python_for_others()
    if number is None or python is None or not python.startswith("/usr/bin"):
        pytest.skip("there is no interpreter that a step could be given")
    mounts = (BindMount("/usr", "/host/usr", is_read_only=True),)
    code = (
        "import ctypes; call = ctypes.CDLL(None, use_errno=True).syscall; "
        f"result = call({number}, {call[2]}); print(result, ctypes.get_errno())"
    )
    machine = f"{os.uname().machine}-linux-gnu"
    (loader,) = Path("/usr/lib", machine).glob("ld-linux-*.so.*")
    libraries = f"/host/usr/lib/{machine}"
    python = f"/host{os.path.realpath(python)}"
    command = (f"/host{loader}", "--library-path", libraries, python, "-S", "-c", code)

    done = run(
        namespaces, root, command, mounts=mounts, environment=("PYTHONHOME=/host/usr", "PATH=/bin")
    )

    assert done.stdout.startswith("-1 "), done.stderr


def test_without_network_nothing_of_the_host_answers(namespaces, root):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = f"nc -w 1 127.0.0.1 {port} </dev/null && echo reached; true"

        done = run(namespaces, root, command, network="none")

    assert "reached" not in done.stdout


def test_without_network_no_socket_of_the_host_is_there(namespaces, root):
    name = f"dflint-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")

        done = run(namespaces, root, f"grep -c {name} /proc/net/unix; true", network="none")

    assert done.stdout == "0\n"


def test_a_fork_bomb_ends_with_its_step(namespaces, root):
    """`--ulimit nproc` limits it; the end of its first process is the end of all."""
    command = "f() { sleep 600 & f; }; f & sleep 0.2; exit 3"
    begin = time.monotonic()

    done = run(namespaces, root, command, user="12321:12321", ulimits=(Ulimit("nproc", 30, 30),))

    assert done.status == 3
    assert time.monotonic() - begin < 20
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            assert b"sleep\x00600\x00" not in Path(f"/proc/{number}/cmdline").read_bytes()
        except OSError:
            continue


def test_signals_reach_no_process_of_the_host(namespaces, root):
    with subprocess.Popen(["sleep", "600"]) as bystander:
        try:
            command = f"kill -9 -1; kill -9 {bystander.pid} {os.getpid()}; kill -9 -1; echo done"

            done = run(namespaces, root, command)

            assert bystander.poll() is None
        finally:
            bystander.kill()
    assert done.stdout == "done\n"


def test_ids_of_the_host_are_no_ids_of_a_user(namespaces, root):
    """In a user namespace only mapped ids can own files; as root there is no such limit."""
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    last = sum(int(line.split()[2]) for line in lines)
    if last > 1 << 31:
        pytest.skip("this is no user namespace: all ids are there")
    command = f"touch /f; chown {last} /f || echo refused; chown 4000000 /f || echo refused"

    done = run(namespaces, root, command)

    assert done.stdout == "refused\nrefused\n"
    assert (root / "f").stat().st_uid == 0


def test_a_file_system_in_memory_has_its_size(namespaces, root):
    mounts = (TmpfsMount("/t", size=1 << 20),)

    done = run(namespaces, root, "head -c 5000000 /dev/zero >/t/x; ls /t", mounts=mounts)

    assert done.stdout == "x\n"
    assert done.stderr.startswith("head: ")


def test_a_set_user_id_program_is_root_of_its_step_only(namespaces, root):
    (root / "bin" / "busybox").chmod(0o4755)

    done = run(
        namespaces,
        root,
        "grep -e CapBnd -e Uid /proc/self/status; mount -t tmpfs x /tmp",
        user="nobody",
    )

    assert done.status
    assert "a80425fb" in done.stdout or "CapBnd:\t0000000000000000" in done.stdout


def test_a_set_user_id_program_in_the_store_is_reached_by_nobody_else(namespaces, root, tmp_path):
    place = tmp_path / "store"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    store = ContentStore(str(place))
    command = "cp /bin/busybox /cache/b && chmod 4755 /cache/b && stat -c %a /cache/b"

    done = run(namespaces, root, command, mounts=(BindMount(store.cache_mount("x"), "/cache"),))
    store.close()

    assert done.stdout == "4755\n"
    for name in ("cache-mounts", "layers", "trash", "drafts"):
        assert (place / name).stat().st_mode & 0o077 == 0, name
