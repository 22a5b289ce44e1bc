"""`dflint run`: what is run, what it sees, and what is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from tests.build.test_rootless import mounts_of, processes, wait_for


def lines(text):
    return text.splitlines()


@pytest.fixture(scope="module")
def entry(dflint):
    return dflint.image("entry", 'ENTRYPOINT ["echo", "entry"]', 'CMD ["cmd"]')


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["entry"], "entry cmd"),
        (["entry", "given"], "entry given"),
        (["--entrypoint", "echo", "entry"], ""),
        (["--entrypoint", "echo", "entry", "a", "-e", "b"], "a -e b"),
        (["--entrypoint=", "entry", "echo", "alone"], "alone"),
        (["app"], "of the image"),
        (["app", "echo", "--help"], "--help"),
    ],
)
def test_entrypoint_and_cmd_are_dockers(dflint, entry, words, printed):
    assert dflint.text("run", *words) == printed + "\n"


def test_an_image_may_be_named_by_its_id(dflint, entry):
    assert dflint.text("run", entry) == "entry cmd\n"
    assert dflint.text("run", entry.removeprefix("sha256:")[:12]) == "entry cmd\n"


def test_an_image_may_be_a_layout(dflint, busybox_layout):
    assert dflint.text("run", f"oci-layout://{busybox_layout}", "echo", "x") == "x\n"


def test_variables_come_from_the_image_the_files_and_the_options(dflint):
    file = dflint.place / "variables"
    file.write_text("# comment\n\nA=file\nB=file\nHERE\nMISSING\n")
    script = 'echo "$A $B $C $HERE ${MISSING-none} $HOSTNAME $(hostname) $HOME"; pwd; id -u'

    text = dflint.text(
        *("run", "-e", "B=option", "-eC", "--env-file", str(file), "-h", "it", "app"),
        *("sh", "-c", script),
        C="environment", HERE="yes",
    )  # fmt: skip

    assert lines(text) == ["file option environment yes none it it /root", "/work", "0"]


def test_user_and_working_directory(dflint):
    text = dflint.text(
        "run", "-u", "7:8", "-w", "/made/here", "app", "sh", "-c", "id -u; id -g; pwd"
    )

    assert lines(text) == ["7", "8", "/made/here"]


def test_standard_input_is_handed_on_only_when_asked_for(dflint):
    assert dflint.text("run", "-i", "app", "cat", given=b"x" * 200_000) == "x" * 200_000
    assert dflint.text("run", "app", "cat", given=b"given") == ""


def test_output_streams_stay_apart(dflint):
    done = dflint("run", "app", "sh", "-c", "echo out; echo err >&2")

    assert (done.stdout, done.stderr) == (b"out\n", b"err\n")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["app", "sh", "-c", "exit 7"], 7, ""),
        (["app", "sh", "-c", "kill -9 $$"], 0, ""),  # nothing kills the first process from inside
        (["--init", "app", "sh", "-c", "kill -9 $$"], 137, ""),
        (["app", "nowhere"], 127, "executable file not found in $PATH"),
        (["app", "/etc/passwd"], 126, "permission denied"),
        (["-u", "nobody-here", "app"], 125, "unable to find user nobody-here"),
        (["--nonsense", "app"], 125, "unknown option `--nonsense`"),
        (["-d", "app"], 125, "containers run in the foreground"),
        (["--name", "-", "app"], 125, "--name: expected letters"),
        (["-v", "named:/x", "app"], 125, "volumes with names are not kept"),
        (["-v", "/nowhere:/x", "app"], 125, "found nothing at `/nowhere`"),
        (["-v", "/etc:x", "app"], 125, "expected `SRC:DST[:ro]`"),
        (["-v", "/etc:/x:z", "app"], 125, "expected `ro` or `rw`, found `z`"),
        (["-p", "80:90/sctp", "app"], 125, "expected the protocol `tcp` or `udp`, found `sctp`"),
        (["-p", "host:80:90", "app"], 125, "expected an IP address, found `host`"),
        (["-p", "70000:80", "app"], 125, "expected ports from 1 to 65535"),
        (["-it", "app"], 125, "expected a terminal as standard input"),
        (["--keep", "--rm", "app"], 125, "found both"),
        (["-w", "here", "app"], 125, "expected a whole path, found `here`"),
        (["--env-file", "/nowhere", "app"], 125, "cannot read `/nowhere`"),
        (["APP"], 125, "invalid image name `APP`"),
        ([], 125, "expected an image, found nothing"),
        (["--platform", "linux/s390x", "app"], 125, ""),
    ],
)  # fmt: skip
def test_the_status_tells_what_happened(dflint, words, status, message):
    done = dflint("run", *words)

    assert done.returncode == status
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert dflint.containers() == []


def test_an_image_without_a_command_needs_one(dflint):
    dflint.image("empty", "CMD []", "ENTRYPOINT []")

    done = dflint("run", "empty")

    assert done.returncode == 125
    assert b"no command is specified" in done.stderr


def test_volumes_are_seen_and_written_to_unless_read_only(dflint):
    place = dflint.place / "volume"
    place.mkdir()
    (place / "a").write_text("here")
    script = "cat /v/a /f; echo made > /v/b; echo no > /r/c || echo read-only; touch /t/x && ls /t"

    text = dflint.text(
        *("run", "-v", "./volume:/v", "-v", f"{place}:/r:ro", "-v", f"{place}/a:/f:ro"),
        *("--tmpfs", "/t", "app", "sh", "-c", script),
    )

    assert text == "hereheread-only\nx\n".replace("hereheread", "herehereread")
    assert (place / "b").read_text() == "made\n"
    assert not (place / "c").exists()


def test_a_read_only_root_cannot_be_written_to(dflint):
    done = dflint("run", "--read-only", "--tmpfs", "/tmp", "app", "sh", "-c", "echo > /tmp/x; > /x")

    assert done.returncode != 0
    assert b"/x: Read-only file system" in done.stderr


def test_a_network_of_its_own_has_the_loopback_device_alone(dflint):
    script = "cat /proc/net/route; ip -4 address | grep 'inet '"

    text = dflint.text("run", "--network", "none", "app", "sh", "-c", script)

    assert len(lines(text)) == 2  # the title of no routes, and one address
    assert lines(text)[1].split()[:2] == ["inet", "127.0.0.1/8"]


def until(running, text):
    """Reads what it writes up to a text."""
    got = b""
    while text not in got:
        chunk = os.read(running.stdout.fileno(), 4096)
        assert chunk, got
        got += chunk


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_are_handed_on(dflint, number):
    name = signal.Signals(number).name.removeprefix("SIG")
    script = f"trap 'exit 9' {name}; echo up; while :; do sleep 0.05; done"
    with dflint.start("run", "app", "sh", "-c", script) as running:
        until(running, b"up")
        running.send_signal(number)
        assert running.wait(20) == 9


def test_the_third_request_to_end_kills(dflint):
    # Not a shell: that of busybox ends at the first one, even as the first process.
    seconds = "983011"
    with dflint.start("run", "app", "sleep", seconds) as running:
        assert wait_for(lambda: processes(seconds))
        for _ in range(2):
            running.send_signal(signal.SIGINT)
            time.sleep(0.2)
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        assert running.wait(20) == 137


def test_nothing_is_left_of_a_run_that_is_killed(dflint):
    seconds = "983001"
    script = f"sleep {seconds} & echo up; exec sleep {seconds}"
    with dflint.start("run", "app", "sh", "-c", script) as running:
        until(running, b"up")
        assert wait_for(lambda: len(processes(seconds)) == 2)
        running.kill()
        running.communicate()

    assert wait_for(lambda: not processes(seconds))
    assert wait_for(lambda: not mounts_of(str(dflint.store)))
    assert dflint.text("ps", "-aq") == ""
    assert dflint.containers() == []


def test_containers_of_one_image_do_not_see_each_other(dflint):
    with dflint.start("run", "app", "sh", "-c", "echo > /mine; echo up; exec sleep 60") as running:
        until(running, b"up")
        found = dflint.text("run", "app", "sh", "-c", "ls / | grep mine || echo none")
        running.kill()
        running.communicate()

    assert found == "none\n"


def test_files_of_the_image_take_no_room_in_a_container(dflint):
    dflint.image("large", "RUN dd if=/dev/zero of=/large bs=1000000 count=20 2>/dev/null")

    for name in ("one", "two"):
        dflint.text("run", "--name", name, "large", "sh", "-c", "echo 12345 > /small")
    shown = [line.split("   ")[-1].strip() for line in lines(dflint.text("ps", "-as"))[1:]]
    taken = subprocess.run(
        ["du", "-s", "-B1", *(str(dflint.store / "containers" / one) for one in
                              dflint.containers())],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    dflint.text("rm", "one", "two")

    assert [one.split(" ")[0] for one in shown] == ["6B", "6B"]
    assert all(20 <= float(one.split("virtual ")[1].rstrip("MB)")) < 25 for one in shown)
    assert all(int(line.split()[0]) < 1_000_000 for line in lines(taken))


@pytest.mark.parametrize("snapshotter", ["overlay", "copying"])
def test_a_kept_container_holds_what_it_wrote(dflint, snapshotter):
    words = ("run", "--name", "kept", "--snapshotter", snapshotter, "app")
    done = dflint(*words, "sh", "-c", "echo new > /new; rm /etc/group; exit 3")
    assert done.returncode == 3
    (id,) = dflint.containers()
    row = lines(dflint.text("ps", "-as"))[1]
    again = dflint(*words)

    assert "Exited (3)" in row and "4B (virtual" in row and row.startswith(id[:12])
    assert (dflint.store / "containers" / id / "tree/new").read_text() == "new\n"
    assert again.returncode == 125
    assert b"the name `kept` is in use by another container" in again.stderr
    assert dflint.text("rm", id[:6]) == f"{id[:6]}\n"
    assert dflint.containers() == []


def test_pruning_leaves_the_image_of_a_container(dflint):
    id = dflint.image("gone", "RUN echo of the image > /file")
    dflint.text("run", "--name", "holder", "gone", "true")
    index = dflint.store / "index.json"
    before = index.read_bytes()
    code = (
        "from dflint.content.store import ContentStore as C; import sys;"
        "C(sys.argv[1]).untag('docker.io/library/gone:latest')"
    )
    subprocess.run([dflint.arguments()[0], "-c", code, str(dflint.store)], check=True,
                   env=dflint.environment)  # fmt: skip
    assert index.read_bytes() != before

    dflint.text("buildcache", "prune", "--all")
    held = dflint.text("run", id, "cat", "/file")
    dflint.text("rm", "holder")
    dflint.text("buildcache", "prune", "--all")
    after = dflint("run", id, "cat", "/file")

    assert held == "of the image\n"
    assert after.returncode == 125


def test_a_running_container_is_removed_by_force_alone(dflint):
    seconds = "983002"
    with dflint.start("run", "--name", "busy", "app", "sleep", seconds) as running:
        assert wait_for(lambda: processes(seconds))
        gentle = dflint("rm", "busy")
        assert processes(seconds)
        forced = dflint("rm", "-f", "busy")
        running.communicate()

    assert gentle.returncode == 1
    assert b"container `busy` is running" in gentle.stderr
    assert (forced.returncode, forced.stdout) == (0, b"busy\n")
    assert running.returncode == -signal.SIGKILL
    assert wait_for(lambda: not processes(seconds))
    assert dflint.containers() == []


def test_a_kept_container_that_was_killed_has_ended(dflint):
    seconds = "983003"
    with dflint.start("run", "--name", "killed", "app", "sleep", seconds) as running:
        assert wait_for(lambda: processes(seconds))
        up = dflint.text("ps")
        running.kill()
        running.communicate()

    assert "Up " in up
    assert "Exited (137)" in dflint.text("ps", "-a")
    assert "killed" not in dflint.text("ps")
    dflint.text("rm", "killed")


def test_what_is_not_there_cannot_be_removed(dflint):
    done = dflint("rm", "nowhere")

    assert done.returncode == 1
    assert b"no such container: `nowhere`" in done.stderr
