"""Installations that take the newest version of a package, whatever language version it is for.

As of 2026-01-01: pip looks at `Requires-Python` since 9.0 (2016); the versions of Ruby that the
newest gems want are those of rubygems.org.
"""

from __future__ import annotations

import re

from dflint.semantic.base_systems import release_of
from dflint.semantic.earlier_text import is_mentioned_before
from dflint.semantic.first_base import first_base
from dflint.semantic.known_images import short_name
from dflint.semantic.package_versions import unpinned_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Argument

#: The last releases whose pip is older than 9, and what it is.
_OLD_PIP = {"Debian": (8,), "Ubuntu": (16, 4)}
_PIP_PACKAGES = ("python-pip", "python3-pip")
#: Packages whose newest versions want Python 3.6 at least.
_MODULES = (
    "ansible awscli biopython black boto3 botocore celery certifi chardet click coverage "
    "cryptography django docker fabric flake8 flask gevent gunicorn httpie idna ipython jinja2 "
    "jupyter keras markupsafe matplotlib mock nltk notebook numpy pandas paramiko pillow pip "
    "pipenv poetry psycopg2 psycopg2-binary pylint pymongo pyopenssl pysam pytest "
    "pyyaml redis requests scikit-learn scipy scrapy selenium setuptools sphinx sqlalchemy tornado "
    "tox urllib3 wheel werkzeug"
)
_PYTHON = frozenset(_MODULES.split())
#: What brings another pip.
_OTHER_PIP = (
    "get-pip",
    "virtualenv",
    "venv",
    "pyenv",
    "conda",
    "easy_install",
    "ensurepip",
    "pip==",
)
#: Gems whose newest versions want Ruby 2.7 at least.
_GEMS = frozenset(("bundler", "jekyll", "nokogiri", "rails", "sinatra"))
#: The last releases whose Ruby is older than 2.7.
_OLD_RUBY = {"Debian": (10,), "Ubuntu": (19, 10), "Alpine": (3, 11)}
_OTHER_RUBY = ("rvm", "rbenv", "ruby-install", "brightbox", "/ruby-2", "ruby-build", "chruby")
_RUBY_TAG = re.compile(r"(\d+)(?:\.(\d+))?")


def newest_for_others(
    model: SemanticModel, programs: Iterable[Program], text: str
) -> Iterator[tuple[Argument, str]]:
    """The first package of each stage that is taken so, and the title of what takes it."""
    told: set[int] = set()
    for program in programs:
        stage = model.stage_of(program.instruction)
        if stage is None or stage.index in told or program.occurrence.is_trigger:
            continue
        for call, argument in unpinned_packages([program], "pip", "gem"):
            name = call.tool.name if call.tool is not None else ""
            end = call.call_span.start
            package = (argument.value or "").lower()
            title = None
            if name == "pip" and package in _PYTHON:
                title = _old_pip(stage, end, text)
            elif name == "gem" and package in _GEMS:
                title = _old_ruby(stage, end, text)
            if title is not None:
                told.add(stage.index)
                yield argument, title
                break


def _old_pip(stage: Stage, end: int, text: str) -> str | None:
    release = release_of(first_base(stage))
    if release is None or release.version > _OLD_PIP.get(release.family, ()):
        return None
    if not is_mentioned_before(stage, end, text, _PIP_PACKAGES):
        return None
    return (
        None
        if is_mentioned_before(stage, end, text, _OTHER_PIP)
        else f"the Python of {release.title}"
    )


def _old_ruby(stage: Stage, end: int, text: str) -> str | None:
    if is_mentioned_before(stage, end, text, _OTHER_RUBY):
        return None
    image = first_base(stage)
    name, _, tag = short_name(image).partition(":")
    if name == "ruby":
        found = _RUBY_TAG.match(tag)
        if found is None or found[2] is None:
            return None
        is_old = (int(found[1]), int(found[2])) < (2, 7)
        return f"the Ruby of `{image}`" if is_old else None
    release = release_of(image)
    if release is None or release.version > _OLD_RUBY.get(release.family, ()):
        return None
    if not is_mentioned_before(stage, end, text, ("ruby", "rubygems")):
        return None
    return f"the Ruby of {release.title}"
