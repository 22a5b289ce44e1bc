"""Directives, arguments that builds give, signals, users, labels: what values may be."""

from __future__ import annotations

from dflint_lsp.reference.instructions import LINK

#: By name: what it does, and its section in the reference.
DIRECTIVE_FACTS: dict[str, tuple[str, str]] = {
    "syntax": (
        "The image of the front end that reads this file. `docker/dockerfile:1` is the newest "
        "stable one, whatever version the builder has.",
        "syntax",
    ),
    "escape": (
        "The character that continues a line and escapes another: `\\` by default, or a "
        "backtick, which leaves the paths of Windows alone.",
        "escape",
    ),
    "check": (
        "Which of the builder's checks are left out (`skip=all`, `skip=JSONArgsRecommended`), and "
        "whether what they find ends the build (`error=true`).",
        "check",
    ),
}

#: By name: the values that are offered; the first stands in the snippet.
DIRECTIVE_VALUES: dict[str, tuple[str, ...]] = {
    "syntax": ("docker/dockerfile:1", "docker/dockerfile:1-labs"),
    "escape": ("`", "\\"),
    "check": ("skip=all", "error=true", "skip=all;error=true"),
}

_PROXY = "Given by `--build-arg` without a declaration; it is not kept in the image's history."

#: Build arguments that builds give, by name in upper case.
ARGUMENT_FACTS: dict[str, str] = {
    "TARGETPLATFORM": "The platform that is built for, as `linux/arm64`.",
    "TARGETOS": "The system that is built for, as `linux`.",
    "TARGETARCH": "The architecture that is built for, as `arm64`.",
    "TARGETVARIANT": "The variant of the architecture that is built for, as `v7`; often empty.",
    "BUILDPLATFORM": "The platform of the builder, as `linux/amd64`.",
    "BUILDOS": "The system of the builder, as `linux`.",
    "BUILDARCH": "The architecture of the builder, as `amd64`.",
    "BUILDVARIANT": "The variant of the builder's architecture; often empty.",
    "TARGETSTAGE": "The stage that is built, as `--target` gives it.",
    "HTTP_PROXY": _PROXY,
    "HTTPS_PROXY": _PROXY,
    "FTP_PROXY": _PROXY,
    "NO_PROXY": _PROXY,
    "ALL_PROXY": _PROXY,
}

#: By name without `SIG`: what a program usually takes it for.
SIGNAL_FACTS: dict[str, str] = {
    "TERM": "Asks the program to end; what containers get by default.",
    "INT": "Interrupts, as Ctrl-C does.",
    "QUIT": "Ends with a core dump; nginx and PHP-FPM end gracefully.",
    "KILL": "Ends at once: no program can catch it.",
    "HUP": "The terminal is gone; many servers read their configuration again.",
    "USR1": "Of the program's own meaning.",
    "USR2": "Of the program's own meaning.",
    "WINCH": "The window changed; Apache HTTP Server ends gracefully.",
    "ABRT": "Aborts with a core dump.",
    "RTMIN+3": "Halts systemd.",
}

PORT_FACTS: dict[int, str] = {
    21: "FTP", 22: "SSH", 25: "SMTP", 53: "DNS", 80: "HTTP", 110: "POP3", 143: "IMAP",
    389: "LDAP", 443: "HTTPS", 465: "SMTPS", 587: "SMTP submission", 636: "LDAPS", 993: "IMAPS",
    1433: "SQL Server", 1521: "Oracle", 1883: "MQTT", 2181: "ZooKeeper", 2375: "Docker",
    2376: "Docker over TLS", 2379: "etcd", 3000: "often a development server", 3306: "MySQL",
    4222: "NATS", 5000: "often a development server or registry", 5432: "PostgreSQL", 5672: "AMQP",
    6379: "Redis", 8000: "often HTTP", 8080: "often HTTP", 8443: "often HTTPS",
    9000: "often PHP-FPM", 9090: "Prometheus", 9092: "Kafka", 9200: "Elasticsearch",
    11211: "Memcached", 15672: "RabbitMQ's management", 27017: "MongoDB",
}  # fmt: skip

USERS: dict[str, str] = {
    "root": "the superuser",
    "nobody": "a user without rights, in most images",
    "nonroot": "of distroless and Chainguard images",
    "node": "of the node images",
    "www-data": "of the web servers of Debian",
    "1000:1000": "numbers need not be known in the image",
    "65532:65532": "nonroot, by number",
}

#: Shells for SHELL, each with what it is for.
SHELLS: dict[str, str] = {
    '["/bin/bash", "-o", "pipefail", "-c"]': "bash; a pipe fails when any of its commands does",
    '["/bin/sh", "-c"]': "the default on Linux",
    '["/bin/sh", "-e", "-c"]': "sh; ends at the first command that fails",
    '["/bin/ash", "-eo", "pipefail", "-c"]': "BusyBox, as in Alpine",
    '["cmd", "/S", "/C"]': "the default on Windows",
    '["powershell", "-Command"]': "PowerShell",
}

_LABEL = "org.opencontainers.image."

#: "Pre-Defined Annotation Keys" of the OCI image specification.
LABEL_FACTS: dict[str, str] = {
    _LABEL + "created": "When the image was built: date and time of RFC 3339.",
    _LABEL + "authors": "Whom to ask about the image.",
    _LABEL + "url": "Where to learn more about the image.",
    _LABEL + "documentation": "Where its documentation is.",
    _LABEL + "source": "Where its source code is.",
    _LABEL + "version": "The version of the packaged software.",
    _LABEL + "revision": "The revision of its source code.",
    _LABEL + "vendor": "Who distributes the image.",
    _LABEL + "licenses": "The licences of the software, as an SPDX expression.",
    _LABEL + "ref.name": "The name of the reference for a target.",
    _LABEL + "title": "What the image is called.",
    _LABEL + "description": "What the software in the image does.",
    _LABEL + "base.digest": "The digest of the image that it is based on.",
    _LABEL + "base.name": "The reference of the image that it is based on.",
}

LABELS_LINK = "https://github.com/opencontainers/image-spec/blob/main/annotations.md"
PREDEFINED_LINK = f"{LINK}#automatic-platform-args-in-the-global-scope"
