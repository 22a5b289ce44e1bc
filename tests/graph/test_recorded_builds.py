"""The build graph against what BuildKit made of the same files: configuration, commands, layers."""

from __future__ import annotations

import json

from dflint.graph.command import Command
from dflint.graph.image_config import HealthCheck
from dflint.graph.lower import lower
from dflint.graph.ops import ExecOp
from dflint.graph.symbols import OPENING, of_base
from dflint.lint.document import Document
from dflint.semantic.model import SemanticModel
from dflint.semantic.scope import DEFAULT_PATH
from dflint.text.source import Source

SUITES = ("bud", "buildah", "imagebuilder", "moby")
PATH = of_base("variable", "PATH")


def recorded(folder):
    """The builds that went well: the file, its arguments, and what came of it."""
    for suite in SUITES:
        made = {}
        for line in (folder / f"snap_{suite}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["ok"]:
                made[row["name"]] = row
        for line in (folder / f"conf_{suite}.jsonl").read_text().splitlines():
            row = json.loads(line)
            file = row["context"].get(row.get("dockerfile_path") or "Dockerfile", {})
            if row["name"] in made and "content" in file:
                yield f"{suite}: {row['name']}", row, file["content"], made[row["name"]]


def plan(text, build):
    document = Document(Source("Dockerfile", text.encode("utf-8", "surrogateescape")))
    arguments = build.get("build_args") or {}
    model = SemanticModel(document.tree, arguments)
    graph = lower(document.tree, model, arguments)
    wanted = build.get("target")
    named = [one for one in graph.stages if wanted and one.name == wanted.lower()]
    return named[-1] if named else graph.stages[-1]


def settings(config):
    """The configuration as an image has it, without what a base image may have set."""
    env = dict(config.env.pairs())
    found = {
        "Env": {name: value.replace(PATH, DEFAULT_PATH) for name, value in env.items()},
        "WorkingDir": config.workdir,
        "User": config.user,
        "Labels": config.labels or None,
        "ExposedPorts": {one: {} for one in config.exposed_ports} or None,
        "Volumes": {one: {} for one in config.volumes} or None,
        "StopSignal": config.stop_signal,
        "Shell": list(config.shell) or None,
        "Cmd": arguments(config.cmd),
        "Entrypoint": arguments(config.entrypoint),
        "Healthcheck": check(config.healthcheck),
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def arguments(command):
    return list(command.arguments) if isinstance(command, Command) else None


def check(healthcheck):
    if not isinstance(healthcheck, HealthCheck):
        return None
    command = healthcheck.command
    words = [] if command is None else list(command.arguments)
    words = words[-1:] if healthcheck.kind == "CMD-SHELL" else words
    found = {"Test": [healthcheck.kind, *words]}
    for name, key in (
        ("interval", "Interval"), ("timeout", "Timeout"), ("start_period", "StartPeriod"),
        ("start_interval", "StartInterval"), ("retries", "Retries"),
    ):  # fmt: skip
        if getattr(healthcheck, name):
            found[key] = getattr(healthcheck, name)
    return found


def made_settings(config):
    found = dict(config)
    found["Env"] = dict(one.partition("=")[::2] for one in config.get("Env") or ())
    return found


def test_configurations_are_those_that_buildkit_makes(shared):
    wrong = {}
    count = 0
    for name, build, text, made in recorded(shared / "oracle" / "builder"):
        if not made.get("config"):
            continue
        count += 1
        ours, theirs = settings(plan(text, build).config), made_settings(made["config"])
        for key, value in ours.items():
            if key == "Env":
                missing = {k: v for k, v in value.items() if theirs["Env"].get(k) != v}
                if missing:
                    wrong[name, key] = missing, theirs["Env"]
            elif value == "/" or (isinstance(value, str) and OPENING in value):
                continue
            elif theirs.get(key) != value:
                wrong[name, key] = value, theirs.get(key)

    assert count > 100
    assert wrong == {}


def commands(history):
    """The texts of the RUNs that BuildKit has noted, without their arguments."""
    for entry in history:
        text = entry.get("created_by", "")
        if text.startswith("RUN ") and text.endswith(" # buildkit"):
            yield text[4:].removesuffix(" # buildkit")


def test_commands_are_those_that_buildkit_runs(shared):
    wrong = {}
    count = 0
    for name, build, text, made in recorded(shared / "oracle" / "builder"):
        theirs = list(commands(made.get("history") or ()))
        found = plan(text, build)
        ops = [one.op for one in chain(found) if isinstance(one.op, ExecOp)]
        ours = [" ".join(one.command.arguments) for one in ops]
        count += len(ours)
        for one, other in zip(ours, theirs[-len(ours) :] if ours else [], strict=False):
            if not other.endswith(one):
                wrong[name] = one, other
        if len(theirs) < len(ours):
            wrong[name] = ours, theirs

    assert count > 100
    assert wrong == {}


def chain(found):
    """The steps of a stage and of those that it is built on, in order."""
    steps = []
    vertex = found.last
    while vertex.inputs:
        steps.append(vertex)
        vertex = vertex.inputs[0]
    return steps[::-1]


def test_each_step_makes_a_layer(shared):
    wrong = {}
    for name, build, text, made in recorded(shared / "oracle" / "builder"):
        history = made.get("history") or []
        notes = [one for one in history if one.get("comment") == "buildkit.dockerfile.v0"]
        layers = [one for one in notes if not one.get("empty_layer")]
        if len(chain(plan(text, build))) != len(layers):
            wrong[name] = len(chain(plan(text, build))), [one["created_by"] for one in layers]

    assert wrong == {}
