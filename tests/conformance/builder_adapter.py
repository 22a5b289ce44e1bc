#!/usr/bin/env python3
"""Runs `dflint build` for one request of a builder conformance runner.

    builder_adapter.py REQUEST.json

The request says what to build (context, Dockerfile, arguments …) and where the image goes. The log
goes to standard error; the exit status is that of the build. `$DFLINT` is the command to run,
`$DFLINT_STORE` the store.
"""

import json
import os
import shlex
import sys


def csv(values):
    """Settings as one argument: `a=b,"c=d,e"`."""
    fields = [f"{name}={value}" for name, value in values]
    return ",".join(f'"{one}"' if "," in one else one for one in fields)


def context_of(request):
    """The context's argument, and what says where the Dockerfile is."""
    context, name = request["context"], request.get("dockerfile_name")
    if context["kind"] != "dir":
        return context["url"], ["-f", name] if name else []
    file = os.path.join(request["dockerfile_dir"], name or "Dockerfile")
    return context["path"], ["-f", file]


def named_context(value):
    kind = value["type"]
    if kind == "image":
        return f"docker-image://{value['ref']}"
    if kind == "local":
        return value["path"]
    if kind == "url":
        return value["url"]
    return f"oci-layout://{value['path']}@{value['digest']}"


def output_of(output):
    settings = [("type", output["type"]), ("dest", output["dest"])]
    if output.get("names"):
        settings.append(("name", ",".join(output["names"])))
    if output.get("rewrite_timestamp"):
        settings.append(("rewrite-timestamp", "true"))
    settings += [
        (name, str(value).lower() if isinstance(value, bool) else value)
        for name, value in (output.get("attrs") or {}).items()
    ]
    return csv(settings)


def arguments_of(request):
    """The arguments of `dflint build`."""
    context, arguments = context_of(request)
    pairs = (("--build-arg", "build_args"), ("--label", "labels"), ("--ulimit", "ulimits"))
    for option, name in pairs:
        for key, value in (request.get(name) or {}).items():
            arguments += [option, f"{key}={value}"]
    for name, value in request.get("named_contexts", {}).items():
        arguments += ["--build-context", f"{name}={named_context(value)}"]
    for name, path in request.get("secrets", {}).items():
        arguments += ["--secret", f"id={name},src={path}"]
    for option, value in single_options(request):
        if value:
            arguments += [option, value]
    return [*arguments, *freshness_of(request), *outputs_of(request), context]


def single_options(request):
    """Options that are given once, with their values, empty for those that are not."""
    for name in ("target", "shm_size", "allow"):
        yield "--" + name.replace("_", "-"), str(request.get(name) or "")
    for name in ("cache_to", "cache_from"):
        yield "--" + name.replace("_", "-"), csv((request.get(name) or {}).items())
    yield "--platform", ",".join(request.get("platforms") or ())
    host, agent = request.get("hostname"), request.get("ssh_sock")
    yield "--build-arg", host and f"BUILDKIT_SANDBOX_HOSTNAME={host}"
    yield "--ssh", agent and f"default={agent}"


def freshness_of(request):
    fresh = request.get("no_cache")
    if fresh is True or fresh == []:
        return ["--no-cache"]
    return [word for stage in fresh or () for word in ("--no-cache-filter", stage)]


def outputs_of(request):
    found = ["--output", output_of(request["output"])]
    if request.get("push"):
        found += ["--output", f"type=image,name={request['push']},push=true"]
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    command = shlex.split(os.environ.get("DFLINT", "dflint"))
    command += ["build", "--progress=plain", *arguments_of(request)]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
