"""Which platforms' programs run here, and what a build says of the others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from dflint.build.platforms import own_platform
from dflint.executor.emulation import ARCHITECTURES, can_run, program_of, runnable

OWN = own_platform()
FOREIGN = "linux/s390x"
# An emulator for s390x that does nothing but end, kept open as those of qemu are ("F").
REGISTER = """\
import os, subprocess, sys
subprocess.run(["mount", "-t", "binfmt_misc", "none", sys.argv[1]], check=True)
mask = 16 * r"\\xff" + r"\\x00\\x00\\xff\\xff"
magic = r"\\x7fELF\\x02\\x02\\x01" + 12 * r"\\x00" + r"\\x16"
with open(sys.argv[1] + "/register", "w") as file:
    file.write(f":test:M::{magic}:{mask}:{sys.argv[2]}:{sys.argv[3]}")
from dflint.executor.emulation import runnable
print(runnable(["s390x", "riscv64"]))
"""


def test_the_programs_of_this_machine_run():
    assert can_run(OWN)
    assert OWN in runnable()


def test_a_platform_that_nobody_can_tell_of_counts_as_able():
    assert can_run("linux/vax")
    assert can_run("windows/amd64")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_each_program_is_a_whole_file_that_ends(tmp_path, architecture):
    """Run by its emulator where there is one, so that a wrong instruction is seen."""
    path = tmp_path / "program"
    path.write_bytes(program_of(architecture))
    path.chmod(0o755)
    names = {"amd64": "x86_64", "386": "i386", "arm64": "aarch64", "loong64": "loongarch64",
             "mips64le": "mips64el"}  # fmt: skip
    emulator = shutil.which(f"qemu-{names.get(architecture, architecture)}-static")
    if emulator is None and f"linux/{architecture}" not in runnable():
        assert path.read_bytes()[:4] == b"\x7fELF"
        with pytest.raises(OSError, match="Exec format error"):
            subprocess.run([path], check=False)
        return
    command = [path] if emulator is None else [emulator, path]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize(("flags", "expected"), [("F", "['linux/s390x']"), ("", "[]")])
def test_an_emulator_counts_where_steps_can_reach_it(tmp_path, flags, expected):
    emulator = tmp_path / "emulator"
    emulator.write_bytes(program_of(OWN.split("/")[1]))
    emulator.chmod(0o755)
    (tmp_path / "binfmt").mkdir()
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", REGISTER,
         str(tmp_path / "binfmt"), str(emulator), flags],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    if "register" in done.stderr or "mount" in done.stderr:
        pytest.skip("emulators of a user namespace's own need Linux 6.7 or later")
    assert done.stdout.strip() == expected, done.stderr
