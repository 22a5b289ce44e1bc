"""RUN: a process in the state of its stage, with its mounts."""

from __future__ import annotations

import contextlib
import posixpath
import threading
from collections.abc import Callable
from functools import cached_property

from dflint.build.mounts import Attached, Attaching, MissingSourceError
from dflint.build.platforms import require_platform
from dflint.build.request import BuildRequest
from dflint.build.result import Result
from dflint.build.trees import Trees
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UnsupportedError
from dflint.executor.process import SHM_SIZE, Executor, FileMount, Process, Resources, Ulimit
from dflint.executor.users import UnknownUserError
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.ops import ExecOp, Mount
from dflint.graph.vertex import Vertex
from dflint.snapshot.base import Snapshotter
from dflint.text.go_quote import go_quote

#: Where the builder puts a heredoc that is a program.
_PIPES = "/dev/pipes/"


class Running:
    """Runs the executions of one build."""

    def __init__(
        self,
        store: ContentStore,
        snapshotter: Snapshotter,
        executor: Executor,
        trees: Trees,
        request: BuildRequest,
        graph: BuiltGraph,
        log: Callable[[Vertex, int, bytes], None],
        cancel: threading.Event,
    ) -> None:
        self._snapshotter = snapshotter
        self._executor = executor
        self._request = request
        self._graph = graph
        self._build = graph.build
        self._log = log
        self._cancel = cancel
        self._attaching = Attaching(store, snapshotter, trees, request, cancel)

    def run(
        self,
        vertex: Vertex,
        op: ExecOp,
        inputs: tuple[Result, ...],
        meanwhile: Callable[[], None],
    ) -> Result:
        """Run a process; the result is the state below it with one layer more.

        `meanwhile` is called while it runs. Raises BuildError when it does not end with status 0.
        """

        def do_meanwhile() -> None:
            meanwhile()
            with contextlib.suppress(BuildError):  # the next step says what it cannot have
                self._snapshotter.look_ahead(is_more=vertex in self._below_runs)

        if op.devices:
            raise UnsupportedError("RUN --device: no devices can be given to a step")
        require_platform(self._graph.platform_of(vertex))
        with contextlib.ExitStack() as held:
            shown = go_quote(" ".join(op.command.arguments))
            try:
                attached = self._attaching.attach(vertex, op, inputs, held)
                has_etc = not any(_covers_etc(mount) for mount in op.mounts)
                made = self._snapshotter.prepare(inputs[0], with_places=has_etc)
                draft = held.enter_context(made)
                process = self._process(op, attached)
                status = self._executor.run(
                    draft.root, process, lambda stream, data: self._log(vertex, stream, data),
                    self._cancel, do_meanwhile,
                )  # fmt: skip
            except (UnknownUserError, MissingSourceError) as error:
                raise BuildError(
                    f"process {shown} did not complete successfully: {error}"
                ) from None
            if status:
                raise BuildError(
                    f"process {shown} did not complete successfully: exit code: {status}"
                )
            return (*inputs[0], draft.commit())

    @cached_property
    def _below_runs(self) -> set[Vertex]:
        """The vertices whose state another process will run in, maybe after other steps."""
        found: set[Vertex] = set()
        for vertex in self._graph.reachable():
            if isinstance(vertex.op, ExecOp):
                while vertex.inputs and vertex.inputs[0] not in found:
                    vertex = vertex.inputs[0]
                    found.add(vertex)
        return found

    def _process(self, op: ExecOp, attached: Attached) -> Process:
        request = self._request
        environment = [f"{name}={value}" for name, value in op.variables.pairs()]
        mounts = list(attached.mounts)
        if op.script_file is not None:
            content = op.script_file.content.encode("utf-8", "surrogateescape")
            mounts.append(FileMount(_PIPES + op.script_file.name, content, mode=0o755))
        return Process(
            arguments=op.command.arguments,
            environment=(*environment, *self._build.proxies, *attached.environment),
            workdir=op.workdir,
            user=op.user,
            hostname=self._build.hostname,
            network="none" if "none" in (op.network or request.network,) else "host",
            is_privileged=op.security == "insecure",
            mounts=tuple(mounts),
            shm_size=request.shm_size or SHM_SIZE,
            ulimits=tuple(Ulimit(one.name, one.soft, one.hard) for one in request.ulimits),
            extra_hosts=tuple((one.name, one.address) for one in request.extra_hosts),
            resources=Resources(parent=request.cgroup_parent),
        )


def _covers_etc(mount: Mount) -> bool:
    """Whether the files of a process' own in /etc are not in its root's, but in a mount."""
    return posixpath.normpath("/" + mount.target.lstrip("/")) in ("/", "/etc")
