"""`dflint build` as an ordinary user: a user namespace with subordinate ids."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

from tests.executor.test_ordinary_user import _AS_USER, ROOT, USER, python_for_others

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can take the place of another user, with ids of its own"
)
needs_maps = pytest.mark.skipif(
    not all(shutil.which(name) for name in ("newuidmap", "newgidmap")),
    reason="newuidmap and newgidmap are not installed (package uidmap)",
)

# Runs dflint as it is installed: the current folder is no place to import from.
_DFLINT = "import sys\nfrom dflint.cli.main import run\nrun()\n"


class User:
    """An ordinary user with a folder, who runs dflint."""

    def __init__(self, folder: Path, *, ids: str = "builder:2000000:65536\n", name="builder"):
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        line = f"{name}:x:{USER}:{USER}::/:/bin/sh\n" if name else ""
        (folder / "passwd").write_text(Path("/etc/passwd").read_text() + line)
        for file in ("subuid", "subgid"):
            (folder / file).write_text(ids)
        (folder / "dflint.py.txt").write_text(_DFLINT)
        os.chown(self.work, USER, USER)
        self.python = python_for_others()
        if self.python is None:
            pytest.skip("an ordinary user cannot run this interpreter")

    def write(self, name: str, text: str) -> None:
        """Writes a file that the user owns."""
        path = self.work / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        for one in (path, path.parent):
            os.chown(one, USER, USER)

    def start(self, *words: str, **options) -> subprocess.Popen[bytes]:
        """Starts dflint in the user's folder."""
        script = str(self.folder / "dflint.py.txt")
        command = [sys.executable, "-c", _AS_USER, str(self.folder), self.python, script]
        libraries = [one for one in sys.path if one.endswith("site-packages")]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules"), *libraries]),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.Popen(
            [*command, *words],
            cwd=self.work,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            **options,
        )

    def dflint(self, *words: str, given: bytes = b"") -> tuple[int, str, str]:
        """Runs dflint; the exit status and what it wrote."""
        with self.start(*words, stdin=subprocess.PIPE) as running:
            out, err = running.communicate(given, timeout=60)
        return running.returncode, out.decode(), err.decode()


@pytest.fixture
def folder():
    """A folder that another user may enter."""
    with tempfile.TemporaryDirectory(prefix="dflint-user-") as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.fixture
def user(folder, busybox, mount_namespace):
    """A user who can build from a context `busybox`."""
    made = User(folder)
    shutil.copytree(busybox, made.work / "busybox", symlinks=True)
    for path, _, files in os.walk(made.work / "busybox"):
        for name in (path, *(os.path.join(path, file) for file in files)):
            os.chown(name, USER, USER, follow_symlinks=False)
    status, _, err = made.dflint("doctor")
    if status:
        pytest.skip(f"user namespaces do not work here: {err}")
    return made


@needs_root
@needs_maps
def test_owners_are_those_of_the_image(user):
    user.write(
        "context/Dockerfile",
        "FROM scratch\nCOPY --from=busybox . /\n"
        "RUN mkdir /d && chown 33:44 /d && chmod 700 /d && echo x > /f\n"
        "COPY --chown=65000:7 a /a\n",
    )
    user.write("context/a", "a")

    status, _, err = user.dflint(
        "build", "--build-context", "busybox=busybox", "-o", "type=tar,dest=out.tar", "context"
    )

    assert status == 0, err
    with tarfile.open(user.work / "out.tar") as tar:
        owners = {one.name.strip("/"): (one.uid, one.gid) for one in tar}
    assert (owners["d"], owners["f"], owners["a"]) == ((33, 44), (0, 0), (65000, 7))
    assert (user.work / "out.tar").stat().st_uid == USER
    store = user.work / ".local/share/dflint/store"
    assert (store / "dflint.db").stat().st_uid == USER


@needs_root
@needs_maps
def test_paths_are_relative_and_standard_input_is_read(user):
    user.write("context/a", "text")
    user.write("context/json.py", "raise SystemExit('a file of the context has been run')")
    user.write("json.py", "raise SystemExit('a file of the current folder has been run')")

    status, _, err = user.dflint(
        "build", "-f", "-", "-o", "out", "context", given=b"FROM scratch\nCOPY a /b\n"
    )

    assert status == 0, err
    assert (user.work / "out/b").read_text() == "text"
    assert (user.work / "out/b").stat().st_uid == USER


@needs_root
@needs_maps
def test_an_owner_that_is_not_mapped_is_named(user):
    user.write("context/a", "text")

    status, _, err = user.dflint(
        "build", "-f", "-", "context", given=b"FROM scratch\nCOPY --chown=70000 a /b\n"
    )

    assert status == 1
    assert "failed to chown /b to 70000:70000: invalid argument (try increasing" in err


@needs_root
@needs_maps
def test_the_store_of_a_user_is_no_store_of_root(user):
    user.write("context/Dockerfile", "FROM scratch\nCOPY . /\n")
    assert user.dflint("build", "--store", "store", "context")[0] == 0

    done = subprocess.run(
        [sys.executable, "-m", "dflint", "build", "--store", "store", "context"],
        cwd=user.work,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "is the store of another user" in done.stderr


@needs_root
@needs_maps
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_build_leaves_no_process_and_no_mount(user, number):
    seconds = str(987_000 + number)
    user.write(
        "context/Dockerfile",
        f"FROM scratch\nCOPY --from=busybox . /\nRUN sleep {seconds} & sleep {seconds}\n",
    )
    with user.start("build", "--build-context", "busybox=busybox", "context") as running:
        assert wait_for(lambda: len(processes(seconds)) >= 2)
        os.kill(running.pid, number)
        running.communicate(timeout=20)

    assert running.returncode == (130 if number == signal.SIGINT else -number)
    assert wait_for(lambda: not processes(seconds))
    assert wait_for(lambda: not mounts_of(str(user.work)))


@needs_root
@pytest.mark.parametrize(
    ("name", "ids", "missing"),
    [
        ("builder", "", "/etc/subuid gives builder no subordinate ids: add the line"),
        ("", "12345:2000000:65536\n", "the user 12345 has no name in /etc/passwd"),
    ],
)
def test_what_is_missing_is_said_and_doctor_says_it_beforehand(
    folder, mount_namespace, name, ids, missing
):
    user = User(folder, name=name, ids=ids)
    user.write("context/Dockerfile", "FROM scratch\n")
    if shutil.which("newuidmap") is None:
        missing = "`newuidmap` is not installed"

    built, examined = user.dflint("build", "context"), user.dflint("doctor")

    assert built[0] == 1
    assert built[2].startswith(f"dflint: {missing}")
    assert examined[0] == 1
    assert f"NO   subordinate ids: {missing}" in examined[1]


def wait_for(condition, seconds=15.0):
    """Whether the condition comes true in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def read_of_processes(name):
    """That file of each process in /proc, by number."""
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield number, Path(f"/proc/{number}/{name}").read_bytes()
        except OSError:
            continue


def processes(argument):
    """The numbers of the processes `sleep ARGUMENT`."""
    wanted = f"sleep\0{argument}\0".encode()
    return [number for number, words in read_of_processes("cmdline") if words == wanted]


def mounts_of(folder):
    """The numbers of the processes that see a mount of the folder."""
    wanted = folder.encode()
    return [number for number, mounts in read_of_processes("mountinfo") if wanted in mounts]


@needs_root
@needs_maps
def test_many_files_and_what_is_brought_to_disk(user):
    """Processes that read, copy and sync have the user's namespaces, too."""
    contents = {f"data/{number % 3}/f{number}": str(number) for number in range(700)}
    (user.work / "data").mkdir()
    for name, text in contents.items():
        user.write(name, text)
    os.chown(user.work / "data", USER, USER)
    user.write("Dockerfile", "FROM scratch\nCOPY data /data\n")
    store = user.work / "store"

    status, _, err = user.dflint("build", f"--store={store}", "--output=type=tar,dest=a.tar", ".")

    assert status == 0, err
    with tarfile.open(user.work / "a.tar") as archive:
        found = {
            one.name: archive.extractfile(one).read().decode() for one in archive if one.isfile()
        }
    assert found == contents
    end = time.monotonic() + 60
    while not (store / "settled").read_text():
        assert time.monotonic() < end, "nobody has synced"
        time.sleep(0.05)
