"""What `RUN --mount` puts into a step's file system."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass, field

from dflint.build.request import BuildRequest, Secret
from dflint.build.result import Result
from dflint.build.trees import Trees
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.executor.plan import read_secret
from dflint.executor.process import BindMount, FileMount, TmpfsMount
from dflint.executor.process import Mount as ProcessMount
from dflint.graph.ops import ExecOp, Mount
from dflint.graph.vertex import Vertex
from dflint.kernel.paths import exists_inside
from dflint.snapshot.base import Snapshotter

_AGENT = "/run/buildkit/ssh_agent."


class MissingSourceError(BuildError):
    """A mount shows a part of what is not there: a new file system, or a cache."""

    def __init__(self, source: str) -> None:
        super().__init__(f"open {source}: no such file or directory")


@dataclass(slots=True)
class Attached:
    """What a process sees because of its mounts."""

    mounts: list[ProcessMount] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)


class Attaching:
    """Prepares the mounts of the executions of one build."""

    def __init__(
        self,
        store: ContentStore,
        snapshotter: Snapshotter,
        trees: Trees,
        request: BuildRequest,
        cancel: threading.Event,
    ) -> None:
        self._store = store
        self._snapshotter = snapshotter
        self._trees = trees
        self._cancel = cancel
        self._secrets = {one.id: one for one in request.secrets}
        self._agents = {one.id: one for one in request.ssh_agents}

    def attach(
        self, vertex: Vertex, op: ExecOp, inputs: tuple[Result, ...], held: contextlib.ExitStack
    ) -> Attached:
        """The mounts of an execution; what they need is there as long as `held` is open."""
        attached = Attached()
        for mount in op.mounts:
            layers = inputs[mount.input] if mount.input > 0 else ()
            source = vertex.inputs[mount.input] if mount.input > 0 else None
            if mount.type == "bind":
                attached.mounts.append(self._bind(mount, source, layers, held))
            elif mount.type == "cache":
                attached.mounts.append(self._cache(mount, source, layers, held))
            elif mount.type == "tmpfs":
                if mount.source not in ("", "/"):
                    raise MissingSourceError(mount.source)
                attached.mounts.append(TmpfsMount(mount.target, int(mount.size or 0)))
            elif mount.type == "secret":
                self._secret(mount, attached)
            elif mount.type == "ssh":
                self._ssh(mount, attached, held)
            else:
                raise BuildError(f"RUN --mount: unexpected type `{mount.type}`")
        return attached

    def _bind(
        self, mount: Mount, source: Vertex | None, layers: Result, held: contextlib.ExitStack
    ) -> BindMount:
        if source is None:
            raise BuildError(f"RUN --mount={mount.source}: cannot be read")
        if self._trees.has_layers(source) and not mount.read_only:
            root = held.enter_context(self._snapshotter.prepare(layers)).root
        else:
            root = self._trees.folder(source, layers, mount.source, not mount.read_only, held)
        self._check_source(root, mount)
        return BindMount(root, mount.target, bool(mount.read_only), mount.source)

    def _check_source(self, root: str, mount: Mount) -> None:
        if not exists_inside(root, mount.source):
            shown = mount.source.lstrip("/")
            raise BuildError(f'failed to compute cache key: "/{shown}": not found')

    def _cache(
        self, mount: Mount, source: Vertex | None, layers: Result, held: contextlib.ExitStack
    ) -> BindMount:
        def seed(path: str) -> None:
            if source is not None:
                self._trees.copy_folder(source, layers, mount.source, path)
            os.chown(path, int(mount.uid or 0), int(mount.gid or 0))
            os.chmod(path, 0o755 if mount.mode is None else int(mount.mode))

        name = str(mount.id)
        if source is not None:
            name += f" from {source.digest} {mount.source}"
        sharing = str(mount.sharing or "shared")
        holding = self._store.hold_cache_mount(name, sharing, seed, self._cancel)
        folder, path = held.enter_context(holding), ""
        if source is None and mount.source not in ("", "/"):
            path = mount.source
            if not exists_inside(folder, path):
                raise MissingSourceError(path)
        return BindMount(folder, mount.target, bool(mount.read_only), path)

    def _secret(self, mount: Mount, attached: Attached) -> None:
        secret = self._secrets.get(mount.id)
        content = None if secret is None else _read_secret(secret)
        if content is None:
            if mount.required:
                raise BuildError(f"secret {mount.id}: not found")
            return
        if mount.env is not None:
            text = content.decode("utf-8", "surrogateescape")
            attached.environment.append(f"{mount.env}={text}")
        if mount.target:
            uid, gid = int(mount.uid or 0), int(mount.gid or 0)
            mode = 0o400 if mount.mode is None else int(mount.mode)
            made = FileMount(mount.target, content, uid=uid, gid=gid, mode=mode)
            attached.mounts.append(made)

    def _ssh(self, mount: Mount, attached: Attached, held: contextlib.ExitStack) -> None:
        agent = self._agents.get(mount.id)
        if agent is None:
            if mount.required:
                raise BuildError(f"unset ssh forward key {mount.id}")
            return
        from dflint.build.agent import AgentSocket

        number = sum(one.startswith("SSH_AUTH_SOCK=") for one in attached.environment)
        target = mount.target or f"{_AGENT}{number}"
        mode = 0o600 if mount.mode is None else int(mount.mode)
        socket = AgentSocket(agent.paths, int(mount.uid or 0), int(mount.gid or 0), mode)
        attached.mounts.append(BindMount(held.enter_context(socket), target))
        if not number:
            attached.environment.append(f"SSH_AUTH_SOCK={target}")


def _read_secret(secret: Secret) -> bytes | None:
    """The value of a secret; None for a variable that is not set."""
    if secret.variable:
        return os.environb.get(os.fsencode(secret.variable))
    return read_secret(secret.file, f"secret {secret.id}")
