"""The rule `stateful-root`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run, Volume
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages
from dflint.semantic.last_user import last_user, needs_root
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.semantic.model import SemanticModel


_SERVER = re.compile(
    r"postgresql(?:-\d++(?:\.\d++)?+|\d++)?+|(?:mysql|mariadb)(?:-(?:community-)?server(?:-[\d.]++)?+)"
    r"|redis(?:-server)?+|mongodb(?:-org|-server)?+|elasticsearch|rabbitmq-server"
)


_PASSING = ("/tmp", "/var/tmp", "/run", "/var/run", "/var/log", "/var/cache", "/dev", "/sys")


class StatefulRoot(Rule):
    """An image keeps data, and runs as root.

    A server that keeps data needs no root: the packages of PostgreSQL, MySQL, Redis, MongoDB,
    Elasticsearch and RabbitMQ bring a user for it. As root, who breaks into the server has all of
    the container and of the volumes with its data. Write `USER postgres` (or who it is) at the
    end, or start it with `gosu`. A `VOLUME` of the image says that it keeps data too; those for
    caches, logs and sockets do not count.

    Off unless selected: a start script that is copied in may give up root by itself.

    Dockerfile best practices, "USER".
    """

    meta = Meta(
        "stateful-root",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/stateful-root-runtime",),
        default=False,
    )
    on = (Run, OnBuild, Volume)
    mentions = (
        "postgresql",
        "mysql",
        "mariadb",
        "redis",
        "mongo",
        "elasticsearch",
        "rabbitmq",
        "volume",
    )
    bad = 'FROM alpine:3.22\nRUN apk add --no-cache redis\nCMD ["redis-server"]\n'
    good = 'FROM alpine:3.22\nRUN apk add --no-cache redis\nUSER redis\nCMD ["redis-server"]\n'
    valid = (
        Valid("FROM gcr.io/distroless/static:nonroot\nVOLUME /b\n"),
        Valid("FROM a\nVOLUME /b\nUSER c\n"),
        Valid("FROM a AS b\nVOLUME /c\nFROM d\nVOLUME /var/log/e\n"),
        Valid("FROM a\nRUN apt-get install -y postgresql-client redis-tools\n"),
        Valid("FROM a AS b\nRUN apk add redis\nFROM c\nCOPY --from=b d e\n"),
    )
    invalid = (
        Invalid("FROM a\nVOLUME /tmp\nVOLUME /tmp /data\n", at="VOLUME"),
        Invalid(
            "FROM a\nRUN apt-get install -y postgresql-15 mysql-server\n",
            at=("postgresql-15", "mysql-server"),
        ),
        Invalid("FROM a\nUSER b\nRUN apk add mongodb\nUSER root\n", at="mongodb"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        user = last_user(doc.model)
        if user is not None and user.name not in ("root", "0", ""):
            return
        final = doc.model.final_stage
        base = (final, *final.ancestors())[-1].image if final is not None else ""
        if needs_root(doc.model) or (user is None and "nonroot" in base):
            return
        for instruction in doc.all(Volume):
            if _is_of_image(doc.model, instruction) and not all(
                path.startswith(_PASSING) for path in instruction.reading.arguments
            ):
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "what is kept here belongs to root, and whoever breaks in is root; end with a "
                    "`USER` who owns it",
                )
        shipped = shipped_stages(doc.model)
        for program, argument in installed_packages(doc.programs):
            name = argument.prefix.partition("=")[0]
            if program.stage_number in shipped and _SERVER.fullmatch(name):
                yield self.finding(
                    doc,
                    argument.span,
                    "whoever breaks into this server is root in the container and of its data; "
                    "end with "
                    "the `USER` that the package brings",
                )


def _is_of_image(model: SemanticModel, instruction: Volume) -> bool:
    """Whether an instruction is in the last stage, or in one that it is built on."""
    final, stage = model.final_stage, model.stage_of(instruction)
    return final is not None and stage in (final, *final.ancestors())
