"""The instructions: what each does, how it is written, and what can be filled in."""

from __future__ import annotations

LINK = "https://docs.docker.com/reference/dockerfile/"
"""The Dockerfile reference; an instruction's section is its keyword in lower case."""


class InstructionFacts:
    """What is told of an instruction.

    `forms` are snippets of the ways to write it, as the protocol has them: `${1:name}` is to be
    filled in. `signatures` are the same for people, with each parameter in braces.
    """

    __slots__ = ("forms", "signatures", "text")

    def __init__(self, text: str, forms: tuple[str, ...], signatures: tuple[str, ...]) -> None:
        self.text = text
        self.forms = forms
        self.signatures = signatures


_PAIRS = (
    "{key} {value}",
    "{key}={value}",
    "{key}={value} {key2}={value2}",
)
_COPIED = (
    "{[flags]} {source} {...} {dest}",
    '{[flags]} {[} "{source}", {...}, "{dest}" {]}',
)
_EXECUTABLE = '{[} "{executable}", "{parameter}", {...} {]}'
_IMAGES = ("{baseImage}", "{baseImage}:{tag}", "{baseImage}@{digest}")

#: By keyword in upper case, in the order in which they are offered.
INSTRUCTIONS: dict[str, InstructionFacts] = {
    "ADD": InstructionFacts(
        "Copies files into the image: from the build context, from a URL or from a git repository. "
        "A local archive is unpacked. For plain files of the context `COPY` says more clearly what "
        "happens.",
        ("${1:source} ${2:dest}",),
        _COPIED,
    ),
    "ARG": InstructionFacts(
        "Declares a build argument, which `--build-arg` can set. Before the first `FROM` it is "
        "global and only seen by `FROM`, until a stage declares it again. It is gone when the "
        "image runs, but its value can be read in the image's history: never pass secrets so.",
        ("${1:name}=${2:defaultValue}", "${1:name}"),
        ("{name}", "{name}={defaultValue}"),
    ),
    "CMD": InstructionFacts(
        "Sets the command that a container runs by default, or the default arguments of "
        "`ENTRYPOINT`. The exec form `[\"program\", \"argument\"]` runs the program itself; the "
        "shell form runs it in a shell, which then gets the signals. The last one counts.",
        ('[ "${1:executable}" ]',),
        (_EXECUTABLE, '{[} "{parameter}", "{parameter2}", {...} {]}',
         "{executable} {parameter} {...}"),
    ),
    "COPY": InstructionFacts(
        "Copies files and directories into the image: from the build context, or with `--from` "
        "from another stage, an image or a named context. A relative destination is below "
        "`WORKDIR`.",
        ("${1:source} ${2:dest}",),
        _COPIED,
    ),
    "ENTRYPOINT": InstructionFacts(
        "Sets the program that a container runs. What `CMD` or the command line gives are its "
        "arguments, if it is in exec form; the shell form ignores both, and its shell gets the "
        "signals. The last one counts.",
        ('[ "${1:executable}" ]',),
        (_EXECUTABLE, "{executable} {parameter} {...}"),
    ),
    "ENV": InstructionFacts(
        "Sets environment variables for the instructions that follow and for containers of the "
        "image. All values of one `ENV` are expanded before any of them is set.",
        ("${1:key}=${2:value}",),
        _PAIRS,
    ),
    "EXPOSE": InstructionFacts(
        "Tells which ports a container listens on: `8080`, `53/udp`, `7000-7010`. It opens "
        "nothing by itself; `docker run -p` publishes ports.",
        ("${1:port}",),
        ("{port} {...}",),
    ),
    "FROM": InstructionFacts(
        "Begins a build stage with an image, an earlier stage or the empty `scratch`. `AS` gives "
        "the stage a name for later `FROM` and `--from`.",
        ("${1:baseImage}",),
        (*_IMAGES, *(f"{image} {{AS}} {{stage}}" for image in _IMAGES)),
    ),
    "HEALTHCHECK": InstructionFacts(
        "Tells how to see whether a container still works: a command that is run every so often, "
        "and ends with 0 when all is well, with 1 when not. `NONE` switches off what the base "
        "image has. The last one counts.",
        ('--interval=${1:30s} --timeout=${2:30s} --start-period=${3:5s} --retries=${4:3} '
         'CMD [ "${5:executable}" ]', "NONE"),
        ("{[flags]} {CMD} {...}", "{NONE}"),
    ),
    "LABEL": InstructionFacts(
        "Adds metadata to the image as pairs of key and value. Keys of one's own begin with a "
        "reversed domain name; those of OCI with `org.opencontainers.image.`.",
        ('${1:key}="${2:value}"',),
        _PAIRS,
    ),
    "MAINTAINER": InstructionFacts(
        "Names the image's author. It is deprecated: use "
        "`LABEL org.opencontainers.image.authors=…`.",
        ("${1:name}",),
        ("{name}",),
    ),
    "ONBUILD": InstructionFacts(
        "Keeps an instruction in the image for builds that begin `FROM` it, which run it right "
        "after their `FROM`.",
        ("${1:INSTRUCTION}",),
        ("{INSTRUCTION}",),
    ),
    "RUN": InstructionFacts(
        "Runs a command and keeps what it changes as a layer of the image. The shell form is run "
        "by the shell of `SHELL`, the exec form without any. A heredoc is a script of many lines.",
        ("${1:command}",),
        ("{command} {parameter} {...}", '{[} "{command}", "{parameter}", {...} {]}'),
    ),
    "SHELL": InstructionFacts(
        "Sets the shell that runs the shell form of what follows, `[\"/bin/sh\", \"-c\"]` by "
        "default on Linux. With `[\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` a pipe fails when "
        "any of its commands does.",
        ('[ "${1:executable}" ]',),
        (_EXECUTABLE,),
    ),
    "STOPSIGNAL": InstructionFacts(
        "Sets the signal that tells a container to stop, by name or number; `SIGTERM` by default.",
        ("${1:signal}",),
        ("{signal}",),
    ),
    "USER": InstructionFacts(
        "Sets the user, and the group if one is given, for the instructions that follow and for "
        "containers. A name has to be known in the image; a number need not.",
        ("${1:daemon}",),
        ("{user}", "{user}:{group}", "{uid}", "{uid}:{gid}"),
    ),
    "VOLUME": InstructionFacts(
        "Makes paths mount points for data from outside of the container. What the builder "
        "changes below them later on may be lost.",
        ('[ "${1:/data}" ]',),
        ('{[} "{/vol}", {...} {]}', "{/vol} {...}"),
    ),
    "WORKDIR": InstructionFacts(
        "Sets the working directory for what follows and for containers, and makes it if it is "
        "not there. A relative path counts from the one before.",
        ("${1:/the/workdir/path}",),
        ("{/the/workdir/path}",),
    ),
}  # fmt: skip


def link_of(keyword: str) -> str:
    """Where the reference tells of an instruction, by its keyword in any case."""
    return f"{LINK}#{keyword.lower()}"
