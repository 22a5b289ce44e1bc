"""What a script leaves to one that is put behind it."""

from __future__ import annotations

import pytest

from dflint.shell.composition import (
    asks_for_more,
    belongs_together,
    leaves_container,
    leaves_shell,
    may_start_service,
    writes_passing_files,
)
from dflint.shell.script import read_shell_form


@pytest.mark.parametrize(
    "text",
    ["mkdir a", "mkdir a;", "A=1 make", "(cd a; make)", "! test -e a", "sudo apt-get update",
     "pip install --upgrade setuptools", "/opt/a/bin/pip3 install -U pip"],
)  # fmt: skip
def test_one_command_leaves_the_shell_as_it_was(text):
    assert leaves_shell(read_shell_form(text))


@pytest.mark.parametrize(
    "text",
    ["cd a", "export A=1", "A=1", "exec a", "exit 0", "set -e", ". a", "umask 0", "trap a EXIT",
     "a &", "(a &)", "a | b", "a; b", "a && b", "echo ${A:=1}", "echo $((a = 1))", "f() { a; }",
     "{ cd a; }", "if a; then b; fi", "for i in a; do b; done", "a # b", "pip install -U pip",
     "npm install -g npm@9", "pip3.12 install -U pip", "printf -v a b"],
)  # fmt: skip
def test_other_scripts_may_not(text):
    assert not leaves_shell(read_shell_form(text))


def test_programs_that_are_known_leave_nothing_running():
    for text in ("mkdir a", "apt-get install -y b", "npm ci", "pip3 install b", "sudo chmod +x a"):
        assert leaves_container(read_shell_form(text)), text
    for text in ("service a start", "./a", "make", "npm run a", "curl a &", "$A", "mysqld"):
        assert not leaves_container(read_shell_form(text)), text


def test_files_of_one_run_are_known():
    assert writes_passing_files(read_shell_form("echo a >>/etc/hosts"))
    assert writes_passing_files(read_shell_form("cp a /dev/shm/b"))
    assert not writes_passing_files(read_shell_form("a >/dev/null 2>&1 </dev/urandom"))


def test_what_tells_of_the_command_before_is_seen():
    assert asks_for_more(read_shell_form("echo $_"))
    assert not asks_for_more(read_shell_form("echo $_A $? $A"))


def test_a_service_may_be_started_before_a_command():
    for text, expected in (
        ("service a start && b", True),
        ("/etc/init.d/a start && b", True),
        ("mysqld && b", True),
        ("a & b", True),
        ('su a -c "pg_ctl start" && b', True),
        ('bash -c "a &" && b', True),
        ("./start.sh && b", True),
        ("useradd a && b", False),
        ("make all && b", False),
        ("b && service a start", False),
    ):
        script = read_shell_form(text)
        (command,) = [one for one in script.commands if one.name_value == "b"]
        assert may_start_service(script, command) is expected, text


@pytest.mark.parametrize(
    "first",
    [
        "alias x=y",
        "f() { make; }",
        "exec 3>/log",
        "nvm install 3",
        "workon x",
        "conda activate x",
        "rbenv shell 3",
        "echo 1 x >> /etc/hosts",
        "echo 1 > /dev/shm/x",
        "sysctl -w x=y",
        "mount -t tmpfs x /x",
        "for x in a b; do echo $x; done",
        "read x",
        "ulimit -n 3",
        "umask 077",
        "set -x",
        ". /x",
        "eval x",
        "shopt -s globstar",
        "echo ${X:=y}",
    ],
)
def test_what_leaves_something_in_the_shell_belongs_to_what_follows(first):
    script = read_shell_form(f"{first} && cd /b && echo $x")
    (change,) = script.commands_named("cd")
    assert belongs_together(script, change)


@pytest.mark.parametrize(
    "first",
    [
        "make >/dev/null",
        "conda install x",
        "command -v x",
        "for y in a; do echo $y; done",
        "(set -x)",
    ],
)
def test_what_leaves_nothing_can_stand_alone(first):
    script = read_shell_form(f"{first} && cd /b && echo $x")
    (change,) = script.commands_named("cd")
    assert not belongs_together(script, change)


def test_what_asks_for_the_last_word_belongs_to_what_is_before():
    script = read_shell_form("mkdir x && cd /b && ls $_")
    assert belongs_together(script, script.commands_named("cd")[0])
