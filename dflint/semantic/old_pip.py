"""The pip of old distributions, which keeps no cache and refuses the option for none."""

from __future__ import annotations

from dflint.semantic.tool_settings import source_of
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

#: The releases of Debian and Ubuntu whose package is pip 1, and images that are built on them.
OLD_RELEASES = LazyPattern(
    r"debian:[5-8]\b|ubuntu:?1[0-5]\.|phusion/baseimage:0\.9\.(?:\d|1[0-8])\Z"
    r"|\b(?:lenny|squeeze|wheezy|jessie|lucid|precise|saucy|trusty|utopic|vivid|wily)\b"
)
# One of these stands in each of them.
_MARKS = (
    *("debian:5", "debian:6", "debian:7", "debian:8", "baseimage:0.9."),
    *(f"ubuntu{colon}1{year}." for colon in ("", ":") for year in range(6)),
    *("lenny", "squeeze", "wheezy", "jessie", "lucid", "precise", "saucy", "trusty", "utopic"),
    *("vivid", "wily"),
)
# Images with a Python of their own, whatever they are built on.
_OWN = LazyPattern(r"(?:^|[/-])(?:python|pypy|conda|miniconda|anaconda)\d?(?:[:-]|$)")
#: A pip that somebody wants to be so old.
_PINNED = LazyPattern(r"\bpip(?:==|~=)[01]\.|\bpip<=?[1-6](?![\d.])")
_PACKAGES = ("python-pip", "python3-pip", "python-virtualenv", "python3-virtualenv")
# What brings another pip.
_OTHERS = ("get-pip", "easy_install", "pyvenv", "pyenv", "conda", "Python-")
_BRINGING = LazyPattern(r"(?:pip|virtualenv|virtualenvwrapper|pipenv)(?:[=<>~!]|\Z)")


def runs_old_pip(
    tree: Dockerfile, programs: Iterable[Program], program: Program, call: Invocation
) -> bool:
    """Whether a call runs the pip that an old distribution has as a package, never replaced.

    Its cache and `--no-cache-dir` came with pip 6 (2014). The virtualenv of such a distribution
    brings the same pip.
    """
    start = call.command.span.start
    before = source_of(tree)[:start]
    pinned = contains_any(before, ("pip==", "pip~=", "pip<"))
    if pinned and _PINNED.get().search(before) is not None:
        return True
    if not any(package in before for package in _PACKAGES):
        return False
    if not _is_old(program.base_image):
        return False
    if any(one in before for one in _OTHERS):
        return False
    path = call.command.program_word
    if path is not None and "/" in path.text and not path.text.startswith("/usr/bin/"):
        return "-virtualenv" in before
    return not any(
        installed.command.span.start < start and _installs_pip(installed)
        for one in programs
        for installed in one.invocations_of("pip")
    )


def _is_old(image: str) -> bool:
    """Whether an image is, or may be, on such a release and has no Python of its own.

    Old versions of official images, such as `nginx:1.9`, are on Debian 8 without saying so.
    """
    if _OWN.get().search(image) is not None:
        return False
    if contains_any(image, _MARKS):
        return OLD_RELEASES.get().search(image) is not None
    from dflint.semantic.base_systems import may_have_jessie

    return may_have_jessie(image)


def _installs_pip(call: Invocation) -> bool:
    """Whether a call of pip replaces it, or brings a virtualenv that does."""
    return call.verb == "install" and any(
        _BRINGING.get().match(operand.prefix) is not None for operand in call.operands
    )
