"""The rule `pip-cache`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.cleanup_option import CLEANUP
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_caches import leftover_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.package_caches import Leftover


class PipCache(Rule):
    """`pip install` leaves downloads and built wheels in the layer.

    `pip` keeps what it downloads and builds in `~/.cache/pip`, for the next time that it installs
    the same; in an image there is hardly a next time.

    Not reported with `--no-cache-dir`; where `PIP_NO_CACHE_DIR` is set to anything but nothing,
    since `pip` takes `0`, `off` and `false` for a wish to have no cache too; where the same `RUN`
    removes the cache; where the pip is the package of a distribution so old that it has no cache
    (pip 1 in Debian 8 and Ubuntu 14.04, which refuse the option); where it is a cache mount or a
    tmpfs; where a variable may hold options; and in stages that do not end up in the image.

    pip documentation, "Caching".
    """

    meta = Meta(
        "pip-cache",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3042",
            "pipUseNoCacheDir",
            "Pip_install_Keeping_Cached_Packages",
            "missing-pip-no-cache-dir",
        ),
        options=(CLEANUP,),
        fix="safe",
    )
    on = (Run, OnBuild)
    mentions = ("pip",)
    bad = (
        "FROM python:3.13-slim\n"
        "WORKDIR /app\n"
        "COPY requirements.txt ./\n"
        "RUN pip install -r requirements.txt\n"
    )
    good = (
        "FROM python:3.13-slim\n"
        "WORKDIR /app\n"
        "COPY requirements.txt ./\n"
        "RUN pip install --no-cache-dir -r requirements.txt\n"
    )
    valid = (
        Valid(
            "FROM a\nRUN pip install --no-cache-dir b && python -m pip --no-cache-dir install c\n"
        ),
        Valid("FROM a\nENV PIP_NO_CACHE_DIR=off\nRUN pip install b\n"),
        Valid(
            "FROM a\nRUN pip install b && rm -rf ~/.cache\nRUN pip install b && pip cache purge\n"
        ),
        Valid("FROM a\nRUN --mount=type=cache,target=/root/.cache pip install b\n"),
        Valid("FROM a AS b\nRUN pip install c\nFROM d\nCOPY --from=b /e /\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN pip3 install b\nENV PIP_NO_CACHE_DIR=1\n",
            at="pip3 install",
            fixed="FROM a\nRUN pip3 install --no-cache-dir b\nENV PIP_NO_CACHE_DIR=1\n",
        ),
        Invalid(
            "FROM a\nRUN rm -rf ~/.cache; python3 -m \\\n  # the cache\n  pip install b\n",
            at="python3 -m \\\n  # the cache\n  pip install",
            fixed=(
                "FROM a\nRUN rm -rf ~/.cache; python3 -m \\\n  # the cache\n"
                "  pip install --no-cache-dir b\n"
            ),
        ),
        Invalid(
            "ONBUILD RUN sudo pip install -r b && pip install c\n",
            at="pip install",
            fixed=(
                "ONBUILD RUN sudo pip install --no-cache-dir -r b && pip install --no-cache-dir c\n"
            ),
        ),
        Invalid(
            'FROM a\nRUN ["pip", "install", "b"]\nRUN for i in b c; do pip install d$i; done\n',
            at=('pip", "install', "pip install"),
            fixed=(
                'FROM a\nRUN ["pip", "install", "--no-cache-dir", "b"]\n'
                "RUN for i in b c; do pip install --no-cache-dir d$i; done\n"
            ),
        ),
        Invalid(
            'FROM a\nRUN --network=host ["pip", "install", "b"]\n',
            at='pip", "install',
            options={"cleanup": "cache-mount"},
            fixed=(
                "FROM a\n"
                "RUN --mount=type=cache,target=/root/.cache/pip "
                '--network=host ["pip", "install", "b"]\n'
            ),
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first call of a RUN that leaves the cache."""
        for leftover in leftover_caches(doc.tree, doc.programs, lambda: doc.model, "pip"):
            message = (
                "what pip downloads stays in the layer, in `~/.cache/pip`; add `--no-cache-dir` "
                "or a cache mount"
            )
            fix = partial(_fix, doc, leftover, self.meta.name)
            yield self.finding(doc, leftover.first.call_span, message, fix=fix)


def _fix(doc: Document, leftover: Leftover, name: str) -> Fix | None:
    import dflint.lint.cleanup_fixes as fixes  # costs less each time than names of it

    mend = partial(fixes.keep_no_cache, option="--no-cache-dir")
    return fixes.as_configured(doc, leftover, name, mend)
