"""The rule `apt-recommends`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.recommended_packages import recommending_installs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.shell.invocation import Invocation


class AptRecommends(Rule):
    """`apt-get install` brings what packages recommend, besides what they need.

    Packages name others that make them more useful on a desktop or a server: documentation, mail
    servers, compilers. `apt-get` installs them too, unless `--no-install-recommends` says not to.
    What is really used has to be named then: `curl`, `wget` and `git` only recommend
    `ca-certificates`, without which they trust no server, and `python3-pip` only recommends the
    compiler.

    Not reported where `APT::Install-Recommends` is set, by `-o`, in a configuration file that the
    Dockerfile writes or copies or in that of a base image (`bitnami/minideb`, `r-base`); where
    `--install-recommends` asks for them; and where a variable may hold options.

    The fix is unsafe: something may use what is no longer there. It names `ca-certificates` for
    `curl`, `wget` and `git` where the file has to do with `https:` and does not name it,
    `gpg-agent` for `add-apt-repository ppa:…` on Ubuntu, and `gnupg` for `dirmngr` where keys are
    fetched.

    apt-get(8), `--no-install-recommends`; Dockerfile best practices, "RUN", apt-get.
    """

    meta = Meta(
        "apt-recommends",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3015",
            "apt-get_recommends",
            "aptGetInstallUseNoRec",
            "DS-0029",
            "APT-GET_Not_Avoiding_Additional_Packages",
            "missing-no-install-recommends",
        ),
        fix="unsafe",
    )
    on = (Run, OnBuild)
    mentions = ("apt",)
    bad = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y curl \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    good = (
        "FROM debian:12-slim\n"
        "RUN apt-get update \\\n"
        "  && apt-get install -y --no-install-recommends ca-certificates curl \\\n"
        "  && rm -rf /var/lib/apt/lists/*\n"
    )
    valid = (
        Valid("FROM a\nRUN apt-get -y --no-install-recommends install b && apt-get -y upgrade\n"),
        Valid(
            "FROM a\nRUN apt-get -o APT::Install-Recommends=0 install b && apt-get install $O b\n"
        ),
        Valid(
            "FROM a\nRUN echo 'APT::Install-Recommends \"false\";' > /etc/apt/apt.conf.d/b\n"
            "RUN apt-get -y install c\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apt-get install -y b && apt -y install c\n",
            ("apt-get install", "apt -y install"),
            fixed=(
                "FROM a\nRUN apt-get install -y --no-install-recommends b "
                "&& apt -y install --no-install-recommends c\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get \\\n  # -y\n  install b\n",
            at="apt-get \\\n  # -y\n  install",
            fixed="FROM a\nRUN apt-get \\\n  # -y\n  install --no-install-recommends b\n",
            unsafe=True,
        ),
        Invalid(
            "ONBUILD RUN sudo apt-get install -y b\n",
            at="apt-get install",
            fixed="ONBUILD RUN sudo apt-get install -y --no-install-recommends b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nARG Y=-y\nRUN apt-get install -qqy \\\n  b; apt-get install $Y b\n",
            ("apt-get install", "apt-get install"),
            fixed=(
                "FROM a\nARG Y=-y\nRUN apt-get install -qqy --no-install-recommends \\\n  b; "
                "apt-get install --no-install-recommends $Y b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get install --yes -t x b; apt-get install -q=2 -y -oDebug=1 b\n",
            ("apt-get install", "apt-get install"),
            fixed=(
                "FROM a\nRUN apt-get install --yes --no-install-recommends -t x b; "
                "apt-get install -q=2 -y --no-install-recommends -oDebug=1 b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN apt-get install -y curl && curl -O https://b/c\n"
            "RUN apt-get install -y git\n",
            at=("apt-get install", "apt-get install"),
            fixed=(
                "FROM debian:12\nRUN apt-get install -y --no-install-recommends ca-certificates "
                "curl && curl -O https://b/c\n"
                "RUN apt-get install -y --no-install-recommends git\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y \\\n    b \\\n    git \\\n"
            "    software-properties-common \\\n  && add-apt-repository -y ppa:c/d\n",
            at="apt-get install",
            fixed=(
                "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y "
                "--no-install-recommends \\\n    ca-certificates \\\n    gpg-agent \\\n    b \\\n"
                "    git \\\n    software-properties-common \\\n"
                "  && add-apt-repository -y ppa:c/d\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM debian:12\nRUN apt-get install -y dirmngr && apt-key adv --recv-keys 1A\n",
            at="apt-get install",
            fixed=(
                "FROM debian:12\nRUN apt-get install -y --no-install-recommends gnupg dirmngr "
                "&& apt-key adv --recv-keys 1A\n"
            ),
            unsafe=True,
        ),
        Invalid(
            'FROM a\nRUN ["apt-get", "install", "-y", "b"]\n',
            'apt-get", "install',
            fixed='FROM a\nRUN ["apt-get", "install", "-y", "--no-install-recommends", "b"]\n',
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each installation."""
        for call in recommending_installs(doc.programs, doc.tree):
            message = (
                f"`{call.name} install` also brings what the packages only recommend; add "
                "`--no-install-recommends`, and name what is used of it (`ca-certificates`)"
            )
            yield self.finding(doc, call.call_span, message, fix=partial(_fix, doc, call))


def _fix(doc: Document, call: Invocation) -> Fix | None:
    from dflint.lint.recommends_fixes import without_recommended

    return without_recommended(doc, call)
