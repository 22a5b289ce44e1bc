"""Which user without privileges an image has, or how one is made in it, by the image's name."""

from __future__ import annotations

import re

from dflint.semantic.known_images import repository_of, short_name
from dflint.text.contains import contains_any

#: Images that run as root and have a user for whoever does not want that.
_HAVE = {
    "denoland/deno": "deno",
    "gcr.io/distroless/": "nonroot",
    "gradle": "gradle",
    "mcr.microsoft.com/playwright": "pwuser",
    "mcr.microsoft.com/playwright/": "pwuser",
    "node": "node",
    "oven/bun": "bun",
}
#: Images that run as a user of their own unless the file says otherwise. A name that ends with a
#: slash stands for all below it, in both tables.
_RUN_AS = {
    "apache/airflow": "airflow",
    "cimg/": "circleci",
    "circleci/": "circleci",
    "jenkins/agent": "jenkins",
    "jenkins/inbound-agent": "jenkins",
    "jenkins/jenkins": "jenkins",
    "jupyter/": "${NB_UID}",
    "logstash": "logstash",
    "mambaorg/micromamba": "$MAMBA_USER",
    "nodered/node-red": "node-red",
    "quay.io/jupyter/": "${NB_UID}",
    "solr": "solr",
    "varnish": "varnish",
}
#: The first version of an image that has the user.
_SINCE = {"node": 6, "mcr.microsoft.com/dotnet/": 8, "varnish": 7}
#: Images of .NET, whose variable names the user.
_DOTNET = "mcr.microsoft.com/dotnet/"
_VERSION = re.compile(r"v?(\d+)(?![\w])")
#: Tags of Node that are older, or have a version of another kind.
_OLD_NODE = ("argon", "onbuild", "0.")
#: Images with the programs of Debian or Ubuntu where no word of the tag says something else.
_WITH_USERADD = frozenset((
    "buildpack-deps", "debian", "elixir", "erlang", "gcc", "golang", "perl", "pypy", "python",
    "ruby", "rust", "ubuntu",
))  # fmt: skip
_WINDOWS = ("windows", "nanoserver")
_ON_OTHERS = ("alpine", *_WINDOWS)


def spare_user(image: str) -> str:
    """The user that USER may name in an image that runs as root; empty where none is known."""
    repository, tag = repository_of(image), _tag(image)
    found = _VERSION.match(tag)
    if repository.startswith(_DOTNET):
        is_new = found is not None and int(found[1]) >= _SINCE[_DOTNET]
        return "$APP_UID" if is_new and not contains_any(tag, _WINDOWS) else ""
    if repository == "node" and tag.startswith(_OLD_NODE):
        return ""
    return _named(_HAVE, repository, tag)


def own_user(image: str) -> str:
    """The user that an image runs as by itself, if that is not root; empty if none is known."""
    return _named(_RUN_AS, repository_of(image), _tag(image))


def _named(table: dict[str, str], repository: str, tag: str) -> str:
    found = _VERSION.match(tag)
    if contains_any(tag, _WINDOWS):
        return ""
    if found is not None and int(found[1]) < _SINCE.get(repository, 0):
        return ""
    return table.get(repository) or table.get(f"{repository.rpartition('/')[0]}/", "")


def maker_of(image: str) -> str:
    """The command that makes a user, without the name; empty where that is not known."""
    repository, tag = repository_of(image), _tag(image)
    if "$" in tag or image.endswith(":"):
        return ""
    if repository == "alpine" or (repository in _WITH_USERADD and "alpine" in tag):
        return "adduser -D"
    if repository in _WITH_USERADD and not contains_any(tag, _ON_OTHERS):
        return "useradd --create-home"
    return ""


def _tag(image: str) -> str:
    return short_name(image).rpartition("/")[2].partition(":")[2]
