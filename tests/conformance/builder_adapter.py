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
    pairs = [("--build-arg", request.get("build_args")), ("--label", request.get("labels"))]
    for option, values in pairs:
        for name, value in (values or {}).items():
            arguments += [option, f"{name}={value}"]
    if request.get("target"):
        arguments += ["--target", request["target"]]
    if request.get("platforms"):
        arguments += ["--platform", ",".join(request["platforms"])]
    fresh = request.get("no_cache")
    if fresh is True or fresh == []:
        arguments.append("--no-cache")
    for stage in fresh if isinstance(fresh, list) else ():
        arguments += ["--no-cache-filter", stage]
    if request.get("shm_size"):
        arguments += ["--shm-size", str(request["shm_size"])]
    for name, value in (request.get("ulimits") or {}).items():
        arguments += ["--ulimit", f"{name}={value}"]
    if request.get("hostname"):
        arguments += ["--build-arg", f"BUILDKIT_SANDBOX_HOSTNAME={request['hostname']}"]
    for name, value in request.get("named_contexts", {}).items():
        arguments += ["--build-context", f"{name}={named_context(value)}"]
    for name, path in request.get("secrets", {}).items():
        arguments += ["--secret", f"id={name},src={path}"]
    if request.get("ssh_sock"):
        arguments += ["--ssh", "default=" + request["ssh_sock"]]
    for option in ("cache_to", "cache_from"):
        if request.get(option):
            arguments += ["--" + option.replace("_", "-"), csv(request[option].items())]
    if request.get("allow"):
        arguments += ["--allow", request["allow"]]
    arguments += ["--output", output_of(request["output"])]
    if request.get("push"):
        arguments += ["--output", f"type=image,name={request['push']},push=true"]
    return [*arguments, context]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    command = shlex.split(os.environ.get("DFLINT", "dflint"))
    command += ["build", "--progress=plain", *arguments_of(request)]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
