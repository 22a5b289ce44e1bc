"""The rule `apt-lists`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.cleanup_option import CLEANUP
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches
from dflint.semantic.package_lists import serve_later_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class AptLists(Rule):
    """`apt-get update` leaves the package lists in the layer.

    The lists of a distribution take tens of megabytes in `/var/lib/apt/lists`, and are of no use
    once the packages are there: the next installation needs new ones. They have to go in the same
    `RUN`, since a layer keeps what a later one removes; an installation that has a `RUN` of its own
    has to join them, or it will not find a package. `apt-get clean` does not remove them, and
    the hook of the official images (`docker-clean`) looks after packages alone.

    Not reported where the lists are in a cache mount or a tmpfs, where `rm`, `find`, a function
    or a program with `clean` in its name removes them, and in stages that do not end up in the
    image. There is no fix where a later `RUN`, another stage or a call that is not seen
    (`retry apt-get install`, a script in Python) needs the lists, nor for a `RUN` that updates
    and installs nothing: it has the lists for its aim, or none.

    Dockerfile best practices, "RUN", apt-get.
    """

    meta = Meta(
        "apt-lists",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3009",
            "apt-get_missing_rm",
            "no_apt-get_clean",
            "aptGetInstallThenRemoveAptLists",
            "Apt_Get_Install_Lists_Were_Not_Deleted",
            "remove-package-lists",
            "DKL-DI-0005",
        ),
        options=(CLEANUP,),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends make \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid(
            "FROM a\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n"
        ),
        Valid("FROM a\nRUN apt-get update && cd /var/lib/apt && find lists -type f -delete\n"),
        Valid("FROM a\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n"),
        Valid("FROM a AS b\nRUN apt-get update\nFROM c\nCOPY --from=b /d /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apt-get update && apt-get clean\n",
            at="apt-get update",
            fixed="FROM a\nRUN apt-get update && apt-get clean && rm -rf /var/lib/apt/lists/*\n",
        ),
        Invalid(
            "FROM a\nRUN rm -r /var/lib/apt/lists; \\\n  # now\n"
            "  apt-get -qq update; apt install -y b\n",
            at="apt-get -qq update",
            fixed=(
                "FROM a\nRUN rm -r /var/lib/apt/lists; \\\n  # now\n"
                "  apt-get -qq update; apt install -y b \\\n  && rm -rf /var/lib/apt/lists/*\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN apt update && apt install -y b\nRUN rm -rf /var/lib/apt/lists/*\n",
            at="apt update",
            fixed=(
                "ONBUILD RUN apt update && apt install -y b && rm -rf /var/lib/apt/lists/*\n"
                "RUN rm -rf /var/lib/apt/lists/*\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN apt update\nRUN apt install -y b\n", at="apt update"),
        Invalid("FROM a\nRUN apt update\n", at="apt update"),
        Invalid(
            "FROM a\nRUN sudo apt-get update && sudo apt-get install -y b\nRUN ./c.sh\n",
            at="apt-get update",
            fixed=(
                "FROM a\nRUN sudo apt-get update && sudo apt-get install -y b && "
                "sudo rm -rf /var/lib/apt/lists/*\nRUN ./c.sh\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN <<EOF\nset -e\napt-get update\napt-get install -y b\nc\nEOF\n",
            at="apt-get update",
            fixed=(
                "FROM a\nRUN <<EOF\nset -e\napt-get update\napt-get install -y b\n"
                "rm -rf /var/lib/apt/lists/*\nc\nEOF\n"
            ),
        ),
        Invalid('FROM a\nRUN ["apt-get", "update"]\n', at='apt-get", "update'),
        Invalid(
            "FROM a\nRUN apt-get update && (apt-get install -y b &) && wait\n", "apt-get update"
        ),
        Invalid("FROM a\nRUN apt update && trap 'apt install -y b' EXIT\n", "apt update"),
        Invalid("FROM a\nRUN apt-get update && cp -r /var/lib/apt/lists /b\n", "apt-get update"),
        Invalid("FROM a\nRUN <<E\nset -e\r\napt-get update\r\nb\r\nE\n", at="apt-get update"),
        Invalid(
            "FROM a\nRUN apt-get update && apt-get install -y b\nCMD apt-get install -y $C && c\n",
            at="apt-get update",
        ),
        Invalid(
            "FROM a AS b\nRUN apt-get update\nFROM c\nCOPY --from=b / /\nRUN apt install -y d\n",
            at="apt-get update",
        ),
        Invalid(
            "FROM a\nRUN apt-get update && apt-get install -y b\n",
            at="apt-get update",
            options={"cleanup": "cache-mount"},
            fixed=(
                "FROM a\n"
                "RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && "
                "apt-get install -y b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get update\nRUN apt-get install -y b\n",
            at="apt-get update",
            options={"cleanup": "cache-mount"},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves the lists."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "apt-lists"):
            advice = "end this RUN with"
            if serve_later_run(leftover.programs[0], doc.runs):
                advice = "join the RUN that installs from them with this one, and end it with"
            message = f"the package lists stay in the layer; {advice} `rm -rf /var/lib/apt/lists/*`"
            fix = partial(_fix, doc, leftover, self.meta.name)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover, name: str) -> Fix | None:
    import dflint.lint.cleanup_fixes as fixes  # costs less each time than names of it

    return fixes.as_configured(doc, leftover, name, fixes.remove_lists)
