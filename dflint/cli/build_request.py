"""From the command line of `dflint build` to the values of the build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dflint.build.request import BuildRequest, Call, SshAgent
from dflint.cli import build_values as values
from dflint.cli.build_caches import read_cache
from dflint.cli.build_outputs import read_outputs
from dflint.cli.docker_flags import Given, choice, read_bool
from dflint.errors import UsageError

#: How large a store may become unless somebody says otherwise, in bytes.
STORE_LIMIT = 20 << 30


def read_request(given: Given, environment: Mapping[str, str]) -> BuildRequest:
    """The values of one build; UsageError says what is wrong with them."""
    call, call_format = _call(given)
    _refuse_attestations(given)
    tags = tuple(dict.fromkeys(values.read_tag(text) for text in given.all("--tag")))
    outputs = read_outputs(
        given.all("--output"),
        tags,
        is_loaded=given.is_on("--load"),
        is_pushed=given.is_on("--push"),
    )
    if given.last("--iidfile") and any(one.type in ("tar", "local") for one in outputs):
        raise UsageError("--iidfile: expected an output that is an image, found tar or local")
    shm_size = given.last("--shm-size")
    return replace(
        read_common(given, environment, _context(given), given.text("--file")),
        tags=tags,
        labels=values.read_labels(given.all("--label")),
        annotations=tuple(
            one for text in given.all("--annotation") for one in values.read_annotation(text)
        ),
        no_cache=given.is_on("--no-cache"),
        no_cache_filter=_words(given, "--no-cache-filter"),
        shm_size=None if shm_size is None else values.read_size(shm_size, "--shm-size"),
        ulimits=tuple(map(values.read_ulimit, given.all("--ulimit"))),
        cgroup_parent=given.text("--cgroup-parent"),
        outputs=outputs,
        cache_from=tuple(read_cache(one, "--cache-from") for one in given.all("--cache-from")),
        cache_to=tuple(read_cache(one, "--cache-to") for one in given.all("--cache-to")),
        call=call,
        call_format=call_format,
        store_limit=_store_limit(given, environment),
        debug=given.is_on("--debug"),
    )


def read_common(
    given: Given, environment: Mapping[str, str], context: str, dockerfile: str
) -> BuildRequest:
    """The values that all verbs which build have in common: what is built, and how steps run."""
    jobs = given.last("--jobs")
    return BuildRequest(
        context=context,
        dockerfile=dockerfile,
        build_args=values.read_build_args(given.all("--build-arg"), environment),
        target=given.text("--target"),
        platforms=values.read_platforms(given.all("--platform")),
        pull=given.is_on("--pull"),
        named_contexts=tuple(map(values.read_context, given.all("--build-context"))),
        secrets=tuple(values.read_secret(text, environment) for text in given.all("--secret")),
        ssh_agents=_ssh_agents(given, environment),
        extra_hosts=values.read_hosts(given.all("--add-host")),
        network=values.read_network(given.text("--network", "default")),
        entitlements=_entitlements(given),
        store=given.text("--store") or values.default_store(environment),
        executor=_executor(given),
        snapshotter=_snapshotter(given),
        jobs=None if jobs is None else values.read_number(jobs, "--jobs"),
    )


def _executor(given: Given) -> str:
    if given.last("--executor") is None:
        return "auto"
    from dflint.executor.choose import NAMES

    return choice(given, "--executor", NAMES)


def _snapshotter(given: Given) -> str:
    if given.last("--snapshotter") is None:
        return "auto"
    from dflint.snapshot.choose import NAMES

    return choice(given, "--snapshotter", NAMES)


def _store_limit(given: Given, environment: Mapping[str, str]) -> int | None:
    option = "--store-limit"
    text = given.text(option)
    if not text:
        option, text = "$DFLINT_STORE_LIMIT", environment.get("DFLINT_STORE_LIMIT", "")
    return (values.read_size(text, option) or None) if text else STORE_LIMIT


def _context(given: Given) -> str:
    if len(given.arguments) != 1:
        found = " ".join(f"`{word}`" for word in given.arguments) or "none"
        raise UsageError(f"expected one context (a directory, a URL or `-`), found {found}")
    context = given.arguments[0]
    if context == "-" and given.last("--file") == "-":
        raise UsageError("expected standard input for one thing, found it for both the context "
                         "and the Dockerfile")  # fmt: skip
    return context


def _entitlements(given: Given) -> frozenset[str]:
    """What steps may ask for; who gives all of them the host's network grants that, too."""
    granted = values.read_entitlements(given.all("--allow"))
    return granted | {"network.host"} if given.last("--network") == "host" else granted


def _ssh_agents(given: Given, environment: Mapping[str, str]) -> tuple[SshAgent, ...]:
    if not given.all("--ssh"):
        return ()
    from dflint.cli.build_ssh import read_ssh

    return tuple(read_ssh(text, environment) for text in given.all("--ssh"))


def _words(given: Given, name: str) -> tuple[str, ...]:
    return tuple(word for text in given.all(name) for word in text.split(",") if word)


def _call(given: Given) -> tuple[Call, str]:
    text = given.last("--call")
    if text is None:
        return (Call.CHECK if given.is_on("--check") else Call.BUILD), ""
    fields = values.fields_of(text, "--call")
    name, options = fields[0].removeprefix("type="), fields[1:]
    name = "check" if name == "lint" else name
    if name not in [call.value for call in Call]:
        raise UsageError(f"--call: expected build, check, outline or targets, found `{name}`")
    if given.is_on("--check") and name != "check":
        raise UsageError(f"--check is `--call=check`: expected no other, found `--call={name}`")
    call_format = ""
    for option in options:
        key, _, value = option.partition("=")
        if key != "format" or value not in ("text", "json"):
            raise UsageError(f"--call: expected `format=text` or `format=json`, found `{option}`")
        call_format = value
    return Call(name), call_format


def _refuse_attestations(given: Given) -> None:
    """Attestations are not made: a request not to make them is fine, any other an error."""
    for name in ("--provenance", "--sbom"):
        value = given.last(name)
        if value is None or value in ("disabled=true",):
            continue
        if value.startswith(("mode=", "generator=")) or read_bool(value, name):
            raise UsageError(f"{name}: attestations are not made: expected `false`")
    for value in given.all("--attest"):
        if ("disabled", "true") not in values.pairs_of(value, "--attest"):
            raise UsageError("--attest: attestations are not made: expected `disabled=true`")
