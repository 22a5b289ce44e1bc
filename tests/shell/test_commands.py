"""Commands: the program that runs in the end, options, operands."""

from __future__ import annotations

import pytest

from dflint.shell.script import read_shell_form


def command_of(text):
    return read_shell_form(text).commands[0]


@pytest.mark.parametrize(
    ("text", "program", "arguments"),
    [
        ("apt-get update", "apt-get", ["update"]),
        ("/usr/bin/apt-get update", "apt-get", ["update"]),
        ("'apt'-get update", "apt-get", ["update"]),
        ("A=1 apt-get update", "apt-get", ["update"]),
        ("sudo -E apt-get update", "apt-get", ["update"]),
        ("sudo -u root -- apt-get", "apt-get", []),
        ("env -i -u A B=1 C=$d /bin/ls -l", "ls", ["-l"]),
        ("sudo env A=1 nice -n 5 make all", "make", ["all"]),
        ("exec gosu postgres pg_ctl start", "pg_ctl", ["start"]),
        ("timeout -k 5 10 curl x", "curl", ["x"]),
        ("xargs -r -n 1 rm -f", "rm", ["-f"]),
        ("time -p make", "make", []),
        ("time -v -o log make all", "make", ["all"]),
        ("busybox wget u", "wget", ["u"]),
        ("/bin/busybox --install -s /bin", "busybox", ["--install", "-s", "/bin"]),
        ("conda run -n app --no-capture-output pip install x", "pip", ["install", "x"]),
        ("conda install x", "conda", ["install", "x"]),
        ("micromamba -q run -p /env pip list", "pip", ["list"]),
        ("poetry run pip install x", "pip", ["install", "x"]),
        ("poetry install run", "poetry", ["install", "run"]),
        ("uv run --with a pip list", "pip", ["list"]),
        ("rustup run nightly cargo build", "cargo", ["build"]),
        ("bundle exec rake x", "rake", ["x"]),
        ("opam exec -- make", "make", []),
        ("env -S apt-get install x", "apt-get", ["install", "x"]),
        ("env -i -C /x -u A B=1 make", "make", []),
        ("nice -n 5 make", "make", []),
        ("nice -5 make", "make", []),
        ("ionice -c 3 make", "make", []),
        ("ionice -p 1", "ionice", ["-p", "1"]),
        ("setpriv --reuid=1 --regid 1 --clear-groups ls", "ls", []),
        ("setpriv --dump", "setpriv", ["--dump"]),
        ("runuser -u app -- make all", "make", ["all"]),
        ("runuser app -c make", "runuser", ["app", "-c", "make"]),
        ("runuser - app", "runuser", ["-", "app"]),
        ("gosu app:app make", "make", []),
        ("su-exec app make", "make", []),
        ("chroot --userspec a:b /mnt apt-get update", "apt-get", ["update"]),
        ("chroot /mnt", "chroot", ["/mnt"]),
        ("flock -w 5 /lock apt-get update", "apt-get", ["update"]),
        ("flock 9", "flock", ["9"]),
        ("taskset -c 0,1 make", "make", []),
        ("xvfb-run -a -s '-screen 0' npm test", "npm", ["test"]),
        ("xargs -0 -I {} cp {} /x", "cp", ["{}", "/x"]),
        ("sudo -l", "sudo", ["-l"]),
        ("stdbuf -oL -e 0 make", "make", []),
        ("linux32 make", "make", []),
        ("command -v git", "command", ["-v", "git"]),
        ("sudo -v", "sudo", ["-v"]),
        ("exec", "exec", []),
        ("$APT install", None, ["install"]),
        ("sudo $APT install", None, ["install"]),
        ("export A=1", "export", ["A=1"]),
    ],
)
def test_wrappers_are_looked_through(text, program, arguments):
    command = command_of(text)

    assert command.program == program
    assert [word.text for word in command.arguments] == arguments


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sudo apt-get", "sudo"),
        ("/usr/local/bin/foo.sh", "foo.sh"),
        ('"/opt/a b/c" d', "c"),
        ("$x/y", None),
        ("A=1", None),
        ("\\ls", "ls"),
        ("[ -f x ]", "["),
        ("2>f /bin/ls x", "ls"),
        ("{ /usr/bin/make x; }", "make"),
        ("{ 2>f /bin/ls x; }", "ls"),
        ("{ 2 >f; }", "2"),
        ("{ a\\ b c; }", "a b"),
        ("{ $x y; }", None),
    ],
)
def test_the_name_is_the_first_word_without_directories(text, name):
    assert command_of(text).name_value == name


def test_options_and_operands_are_told_apart():
    command = command_of("apt-get -qq --opt=$x install - a -y -- -b")

    assert [word.text for word in command.options] == ["-qq", "--opt=$x", "-y"]
    assert [word.text for word in command.operands] == ["install", "-", "a", "-b"]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("apt-get install -y", ("-y", "--yes"), "-y"),
        ("apt-get -qqy install", ("-y", "--yes"), "-qqy"),
        ("apt-get --yes install", ("-y", "--yes"), "--yes"),
        ("curl --proto=https x", ("--proto",), "--proto=https"),
        ("curl --proto=$x x", ("--proto",), "--proto=$x"),
        ("apt-get install --yesterday", ("-y", "--yes"), None),
        ("apt-get install -- -y", ("-y",), None),
        ("apt-get -o=y install", ("-y",), None),
        ("sudo -y apt-get install", ("-y",), None),
    ],
)
def test_an_option_is_found_by_its_names(text, names, found):
    word = command_of(text).find_option(*names)

    assert (word and word.text) == found
