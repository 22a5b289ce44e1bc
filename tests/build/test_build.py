"""Whole builds through the command, on a base image with a shell."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import tarfile
import time

import pytest

from tests.build.packing import packed

EVERY_INSTRUCTION = """\
ARG BASE=busybox
FROM $BASE AS made
ARG WHO=world
ENV GREETING="hello $WHO"
RUN echo $GREETING >/greeting
FROM $BASE
LABEL one=1 two="2 2"
MAINTAINER someone
COPY --from=made --chown=games:games --chmod=640 /greeting /copied/
COPY data/ /data/
ADD --chmod=600 packed.tar /unpacked/
SHELL ["/bin/sh", "-e", "-c"]
WORKDIR /made/here
RUN pwd >where; id -un >who
USER nobody
WORKDIR deeper
RUN id -un >/tmp/who
EXPOSE 80 443/udp
VOLUME /data /logs
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --retries=2 CMD test -e /greeting
ONBUILD RUN echo later
ENTRYPOINT ["/bin/cat"]
CMD ["/copied/greeting"]
"""


@pytest.fixture
def full(command):
    command.write(
        {
            "Dockerfile": EVERY_INSTRUCTION,
            ".dockerignore": "**/*.log\n",
            "data/a": "a",
            "data/sub/b": "b",
            "data/no.log": "no",
            "packed.tar": packed({"in": b"inside"}),
        }
    )
    return command


def test_every_instruction_does_its_work(full):
    folder = full.files("--build-arg=WHO=you")

    assert (folder / "copied/greeting").read_text() == "hello you\n"
    assert os.stat(folder / "copied/greeting").st_mode & 0o7777 == 0o640
    # As in BuildKit, files that go to a folder are those of whoever builds.
    assert os.stat(folder / "copied/greeting").st_uid == os.getuid()
    assert sorted(path.name for path in (folder / "data").rglob("*")) == ["a", "b", "sub"]
    assert (folder / "unpacked/in").read_bytes() == b"inside"
    assert (folder / "made/here/where").read_text() == "/made/here\n"
    assert (folder / "made/here/who").read_text() == "root\n"
    assert (folder / "tmp/who").read_text() == "nobody\n"
    assert (folder / "made/here/deeper").is_dir()


def test_a_tar_keeps_the_owners(full):
    path = full.place / "files.tar"
    full.build(f"--output=type=tar,dest={path}")

    with tarfile.open(path) as archive:
        entry = archive.getmember("copied/greeting")
    assert (entry.uid, entry.gid, entry.mode) == (5, 60, 0o640)


def test_every_instruction_is_in_the_image(full):
    image = full.image("--label=three=3")

    config = image.config
    assert config["Entrypoint"] == ["/bin/cat"]
    assert config["Cmd"] == ["/copied/greeting"]
    assert config["User"] == "nobody"
    assert config["WorkingDir"] == "/made/here/deeper"
    assert config["ExposedPorts"] == {"443/udp": {}, "80/tcp": {}}
    assert config["Volumes"] == {"/data": {}, "/logs": {}}
    assert config["StopSignal"] == "SIGINT"
    assert config["Labels"] == {"one": "1", "two": "2 2", "three": "3"}
    assert config["Healthcheck"] == {
        "Test": ["CMD-SHELL", "test -e /greeting"], "Interval": 5_000_000_000, "Retries": 2,
    }  # fmt: skip
    assert config["OnBuild"] == ["RUN echo later"]
    assert config["Shell"] == ["/bin/sh", "-e", "-c"]
    assert image.document["author"] == "someone"
    layers = [one for one in image.document["history"] if not one.get("empty_layer")]
    assert len(layers) == len(image.manifest["layers"])
    assert len(layers) == len(image.document["rootfs"]["diff_ids"])


def test_run_binds_context_stage_and_image(command):
    command.write({"in/file": "of the context\n"})
    folder = command.files(
        dockerfile="""\
FROM busybox AS other
RUN echo of the stage >/file
FROM busybox
RUN --mount=target=/context --mount=from=other,target=/stage \\
    --mount=type=bind,from=busybox,source=/etc,target=/image \\
    cat /context/in/file /stage/file >/all; wc -l </image/passwd >>/all; \\
    ! touch /context/new 2>/dev/null && echo read-only >>/all
RUN ls / >/names
"""
    )

    lines = (folder / "all").read_text().split("\n")
    assert lines == ["of the context", "of the stage", "5", "read-only", ""]
    assert not {"context", "stage", "image"} & set((folder / "names").read_text().split())


def test_what_a_writable_bind_is_written_is_lost(command):
    command.write({"file": "old\n"})
    folder = command.files(
        dockerfile="""\
FROM busybox AS other
RUN echo stage >/kept
FROM busybox
RUN --mount=target=/c,rw --mount=from=other,target=/s,rw \\
    echo new >/c/file && echo new >/c/more && echo new >/s/kept && cat /c/file /s/kept >/first
RUN --mount=target=/c,rw --mount=from=other,target=/s,rw \\
    cat /c/file /s/kept >/second; ls /c >>/second
"""
    )

    assert (folder / "first").read_text() == "new\nnew\n"
    assert (folder / "second").read_text() == "old\nstage\nDockerfile\nfile\n"
    assert (command.context / "file").read_text() == "old\n"


def test_mounts_lie_over_each_other_whatever_their_order(command):
    command.write({"file": "of the context\n"})
    folder = command.files(
        dockerfile="""\
FROM busybox
RUN --mount=target=/m/inner --mount=type=tmpfs,target=/m cp /m/inner/file /copied
"""
    )

    assert (folder / "copied").read_text() == "of the context\n"
    assert not (folder / "m" / "inner").exists()


@pytest.mark.parametrize("flag", ["", ",rw"])
def test_a_bound_directory_has_its_mode_and_time(command, flag):
    command.write({"d/f": "x", ".dockerignore": "nothing\n"})
    os.chmod(command.context / "d", 0o1750)
    os.utime(command.context / "d", (1000, 1000))
    folder = command.files(
        dockerfile=f"""\
FROM busybox
RUN --mount=source=d,target=/m{flag} stat -c '%a %Y' /m >/seen
"""
    )

    assert (folder / "seen").read_text() == "1750 1000\n"


def test_a_cache_lives_between_builds(command):
    text = """\
FROM busybox
RUN --mount=type=cache,id=kept,target=/cache,uid=5,gid=60,mode=0750,sharing={sharing} \\
    echo run >>/cache/log; stat -c '%u %g %a' /cache >/out; wc -l </cache/log >>/out
"""
    found = [
        (command.files("--no-cache", dockerfile=text.format(sharing=one)) / "out").read_text()
        for one in ("shared", "locked", "shared")
    ]

    assert found == [f"5 60 750\n{count}\n" for count in (1, 2, 3)]


def test_steps_do_not_share_a_locked_cache_at_once(command):
    step = (
        "RUN --mount=type=cache,id=one,target=/c,sharing=locked "
        "mkdir /c/held && sleep 0.3 && rmdir /c/held && touch /%s\n"
    )
    command.build(
        "-j4",
        dockerfile=f"FROM busybox AS a\n{step % 'a'}FROM busybox AS b\n{step % 'b'}"
        "FROM scratch\nCOPY --from=a /a /\nCOPY --from=b /b /\n",
    )


def test_a_tmpfs_is_empty_and_of_its_size(command):
    folder = command.files(
        dockerfile="FROM busybox\n"
        "RUN --mount=type=tmpfs,target=/t,size=1m touch /t/x; ls /t >/n; "
        "df -k /t | tail -1 | tr -s ' ' | cut -d' ' -f2 >>/n\n"
    )

    assert (folder / "n").read_text() == "x\n1024\n"
    assert not (folder / "t").exists()


def test_secrets_are_files_and_variables_and_leave_nothing(command):
    (command.place / "token").write_text("s3cr3t")
    image = command.image(
        "--secret=id=token,src=token",
        "--secret=id=env,env=OF_ENV",
        OF_ENV="v4lue",
        dockerfile="""\
FROM busybox
RUN --mount=type=secret,id=token \\
    [ "$(cat /run/secrets/token)" = "$(echo s3 cr3t | tr -d ' ')" ] && \\
    stat -c '%u %a' /run/secrets/token >/out
RUN --mount=type=secret,id=token,target=/t,uid=5,mode=0444 stat -c '%u %a' /t >>/out
RUN --mount=type=secret,id=env,env=NAME [ ${#NAME} = 5 ]
RUN --mount=type=secret,id=none [ ! -e /run/secrets/none ]
""",
    )

    contents = [*image.files.values(), *map(layer_content, image.files.values())]
    assert not [data for data in contents if b"s3cr3t" in data or b"v4lue" in data]


def layer_content(blob):
    """A layer without its compression; nothing of another blob."""
    return gzip.decompress(blob) if blob.startswith(b"\x1f\x8b") else b""


def test_a_required_secret_that_is_not_given_stops_the_build(command):
    built = command.run(dockerfile="FROM busybox\nRUN --mount=type=secret,id=token,required true\n")

    assert built.status == 1
    assert "secret token: not found" in built.err


def test_ssh_reaches_keys(command):
    if not shutil.which("ssh-keygen"):
        pytest.skip("`ssh-keygen` is not installed")
    key = command.place / "key"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-f", str(key)], check=True)
    built = command.build(
        f"--ssh=a={key}",
        dockerfile="FROM busybox\nRUN --mount=type=ssh,id=a,required test -S $SSH_AUTH_SOCK\n",
    )
    assert "CACHED" not in built.err


def test_ssh_reaches_the_agent(command):
    if not shutil.which("ssh-agent"):
        pytest.skip("`ssh-agent` is not installed")
    socket = command.place / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            time.sleep(0.01)
        folder = command.files(
            f"--ssh=default={socket}",
            dockerfile="FROM busybox\nRUN --mount=type=ssh test -S $SSH_AUTH_SOCK && "
            "stat -c %a $SSH_AUTH_SOCK >/mode && echo $SSH_AUTH_SOCK >>/mode\n",
        )
    finally:
        agent.terminate()
        agent.wait()

    assert (folder / "mode").read_text() == "600\n/run/buildkit/ssh_agent.0\n"


def test_a_step_without_network_has_the_loopback_only(command):
    folder = command.files(dockerfile="FROM busybox\nRUN --network=none ls /sys/class/net >/net\n")

    assert (folder / "net").read_text() == "lo\n"


def test_heredocs_are_scripts_and_files(command):
    folder = command.files(
        dockerfile="""\
FROM busybox
RUN <<EOF
echo one >/out
echo two >>/out
EOF
RUN <<EOF
#!/bin/cat
as it is $HOME
EOF
RUN cat <<A >>/out && cat <<"B" >>/out
a $HOME
A
b $HOME
B
ARG V=v
COPY <<one <<"two" /files/
$V
one
$V
two
"""
    )

    assert (folder / "out").read_text() == "one\ntwo\na /root\nb $HOME\n"
    assert (folder / "files/one").read_text() == "v\n"
    assert (folder / "files/two").read_text() == "$V\n"


def test_a_script_with_its_own_interpreter_runs_there(command):
    built = command.build(
        dockerfile="FROM busybox\nRUN <<EOF\n#!/bin/tail -n1\nfirst\nlast line\nEOF\n"
    )

    assert "last line" in built.log
    assert "first" not in built.log


def test_a_failing_step_is_shown_with_its_lines(command):
    built = command.run(
        dockerfile="FROM busybox\nRUN echo fine\nRUN echo wrong; exit 7\nRUN echo never\n"
    )

    assert built.status == 1
    assert "wrong" in built.log
    assert "never" not in built.log
    assert "   3 | >>> RUN echo wrong; exit 7\n" in built.err
    assert (
        'process "/bin/sh -c echo wrong; exit 7" did not complete successfully: exit code: 7'
    ) in built.err


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        ("someone", "unable to find user someone: no matching entries in passwd file"),
        ("root:some", "unable to find group some: no matching entries in group file"),
    ],
)
def test_a_step_of_an_unknown_user_fails(command, user, reason):
    built = command.run(dockerfile=f"FROM busybox\nUSER {user}\nRUN true\n")

    assert built.status == 1
    assert f'process "/bin/sh -c true" did not complete successfully: {reason}\n' in built.err


def test_an_interrupt_ends_everything(command):
    command.write({"Dockerfile": "FROM busybox\nRUN echo started; sleep 4321\n"})
    running = subprocess.Popen(
        command.arguments("-t", "app", "--iidfile=id"),
        stderr=subprocess.PIPE, env=command.environment, cwd=command.place, text=True,
    )  # fmt: skip
    for line in running.stderr:
        if line.rstrip().endswith(" started"):
            break
    running.send_signal(signal.SIGINT)
    rest = running.stderr.read()

    assert running.wait(timeout=20) == 130
    assert "CANCELED" in rest
    assert "sleep\0004321" not in commands()
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        assert str(command.place) not in mounts.read()
    assert not (command.place / "id").exists()
    # The next build is as if there had been none.
    command.build(dockerfile="FROM busybox\nRUN echo again\n")


def commands():
    """The command lines of all processes."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                found.append(file.read())
        except OSError:
            continue
    return "\n".join(found)


def test_a_change_below_a_link_is_seen(command):
    command.write({"f": "one", "g": "same"})
    text = "FROM busybox\nCOPY f /f\nCOPY --link g /g\nRUN cat /f /g >/both\n"
    assert (command.files(dockerfile=text) / "both").read_text() == "onesame"
    command.write({"f": "changed"})
    folder = command.files()
    assert (folder / "both").read_text() == "changedsame"
    assert (folder / "f").read_text() == "changed"


def test_what_is_not_there_is_told_so_that_it_can_be_found(command):
    built = command.run()
    assert built.status == 1
    assert f"open Dockerfile: no such file or directory in `{command.context}`" in built.err
    built = command.run(dockerfile="FROM 127.0.0.1:1/none:1\n")
    assert built.status == 1
    assert built.err.count("failed to resolve source metadata for 127.0.0.1:1/none:1: ") == 1
    built = command.run("--store", "/proc/none", dockerfile="FROM scratch\n")
    assert built.status == 1
    assert "the store at `/proc/none` cannot be used: " in built.err
    assert "Traceback" not in built.err


@pytest.mark.parametrize("kind", ["tmpfs", "cache"])
def test_a_mount_of_what_is_not_in_it_fails(command, kind):
    mount = f"type={kind},target=/x,source=a/../y"
    command.write({"Dockerfile": f"FROM busybox\nRUN --mount={mount} touch /x/f\n"})

    built = command.run()

    assert built.status == 1
    assert (
        'process "/bin/sh -c touch /x/f" did not complete successfully: '
        "open /y: no such file or directory"
    ) in built.err
    assert ">>> RUN" in built.err


def test_a_mount_shows_a_folder_of_a_cache(command):
    command.write(
        {
            "Dockerfile": "FROM busybox\n"
            "RUN --mount=type=cache,id=c,target=/c mkdir /c/inner && echo in >/c/inner/f\n"
            "RUN --mount=type=cache,id=c,target=/d,source=inner cat /d/f >/seen\n"
        }
    )

    assert (command.files() / "seen").read_text() == "in\n"
