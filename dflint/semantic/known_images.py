"""What is known of images without asking a registry."""

from __future__ import annotations

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
FULL_SYSTEMS = BARE_SYSTEMS - {"alpine", "busybox"} | frozenset((
    "amazoncorretto", "buildpack-deps", "dart", "eclipse-temurin", "elixir", "erlang", "gcc",
    "golang", "haskell", "httpd", "julia", "mariadb", "maven", "mono", "mysql", "nginx", "node",
    "openjdk", "perl", "php", "postgres", "pypy", "python", "r-base", "redis", "ros", "ruby",
    "rust", "swift", "tomcat",
))  # fmt: skip

#: Where official images begin, as their own Dockerfiles say; those of BARE_SYSTEMS begin in `/`.
_DIRECTORIES = {
    "buildpack-deps": "/", "caddy": "/srv", "eclipse-temurin": "/", "golang": "/go",
    "httpd": "/usr/local/apache2", "nginx": "/", "node": "/", "openjdk": "/",
    "php": "/var/www/html", "postgres": "/", "python": "/", "redis": "/data", "ruby": "/",
    "rust": "/", "tomcat": "/usr/local/tomcat", "wordpress": "/var/www/html",
}  # fmt: skip

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


def is_full_system(image: str) -> bool:
    """Whether an image is an official one with GNU tools in which root runs what is run."""
    name, _, tag = short_name(image).partition(":")
    return name in FULL_SYSTEMS and not any(mark in tag for mark in ("alpine", "rootless"))


def may_set(base: str, name: str) -> bool:
    """Tell whether an image may set a variable; an image that is not known may."""
    if base == "scratch":
        return False
    return name in SET_BY_BARE_SYSTEMS or not is_bare_system(base)


def working_directory(image: str) -> str | None:
    """The directory that an official image begins in, of Linux; None where that is not known.

    The builders of OSS-Fuzz are known too: the projects in it all begin with one of them.
    A tag of another registry's image, or one for Windows, tells nothing.
    """
    name = short_name(image)
    repository, _, tag = name.partition(":")
    if repository == "scratch" or repository in BARE_SYSTEMS:
        return "/"
    if "windows" in tag or "nanoserver" in tag:
        return None
    if repository.startswith(_OSS_FUZZ_BUILDER):
        return "/src"
    return _DIRECTORIES.get(repository)
