"""The rule `docker-socket`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run, Volume
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class DockerSocket(Rule):
    """The image is made for the socket of a Docker engine.

    Whoever can write to `docker.sock` is root on the host: it starts containers with any
    directory of the host in them. A `VOLUME` for it does not bring it in, but asks everybody to;
    a socket that is opened to all users of the container (`chmod 666 /var/run/docker.sock`) gives
    the host to each program in it. Build without a daemon (BuildKit rootless, Buildah, Kaniko),
    or put a proxy before it that lets through what is needed.

    Docker documentation, "Protect the Docker daemon socket".
    """

    meta = Meta(
        "docker-socket",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("dockerfile-dockerd-socket-mount",),
    )
    on = (
        Volume,
        Run,
        OnBuild,
    )
    mentions = ("docker.sock",)
    bad = "FROM debian:12-slim\nVOLUME /var/run/docker.sock\n"
    good = "FROM debian:12-slim\nVOLUME /var/lib/data\n"
    valid = (
        Valid("FROM a\nVOLUME /var/run\nRUN ls /var/run/docker.sock\n"),
        Valid('FROM a\nENV DOCKER_HOST=unix:///var/run/docker.sock\nCMD ["x"]\n'),
    )
    invalid = (
        Invalid('FROM a\nVOLUME ["/b", "/var/run/docker.sock"]\n', at='"/var/run/docker.sock"'),
        Invalid("FROM a\nRUN chmod 666 /var/run/docker.sock\n", at="/var/run/docker.sock"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        message = (
            "who can write to this socket is root on the host; leave it out of the image, and let "
            "who "
            "starts it decide"
        )
        for occurrence in doc.occurrences(Volume):
            for at, path in enumerate(occurrence.reading.arguments):
                if path.endswith("docker.sock"):
                    yield self.finding(doc, occurrence.argument(at), message)
        for program in doc.programs:
            for call in program.invocations_of("chmod", "chown", "chgrp"):
                for argument in call.operands[1:]:
                    if argument.prefix in ("/var/run/docker.sock", "/run/docker.sock"):
                        yield self.finding(doc, argument.span, message)
