"""How an image was built: kept in the store beside it, for whoever asks later where the time went.

A record is found by the digest of the image's configuration, which is the same under all names and
in all archives. It is a fact of the store: the oldest are forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dflint.build.contexts import Dockerfile
from dflint.build.output import Built
from dflint.build.progress.events import Vertex
from dflint.content.store import ContentStore
from dflint.graph.ops import ContextSource

_VERSION = 1
#: The stage of a step that belongs to none, and the layer of a step that made none of the image's.
NONE = -1


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One step of a build; times are in seconds, `start` from the start of the build.

    `stage` is the index of its stage in the file, `line` where its instruction begins, 0 for none,
    `layer` the number of the image's layer that it made, from the bottom. `earlier` is what a
    cached step took when it was run, None where nobody remembers.
    """

    digest: str
    name: str
    inputs: tuple[str, ...]
    stage: int
    line: int
    layer: int
    start: float
    seconds: float
    is_cached: bool
    earlier: float | None


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """One build of one image: the Dockerfile's text, what was asked for, and the steps in order.

    `arguments` are the values of the ARGs before the first FROM; `started` is in seconds since
    1970, `seconds` how long all of it took.
    """

    dockerfile: str
    arguments: tuple[tuple[str, str], ...]
    target: str
    platform: str
    started: float
    seconds: float
    steps: tuple[RecordedStep, ...]


def keep_records(
    store: ContentStore,
    dockerfile: Dockerfile,
    vertices: Sequence[Vertex],
    made: Mapping[str, Built],
) -> None:
    """Keep a record for each image that a build made, by the digest of its configuration.

    `vertices` are the steps of the whole build as its progress has them.
    """
    done = [one for one in vertices if one.started is not None and one.completed is not None]
    earlier = store.find_facts([_ran(one.digest) for one in done if one.is_cached])
    known = {key: float(value) for key, value in earlier.items()}
    facts = {
        _ran(one.digest): f"{_seconds(one):.3f}".encode()
        for one in done
        if not one.is_cached and not one.error
    }
    for config, built in made.items():
        others = {
            one.digest for other in made.values() if other is not built
            for one in other.graph.reachable()
        }  # fmt: skip
        record = _record(dockerfile, done, built, others, known)
        facts[_key(config)] = json.dumps({"version": _VERSION, **asdict(record)}).encode()
    store.add_facts(facts)


def find_record(store: ContentStore, config: str) -> BuildRecord | None:
    """The record of the image with this configuration's digest, None where there is none."""
    data = store.find_fact(_key(config))
    said: dict[str, Any] = {} if data is None else json.loads(data)
    if said.pop("version", None) != _VERSION:
        return None
    steps = said.pop("steps")
    arguments = tuple((str(name), str(value)) for name, value in said.pop("arguments"))
    return BuildRecord(
        **said,
        arguments=arguments,
        steps=tuple(RecordedStep(**{**one, "inputs": tuple(one["inputs"])}) for one in steps),
    )


def _key(config: str) -> str:
    return f"build-record/{config}"


def _ran(digest: str) -> str:
    return f"seconds/{digest}"


def _seconds(vertex: Vertex) -> float:
    return (vertex.completed or 0.0) - (vertex.started or 0.0)


def _record(
    dockerfile: Dockerfile,
    done: Sequence[Vertex],
    built: Built,
    others: set[str],
    earlier: Mapping[str, float],
) -> BuildRecord:
    graph = built.graph
    own = {one.digest: one for one in graph.reachable()}
    shown = [one for one in done if one.digest in own or one.digest not in others]
    start = min((one.started or 0.0 for one in shown), default=0.0)
    end = max((one.completed or 0.0 for one in shown), default=start)
    layers = {one.digest: number for number, one in enumerate(built.makers()) if one is not None}
    steps = []
    for one in sorted(shown, key=lambda one: one.started or 0.0):
        vertex = own.get(one.digest)
        if vertex is not None and isinstance(vertex.op, ContextSource):
            vertex = None  # it is for all stages, whichever has asked for it first
        lines = None if vertex is None else dockerfile.lines_of(graph.spans.get(vertex))
        steps.append(
            RecordedStep(
                one.digest,
                one.name,
                one.inputs,
                NONE if vertex is None else vertex.stage,
                0 if lines is None else lines.first,
                layers.get(one.digest, NONE),
                round((one.started or 0.0) - start, 3),
                round(_seconds(one), 3),
                one.is_cached,
                earlier.get(_ran(one.digest)),
            )
        )
    arguments = tuple((name, value) for name, value in graph.arguments if value is not None)
    return BuildRecord(
        dockerfile.text,
        arguments,
        graph.build.target,
        graph.target.platform or graph.build.platform,
        round(start, 3),
        round(end - start, 3),
        tuple(steps),
    )
