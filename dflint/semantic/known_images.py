"""What is known of images without asking a registry."""

from __future__ import annotations

import re
from functools import lru_cache

#: Docker Official Images that people copy from by their bare names.
OFFICIAL = frozenset((
    "adoptopenjdk", "almalinux", "alpine", "amazoncorretto", "amazonlinux", "arangodb",
    "archlinux", "bash", "buildpack-deps", "busybox", "caddy", "cassandra", "centos",
    "clearlinux", "clojure", "composer", "consul", "couchbase", "couchdb", "dart", "debian",
    "docker", "drupal", "eclipse-mosquitto", "eclipse-temurin", "elasticsearch", "elixir",
    "emqx", "erlang", "fedora", "flink", "fluentd", "gazebo", "gcc", "ghost", "golang",
    "gradle", "groovy", "haproxy", "haskell", "hello-world", "httpd", "influxdb", "java",
    "jenkins", "jetty", "joomla", "julia", "kibana", "kong", "liquibase", "logstash", "mariadb",
    "matomo", "maven", "mediawiki", "memcached", "mongo", "mongo-express", "mono", "mysql",
    "nats", "nats-streaming", "neo4j", "nextcloud", "nginx", "node", "odoo", "open-liberty",
    "openjdk", "opensuse", "oraclelinux", "percona", "perl", "photon", "php", "phpmyadmin",
    "postgres", "pypy", "python", "r-base", "rabbitmq", "rails", "redis", "redmine", "registry",
    "rockylinux", "ros", "ruby", "rust", "scratch", "solr", "sonarqube", "spark", "storm",
    "swift", "telegraf", "tomcat", "tomee", "traefik", "ubuntu", "unit", "varnish", "vault",
    "wordpress", "zookeeper",
))  # fmt: skip

#: Images of a bare operating system: `ENV` sets nothing in them but PATH and what is listed.
BARE_SYSTEMS = frozenset((
    "almalinux", "alpine", "amazonlinux", "archlinux", "busybox", "centos", "debian", "fedora",
    "opensuse/leap", "opensuse/tumbleweed", "oraclelinux", "photon", "rockylinux", "ubuntu",
))  # fmt: skip
SET_BY_BARE_SYSTEMS = frozenset(("PATH", "LANG", "LC_ALL", "container", "DISTTAG", "FGC"))

#: Official images on Debian, Ubuntu or another system with GNU tools, but for tags that say
#: `alpine`; they run as root.
FULL_SYSTEMS = BARE_SYSTEMS - {"alpine", "busybox", "photon"} | frozenset((
    "amazoncorretto", "buildpack-deps", "dart", "eclipse-temurin", "elixir", "erlang", "gcc",
    "golang", "haskell", "httpd", "julia", "mariadb", "maven", "mono", "mysql", "nginx", "node",
    "openjdk", "perl", "php", "postgres", "pypy", "python", "r-base", "redis", "ros", "ruby",
    "rust", "swift", "tomcat",
))  # fmt: skip

#: Official images that set no WORKDIR and begin in `/`, as those of BARE_SYSTEMS do.
_AT_ROOT = BARE_SYSTEMS | frozenset((
    "adoptopenjdk", "amazoncorretto", "bash", "buildpack-deps", "docker", "eclipse-temurin",
    "elixir", "erlang", "gcc", "haskell", "java", "mariadb", "maven", "memcached", "mongo", "mono",
    "mysql", "nginx", "node", "openjdk", "postgres", "pypy", "python", "rabbitmq", "registry",
    "ruby", "rust", "scratch", "swift", "traefik",
))  # fmt: skip
#: Where others begin, as their own Dockerfiles say.
_DIRECTORIES = {
    "caddy": "/srv", "composer": "/app", "dart": "/root",
    "elasticsearch": "/usr/share/elasticsearch", "ghost": "/var/lib/ghost", "golang": "/go",
    "httpd": "/usr/local/apache2", "jetty": "/var/lib/jetty", "joomla": "/var/www/html",
    "kibana": "/usr/share/kibana", "logstash": "/usr/share/logstash", "matomo": "/var/www/html",
    "mediawiki": "/var/www/html", "nextcloud": "/var/www/html", "perl": "/usr/src/app",
    "php": "/var/www/html", "phpmyadmin": "/var/www/html", "redis": "/data",
    "tomcat": "/usr/local/tomcat", "varnish": "/etc/varnish", "wordpress": "/var/www/html",
}  # fmt: skip

#: The same for images of other owners; a name that ends with a slash stands for all below it.
_OTHERS = {
    "apache/airflow": "/opt/airflow",
    "continuumio/anaconda3": "/",
    "continuumio/miniconda3": "/",
    "docker.elastic.co/elasticsearch/elasticsearch": "/usr/share/elasticsearch",
    "docker.elastic.co/kibana/kibana": "/usr/share/kibana",
    "docker.elastic.co/logstash/logstash": "/usr/share/logstash",
    "hexpm/elixir": "/",
    "hexpm/erlang": "/",
    "jenkins/jenkins": "/",
    "jupyter/": "/home/jovyan",
    "mambaorg/micromamba": "/tmp",
    "mcr.microsoft.com/azurelinux/base/core": "/",
    "mcr.microsoft.com/cbl-mariner/base/core": "/",
    "mcr.microsoft.com/dotnet/aspnet": "/",
    "mcr.microsoft.com/dotnet/core/aspnet": "/",
    "mcr.microsoft.com/dotnet/core/runtime": "/",
    "mcr.microsoft.com/dotnet/core/sdk": "/",
    "mcr.microsoft.com/dotnet/runtime": "/",
    "mcr.microsoft.com/dotnet/runtime-deps": "/",
    "mcr.microsoft.com/dotnet/sdk": "/",
    "nvidia/cuda": "/",
    "oven/bun": "/home/bun/app",
    "phusion/baseimage": "/",
    "public.ecr.aws/amazonlinux/amazonlinux": "/",
    "public.ecr.aws/lambda/": "/var/task",
    "pytorch/pytorch": "/workspace",
    "quay.io/centos/centos": "/",
    "quay.io/jupyter/": "/home/jovyan",
    "registry.access.redhat.com/ubi8/ubi": "/",
    "registry.access.redhat.com/ubi8/ubi-minimal": "/",
    "registry.access.redhat.com/ubi9/ubi": "/",
    "registry.access.redhat.com/ubi9/ubi-minimal": "/",
    "registry.fedoraproject.org/fedora": "/",
    "tiangolo/uvicorn-gunicorn-fastapi": "/app",
    "tiangolo/uwsgi-nginx-flask": "/app",
}
#: The version since which they have begun there; older ones began elsewhere, or nobody is sure.
_SINCE = {
    "elasticsearch": (6,), "ghost": (1,), "jetty": (9, 4), "kibana": (6,), "logstash": (6,),
    "perl": (5, 32), "registry": (2,),
}  # fmt: skip
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?![\w.])")
#: Images that set a SHELL of their own; a name that ends with a slash stands for all below it.
_WITH_SHELL = ("apache/airflow", "cimg/", "jupyter/", "mambaorg/micromamba", "quay.io/jupyter/")
#: Tags that say another directory or system than the rest of a repository.
_OTHER_TAGS = ("windows", "nanoserver", "servercore", "jupyter", "nonroot", "onbuild", "builder",
               "distroless")  # fmt: skip
#: Official images of one architecture: `arm64v8/debian`.
_ARCHITECTURES = frozenset(("amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "ppc64le",
                            "riscv64", "s390x"))  # fmt: skip

#: `WORKDIR $SRC` in all of them, with `SRC=/src`.
_OSS_FUZZ_BUILDER = "gcr.io/oss-fuzz-base/base-builder"

_OFFICIAL_PREFIXES = (
    "docker.io/library/",
    "index.docker.io/library/",
    "registry-1.docker.io/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "docker.io/",
    "mirror.gcr.io/",
    "library/",
)


@lru_cache(maxsize=512)
def short_name(image: str) -> str:
    """The name of an image with its tag, as short as Docker Hub knows it: `debian:12`."""
    name = image.partition("@")[0]
    for prefix in _OFFICIAL_PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def is_bare_system(image: str) -> bool:
    """Tell whether an image, with or without tag and digest, is a bare operating system.

    Its official image on Docker Hub, or a mirror of it, is meant.
    """
    return short_name(image).partition(":")[0] in BARE_SYSTEMS


def repository_of(image: str) -> str:
    """The name of an image without tag, as short as Docker Hub knows it: `debian`.

    Those of one architecture (`arm64v8/debian`) count as the image itself.
    """
    name = short_name(image)
    begin = name.rfind("/") + 1
    last = name[begin:].partition(":")[0]
    return last if name[: max(begin - 1, 0)] in _ARCHITECTURES else name[:begin] + last


def _tag_of(image: str) -> str:
    return short_name(image).rpartition("/")[2].partition(":")[2]


def is_full_system(image: str) -> bool:
    """Whether an image is an official one with GNU tools in which root runs what is run.

    A tag that nobody knows (`node:$VERSION`) may be one of Alpine.
    """
    repository = repository_of(image)
    if repository not in FULL_SYSTEMS:
        return False
    tag = _tag_of(image)
    if "$" in tag:
        return repository in BARE_SYSTEMS
    return not any(mark in tag for mark in ("alpine", "busybox", "rootless"))


def may_set(base: str, name: str) -> bool:
    """Tell whether an image may set a variable; an image that is not known may."""
    if base == "scratch":
        return False
    return name in SET_BY_BARE_SYSTEMS or not is_bare_system(base)


def working_directory(image: str) -> str | None:
    """The directory that an image begins in, of Linux; None where that is not known.

    Official images are known, some that many build on, and the builders of OSS-Fuzz: the projects
    in it all begin with one of them. A tag for Windows tells nothing.
    """
    repository = repository_of(image)
    tag = _tag_of(image)
    if any(mark in tag for mark in _OTHER_TAGS):
        return None
    if _is_too_old(repository, tag) or (repository == "composer" and tag.endswith("bin")):
        return None
    if repository == "php" and "apache" not in tag and "fpm" not in tag:
        return None  # the others set no WORKDIR
    if repository in _AT_ROOT:
        return "/"
    if repository.startswith(_OSS_FUZZ_BUILDER):
        return "/src"
    if repository in _DIRECTORIES:
        return _DIRECTORIES[repository]
    owner, _, last = repository.rpartition("/")
    if owner.endswith("jupyter") and not last.endswith("-notebook"):
        return None
    return _OTHERS.get(repository) or _OTHERS.get(f"{owner}/")


def _is_too_old(repository: str, tag: str) -> bool:
    """Whether a tag tells of a version that may begin elsewhere; one without a number is new."""
    since = _SINCE.get(repository)
    if since is None:
        return False
    found = _VERSION.match(tag)
    if found is None:
        return "$" in tag or tag[:1].isdigit()
    version = tuple(int(part) for part in found[1].split("."))
    return version < since[: len(version)]


def may_have_shell(image: str) -> bool:
    """Whether an image is known to set a SHELL of its own."""
    repository = repository_of(image)
    return any(
        repository.startswith(one) if one[-1] == "/" else repository == one for one in _WITH_SHELL
    )
