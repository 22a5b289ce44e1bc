"""What a step sees and may do, as BuildKit has it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from dflint.errors import BuildError
from dflint.executor.namespaces import NamespacesExecutor
from dflint.executor.process import BindMount, Process, TmpfsMount, Ulimit
from tests.running import Collector, run


def test_output_and_status_come_back(namespaces, root):
    ran = run(namespaces, root, "echo out; echo err >&2; exit 3")

    assert (ran.status, ran.stdout, ran.stderr) == (3, "out\n", "err\n")


def test_the_command_is_the_first_process_and_alone(namespaces, root):
    ran = run(namespaces, root, "echo $$; ls /proc | grep -c '^[0-9]*$'")

    assert ran.stdout.split()[0] == "1"
    assert int(ran.stdout.split()[1]) <= 3  # the shell, ls and grep


def test_capabilities_are_those_of_docker(namespaces, root):
    ran = run(namespaces, root, ["grep", "-E", "Cap|NoNew|Umask|SigIgn", "/proc/self/status"])

    values = dict(line.split(":\t") for line in ran.stdout.splitlines())
    assert values["CapEff"] == values["CapPrm"] == values["CapBnd"] == "00000000a80425fb"
    assert values["CapInh"] == values["CapAmb"] == "0000000000000000"
    assert (values["NoNewPrivs"], values["Umask"]) == ("0", "0022")
    assert int(values["SigIgn"], 16) == 0


def test_another_user_has_no_capabilities(namespaces, root):
    ran = run(
        namespaces, root, "grep -E 'Cap(Eff|Prm|Bnd)|Uid|Groups' /proc/self/status", user="games"
    )

    values = dict(line.split(":\t") for line in ran.stdout.splitlines())
    assert values["CapEff"] == values["CapPrm"] == "0000000000000000"
    assert values["CapBnd"] == "00000000a80425fb"
    assert values["Uid"].split() == ["5"] * 4
    assert values["Groups"].split() == ["60", "50"] or values["Groups"].split() == ["50", "60"]


def test_another_user_may_open_its_standard_output(namespaces, root):
    ran = run(namespaces, root, "echo x > /dev/stdout; echo y > /dev/stderr", user="games")

    assert (ran.stdout, ran.stderr) == ("x\n", "y\n")


def test_standard_input_is_empty(namespaces, root):
    assert run(namespaces, root, "cat; echo end").stdout == "end\n"


def test_the_host_is_named_as_with_buildkit(namespaces, root):
    ran = run(namespaces, root, "hostname; cat /etc/hosts", extra_hosts=(("db", "10.0.0.7"),))

    assert ran.stdout.splitlines() == [
        "buildkitsandbox",
        "127.0.0.1\tlocalhost buildkitsandbox",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        "10.0.0.7\tdb",
    ]


def test_the_servers_of_names_are_those_of_the_host(namespaces, root):
    with open("/etc/resolv.conf") as opened:
        assert run(namespaces, root, "cat /etc/resolv.conf").stdout == opened.read()


def test_files_of_the_executor_cannot_be_written(namespaces, root):
    ran = run(
        namespaces,
        root,
        "echo x > /etc/hosts; echo x > /etc/resolv.conf; echo x > /proc/sys/kernel/hostname",
    )

    assert ran.stderr.count("Read-only file system") == 3


def test_parts_of_proc_and_sys_are_hidden(namespaces, root):
    ran = run(
        namespaces,
        root,
        "wc -c < /proc/keys; ls /sys/firmware /proc/acpi 2>/dev/null | grep -v :; touch /sys/x",
    )

    assert ran.stdout.split() == ["0"]
    assert "Read-only file system" in ran.stderr


def test_devices_work_and_no_others_can_be_opened(namespaces, root, tmp_path):
    (tmp_path / "kept").mkdir()

    ran = run(
        namespaces,
        root,
        "echo x > /dev/null; head -c 4 /dev/zero | wc -c; head -c 3 /dev/urandom | wc -c;"
        "for place in / /dev/ /kept/ /memory/; do"
        " mknod ${place}disk b 254 0 && ls -l ${place}disk | cut -c1; head -c 1 ${place}disk; done",
        mounts=(BindMount(str(tmp_path / "kept"), "/kept"), TmpfsMount("/memory")),
    )

    assert ran.stdout.split() == ["4", "3", "b", "b", "b", "b"]
    assert ran.stderr.count("Permission denied") == 4


def test_shared_memory_has_the_size_asked_for(namespaces, root):
    ran = run(namespaces, root, "grep /dev/shm /proc/mounts", shm_size=1 << 20)

    assert "size=1024k" in ran.stdout


def test_mount_points_leave_nothing_but_what_buildkit_leaves(namespaces, root):
    before = os.stat(root / "etc").st_mtime_ns

    run(namespaces, root, ["/bin/true"])

    assert not (root / "etc/hosts").exists()
    assert not (root / "etc/resolv.conf").exists()
    assert (root / "proc").is_dir()
    assert (root / "sys").is_dir()
    assert os.stat(root / "etc").st_mtime_ns >= before


def test_a_root_without_etc_has_none_afterwards(namespaces, busybox, tmp_path):
    (tmp_path / "root/bin").mkdir(parents=True)
    (tmp_path / "root/etc").mkdir()
    for name in ("passwd", "group"):
        (tmp_path / "root/etc" / name).write_bytes((busybox / "etc" / name).read_bytes())
    programs = [*(busybox / "bin").iterdir()]
    for program in programs:
        target = tmp_path / "root/bin" / program.name
        if program.is_symlink():
            target.symlink_to(os.readlink(program))
        else:
            target.write_bytes(program.read_bytes())
            target.chmod(0o755)
    for folder in ("lib", "lib64"):
        if (busybox / folder).exists():
            subprocess.run(["cp", "-a", busybox / folder, tmp_path / "root"], check=True)

    ran = run(namespaces, tmp_path / "root", "rm -rf /etc/passwd /etc/group; ls /etc")

    assert sorted(ran.stdout.split()) == ["hosts", "resolv.conf"]
    assert not (tmp_path / "root/etc").exists() or not os.listdir(tmp_path / "root/etc")
    assert {"dev", "proc", "sys"} <= {*os.listdir(tmp_path / "root")}


def test_home_is_that_of_the_account_unless_it_is_set(namespaces, root):
    assert run(namespaces, root, "echo $HOME", user="www-data").stdout == "/var/www\n"
    assert run(namespaces, root, "echo $HOME", user="1234").stdout == "/\n"
    environment = ("HOME=/h", "PATH=/bin")
    assert run(namespaces, root, "echo $HOME", environment=environment).stdout == "/h\n"
    environment = ("HOME=", "PATH=/bin")
    assert run(namespaces, root, "echo $HOME", environment=environment).stdout == "/root\n"


def test_the_working_directory_is_made(namespaces, root):
    ran = run(namespaces, root, "pwd", workdir="/a/b")

    assert ran.stdout == "/a/b\n"
    assert stat.S_IMODE(os.stat(root / "a").st_mode) == 0o755


def test_a_working_directory_of_root_alone_is_entered(namespaces, root):
    assert run(namespaces, root, "pwd", workdir="/root", user="games").stdout == "/root\n"


def test_a_working_directory_that_is_a_file_fails(namespaces, root):
    (root / "file").touch()

    ran = run(namespaces, root, "pwd", workdir="/file")

    assert ran.status == 1
    assert "error during container init: mkdir /file: not a directory" in ran.stderr


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["nosuch"], 'exec: "nosuch": executable file not found in $PATH'),
        (["/nosuch"], 'exec: "/nosuch": stat /nosuch: no such file or directory'),
        (["/plain"], 'exec: "/plain": permission denied'),
        (["/etc"], 'exec: "/etc": permission denied'),
        (["etc"], 'exec: "etc": executable file not found in $PATH'),
        (["/interpreted"], "exec /interpreted: no such file or directory"),
        (["/empty"], "exec /empty: exec format error"),
    ],
)
def test_what_cannot_be_started_says_so_as_runc_does(namespaces, root, command, message):
    (root / "plain").touch(0o644)
    for name, text in (("interpreted", "#!/nosuch\n"), ("empty", "")):
        (root / name).write_text(text)
        (root / name).chmod(0o755)

    ran = run(namespaces, root, command)

    assert ran.status == 1
    assert ran.stderr.endswith(f"{message}\n")


def test_programs_are_looked_for_with_the_path_of_the_process(namespaces, root):
    (root / "opt").mkdir()
    (root / "opt/own").write_text("#!/bin/sh\necho own\n")
    (root / "opt/own").chmod(0o755)

    assert run(namespaces, root, ["own"], environment=("PATH=/opt",)).stdout == "own\n"
    assert run(namespaces, root, ["own"], environment=("PATH=/bin",)).status == 1
    assert run(namespaces, root, ["own"], environment=()).status == 1


def test_an_unknown_user_is_an_error_in_the_words_of_buildkit(namespaces, root):
    with pytest.raises(
        BuildError, match=r"^unable to find user nobod: no matching entries in passwd"
    ):
        run(namespaces, root, "true", user="nobod")


def test_background_processes_end_with_the_command(namespaces, root):
    began = time.monotonic()
    ran = run(namespaces, root, "sleep 60 & echo done")

    assert (ran.status, ran.stdout) == (0, "done\n")
    assert time.monotonic() - began < 30


def test_a_signal_is_told_by_the_status(namespaces, root):
    ran = run(namespaces, root, "sh -c 'kill -9 $$'; echo $?")

    assert ran.stdout == "137\n"


def test_cancelling_kills_everything(namespaces, root):
    cancel = threading.Event()
    threading.Timer(0.2, cancel.set).start()
    began = time.monotonic()

    ran = run(namespaces, root, "sleep 60 & sleep 60", cancel=cancel)

    assert ran.status == 137
    assert time.monotonic() - began < 30


def test_without_network_there_is_loopback_alone(namespaces, root):
    ran = run(
        namespaces, root, "cat /proc/net/dev | grep -c :; cat /proc/net/if_inet6", network="none"
    )

    assert ran.stdout.split()[0] == "1"
    assert "lo" in ran.stdout


def test_system_calls_are_filtered(namespaces, root):
    ran = run(namespaces, root, "grep Seccomp: /proc/self/status; unshare -r true")

    if "Seccomp:\t2" not in ran.stdout:
        pytest.skip("libseccomp is not installed")
    assert ran.status != 0


def test_an_insecure_step_may_what_the_builder_may(namespaces, root):
    ran = run(
        namespaces,
        root,
        "grep -E 'CapEff|Seccomp:' /proc/self/status; mount -t tmpfs x /tmp && echo mounted",
        is_privileged=True,
    )

    with open("/proc/self/status") as opened:
        own = next(line for line in opened if line.startswith("CapEff"))
    assert ran.stdout.splitlines() == [own.strip(), "Seccomp:\t0", "mounted"]


def test_limits_are_set(namespaces, root):
    ran = run(namespaces, root, "ulimit -n; ulimit -Hn", ulimits=(Ulimit("nofile", 100, 200),))

    assert ran.stdout.split() == ["100", "200"]


def test_an_unknown_limit_fails(namespaces, root):
    ran = run(namespaces, root, "true", ulimits=(Ulimit("nosuch", 1, 1),))

    assert ran.status == 1
    assert "invalid ulimit type: nosuch" in ran.stderr


def test_steps_run_beside_one_another(namespaces, root, tmp_path):
    results = {}
    # As in a build each has a root of its own: a step that ends takes its mount points away.
    roots = [
        shutil.copytree(root, tmp_path / f"root{number}", symlinks=True) for number in range(8)
    ]

    def one(number):
        results[number] = run(namespaces, roots[number], f"echo {number}; sleep 0.1").stdout

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {number: f"{number}\n" for number in range(8)}


def test_much_output_comes_whole_and_in_order(namespaces, root):
    ran = run(namespaces, root, "seq 1 50000")

    assert ran.stdout.split() == [str(number) for number in range(1, 50001)]


def test_long_arguments_and_environments_arrive(namespaces, root):
    environment = ("PATH=/bin", *(f"V{number}={'x' * 1000}" for number in range(500)))

    ran = run(namespaces, root, f": {'y' * 100_000}; echo $V499 | wc -c", environment=environment)

    assert ran.stdout.strip() == "1001"


@pytest.mark.parametrize("name", ["proc", "sys", "dev"])
def test_a_link_in_place_of_a_system_directory_is_refused(namespaces, root, name):
    (root / name).is_dir() and (root / name).rmdir()
    (root / name).symlink_to("etc")

    with pytest.raises(BuildError, match="cannot run in a root file system"):
        run(namespaces, root, "true")


_KILLED = """
import os, sys, threading
from dflint.executor.namespaces import NamespacesExecutor
from dflint.executor.process import Process
from dflint.kernel.userns import enter_mount_namespace
enter_mount_namespace()
executor = NamespacesExecutor()
command = ("/bin/sh", "-c", "echo started; trap '' TERM INT HUP; sleep 987654 & sleep 987654")
process = Process(command, ("PATH=/bin",))
executor.run(sys.argv[1], process, lambda n, d: os.write(1, d), threading.Event())
"""


def test_a_killed_builder_leaves_no_process(mount_namespace, root):
    builder = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(root)], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert builder.stdout.readline() == b"started\n"
        assert _wait_for_sleepers(2)
    finally:
        builder.send_signal(signal.SIGKILL)
        builder.wait()
    builder.stdout.read()  # ends when the last process with the pipe has ended

    assert _wait_for_sleepers(0)


def _wait_for_sleepers(count):
    deadline = time.monotonic() + 20
    while _sleepers() != count and time.monotonic() < deadline:
        time.sleep(0.01)
    return _sleepers() == count


def _sleepers():
    found = 0
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as opened:
                found += opened.read() == b"sleep\0987654\0"
        except OSError:
            continue
    return found


def test_a_closed_executor_says_so(mount_namespace, root):
    executor = NamespacesExecutor()
    executor.close()
    executor.close()

    with pytest.raises(BuildError, match="has ended"):
        executor.run(str(root), Process(("/bin/true",)), Collector(), threading.Event())


def test_a_failing_reader_ends_the_step(namespaces, root):
    def fail(number, data):
        raise RuntimeError(data.decode())

    process = Process(("/bin/sh", "-c", "echo read; sleep 60"), ("PATH=/bin",))
    began = time.monotonic()

    with pytest.raises(RuntimeError, match="read"):
        namespaces.run(str(root), process, fail, threading.Event())
    assert time.monotonic() - began < 30
    assert not (root / "etc/hosts").exists()
