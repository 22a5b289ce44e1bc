"""The options of the verbs that run containers, with docker's names, and their help."""

from __future__ import annotations

from dflint.cli.docker_flags import Flag
from dflint.cli.flag_help import flag_lines

#: What a container is, for every verb that runs one.
CONTAINER = (
    Flag("--entrypoint", "COMMAND", "run this instead of the image's ENTRYPOINT, without its CMD"),
    Flag("--env", "NAME[=VALUE]", "a variable; without a value, that of the environment", "-e"),
    Flag("--env-file", "FILE", "variables, one a line"),
    Flag("--user", "USER[:GROUP]", "the user (default: the image's)", "-u"),
    Flag("--workdir", "DIR", "the working directory (default: the image's)", "-w"),
    Flag("--volume", "SRC:DST[:ro]", "a file or directory of the host", "-v"),
    Flag("--tmpfs", "DST", "an empty file system in memory"),
    Flag("--read-only", "", "do not let the root file system be written to"),
    Flag("--hostname", "NAME", "the name of the host (default: the id)", "-h"),
    Flag("--add-host", "HOST:IP", "a line of /etc/hosts"),
    Flag("--ulimit", "NAME=SOFT[:HARD]", "a resource limit"),
    Flag("--init", "", "have a first process that hands on signals and reaps"),
)
#: Where images and containers are.
PLACE = (
    Flag("--platform", "PLATFORM", "the platform of the image, such as `linux/arm64`"),
    Flag("--pull", "", "ask the registry for the image even if the store has it"),
    Flag("--store", "DIR", "where images and containers are kept, as for `dflint build`"),
    Flag("--snapshotter", "NAME", "what layers file systems: `auto`, `overlay`, `copying`"),
    Flag("--help", "", "print this"),
)
_FRONT = (
    Flag("--interactive", "", "hand on standard input", "-i"),
    Flag("--tty", "", "give the container a terminal", "-t"),
    Flag("--publish", "[[IP:]HOST:]CONTAINER[/udp]", "a port of the host, on 127.0.0.1 by default, "
         "behind which a port of the container is; also ranges, such as `8000-8002:80-82`", "-p"),
    Flag("--publish-all", "", "publish each port that EXPOSE names, at a free port", "-P"),
    Flag("--network", "MODE", "`host`, the machine's own (default), or `none`, one with nothing "
         "but the loopback device"),
    Flag("--name", "NAME", "a name, under which the container is kept"),
    Flag("--keep", "", "keep the container at its end"),
    Flag("--rm", "", "remove the container at its end (the default without a name)"),
    Flag("--detach", "", "not there: containers run in the foreground", "-d"),
)  # fmt: skip
_RUN_GROUPS = (("the container", CONTAINER), ("the run", _FRONT), ("the image", PLACE))
RUN = tuple(flag for _, flags in _RUN_GROUPS for flag in flags)
_SMOKE = (
    Flag("--network", "MODE", "`none` (default), a network with nothing but the loopback device, "
         "or `host`"),
    Flag("--wait", "SECONDS", "how long the container has to stay up, or to answer at its ports, "
         "if no health check tells (default: 5)"),
    Flag("--timeout", "SECONDS", "how long it may take to end when it is told to (default: 10)"),
    Flag("--health-interval", "DURATION", "the time between health checks, instead of the image's"),
    Flag("--allow-root", "", "let the user be root"),
    Flag("--format", "FORMAT", "`text` or `json`"),
)  # fmt: skip
_SMOKE_GROUPS = (("the container", CONTAINER), ("the test", _SMOKE), ("the image", PLACE))
SMOKE = tuple(flag for _, flags in _SMOKE_GROUPS for flag in flags)


def run_help() -> str:
    """What `dflint run --help` prints."""
    lines = ["usage: dflint run [OPTIONS] IMAGE [COMMAND...]", ""]
    lines += ["Runs a command in a new container of an image. The options come before the image:"]
    lines += ["a name, an id, or `oci-layout://DIR[:TAG]`."]
    lines += flag_lines(_RUN_GROUPS)
    lines += ["", "exit status: the command's; 125 no container could be started, 126 the command"]
    lines += ["may not be run, 127 it is not there, 128 + N it was ended by signal N"]
    return "\n".join(lines) + "\n"


def smoke_help() -> str:
    """What `dflint smoke --help` prints."""
    lines = ["usage: dflint smoke [OPTIONS] IMAGE [COMMAND...]", ""]
    lines += [
        "Starts an image and says whether it stays up, is healthy, answers at its ports, runs"
    ]
    lines += ["as an ordinary user, and ends by itself when it is told to."]
    lines += flag_lines(_SMOKE_GROUPS)
    lines += ["", "exit status: 0 nothing failed, 1 something did, 2 wrong usage, 130 interrupted"]
    return "\n".join(lines) + "\n"
